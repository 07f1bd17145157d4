"""Mail is read as it was meant, and files sent along come out byte for byte."""

from collections.abc import Callable
from email.message import EmailMessage
from io import BytesIO

import pytest

from sightline.extractors import Fact, Reading, registry
from sightline.extractors.reading import Unreadable
from tests.extractors.effort import effort

Read = Callable[[bytes], Reading]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


def letter(**headers: str) -> EmailMessage:
    mail = EmailMessage()
    said = {"From": "Ann Example <ann@example.org>", "To": "bob@example.org", "Subject": "The till is open"}
    for name, value in (said | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        mail[name] = value
    mail.set_content("Hello Bob,\n\nthe till is open.\n")
    return mail


def facts(reading: Reading) -> dict[str, Fact]:
    return {fact.name: fact for fact in reading.facts}


def values(reading: Reading) -> dict[str, object]:
    return {fact.name: fact.value for fact in reading.facts}


def text(reading: Reading) -> list[tuple[int, str]]:
    return [(line.line, line.text) for line in reading.text]


def test_headers_are_facts_with_their_lines(read_bytes: Read) -> None:
    mail = letter(Date="Fri, 3 May 2024 10:20:30 +0200", Message_ID="<1@example.org>")
    reading = read_bytes(bytes(mail))
    assert (reading.kind, reading.problems) == ("mail", ())
    assert values(reading) == {
        "mail.from": "Ann Example <ann@example.org>",
        "mail.to": "bob@example.org",
        "mail.subject": "The till is open",
        "mail.date": "2024-05-03T10:20:30+02:00",
        "mail.message_id": "<1@example.org>",
    }
    place = facts(reading)["mail.subject"].locator
    assert (place.path, place.line) == ("header:Subject", 3)
    assert {fact.confidence for fact in reading.facts} == {1.0}


def test_the_body_keeps_the_lines_of_the_file(read_bytes: Read) -> None:
    content = bytes(letter())
    [first, second] = text(read_bytes(content))
    assert first == (content.split(b"\n").index(b"Hello Bob,") + 1, "Hello Bob,")
    assert second == (first[0] + 2, "the till is open.")


def test_a_line_that_was_cut_for_the_journey_is_whole_again(read_bytes: Read) -> None:
    mail = b"From: a@b.c\nTo: d@e.f\nContent-Type: text/plain; charset=utf-8\n"
    body = b"Content-Transfer-Encoding: quoted-printable\n\nGr=C3=\n=B6=C3=9Fe\nend\n"
    assert text(read_bytes(mail + body)) == [(6, "Größe"), (8, "end")]


def test_of_alternatives_the_plain_text_is_the_body(read_bytes: Read) -> None:
    mail = letter()
    mail.add_alternative("<p>Hello <b>Bob</b></p>", subtype="html")
    reading = read_bytes(bytes(mail))
    assert [line.text for line in reading.text] == ["Hello Bob,", "the till is open."]
    assert reading.parts == ()


def test_html_is_read_without_scripts(read_bytes: Read) -> None:
    mail = letter()
    mail.set_content("<style>p{}</style><p>Hello<br>B&ouml;b</p><script>alert(1)</script>", subtype="html")
    assert text(read_bytes(bytes(mail))) == [(1, "Hello"), (2, "Böb")]


def test_files_sent_along_are_parts_and_come_out_whole(read_bytes: Read) -> None:
    mail = letter()
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="Käse <1>.png")
    mail.add_attachment("a,b\n1,2\n", filename="rows.csv", cte="quoted-printable")
    mail.add_attachment(letter(Subject="inside"))
    content = bytes(mail)
    reading = read_bytes(content)
    assert [part.name for part in reading.parts] == ["Käse <1>.png", "rows.csv", "part 4.eml"]
    unpacked = [b"".join(registry.part(BytesIO(content), part.path)) for part in reading.parts]
    assert unpacked[:2] == [PNG, b"a,b\n1,2\n"]
    assert [len(one) for one in unpacked] == [part.size for part in reading.parts]
    assert values(read_bytes(unpacked[2]))["mail.subject"] == "inside"


def test_encoded_words_are_decoded_also_when_cut_within_a_character(read_bytes: Read) -> None:
    mail = (
        b"From: =?utf-8?Q?M=C3=BCller=2C_Ann?= <ann@b.c>\nTo: d@e.f\nSubject: =?UTF-8?B?R3LD?=\n =?UTF-8?B?tsOf?= x\n\n"
    )
    read = values(read_bytes(mail))
    assert (read["mail.from"], read["mail.subject"]) == ("Müller, Ann <ann@b.c>", "Größ x")


