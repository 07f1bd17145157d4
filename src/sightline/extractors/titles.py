"""The title of a document: what its properties state, else the first words in it."""

from collections.abc import Iterator

from sightline.extractors.reading import Fact, Locator, TextLine
from sightline.extractors.regex import regex

_LONGEST = 300
_STATED = 0.9
_FIRST_WORDS = 0.4
_NOWHERE = Locator()
_NAMED_BY_A_PROGRAM = regex(
    r"(?i)untitled\b|unbenannt\b|document\s*\d*$|dokument\s*\d*$|microsoft \w+ - "
    r"|\S+\.(?:docx?|odt|xlsx?|pptx?|indd|pdf|tex|html?|rtf|txt)$"
)
_WORD = regex(r"[^\W\d_]{2}")


def has_word(line: TextLine) -> bool:
    """Say whether there is a word in a line, which a title has."""
    return bool(_WORD.search(line.text))


def titles(
    stated: str, first: TextLine | None, extractor: str, version: int, place: Locator = _NOWHERE
) -> Iterator[Fact]:
    """Give `document.title` as stated (confidence 0.9) at `place`, unless a program made that up from a file name.

    The first line of the document is the title or its alternative (0.4).
    """
    stated = " ".join(stated.split())[:_LONGEST]
    if stated and not _NAMED_BY_A_PROGRAM.match(stated):
        yield Fact("document.title", "text", stated, place, _STATED, extractor, version)
    if first is not None:
        seen_at = Locator(page=first.page, box=first.box) if first.page else Locator(line=first.line)
        yield Fact("document.title", "text", first.text[:_LONGEST], seen_at, _FIRST_WORDS, extractor, version)
