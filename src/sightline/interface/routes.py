"""Pages and their files. Mount this router last: it answers every GET that is not the API's."""

import secrets
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import HTMLResponse

from sightline.interface import boot, shell
from sightline.interface.assets import serve
from sightline.interface.build import STATIC, read_build

METHODS: Final = ["GET", "HEAD"]
OURS: Final = r"(?!(?:api|docs|redoc|health|metrics|openapi\.json)(?:/|$)).*"


class _PagePath(Convertor[str]):
    """Any path that the API does not own, so that its own 404 and 405 answers stand."""

    regex = OURS

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("page", _PagePath())
router = APIRouter(include_in_schema=False)


@router.api_route("/_app/{path:path}", methods=METHODS)
async def read_asset(request: Request, path: str) -> Response:
    """Serve one file of the build."""
    found = serve(STATIC / "_app", path, request.headers.get("accept-encoding", ""))
    return found or Response("Not found\n", HTTPStatus.NOT_FOUND, media_type="text/plain")


@router.api_route("/favicon.svg", methods=METHODS)
async def read_icon(request: Request) -> Response:
    """Serve the icon of the pages."""
    found = serve(STATIC, "favicon.svg", request.headers.get("accept-encoding", ""))
    return found or Response(status_code=HTTPStatus.NOT_FOUND)


@router.api_route("/{path:page}", methods=METHODS)
async def read_page(request: Request, path: str) -> Response:
    """Serve a page with its first data inside; what is not there and what is hidden look the same."""
    build = read_build()
    if build is None:
        return HTMLResponse(shell.NOT_BUILT, HTTPStatus.SERVICE_UNAVAILABLE)
    page, names = build.page_at(f"/{path}") or (None, {})
    data = await boot.gather(request, page.pattern if page else "", names)
    nonce = secrets.token_urlsafe(18)
    is_there = page is not None and data.is_there
    return HTMLResponse(
        shell.render(build, page if is_there else None, nonce, data.content),
        HTTPStatus.OK if is_there else HTTPStatus.NOT_FOUND,
        headers={"Content-Security-Policy": shell.policy(nonce), "Cache-Control": "no-store"},
    )
