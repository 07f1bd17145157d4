"""Mail, as it travels (.eml) and as Outlook stores it (.msg)."""

from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import Message
from email.parser import HeaderParser

from sightline.extractors import plain_text
from sightline.extractors.decoding import clean, lines_of
from sightline.extractors.html_text import text_lines
from sightline.extractors.mails import body, headers, outlook
from sightline.extractors.mails.mime import chunks, split
from sightline.extractors.parts import CHUNK, taken
from sightline.extractors.reading import Alternative, Fact, FactType, Locator, Part, Reading, TextLine, Unreadable
from sightline.extractors.source import Source

name = "mail"
version = 2

_TRAVELLING = "message/rfc822"
_STORED = ("application/vnd.ms-outlook", "application/x-ole-storage")
_STATED, _WITHOUT_ZONE, _SAID_AGAIN = 1.0, 0.7, 0.5
_PART = "part:"


def accepts(media_type: str, head: bytes) -> bool:
    """Take mail."""
    del head
    return media_type == _TRAVELLING or media_type in _STORED


def extract(source: Source) -> Reading:
    """Give `mail.from, .to, .subject, .message_id` (text) and `.date` (datetime), the body, and attached files as parts.

    The words of a header are decoded, its place is `header:Subject` and in a travelling mail the line. Of a header that
    comes twice the first is the fact. A date without a zone is less sure (0.7). The lines of the body are numbered as
    in the file where they can be read there.
    """
    return _travelling(source) if source.media_type == _TRAVELLING else _stored(source)


def part(source: Source, path: str) -> Iterator[bytes]:
    """Unpack the attached file with this path."""
    if source.media_type == _TRAVELLING:
        for leaf in split(source.content).leaves():
            if f"{_PART}{leaf.number}" == path:
                return chunks(source.content, leaf)
    elif outlook.is_mail(source.file):
        for number, (_, content) in enumerate(outlook.read(source.file).files, start=1):
            if f"{_PART}{number}" == path and content is not None:
                return (content[at : at + CHUNK] for at in range(0, len(content), CHUNK))
    raise Unreadable("is not in the mail")


def _travelling(source: Source) -> Reading:
    root = split(source.content)
    text, cut = _kept(body.lines(source.content, root))
    parts, left_out = taken(body.attached(source.content, root), "mail")
    facts = _facts(root.headers, root.header_lines)
    return Reading(kind="mail", facts=facts, text=text, problems=(*cut, *left_out), parts=tuple(parts))


def _facts(said: Message, lines: dict[str, int]) -> tuple[Fact, ...]:
    read: list[tuple[str, str, FactType, Callable[[str], tuple[str, float]]]] = [
        ("mail.from", "From", "text", _people),
        ("mail.to", "To", "text", _people),
        ("mail.subject", "Subject", "text", _words),
        ("mail.date", "Date", "datetime", _date),
        ("mail.message_id", "Message-ID", "text", _words),
    ]
    facts = (_fact(*one, said, lines) for one in read)
    return tuple(fact for fact in facts if fact)


def _fact(  # noqa: PLR0913, PLR0917 - a fact, its header, and where they all stand
    fact_name: str,
    header: str,
    fact_type: FactType,
    meaning: Callable[[str], tuple[str, float]],
    said: Message,
    lines: dict[str, int],
) -> Fact | None:
    place = Locator(line=lines.get(header.lower()), path=f"header:{header}")
    values = [value for value in map(meaning, headers.named(said, header)) if value[0]]
    if not values:
        return None
    (value, sure), *others = values
    fact = Fact(fact_name, fact_type, value, place, sure, name, version)
    return fact.also(*(Alternative(other, Locator(path=place.path), _SAID_AGAIN) for other, _ in others[:10]))


def _people(raw: str) -> tuple[str, float]:
    return headers.people(raw), _STATED


def _words(raw: str) -> tuple[str, float]:
    return headers.decoded(raw)[: headers.LONGEST], _STATED


def _date(raw: str) -> tuple[str, float]:
    moment = headers.moment(raw)
    return (moment.isoformat(), _STATED if moment.tzinfo else _WITHOUT_ZONE) if moment else ("", 0)


def _kept(lines: list[tuple[int, str]]) -> tuple[tuple[TextLine, ...], list[str]]:
    """Keep as much as of a text file."""
    kept: list[TextLine] = []
    room = plain_text.MOST_CHARACTERS
    for number, text in lines:
        if len(kept) == plain_text.MOST_LINES or room <= 0:
            return tuple(kept), [f"The mail is long: only its text up to line {kept[-1].line} is kept for searching."]
        if text.strip():
            kept.append(TextLine(number, text[: min(plain_text.LONGEST_LINE, room)]))
            room -= len(text)
    return tuple(kept), []


def _stored(source: Source) -> Reading:
    is_said = source.media_type == _STORED[0]
    try:
        if not outlook.is_mail(source.file, is_said=is_said):
            return Reading()
        letter = outlook.read(source.file)
    except Unreadable as reason:
        return Reading(problems=(f"The mail could not be read: {reason}.",) if is_said else ())
    text, cut = _kept(_stored_lines(letter))
    files = [
        Part(file_name or f"part {number}", f"{_PART}{number}", len(content))
        for number, (file_name, content) in enumerate(letter.files, start=1)
        if content is not None
    ]
    parts, left_out = taken(files, "mail")
    within = len(letter.files) - len(files)
    told = [f"The mail holds {within} other mails or objects, which are not read."] if within else []
    return Reading(
        kind="mail",
        facts=_stored_facts(letter),
        text=text,
        problems=(*cut, *left_out, *told),
        parts=tuple(parts),
    )


def _stored_lines(letter: outlook.Letter) -> list[tuple[int, str]]:
    if letter.text.strip():
        return list(enumerate(lines_of(clean(letter.text).encode("utf-8", "replace")), start=1))
    return list(enumerate((words for _, words in text_lines(letter.html)), start=1))


def _stored_facts(letter: outlook.Letter) -> tuple[Fact, ...]:
    """Give what the headers of the journey say, and for the rest what Outlook noted."""
    travelled = _facts(HeaderParser().parsestr(clean(letter.headers), headersonly=True), {})
    noted: list[tuple[str, str, FactType, str]] = [
        ("mail.from", "From", "text", letter.sender),
        ("mail.to", "To", "text", letter.to),
        ("mail.subject", "Subject", "text", letter.subject),
        ("mail.date", "Date", "datetime", letter.sent.isoformat() if isinstance(letter.sent, datetime) else ""),
        ("mail.message_id", "Message-ID", "text", letter.message_id),
    ]
    known = {fact.name for fact in travelled}
    return (*travelled, *(_noted(*one) for one in noted if one[0] not in known and one[3].strip()))


def _noted(fact_name: str, header: str, fact_type: FactType, value: str) -> Fact:
    written = " ".join(clean(value).split())[: headers.LONGEST]
    return Fact(fact_name, fact_type, written, Locator(path=f"header:{header}"), _STATED, name, version)
