"""The lines of a text file, for reading and searching."""

from itertools import islice

from sightline.extractors.mojibake import wrongly_decoded
from sightline.extractors.reading import Reading, TextLine
from sightline.extractors.source import Source

name = "plain_text"
version = 1

MOST_LINES = 20_000
MOST_CHARACTERS = 1_000_000
LONGEST_LINE = 10_000


def accepts(media_type: str, head: bytes) -> bool:
    """Take every kind of text but pages, of which the words are read and not the markup."""
    del head
    is_text = media_type.startswith("text/") or media_type in {"application/json", "application/xml"}
    return is_text and media_type != "text/html"


def extract(source: Source) -> Reading:
    """Give the first 20,000 lines or million characters; blank lines are left out, numbers stay those of the file.

    A table gives its text itself, row by row.
    """
    if source.kind == "table":
        return Reading()
    kept: list[TextLine] = []
    room = MOST_CHARACTERS
    for number, line in enumerate(islice(source.text[0].lines, MOST_LINES), start=1):
        if not line or line.isspace():
            continue
        kept.append(TextLine(number, line[: min(LONGEST_LINE, room)]))
        room -= len(line)
        if room <= 0:
            break
    return Reading(text=tuple(kept), problems=(*_limits_hit(source, kept), *_wrong(kept)))


def _wrong(kept: list[TextLine]) -> tuple[str, ...]:
    wrong = wrongly_decoded("\n".join(line.text for line in kept))
    told = "The text was decoded wrongly before it came here: “{}” means “{}”."
    return (told.format(*wrong),) if wrong else ()


def _limits_hit(source: Source, kept: list[TextLine]) -> tuple[str, ...]:
    problems = []
    last = kept[-1].line if kept else 0
    if len(source.text) > 1:
        problems.append("The file is very long: only its first 4 MB and its last 12 MB were read.")
    if len(source.text) > 1 or any(line and not line.isspace() for line in islice(source.text[0].lines, last, None)):
        problems.append(f"The file is long: only its text up to line {last} is kept for searching.")
    elif any(len(line) > LONGEST_LINE for line in islice(source.text[0].lines, last)):
        problems.append(f"The file is long: some lines are kept for searching up to character {LONGEST_LINE}.")
    return tuple(problems)
