"""The wordings of `vocabulary.txt`."""

from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from itertools import product

from sightline.extractors.regex import regex

_GROUPS = regex(r"\(([^()]*)\)")


@lru_cache(maxsize=1)
def _sections() -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in resources.files(__package__).joinpath("vocabulary.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            current.append(line)
    return sections


@lru_cache(maxsize=64)
def wordings(section: str) -> frozenset[str]:
    """List all wordings of a section."""
    return frozenset(wording for line in _sections()[section] for wording in expand(line) if wording)


def expand(line: str) -> Iterator[str]:
    """List the wordings of a line: `(a|b) c|d` is `a c`, `b c` and `d`."""
    for one in _outside_groups(line):
        pieces = _GROUPS.split(one)
        choices = [piece.split("|") if at % 2 else [piece] for at, piece in enumerate(pieces)]
        yield from (" ".join("".join(chosen).split()) for chosen in product(*choices))


def _outside_groups(line: str) -> list[str]:
    hidden = _GROUPS.sub(lambda group: group[0].replace("|", "\0"), line)
    return [piece.replace("\0", "|") for piece in hidden.split("|")]
