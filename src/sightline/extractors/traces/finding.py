"""All the crashes of a text, whatever the language and however deep they were escaped into other text."""

import heapq
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache

from sightline.extractors.decoding import clean
from sightline.extractors.traces import (
    aborts,
    dotnet,
    gdb,
    go,
    java,
    javascript,
    php,
    python,
    python_fatal,
    ruby,
    rust,
    sanitizer,
    spidermonkey,
)
from sightline.extractors.traces.crash import Crash, Span
from sightline.extractors.traces.lines import Lines

_GRAMMARS = (
    python.crashes,
    python_fatal.crashes,
    java.crashes,
    javascript.crashes,
    spidermonkey.crashes,
    go.crashes,
    dotnet.crashes,
    rust.crashes,
    ruby.crashes,
    php.crashes,
    sanitizer.crashes,
    gdb.crashes,
    aborts.crashes,
)
_STRING_IN_JSON = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED_TRACE = re.compile(
    r"""Traceback\ \(most\ recent | thread\ 0x[0-9a-f]+\ \(most | \\n(?:\\t|\\u0009|[ ])*+(?:
        at\ [^"\\]{1,300}[(:] | from\ | \#\d+\ | \d+:\ | goroutine\ \d | created\ by\
      | Stack\ trace: | File\ \\*" | [\w$/<.]*@(?:http|file|webpack) )
      | :\d+:in\ [`'] """,
    re.VERBOSE,
)
_LONGEST_ESCAPED = 1_000_000
_DEEPEST = 3
_CONTAINER_LINE = '{"log":"'


def crashes_in(lines: list[str], depth: int = 0) -> Iterator[Crash]:
    """Find the crashes of a text; a line belongs to one of them at most, the one that begins first."""
    text = Lines(_unwrapped(lines))
    inner = {number: found for number in text.having("\\n") if (found := _escaped_crashes(text[number], depth))}
    for number, found in inner.items():
        yield from (replace(crash, escaped_in=Span(number + 1, number + 1)) for crash in found)
    if inner:
        text = Lines("" if number in inner else line for number, line in enumerate(text))
    free = 0
    for crash in heapq.merge(*(find(text) for find in _GRAMMARS), key=lambda crash: crash.span.line):
        if crash.span.line > free:
            free = crash.span.end_line
            yield crash


def _unwrapped(lines: list[str]) -> list[str]:
    """Take the lines out of the JSON that a container engine wraps around each of them."""
    if not any(line.startswith(_CONTAINER_LINE) for line in lines[:100]):
        return lines
    return [_logged(line) if line.startswith(_CONTAINER_LINE) else line for line in lines]


def _logged(line: str) -> str:
    with suppress(ValueError, KeyError, TypeError):
        return clean(str(json.loads(line)["log"])).rstrip("\n").replace("\n", "\\n")
    return line


def _escaped_crashes(line: str, depth: int) -> tuple[Crash, ...]:
    r"""Find the traces in the strings of a JSON line, or in a line whose line breaks were written as `\n`."""
    line = line[:_LONGEST_ESCAPED]
    if depth == _DEEPEST or not _ESCAPED_TRACE.search(line):
        return ()
    strings = [match[0] for match in _STRING_IN_JSON.finditer(line) if _ESCAPED_TRACE.search(match[1])]
    found = tuple(crash for string in strings for crash in _crashes_of_text(_unescaped(string), depth + 1))
    return found or (() if strings else _crashes_of_text(_without_escapes(line), depth + 1))


def _unescaped(string: str) -> str:
    with suppress(ValueError):
        return clean(str(json.loads(string, strict=False)))
    return _without_escapes(string)


def _without_escapes(text: str) -> str:
    return text.replace("\\r", "").replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')


@lru_cache(maxsize=512)
def _crashes_of_text(text: str, depth: int) -> tuple[Crash, ...]:
    # The same trace is often logged many times.
    return tuple(crashes_in(text.split("\n"), depth))
