"""Other spellings of an address or a method give no access, and never an error of ours."""

import json
import re

import pytest

from tests.access.scene import SECRET_TITLE, Ask, Scene
from tests.access.table import TABLE, Row

REFUSED = [row for row in TABLE if row.answers["other"] in {403, 404} and row.path.startswith("/api/")]
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")
NASTY = ("%00", "%FF", "-1", "0", "9" * 40, "1%0a", "1;--", "%2e%2e", "..%2f1", "a" * 300, "1.0", "%F0%9F%92%A9", "1e3")
VALUES = ("\x00", "\U0001f600", "' OR 1=1 --", "9" * 40, "-1", "NaN", "%", "__class__", "a" * 2000, "{}", "é")


@pytest.mark.parametrize("caller", ["anon", "other"])
async def test_no_other_spelling_of_an_address_gives_access(scene: Scene, caller: str) -> None:
    faults = []
    for row in REFUSED:
        ask = await scene.ask(row)
        before = await scene.checksum()
        for detour in _detours(ask, _allowed(row.path, caller)):
            answer = await scene.send(scene.clients[caller], detour)
            is_page = not detour.url.startswith("/api/")
            if answer.status_code not in {400, 401, 403, 404, 405, 415, 422} and not is_page:
                faults.append((detour.method, detour.url, answer.status_code))
            if SECRET_TITLE in answer.text or (is_page and answer.status_code not in {200, 404, 405, 503}):
                faults.append((detour.method, detour.url, answer.status_code))
        assert await scene.checksum() == before, row
    assert faults == []


def _allowed(path: str, caller: str) -> set[str]:
    return {row.method for row in TABLE if row.path == path and row.answers[caller] < 300}


def _detours(ask: Ask, allowed: set[str]) -> list[Ask]:
    last = ask.url.rsplit("/", 1)[-1]
    urls = [
        f"{ask.url}/",
        ask.url.upper(),
        ask.url.replace("/api/v1", "/API/v1"),
        ask.url.replace("/v1/", "/v1//"),
        ask.url.replace("/v1/", "/v1/%2e/"),
        ask.url.replace("/v1/", "/v1/x/%2e%2e/"),
        ask.url.replace("/v1/", "/v1/x/../"),
        f"/{ask.url}",
        ask.url.replace(last, f"{last}%20"),
        ask.url.replace(last, f"{last};x=1"),
        ask.url.replace(last, f"{last}.json"),
    ]
    detours = [Ask(ask.method, url, ask.more) for url in urls]
    detours += [Ask(method, ask.url) for method in ("HEAD", "OPTIONS", "TRACE", "PROPFIND")]
    detours += [
        Ask(carrier, ask.url, {"headers": {name: ask.method}}) for name in OVERRIDES for carrier in ("POST", "GET")
    ]
    detours += [Ask("POST", f"{ask.url}?_method={ask.method}", {"data": {"_method": ask.method}})]
    return [one for one in detours if one.method not in allowed]


async def test_no_address_and_no_value_makes_the_server_fail(scene: Scene) -> None:
    faults = []
    for row in (row for row in TABLE if row.method != "WS"):
        for ask in [*_broken_paths(row), *await _broken_queries(scene, row), *await _broken_bodies(scene, row)]:
            answer = await scene.send(scene.clients["admin"], ask)
            is_ready = row.path.startswith("/health") and answer.status_code == 200
            if answer.status_code >= 500 and not is_ready:
                faults.append((row.method, row.path, ask.url[:80], str(ask.more)[:80], answer.status_code))
    assert faults == []


def _broken_paths(row: Row) -> list[Ask]:
    if "{" not in row.path:
        return []
    return [Ask(row.method, re.sub(r"\{\w+\}", value, row.path), {"json": {}}) for value in NASTY]


async def _broken_queries(scene: Scene, row: Row) -> list[Ask]:
    operation = scene.app.openapi()["paths"].get(row.path, {}).get(row.method.lower(), {})
    named = [one for one in operation.get("parameters", ()) if one["in"] in {"query", "header"}]
    ask = await scene.ask(row) if named else None
    if ask is None or row.path.endswith("/events"):
        return []
    in_query = [
        Ask(row.method, ask.url, {"params": {p["name"]: v}}) for p in named if p["in"] == "query" for v in VALUES
    ]
    latin = [value for value in VALUES if value.isascii() and value.isprintable()]
    in_header = [{p["name"]: v} for p in named if p["in"] == "header" for v in latin]
    return in_query + [Ask(row.method, ask.url, ask.more | {"headers": one}) for one in in_header]


async def _broken_bodies(scene: Scene, row: Row) -> list[Ask]:
    ask = await scene.ask(row)
    if "data" in ask.more:
        grant = {"grant_type": "password", "username": "a@example.org", "password": "x"}
        return [Ask(row.method, ask.url, {"data": grant | {name: value}}) for name in grant for value in VALUES]
    if "json" not in ask.more:
        return []
    kinds = {"headers": {"Content-Type": "application/json"}}
    raw = (b"", b"{", b"[]", b"null", b'"x"', b"NaN", b"\xff\xfe", b'{"a":' * 5000, b'{"version": 1e400}')
    asks = [Ask(row.method, ask.url, kinds | {"content": body}) for body in raw]
    for name in ask.more["json"]:
        for value in (
            b'"\\ud800"',
            b'"\\u0000"',
            b"[]",
            b"{}",
            b"null",
            b"1e400",
            b"9" * 50,
            b'"' + b"a" * 70000 + b'"',
            b"true",
        ):
            kept = {k: v for k, v in ask.more["json"].items() if k != name}
            body = _spliced(kept, name, value)
            asks.append(Ask(row.method, ask.url, kinds | {"content": body}))
    return asks


def _spliced(kept: dict[str, object], name: str, value: bytes) -> bytes:
    rest = json.dumps(kept).encode()[1:-1]
    return b"{" + (rest + b", " if rest else b"") + f'"{name}": '.encode() + value + b"}"
