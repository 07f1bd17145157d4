"""A picture that takes long to draw, or that nobody takes: nobody else waits for it."""

import asyncio
from io import BytesIO

import httpx2 as httpx
from PIL import Image
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sightline.attachments.drawing import MOST_EACH
from tests.world import API, Person, World


def slow() -> bytes:
    """Return a page that is drawn over and over, each time blended with what was there."""
    content = b"/G gs\n" + b"0 0 1000 1000 re f\n" * 20_000
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 1000 1000]/Contents 4 0 R/Resources<</ExtGState<</G 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</ca 0.5/BM/Luminosity>>",
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, one) for number, one in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


async def test_pictures_that_take_long_hold_up_nothing_else(reporter: Person, stranger: Person) -> None:
    one = await reporter.upload("slow.pdf", slow())
    path = f"/attachments/{one['id']}/preview"
    asked = [asyncio.create_task(reporter.get(path)) for _ in range(MOST_EACH + 1)]
    try:
        done, drawing = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        refused = done.pop().result()
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
        assert (await stranger.get("/issues")).status_code == 200
        assert not any(task.done() for task in drawing)
    finally:
        for task in asked:
            task.cancel()
        await asyncio.wait(asked)


class Untaken:
    """The application before somebody who takes one piece of an answer, which a server buffers, and no more."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.begun = asyncio.Semaphore(0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pieces = 0

        async def one_piece(message: Message) -> None:
            nonlocal pieces
            if message["type"] == "http.response.body":
                pieces += 1
                if pieces > 1:
                    await asyncio.Event().wait()
                self.begun.release()
            await send(message)

        await self.app(scope, receive, one_piece)


async def test_pictures_that_nobody_takes_are_counted(world: World, reporter: Person) -> None:
    Image.new("RGB", (2, 2)).save(buffer := BytesIO(), "PNG")
    one = await reporter.upload("dot.png", buffer.getvalue())
    path = f"/attachments/{one['id']}/preview"
    untaken = Untaken(world.app)
    who = {"Authorization": reporter.client.headers["Authorization"]}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=untaken), base_url=world.base_url + API, headers=who
    ) as slow_reader:
        asked = [asyncio.create_task(slow_reader.get(path)) for _ in range(MOST_EACH)]
        try:
            async with asyncio.timeout(30):
                for _ in asked:
                    await untaken.begun.acquire()
            assert (await reporter.get(path)).status_code == 503
        finally:
            for task in asked:
                task.cancel()
            await asyncio.wait(asked)
    assert (await reporter.get(path)).status_code == 200
