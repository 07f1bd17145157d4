"""Invoices that travel inside something else: an envelope in XML, a signature, a PDF."""

import base64
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import cast

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from sightline.extractors import Reading, read
from tests.extractors.invoices import others, places, values

Read = Callable[[bytes], Reading]

SBDH = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"


@pytest.fixture
def cii(samples: Path) -> bytes:
    return (samples / "xrechnung_einfach.cii.xml").read_bytes()


@pytest.fixture
def ubl(samples: Path) -> bytes:
    return (samples / "xrechnung_rabatte.ubl.xml").read_bytes()


@pytest.fixture
def fatturapa(samples: Path) -> bytes:
    return (samples / "fatturapa_fpr01.xml").read_bytes()


def without_declaration(xml: bytes) -> bytes:
    return xml[xml.index(b"?>") + 2 :]


def enveloped(*invoices: bytes) -> bytes:
    inside = b"".join(map(without_declaration, invoices))
    header = (
        b"<s:StandardBusinessDocumentHeader><s:HeaderVersion>1.0</s:HeaderVersion></s:StandardBusinessDocumentHeader>"
    )
    return b"<s:StandardBusinessDocument xmlns:s='%s'>%s%s</s:StandardBusinessDocument>" % (
        SBDH.encode(),
        header,
        inside,
    )


def test_an_invoice_in_a_business_document_envelope_is_read(read_bytes: Read, ubl: bytes) -> None:
    reading = read_bytes(enveloped(ubl))
    assert values(reading) == values(read_bytes(ubl))
    assert places(reading)["number"] == "/s:StandardBusinessDocument/ubl:Invoice/cbc:ID"


def test_an_invoice_deep_in_another_document_is_not_looked_for(read_bytes: Read, ubl: bytes) -> None:
    nested = b"<?xml version='1.0'?><a><b><c><d>%s</d></c></b></a>" % without_declaration(ubl)
    assert read_bytes(nested).kind is None
    assert read_bytes(nested.replace(b"<c>", b"").replace(b"</c>", b"")).kind == "invoice"


ATTACHED = """<AttachedDocument xmlns="urn:oasis:names:specification:ubl:schema:xsd:AttachedDocument-2"
    xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:ID>AD1</cbc:ID><cac:Attachment>
    <cac:ExternalReference><cbc:Description><![CDATA[{}]]></cbc:Description></cac:ExternalReference></cac:Attachment>
    </AttachedDocument>"""


def test_an_invoice_that_another_document_holds_as_text_is_read(read_bytes: Read, ubl: bytes) -> None:
    reading = read_bytes(ATTACHED.format(ubl.decode()).encode())
    assert values(reading) == values(read_bytes(ubl))
    description = "/ubl:AttachedDocument/cac:Attachment/cac:ExternalReference/cbc:Description"
    assert places(reading)["number"] == f"{description}:/ubl:Invoice/cbc:ID"


@pytest.mark.parametrize("inside", ["", "no XML", "<a>", "<a/>"])
def test_another_document_that_holds_none_is_left_alone(read_bytes: Read, inside: str) -> None:
    assert read_bytes(ATTACHED.format(inside).encode()).kind is None


def test_of_several_invoices_the_first_gives_the_facts_and_others_the_alternatives(
    read_bytes: Read, ubl: bytes, fatturapa: bytes
) -> None:
    reading = read_bytes(enveloped(ubl, fatturapa))
    assert values(reading) == values(read_bytes(ubl))
    assert others(reading)["number"] == ["123"]
    assert others(reading)["supplier"] == ["SOCIETA' ALPHA SRL"]


@pytest.mark.parametrize("sample", ["fatturapa_signed.xml.p7m", "fatturapa_signed_in_pieces.xml.p7m"])
def test_a_signed_invoice_is_read(samples: Path, read_bytes: Read, fatturapa: bytes, sample: str) -> None:
    reading = read(samples / sample, sample)
    assert (reading.kind, reading.problems) == ("invoice", ())
    assert values(reading) == values(read_bytes(fatturapa))
    assert places(reading)["number"] == places(read_bytes(fatturapa))["number"]
    assert any("SOCIETA' ALPHA SRL" in line.text for line in reading.text)


