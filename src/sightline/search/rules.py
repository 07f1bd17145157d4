"""Project by rule: files belong where a line of a project's rules fits one of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, get_args

from sightline.attachments.models import Attachment
from sightline.core.actor import Actor, May
from sightline.core.db import ReadSession
from sightline.extractors.reading import Kind
from sightline.facts.matching import Asked, asked
from sightline.facts.models import Fact
from sightline.projects import queries as projects
from sightline.search.schemas import Suggestion

_KIND: Final = "kind:"


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line as it is read: the kind of a file, or what is asked of its facts."""

    kind: str | None = None
    question: Asked | None = None

    @property
    def rank(self) -> int:
        """How special it is: a value before a range or a beginning, and that before a kind."""
        return 2 if self.question is None else int(not self.question.is_exact)

    def fits(self, files: Iterable[Attachment], facts: Iterable[Fact]) -> bool:
        if self.question is None:
            return any(file.kind == self.kind for file in files)
        return any(map(self.question.is_met_by, facts))


@lru_cache(maxsize=4096)
def _read(line: str) -> _Rule:
    if not line.casefold().startswith(_KIND):
        return _Rule(question=asked(line))
    kind = line[len(_KIND) :].strip().casefold()
    if kind not in get_args(Kind):
        raise ValueError(f"kind is to be one of {', '.join(get_args(Kind))}")
    return _Rule(kind=kind)


def readable(line: str) -> str:
    """Return the line of a rule; raises `ValueError` for one that cannot be read."""
    _read(line)
    return line


async def propose(
    session: ReadSession, actor: Actor, files: Sequence[Attachment], facts: Sequence[Fact]
) -> Suggestion | None:
    """Propose the project with the most special rule that fits, of several the first by key; one query.

    Who may not see the rules is not told how the one that fits reads.
    """
    by_key = await projects.with_rules(session)
    fitting = [(rank, key, line) for key, lines in by_key.items() for rank, line in _fitting(lines, files, facts)]
    if not fitting:
        return None
    _, key, line = min(fitting, key=lambda one: one[:2])
    return Suggestion(value=key, why=f"Rule of {key}: {line}" if actor.may(May.manage_projects) else f"A rule of {key}")


def _fitting(lines: list[str], files: Sequence[Attachment], facts: Sequence[Fact]) -> Iterator[tuple[int, str]]:
    for line in lines:
        if (rule := _read(line)).fits(files, facts):
            yield rule.rank, line
