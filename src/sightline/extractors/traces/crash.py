"""What every grammar gives: raised exceptions with their frames, and the fingerprint that groups equal crashes."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from sightline.extractors.regex import regex

LONGEST_CHAIN = 50
_FRAMES_IN_FINGERPRINT = 3
_LONGEST_SKELETON = 300
_NAMELESS = regex(r":(?:<main>|\{main\})?$")
_VARYING = regex(
    r"""0x[0-9a-fA-F]+|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F-]{22}|"[^"]*"|`[^`']*['`]|'[^']*'|\b[0-9a-f]{12,}\b"""
    r"""|(?:[A-Za-z]:)?[\\/][^\s:,;]*|[-+]?\d[\d.]*"""
)


class Span(NamedTuple):
    """Lines of the file, counted from 1, both ends included."""

    line: int
    end_line: int


class Frame(NamedTuple):
    """One call: its label for people, its key without line numbers and directories, whether it is own code."""

    label: str
    key: str
    is_own: bool
    span: Span


@dataclass(slots=True)
class Raised:
    """One exception: its frames innermost first, what it was raised from or while, and the members of a group.

    `sort` tells faults apart whose type says little, such as panics; it is part of the fingerprint.
    """

    type: str
    message: str
    frames: list[Frame]
    span: Span
    cause: "Raised | None" = None
    context: "Raised | None" = None
    members: list["Raised"] = field(default_factory=list)
    sort: str = ""

    @property
    def top_frame(self) -> Frame | None:
        """The innermost frame."""
        return self.frames[0] if self.frames else None

    @property
    def own_frame(self) -> Frame | None:
        """The innermost frame in the program's own code."""
        return next((frame for frame in self.frames if frame.is_own), None)

    def others(self) -> Iterator["Raised"]:
        """Give the exceptions behind this one, root cause first, then the members of a group."""
        yield from reversed(list(islice(self._behind(), LONGEST_CHAIN)))
        yield from islice(self.members, LONGEST_CHAIN)

    def _behind(self) -> Iterator["Raised"]:
        behind = self.cause or self.context
        while behind:
            yield behind
            behind = behind.cause or behind.context

    def causes(self) -> list["Raised"]:
        """Give this exception and those it was raised from, up to the root cause; a mere context is not a cause."""
        chain = [self]
        while chain[-1].cause and len(chain) < LONGEST_CHAIN:
            chain.append(chain[-1].cause)
        return chain


@dataclass(frozen=True, slots=True)
class Crash:
    """One stack trace: the exception that surfaced, with the lines that the whole takes.

    The lines are those of the text that was read, from line `skipped` on. A trace that was escaped into one line counts
    its lines by itself; `escaped_in` is its place. The lines of a text that several programs wrote are in the `order`
    in which they were read; `before` is how many lines of the file come before the text.
    """

    language: str
    scheme: str
    raised: Raised
    span: Span
    skipped: int = 0
    escaped_in: Span | None = None
    order: Sequence[int] = ()
    before: int = 0

    @property
    def begin(self) -> int:
        """The line of the text that the trace begins in, counted from 0."""
        return self.span.line - 1 + self.skipped

    def place(self, span: Span) -> Span:
        """Turn lines of the trace into lines of the file."""
        span = self.escaped_in or span
        first, last = span.line + self.skipped, span.end_line + self.skipped
        if self.order:
            first, last = self.order[first - 1] + 1, self.order[last - 1] + 1
        return Span(first + self.before, last + self.before)

    @property
    def fingerprint(self) -> str:
        """Equal for crashes that are the same fault in the program.

        SHA-256 of the root cause's type (without its module) and the keys of its three innermost distinct frames in own
        code; without own frames there, those of the exception nearest to the root that has some; without any, the
        innermost frame, or the message without names and numbers when there are no frames at all. Where all frames are
        nameless (a file's own code, minified functions), that message tells them apart. Otherwise messages, line
        numbers, addresses and directories take no part. A group counts as the set of its members. The scheme in front
        (`py1:`) changes with the rule.
        """
        return f"{self.scheme}:{hashlib.sha256(_essence(self.raised).encode()).hexdigest()[:24]}"


def _essence(raised: Raised) -> str:
    chain = raised.causes()
    root = chain[-1]
    if root.members:
        return "\n\n".join(sorted({_essence(member) for member in root.members}))
    keys = next(filter(None, map(_own_keys, reversed(chain))), None) or [
        root.frames[0].key if root.frames else skeleton(root.message)
    ]
    sort = root.sort or (skeleton(root.message) if all(map(_NAMELESS.search, keys)) else "")
    return "\n".join([root.type.rpartition(".")[2], *([sort] if sort else []), *keys])


def _own_keys(raised: Raised) -> list[str]:
    return list(dict.fromkeys(frame.key for frame in raised.frames if frame.is_own and frame.key))[
        :_FRAMES_IN_FINGERPRINT
    ]


def skeleton(message: str) -> str:
    """Give the first line of a message without what differs from time to time: numbers, ids, paths, quoted names."""
    return _VARYING.sub("?", message[:_LONGEST_SKELETON].strip().partition("\n")[0])
