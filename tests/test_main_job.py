"""The main job as its people do it: a paper and a crash come in, somebody reads the facts, the team closes them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2 as httpx

from tests.readers.feed import Told, following
from tests.world import API, SAMPLES, World, listening

INVOICE = "zugferd_en16931_1_teilrechnung.pdf"
ADA, MIA, RAE = ("ada@example.org", "mia@example.org", "rae@example.org")
SECRET = "nine lamps over the long quay"
BROKEN = """\
def mean(prices):
    return sum(prices) / len(prices)


print(mean([]))
"""


async def signed_in(world: World, address: str, email: str) -> httpx.AsyncClient:
    """Get an access token for an address and return a client that carries it."""
    client = await world.stack.enter_async_context(httpx.AsyncClient(base_url=address + API, timeout=30))
    form = {"grant_type": "password", "username": email, "password": SECRET}
    granted = await client.post("/auth/token", data=form)
    assert granted.status_code == 200, granted.text
    client.headers["Authorization"] = f"Bearer {granted.json()['access_token']}"
    return client


def crash(folder: Path) -> bytes:
    """Let a program really crash, and return what Python said."""
    (folder / "basket.py").write_text(BROKEN)
    ran = subprocess.run([sys.executable, "basket.py"], cwd=folder, capture_output=True, check=False)
    assert ran.returncode == 1
    return ran.stderr


async def facts_of(client: httpx.AsyncClient, attachment: int) -> dict[str, dict[str, Any]]:
    listed = await client.get(f"/attachments/{attachment}/facts")
    return {fact["name"]: fact for fact in listed.json()["items"]}


def must_be_the_invoice(read: dict[str, dict[str, Any]]) -> None:
    """Compare with what the paper says, and where it says it."""
    assert read["invoice.number"]["value"] == "471102"
    assert read["invoice.supplier"]["value"] == "Lieferant GmbH"
    assert read["invoice.date"]["value"] == "2018-06-05"
    total = read["invoice.total"]
    assert (total["type"], total["value"]) == ("money", {"amount": "197.65", "currency": "EUR"})
    assert (total["extractor"], total["confidence"], total["corrected_by"]) == ("invoice_xml", 1.0, None)
    assert total["locator"]["page"] == 3
    assert total["locator"]["box"] == [509.71, 57.83, 543.33, 65.81]
    assert total["locator"]["path"].startswith("factur-x.xml:/rsm:CrossIndustryInvoice/")
    assert total["locator"]["path"].endswith("/ram:GrandTotalAmount")


def must_be_closed_by(issue: dict[str, Any], mia: int) -> None:
    assert (issue["status"], issue["resolution"], issue["severity"]) == ("done", "fixed", "high")
    assert issue["assignee"] == {"id": mia, "name": "Mia"}
    assert None not in {issue["triaged_at"], issue["started_at"], issue["done_at"]}


async def keys(client: httpx.AsyncClient, query: str) -> list[str]:
    listed = await client.get("/issues", params={"q": query})
    return [issue["key"] for issue in listed.json()["items"]]


def steps(told: list[Told], issue: int) -> list[tuple[str, dict[str, Any]]]:
    """Return what a stream told of one issue itself, as (kind, changes)."""
    return [(one.event, one.data["changes"]) for one in told if one.data["issue"] == issue and one.event[:5] == "issue"]


async def test_an_invoice_and_a_crash_go_from_a_file_to_a_closed_issue_before_everybodys_eyes(
    world: World, tmp_path: Path
) -> None:
    async with listening(world.app) as address, httpx.AsyncClient(base_url=address + API) as anyone:
        # The first administrator sets the server up, takes a colleague in, and somebody else registers.
        first = await anyone.post("/setup", json={"email": ADA, "name": "Ada", "password": SECRET})
        assert first.json()["role"] == "admin"
        ada = await signed_in(world, address, ADA)
        colleague = {"email": MIA, "name": "Mia", "role": "Maintainer", "password": SECRET}
        mia_id = (await ada.post("/users", json=colleague)).json()["id"]
        registered = await anyone.post("/auth/register", json={"email": RAE, "name": "Rae", "password": SECRET})
        assert (registered.status_code, registered.json()["role"]) == (201, "reporter")
        rae, mia = await signed_in(world, address, RAE), await signed_in(world, address, MIA)

        # Rae sends both files; the facts come with their proof.
        trace_text = crash(tmp_path)
        files = [
            ("file", (INVOICE, (SAMPLES / INVOICE).read_bytes())),
            ("file", ("crash.txt", trace_text)),
        ]
        uploaded = await rae.post("/attachments", files=files)
        paper, trace = uploaded.json()
        assert (await world.extracted(rae, paper["id"]))["extraction"] == {
            "status": "done",
            "kind": "invoice",
            "problems": [],
        }
        assert (await world.extracted(rae, trace["id"]))["extraction"]["kind"] == "crash"
        read = await facts_of(rae, paper["id"])
        must_be_the_invoice(read)
        died = await facts_of(rae, trace["id"])
        assert died["crash.type"]["value"] == "ZeroDivisionError"
        assert died["crash.top_frame"]["value"] == f"mean ({tmp_path}/basket.py:2)"
        assert died["crash.type"]["locator"]["line"] == len(trace_text.splitlines())

        async with following(address, rae) as rae_sees, following(address, mia) as mia_sees:
            # Rae files an issue for each; Mia sees them come.
            bill = await rae.post("/issues", json={"title": "Twice the same bill?", "attachment_ids": [paper["id"]]})
            fault = {"title": "The basket dies when empty", "severity": "HIGH", "attachment_ids": [trace["id"]]}
            bug = await rae.post("/issues", json=fault)
            assert (bill.status_code, bill.json()["key"], bug.json()["key"]) == (201, "INBOX-1", "INBOX-2")
            bug_id = bug.json()["id"]
            seen_by_mia = await mia_sees.until("issue.attached", issue=bug_id)
            assert [one.data["key"] for one in seen_by_mia if one.event == "issue.filed"] == ["INBOX-1", "INBOX-2"]
            assert {fact["name"] for fact in (await mia.get("/issues/INBOX-2/facts")).json()["items"]} == set(died)

            # Mia triages, takes and closes the crash.
            moves: list[dict[str, Any]] = [
                {"status": "triaged", "priority": "urgent", "assignee_id": mia_id},
                {"status": "in_progress"},
                {"status": "done"},
            ]
            version = (await mia.get("/issues/INBOX-2")).json()["version"]
            for move in moves:
                moved = await mia.patch("/issues/INBOX-2", json=move | {"version": version})
                assert moved.status_code == 200, moved.text
                version = moved.json()["version"]
            must_be_closed_by(moved.json(), mia_id)

            # Both were told every step, in the same order.
            last = {"status": {"from": "in_progress", "to": "done"}, "resolution": {"from": None, "to": "fixed"}}
            seen_by_rae = await rae_sees.until("issue.status_changed", issue=bug_id, changes=last)
            seen_by_mia += await mia_sees.until("issue.status_changed", issue=bug_id, changes=last)
            assert [kind for kind, _ in steps(seen_by_rae, bug_id)] == [
                "issue.filed",
                "issue.attached",
                "issue.priority_changed",
                "issue.assigned",
                *["issue.status_changed"] * 3,
            ]
            assert steps(seen_by_mia, bug_id) == steps(seen_by_rae, bug_id)
            assert [one.id for one in seen_by_mia] == [one.id for one in seen_by_rae]

        # The numbers are right for both, and each links to exactly its issues.
        await world.settle()
        for person in (rae, mia):
            summary = (await person.get("/insights/summary")).json()
            counted = {one["value"]: one["count"] for one in summary["by"]["status"]}
            assert (summary["total"], counted) == (2, {"open": 1, "triaged": 0, "in_progress": 0, "done": 1})
            linked = {one["q"]: await keys(person, one["q"]) for one in summary["status_by_severity"] if one["count"]}
            assert linked == {"status:open severity:medium": ["INBOX-1"], "status:done severity:high": ["INBOX-2"]}
