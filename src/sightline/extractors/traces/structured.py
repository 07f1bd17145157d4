"""Exceptions that a service wrote as JSON objects instead of text: Sentry, structlog, Monolog, serverless runtimes.

Each is written out as its language prints it and read by that language's grammar, so that the same crash has the same
fingerprint however it was logged.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

_MARK = re.compile(
    r'"(?:frames|backtrace|traceback|stack|trace|stack_?trace|stackTrace)"\s*:\s*(?:[\[{]|"[^"\\]+\\n\\t[^"]+\.go:\d)'
)
MARKS = (
    '"frames"',
    '"backtrace"',
    '"traceback"',
    '"trace"',
    '"stackTrace"',
    '"stack_trace"',
    '"stacktrace"',
    '"stack"',
)
_TYPES = ("exc_type", "errorType", "exception_class", "class", "type", "exception", "kind", "name")
_MESSAGES = ("exc_value", "errorMessage", "value", "message", "error", "msg")
_FRAMES = ("frames", "stacktrace", "stack_trace", "stackTrace", "backtrace", "traceback", "trace", "stack")
_FILES = ("abs_path", "filename", "file", "fileName", "path")
_LINES = ("lineno", "line", "lineNumber", "line_number")
_FUNCTIONS = ("function", "name", "method", "methodName")
_CLASSES = ("class", "declaringClass", "className", "module")
_LANGUAGES = {
    **dict.fromkeys((".py", ".pyx"), "python"),
    **dict.fromkeys((".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".vue", ".svelte"), "javascript"),
    **dict.fromkeys((".java", ".kt", ".scala", ".groovy"), "java"),
    **dict.fromkeys((".php",), "php"),
    **dict.fromkeys((".rb", ".erb", ".rake"), "ruby"),
    **dict.fromkeys((".go",), "go"),
}
_PLACE = re.compile(r"(?P<file>.*\.\w+)[:(](?P<line>\d+)\)?$")
_NAME = re.compile(r"[^\W\d][\w.\\:$]*$")
_LONGEST = 4_000_000
_DEEPEST = 12
_MOST = 200
_CAUSE = "\n\nThe above exception was the direct cause of the following exception:\n\n"

Json = dict[str, Any]


def texts_in(written: str) -> list[str]:
    """Give the exceptions in a JSON text as their languages print them; nothing when it is no JSON or holds none."""
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
    if isinstance(listed, list):
        return [value for value in reversed(listed) if isinstance(value, dict) and _frames(value)]
    return [node] if _frames(node) else []


def _frames(node: Json) -> list[Any] | str:
    for name in _FRAMES:
        found = node.get(name)
        found = found.get("frames") if isinstance(found, dict) else found
        if found and (isinstance(found, list) or (isinstance(found, str) and ".go:" in found)):
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
    if isinstance(frames, str):
        return f"{message}\n{frames}"
    if all(isinstance(frame, str) for frame in frames):
        return _of_lines(kind, message, node, frames)
    calls = [call for frame in frames if isinstance(frame, dict) and (call := _call(frame))]
    if "frames" in node or "frames" in str(node.get("stacktrace", ""))[:20]:
        calls.reverse()
    return _of_calls(kind, message, node, calls) if calls and kind else None


def _of_lines(kind: str, message: str, node: Json, lines: list[str]) -> str | None:
    """Write out frames that are lines of text already."""
    first = lines[0]
    if first.lstrip().startswith('File "'):
        return "\n".join(["Traceback (most recent call last):", *map(str.rstrip, lines), f"{kind}: {message}"])
    if ":in `" in first or ":in '" in first:
        return f"{first}: {message} ({kind})\n" + "\n".join(f"\tfrom {line}" for line in lines[1:])
    if " at " in first or any(line.lstrip().startswith("at ") for line in lines):
        head = [] if first.startswith(kind) and kind else [f"{kind}: {message}"]
        return "\n".join([*head, *lines])
    places = [match for line in lines if (match := _PLACE.match(line))]
    calls = [("", match["file"], match["line"], "") for match in places]
    return _of_calls(kind, message, node, calls) if calls and kind else None


Call = tuple[str, str, str, str]


def _call(frame: Json) -> Call | None:
    """Give function, file, line and class of a frame; a frame without a file says nothing."""
    file = _first(frame, _FILES)
    if not file:
        return None
    return _first(frame, _FUNCTIONS), file, _first(frame, _LINES) or "0", _first(frame, _CLASSES)


def _of_calls(kind: str, message: str, node: Json, calls: list[Call]) -> str | None:
    language = next((known for _, file, _, _ in calls if (known := _LANGUAGES.get(PurePosixPath(file).suffix))), None)
    writer = _WRITERS.get(language or "")
    return writer(kind, message, node, calls) if writer else None


def _python(kind: str, message: str, _: Json, calls: list[Call]) -> str:
    frames = [f'  File "{file}", line {line}, in {name or "<module>"}' for name, file, line, _ in calls[::-1]]
    return "\n".join(["Traceback (most recent call last):", *frames, f"{kind}: {message}"])


def _javascript(kind: str, message: str, _: Json, calls: list[Call]) -> str:
    return f"{kind}: {message}\n" + "\n".join(
        f"    at {name or '<anonymous>'} ({file}:{line}:1)" for name, file, line, _ in calls
    )


def _java(kind: str, message: str, _: Json, calls: list[Call]) -> str:
    return f"{kind}: {message}\n" + "\n".join(
        f"\tat {owner}.{name}({file}:{line})" for name, file, line, owner in calls
    )


def _php(kind: str, message: str, node: Json, calls: list[Call]) -> str:
    at = _PLACE.match(f"{node.get('file')}:{node.get('line')}") or _PLACE.match(str(node.get("file")))
    place = f"{at['file']}:{at['line']}" if at else f"{calls[0][1]}:{calls[0][2]}"
    listed = [
        f"#{number} {file}({line}): {f'{owner}->' if owner else ''}{name}()"
        for number, (name, file, line, owner) in enumerate(calls)
    ]
    return "\n".join(
        [f"PHP Fatal error:  Uncaught {kind}: {message} in {place}", "Stack trace:", *listed, f"#{len(calls)} {{main}}"]
    )


def _ruby(kind: str, message: str, _: Json, calls: list[Call]) -> str:
    first, *more = [f"{file}:{line}:in `{name}'" for name, file, line, _ in calls]
    return f"{first}: {message} ({kind})\n" + "\n".join(f"\tfrom {place}" for place in more)


def _go(kind: str, message: str, _: Json, calls: list[Call]) -> str:
    return f"{kind}: {message}\n" + "\n".join(f"{owner}.{name}\n\t{file}:{line}" for name, file, line, owner in calls)


_WRITERS = {"python": _python, "javascript": _javascript, "java": _java, "php": _php, "ruby": _ruby, "go": _go}
