"""The lines that a JavaScript trace is made of, beside its frames: headings and what stands around them."""

import re

from sightline.extractors.regex import regex

_NAME = r"[^\W\d][\w$.]*"
_SURE_NAME = rf"(?:{_NAME}\.)?[\w$]*(?:Error|Exception|Rejection|Failure)"
_MESSAGE = r"(?: \[[\w .-]+\])?(?:: ?(?P<message>.*))?$"
_PREFIX = (
    r"(?:\[?[Uu]ncaught:? (?:exception:? )?|\(in promise\):? "
    r"|Unhandled(?: promise)? [Rr]ejection:? |\(node:\d+\) UnhandledPromiseRejectionWarning: )*"
)
_HEADING = regex(rf"{_PREFIX}(?P<type>{_SURE_NAME}){_MESSAGE}")
_WEAK_HEADING = regex(rf"{_PREFIX}(?P<type>[^\W\d_a-z][\w$.]*){_MESSAGE}")
_UNCAUGHT = regex(rf"(?:^|[\s>])[Uu]ncaught:? (?:\(in promise\) )?(?:exception:? )?(?P<type>{_NAME}(?=:|$)|){_MESSAGE}")
_IN_A_LINE = regex(rf"(?<![\w.$/(])(?P<type>{_NAME}(?:Error|Exception)|Error)(?: \[[\w .-]+\])?: (?P<message>.*)$")
_LOGGED = regex(r".*?[\s:\]](?P<type>[A-Z][a-z\d]+(?:[A-Z][a-z\d]*)+): (?!\w+: )(?P<message>.*)$")
_OVERLAY = regex(r"Unhandled [Rr]ejection \((?P<type>[\w$.]+)\):? (?P<message>.*)$")
_NO_CRASH = regex(r"(?:Trace|[\w.]*Warning|\(node:\d+\)(?! UnhandledPromiseRejection).*Warning)(?::|$)")
# Playwright's, within the message of an expectation that failed.
_DETAIL = "Error: element(s) not found"
_BRACKETED = regex(r"\s*\[(?P<type>[\w$.]+)(?: \[\w+\])?(?:: (?P<message>.*))?\] ?\{?$")
_CODE_EXCERPT = regex(r"\s*(?:>\s*)?\d+ ?\|(?: |$)|\s*\|\s*\^|\s*\^+$")


def heading(text: str, distance: int) -> re.Match[str] | None:
    """Match a heading `distance` lines above the frames; the nearer the less it must look like one."""
    if _NO_CRASH.match(text) or text == _DETAIL:
        return None
    return (
        _HEADING.match(text)
        or _OVERLAY.search(text)
        or _UNCAUGHT.search(text)
        or (_WEAK_HEADING.match(text) if distance == 1 else None)
        or (_IN_A_LINE.search(text) if distance == 1 or "rror" in text else None)
        or (_LOGGED.match(text) if distance == 1 else None)
    )


def weak_heading(text: str, distance: int) -> re.Match[str] | None:
    """Match the heading of an error with a name of its own whose message has more lines."""
    del distance
    return None if _NO_CRASH.match(text) else _WEAK_HEADING.match(text)


def is_no_crash(text: str) -> bool:
    """Say whether the line announces a warning or `console.trace`, whose frames are no crash."""
    return bool(_NO_CRASH.match(text.strip()) or " Warning: " in text)


def without_excerpt(message: str) -> str:
    """Cut the excerpt of source code that test runners print below a message."""
    kept: list[str] = []
    for line in message.split("\n"):
        if _CODE_EXCERPT.match(line):
            break
        kept.append(line)
    return "\n".join(kept).rstrip()


def bracketed(text: str) -> re.Match[str] | None:
    """Match an error printed without its stack: `[AggregateError: All promises were rejected] {`."""
    return _BRACKETED.match(text)
