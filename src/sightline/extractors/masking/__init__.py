"""A copy of a HAR file in which secrets are replaced; everybody but admins gets this copy, and so do the extractors."""

import json
from io import BytesIO
from typing import Any

from sightline.extractors.decoding import decode
from sightline.extractors.discretion import is_har, looks_like_har
from sightline.extractors.masking.duplicates import without_duplicates
from sightline.extractors.masking.text import MASK
from sightline.extractors.masking.tree import Masker
from sightline.extractors.reading import Unreadable
from sightline.extractors.source import HEAD_BYTES, Source

__all__ = ["MASK", "MOST_BYTES", "is_har", "looks_like_har", "masked", "served_copy", "without_secrets"]

MOST_BYTES = 32 * 1024 * 1024
_DEEPEST = 200


def masked(content: bytes) -> bytes:
    """Give the HAR as indented UTF-8 JSON with `***` in the place of secrets; masking the copy again changes nothing.

    Masked are values under names that smell of a secret (headers, cookies, query strings, forms, JSON and XML fields),
    what looks like a token wherever it stands, and every other occurrence of a value that was masked once. Bodies in
    Base64 come out as text; binary ones stay when they are pictures, fonts, sound or film and are left out otherwise.
    Raises Unreadable when the content is no JSON, longer than 32 MB or nested deeper than 200.
    """
    _check_length(len(content))
    har = _parsed(content)
    masker = Masker()
    copy = without_duplicates(masker.value(har), masker.secrets)
    # A lone surrogate is written as the escape that JSON has for it.
    return json.dumps(copy, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace")


def _check_length(length: int) -> None:
    if length > MOST_BYTES:
        raise Unreadable(f"it is longer than {MOST_BYTES // 1_048_576} MB")


def _parsed(content: bytes) -> Any:
    try:
        har = json.loads(_decoded(content), strict=False)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is not valid JSON ({str(error)[:100]})") from error
    if _is_deeper(har, _DEEPEST):
        raise Unreadable(f"it is nested deeper than {_DEEPEST}")
    return har


def _decoded(content: bytes) -> str:
    # UTF-16 without a byte order mark, which only JSON can be known by.
    return content.decode(json.detect_encoding(content), "replace") if b"\0" in content[:4] else decode(content)


def _is_deeper(value: Any, levels: int) -> bool:
    layer = [value]
    for _ in range(levels):
        layer = [
            inner
            for outer in layer
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    return bool(layer)


def served_copy(source: Source) -> bytes | None:
    """Give what people other than admins may see of the file: None when that is the file itself.

    Raises Unreadable, with the reason, when it is a HAR by its looks that cannot be masked; it must then be withheld.
    """
    if not is_har(source):
        return None
    # Before its bytes are in memory.
    _check_length(source.size)
    return masked(source.content)


def without_secrets(source: Source) -> Source:
    """Give what extractors may read: the masked copy of a HAR, every other file as it is; raises Unreadable.

    Whatever they hand over then, facts, problems and text for searching, cannot hold what was masked.
    """
    copy = served_copy(source)
    if copy is None:
        return source
    media_type = source.media_type if source.media_type.startswith("text/") else "application/json"
    return Source(BytesIO(copy), copy[:HEAD_BYTES], media_type)
