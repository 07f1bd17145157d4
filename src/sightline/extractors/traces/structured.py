"""Exceptions that a service wrote as JSON objects instead of text: Sentry, structlog, Monolog, serverless runtimes.

Each is written out as its language prints it and read by that language's grammar, so that the same crash has the same
fingerprint however it was logged.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from sightline.extractors.regex import regex
from sightline.extractors.traces.written import PLACE, SCRIPTS, Call, Json, of_calls

_MARK = regex(
    r'"(?:frames|(?:error_)?backtrace|traceback|exc_info|stack|[tT]race|stack_?trace|[sS]tackTrace(?:String)?)"\s*:\s*(?:[\[{]'
    r'|"[^"\\]+\\n\\t[^"]+\.go:\d|"(?:\\[ntr]|\s)*(?:at |goroutine \d|File \\"|[\w$/<>.*]{0,200}@[a-z]))'
)
# A stack without type and message above it; those stand in other fields.
_BARE = regex(
    r"\s*(?:(?P<go>goroutine \d+ \[)|(?P<python>File \")|at |[\w$/<>.*]{0,200}@(?:https?:|file:|webpack|app:|capacitor:))"
)
_PANIC = regex(r'\b(?P<key>panic|recovered|err|error|msg|message)"?[=:] ?"(?P<message>(?:[^"\\]|\\.)*)"')
_PANIC_KEYS = ("panic", "recovered", "err", "error", "msg", "message")
MARKS = (
    '"frames"',
    'backtrace"',
    '"traceback"',
    '"exc_info"',
    '"trace"',
    '"Trace"',
    '"stackTrace"',
    '"stack_trace"',
    '"stacktrace"',
    '"stack"',
    '"StackTrace',
)
_TYPES = (
    "exc_type",
    "error_class",
    "errorType",
    "exception_class",
    "errorClass",
    "class",
    "type",
    "exception",
    "Exception",
    "kind",
    "name",
    "ClassName",
    "Type",
)
_MESSAGES = ("exc_value", "error_message", "errorMessage", "value", "message", "error", "msg", "Message")
_FRAMES = (
    "frames",
    "stacktrace",
    "stack_trace",
    "stackTrace",
    "backtrace",
    "traceback",
    "exc_info",
    "trace",
    "Trace",
    "stack",
    "error_backtrace",
    "StackTrace",
    "StackTraceString",
)
_FILES = ("abs_path", "filename", "file", "fileName", "path")
_LINES = ("lineno", "line", "lineNumber", "line_number")
_COLUMNS = ("colno", "column", "columnNumber", "column_number")
_FUNCTIONS = ("function", "name", "method", "methodName", "functionName")
_CLASSES = ("class", "declaringClass", "className", "module")
_NAME = regex(r"[^\W\d][\w.\\:$]*$")
_LONGEST = 4_000_000
_DEEPEST = 12
_MOST = 200
_JOINTS = ("The above exception was ", "During handling of ")
_CAUSE = "\n\nThe above exception was the direct cause of the following exception:\n\n"


def texts_in(written: str) -> list[str]:
    """Give the exceptions in a JSON text as their languages print them; nothing when it is no JSON or holds none.

    In front of an object in a single line may stand what a log puts there.
    """
    if "\n" not in written and not written.lstrip().startswith(("{", "[{")):
        written = written[max(written.find('{"'), 0) :]
    if len(written) > _LONGEST or not written.lstrip().startswith(("{", "[")) or not _MARK.search(written):
        return []
    with suppress(ValueError, RecursionError):
        return list(_texts(json.loads(written), 0))[:_MOST]
    return []


def _texts(node: Any, depth: int) -> Iterator[str]:
    """Write an exception out where one is found, and look into everything else."""
    if isinstance(node, dict):
        chain = _chain(node)
        if text := _written(chain) if chain else None:
            yield text
            return
    if depth < _DEEPEST and isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from _texts(child, depth + 1)


def _chain(node: Json) -> list[Json]:
    """Give the exceptions that belong together, the one that surfaced last."""
    values = node.get("values")
    if isinstance(values, list):
        return [value for value in values if isinstance(value, dict) and _frames(value)]
    listed = node.get("exception")
    if isinstance(listed, list) and any(isinstance(value, dict) for value in listed):
        return [value for value in reversed(listed) if isinstance(value, dict) and _frames(value)]
    return [node] if _frames(node) else []


def _frames(node: Json) -> list[Any] | str:
    for name in _FRAMES:
        found = node.get(name)
        found = found.get("frames") if isinstance(found, dict) else found
        if found and (isinstance(found, list) or (isinstance(found, str) and (".go:" in found or _BARE.match(found)))):
            return found
    return []


def _first(node: Json, names: tuple[str, ...]) -> str:
    return next((str(node[name]) for name in names if isinstance(node.get(name), str | int) and node[name] != ""), "")


def _written(chain: list[Json]) -> str | None:
    parts = [part for node in chain if (part := _one(node))]
    if not parts:
        return None
    return _CAUSE.join(parts) if parts[-1].startswith("Traceback") else parts[-1]


def _one(node: Json) -> str | None:
    frames = _frames(node)
    kind = next((name for name in map(str, map(node.get, _TYPES)) if name != "None" and _NAME.match(name)), "")
    message = _first(node, _MESSAGES)
    if _is_pair(node.get("exception")):
        kind, message = node["exception"]
    if isinstance(frames, str):
        return _of_text(kind, message, node, frames)
    if all(isinstance(frame, str) for frame in frames):
        return _of_lines(kind, message, node, frames)
    calls = [call for frame in frames if isinstance(frame, dict) and (call := _call(frame))]
    if "frames" in node or "frames" in str(node.get("stacktrace", ""))[:20]:
        calls.reverse()
    return of_calls(kind, message, node, calls) if calls and kind else None


def _is_pair(told: Any) -> bool:
    """Say whether this is type and message side by side, as Rails' log events have them."""
    return isinstance(told, list) and [type(part) for part in told] == [str, str]


