"""One line per event, as text for a person or JSON for a machine; without control characters and credentials."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog
from structlog.typing import Processor

from sightline.core.secrets import masked

QUIET: Final = ("uvicorn.access", "alembic.runtime", "watchfiles", "pypdf", "asyncio", "httpx2", "httpcore2")
_ESCAPES: Final = {c: f"\\x{c:02x}" for c in [*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029]}


def escape(text: str) -> str:
    """Return `text` without any character that could forge or colour a log line."""
    return text.translate(_ESCAPES)


def _make_harmless(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: _harmless(key, value) if isinstance(value, str) else value for key, value in event.items()}


def _harmless(key: str, value: str) -> str:
    return masked(value) if key == "exception" else escape(masked(value))


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.stdlib.ExtraAdder(["request_id"]),
        _make_harmless,
    ]


def configure(log_format: str) -> None:
    """Send all logs of this process to standard error in `log_format` ("text" or "json")."""
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
