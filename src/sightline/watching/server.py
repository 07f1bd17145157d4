"""Sightline as its HTTP interface shows it to a program, and what its refusals mean to one that must not give up."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any, Final, Self
from urllib.parse import quote

import httpcore2 as httpcore
import httpx2 as httpx

_PATIENCE: Final = httpx.Timeout(60, connect=5)
_ASKING: Final = 5
_LATER: Final = frozenset({408, 425, 429, 502, 503, 504, 507})
_LONGEST_WAIT: Final = 3600.0
_QUOTA_WAIT: Final = 600.0


class Away(Exception):
    """The server cannot do this now; it may be asked again after `wait` seconds, if it said so."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Stumbled(Exception):
    """The server failed, in a way that asking again may or may not mend."""


class Denied(Exception):
    """The token does not hold, or not for this."""


class Refused(Exception):
    """The server will never take this; `fields` are those that it objects to."""

    def __init__(self, reason: str, fields: frozenset[str] = frozenset()) -> None:
        super().__init__(reason)
        self.fields = fields


class Missing(Exception):
    """There is no such thing, or not for this token."""


class Server:
    """The calls that filing needs; each raises one of the exceptions above when there is no answer to it."""

    def __init__(self, address: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}", "User-Agent": "sightline-watch"}
        self._client = httpx.AsyncClient(base_url=f"{address}/api/v1", headers=headers, timeout=_PATIENCE)

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def greet(self, project: str) -> None:
        """Ask for what every other call needs: a server, a token that holds, and the project."""
        await self._call("GET", "/me")
        await self._call("GET", f"/projects/{quote(project, safe='')}")

    async def upload(self, name: str, size: int, content: AsyncIterator[bytes], key: str) -> Any:
        """Send one file as its bytes come, and return what the server knows of it.

        A server that refuses before it has read everything closes on what still comes, and its answer is lost; so when
        sending breaks off, it is asked once more, without the bytes.
        """
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Length": str(size),
            "Idempotency-Key": key,
        }
        try:
            return (await self._call("POST", "/attachments", content=content, headers=headers))[0]
        except Away as error:
            if isinstance(error.__cause__, httpx.TransportError):
                await self._call("POST", "/attachments", content=_nothing(), headers=headers, timeout=_ASKING)
            raise

    async def attachment(self, attachment_id: int) -> Any:
        """Return what the server knows of a file."""
        return await self._call("GET", f"/attachments/{attachment_id}")

    async def discard(self, attachment_id: int) -> None:
        """Take a file away."""
        await self._call("DELETE", f"/attachments/{attachment_id}")

    async def similar(self, attachment_id: int) -> Any:
        """Return the issues that are like a file."""
        return await self._call("GET", f"/attachments/{attachment_id}/similar")

    async def suggestions(self, attachment_id: int) -> Any:
        """Return what a file proposes to be filed with."""
        return await self._call("GET", "/suggestions", params={"attachment_id": attachment_id})

    async def issue(self, ref: int | str) -> Any:
        """Return one issue."""
        return await self._call("GET", f"/issues/{ref}")

    async def checksums(self, ref: int | str) -> set[str]:
        """Return the SHA-256 of every file of an issue."""
        return {one["sha256"] for one in (await self._call("GET", f"/issues/{ref}/attachments"))["items"]}

    async def file(self, at: str, body: dict[str, Any], key: str) -> Any:
        """File an issue, or count one, and return it."""
        return await self._call("POST", at, json=body, headers={"Idempotency-Key": key})

    async def _call(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = await self._client.request(method, path, **more)
            if answer.is_success:
                return answer.json() if answer.content else None
        except httpx.TransportError as error:
            raise Away(f"no answer ({type(error).__name__})") from error
        except ValueError as error:
            raise Away("something else than Sightline answers") from error
        raise _trouble(answer)


async def _nothing() -> AsyncIterator[bytes]:
    """Send no byte of the body: after a write that failed the client reads what the server has to say."""
    raise httpcore.WriteError
    yield b""


def _trouble(answer: httpx.Response) -> Exception:
    problem = _problem(answer)
    status, reason = answer.status_code, str(problem.get("detail") or f"status {answer.status_code}")
    if problem.get("code") == "user_quota":
        return Away(reason, _QUOTA_WAIT)
    if status in _LATER:
        return Away(reason, _wait(answer.headers.get("Retry-After", "")))
    if status in {401, 403}:
        return Denied(reason)
    if status == HTTPStatus.NOT_FOUND:
        return Missing(reason)
    if status == HTTPStatus.CONFLICT or answer.is_server_error:
        return Stumbled(reason)
    return Refused(reason, frozenset(str(one.get("field")) for one in problem.get("errors", [])))


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _wait(header: str) -> float | None:
    return min(float(header), _LONGEST_WAIT) if header.isascii() and header.isdigit() else None
