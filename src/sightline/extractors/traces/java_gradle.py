"""Failed tests as Gradle lists them: `shop.CartTest > total FAILED`, and below it the type `at CartTest.kt:12`."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sightline.extractors.regex import regex
from sightline.extractors.traces.crash import Crash, Frame, Raised, Span
from sightline.extractors.traces.lines import Lines
from sightline.extractors.traces.margin import LONGEST_LINE, Margin

_SCHEME = "gradle1"
_FAILED = regex(r"(?P<before>(?:.{0,80}[\s|])?)(?P<class>[\w.$]+) > (?P<test>.{1,200}) FAILED$")
_RAISED = regex(
    r"\s+(?P<caused>Caused by: )?(?P<type>[\w.$]+) at (?P<file>[\w$]+\.(?P<kind>java|kt|groovy|scala)):(?P<line>\d+)$"
)
_MOST_CAUSES = 20


def crashes(lines: Lines) -> Iterator[Crash]:
    """Find the failures; of each exception Gradle gives the place in the test alone, and no message."""
    for at in lines.having(" FAILED"):
        match = _FAILED.match(lines[at][:LONGEST_LINE].rstrip())
        chain = list(_chain(lines, at, Margin(match["before"]), match["class"], match["test"])) if match else []
        if chain:
            for raised, cause in pairwise(chain):
                raised.cause = cause
            language = "kotlin" if chain[0].frames[0].label.rpartition(":")[0].endswith(".kt") else "java"
            yield Crash(language, _SCHEME, chain[0], Span(at + 1, chain[-1].span.end_line))


def _chain(lines: Sequence[str], at: int, margin: Margin, owner: str, test: str) -> Iterator[Raised]:
    for number in range(at + 1, min(at + 1 + _MOST_CAUSES, len(lines))):
        match = _RAISED.match(margin.strip(lines[number]) or "")
        if match is None or bool(match["caused"]) != (number > at + 1):
            return
        span = Span(number + 1, number + 1)
        is_its_own = match["file"].partition(".")[0] == owner.rpartition(".")[2]
        place = f"{match['file']}:{match['line']}"
        label = f"{test} ({place})" if is_its_own else place
        frame = Frame(label, f"{owner}.{test}" if is_its_own else match["file"], is_own=True, span=span)
        yield Raised(match["type"], "", [frame], span)
