"""HAR 1.2: what a browser or proxy recorded of requests and answers (http://www.softwareishard.com/blog/har-12-spec/)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sightline.extractors import masking
from sightline.extractors.reading import Alternative, Fact, FactType, Locator, Reading
from sightline.extractors.source import Source

name = "har"
version = 1

_TYPES = ("application/json", "text/")
_FIRST_FAILING_STATUS = 400
_SWITCHING_PROTOCOLS = 101
_STAYS_OPEN = ("websocket", "eventsource")
_LONGEST_TIME = 30  # characters; an exponent makes many digits of few
_LONGEST_VALUE = 500
_MOST_OTHERS = 5
_STATED = 1.0
_OTHER = 0.5


@dataclass(frozen=True, slots=True)
class _Exchange:
    """One request and what came of it; the reason says why there was no answer."""

    number: int
    request: dict[str, Any]
    status: int
    reason: str
    milliseconds: Decimal | None

    @property
    def has_failed(self) -> bool:
        return self.status >= _FIRST_FAILING_STATUS or self.status <= 0 or bool(self.reason)

    @property
    def place(self) -> str:
        return f"/log/entries/{self.number}"

    @property
    def told(self) -> str:
        address = str(self.request.get("url", "")).partition("?")[0].partition("#")[0]
        outcome = str(self.status) if self.status > 0 else self.reason or "no answer"
        return f"{str(self.request.get('method', '')) or 'GET'} {address[:_LONGEST_VALUE]} → {outcome[:_LONGEST_VALUE]}"


def accepts(media_type: str, head: bytes) -> bool:
    """Take JSON, and text that begins like a HAR but broke."""
    return media_type == "application/json" or (media_type.startswith(_TYPES) and masking.looks_like_har(head))


def extract(source: Source) -> Reading:
    """Give `http.requests`, `.failed`, `.slowest_ms`, `.status` (numbers) and `.first_error` (text).

    A request failed when its status is 400 or more, or when no answer came (status 0, blocked, aborted). The first
    error is the first in the order of the file, as `METHOD address → status`, the address without its query; its status
    is `http.status`, which is missing when nothing failed. The slowest is the longest `time` of an entry; sockets and
    event streams, which stay open on purpose, do not count. Locators are JSON pointers such as `/log/entries/3`. What is
    read here is the masked copy (see `registry.read_file`), so no fact holds a secret.
    """
    entries = _entries(source)
    if entries is None:
        return Reading()
    exchanges = [_exchange(number, entry) for number, entry in enumerate(entries) if isinstance(entry, dict)]
    odd = len(entries) - len(exchanges)
    problems = (f"{odd} entries of the HAR are no objects and were left out.",) if odd else ()
    return Reading(kind="network", facts=tuple(_facts(exchanges)), problems=problems)


def _entries(source: Source) -> list[Any] | None:
    if not masking.is_har(source):
        return None
    try:
        har = json.loads(source.content)
    except (ValueError, RecursionError):
        return None
    log = har.get("log") if isinstance(har, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    return entries if isinstance(entries, list) else None


def _exchange(number: int, entry: dict[str, Any]) -> _Exchange:
    response = _object(entry.get("response"))
    request = _object(entry.get("request"))
    reason = next((str(told) for told in _reasons(entry, response) if told), "")
    status = response.get("status")
    return _Exchange(number, request, status if isinstance(status, int) else 0, reason, _time(entry, status))


def _reasons(entry: dict[str, Any], response: dict[str, Any]) -> Iterator[Any]:
    yield response.get("_error")
    yield response.get("_failureText")
    yield entry.get("_blocked_reason") or entry.get("_blockedReason") or entry.get("_failureText")


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _time(entry: dict[str, Any], status: object) -> Decimal | None:
    if status == _SWITCHING_PROTOCOLS or entry.get("_resourceType") in _STAYS_OPEN:
        return None
    written = str(entry.get("time"))
    try:
        time = Decimal(written if len(written) <= _LONGEST_TIME else "NaN")
    except InvalidOperation:
        return None
    if not time.is_finite() or time < 0 or abs(time.adjusted()) > _LONGEST_TIME:
        return None
    return time or Decimal()


def _facts(exchanges: list[_Exchange]) -> Iterator[Fact]:
    failed = [exchange for exchange in exchanges if exchange.has_failed]
    yield _fact("http.requests", "number", str(len(exchanges)), "/log/entries")
    yield _fact("http.failed", "number", str(len(failed)), failed[0].place if failed else "/log/entries")
    timed = [(exchange.milliseconds, exchange) for exchange in exchanges if exchange.milliseconds is not None]
    if timed:
        longest, slowest = max(timed, key=lambda pair: pair[0])
        yield _fact("http.slowest_ms", "number", f"{longest:f}", f"{slowest.place}/time")
    if failed:
        yield _with_others(_fact("http.first_error", "text", failed[0].told, failed[0].place), failed)
        yield _fact("http.status", "number", str(max(failed[0].status, 0)), f"{failed[0].place}/response/status")


def _with_others(fact: Fact, failed: list[_Exchange]) -> Fact:
    others = {exchange.told: exchange for exchange in reversed(failed)}
    first = sorted(others.values(), key=lambda exchange: exchange.number)[: _MOST_OTHERS + 1]
    return fact.also(*(Alternative(other.told, Locator(path=other.place), _OTHER) for other in first))


def _fact(fact_name: str, fact_type: FactType, value: str, path: str) -> Fact:
    return Fact(fact_name, fact_type, value, Locator(path=path), _STATED, name, version)