def _of_text(kind: str, message: str, node: Json, stack: str) -> str:
    bare = _BARE.match(stack)
    if bare is None:
        return f"{message}\n{stack}"
    if bare["go"]:
        return _panic(_first(node, _PANIC_KEYS), stack)
    heading = f"{kind}: {message}" if kind else message
    return (
        f"Traceback (most recent call last):\n{stack.rstrip()}\n{heading}" if bare["python"] else f"{heading}\n{stack}"
    )


def _panic(message: str, stack: str) -> str:
    return f"{message}\n\n{stack}" if message.startswith("panic: ") else f"panic: {message}\n\n{stack}"


def with_panic(stack: str, line: str) -> str:
    """Put what the other fields of a log line say above a bare stack of Go."""
    bare = _BARE.match(stack)
    if not bare or not bare["go"]:
        return stack
    told = {match["key"]: match["message"] for match in _PANIC.finditer(line)}
    message = next((told[key] for key in _PANIC_KEYS if key in told), "")
    return _panic(message.replace('\\"', '"'), stack.lstrip())


def _of_lines(kind: str, message: str, node: Json, lines: list[str]) -> str | None:
    """Write out frames that are lines of text already."""
    first = lines[0]
    if first.startswith("Traceback (most recent "):
        return "\n".join(map(_line_of_traceback, lines))
    if first.lstrip().startswith('File "'):
        return "\n".join(["Traceback (most recent call last):", *map(str.rstrip, lines), f"{kind}: {message}"])
    if ":in `" in first or ":in '" in first:
        return f"{first}: {message} ({kind})\n" + "\n".join(f"\tfrom {line}" for line in lines[1:])
    if " at " in first or any(line.lstrip().startswith("at ") for line in lines):
        head = [] if first.startswith(kind) and kind else [f"{kind}: {message}"]
        return "\n".join([*head, *lines])
    places = [match for line in lines if (match := PLACE.match(line))]
    calls = [("", match["file"], match["line"], "") for match in places]
    return of_calls(kind, message, node, calls) if calls and kind else None


def _line_of_traceback(line: str) -> str:
    """Give a line that was stripped, as loggers list it, what Python prints around it."""
    if line.startswith('File "'):
        return f"  {line}"
    return f"\n{line}\n" if line.startswith(_JOINTS) else line.rstrip()


def _call(frame: Json) -> Call | None:
    """Give function, file, line and class of a frame; a frame without a file says nothing."""
    file = _first(frame, _FILES)
    if not file:
        return None
    line, column = _first(frame, _LINES) or "0", _first(frame, _COLUMNS)
    place = f"{line}:{column}" if column and PurePosixPath(file).suffix in SCRIPTS else line
    return _first(frame, _FUNCTIONS), file, place, _first(frame, _CLASSES)