def armored(content: bytes) -> bytes:
    return b"-----BEGIN PKCS7-----\n%s-----END PKCS7-----\n" % base64.encodebytes(content)


@pytest.mark.parametrize("written", [base64.b64encode, base64.encodebytes, armored])
def test_a_signed_invoice_written_as_text_is_read(
    samples: Path, read_bytes: Read, fatturapa: bytes, written: Callable[[bytes], bytes]
) -> None:
    signed = (samples / "fatturapa_signed.xml.p7m").read_bytes()
    reading = read_bytes(written(signed))
    assert (reading.kind, values(reading)) == ("invoice", values(read_bytes(fatturapa)))


@pytest.mark.parametrize("sample", ["fatturapa_signed.xml.p7m", "fatturapa_signed_in_pieces.xml.p7m"])
def test_a_signed_file_that_breaks_off_gives_the_reason(samples: Path, read_bytes: Read, sample: str) -> None:
    signed = (samples / sample).read_bytes()
    for length in range(40, 4300, 71):
        reading = read_bytes(signed[:length])
        assert reading.facts == ()
        assert reading.problems == ("The signed file could not be read: its signed envelope is damaged or breaks off.",)


def test_a_signature_without_the_file_gives_the_reason(read_bytes: Read) -> None:
    # ContentInfo { signedData, { version 1, no algorithms, { data, nothing } } }
    detached = bytes.fromhex("3021 06092a864886f70d010702 a014 3012 020101 3100 300b 06092a864886f70d010701")
    told = "The signed file could not be read: it is a signature alone, the signed file is not inside."
    assert read_bytes(detached).problems == (told,)


def test_a_signed_file_that_is_no_invoice_is_left_alone(samples: Path, read_bytes: Read) -> None:
    signed = (samples / "fatturapa_signed.xml.p7m").read_bytes().replace(b"<?xml version", b"hello version")
    assert (read_bytes(signed).kind, read_bytes(signed).problems) == (None, ())


# ContentInfo { signedData, { version 1, no algorithms, { data, … all of indefinite length
OPEN_ENVELOPE = bytes.fromhex("3080 06092a864886f70d010702 a080 3080 020101 3100 3080 06092a864886f70d010701 a080")


def test_pieces_of_pieces_are_put_together(read_bytes: Read, fatturapa: bytes) -> None:
    inner = b"\x24\x80\x04\x05%s\0\0" % fatturapa[:5]
    rest = b"\x04\x82%s%s" % ((len(fatturapa) - 5).to_bytes(2), fatturapa[5:])
    reading = read_bytes(OPEN_ENVELOPE + b"\x24\x80" + inner + rest + b"\0\0" * 6)
    assert values(reading) == values(read_bytes(fatturapa))


def test_a_signed_invoice_in_utf_16_is_read(read_bytes: Read, fatturapa: bytes) -> None:
    wide = fatturapa.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    piece = b"\x04\x83%s%s" % (len(wide).to_bytes(3), wide)
    reading = read_bytes(OPEN_ENVELOPE + b"\x24\x80" + piece + b"\0\0" * 6)
    assert values(reading) == values(read_bytes(fatturapa))


@pytest.mark.parametrize(
    "endless", [b"\x24\x80", b"\x30\x80", b"\x24\x84\xff\xff\xff\xff"], ids=["pieces", "elements", "too long"]
)
def test_an_envelope_without_end_is_refused(read_bytes: Read, endless: bytes) -> None:
    reading = read_bytes(OPEN_ENVELOPE + b"\x24\x80" + endless * 100_000)
    assert "damaged" in reading.problems[0]


def test_an_envelope_of_countless_pieces_is_refused(read_bytes: Read) -> None:
    reading = read_bytes(OPEN_ENVELOPE + b"\x24\x80" + b"\x04\x00" * 600_000 + b"\0\0" * 6)
    assert "damaged" in reading.problems[0]


def written(writer: PdfWriter) -> bytes:
    content = BytesIO()
    writer.write(content)
    return content.getvalue()


