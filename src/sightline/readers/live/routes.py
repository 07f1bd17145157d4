"""The feed over Server-Sent Events and over WebSocket."""

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Header, Query, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse

from sightline.core.actor import Actor
from sightline.core.errors import Problem
from sightline.core.http import CurrentActor, api_router
from sightline.issues import queries as issues
from sightline.issues import refs
from sightline.readers.live.messages import Message
from sightline.readers.live.tail import Subscriber, Tail

SIGN_OF_LIFE: Final = 15.0
RETRY_MS: Final = (1_000, 4_000)
DOCUMENTED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "`id:` position, `event:` kind, `data:` {kind, issue, key, actor, at, version, changes}",
        "content": {"text/event-stream": {}},
    }
}
AFTER: Final = "Resume after this position."

router = api_router(tags=["live"])


async def _issue_id(database: Any, actor: Actor, issue: str | None) -> int | None:
    if issue is None:
        return None
    async with database.reading() as session:
        return (await issues.get_visible(session, actor, refs.parse(issue))).id


async def _wanted(
    request: Request, actor: CurrentActor, issue: Annotated[str | None, Query(max_length=40)] = None
) -> int | None:
    return await _issue_id(request.app.state.database, actor, issue)


@router.get("/events", response_class=StreamingResponse, responses=DOCUMENTED)
async def follow_events(
    request: Request,
    actor: CurrentActor,
    issue_id: Annotated[int | None, Depends(_wanted)],
    last_event_id: Annotated[str | None, Header(max_length=40, description=AFTER)] = None,
    after: Annotated[str | None, Query(max_length=40, description=AFTER)] = None,
) -> StreamingResponse:
    """Follow what happens to the issues the caller may see, as Server-Sent Events."""
    stream = _sse(request, actor, issue_id, last_event_id or after)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream, headers=headers, media_type="text/event-stream")


async def _sse(request: Request, actor: Actor, issue_id: int | None, after: str | None) -> AsyncIterator[bytes]:
    retry = f"retry: {random.randint(*RETRY_MS)}\n\n".encode()  # noqa: S311 - jitter, not a secret
    tail: Tail = request.app.state.tail
    async with tail.subscribe(actor, issue_id) as subscriber:
        await _end_unless_it_holds(subscriber, lambda: request.app.state.authenticate(request))
        yield b": connected\n" + retry
        async with contextlib.aclosing(_with_pauses(tail, subscriber, after)) as messages:
            async for message in messages:
                yield b": alive\n\n" if message is None else _framed(message)
    yield retry


async def _end_unless_it_holds(subscriber: Subscriber, authenticate: Callable[[], Awaitable[Actor | None]]) -> None:
    """Check the credential again once subscribed: what ended it since the first check was told to nobody."""
    try:
        actor = await authenticate()
    except Problem:
        actor = None
    if actor != subscriber.actor:
        subscriber.end()


def _framed(message: Message) -> bytes:
    return f"id: {message.id}\nevent: {message.kind}\ndata: ".encode() + orjson.dumps(message.body) + b"\n\n"


async def _with_pauses(tail: Tail, subscriber: Subscriber, after: str | None) -> AsyncGenerator[Message | None]:
    """Yield messages, and None whenever there was none for 15 seconds."""
    source = tail.messages(subscriber, after)
    coming = asyncio.ensure_future(anext(source))
    try:
        while True:
            done, _ = await asyncio.wait([coming], timeout=SIGN_OF_LIFE)
            if not done:
                yield None
                continue
            try:
                yield coming.result()
            except StopAsyncIteration:
                return
            coming = asyncio.ensure_future(anext(source))
    finally:
        coming.cancel()
        with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
            await coming
        await source.aclose()


@router.websocket("/ws")
async def follow_socket(socket: WebSocket, after: str | None = None, issue: str | None = None) -> None:
    """Follow the same feed over WebSocket: one JSON message {id, event, data} each; pings are the sign of life."""
    try:
        actor = await socket.app.state.authenticate_socket(socket)
        issue_id = await _issue_id(socket.app.state.database, actor, issue)
    except Problem as refused:
        await socket.close(4000 + refused.status, refused.code)
        return
    await socket.accept()
    tail: Tail = socket.app.state.tail
    async with tail.subscribe(actor, issue_id) as subscriber:
        await _end_unless_it_holds(subscriber, lambda: socket.app.state.authenticate_socket(socket))
        listening = asyncio.ensure_future(_until_gone(socket, subscriber))
        async with contextlib.aclosing(_with_pauses(tail, subscriber, after)) as messages:
            async for message in messages:
                if message is not None:
                    await socket.send_text(_as_text(message))
        listening.cancel()
    # At a stop the server may have closed it already.
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await socket.close(1012)


def _as_text(message: Message) -> str:
    return orjson.dumps({"id": message.id, "event": message.kind, "data": message.body}).decode()


async def _until_gone(socket: WebSocket, subscriber: Subscriber) -> None:
    with contextlib.suppress(Exception):
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    subscriber.end()
