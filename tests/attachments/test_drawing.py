"""A picture that takes long to draw: nobody else waits for it."""

import asyncio

from sightline.attachments.drawing import MOST_EACH
from tests.world import Person


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
