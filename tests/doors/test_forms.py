"""What a submission may look like."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.doors.conftest import Outsider
from tests.world import Person

Stored = Callable[[], list[Path]]
A_FILE = ("file", ("a.txt", b"words"))


def words(name: str, text: bytes) -> tuple[str, tuple[None, bytes]]:
    """Return one field of a form."""
    return name, (None, text)


REFUSED: dict[str, tuple[list[Any], str]] = {
    "nothing": ([words("text", b" \r\n ")], "text"),
    "a long title": ([words("title", b"x" * 201), A_FILE], "title"),
    "a very long title": ([words("title", b"x" * 5000), A_FILE], "title"),
    "a title of two lines": ([words("title", b"a\nb"), A_FILE], "title"),
    "a long text": ([words("text", b"x" * (64 * 1024 + 1)), A_FILE], "text"),
    "a text that does not end": ([words("text", b"x" * 200_000), A_FILE], "text"),
    "control characters": ([words("text", b"a\x00b"), A_FILE], "text"),
    "not UTF-8": ([words("text", b"\xff\xfe"), A_FILE], "text"),
    "half a pair": ([words("text", b"\xed\xa0\x80"), A_FILE], "text"),
    "an unknown field": ([A_FILE, words("priority", b"urgent")], "body"),
    "a file without a name": ([words("file", b"words")], "file"),
    "too many files": ([("file", (f"{n}.txt", b"x")) for n in range(21)], "file"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_form_that_cannot_be_read_is_refused_and_leaves_nothing(
    outsider: Outsider, stored: Stored, case: str
) -> None:
    parts, field = REFUSED[case]
    answer = await outsider.client.post("/submit/INBOX", files=parts)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert stored() == []


async def test_only_a_form_is_read(outsider: Outsider, stored: Stored) -> None:
    token = (await outsider.submit(text="It stops"))["token"]
    for path in ("/submit/INBOX", f"/receipts/{token}/attachments"):
        for kind in ("application/json", "application/octet-stream", "application/x-www-form-urlencoded", ""):
            answer = await outsider.client.post(path, content=b"text=a", headers={"Content-Type": kind})
            assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_type")
    assert stored() == []


async def test_words_and_files_come_in_any_order_and_at_their_longest(outsider: Outsider, maintainer: Person) -> None:
    longest = ("é" * 1023 + "\r\n") * 32
    parts = [A_FILE, words("text", longest.encode()), words("title", ("é" * 200).encode())]
    answer = await outsider.client.post("/submit/INBOX", files=parts)
    assert answer.status_code == 201, answer.text
    issue = (await maintainer.get(f"/issues/{answer.json()['key']}")).json()
    assert (issue["title"], issue["description"]) == ("é" * 200, longest.replace("\r\n", "\n"))
    assert (issue["attachments_count"], issue["severity"], issue["status"]) == (1, "medium", "open")


async def test_a_file_field_in_which_nothing_was_chosen_is_no_file(
    outsider: Outsider, stored: Stored, maintainer: Person
) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    empty = '--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n'
    text = '--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nIt stops\r\n'
    refused = await outsider.client.post("/submit/INBOX", content=f"{empty}--b--\r\n", headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "text")
    taken = await outsider.client.post("/submit/INBOX", content=f"{empty}{text}--b--\r\n", headers=headers)
    assert taken.status_code == 201
    assert (await maintainer.get(f"/issues/{taken.json()['key']}")).json()["attachments_count"] == 0
    assert stored() == []


async def test_a_reply_that_says_nothing_or_too_much_is_refused(outsider: Outsider) -> None:
    token = (await outsider.submit(text="It stops"))["token"]
    for body in ("", " \n", "x" * 70_000, "a\x00"):
        assert (await outsider.reply(token, body)).status_code == 422
    more = await outsider.client.post(f"/receipts/{token}/replies", json={"body": "a", "internal": True})
    assert (more.status_code, more.json()["errors"][0]["field"]) == (422, "internal")
    hostile = await outsider.reply(token, "<script>alert(1)</script> [a](javascript:alert(1))")
    assert "<script" not in hostile.json()["body_html"]
    assert "javascript:" not in hostile.json()["body_html"].replace("(javascript:alert(1))", "")
    assert (await outsider.add(token)).status_code in {415, 422}


async def test_the_same_sent_again_under_its_key_leads_to_the_first_receipt(
    outsider: Outsider, maintainer: Person, admin: Person, stored: Stored
) -> None:
    async def send(key: str, *parts: Any) -> Any:
        return (await outsider.client.post("/submit/INBOX", files=parts, headers={"Idempotency-Key": key})).json()

    key, text = "0123456789-0123456789", words("text", b"It stops")
    first = await send(key, text, A_FILE)
    again = await asyncio.gather(*(send(key, text, A_FILE) for _ in range(3)))
    assert again == [first] * 3
    others = [await send(key, text), await send(f"{key}-2", text, A_FILE), await outsider.submit(text="It stops")]
    assert len({one["token"] for one in (first, *others)}) == 4
    assert len((await maintainer.get("/issues")).json()["items"]) == 4
    assert len(stored()) == 2
    assert (await send("too short", text))["errors"][0]["field"] == "idempotency-key"
    await admin.delete(f"/issues/{first['key']}")
    assert (await send(key, text, A_FILE))["code"] == "not_found"
