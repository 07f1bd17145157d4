"""Exceptions that were told as data, written out as their languages print them."""

from pathlib import PurePosixPath
from typing import Any

from sightline.extractors.regex import regex

SCRIPTS = (".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".vue", ".svelte")
_LANGUAGES = {
    **dict.fromkeys((".py", ".pyx"), "python"),
    **dict.fromkeys(SCRIPTS, "javascript"),
    **dict.fromkeys((".java", ".kt", ".scala", ".groovy"), "java"),
    **dict.fromkeys((".php",), "php"),
    **dict.fromkeys((".rb", ".erb", ".rake"), "ruby"),
    **dict.fromkeys((".go",), "go"),
}
PLACE = regex(r"(?P<file>.*\.\w+)[:(](?P<line>\d+)\)?$")

Json = dict[str, Any]
Call = tuple[str, str, str, str]


def of_calls(kind: str, message: str, node: Json, calls: list[Call]) -> str | None:
    """Write an exception with calls, innermost first; nothing when their files are of no language that is known."""
    language = next((known for _, file, _, _ in calls if (known := _LANGUAGES.get(PurePosixPath(file).suffix))), None)
    writer = _WRITERS.get(language or "")
    return writer(kind, message, node, calls) if writer else None


def _python(kind: str, message: str, _: Json, calls: list[Call]) -> str:
    frames = [f'  File "{file}", line {line}, in {name or "<module>"}' for name, file, line, _ in calls[::-1]]
    return "\n".join(["Traceback (most recent call last):", *frames, f"{kind}: {message}"])


def _javascript(kind: str, message: str, _: Json, calls: list[Call]) -> str:
    return f"{kind}: {message}\n" + "\n".join(
        f"    at {name or '<anonymous>'} ({_script_place(file, line)})" for name, file, line, _ in calls
    )


def _script_place(file: str, line: str) -> str:
    # Only a file that is named like a script is known to be one when no column follows the line.
    is_known = ":" in line or PurePosixPath(file).suffix in SCRIPTS
    return f"{file}:{line}" if is_known else f"{file}:{line}:1"


def _java(kind: str, message: str, _: Json, calls: list[Call]) -> str:
    return f"{kind}: {message}\n" + "\n".join(
        f"\tat {owner}.{name}({file}:{line})" for name, file, line, owner in calls
    )


def _php(kind: str, message: str, node: Json, calls: list[Call]) -> str:
    file, line = node.get("file") or node.get("File"), node.get("line") or node.get("Line")
    at = PLACE.match(f"{file}:{line}") or PLACE.match(str(file))
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