def associated(files: Iterable[tuple[str, bytes]], where: str) -> bytes:
    """Write a PDF whose files are only associated with the document or its page, or pinned to the page."""
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    for name, content in files:
        writer.add_attachment(name, content)
    names = cast("DictionaryObject", writer.root_object.pop(NameObject("/Names")))
    names = cast("DictionaryObject", names["/EmbeddedFiles"])
    listed = ArrayObject(cast("ArrayObject", names["/Names"])[1::2])
    if where == "pinned":
        pinned = {NameObject("/Subtype"): NameObject("/FileAttachment")}
        page[NameObject("/Annots")] = ArrayObject(
            DictionaryObject({**pinned, NameObject("/FS"): file}) for file in listed
        )
    else:
        (page if where == "page" else writer.root_object)[NameObject("/AF")] = listed
    return written(writer)


def attached(*files: tuple[str, bytes]) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for name, content in files:
        writer.add_attachment(name, content)
    return written(writer)


@pytest.mark.parametrize("where", ["document", "page", "pinned"])
def test_a_file_that_a_pdf_only_associates_is_found(read_bytes: Read, cii: bytes, where: str) -> None:
    reading = read_bytes(associated([("notes.txt", b"hello"), ("factur-x.xml", cii)], where))
    assert reading.kind == "invoice"
    assert values(reading) == values(read_bytes(cii))
    assert (places(reading)["number"] or "").startswith("factur-x.xml:/rsm:CrossIndustryInvoice/")


@pytest.mark.parametrize("name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml", "rechnung 17.xml", "data"])
def test_the_name_of_the_file_inside_does_not_matter(read_bytes: Read, cii: bytes, name: str) -> None:
    reading = read_bytes(attached(("notes.xml", b"<notes/>"), (name, cii), ("terms.pdf", b"%PDF-1.4")))
    assert (reading.kind, reading.problems) == ("invoice", ())
    assert values(reading) == values(read_bytes(cii))


@pytest.mark.parametrize("syntax", ["ubl", "fatturapa"])
def test_every_syntax_is_read_inside_a_pdf(read_bytes: Read, syntax: str, request: pytest.FixtureRequest) -> None:
    content = request.getfixturevalue(syntax)
    assert values(read_bytes(attached(("invoice.xml", content)))) == values(read_bytes(content))


def test_a_file_with_the_name_of_an_invoice_goes_first(read_bytes: Read, cii: bytes, ubl: bytes) -> None:
    reading = read_bytes(attached(("a.xml", ubl), ("factur-x.xml", cii)))
    assert (places(reading)["number"] or "").startswith("factur-x.xml:")
    assert others(reading)["total"] == [{"amount": "215.07", "currency": "EUR"}]
    assert "order_ref" not in values(reading)


def test_an_order_inside_a_pdf_is_called_one(read_bytes: Read) -> None:
    order = b"<r:SCRDMCCBDACIOMessageStructure xmlns:r='urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100'/>"
    reading = read_bytes(attached(("order-x.xml", order)))
    assert reading.problems == ("order-x.xml inside the PDF is an order (Order-X), not an invoice.",)
    assert values(reading) == {}


def test_an_announced_file_that_is_no_invoice_is_a_problem(read_bytes: Read) -> None:
    reading = read_bytes(attached(("factur-x.xml", b"<orders/>")))
    assert reading.problems == ("factur-x.xml inside the PDF is no invoice: its root element is orders.",)


def test_a_broken_invoice_under_another_name_is_a_problem(read_bytes: Read, ubl: bytes) -> None:
    reading = read_bytes(attached(("4711.xml", ubl[:-20])))
    assert reading.problems[0].startswith("4711.xml inside the PDF could not be read: ")
    assert values(reading) == {}


def test_a_broken_file_that_never_was_an_invoice_is_left_alone(read_bytes: Read) -> None:
    assert read_bytes(attached(("notes.xml", b"<notes>"))).problems == ()


def test_a_sound_invoice_beside_a_broken_one_is_read(read_bytes: Read, ubl: bytes, cii: bytes) -> None:
    reading = read_bytes(attached(("factur-x.xml", cii[:-20]), ("copy.xml", ubl)))
    assert values(reading) == values(read_bytes(ubl))
    assert len(reading.problems) == 1
