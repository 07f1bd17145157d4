"""The API's documentation, from our own origin: `/docs`, `/redoc` and what `/openapi.json` says beyond the types."""

import functools
import secrets
from importlib.resources import files
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, Response

from sightline.core.errors import NotFound
from sightline.core.http import ROLE

ASSETS: Final = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "redoc.standalone.js": "text/javascript",
}
FOREIGN_PICTURE: Final = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable, for programs."},
        "request_id": {"type": ["string", "null"]},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"field": {"type": "string"}, "message": {"type": "string"}}},
        },
    },
}
ERRORS: Final = {
    "400": "The request cannot be read.",
    "401": "No credential, or one that does not hold.",
    "403": "This function is not the caller's.",
    "404": "There is no such thing, or the caller may not see it.",
    "409": "It does not fit the present state.",
    "413": "The body is too large.",
    "415": "The content type is not one this address reads.",
    "416": "The file has no such range.",
    "422": "The input cannot be read; `errors` names each field.",
    "428": "A change must name the version it saw.",
    "429": "Too many tries; see `Retry-After`.",
    "503": "Not available right now; see `Retry-After`.",
    "507": "There is no space left.",
}

router = APIRouter(include_in_schema=False)


def _page(library: str, start: str, *, style: str = "") -> HTMLResponse:
    nonce = secrets.token_urlsafe(16)
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sightline API</title>'
        f'<meta name="viewport" content="width=device-width"><link rel="icon" href="/favicon.svg">{style}'
        '</head><body><div id="api"></div>'
        f'<script nonce="{nonce}" src="/docs/assets/{library}"></script>'
        f'<script nonce="{nonce}">{start}</script></body></html>'
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})


@router.get("/docs")
async def show_swagger() -> HTMLResponse:
    """Show the API with Swagger UI, which can also try it."""
    start = 'SwaggerUIBundle({url: "/openapi.json", dom_id: "#api", deepLinking: true, persistAuthorization: false})'
    style = '<link rel="stylesheet" href="/docs/assets/swagger-ui.css">'
    return _page("swagger-ui-bundle.js", start, style=style)


@router.get("/redoc")
async def show_redoc() -> HTMLResponse:
    """Show the API with ReDoc, for reading."""
    start = 'Redoc.init("/openapi.json", {disableSearch: true, hideLogo: true}, document.getElementById("api"))'
    return _page("redoc.standalone.js", start)


@router.get("/docs/assets/{name}")
async def read_asset(name: str) -> Response:
    """Serve the scripts and styles of the two pages."""
    if name not in ASSETS:
        raise NotFound
    return Response(_asset(name), media_type=ASSETS[name], headers={"Cache-Control": "public, max-age=86400"})


@functools.cache
def _asset(name: str) -> bytes:
    # ReDoc would fetch this one picture from its maker's server; the page makes no outside request.
    return (files("fastapi_offline") / "static" / name).read_bytes().replace(FOREIGN_PICTURE, b"data:,")


def describe(app: FastAPI) -> None:
    """Let `/openapi.json` name the errors, the role and the credentials of every operation."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(
                get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            )
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # the way FastAPI documents


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    parts = schema.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = PROBLEM
    parts["securitySchemes"] = {
        "password": {"type": "oauth2", "flows": {"password": {"tokenUrl": "/api/v1/auth/token", "scopes": {}}}},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _describe(path, method, operation)
    for unused in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(unused, None)
    return schema


def _describe(path: str, method: str, operation: dict[str, Any]) -> None:
    role = operation.setdefault(ROLE, "reporter" if path.startswith("/api/") else "anyone")
    operation["summary"] = operation.get("description", operation.get("summary", "")).rstrip(".")
    operation["description"] = f"{operation.get('description', '')}\n\nRequired role: {role}."
    statuses = {"400", "429", "503"} | _statuses(path, method, operation)
    if role != "anyone":
        statuses |= {"401", "403"}
        operation["security"] = [{"password": []}, {"bearer": []}]
    for status in sorted(statuses - _told_otherwise(operation)):
        operation["responses"][status] = {
            "description": ERRORS[status],
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _told_otherwise(operation: dict[str, Any]) -> set[str]:
    """Return the statuses whose answer is not a problem; FastAPI's own 422 is not one that we give."""
    return set(operation["responses"]) - {"422"}


def _statuses(path: str, method: str, operation: dict[str, Any]) -> set[str]:
    found = {"422"} if operation.get("parameters") or "requestBody" in operation else set()
    if "{" in path or path == "/api/v1/setup":
        found |= {"404"}
    if method != "get":
        found |= {"403", "409", "507"}
    if "requestBody" in operation:
        found |= {"413", "415"}
    if method == "patch":
        found |= {"428"}
    if path.endswith("/content"):
        found |= {"416"}
    return found
