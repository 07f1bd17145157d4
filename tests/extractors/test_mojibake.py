"""Text that was decoded wrongly is noticed, and real text never is."""

from collections.abc import Callable

import pytest

from sightline.extractors import Reading
from sightline.extractors.mojibake import wrongly_decoded

Read = Callable[[bytes], Reading]


@pytest.mark.parametrize("page", ["cp1252", "cp1254"])
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Rechnung für Käse", "für"),
        ("a rocket 🚀 flies", "🚀"),
        ("Ça va très bien", "Ça"),
        ("it costs 5 € today", "€"),
        ("“quoted” words", "“quoted”"),
    ],
)
def test_wrong_text_is_noticed(text: str, word: str, page: str) -> None:
    try:
        wrong = text.encode().decode(page)
    except UnicodeDecodeError:
        wrong = text.encode().decode("latin-1")
    found = wrongly_decoded(wrong)
    assert found
    assert found.meant == word


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "Größe, Käse, für, ÄÖÜ, daß, Ä\u2013Ö",
        "NÃO, São Paulo, à, é, Ã",
        "Où êtes-vous ? « Là-bas » \u2013 déjà",
        "İstanbul, ğüşıöç, Ğ",
        "Привет мир",
        "the letter Ä\u2013 comes first",
        "日本語のテキスト",
        "5 €, £3, ½ ©® ±2 µm — “yes”…",
        "",
    ],
)
def test_real_text_is_left_alone(text: str) -> None:
    assert wrongly_decoded(text) is None


def test_one_wrong_word_in_a_text_full_of_right_ones_is_left_alone() -> None:
    assert wrongly_decoded("für größere Käselöcher müßte man früher aufstehen, schrieb er über fÃ¼r") is None


def test_the_file_says_what_was_meant(read_bytes: Read) -> None:
    reading = read_bytes("Die Rechnung fÃ¼r KÃ¤se\n".encode())
    assert reading.problems == ("The text was decoded wrongly before it came here: “fÃ¼r” means “für”.",)
    assert reading.text[0].text == "Die Rechnung fÃ¼r KÃ¤se"
