"""What stands in front of every line of a trace when a log, a container or a group drawing put it there."""

import re
from functools import lru_cache

from sightline.extractors.regex import regex

_LONGEST_MARGIN = 300
LONGEST_LINE = 4000


class Margin:
    """The text before each line; numbers in it may change from line to line, as those of a time do."""

    def __init__(self, text: str) -> None:
        """Learn the margin from one line that has it."""
        self._text = text
        self.width = len(text)
        self._bare = text.rstrip()
        self.is_drawn = self._bare.endswith("|") and not self._bare.strip(" |")
        self._pattern = _pattern(text) if any(mark.isdigit() for mark in text) else None

    def strip(self, line: str) -> str | None:
        """Take the margin off a line; None when the line does not have it."""
        line = line[:LONGEST_LINE]
        if line.startswith(self._text):
            return line[len(self._text) :].rstrip()
        if self._bare and line.rstrip() == self._bare:
            return ""
        if self._pattern is None:
            return None
        match = self._pattern.match(line)
        return line[match.end() :].rstrip() if match else None


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    written = text[:_LONGEST_MARGIN].rstrip()
    gap = re.escape(text[len(written) :])
    return re.compile(r"\d+".join(map(re.escape, re.split(r"\d+", written))) + (f"(?:{gap}|$)" if gap else ""))


_LEVELS = "TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL"
_LOG_LINE = regex(
    rf"""
    \[?\d{{4}}[-/.]\d\d[-/.]\d\d | \[?\d\d:\d\d:\d\d | \[?\d{{1,2}}[./-]\w{{2,3}}[./-]\d{{4}} |
    [A-Z][a-z]{{2}}\ +\d+\ \d\d:\d\d |
    [IWEFD]\d{{4}}\ \d\d: | [\[<]?(?:{_LEVELS})\b | \[\ *\d+[.\]] | \d{{10,13}}\b | \d+\.\d+\.\d+\.\d+\ |
    \{{" | ```|~~~ | </[a-z]{{1,20}}> | ={{5,}}(?:\ |$) |
    Traceback\ \( | Exception\ (?:ignored\ in|in\ thread) | Fatal\ Python\ error | [\w./-]+:\d+:\ \w*Warning: |
    Process\ finished\ with | make(?:\[\d+\])?:\ | \$\  | PS\ [A-Za-z]:\\ | [A-Z]:\\[^<>|]*> | \{{(?:noformat|code)\b |
    [\w.-]+@[\w.-]+[:~] | (?:Segmentation\ fault|Aborted|Killed)\b
    """,
    re.VERBOSE,
)


def begins_something_else(line: str) -> bool:
    """Say whether a line after a message looks like the next log entry, prompt or report, not like more of it."""
    return bool(_LOG_LINE.match(line))
