from collections.abc import Callable

import pytest

from sightline.extractors import Reading

Read = Callable[[bytes], Reading]


def test_lines_keep_the_numbers_of_the_file(read_bytes: Read) -> None:
    reading = read_bytes(b"one\r\n\r\n  \nfour\n")
    assert [(line.line, line.text) for line in reading.text] == [(1, "one"), (4, "four")]
    assert (reading.kind, reading.problems) == (None, ())


def test_what_no_database_can_store_is_replaced(read_bytes: Read) -> None:
    reading = read_bytes(b"a" * 200 + b"\x00b\x1b[31mred\x1b[0m \xef\xbf\xbf end\n")
    assert reading.text[0].text == "a" * 200 + "\ufffdbred \ufffd end"


def test_a_link_in_a_terminal_is_its_words(read_bytes: Read) -> None:
    links = (b"\x1b]8;;https://x.example/a" + end + b"a.py\x1b]8;;" + end for end in (b"\x07", b"\x1b\\"))
    assert read_bytes(b" and ".join(links) + b" failed\n").text[0].text == "a.py and a.py failed"


def test_a_windows_file_keeps_its_umlauts(read_bytes: Read) -> None:
    assert (
        read_bytes("Prüfung für 5 € fällt aus, überall\n".encode("cp1252")).text[0].text.startswith("Prüfung für 5 €")
    )


def test_stray_bytes_in_utf_8_do_not_spoil_the_rest(read_bytes: Read) -> None:
    text = "Größe ".encode() * 20 + b"\xff\n" + "Prüfung".encode()
    assert read_bytes(text).text[1].text == "Prüfung"


def test_a_long_text_is_cut_and_says_where(read_bytes: Read) -> None:
    reading = read_bytes(b"line\n" * 20_001)
    assert reading.text[-1].line == 20_000
    assert reading.problems == ("The file is long: only its text up to line 20000 is kept for searching.",)


def test_many_characters_are_cut_too(read_bytes: Read) -> None:
    reading = read_bytes(b"x" * 9_999 + b"\n" + (b"y" * 9_999 + b"\n") * 200)
    assert sum(len(line.text) for line in reading.text) <= 1_000_000
    assert len(reading.problems) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_of_a_very_long_file_beginning_and_end_are_read(read_bytes: Read, encoding: str) -> None:
    crash = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: 1\n'
    filler = "2024-05-01 12:00:00 INFO nothing happened\n"
    text = f"ValueError\n{filler * 600_000}{crash}{filler * 10_000}the end"
    reading = read_bytes(text.encode(encoding))
    place = next(fact.locator for fact in reading.facts if fact.name == "crash.fingerprint")
    assert (place.line, place.end_line) == (600_002, 600_004)
    assert "The file is very long: only its first 4 MB and its last 12 MB were read." in reading.problems


def test_one_endless_line_is_cut(read_bytes: Read) -> None:
    reading = read_bytes(b'{"a": "' + b"x" * 3_000_000 + b'"}')
    assert len(reading.text[0].text) == 10_000
    assert reading.problems == ("The file is long: some lines are kept for searching up to character 10000.",)
