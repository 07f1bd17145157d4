"""Mail as Outlook stores it."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest

from sightline.extractors import Reading, registry
from tests.extractors.outlook_files import mail

Read = Callable[[bytes], Reading]

SUBJECT, BODY, HEADERS, SENDER, ADDRESS, SENT = 0x0037, 0x1000, 0x007D, 0x0C1A, 0x0C1F, 0x0039
NAME, SMTP, LONG_NAME, CONTENT, METHOD, KIND = 0x3001, 0x39FE, 0x3707, 0x3701, 0x3705, 0x0C15
MESSAGE_ID, SENDER_SMTP = 0x1035, 0x5D01
BO = {NAME: "Bo Lind", SMTP: "bo@example.org", KIND: 1}
SHEET = b"Article,Price\nCheese,1.50\n"
STORED = {
    SUBJECT: "The lift, again",
    BODY: "It is stuck.\r\nPlease help.",
    SENDER: "Ada Byron",
    ADDRESS: "ada@example.org",
    SENT: datetime(2024, 5, 1, 12, 0, tzinfo=UTC),
    MESSAGE_ID: "<1@example.org>",
}
TRAVELLED = (
    "From: Ada <ada@example.org>\r\nTo: bo@example.org\r\nSubject: The lift\r\n"
    "Date: Wed, 01 May 2024 12:00:00 +0200\r\nMessage-ID: <2@example.org>\r\n"
)


def facts(reading: Reading) -> dict[str, object]:
    return {fact.name.removeprefix("mail."): fact.value for fact in reading.facts}


def test_what_outlook_noted_are_the_facts_of_a_mail_that_was_never_sent(read_bytes: Read) -> None:
    found = read_bytes(mail(STORED, [BO], []))
    assert (found.media_type, found.kind) == ("application/vnd.ms-outlook", "mail")
    assert facts(found) == {
        "from": "Ada Byron <ada@example.org>",
        "to": "Bo Lind <bo@example.org>",
        "subject": "The lift, again",
        "date": "2024-05-01T12:00:00+00:00",
        "message_id": "<1@example.org>",
    }
    assert [line.text for line in found.text][-2:] == ["It is stuck.", "Please help."]


def test_the_headers_it_travelled_with_say_it_better(read_bytes: Read) -> None:
    found = facts(read_bytes(mail(STORED | {HEADERS: TRAVELLED}, [BO], [])))
    assert (found["subject"], found["message_id"]) == ("The lift", "<2@example.org>")
    assert found["date"] == "2024-05-01T12:00:00+02:00"


@pytest.mark.parametrize("content", [SHEET, SHEET * 400], ids=["small", "large"])
def test_files_sent_along_are_parts_and_come_out_whole(read_bytes: Read, content: bytes) -> None:
    sent = mail(STORED, [BO], [{LONG_NAME: "prices.csv", CONTENT: content, METHOD: 1}])
    [part] = read_bytes(sent).parts
    assert (part.name, part.size) == ("prices.csv", len(content))
    assert b"".join(registry.part(BytesIO(sent), part.path)) == content


@pytest.mark.parametrize("kept", [2_000, 9_000, 20_000])
def test_a_file_that_was_cut_off_says_so_or_is_read_as_far_as_it_goes(read_bytes: Read, kept: int) -> None:
    whole = mail(STORED, [BO], [{LONG_NAME: "prices.csv", CONTENT: SHEET * 1000, METHOD: 1}])
    assert kept < len(whole)
    found = read_bytes(whole[:kept])
    assert found.problems or facts(found)["subject"] == "The lift, again"


def test_a_sender_within_the_organisation_has_an_address_all_the_same(read_bytes: Read) -> None:
    exchange = {SENDER: "Byron, Ada", ADDRESS: "/O=EXCHANGE/OU=EXAMPLE/CN=ADA", SENDER_SMTP: "ada@example.org"}
    assert facts(read_bytes(mail(STORED | exchange, [BO], [])))["from"] == "Byron, Ada <ada@example.org>"


def test_names_of_several_people_are_told(read_bytes: Read) -> None:
    nameless = {SMTP: "eve@example.org", KIND: 1}
    assert facts(read_bytes(mail(STORED, [BO, nameless], [])))["to"] == "Bo Lind <bo@example.org>, eve@example.org"


def test_a_mail_within_a_mail_is_told_and_left_out(read_bytes: Read) -> None:
    found = read_bytes(mail(STORED, [BO], [{LONG_NAME: "inner.msg", METHOD: 5}]))
    assert (found.kind, found.parts, found.problems) == (
        "mail",
        (),
        ("The mail holds 1 other mails or objects, which are not read.",),
    )
