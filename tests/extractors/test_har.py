import base64
import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from sightline.extractors import Reading
from sightline.extractors.masking import masked
from sightline.extractors.reading import Unreadable
from sightline.extractors.registry import read_file, served_copy

Read = Callable[[bytes], Reading]
SECRET = "S3cr3tValue9XYZ"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXZhbHVl"


def har(*entries: dict[str, Any]) -> bytes:
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "x"}, "entries": list(entries)}}).encode()


def entry(url: str = "https://h/x", *, status: int = 200, time: float = 5, **more: Any) -> dict[str, Any]:
    request = {"method": "GET", "url": url, "headers": [], **more.pop("request", {})}
    return {"time": time, "request": request, "response": {"status": status, **more.pop("response", {})}, **more}


def body(text: str, **more: str) -> dict[str, Any]:
    return entry(response={"content": {"text": text, **more}})


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_requests_are_counted_and_the_first_failure_is_named(read_bytes: Read) -> None:
    entries = [entry(), entry("https://h/y?id=7#top", status=503, time=1200.25), entry(status=0, time=-1)]
    reading = read_bytes(har(*entries))
    found = {fact.name: (fact.value, fact.locator.path) for fact in reading.facts}
    assert reading.kind == "network"
    assert found == {
        "http.requests": ("3", "/log/entries"),
        "http.failed": ("2", "/log/entries/1"),
        "http.slowest_ms": ("1200.25", "/log/entries/1/time"),
        "http.first_error": ("GET https://h/y → 503", "/log/entries/1"),
        "http.status": ("503", "/log/entries/1/response/status"),
    }


@pytest.mark.parametrize("time", ["1e999990", "1e-999990", "0e-999999", "-1", "NaN", "9" * 1_000, "soon"])
def test_a_time_of_a_million_digits_is_none(time: str, read_bytes: Read) -> None:
    reading = read_bytes(har(entry(), {**entry(), "time": time}))
    assert [fact.value for fact in reading.facts if fact.name == "http.slowest_ms"] == ["5"]


def test_an_aborted_request_failed_and_an_open_socket_is_not_slow(read_bytes: Read) -> None:
    socket = entry(status=101, time=90_000, _resourceType="websocket")
    reading = read_bytes(har(socket, entry(status=0, response={"_error": "net::ERR_ABORTED"})))
    found = {fact.name: fact.value for fact in reading.facts}
    assert (found["http.slowest_ms"], found["http.first_error"]) == ("5", "GET https://h/x → net::ERR_ABORTED")


LEAKS = {
    "cookie header": entry(request={"headers": [{"name": "Cookie", "value": f"a={SECRET}; b=1"}]}),
    "set-cookie": entry(response={"headers": [{"name": "Set-Cookie", "value": f"s={SECRET}; Path=/"}]}),
    "authorization": entry(request={"headers": [{"name": "authorization", "value": f"Custom {SECRET}"}]}),
    "api key header": entry(request={"headers": [{"name": "X-Api-Key", "value": SECRET}]}),
    "headers as object": entry(request={"headers": {"X-Auth-Token": SECRET}}),
    "cookie list": entry(request={"cookies": [{"name": "theme", "value": SECRET}]}),
    "query list": entry(request={"queryString": [{"name": "code", "value": SECRET}]}),
    "address": entry(f"https://h/cb?state={SECRET}"),
    "fragment": entry(f"https://h/cb#access_token={SECRET}&x=1"),
    "user in address": entry(f"https://me:{SECRET}@h/cb"),
    "address in an address": entry(f"https://h/?next=https%3A%2F%2Fx%2F%3Ftoken%3D{SECRET}"),
    "reset path": entry(f"https://h/reset/{SECRET}"),
    "redirect": entry(response={"redirectURL": f"/cb?session_id={SECRET}"}),
    "referer": entry(request={"headers": [{"name": "Referer", "value": f"https://h/?sig={SECRET}"}]}),
    "form": entry(request={"postData": {"text": f"user=a&password={SECRET}"}}),
    "form list": entry(request={"postData": {"params": [{"name": "client_secret", "value": SECRET}]}}),
    "multipart": entry(request={"postData": {"text": f'--x\r\nC: form-data; name="pin"\r\n\r\n{SECRET}\r\n--x--'}}),
    "json form": entry(request={"postData": {"text": json.dumps({"a": [{"refreshToken": SECRET}]})}}),
    "json in json": body(json.dumps({"a": json.dumps({"jwt": SECRET})})),
    "broken json": body('{"a": 1, "token": "' + SECRET + '", "b"'),
    "json with a guard": body(")]}',\n" + json.dumps({"token": SECRET})),
    "script": body(f"var x = {{apiKey: '{SECRET}'}}"),
    "page": body(f'<input type="hidden" name="csrf_token" value="{SECRET}">'),
    "page, other order": body(f'<input value="{SECRET}" name="csrf_token">'),
    "xml": body(f"<a><wsse:Password Type='x'>{SECRET}</wsse:Password></a>"),
    "base64 body": body(encoded(json.dumps({"token": SECRET})), encoding="base64", mimeType="application/json"),
    "binary body": body(encoded(f"\0\1{SECRET}"), encoding="base64", mimeType="application/grpc"),
    "nested under a name": body(json.dumps({"session": {"a": ["x", {"b": SECRET}]}})),
    "bearer anywhere": body(f"sent Bearer {SECRET} to h"),
    "socket message": entry(_webSocketMessages=[{"data": json.dumps({"auth": SECRET})}]),
    "own token": body(f"slt_{SECRET}"),
    "names of .NET": body(json.dumps({"Name": "password", "Value": SECRET})),
    "key and value": body(json.dumps({"key": "password", "value": SECRET})),
    "several values": body(json.dumps({"name": "password", "value": [SECRET, {"x": SECRET}]})),
    "name beside key": body(json.dumps({"key": "login", "name": "password", "value": SECRET})),
    "settings of .NET": body(f'<appSettings><add key="password" value="{SECRET}"/></appSettings>'),
    "amazon key": body("AKIA" + SECRET.upper() + "A"),
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS.keys())
def test_no_secret_is_left_in_the_copy_nor_in_what_was_read(leak: dict[str, Any], read_bytes: Read) -> None:
    content = har(leak)
    for told in (masked(content).decode(), read_bytes(content).to_json()):
        assert SECRET not in told
        assert SECRET.upper() not in told
        assert encoded(SECRET)[:12] not in told


