"""One script of requests through the main job, and its answers without what differs by chance."""

import re
import time
from pathlib import Path
from typing import Any

import httpx2 as httpx

from tests.reliability.server import Server, add_person, bearer

SAMPLES = Path(__file__).parents[1] / "extractors" / "samples"
TIMES = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
BY_CHANCE = {"request_id", "position", "expires_at", "next_cursor", "id", "attachment_id"}

Answer = tuple[int, Any]


class Script:
    """Plays requests in order and keeps every answer."""

    def __init__(self, server: Server, admin: str, client: httpx.Client) -> None:
        roles = {"maintainer": "maintainer", "reporter": "reporter", "stranger": "reporter"}
        self._tokens = {"admin": admin} | {who: add_person(server, who.title(), role) for who, role in roles.items()}
        self._client = client
        self.answers: list[Answer] = []

    def ask(self, who: str, method: str, path: str, **more: Any) -> Any:
        """Send one request as somebody, and return the body of the answer."""
        headers = bearer(self._tokens[who]) | more.pop("headers", {})
        answer = self._client.request(method, path, headers=headers, **more)
        body = answer.json() if answer.content else None
        self.answers.append((answer.status_code, normalised(body)))
        return body

    def until_read(self, who: str, attachment_id: int) -> None:
        """Wait until a file is read; the waiting is not part of the answers."""
        deadline = time.monotonic() + 30
        while True:
            found = self._client.get(f"/attachments/{attachment_id}", headers=bearer(self._tokens[who])).json()
            if found["extraction"]["status"] not in {"queued", "running"}:
                return
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def until_counted(self, total: int) -> None:
        """Wait until the counts have caught up."""
        deadline = time.monotonic() + 30
        while self._client.get("/insights/summary", headers=bearer(self._tokens["admin"])).json()["total"] != total:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def normalised(body: Any) -> Any:
    """Return an answer without moments, request ids, positions and row ids (refused inserts use some up on PostgreSQL)."""
    if isinstance(body, dict):
        return {name: "…" if name in BY_CHANCE and value else normalised(value) for name, value in body.items()}
    if isinstance(body, list):
        return [normalised(one) for one in body]
    return TIMES.sub("(moment)", body) if isinstance(body, str) else body


def play(server: Server, admin: str) -> list[Answer]:
    """Run the main job and its refusals, and return every answer."""
    with httpx.Client(base_url=server.url, timeout=30) as client:
        script = Script(server, admin, client)
        issue = _file_with_invoice(script)
        _edit(script, issue)
        _be_refused(script, issue)
        _look(script, issue)
    return script.answers


def _file_with_invoice(script: Script) -> dict[str, Any]:
    ask = script.ask
    invoice = SAMPLES / "xrechnung_einfach.cii.xml"
    headers = {"Content-Disposition": f'attachment; filename="{invoice.name}"', "Idempotency-Key": "first"}
    stored = ask("reporter", "POST", "/attachments", content=invoice.read_bytes(), headers=headers)[0]
    ask("reporter", "POST", "/attachments", content=invoice.read_bytes(), headers=headers)
    script.until_read("reporter", stored["id"])
    ask("reporter", "GET", f"/attachments/{stored['id']}/facts")
    wish = {"title": "The total is wrong", "description": "**See** the file", "attachment_ids": [stored["id"]]}
    issue: dict[str, Any] = ask("reporter", "POST", "/issues", json=wish, headers={"Idempotency-Key": "issue"})
    ask("reporter", "POST", "/issues", json=wish, headers={"Idempotency-Key": "issue"})
    ask("reporter", "POST", "/issues", json=wish | {"title": "Another"}, headers={"Idempotency-Key": "issue"})
    for fact in ask("reporter", "GET", f"/issues/{issue['key']}/facts")["items"][:2]:
        ask("reporter", "PATCH", f"/facts/{fact['id']}", json={"value": fact["value"]})
    ask("maintainer", "POST", f"/issues/{issue['key']}/facts", json={"name": "site", "type": "text", "value": "Köln"})
    return issue


def _edit(script: Script, issue: dict[str, Any]) -> None:
    ask, path = script.ask, f"/issues/{issue['key']}"
    ask("maintainer", "PATCH", path, json={"version": issue["version"], "status": "triaged", "priority": "high"})
    ask("maintainer", "PATCH", path, json={"version": issue["version"], "priority": "low"})
    ask("maintainer", "PATCH", path, json={"version": issue["version"], "title": "The total is 1 cent off"})
    ask("maintainer", "PUT", f"{path}/labels", json={"label_names": ["Übersicht", "api", "API", "ärger"]})
    ask("admin", "POST", "/projects", json={"key": "SHOP", "name": "Shop"})
    ask("maintainer", "PATCH", path, json={"version": 99, "project": "SHOP"})
    moved = ask("maintainer", "PATCH", path, json={"version": 9, "project": "SHOP", "status": "done"})
    ask("reporter", "PATCH", path, json={"version": moved.get("version", 11), "status": "open"})
    ask("admin", "DELETE", path)
    ask("reporter", "GET", path)
    ask("admin", "POST", f"{path}/restore")


def _be_refused(script: Script, issue: dict[str, Any]) -> None:
    ask, path = script.ask, f"/issues/{issue['key']}"
    for method, place, body in (
        ("GET", path, None),
        ("PATCH", path, {"version": 1, "title": "Mine"}),
        ("PUT", f"{path}/labels", {"label_names": []}),
        ("DELETE", path, None),
        ("GET", f"{path}/facts", None),
        ("GET", f"{path}/events", None),
        ("POST", "/issues", {"title": "", "severity": "loud"}),
        ("POST", "/issues", {"title": "x", "assignee_id": 1}),
        ("POST", "/issues", {"title": "x\u0000y", "unknown": 1}),
        ("POST", "/projects", {"key": "NEW", "name": "New"}),
        ("POST", "/users", {"email": "x@example.org", "name": "X"}),
    ):
        ask("stranger", method, place, **({} if body is None else {"json": body}))
    ask("maintainer", "POST", "/projects", json={"key": "SHOP", "name": "Again"})
    ask("maintainer", "POST", "/labels", json={"name": "API"})
    ask("admin", "POST", "/users", json={"email": "REPORTER@example.org", "name": "Twin"})


def _look(script: Script, issue: dict[str, Any]) -> None:
    ask = script.ask
    for title in ("zebra", "Äpfel", "apfel", "Zebra 2", "_x"):
        ask("maintainer", "POST", "/issues", json={"title": title, "severity": "critical", "labels": [title]})
    for sort in ("title", "-severity", "priority", "number", "due_on", "-updated_at", "age"):
        ask("maintainer", "GET", "/issues", params={"sort": sort, "limit": 4, "count": True})
    for q in ("status:open severity:critical", "label:api", "APFEL", "äpfel", "100%", "status:nothing"):
        ask("maintainer", "GET", "/issues", params={"q": q})
    for path in ("/labels", "/projects", "/users", f"/issues/{issue['key']}/events"):
        ask("maintainer", "GET", path)
        ask("stranger", "GET", path)
    script.until_counted(6)
    ask("maintainer", "GET", "/insights/summary")
    ask("reporter", "GET", "/insights/summary")
