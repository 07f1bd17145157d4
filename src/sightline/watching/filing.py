"""One file on its way into an issue; any step may be the last one before the power fails."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import structlog

from sightline.core.logging import escape
from sightline.watching.folder import Changed, Dropped, checksum, chunks, opened
from sightline.watching.ledger import Entry, Ledger, Wish
from sightline.watching.server import Away, Missing, Refused, Server, Stumbled

READING_SECONDS: Final = 120.0
_UNREAD: Final = frozenset({"queued", "running"})
_TRIES: Final = 5
_log: Final = structlog.get_logger("sightline.watch")


class Filing:
    """Files what lies in one folder into one project."""

    def __init__(self, root: Path, project: str, server: Server, ledger: Ledger) -> None:
        self.root, self.project, self.server, self.ledger = root, project, server, ledger
        self._stumbles: dict[str, int] = {}

    async def send(self, dropped: Dropped) -> str:
        """Bring the bytes of a file to the server, which reads them meanwhile, and return their SHA-256.

        Raises as `file` does.
        """
        sha256 = await checksum(self.root, dropped)
        entry = self.ledger.begin(dropped, sha256)
        if not entry.is_over and entry.attachment_id is None:
            await self._tried(dropped, entry, self._sent)
        return sha256

    async def file(self, dropped: Dropped, sha256: str) -> None:
        """Bring one file into an issue, from wherever it had come to.

        Raises `Changed`, `Away` and `Denied`, after which it may be tried again.
        """
        entry = self.ledger.begin(dropped, sha256)
        if not entry.is_over:
            await self._tried(dropped, entry, self._file)

    async def _tried(self, dropped: Dropped, entry: Entry, step: Callable[[Dropped, Entry], Awaitable[Entry]]) -> None:
        """Take a step; what the server will never take is noted, and so is what it fails at again and again."""
        try:
            await step(dropped, entry)
        except Refused as error:
            if "project" in error.fields:
                raise
            self._refuse(dropped, entry, str(error))
        except (Stumbled, Missing) as error:
            tries = self._stumbles[dropped.path] = self._stumbles.get(dropped.path, 0) + 1
            if tries < _TRIES:
                raise Away(str(error)) from error
            self._refuse(dropped, entry, str(error))
        self._stumbles.pop(dropped.path, None)

    def _refuse(self, dropped: Dropped, entry: Entry, reason: str) -> None:
        self.ledger.refused(entry, reason)
        _log.warning("refused", file=dropped.path, reason=reason)

    async def _sent(self, dropped: Dropped, entry: Entry) -> Entry:
        return self.ledger.uploaded(entry, await self._upload(dropped, entry))

    async def _file(self, dropped: Dropped, entry: Entry) -> Entry:
        entry, taken_by = await self._where_it_is(entry)
        if entry.attachment_id is None:
            entry = await self._sent(dropped, entry)
        if taken_by is None:
            entry, taken_by = await self._post(dropped, entry)
        entry = self.ledger.filed(entry, taken_by["key"])
        is_again = entry.wish is not None and entry.wish.at != "/issues"
        _log.info("counted again" if is_again else "filed", file=dropped.path, issue=taken_by["key"])
        return entry

    async def _where_it_is(self, entry: Entry) -> tuple[Entry, Any]:
        """Return the entry and the issue that has its file already, should the answer have been lost."""
        if entry.attachment_id is None:
            return entry, None
        try:
            attachment = await self.server.attachment(entry.attachment_id)
            taken_by = attachment["issue_id"] and await self.server.issue(attachment["issue_id"])
        except Missing:
            return self.ledger.over_again(entry), None
        return entry, taken_by or None

    async def _upload(self, dropped: Dropped, entry: Entry) -> int:
        with opened(self.root, dropped) as fd:
            content = chunks(fd, dropped)
            stored = await self.server.upload(dropped.name, dropped.size, content, self.ledger.key(entry))
        attachment_id: int = stored["id"]
        if stored["sha256"] != entry.sha256:
            await self.server.discard(attachment_id)
            raise Changed("it was written to while it was sent")
        return attachment_id

    async def _post(self, dropped: Dropped, entry: Entry) -> tuple[Entry, Any]:
        """Decide what to ask for, write it down, ask."""
        attachment_id = entry.attachment_id or 0
        if entry.wish is None:
            await self._until_read(dropped, attachment_id)
            entry = self.ledger.decided(entry, await self._wish(attachment_id, entry.sha256, dropped))
        assert entry.wish is not None  # noqa: S101 - it was decided just now
        try:
            return entry, await self.server.file(entry.wish.at, entry.wish.body, self.ledger.key(entry))
        except Missing:
            self.ledger.decided(entry, None)  # the issue to count on is gone
            raise

    async def _until_read(self, dropped: Dropped, attachment_id: int) -> None:
        until, pause = time.monotonic() + READING_SECONDS, 0.1
        while (await self.server.attachment(attachment_id))["extraction"]["status"] in _UNREAD:
            if time.monotonic() > until:
                _log.warning("not read in time", file=dropped.path)
                return
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 2)

    async def _wish(self, attachment_id: int, sha256: str, dropped: Dropped) -> Wish:
        body: dict[str, Any] = {"attachment_ids": [attachment_id]}
        if ref := await self._same(attachment_id, sha256):
            return Wish(f"/issues/{ref}/occurrences", body)
        told = await self.server.suggestions(attachment_id)
        title = told["title"]["value"] if told["title"] else escape(dropped.name)[:200]
        wish = body | {"title": title, "project": self.project, "labels": [one["value"] for one in told["labels"]]}
        if told["severity"]:
            wish["severity"] = told["severity"]["value"]
        return Wish("/issues", {name: value for name, value in wish.items() if value})

    async def _same(self, attachment_id: int, sha256: str) -> str | None:
        """Return the issue that has these very bytes; a file inside that it shares with others is not enough."""
        for one in await self.server.similar(attachment_id):
            is_checksum = any(reason["kind"] == "checksum" for reason in one["reasons"])
            if is_checksum and sha256 in await self.server.checksums(one["issue"]["id"]):
                key: str = one["issue"]["key"]
                return key
        return None
