"""One life of a Sightline, told through HTTP, in which every kind of event happens at least once."""

import asyncio
import io
import zipfile
from typing import Any

import httpx2 as httpx
from PIL import Image
from sqlalchemy import exists, select

from sightline.attachments.models import Attachment
from sightline.attachments.service import EXTRACT, EXTRACT_LATER
from sightline.jobs import queue
from sightline.jobs.models import Job, JobState
from tests.world import PASSWORD, World

TRACE = b"""Traceback (most recent call last):
  File "/srv/app/shop/cart.py", line 9, in price_of
    return PRICES[item]
KeyError: 'coffee'
"""


def _picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2)).save(buffer, "PNG")
    return buffer.getvalue()


def _archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("crash.txt", TRACE)
    return buffer.getvalue()


async def told(world: World) -> None:
    """Live through the whole story, then wait until every reader has heard it."""
    ada = await _administrator(world)
    mia, rae = await _people(world, ada)
    await _projects_and_labels(ada)
    await _issues(ada, mia, rae)
    await _files(world, mia, rae)
    await _door(world, mia)
    await _farewell(world, ada)
    await world.settle()


async def done(answer: Any, status: int = 200) -> Any:
    """Return the body of an awaited answer that has the status."""
    found: httpx.Response = await answer
    assert found.status_code == status, f"{found.request.method} {found.request.url}: {found.text}"
    return found.json() if found.content else None


async def signed_in(world: World, email: str, password: str = PASSWORD) -> httpx.AsyncClient:
    """Sign in with a password."""
    form = {"grant_type": "password", "username": email, "password": password}
    tokens = await done((await world.client()).post("/auth/token", data=form))
    return await world.client(tokens["access_token"])


async def _administrator(world: World) -> httpx.AsyncClient:
    wish = {"email": "ada@example.org", "name": "Ada", "password": PASSWORD}
    await done((await world.client()).post("/setup", json=wish), 201)
    return await signed_in(world, "ada@example.org")


async def _people(world: World, ada: httpx.AsyncClient) -> tuple[httpx.AsyncClient, httpx.AsyncClient]:
    rae_wish = {"email": "rae@example.org", "name": "Rae", "password": PASSWORD}
    await done((await world.client()).post("/auth/register", json=rae_wish), 201)
    mia = await done(ada.post("/users", json={"email": "mia@example.org", "name": "Mia", "password": PASSWORD}), 201)
    await done(ada.patch(f"/users/{mia['id']}", json={"role": "maintainer"}))
    signed_mia = await signed_in(world, "mia@example.org")
    await done(signed_mia.patch("/me", json={"name": "Mia M."}))
    another = "another made-up sentence"
    await done(signed_mia.patch("/me", json={"password": another, "current_password": PASSWORD}))
    leaving = await signed_in(world, "mia@example.org", another)
    await done(leaving.post("/auth/logout"), 204)
    token = await done(signed_mia.post("/me/tokens", json={"name": "nightly", "scopes": ["read"]}), 201)
    await done(signed_mia.delete(f"/me/tokens/{token['id']}"), 204)
    return signed_mia, await signed_in(world, "rae@example.org")


async def _projects_and_labels(ada: httpx.AsyncClient) -> None:
    await done(ada.post("/projects", json={"key": "APP", "name": "The app", "description": "Ours"}), 201)
    await done(ada.patch("/projects/APP", json={"name": "The mobile app", "description": "What users run"}))
    await done(ada.put("/projects/APP/rules", json={"rules": ["kind:crash", "invoice.total:>1000"]}))
    await done(ada.post("/projects", json={"key": "GONE", "name": "Never used"}), 201)
    await done(ada.delete("/projects/GONE"), 204)
    await done(ada.post("/labels", json={"name": "Ui", "colour": "#4466CC"}), 201)


async def _issues(ada: httpx.AsyncClient, mia: httpx.AsyncClient, rae: httpx.AsyncClient) -> None:
    mine = (await done(mia.get("/me")))["id"]
    full = {"title": "All at once", "status": "done", "priority": "high", "assignee_id": mine, "labels": ["ui", "new"]}
    first = await done(mia.post("/issues", json=full | {"due_on": "2026-12-01", "description": "Long **text**"}), 201)
    second = await done(rae.post("/issues", json={"title": "It broke", "severity": "high"}), 201)
    at = f"/issues/{second['id']}"
    steps: list[dict[str, Any]] = [
        {"title": "It broke again", "description": "First words", "severity": "critical", "priority": "p1"},
        {"description": "Other words", "assignee_id": mine, "due_on": "2026-12-24"},
        {"status": "in_progress", "assignee_id": None, "due_on": None},
        {"status": "triaged", "project": "APP"},
        {"status": "done", "resolution": "duplicate", "duplicate_of": first["key"]},
        {"resolution": "wont_fix", "project": "INBOX"},
        {"status": "open", "project": "APP"},
    ]
    for step in steps:
        version = (await done(mia.get(at)))["version"]
        await done(mia.patch(at, json=step | {"version": version}))
    for names in (["UI", "other"], [], ["new"]):
        await done(mia.put(f"{at}/labels", json={"label_names": names}))
    await done(ada.delete(at), 204)
    await done(ada.post(f"{at}/restore"))


