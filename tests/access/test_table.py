"""The access table, row by row and caller by caller, against the live routes and really existing things."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from sightline.core.config import Settings
from sightline.main import create_app
from tests.access.scene import SECRET_TITLE, Ask, Scene
from tests.access.table import CALLERS, PAGES, TABLE, Row

HTTP = [row for row in TABLE if row.method != "WS"]
ROWS = {(row.method, row.path): row for row in TABLE}
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
DISCREET = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow", "cache-control": "no-store"}
SECRET_KEYS = re.compile(r"password|secret|hash|storage|email_key")


def test_every_route_has_a_row_and_every_row_a_route(tmp_path: Path) -> None:
    routes = set(_routes(create_app(Settings(sightline_data=tmp_path))))
    assert routes - ROWS.keys() - PAGES == set(), "routes without a row"
    assert (ROWS.keys() | PAGES) - routes == set(), "rows without a route"
    assert len(ROWS) == len(TABLE)


def test_the_documentation_names_the_role_of_the_table(tmp_path: Path) -> None:
    paths = create_app(Settings(sightline_data=tmp_path)).openapi()["paths"]
    told = {(m.upper(), p): one["x-required-role"] for p, of_path in paths.items() for m, one in of_path.items()}
    assert told == {key: ROWS[key].role for key in told}


def test_no_route_holds_two_ids_that_could_disagree() -> None:
    assert [row.path for row in TABLE if row.path.count("{") > 1] == []


async def test_every_route_answers_as_the_table_says(scene: Scene) -> None:
    found, changed, unsafe = {}, [], []
    ready: dict[Row, Ask] = {}
    for caller in CALLERS:
        ready |= {row: await scene.ask(row) for row in HTTP if row not in ready}
        clients = {row: await scene.client_for(caller, row) for row in HTTP}
        before = await scene.checksum()
        for row in HTTP:
            answer = await scene.send(clients[row], ready[row])
            found[caller, row.method, row.path] = answer.status_code
            after = await scene.checksum()
            if (answer.status_code >= 400 or row.method == "GET") and after != before:
                changed.append((caller, row.method, row.path))
            before = after
            unsafe += [f"{caller} {row.method} {row.path}: {fault}" for fault in _faults(caller, row, answer)]
            if answer.status_code < 400 and row.method != "GET":
                del ready[row]
    assert found == {(caller, row.method, row.path): row.answers[caller] for caller in CALLERS for row in HTTP}
    assert changed == [], "refused calls, or reads, that changed the database"
    assert unsafe == []


async def test_what_is_hidden_looks_like_what_is_missing(scene: Scene) -> None:
    told = []
    for row in (row for row in HTTP if "{" in row.path and not row.is_public):
        ask, asks = await scene.ask(row), await scene.missing(row)
        before = await scene.checksum()
        for caller in ("own", "other", "maintainer", "admin"):
            client = scene.clients[caller]
            real = await scene.send(client, ask) if row.answers[caller] == 404 else None
            for one in asks:
                nothing = await scene.send(client, one)
                assert nothing.status_code in {404, 403 if row.answers[caller] == 403 else 404}, (caller, one)
                if real is not None and _bare(real) != _bare(nothing):
                    told.append((caller, one, _bare(real), _bare(nothing)))
        assert await scene.checksum() == before, row
    assert told == []


async def test_the_socket_opens_for_those_of_the_table(scene: Scene) -> None:
    row = ROWS["WS", "/api/v1/ws"]
    issue = (await scene.people["own"].file(title=SECRET_TITLE))["id"]
    for caller in CALLERS:
        credential = scene.clients[caller].headers.get("authorization")
        assert await _knock(scene.app, credential, "") == row.answers[caller], caller
    assert await _knock(scene.app, scene.clients["own"].headers["authorization"], f"issue={issue}") == 200
    hidden = await _knock(scene.app, scene.clients["other"].headers["authorization"], f"issue={issue}")
    assert hidden == await _knock(scene.app, scene.clients["other"].headers["authorization"], "issue=999999") == 404


def _routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    for route in iter_route_contexts(app.routes):
        path = str(route.path)
        for method in getattr(route, "methods", None) or {"WS"}:
            yield method, path


def _faults(caller: str, row: Row, answer: httpx.Response) -> Iterator[str]:
    is_discreet = row.path.startswith(("/api/v1/submit", "/api/v1/receipts"))
    expected = HEADERS | (DISCREET if is_discreet else {})
    for name, value in expected.items():
        if answer.headers.get(name) != value:
            yield f"header {name}"
    if "default-src 'none'" not in answer.headers.get("content-security-policy", ""):
        yield "header content-security-policy"
    is_asset = row.path.startswith("/docs/assets")
    if not is_asset and not {"private", "no-store"} & set(re.split(r",\s*", answer.headers.get("cache-control", ""))):
        yield "header cache-control"
    if "x-request-id" not in answer.headers or "server" in answer.headers:
        yield "header x-request-id or server"
    if row.path.startswith("/api/"):
        yield from _leaks(caller, answer)


def _leaks(caller: str, answer: httpx.Response) -> Iterator[str]:
    addresses = set(re.findall(r"[\w.]+@example\.org", answer.text))
    own = {f"{caller}@example.org", "own@example.org" if answer.request.url.path.endswith("/auth/session") else ""}
    if caller not in {"admin", "read_only"} and addresses - own:
        yield f"addresses {addresses - own}"
    if answer.content and answer.headers.get("content-type", "").endswith("json"):
        yield from (f"key {key}" for key in _keys(answer.json()) if SECRET_KEYS.search(key))
    if answer.status_code >= 400 and SECRET_TITLE in answer.text:
        yield "text of something hidden"


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _keys(one)


def _bare(answer: httpx.Response) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Return an answer without what differs from request to request."""
    body = json.loads(answer.content)
    assert body.pop("request_id") == answer.headers["x-request-id"]
    return answer.status_code, body, {k: v for k, v in answer.headers.items() if k != "x-request-id"}


async def _knock(app: FastAPI, credential: str | None, query: str) -> int:
    """Open the socket as a server would, and return 200, or the refusal's status."""
    headers = [(b"host", b"sightline.example")] + ([(b"authorization", credential.encode())] if credential else [])
    scope: dict[str, Any] = {
        "type": "websocket",
        "path": "/api/v1/ws",
        "raw_path": b"/api/v1/ws",
        "query_string": query.encode(),
    }
    scope |= {"headers": headers, "client": ("203.0.113.7", 1), "scheme": "ws", "subprotocols": [], "app": app}
    coming: list[dict[str, Any]] = [{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1000}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return coming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return 200 if sent[0]["type"] == "websocket.accept" else int(sent[0]["code"]) - 4000
