"""What the watcher makes of a server, or of something in front of it, that does not take a file."""

import asyncio
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import pytest

from sightline.watching.server import Away, Denied, Missing, Refused, Server, Stumbled


@contextmanager
def answering(status: HTTPStatus, *headers: tuple[str, str], body: bytes = b"") -> Iterator[str]:
    """Let something answer every request so; give its address."""

    class Front(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in (*headers, ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Front) as front:
        threading.Thread(target=front.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{front.server_port}"
        finally:
            front.shutdown()


async def _asked(address: str) -> None:
    async with Server(address, "slt_obviously-fake") as server:
        await server.attachment(1)


@pytest.mark.parametrize(
    ("header", "wait"),
    [("7", 7), ("0", 0), ("999999", 3600), ("Wed, 21 Oct 2015 07:28:00 GMT", None), ("-1", None), ("٣", None)],
)
@pytest.mark.parametrize("status", [HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE])
def test_who_says_when_to_come_back_is_asked_again_then(status: HTTPStatus, header: str, wait: float | None) -> None:
    with (
        answering(status, ("Retry-After", header.encode().decode("latin-1"))) as address,
        pytest.raises(Away) as told,
    ):
        asyncio.run(_asked(address))
    assert told.value.wait == wait


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (HTTPStatus.UNAUTHORIZED, Denied),
        (HTTPStatus.FORBIDDEN, Denied),
        (HTTPStatus.NOT_FOUND, Missing),
        (HTTPStatus.CONFLICT, Stumbled),
        (HTTPStatus.INTERNAL_SERVER_ERROR, Stumbled),
        (HTTPStatus.BAD_GATEWAY, Away),
        (HTTPStatus(422), Refused),
    ],
)
def test_an_answer_that_is_no_problem_document_is_told_by_its_status(status: HTTPStatus, kind: type[Exception]) -> None:
    with answering(status, body=b"<h1>no</h1>") as address, pytest.raises(kind) as told:
        asyncio.run(_asked(address))
    assert str(status.value) in str(told.value)


def test_a_page_of_something_else_is_no_answer() -> None:
    with answering(HTTPStatus.OK, body=b"<h1>Welcome</h1>") as address, pytest.raises(Away, match="something else"):
        asyncio.run(_asked(address))
