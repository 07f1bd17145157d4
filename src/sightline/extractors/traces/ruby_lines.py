"""The lines that a Ruby backtrace is made of: places such as `cart.rb:3:in 'Cart#price'`, and headings."""

import re
from dataclasses import dataclass
from functools import lru_cache

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Frame, Span
from sightline.extractors.traces.lines import MOST_LINES_KEPT
from sightline.extractors.traces.margin import LONGEST_LINE

LANGUAGE = "ruby"
SCHEME = "rb2"
LINES_OF_EXCERPT = 3
_IN = (":in `", ":in '", ":in \u2018", ":in \u201c")
_TEMPLATES = ("erb", "haml", "slim", "jbuilder")
_TRACKERS = (" of [PROJECT_ROOT]/", " of [GEM_ROOT]/", "\u2192 ")
MARKS = (*_IN, *(f".{kind}:" for kind in _TEMPLATES), *_TRACKERS)
_TYPE = r"(?:[A-Z]\w*::)*[A-Z]\w*"
_SURE_TYPE = (
    r"(?:(?:[A-Z]\w*::)+(?:[A-Z]\w*)?|[A-Z]\w*)"
    r"(?:Error|Exception|NotFound|Invalid|Timeout|Exit|Failed|Missing|Interrupt|Denied|Refused)"
)
TYPE_AT_END = regex(rf"(?P<message>.*?) ?\((?P<type>{_TYPE})\):?$")
_RAILS = regex(rf"(?:^|.*\s)(?P<type>{_SURE_TYPE}) \((?P<message>.*)\) ?:?$")
# Whose name says nothing has its module in front; without a message Rails repeats the name.
_RAILS_MODULE = regex(rf"(?:^|.*\s)(?P<type>(?:[A-Z]\w*::)+[A-Z]\w*) \((?P<message>(?P=type)|(?!{_TYPE}\)).*)\):$")
_IN_A_LINE = regex(rf"(?<![\w:.(#])(?P<type>{_SURE_TYPE})(?:: | - )(?P<message>.*)$")
_INSPECTED = regex(rf".*#<(?P<type>{_TYPE}): (?P<message>.*)>$")
_DASHED = regex(rf".* - (?P<type>{_SURE_TYPE}) - (?P<message>.*):$")
_ALONE = regex(rf"(?P<type>{_SURE_TYPE}):?(?P<message>)$")
_OCCURRED = regex(rf"An? (?P<type>{_SURE_TYPE}) occurred\b.*?(?P<message>):$")
_STARTS = regex(rf"(?:[A-Z]+: )?(?P<type>{_TYPE}): (?P<message>.*)$")
_EXCERPT = regex(r"\n\n[^\n]*\n *\^+(?=\n|\Z)")
_WINDOWS = regex(r"(?:^|.*[\s(])(?=[A-Za-z]:[\\/])")
_LIBRARY = regex(
    r"[\\/]gems[\\/]|[\\/]lib[\\/]ruby[\\/]|^<internal:|[\\/]vendor[\\/](?:bundle|ruby|gems)[\\/]"
    r"|[\\/]rubygems[\\/]|[\\/]usr[\\/]local[\\/]bundle[\\/]"
    r"|^[\w-]+ \(\d[\w.]*\) |[\\/]\.?(?:rbenv|rvm|asdf|rubies)[\\/].*[\\/]bin[\\/]|^/usr/(?:local/)?bin/"
    r"|[\\/]ruby[\\/]\d\.\d\.\d[\\/]"
    r"|^[\w-]+-\d[\w.]*/lib/"
    r"|^\[(?:GEM_ROOT|bundle|gem)\]|^(?:org/jruby|uri:classloader)|\.java$|^bin/(?:rails|rake|bundle|rspec)$"
)
# A template's own code has no function; trackers write `line 3 of cart.rb: price` and `cart.rb:3→ price`.
_OTHER_PLACES = (
    regex(rf"(?P<before>(?:.*\s)?)(?P<file>[\w./\[\]-]+\.(?:{'|'.join(_TEMPLATES)})):(?P<line>\d+)(?P<function>)$"),
    regex(r"(?P<before>\s*)line (?P<line>\d+) of (?P<file>\S+): (?P<function>\S.*)$"),
    regex(r"(?P<before>\s*)(?P<file>\S+\.[a-z]+):(?P<line>\d+)\u2192 (?P<function>\S.*)$"),
)
_INSIDE = regex(r"(?:block(?: \(\d+ levels\))? in |rescue in |ensure in )+")
_CLASS = regex(r"^(?:#<Class:[^>]*>|(?:[A-Z]\w*::)*[A-Z]\w*)[#.](?=.)")


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
    column = min((at for mark in _IN if (at := line.find(mark)) >= 0), default=-1)
    if column < 0:
        return _other_place(line)
    head, colon, number = line[: max(column, 0)].rpartition(":")
    close = _closing(line, column + len(":in ") + 1)
    if not colon or not number.isdigit() or close < 0:
        return None
    before, file = _split(head)
    return Place(before, file, number, line[column + len(":in ") + 1 : close], line[close + 1 :])


def _other_place(line: str) -> Place | None:
    match = next(filter(None, (pattern.match(line) for pattern in _OTHER_PLACES)), None)
    return Place(match["before"], match["file"], match["line"], match["function"], "") if match else None


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
    where = f"{place.file}:{place.line}"
    return f"{place.function} ({where})" if place.function else where, key, not _LIBRARY.search(place.file)


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
        or _RAILS_MODULE.match(text)
        or _OCCURRED.match(text)
        or _ALONE.match(text)
        or (_INSPECTED.match(text) or _DASHED.match(text) if distance == 1 else None)
        or _IN_A_LINE.search(text)
        or (TYPE_AT_END.match(text) or _STARTS.match(text) if distance <= 2 else TYPE_AT_END.match(text))  # noqa: PLR2004 - a message of two lines
    )
