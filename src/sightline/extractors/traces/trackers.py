"""Issues that App Center and Bugsnag file by themselves, and pages of Whoops: calls in a form of their own."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE

_HEADS = ("## Stacktrace", "### Stacktrace ###", "\nStacktrace:")
_REASON = "### Reason ###"
_TYPE = regex(r"[^\W\d][\w.$+`]*$")
_IN_JAVA = regex(r"(?P<call>[\w.$<>]+) ?(?P<place>\((?:[\w$]+\.\w+(?::\d+)?|Native Method|Unknown Source)\));?$")
# `at` in the language of the user, or nothing; behind the call the class comes once more.
_IN_NET = regex(r"(?:[^\W\d]+ )?(?P<call>[^\W\d][\w.`+<>$]*+ ?\()")
_THROWN = regex(r"\*\*(?P<type>[\w.:$\\]+)\*\* in \*\*.*\*\*$")
_CALL = regex(r"(?P<file>\S+?):(?P<line>\d+) - (?P<function>\S.*)$")
_SAID_BY_WHOOPS = regex(r'(?P<type>[\w\\]+) thrown with message "(?P<message>.*?)"?$')
_CALL_OF_WHOOPS = regex(r"#\d+ (?P<function>\S+) in (?P<file>\S.*):(?P<line>\d+)$")
_EXCEPTION = regex(r"[\w\\]+(?:Exception|Error)$")
_MOST_LINES = 200
_LINES_ABOVE = 30


def traces(lines: Lines) -> Iterator[tuple[Span, str]]:
    """Give where such an issue is in the text, and its stack trace as the language prints it."""
    for at in lines.having(*_HEADS):
        shown = lines[at].strip()
        read = {"## Stacktrace": _bugsnag, "### Stacktrace ###": _app_center, "Stacktrace:": _whoops}.get(shown)
        found = read(lines, at) if read else None
        if found:
            yield found


def _up_to_heading(lines: Iterable[str]) -> Iterator[str]:
    """Give the lines in front of the next heading: where there are many, each is read once."""
    return takewhile(lambda line: "Stacktrace" not in line, lines)


def _above(lines: Sequence[str], at: int, pattern: re.Pattern[str]) -> tuple[int, re.Match[str] | None]:
    """Find the line above a heading that says what was thrown; without one, give the heading itself."""
    for above, line in enumerate(
        _up_to_heading(lines[number] for number in range(at - 1, max(at - _LINES_ABOVE, -1), -1))
    ):
        if match := pattern.match(line[:LONGEST_LINE].strip()):
            return at - 1 - above, match
    return at, None


def _app_center(lines: Sequence[str], at: int) -> tuple[Span, str] | None:
    """Read the calls between two headings; the type stands below the second one."""
    below = [line[:LONGEST_LINE].strip() for line in _up_to_heading(lines[at + 1 : at + _MOST_LINES])]
    reason = below.index(_REASON) if _REASON in below else len(below)
    thrown = next((number for number in range(reason + 1, len(below)) if below[number]), None)
    if thrown is None or not _TYPE.match(below[thrown].partition(":")[0]):
        return None
    calls = [_call_of_app_center(line) for line in below[:reason] if line]
    text = "\n".join([below[thrown], *filter(None, calls)])
    return (Span(at + 1, at + 2 + thrown), text) if any(calls) else None


def _call_of_app_center(line: str) -> str | None:
    if match := _IN_JAVA.match(line):
        return f"\tat {match['call']}{match['place']}"
    call, _, class_again = line.rpartition(";")
    match = _IN_NET.match(call)
    return f"   at {call[match.start('call') :]}" if match and ")" not in class_again else None


def _bugsnag(lines: Sequence[str], at: int) -> tuple[Span, str] | None:
    """Read what was thrown above the heading, with its message below it, and the calls under the heading."""
    begin, thrown = _above(lines, at, _THROWN)
    if thrown is None:
        return None
    message = lines[begin + 1].strip()
    calls = []
    end = at + 1
    for number in range(at + 1, min(at + _MOST_LINES, len(lines))):
        match = _CALL.match(lines[number][:LONGEST_LINE].strip())
        if match:
            calls.append((match["file"], match["line"], match["function"]))
            end = number + 1
        elif lines[number].strip() not in {"", "```"}:
            break
    return (Span(begin + 1, end), _as_printed(thrown["type"], message, calls)) if calls else None


def _whoops(lines: Sequence[str], at: int) -> tuple[Span, str] | None:
    """Read the calls that Whoops lists, the first of which names the exception, and its message above them."""
    calls = []
    for line in lines[at + 1 : at + _MOST_LINES]:
        match = _CALL_OF_WHOOPS.match(line[:LONGEST_LINE].strip())
        if not match:
            break
        calls.append((match["file"], match["line"], match["function"]))
    if not calls or not _EXCEPTION.match(calls[0][2]):
        return None
    begin, said = _above(lines, at, _SAID_BY_WHOOPS)
    kind, message = (said["type"], said["message"]) if said else (calls[0][2], "")
    # Those that it was raised from stand among the calls.
    called = [call for call in calls[1:] if not _EXCEPTION.match(call[2])]
    traced = [f"#{n} {file}({line}): {call.replace(':', '::')}()" for n, (file, line, call) in enumerate(called)]
    return Span(begin + 1, at + 1 + len(calls)), _as_php(kind, message, calls[0], traced)


def _as_php(kind: str, message: str, thrown: tuple[str, str, str], traced: list[str]) -> str:
    heading = f"PHP Fatal error:  Uncaught {kind}: {message} in {thrown[0]}:{thrown[1]}"
    return "\n".join([heading, "Stack trace:", *traced])


def _as_printed(kind: str, message: str, calls: list[tuple[str, str, str]]) -> str:
    first, *others = calls
    if first[0].endswith(".php"):
        # Each place is named with the function that it is in, and PHP names that in the place of the next one.
        places = [*(f"{file}({line})" for file, line, _ in others), "[internal function]"]
        traced = [f"#{n} {place}: {call[2]}()" for n, (place, call) in enumerate(zip(places, calls, strict=True))]
        return _as_php(kind, message, first, traced)
    if first[0].endswith((".rb", ".erb", ".haml", ".slim")):
        heading = f"{first[0]}:{first[1]}:in `{first[2]}': {message} ({kind})"
        return "\n".join([heading, *(f"\tfrom {file}:{line}:in `{function}'" for file, line, function in others)])
    gap = "" if first[0].endswith((".java", ".kt", ".scala", "Unknown")) else " "
    return "\n".join([f"{kind}: {message}", *(f"\tat {call}{gap}({file}:{line})" for file, line, call in calls)])
