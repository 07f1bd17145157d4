"""Turn the bytes of a file into typed facts with proof; pure code that knows nothing else of sightline.

Importing this package costs the server nothing: the parsers are imported by the process that reads the file.
"""

from typing import TYPE_CHECKING, Any

from sightline.extractors.reading import Alternative, Fact, Locator, Reading, TextLine

if TYPE_CHECKING:
    from sightline.extractors.detection import detect
    from sightline.extractors.discretion import may_tell_too_much
    from sightline.extractors.registry import read
    from sightline.extractors.sandbox import ExtractionFailed, read_limited

__all__ = [
    "Alternative",
    "ExtractionFailed",
    "Fact",
    "Locator",
    "Reading",
    "TextLine",
    "detect",
    "may_tell_too_much",
    "read",
    "read_limited",
]

_LATER = {
    "ExtractionFailed": "sandbox",
    "detect": "detection",
    "may_tell_too_much": "discretion",
    "read": "registry",
    "read_limited": "sandbox",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
