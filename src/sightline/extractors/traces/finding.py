"""All the crashes of a text, whatever the language and however deep they were escaped into other text."""

import heapq
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache

from sightline.extractors.decoding import clean
from sightline.extractors.regex import regex
from sightline.extractors.traces import (
    aborts,
    apple,
    catch2,
    dotnet,
    dotnet_page,
    dotnet_unity,
    gdb,
    go,
    go_errors,
    go_race,
    java,
    java_fatal,
    java_gradle,
    javascript,
    javascript_consoles,
    lldb,
    php,
    php_collision,
    php_console,
    php_unit,
    python,
    python_cut,
    python_fatal,
    python_shown,
    ruby,
    rust,
    sanitizer,
    spidermonkey,
    streams,
    structured,
    tombstone,
    trackers,
    unreal,
    valgrind,
)
from sightline.extractors.traces.crash import Crash, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE

_GRAMMARS = (
    python.crashes,
    python_fatal.crashes,
    python_shown.crashes,
    python_cut.crashes,
    java.crashes,
    java.alone,
    java_fatal.crashes,
    java_gradle.crashes,
    javascript.crashes,
    spidermonkey.crashes,
    javascript_consoles.crashes,
    javascript_consoles.rejections,
    go.crashes,
    go_errors.crashes,
    go_race.crashes,
    dotnet.crashes,
    dotnet_page.crashes,
    dotnet_unity.crashes,
    rust.crashes,
    ruby.crashes,
    php.crashes,
    php_collision.crashes,
    php_console.crashes,
    php_unit.crashes,
    sanitizer.crashes,
    valgrind.crashes,
    tombstone.crashes,
    unreal.crashes,
    apple.crashes,
    gdb.crashes,
    gdb.stops,
    lldb.crashes,
    catch2.crashes,
    aborts.crashes,
)
_STRING_IN_JSON = regex(r'"((?:[^"\\]|\\.)*)"')
# Python quotes what holds `"`, as every traceback does, with the other mark.
_STRING_IN_PYTHON = regex(r"'((?:[^'\\]|\\.)*)'")
_ESCAPED_TRACE = regex(
    r"""Traceback\ \(most\ recent | thread\ 0x[0-9a-f]+\ \(most | \\++n(?:\\++(?:t|u0009)|[ ])*+(?:
        at\ [^"\\]{1,300}[(:] | from\ | \#\d+\ | \d+:\ | goroutine\ \d | created\ by\
      | Stack\ trace: | what\(\): | File\ \\*" | [\w$/<.]*@(?:http|file|webpack) )
      | goroutine\ \d{1,9}\ \[\w | panicked\ at\  | ERROR:\ \w{1,20}Sanitizer | :\d+:in\ [`'] | :\d+:\ runtime\ error:\ """,
    re.VERBOSE,
)
_ESCAPE = regex(r"\\([nrt\"'\\])")
_ESCAPED = {"n": "\n", "r": "", "t": "\t"}
_LONGEST_ESCAPED = 1_000_000
_DEEPEST = 3


def crashes_in(lines: list[str], depth: int = 0) -> Iterator[Crash]:
    """Find the crashes of a text, those of each program that wrote into it apart."""
    text = streams.unwrapped(Lines(lines))
    apart = streams.put_apart(text) or streams.closed_up(text) if depth == 0 else None
    if apart is None:
        yield from _crashes_in(text, depth)
        return
    found = [replace(crash, order=apart[1]) for crash in _crashes_in(Lines(apart[0]), depth)]
    yield from sorted(found, key=lambda crash: crash.place(crash.span))


def _crashes_in(text: Lines, depth: int) -> Iterator[Crash]:
    """Find the crashes of a text; a line belongs to one of them at most, the one that begins first."""
    if found := _crashes_of_object("\n".join(text), depth) if _is_object(text) else ():
        yield from (replace(crash, escaped_in=Span(1, len(text)), skipped=0) for crash in found)
        return
    numbers = text.having("\\n", *structured.MARKS)
    inner = {number: found for number in numbers if (found := _escaped_crashes(text[number], depth))}
    for number in text.having(*streams.MARKS_OF_ONE_LINE):
        if number not in inner and (found := _collapsed_crashes(text[number], depth)):
            inner[number] = found
    for number, found in inner.items():
        yield from (replace(crash, escaped_in=Span(number + 1, number + 1), skipped=0) for crash in found)
    for span, written in trackers.traces(text):
        yield from (replace(crash, escaped_in=span, skipped=0) for crash in _crashes_of_text(written, depth + 1))
    if inner:
        text = Lines("" if number in inner else line for number, line in enumerate(text))
    free = 0
    for crash in heapq.merge(*(find(text) for find in _GRAMMARS), key=lambda crash: crash.begin):
        if crash.begin >= free:
            free = crash.place(crash.span).end_line
            yield crash


def _is_object(text: Lines) -> bool:
    """Say whether the text may be one JSON object over several lines."""
    begins = text[0].strip()
    is_open = begins[:1] in {"{", "["} and begins[-1:] not in {"}", "]"}
    return is_open and len(text) > 1 and bool(text.having(*structured.MARKS))


def _crashes_of_object(written: str, depth: int) -> tuple[Crash, ...]:
    if depth == _DEEPEST:
        return ()
    return tuple(crash for text in structured.texts_in(written) for crash in _crashes_of_text(clean(text), depth + 1))


def _escaped_crashes(line: str, depth: int) -> tuple[Crash, ...]:
    r"""Find the traces in the strings of a JSON line, or in a line whose line breaks were written as `\n`."""
    line = line[:_LONGEST_ESCAPED]
    if objects := _crashes_of_object(line, depth):
        return objects
    if depth == _DEEPEST or not _ESCAPED_TRACE.search(line):
        return ()
    strings = _strings(line, _STRING_IN_JSON) or _strings(line, _STRING_IN_PYTHON)
    texts = (structured.with_panic(_unescaped(string), line) for string in strings)
    found = tuple(crash for text in texts for crash in _crashes_of_text(text, depth + 1))
    return found or (() if strings else _crashes_of_text(_without_escapes(line), depth + 1))


def _collapsed_crashes(line: str, depth: int) -> tuple[Crash, ...]:
    """Find the trace in a line whose line breaks became blanks."""
    lines = streams.broken_up(line[:LONGEST_LINE]) if depth < _DEEPEST else None
    return _crashes_of_text(lines, depth + 1) if lines else ()


def _strings(line: str, pattern: re.Pattern[str]) -> list[str]:
    return [match[0] for match in pattern.finditer(line) if _ESCAPED_TRACE.search(match[1])]


def _unescaped(string: str) -> str:
    with suppress(ValueError):
        return clean(str(json.loads(string, strict=False)))
    return _without_escapes(string[1:-1])


def _without_escapes(text: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), text)


@lru_cache(maxsize=512)
def _crashes_of_text(text: str, depth: int) -> tuple[Crash, ...]:
    # The same trace is often logged many times.
    return tuple(crashes_in(text.split("\n"), depth))
