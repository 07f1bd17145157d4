"""Notice UTF-8 that a program took for an 8-bit page, and say what it was."""

from typing import NamedTuple

from sightline.extractors.regex import regex

_PAGES = ("cp1252", "cp1254")
_RUN = regex(r"[^\x00-\x7f]+")
_WORD = regex(r"\S+")
_MOST_CHARACTERS = 200_000
_MOST_NATURAL = 0.1
_LONGEST_WORD = 40
_LATIN_1 = 0x100


class Wrong(NamedTuple):
    """A word as it stands, and as it was meant."""

    word: str
    meant: str


def wrongly_decoded(text: str) -> Wrong | None:
    """Find the first word that was decoded wrongly; None unless nearly all that is not ASCII is meant otherwise.

    What UTF-8 writes outside ASCII takes two bytes or more, of which an 8-bit page makes as many characters that would
    hardly ever stand together: decoding them back succeeds only by design. One character alone (`für`, `NÃO`) never does.
    """
    text = text[:_MOST_CHARACTERS]
    runs = [run[0] for run in _RUN.finditer(text)]
    meant = {run: repaired for run in set(runs) if (repaired := _repaired(run))}
    wrong = [run for run in runs if run in meant]
    if not wrong or len(runs) - len(wrong) > _MOST_NATURAL * len(runs) or not _is_clear(wrong):
        return None
    for word in _WORD.finditer(text):
        as_meant = _RUN.sub(lambda run: meant.get(run[0], run[0]), word[0])
        if as_meant != word[0]:
            return Wrong(word[0][:_LONGEST_WORD], as_meant[:_LONGEST_WORD])
    return None


def _is_clear(wrong: list[str]) -> bool:
    """Say whether it is no accident: a long run, several different ones, or one that no language writes."""
    return len(set(wrong)) > 1 or len(wrong[0]) > 2 or all(ord(letter) < _LATIN_1 for letter in wrong[0])  # noqa: PLR2004 - an umlaut and a dash may meet


def _repaired(run: str) -> str:
    for page in _PAGES:
        try:
            meant = b"".join(_byte(letter, page) for letter in run).decode()
        except UnicodeError:
            continue
        if len(meant) < len(run) and meant.isprintable():
            return meant
    return ""


def _byte(letter: str, page: str) -> bytes:
    # The five bytes that these pages leave open come through as controls, of which nothing is left in clean text.
    return bytes([ord(letter)]) if "\x80" <= letter < "\xa0" else letter.encode(page)
