"""Reports of AddressSanitizer and its relatives (leaks, threads, memory, undefined behaviour)."""

import re
from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span, skeleton
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin
from sightline.extractors.traces.native_frames import frame_of, language

_SCHEME = "san1"
# Without a stack the message is the fingerprint; it begins behind the name of the tool since.
_SCHEME_OF_MESSAGE = "san2"
_REPORT = regex(r"(?:==\d+==\s*)?(?:ERROR|WARNING): \w*Sanitizer: (?P<rest>.*)$")
_END_OF_TYPE = regex(r" on | \(|: | 0x| which ")
_UNDEFINED = regex(r"(?P<place>(?:(?:[A-Za-z]:\\|/)[^:]*|[^\s:]+):\d+(?::\d+)?): runtime error: (?P<message>.*)$")
_FRAME = regex(
    r"\s+#(?P<number>\d+) (?:0x[0-9a-f]+ +)?(?:in )?(?P<function>.*?)"
    r"(?: (?P<place>(?:[A-Za-z]:\\(?:[^():]*(?=\\))?|\.{0,2}/"
    r"|[\w.-]+/)?[^\s()]*[^\s():]+(?::\d+){1,2}))?(?: \((?P<module>[^()]*\+0x[0-9a-f]+|<unknown module>)\))?"
    r"(?: \(BuildId: [0-9a-f]+\))?$"
)
_END = regex(r"SUMMARY: \w*Sanitizer|==\d+==ABORTING|={18,}$")
_LONGEST_REPORT = 1000
_LINES_BEFORE_FRAMES = 30


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the reports; the frames are those of the first stack, where it happened."""
    free = 0
    for at in lines.having("Sanitizer: ", ": runtime error: "):
        if at < free:
            continue
        line = lines[at][:LONGEST_LINE]
        report = _REPORT.search(line)
        crash = _reported(lines, at, report) if report else _undefined(lines, at, _UNDEFINED.search(line))
        if crash:
            yield crash
            free = crash.span.end_line


def _reported(lines: Sequence[str], at: int, report: re.Match[str]) -> Crash | None:
    margin = Margin(lines[at][: report.start()])
    frames, _ = _frames(lines, at + 1, margin, _LINES_BEFORE_FRAMES)
    kind = _END_OF_TYPE.split(report["rest"].removeprefix("attempting "), maxsplit=1)[0]
    kind = "bad-free" if kind.strip() == "free" else kind
    raised = Raised(kind.strip(), report["rest"].strip(), frames, Span(at + 1, at + 1))
    scheme = _SCHEME if frames else _SCHEME_OF_MESSAGE
    return Crash(language(raised), scheme, raised, Span(at + 1, _end(lines, at + 1, margin)))


def _undefined(lines: Sequence[str], at: int, match: re.Match[str] | None) -> Crash | None:
    if match is None or match["message"].startswith(("index out of range", "invalid memory address")):
        return None
    frames, end = _frames(lines, at + 1, Margin(lines[at][: match.start()]), 1)
    here = frame_of("", match["place"], "", Span(at + 1, at + 1))
    raised = Raised("runtime error", match["message"].strip(), frames or [_keyed(here)], Span(at + 1, at + 1))
    raised.sort = skeleton(raised.message)
    return Crash(language(raised), _SCHEME, raised, Span(at + 1, max(end, at + 1)))


def _keyed(frame: Frame) -> Frame:
    file = re.sub(r"(?::\d+){1,2}$", "", frame.label)
    return Frame(frame.label, re.split(r"[\\/]", file)[-1], frame.is_own, frame.span)


def _frames(lines: Sequence[str], at: int, margin: Margin, patience: int) -> tuple[list[Frame], int]:
    """Read the first stack that begins within so many lines."""
    frames: list[Frame] = []
    last = min(at + patience, len(lines))
    end = at
    while at < len(lines) and (frames or at < last):
        text = margin.strip(lines[at])
        match = _FRAME.match(text) if text and "#" in text else None
        if match:
            frames.append(_frame(match, Span(at + 1, at + 1)))
            end = at + 1
        elif frames or text is None or _END.match(text):
            break
        at += 1
    return frames, end


def _frame(match: re.Match[str], span: Span) -> Frame:
    function, place = match["function"].strip(), match["place"] or ""
    function = re.sub(r"(?<=\w)\+0x[0-9a-f]+$", "", function.removesuffix(" <null>"))
    named = match["module"] or ""
    if not named and not place and function.startswith("("):  # a library without its symbols
        function, named = "", function.strip("()")
    module = re.sub(r"\+0x[0-9a-f]+$", "", named)
    return frame_of(function, place, module, span)


def _end(lines: Sequence[str], at: int, margin: Margin) -> int:
    """Find the end of the report: its summary, or else its last stack."""
    last = at
    for number in range(at, min(at + _LONGEST_REPORT, len(lines))):
        text = margin.strip(lines[number])
        if text is None or (_REPORT.match(text) and number > at):
            return last
        if text.startswith("SUMMARY: "):
            return number + 1
        last = number + 1 if _FRAME.match(text) and "#" in text else last
    return last
