"""A creating POST sent twice under one `Idempotency-Key` creates once and answers the same."""

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter
from sqlalchemy import JSON, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from sightline.core import clock
from sightline.core.db import WriteSession
from sightline.core.errors import Invalid
from sightline.core.inserts import insert_new
from sightline.core.rows import Id, Row

KEPT: Final = timedelta(hours=24)
_SANE: Final = re.compile(r"^[\x21-\x7e]{1,255}$")
_ANSWER: Final = TypeAdapter(Any)


class IdempotencyKey(Row):
    """What was answered under a key: per caller (`user:7`, `receipt:` and its hash) and route, for 24 hours."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("caller", "route", "key"),)

    id: Mapped[Id]
    caller: Mapped[str]
    route: Mapped[str]
    key: Mapped[str]
    fingerprint: Mapped[str]
    answer: Mapped[Any] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Once:
    """The key of one request (None: the caller sent none) and what it asked for."""

    caller: str
    route: str
    key: str | None
    fingerprint: str

    def of_body(self, fingerprint: str) -> "Once":
        """Return the same key for a body that was read elsewhere, known by `fingerprint`."""
        return Once(self.caller, self.route, self.key, fingerprint)

    async def run(
        self,
        session: WriteSession,
        make: Callable[[], Awaitable[Any]],
        still_visible: Callable[[Any], Awaitable[object]],
    ) -> Any:
        """Return `make()`, or its first answer; `still_visible(answer)` raises when the caller lost sight of it."""
        if self.key is None:
            return await make()
        values = {
            "caller": self.caller,
            "route": self.route,
            "key": self.key,
            "fingerprint": self.fingerprint,
            "answer": None,
        }
        if await insert_new(session, IdempotencyKey, values | {"created_at": clock.now()}):
            answer = await make()
            (await self._stored(session)).answer = _ANSWER.dump_python(answer, mode="json")
            return answer
        before = await self._stored(session)
        if before.fingerprint != self.fingerprint:
            raise Invalid("Idempotency-Key", "was used with another body", code="idempotency_mismatch")
        await still_visible(before.answer)
        return JSONResponse(before.answer, 201)

    async def _stored(self, session: WriteSession) -> IdempotencyKey:
        mine = (
            IdempotencyKey.caller == self.caller,
            IdempotencyKey.route == self.route,
            IdempotencyKey.key == self.key,
        )
        return (await session.scalars(select(IdempotencyKey).where(*mine))).one()


KeyHeader = Annotated[str | None, Header(description="Makes a repeat safe for 24 h.")]


async def read_key(request: Request, caller: str, route: str, key: str | None) -> Once:
    """Return the key of a request of this caller; raises `Invalid` for what is no key."""
    if key is not None and not _SANE.match(key):
        raise Invalid("Idempotency-Key", "must be 1 to 255 visible ASCII characters")
    # Other bodies than these, such as files, are larger than memory and have a fingerprint of their own.
    body = await request.body() if key and request.scope["route"].body_field else b""
    return Once(caller, route, key, hashlib.sha256(body).hexdigest())


async def _of_user(request: Request, idempotency_key: KeyHeader = None) -> Once:
    return await read_key(request, f"user:{request.state.actor.id}", request.url.path, idempotency_key)


OnceKey = Annotated[Once, Depends(_of_user)]


async def forget_old(session: WriteSession) -> None:
    """Drop keys older than a day."""
    await session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < clock.now() - KEPT))
