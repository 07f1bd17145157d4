"""Office files in their smallest form, packed by hand."""

import io
import zipfile
from collections.abc import Sequence

_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
Cell = str | int | float | bool


def zipped(entries: dict[str, str | bytes], *, stored_first: bool = False) -> bytes:
    """Pack a zip archive; the first entry as it is, where the format asks for it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, text) in enumerate(entries.items()):
            kind = zipfile.ZIP_STORED if stored_first and number == 0 else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), text, kind)
    return file.getvalue()


def xlsx(**sheets: Sequence[Sequence[Cell | None]]) -> bytes:
    """Make a workbook; `None` leaves a cell out."""
    numbered = list(enumerate(sheets.items(), start=1))
    named = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, (name, _) in numbered)
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in numbered
    )
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE_RELATIONS}"><Relationship Id="rId1" '
            f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_RELATIONS}"><sheets>{named}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE_RELATIONS}">{related}</Relationships>',
            **{f"xl/worksheets/sheet{n}.xml": _sheet(rows) for n, (_, rows) in numbered},
        }
    )


def _sheet(rows: Sequence[Sequence[Cell | None]]) -> str:
    written = "".join(
        f'<row r="{r}">{"".join(_cell(f"{chr(64 + c)}{r}", cell) for c, cell in enumerate(row, start=1))}</row>'
        for r, row in enumerate(rows, start=1)
    )
    return f'<worksheet xmlns="{_SHEET}"><sheetData>{written}</sheetData></worksheet>'


def _cell(place: str, value: Cell | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def docx(body: str, title: str = "", pages: str = "") -> bytes:
    """Make a DOCX with this content of `w:body`."""
    core = f'<p xmlns="urn:p" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></p>'
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
            "docProps/core.xml": core,
            "docProps/app.xml": f"<Properties><Pages>{pages}</Pages></Properties>",
        }
    )


def odt(body: str, title: str = "", pages: str = "") -> bytes:
    """Make an ODT with this content of `office:text`."""
    spaces = " ".join(f'xmlns:{name}="{_OFFICE}:{name}:1.0"' for name in ("office", "text", "table", "meta"))
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {spaces}><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
            "meta.xml": f'<office:document-meta {spaces} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
            f'<dc:title>{title}</dc:title><meta:document-statistic meta:page-count="{pages}"/></office:meta>'
            "</office:document-meta>",
        },
        stored_first=True,
    )
