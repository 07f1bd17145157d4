"""Stack traces of Firefox and Safari: `price@https://shop.example/cart.js:3:14`, without type and message in them."""

import re
from collections.abc import Iterator, Sequence

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.heading import find_heading
from sightline.extractors.traces.javascript import LANGUAGE, SCHEME
from sightline.extractors.traces.javascript_frames import frame_of
from sightline.extractors.traces.javascript_lines import heading
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin

_SCHEMES = (
    "http://",
    "https://",
    "file://",
    "webpack",
    "moz-extension://",
    "safari-",
    "resource://",
    "chrome://",
    "blob:",
    "capacitor://",
    "app://",
    "ionic://",
    "about:",
    "self-hosted",
    "debugger eval",
    "[native code]",
    "javascript:",
)
_MARKS = ("@http", "@file:", "@webpack", "@[native code]", "@moz-ext", "@resource:", "@app:", "@capacitor:")
_FRAME = regex(
    rf"(?P<function>[^@\s]*(?: code)?(?:\*[^@\s]*)?)@(?P<place>(?:{'|'.join(map(re.escape, _SCHEMES))}).*?)$"
)
_NATIVE = regex(r"(?:\[native code\]|self-hosted(?::\d+:\d+)?)$")
_LINE = regex(r":(?:\d+|0x[0-9a-f]+)$")
_BARE = {"[native code]", "global code", "eval code", "module code"}
_LINES_ABOVE = 6
_ELEMENT = regex(r"[A-Za-z][\w.-]{0,40}$")
_MOST_ELEMENTS = 50


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the stack traces in a text; one without a heading above needs two frames."""
    free = 0
    for at in lines.having(*_MARKS):
        found = _first_frame(lines[at]) if at >= free else None
        if found is None:
            continue
        margin = Margin(found[0])
        frames, end = _frames(lines, at, margin)
        raised = _raised(lines, at, max(free, at - _LINES_ABOVE), found)
        raised.frames = frames
        free = end
        if raised.type or len(frames) > 1:
            yield Crash(LANGUAGE, SCHEME, raised, Span(raised.span.line, end))


def _first_frame(line: str) -> tuple[str, str] | None:
    """Give what stands in front of a frame, which may be the heading itself, and the frame."""
    line = line[:LONGEST_LINE].rstrip()
    column = line.rfind(" ", 0, line.find("@")) + 1
    if line[:column].endswith(" global ") or line[column:].startswith("code@"):
        column = max(line.rfind(" ", 0, column - 1) + 1, 0)
    return (line[:column], line[column:]) if _frame(line[column:], Span(1, 1)) else None


def _frame(text: str, span: Span) -> Frame | None:
    text = text.strip()
    if text in _BARE:
        return frame_of("", "[native code]", span)
    match = _FRAME.match(text)
    if not match or not (_LINE.search(match["place"]) or _NATIVE.match(match["place"])):
        return None
    return frame_of(match["function"], match["place"], span)


def _frames(lines: Sequence[str], at: int, margin: Margin) -> tuple[list[Frame], int]:
    frames: list[Frame] = []
    first = _frame(lines[at][margin.width :], Span(at + 1, at + 1))
    while first:
        frames.append(first)
        at += 1
        text = margin.strip(lines[at]) if at < len(lines) else None
        if text is None and at < len(lines) and margin.width:
            text = lines[at]
        if text and _ELEMENT.match(text):
            below = _below_elements(lines, at, margin)
            at, text = (below, margin.strip(lines[below])) if below else (at, text)
        first = _frame(text, Span(at + 1, at + 1)) if text else None
    return frames, at


def _below_elements(lines: Sequence[str], at: int, margin: Margin) -> int | None:
    """Find the frame below the elements of a page that React names between those of its components."""
    for number in range(at, min(at + _MOST_ELEMENTS, len(lines))):
        text = margin.strip(lines[number]) or ""
        if not _ELEMENT.match(text):
            return number if _frame(text, Span(1, 1)) else None
    return None


def _raised(lines: Sequence[str], at: int, floor: int, found: tuple[str, str]) -> Raised:
    same_line = heading(found[0].strip(), 1) if found[0].strip() else None
    if same_line and same_line["message"]:
        return Raised(same_line["type"], same_line["message"], [], Span(at + 1, at + 1))
    above = find_heading(lines, at, floor, Margin(found[0].rstrip()), _near)
    if above is None:
        return Raised("", "", [], Span(at + 1, at + 1))
    message = "\n".join(line for line in above.message.split("\n") if not _CAPTION.match(line.strip()))
    return Raised(above.type, message, [], Span(above.at + 1, at))


_CAPTION = regex(r"(?:stack(?: ?trace)?:?)?$", re.IGNORECASE)


def _near(text: str, distance: int) -> re.Match[str] | None:
    return None if _CAPTION.match(text) else heading(text, distance)
