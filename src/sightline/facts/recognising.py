"""What a file shows only as a picture is recognised after it was read."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import structlog

from sightline.extractors.reading import Reading
from sightline.extractors.registry import merge
from sightline.extractors.sandbox import ExtractionFailed, recognise_limited

ENGINE: Final = "rapidocr"
NOT_INSTALLED: Final = "Some pages are pictures of text: reading them needs text recognition, which is not installed."

log = structlog.get_logger(__name__)


class Recogniser:
    """The optional engine for text in pictures; it takes a second or more a page, and much memory."""

    def __init__(self, engine: str = ENGINE) -> None:
        self._is_installed = find_spec(engine) is not None

    def is_for(self, reading: Reading) -> bool:
        """Say whether there is something to recognise or to tell; without the engine, pictures just have no text."""
        return bool(reading.pictures) and (self._is_installed or reading.kind != "image")

    async def complete(self, path: Path, reading: Reading) -> Reading:
        """Add what the pictures in a file say; when that cannot be known, the reading stays and says why."""
        if not self._is_installed:
            return _with_problem(reading, NOT_INSTALLED)
        try:
            found = await recognise_limited(path, reading.pictures)
        except ExtractionFailed as error:
            log.warning("text not recognised", reason=str(error), detail=error.detail)
            return _with_problem(reading, f"The text in the picture could not be recognised: {error}.")
        return replace(merge(reading.media_type, [reading, found]), kind=found.kind or reading.kind)


def _with_problem(reading: Reading, problem: str) -> Reading:
    return replace(reading, problems=(*reading.problems, problem))
