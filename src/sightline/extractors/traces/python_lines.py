"""The lines that a Python traceback is made of: frames, and the exception with its message."""

import re
from collections.abc import Sequence
from functools import lru_cache

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Frame, Raised, Span
from sightline.extractors.traces.lines import MOST_LINES_KEPT
from sightline.extractors.traces.margin import LONGEST_LINE, Margin, begins_something_else

ANCHOR = "Traceback (most recent call last)"
# A traceback that came from another process is shown as a string, between these.
END_OF_REMOTE = '"""'
FRAME = regex(r'(?:  |> )File "(?P<file>[^"]*)", line (?P<line>\d+)(?:,? in (?P<function>.+))?$')
LONGEST_MESSAGE = 50

_RAISED = regex(r"(?P<type>(?:(?:[^\W\d]\w*|<locals>)\.)*[^\W\d]\w*)(?:: ?(?P<message>.*))?$")
_GROUP_RULE = regex(r"\s*[|+][-+]{10,} ")
_LIBRARY = regex(
    r"[\\/](?:site|dist)-packages[\\/]|[\\/]lib(?:32|64)?[\\/](?:python|pypy)\d|[\\/]lib-python[\\/]"
    r"|[\\/]Python\d+[^\\/]*[\\/]lib[\\/]|[\\/]python\d+\.zip[\\/]|^<frozen |^<__array_function__",
    re.IGNORECASE,
)
_INLINED_SINCE_3_12 = {"<listcomp>", "<dictcomp>", "<setcomp>"}
_NAMELESS_FILES = {"__init__.py", "__main__.py"}


def read_frames(lines: Sequence[str], at: int, margin: Margin) -> tuple[list[Frame], int]:
    """Read the frames from this line on, and give the line after them; source lines and markers belong to a frame."""
    found: list[tuple[re.Match[str], int, int]] = []
    begin = at
    while at < len(lines):
        text = margin.strip(lines[at])
        if (
            text == ""
            and (found or at == begin)
            and _is_frame_next(lines, at, margin, is_spaced=at > begin and margin.strip(lines[begin]) == "")
        ):
            at += 1
            continue
        if text is None or not text.startswith(("  ", "> File ")) or ANCHOR in text:
            break
        if match := FRAME.match(text):
            found.append((match, at + 1, at + 1))
        elif match := _broken_frame(lines, at, margin, text):
            found.append((match, at + 1, at + 2))
            at += 1
        elif found and text.startswith("   "):
            found[-1] = (*found[-1][:2], at + 1)
        at += 1
    return _without_generated([frame_of(match, Span(begin, end)) for match, begin, end in found]), at


def _broken_frame(lines: Sequence[str], at: int, margin: Margin, text: str) -> re.Match[str] | None:
    """Read a frame that a narrow window broke in front of the function."""
    following = margin.strip(lines[at + 1]) if text.endswith(",") and at + 1 < len(lines) else None
    return FRAME.match(text + following) if following and following.startswith(" in ") else None


def _without_generated(frames: list[Frame]) -> list[Frame]:
    """What a library compiled at run time is own code only where there is no other."""
    is_written = any(frame.is_own and not frame.key.startswith("<string>") for frame in frames)
    return [
        frame._replace(is_own=False) if is_written and frame.key.startswith("<string>") else frame for frame in frames
    ]


def _is_frame_next(lines: Sequence[str], at: int, margin: Margin, *, is_spaced: bool) -> bool:
    """Some loggers put a blank line in front of each frame, some mails in front of each line."""
    below = (margin.strip(lines[at + 1]) or "") if at + 1 < len(lines) else ""
    return bool(FRAME.match(below)) or (is_spaced and below.startswith("    "))


def frame_of(match: re.Match[str], span: Span) -> Frame:
    """Make a frame of a matched `FRAME` line; the key is file name and function, without directories and line."""
    return frame_of_parts(match["file"], match["line"], match["function"] or "", span)


def frame_of_parts(file: str, line: str, function: str, span: Span) -> Frame:
    """Make a frame of file, line and function, which may be unknown."""
    return Frame(*_call(file, line, function), span)


@lru_cache(maxsize=MOST_LINES_KEPT)
def _call(file: str, line: str, function: str) -> tuple[str, str, bool]:
    label = f"{function} ({file}:{line})" if function else f"{file}:{line}"
    return label, _key(file, function), not _LIBRARY.search(file)


def _key(file: str, function: str) -> str:
    if function in _INLINED_SINCE_3_12:
        return ""
    *directories, named = re.split(r"[\\/]", file)
    if named in _NAMELESS_FILES and directories:
        named = f"{directories[-1]}/{named}"
    return f"{named}:{function}" if function else named


def read_raised(lines: Sequence[str], at: int, margin: Margin) -> Raised | None:
    """Read the exception line and what follows of its message and notes, which are printed alike."""
    text = margin.strip(lines[at]) if at < len(lines) else None
    match = _RAISED.match(text or "")
    if not match:
        return None
    message = [match["message"] or ""]
    end = at + 1
    while end < len(lines) and len(message) < LONGEST_MESSAGE and (more := _continuation(lines[end], margin)):
        message.append(more)
        end += 1
    return Raised(match["type"], "\n".join(message), [], Span(at + 1, end))


def _continuation(line: str, margin: Margin) -> str | None:
    text = margin.strip(line)
    if text is None and margin.is_drawn:
        # Python 3.11 and 3.12 draw the group's lines beside the first line of a message only.
        text = line[:LONGEST_LINE].rstrip()
    if text == END_OF_REMOTE:
        return None
    return text if text and not begins_something_else(text.lstrip()) and not is_group_rule(line) else None


def is_group_rule(line: str) -> bool:
    """Say whether this is a line like `+---------------- 1 ----------------` between the members of a group."""
    return bool(_GROUP_RULE.match(line + " "))