def test_a_name_cannot_pass_for_the_address(read_bytes: Read) -> None:
    mail = b"From: =?utf-8?Q?=3Cboss=40bank.example=3E?= <evil@x.example>\nTo: d@e.f\nSubject: x\n\n"
    assert values(read_bytes(mail))["mail.from"] == "<boss@bank.example> <evil@x.example>"


@pytest.mark.parametrize(
    ("date", "value", "confidence"),
    [
        ("Fri, 3 May 2024 10:20:30 -0000", "2024-05-03T10:20:30+00:00", 1.0),
        ("Fri, 3 May 2024 10:20:30", "2024-05-03T10:20:30", 0.7),
        ("3 May 24 10:20 GMT", "2024-05-03T10:20:00+00:00", 1.0),
    ],
)
def test_a_date_says_how_sure_it_is(read_bytes: Read, date: str, value: str, confidence: float) -> None:
    fact = facts(read_bytes(f"From: a@b.c\nTo: d@e.f\nDate: {date}\n\n".encode()))["mail.date"]
    assert (fact.value, fact.confidence) == (value, confidence)


@pytest.mark.parametrize("date", ["yesterday", "Fri, 99 May 2024 10:20:30 +0200", "May 3, 2024 10:20:30 PM"])
def test_a_date_that_cannot_be_read_is_none(read_bytes: Read, date: str) -> None:
    assert "mail.date" not in facts(read_bytes(f"From: a@b.c\nTo: d@e.f\nDate: {date}\n\n".encode()))


def test_a_header_that_comes_twice_has_an_alternative(read_bytes: Read) -> None:
    fact = facts(read_bytes(b"From: a@b.c\nFrom: e@v.il\nTo: d@e.f\nSubject: x\n\n"))["mail.from"]
    assert (fact.value, [other.value for other in fact.alternatives]) == ("a@b.c", ["e@v.il"])


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "nonsense", "punycode", "unicode_escape", "zip"])
def test_wrong_charsets_do_no_harm(read_bytes: Read, charset: str) -> None:
    mail = f"From: a@b.c\nTo: d@e.f\nContent-Type: text/plain; charset={charset}\n\n".encode()
    assert read_bytes(mail + "Größe\\x41\n".encode("cp1252")).text[0].text == "Größe\\x41"


def nested(depth: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(depth)
    )
    return b"From: a@b.c\nTo: d@e.f\n" + opened


@pytest.mark.parametrize(
    "content",
    [
        nested(2000) + b"x\n" * 500_000,
        b"From: a@b.c\nSubject: x\nTo: " + b"(" * 100_000 + b"\n\n",
        b"From: a@b.c\nTo: d@e.f\nSubject: " + b"=?utf-8?q?" * 50_000 + b"\n\n",
        b"From: a@b.c\nTo: d@e.f\nSubject: x\n" + b"X: y\n" * 500_000,
        b"From: a@b.c\nTo: d@e.f\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 500_000,
        b"From: a@b.c\nTo: d@e.f\nContent-Type: text/html\n\n" + b"<b>" * 300_000,
        b'From: a@b.c\nTo: d@e.f\nContent-Type: text/plain; name="' + b";" * 200_000 + b'"\n\nx',
    ],
    ids=["nested", "comments", "words", "headers", "parts", "tags", "parameters"],
)
def test_hostile_mail_costs_little(content: bytes) -> None:
    assert effort(lambda: registry.read_file(BytesIO(content), "x")) < 150
    assert registry.read_file(BytesIO(content), "x").kind == "mail"


@pytest.mark.parametrize("path", ["part:99", "entry:1", ""])
def test_a_part_that_is_not_there_is_refused(path: str) -> None:
    with pytest.raises(Unreadable, match="not in the mail"):
        b"".join(registry.part(BytesIO(bytes(letter())), path))


@pytest.mark.parametrize(
    "content", [b"From: here to there\nis a long way\n", b"Date: today\nName: x\n\n", b"Error: x\nFrom: y\n\n"]
)
def test_text_with_colons_is_no_mail(read_bytes: Read, content: bytes) -> None:
    assert read_bytes(content).kind != "mail"
