"""The line with type and message above the frames of a trace, for the languages that print it there."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sightline.extractors.traces.margin import LONGEST_LINE, Margin, begins_something_else

LONGEST_MESSAGE = 50


@dataclass(frozen=True, slots=True)
class Heading:
    """Type and message as written, and the line (counted from 0) they begin in."""

    type: str
    message: str
    at: int


ReadHeading = Callable[[str, int], re.Match[str] | None]


def lines_of_message(lines: Sequence[str], margin: Margin, heading: str) -> list[str]:
    """Take the margin off more lines of a message, and what the heading is indented by."""
    indent = heading[: len(heading) - len(heading.lstrip())]
    texts = (margin.strip(line) for line in lines)
    return [
        (line if text is None else text).rstrip().removeprefix(indent) for line, text in zip(lines, texts, strict=True)
    ]


def find_heading(lines: Sequence[str], at: int, floor: int, margin: Margin, read: ReadHeading) -> Heading | None:
    """Find the nearest heading above line `at`, not above line `floor`; the lines between are more of its message.

    `read` is given the text of a line and its distance to the frames; its match has the groups `type` and `message`.
    """
    for number in range(at - 1, max(floor, at - LONGEST_MESSAGE) - 1, -1):
        text = margin.strip(lines[number])
        match = read((lines[number] if text is None else text)[:LONGEST_LINE].strip(), at - number)
        if match:
            more = lines_of_message(lines[number + 1 : at], margin, text or "")
            return Heading(match["type"] or "", "\n".join([match["message"] or "", *more]), number)
        if text is not None and begins_something_else(text):
            break
    return None
