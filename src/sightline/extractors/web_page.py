"""HTML pages: the words that a reader sees."""

import html
import re

from sightline.extractors.html_text import text_lines
from sightline.extractors.plain_text import LONGEST_LINE, MOST_CHARACTERS
from sightline.extractors.reading import Kind, Locator, Reading, TextLine
from sightline.extractors.regex import regex
from sightline.extractors.source import Source
from sightline.extractors.titles import has_word, titles

name = "web_page"
version = 2

_TITLE = regex(r"<title[^>]{0,200}>([^<]{0,2000})</title", re.IGNORECASE)


def accepts(media_type: str, head: bytes) -> bool:
    """Take HTML, also as XHTML."""
    del head
    return media_type in {"text/html", "application/xhtml+xml"}


def extract(source: Source) -> Reading:
    """Give the visible lines with the line of the file where each begins, and `document.title` (text)."""
    lines: list[TextLine] = []
    room = MOST_CHARACTERS
    for number, words in text_lines(source.content):
        lines.append(TextLine(number, words[: min(room, LONGEST_LINE)]))
        room -= len(words)
        if room <= 0:
            break
    head = "\n".join(source.text[0].lines[:1000])
    stated = _TITLE.search(head)
    first = next(filter(has_word, lines), None)
    place = Locator(line=head.count("\n", 0, stated.start()) + 1) if stated else Locator()
    facts = titles(html.unescape(stated[1]) if stated else "", first, name, version, place)
    problems = () if room > 0 else ("The page is long: only the beginning of its text is kept for searching.",)
    kind: Kind | None = "document" if lines or stated else None
    return Reading(kind=kind, facts=tuple(facts), text=tuple(lines), problems=problems)