def test_what_was_masked_once_is_masked_under_harmless_names_too() -> None:
    header = {"name": "Cookie", "value": f"sid={SECRET}"}
    copy = masked(har(entry(request={"headers": [header]}), body(f"debug: seen {SECRET} twice"), entry(f"/x/{SECRET}")))
    assert SECRET not in copy.decode()


def test_a_password_that_is_a_word_is_masked_wherever_it_stands() -> None:
    params = [{"name": "password", "value": "correct horse"}]
    copy = masked(
        har(entry(request={"postData": {"params": params, "text": "x"}}), body("correct horse, correct%20horse"))
    )
    assert b"correct" not in copy


def test_jwt_are_masked_in_any_text() -> None:
    assert b"eyJ" not in masked(har(body(f"a {JWT}, b")))


def test_the_copy_keeps_what_is_no_secret() -> None:
    plain = entry(
        "https://h/articles/2024/authors?author=Ann&page=2&keyword=red",
        request={"headers": [{"name": "Accept", "value": "text/html, */*; q=0.8"}]},
        response={"content": {"text": json.dumps({"code": "NOT_FOUND", "statusCode": 404, "author": "Ann"})}},
    )
    assert json.loads(masked(har(plain))) == json.loads(har(plain))


def test_masking_the_copy_again_changes_nothing() -> None:
    once = masked(har(*LEAKS.values()))
    assert masked(once) == once


def test_a_picture_stays_and_a_lone_surrogate_does_no_harm() -> None:
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n\0\xff").decode()
    copy = json.loads(masked(har(body(picture, encoding="base64", mimeType="image/png"), body("\ud83d"))))
    assert copy["log"]["entries"][0]["response"]["content"]["text"] == picture
    assert copy["log"]["entries"][1]["response"]["content"]["text"] == "\ud83d"


@pytest.mark.parametrize(
    "content", [har(LEAKS["cookie header"])[:-20], b'{"log": {"version": "1.2", "a": [' + b"[" * 5000]
)
def test_a_broken_har_is_withheld_and_says_so(content: bytes, read_bytes: Read) -> None:
    reading = read_bytes(content)
    assert (reading.kind, reading.facts, reading.text) == ("network", (), ())
    assert "only admins may see it" in reading.problems[0]
    with pytest.raises(Unreadable):
        served_copy(BytesIO(content))


def test_a_har_that_is_too_long_is_refused_before_it_is_read() -> None:
    reading = read_file(BytesIO(har(entry())[:-2] + b" " * 33 * 1024 * 1024 + b"}}"), "x")
    assert "longer than 32 MB" in reading.problems[0]


def test_a_har_behind_other_fields_is_masked_too() -> None:
    content = b'{"about": "' + b"x" * 10_000 + b'", ' + har(LEAKS["cookie header"])[1:]
    copy = served_copy(BytesIO(content))
    assert copy is not None
    assert SECRET.encode() not in copy


def test_other_json_is_served_as_it_is(read_bytes: Read) -> None:
    content = b'{"log": "GET /x", "level": "info", "token": "abc"}'
    assert served_copy(BytesIO(content)) is None
    assert read_bytes(content).text[0].text == content.decode()
