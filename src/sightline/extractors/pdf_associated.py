"""Files that a PDF only associates (`/AF`) or pins to a page, which PDFium does not list; read with pypdf."""

import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject, StreamObject

_MOST_PAGES = 20
_MOST_ON_A_PAGE = 200
# pypdf lets whatever a damaged file provokes come through.
_BROKEN = (PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError, TypeError,
           ValueError, zlib.error)  # fmt: skip


def associated_files(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Give name and content of files associated with the document (PDF 2.0, 14.13) or its first 20 pages."""
    try:
        reader = PdfReader(BytesIO(content))
        for specification in _specifications(reader):
            yield from _file(specification)
    except _BROKEN:
        return


def _specifications(reader: PdfReader) -> Iterator[DictionaryObject]:
    yield from _dictionaries(reader.root_object.get("/AF"))
    for page in islice(reader.pages, _MOST_PAGES):
        yield from _dictionaries(page.get("/AF"))
        for annotation in _dictionaries(page.get("/Annots")):
            if annotation.get("/Subtype") == "/FileAttachment":
                yield from _dictionaries(annotation.get("/FS"))


def _dictionaries(value: Any) -> Iterator[DictionaryObject]:
    """Follow a reference to a dictionary, or to a list of them."""
    target = value.get_object() if isinstance(value, PdfObject) else None
    for item in islice(target, _MOST_ON_A_PAGE) if isinstance(target, ArrayObject) else (target,):
        found = item.get_object() if isinstance(item, PdfObject) else None
        if isinstance(found, DictionaryObject):
            yield found


def _file(specification: DictionaryObject) -> Iterator[tuple[str, bytes]]:
    streams = next(_dictionaries(specification.get("/EF")), DictionaryObject())
    names = (str(specification[key].get_object()) for key in ("/UF", "/F") if key in specification)
    for key in ("/UF", "/F"):
        stream = next(_dictionaries(streams.get(key)), None)
        if isinstance(stream, StreamObject):
            yield next(names, "embedded file"), stream.get_data()
            return
