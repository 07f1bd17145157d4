"""The data that travels inside a page, so that nothing has to be asked before it can be painted."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request

from sightline.interface.inside import Answer, get

POSITION: Final = "X-Sightline-Position"
LABELS: Final = "/api/v1/labels?limit=100"

# What the client asks first on each page, spelled as it spells it; the first decides whether the page exists.
FIRST: Final[dict[str, tuple[str, ...]]] = {
    "/issues": ("/api/v1/issues?{query}limit=50&count=true", LABELS),
    "/issues/[ref]": (
        "/api/v1/issues/{ref}",
        "/api/v1/issues/{ref}/events?limit=100",
        "/api/v1/issues/{ref}/comments?limit=100",
        "/api/v1/issues/{ref}/attachments",
        "/api/v1/issues/{ref}/facts",
        LABELS,
    ),
    "/new": ("/api/v1/projects?limit=100",),
    "/insights": ("/api/v1/insights/summary",),
    "/settings/profile": ("/api/v1/me/sessions", "/api/v1/me/tokens"),
    "/settings/projects": ("/api/v1/projects?limit=100",),
    "/settings/users": ("/api/v1/users?limit=100",),
}


@dataclass(frozen=True, slots=True)
class Boot:
    """The data of a page, and whether the page has something to show."""

    content: dict[str, Any]
    is_there: bool


async def gather(request: Request, pattern: str, names: dict[str, str]) -> Boot:
    """Collect who is asking and the first answers of the page at `pattern`."""
    session = await get(request, "/api/v1/auth/session")
    settings = _settings(request)
    if session.status != HTTPStatus.OK:
        setup = await get(request, "/api/v1/setup")
        return Boot({"session": None, "setup": setup.body, "settings": settings}, is_there=True)
    asked = _addresses(request, pattern, names)
    answers = await asyncio.gather(*(get(request, address) for address in asked))
    is_there = not answers or answers[0].status != HTTPStatus.NOT_FOUND
    content = _content(session, dict(zip(asked, answers, strict=True)) if is_there else {})
    return Boot(content | {"settings": settings}, is_there)


def _settings(request: Request) -> dict[str, Any]:
    settings = request.app.state.settings
    return {"max_upload_mb": settings.max_upload_mb, "registration": settings.registration}


def _addresses(request: Request, pattern: str, names: dict[str, str]) -> list[str]:
    query = request.scope["query_string"].decode("ascii", "replace")
    given = {name: quote(value, safe="-") for name, value in names.items()}
    return [template.format(query=query and f"{query}&", **given) for template in FIRST.get(pattern, ())]


def _content(session: Answer, answers: dict[str, Answer]) -> dict[str, Any]:
    good = {address: answer for address, answer in answers.items() if answer.status == HTTPStatus.OK}
    positions = [answer.headers[POSITION] for answer in good.values() if POSITION in answer.headers]
    return {
        "session": session.body,
        "setup": {"open": False, "token_needed": False},
        "position": min(positions, key=lambda position: (len(position), position), default=None),
        "answers": {address: answer.body for address, answer in good.items()},
    }