async def _files(world: World, mia: httpx.AsyncClient, rae: httpx.AsyncClient) -> None:
    (staged,) = await done(rae.post("/attachments", files={"file": ("crash.txt", TRACE)}), 201)
    issue = await done(rae.post("/issues", json={"title": "A crash", "attachment_ids": [staged["id"]]}), 201)
    await _until_read(world, staged["id"])
    facts = {one["name"]: one["id"] for one in (await done(rae.get(f"/attachments/{staged['id']}/facts")))["items"]}
    await done(rae.patch(f"/facts/{facts['crash.type']}", json={"value": "Something else"}))
    await _read_again(world, staged["id"], TRACE.replace(b"KeyError: 'coffee'", b"ValueError: tea"))
    stated = {"name": "impact.cost", "type": "money", "value": {"amount": "12.30", "currency": "eur"}}
    await done(rae.post(f"/issues/{issue['id']}/facts", json=stated), 201)
    (second,) = await done(mia.post(f"/issues/{issue['id']}/attachments", files={"file": ("note.txt", b"a note")}), 201)
    await _until_read(world, second["id"])
    (photo,) = await done(rae.post("/attachments", files={"file": ("plain.png", _picture())}), 201)
    await _until_read(world, photo["id"])
    (packed,) = await done(rae.post("/attachments", files={"file": ("all.zip", _archive())}), 201)
    await _until_read(world, packed["id"])
    seen = await done(rae.post("/issues", json={"title": "Packed", "attachment_ids": [packed["id"]]}), 201)
    (again,) = await done(rae.post("/attachments", files={"file": ("again.zip", _archive())}), 201)
    await _until_read(world, again["id"])
    await done(rae.post(f"/issues/{seen['id']}/occurrences", json={"attachment_ids": [again["id"]]}), 201)
    await done(mia.delete(f"/attachments/{second['id']}"), 204)


async def _door(world: World, mia: httpx.AsyncClient) -> None:
    await done(mia.patch("/projects/APP", json={"submissions": True}))
    anyone = await world.client()
    files = [("file", ("crash.zip", _archive()))]
    submitted = await done(anyone.post("/submit/APP", data={"text": "It stops"}, files=files), 201)
    at, receipt = f"/issues/{submitted['key']}", f"/receipts/{submitted['token']}"
    [sent] = (await done(anyone.get(receipt)))["attachments"]
    await _until_read(world, sent["id"])
    await done(mia.post(f"{at}/comments", json={"body": "Who is this?", "internal": True}), 201)
    await done(mia.post(f"{at}/comments", json={"body": "Which version?"}), 201)
    await done(anyone.post(f"{receipt}/replies", json={"body": "2.1"}), 201)
    renewed = await done(mia.post(f"{at}/receipt"), 201)
    await done(anyone.get(receipt), 404)
    await done(anyone.get(f"/receipts/{renewed['token']}"))
    await done(mia.delete(f"{at}/receipt"), 204)
    await done(mia.patch("/projects/APP", json={"submissions": False}))


async def _until_read(world: World, attachment_id: int) -> None:
    waits = Job.state.in_((JobState.queued, JobState.running))
    unread = select(exists().where(Job.kind.in_((EXTRACT, EXTRACT_LATER)), waits))
    async with asyncio.timeout(30):
        while True:
            async with world.house.database.reading() as session:
                if not await session.scalar(unread):
                    break
            await asyncio.sleep(0.05)
    async with world.house.database.reading() as session:
        assert (await session.get_one(Attachment, attachment_id)).extraction in {"done", "none"}


async def _read_again(world: World, attachment_id: int, content: bytes) -> None:
    """Read a file once more with another result, as a better extractor would."""
    async with world.house.database.reading() as session:
        key = (await session.get_one(Attachment, attachment_id)).storage_key
    (world.files / (key or "")).write_bytes(content)
    async with world.house.database.writing() as session:
        await queue.enqueue(session, EXTRACT, {"attachment_id": attachment_id})
    await _until_read(world, attachment_id)


async def _farewell(world: World, ada: httpx.AsyncClient) -> None:
    wish = {"email": "eve@example.org", "name": "Eve", "password": PASSWORD}
    eve = await done((await world.client()).post("/auth/register", json=wish), 201)
    signed = await signed_in(world, "eve@example.org")
    await done(signed.patch("/me", json={"name": "Eve E."}))
    await done(signed.post("/me/tokens", json={"name": "of Eve"}), 201)
    await done(signed.post("/issues", json={"title": "What stays"}), 201)
    await done(ada.patch(f"/users/{eve['id']}", json={"is_active": False}))
    await done(ada.delete(f"/users/{eve['id']}"), 204)
