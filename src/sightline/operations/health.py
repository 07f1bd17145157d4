"""Whether this process lives, whether it can do its work, and what it has counted."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import func, select
from starlette.requests import HTTPConnection

from sightline.core import metrics
from sightline.core.actor import May
from sightline.core.db import ReadSession, ping
from sightline.core.errors import NotFound, Problem
from sightline.house import READERS, House
from sightline.jobs.models import Job, JobState
from sightline.migrations import current, newest
from sightline.readers import runner
from sightline.users.authentication import is_local

PATIENCE: Final = 3.0

log = structlog.get_logger(__name__)
router = APIRouter(tags=["service"])


@router.get("/health/live")
async def read_liveness() -> dict[str, str]:
    """Answer as long as this process runs."""
    return {"status": "ok"}


class Readiness(BaseModel):
    """What is in order (`ok`) and what is not (`failed`)."""

    status: Literal["ready", "not_ready"]
    checks: dict[str, Literal["ok", "failed"]]


STATES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": Readiness, "description": "Everything is in order."},
    503: {"model": Readiness, "description": "Something is not in order, or the server stops."},
}


@router.get("/health/ready", responses=STATES)
@router.get("/health", include_in_schema=False)
async def read_readiness(request: Request) -> Response:
    """Answer 200 when database, migrations and storage are in order, else 503 that says which is not."""
    checks = {"database": _database, "migrations": _migrations, "storage": _storage}
    found = {name: await _passes(name, check, request.app.state.house) for name, check in checks.items()}
    if request.app.state.stopping.is_set():
        found["stopping"] = False
    is_ready = all(found.values())
    shown = {name: "ok" if passed else "failed" for name, passed in found.items()}
    body = {"status": "ready" if is_ready else "not_ready", "checks": shown}
    return JSONResponse(body, 200 if is_ready else 503, {"Cache-Control": "no-store"})


async def _passes(name: str, check: Callable[[House], Awaitable[Any]], house: House) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await check(house)
    except Exception as error:  # noqa: BLE001 - whatever it is, this part is not ready
        log.warning("not ready", part=name, error=type(error).__name__)
        return False
    return True


async def _database(house: House) -> None:
    async with house.database.reading() as session:
        await ping(session)


async def _migrations(house: House) -> None:
    async with house.database.reading() as session:
        connection = await session.connection()
        if await connection.run_sync(current) != newest():
            raise RuntimeError("another revision")


async def _storage(house: House) -> None:
    await house.storage.check()


@router.get("/metrics", include_in_schema=False)
async def read_metrics(request: Request) -> Response:
    """Show what this server has counted: to this machine itself, and to administrators."""
    await _may_measure(request)
    house: House = request.app.state.house
    async with house.database.reading() as session:
        await runner.measure(session, READERS)
        await _count_jobs(session)
    return Response(metrics.exposition(), media_type="text/plain; version=0.0.4")


async def _may_measure(connection: HTTPConnection) -> None:
    state = connection.app.state
    if is_local(connection, state.public_url):
        return
    try:
        actor = await state.authenticate(connection)
    except Problem:
        actor = None
    if actor is None or not actor.may(May.administer):
        raise NotFound


async def _count_jobs(session: ReadSession) -> None:
    rows = await session.execute(select(Job.state, func.count()).group_by(Job.state))
    counts: dict[str, int] = {row[0]: row[1] for row in rows}
    for state in JobState:
        metrics.JOBS.labels(state).set(counts.get(state, 0))
