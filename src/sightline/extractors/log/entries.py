"""The entries of a log: text, JSON lines or logfmt."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sightline.extractors.log import json_lines
from sightline.extractors.log.levels import Level, level_in, may_be_trouble, numbered
from sightline.extractors.log.times import TIME
from sightline.extractors.regex import regex
from sightline.extractors.source import Passage

_SAMPLE = 400
_FEWEST = 3
_LONGEST_HEADING = 160
_PRIORITY = regex(r"<(\d{1,3})>")
_SEVERITIES = 8
_ACCESS = regex(r'\] "(?:([A-Z]{3,8} [^" ]{0,2000})[^"]{0,200}|[^"]{0,2000})" (\d{3}) ')
_SERVER_ERROR, _CLIENT_ERROR = 500, 400
_LOGFMT_MESSAGE = regex(r'\bmsg=("(?:[^"\\]|\\.){0,2000}"|\S{0,2000})')
_LOGFMT_TIME = regex(r'(?:^|\s)(?:time|ts|t|timestamp|at)="?(\d{9,19}(?:\.\d{1,9})?)(?=["\s]|$)')


class Entry(NamedTuple):
    """A line that begins an entry; `time` and `message` as written."""

    line: int
    time: str | None
    level: Level | None
    message: str


class Form(NamedTuple):
    """What holds for a whole log: whether the lines that have a level have a time too."""

    has_both: bool


def form_of(passages: list[Passage]) -> Form | None:
    """Look at some hundred lines; None when they are those of no log.

    A log is a text of which at least half of the lines (indented ones belong to those before) begin with a time or
    level, and either have both or are many.
    """
    lines = passages[0].lines
    step = max(1, len(lines) // _SAMPLE)
    sample = [line for line in lines[::step] if line.strip() and not line[0].isspace()]
    found = [entry for entry in (_entry(0, line) for line in sample) if entry]
    timed = sum(entry.time is not None for entry in found)
    levelled = sum(entry.level is not None for entry in found)
    both = sum(entry.time is not None and entry.level is not None for entry in found)
    is_mostly_levels = levelled > 1 and 10 * len(found) >= 9 * len(sample)
    is_log = 2 * len(found) >= len(sample) > 0 and (both or timed >= _FEWEST or is_mostly_levels)
    return Form(2 * both >= levelled) if is_log else None


def ends(passages: list[Passage]) -> list[Entry]:
    """Give the first and the last entry that has a time."""
    numbered_lines = [list(enumerate(passage.lines, start=passage.first_line)) for passage in passages]
    forward = (pair for part in numbered_lines for pair in part)
    backward = (pair for part in reversed(numbered_lines) for pair in reversed(part))
    found = (_first_timed(forward), _first_timed(backward))
    return [entry for entry in found if entry is not None]


def _first_timed(lines: Iterable[tuple[int, str]]) -> Entry | None:
    entries = (_entry(number, line) for number, line in lines if line)
    return next((entry for entry in entries if entry and entry.time is not None), None)


def troubles(passages: list[Passage], form: Form) -> Iterator[Entry]:
    """Give the entries that are errors or warnings; what follows them (traces, wrapped text) is left out."""
    for passage in passages:
        for number, line in enumerate(passage.lines, start=passage.first_line):
            if not line or not (line[0] == "{" or may_be_trouble(line[:_LONGEST_HEADING])):
                continue
            entry = _entry(number, line)
            if entry is None or entry.level is None or entry.level is Level.other:
                continue
            if entry.time is not None or not form.has_both:
                yield entry


def _text_level(line: str) -> tuple[Level | None, str]:
    """Give the level and the message after it."""
    if line[0].isspace():
        return None, ""
    level, after = level_in(line[:_LONGEST_HEADING])
    if level is not None:
        return level, line[after:]
    priority = _PRIORITY.match(line) if line[0] == "<" else None
    if priority:
        return numbered(int(priority[1]) % _SEVERITIES), line[priority.end() :]
    answer = _ACCESS.search(line) if '] "' in line else None
    if answer is None:
        return None, line
    return _answered(int(answer[2])), f"HTTP{answer[2]} {answer[1] or ''}"


def _answered(status: int) -> Level:
    if status < _CLIENT_ERROR:
        return Level.other
    return Level.error if status >= _SERVER_ERROR else Level.warning


def _entry(number: int, line: str) -> Entry | None:
    if line[0] == "{":
        said = json_lines.entry(line)
        return None if said == json_lines.NOTHING else Entry(number, *said)
    level, message = _text_level(line)
    time = _time(line)
    if level is None and time is None:
        return None
    stated = _LOGFMT_MESSAGE.search(line) if "msg=" in line else None
    return Entry(number, time, level, stated[1].strip('"') if stated else _without(time, message))


def _time(line: str) -> str | None:
    written = TIME.search(line, 0, _LONGEST_HEADING)
    if written:
        return written[0]
    since_1970 = _LOGFMT_TIME.search(line, 0, _LONGEST_HEADING)
    return since_1970[1] if since_1970 else None


def _without(time: str | None, message: str) -> str:
    _, found, after = message.partition(time) if time else ("", "", "")
    return (after if found else message).lstrip(" \t]:|-)>!,")
