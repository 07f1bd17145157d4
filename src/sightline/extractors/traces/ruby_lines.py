"""The lines that a Ruby backtrace is made of: places such as `cart.rb:3:in 'Cart#price'`, and headings."""

import re
from dataclasses import dataclass
from functools import lru_cache

from sightline.extractors.traces.crash import Frame, Span
from sightline.extractors.traces.lines import MOST_LINES_KEPT
from sightline.extractors.traces.margin import LONGEST_LINE

LANGUAGE = "ruby"
SCHEME = "rb2"
LINES_OF_EXCERPT = 3
MARKS = (":in `", ":in '", ":in \u2018", ":in \u201c")
_TYPE = r"(?:[A-Z]\w*::)*[A-Z]\w*"
_SURE_TYPE = rf"{_TYPE}(?:Error|Exception|NotFound|Invalid|Timeout|Exit|Failed|Missing|Interrupt|Denied|Refused)"
TYPE_AT_END = re.compile(rf"(?P<message>.*?) ?\((?P<type>{_TYPE})\):?$")
_RAILS = re.compile(rf"(?:^|.*\s)(?P<type>{_SURE_TYPE}) \((?P<message>.*)\) ?:?$")
_IN_A_LINE = re.compile(rf"(?<![\w:.(#])(?P<type>{_SURE_TYPE})(?:: | - )(?P<message>.*)$")
_INSPECTED = re.compile(rf".*#<(?P<type>{_TYPE}): (?P<message>.*)>$")
_DASHED = re.compile(rf".* - (?P<type>{_SURE_TYPE}) - (?P<message>.*):$")
_ALONE = re.compile(rf"(?P<type>{_SURE_TYPE}):?(?P<message>)$")
_STARTS = re.compile(rf"(?:[A-Z]+: )?(?P<type>{_TYPE}): (?P<message>.*)$")
_EXCERPT = re.compile(r"\n\n[^\n]*\n *\^+(?=\n|\Z)")
_WINDOWS = re.compile(r"(?:^|.*[\s(])(?=[A-Za-z]:[\\/])")
_LIBRARY = re.compile(
    r"[\\/]gems[\\/]|[\\/]lib[\\/]ruby[\\/]|^<internal:|[\\/]vendor[\\/](?:bundle|ruby|gems)[\\/]"
    r"|[\\/]rubygems[\\/]|[\\/]usr[\\/]local[\\/]bundle[\\/]"
    r"|^[\w-]+ \(\d[\w.]*\) |[\\/](?:rbenv|rvm|\.rvm|\.asdf)[\\/].*[\\/]bin[\\/]|^/usr/(?:local/)?bin/"
    r"|[\\/]ruby[\\/]\d\.\d\.\d[\\/]"
    r"|^\[(?:GEM_ROOT|bundle|gem)\]|^(?:org/jruby|uri:classloader)|\.java$|^bin/(?:rails|rake|bundle|rspec)$"
)
_INSIDE = re.compile(r"(?:block(?: \(\d+ levels\))? in |rescue in |ensure in )+")
_CLASS = re.compile(r"^(?:#<Class:[^>]*>|(?:[A-Z]\w*::)*[A-Z]\w*)[#.](?=.)")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a line: what stands in front (with `from`), the file, line and method, and what follows."""

    before: str
    file: str
    line: str
    function: str
    rest: str


@lru_cache(maxsize=MOST_LINES_KEPT)
def place_in(line: str) -> Place | None:
    """Read the place in a line; in front of the file may be a margin, `from` or the number of the level."""
    line = line[:LONGEST_LINE].rstrip()
    column = min((at for mark in MARKS if (at := line.find(mark)) >= 0), default=-1)
    head, colon, number = line[: max(column, 0)].rpartition(":")
    close = _closing(line, column + len(":in ") + 1)
    if not colon or not number.isdigit() or close < 0:
        return None
    before, file = _split(head)
    return Place(before, file, number, line[column + len(":in ") + 1 : close], line[close + 1 :])


def _closing(line: str, begin: int) -> int:
    at = begin
    while (at := next((i for i in range(at, len(line)) if line[i] in "'`\u2019\u201d"), -1)) >= 0:
        if at + 1 == len(line) or line[at + 1] in ': ,"])<':
            return at
        at += 1
    return -1


def _split(head: str) -> tuple[str, str]:
    for mark in ("from ", "# "):
        before, found, file = head.rpartition(mark)
        if found and (not before or before[-1] in " \t:"):
            return before + found, file
    gem = re.search(r"[\w.-]+ \(\d[\w.]*\) [^\s]*$", head)
    windows = _WINDOWS.match(head)
    column = gem.start() if gem else windows.end() if windows else max(head.rfind(" "), head.rfind("\t")) + 1
    return head[:column], head[column:]


def frame_of(place: Place, span: Span) -> Frame:
    """Make a frame; the key is file name and method, without the class that Ruby 3.4 names and without blocks."""
    return Frame(*_call(place), span)


@lru_cache(maxsize=MOST_LINES_KEPT)
def _call(place: Place) -> tuple[str, str, bool]:
    function = _CLASS.sub("", _INSIDE.sub("", place.function))
    key = f"{place.file.replace(chr(92), chr(47)).rpartition(chr(47))[2]}:{function}"
    return f"{place.function} ({place.file}:{place.line})", key, not _LIBRARY.search(place.file)


def is_type(text: str) -> bool:
    """Say whether this is the name of a class, which is all that Ruby prints when the message is empty."""
    return bool(re.fullmatch(_TYPE, text))


def without_excerpt(message: str) -> str:
    """Cut the excerpt of source code, marked with `^^^^`, that Ruby prints in a message since 3.1; a hint stays."""
    return _EXCERPT.sub("", message)


def heading(text: str, distance: int) -> re.Match[str] | None:
    """Match the line with type and message above a bare list of places."""
    return (
        _RAILS.match(text)
        or _ALONE.match(text)
        or (_INSPECTED.match(text) or _DASHED.match(text) if distance == 1 else None)
        or _IN_A_LINE.search(text)
        or (TYPE_AT_END.match(text) or _STARTS.match(text) if distance <= 2 else TYPE_AT_END.match(text))  # noqa: PLR2004 - a message of two lines
    )
