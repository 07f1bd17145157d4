"""What people and programs send: brought into one form, or refused without being repeated."""

from typing import Any

from tests.world import Person

JSON = {"Content-Type": "application/json"}


async def test_words_are_taken_in_any_case_and_by_their_common_names(maintainer: Person) -> None:
    spoken = {
        ("severity", "CRITICAL"): "critical",
        ("severity", " Blocker "): "critical",
        ("severity", "P3"): "medium",
        ("priority", "P1"): "urgent",
        ("priority", "minor"): "low",
        ("status", "In Progress"): "in_progress",
        ("status", "in-progress"): "in_progress",
        ("status", "WIP"): "in_progress",
        ("status", "resolved"): "done",
        ("status", "Closed"): "done",
        ("status", "todo"): "open",
    }
    for (field, said), meant in spoken.items():
        assert (await maintainer.file(**{field: said}))[field] == meant, said
    done = await maintainer.edit(await maintainer.file(), status="Fixed", resolution="Won't Fix")
    assert (done.json()["status"], done.json()["resolution"]) == ("done", "wont_fix")


async def test_a_title_is_one_trimmed_line_in_one_form(reporter: Person) -> None:
    issue = await reporter.file(title="  Cafe\u0301 geht nicht \u00a0", description="  indented\r\nsecond\ttab\n")
    assert issue["title"] == "Café geht nicht"
    assert issue["description"] == "  indented\nsecond\ttab\n"


async def test_markdown_is_shown_without_anything_that_runs(reporter: Person) -> None:
    text = "**bold** <script>alert(1)</script> [x](javascript:alert(1)) ![y](http://e.example/z.png) [ok](https://a.example)"
    shown = (await reporter.file(description=text))["description_html"]
    assert "<strong>bold</strong>" in shown
    assert 'rel="noopener noreferrer nofollow"' in shown
    for harm in ("<script", 'href="javascript', "<img"):
        assert harm not in shown


IMPOSSIBLE: list[tuple[str, Any]] = [
    ("title", ""),
    ("title", "   "),
    ("title", "x" * 201),
    ("title", "two\nlines"),
    ("title", "nul\x00"),
    ("title", "escape\x1b[31m"),
    ("title", 7),
    ("title", None),
    ("title", ["a"]),
    ("description", "x" * 65_537),
    ("description", "é" * 32_769),
    ("description", "nul\x00"),
    ("severity", "dreadful"),
    ("severity", None),
    ("severity", {"$ne": None}),
    ("due_on", "24.12.2026"),
    ("due_on", "2026-02-30"),
    ("project", "NONE"),
    ("project", "'; DROP TABLE issues; --"),
    ("attachment_ids", [0]),
    ("attachment_ids", [2**63]),
    ("attachment_ids", [1] * 51),
]


async def test_what_cannot_be_a_value_is_refused_by_its_field(reporter: Person) -> None:
    for field, value in IMPOSSIBLE:
        refused = await reporter.post("/issues", json={"title": "Fine"} | {field: value})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid"), (field, value)
        assert {error["field"].split(".")[0] for error in refused.json()["errors"]} == {field}
    assert (await reporter.get("/issues")).json()["items"] == []


async def test_fields_that_are_the_servers_or_nobodys_are_refused_without_repeating_them(maintainer: Person) -> None:
    issue = await maintainer.file()
    owned = ("id", "key", "number", "reporter_id", "reporter", "created_at", "updated_at", "done_at", "<b>odd</b>")
    for name in (*owned, "version"):
        refused = await maintainer.post("/issues", json={"title": "x", name: "sesame-4711"})
        assert (refused.status_code, refused.json()["errors"][0]["message"]) == (422, "is not a field of this request")
        assert "sesame-4711" not in refused.text
    for name in owned:
        assert (await maintainer.edit(issue, **{name: "sesame-4711"})).status_code == 422, name
    assert (await maintainer.get(f"/issues/{issue['id']}")).json() == issue


UNREADABLE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"title"',
    b'{"title": NaN}',
    b'{"title": "x", "attachment_ids": [NaN]}',
    b'{"title": "x", "attachment_ids": [Infinity]}',
    b'{"title": "x", "attachment_ids": [1e400]}',
    b'{"title": "\\ud800"}',
    b'{"title": "\xff\xfe"}',
    b'{"title": "x"}{"title": "y"}',
    b"[" * 50_000,
    b'{"title": "x", "attachment_ids": [' + b"9" * 5000 + b"]}",
]


async def test_bytes_that_are_no_request_are_refused(reporter: Person) -> None:
    issue = await reporter.file()
    for body in UNREADABLE:
        for method, path in (("POST", "/issues"), ("PATCH", f"/issues/{issue['id']}")):
            refused = await reporter.request(method, path, content=body, headers=JSON)
            assert refused.status_code in {400, 422}, body[:40]
            assert refused.headers["content-type"] == "application/problem+json"
    assert len((await reporter.get("/issues")).json()["items"]) == 1


async def test_a_body_of_more_than_a_mebibyte_is_not_read(reporter: Person) -> None:
    refused = await reporter.post("/issues", content=b'{"title": "' + b"x" * 2**20 + b'"}', headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")

    async def endless() -> Any:
        for _ in range(20):
            yield b"x" * 2**16

    chunked = await reporter.post("/issues", content=endless(), headers=JSON)
    assert (chunked.status_code, chunked.json()["code"]) == (413, "too_large")


NO_REFERENCES = (
    *("0", "-1", "1.0", "INBOX", "INBOX-", "INBOX-0", "INBOX-01", "A-1-1", "%00", "%F0%9F%8C%B2-1", "%EF%BC%91"),
    *("99999999999999999999", "9223372036854775808", "INBOX-99999999999999999999", "x" * 300),
)


async def test_what_cannot_be_a_reference_is_the_same_as_a_missing_issue(reporter: Person) -> None:
    missing = (await reporter.get("/issues/INBOX-4711")).json()
    for ref in NO_REFERENCES:
        for path in (f"/issues/{ref}", f"/issues/{ref}/events", f"/issues/{ref}/facts"):
            answer = await reporter.get(path)
            assert answer.status_code == 404, path
            assert {**answer.json(), "request_id": 0} == {**missing, "request_id": 0}


async def test_ids_of_twenty_digits_are_missing(reporter: Person) -> None:
    for path in ("/attachments/{}", "/attachments/{}/facts", "/attachments/{}/content", "/users/{}"):
        for odd in ("4711", "99999999999999999999", "0", "-1", "x", "1.5"):
            assert (await reporter.get(path.format(odd))).status_code == 404, (path, odd)
