"""Lets the log's spans follow it."""

from typing import Final

from sightline.events.spans import write_spans
from sightline.readers.runner import Reader

SPANS: Final = Reader("spans", write_spans)
