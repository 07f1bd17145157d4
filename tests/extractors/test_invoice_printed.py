"""Printed invoices: made-up ones of several languages and layouts, drawn as a PDF with Helvetica."""

from collections.abc import Callable
from typing import Any

import pytest

from sightline.extractors import Fact, Reading

Read = Callable[[bytes], Reading]
Drawn = list[tuple[float, float, str]]
SURE = 0.8

ENGLISH: Drawn = [
    (50, 60, "Harbour Tools Ltd"),
    (50, 74, "12 Quay Street"),
    (50, 88, "Bristol BS1 4RW"),
    (50, 102, "VAT No: GB123456789"),
    (50, 170, "Bill to:"),
    (50, 184, "Meadow Bakery Ltd"),
    (50, 198, "3 Mill Lane"),
    (50, 212, "Bath BA1 1AA"),
    (380, 60, "INVOICE"),
    (380, 90, "Invoice number: HT-2026-0417"),
    (380, 104, "Invoice date: 17 March 2026"),
    (380, 118, "Due date: 16 April 2026"),
    (380, 132, "Your order: PO-88123"),
    (50, 300, "Description"),
    (300, 300, "Qty"),
    (370, 300, "Unit price"),
    (480, 300, "Amount"),
    (50, 316, "Torque wrench"),
    (300, 316, "2"),
    (370, 316, "45.00"),
    (480, 316, "90.00"),
    (50, 332, "Socket set"),
    (300, 332, "1"),
    (370, 332, "110.00"),
    (480, 332, "110.00"),
    (370, 380, "Subtotal"),
    (480, 380, "£200.00"),
    (370, 396, "VAT 20%"),
    (480, 396, "£40.00"),
    (370, 412, "Total"),
    (480, 412, "£240.00"),
]
GERMAN: Drawn = [
    (60, 130, "Bäckerei Sonnentau e.K. · Am Markt 4 · 04109 Leipzig"),
    (60, 150, "Werkzeugbau Lindner GmbH"),
    (60, 164, "Frau Petra Lindner"),
    (60, 178, "Ringstraße 17"),
    (60, 192, "01067 Dresden"),
    (60, 270, "Rechnung"),
    (380, 250, "Rechnungsnummer:"),
    (480, 250, "R-10457"),
    (380, 264, "Rechnungsdatum:"),
    (480, 264, "05.02.2026"),
    (380, 278, "Kundennummer:"),
    (480, 278, "20991"),
    (60, 330, "Pos."),
    (100, 330, "Bezeichnung"),
    (480, 330, "Betrag"),
    (60, 346, "1"),
    (100, 346, "Brötchen, 500 Stück"),
    (480, 346, "1.250,00 €"),
    (380, 390, "Nettobetrag"),
    (480, 390, "1.250,00 €"),
    (380, 406, "7 % MwSt."),
    (480, 406, "87,50 €"),
    (380, 422, "Gesamtbetrag"),
    (480, 422, "1.337,50 €"),
    (60, 470, "Bitte zahlen Sie bis zum 19.02.2026 ohne Abzug."),
    (60, 780, "USt-IdNr.: DE123456789"),
    (300, 780, "IBAN: DE89 3704 0044 0532 0130 00"),
]
FRENCH: Drawn = [
    (50, 60, "Atelier Boréal SARL"),
    (50, 74, "8 rue des Lilas"),
    (50, 88, "69003 Lyon"),
    (330, 160, "Facturé à"),
    (330, 174, "Librairie du Pont SAS"),
    (330, 188, "21 quai Perrache"),
    (330, 202, "69002 Lyon"),
    (50, 250, "FACTURE"),
    (50, 270, "Facture n° F2026-118"),
    (50, 284, "Date de facture : 03/09/2026"),
    (50, 298, "Date d'échéance : 03/10/2026"),
    (50, 340, "Désignation"),
    (480, 340, "Montant HT"),
    (50, 356, "Reliure de 40 volumes"),
    (480, 356, "1 800,00 €"),
    (370, 400, "Total HT"),
    (480, 400, "1 800,00 €"),
    (370, 416, "TVA 20 %"),
    (480, 416, "360,00 €"),
    (370, 432, "Total TTC"),
    (480, 432, "2 160,00 €"),
    (50, 780, "SIRET 123 456 789 00010 - N° TVA : FR40303265045"),
]


def pdf(drawn: Drawn, large: str = "") -> bytes:
    """Draw texts of 10 points on an A4 page, and one of 16; x and y in points from the top left."""
    lines = []
    for x, y, text in drawn:
        shown = text.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
        lines.append(b"BT /F %d Tf %g %g Td (%s) Tj ET" % (16 if text == large else 10, x, 842 - y, shown))
    drawing = b"\n".join(lines)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[5 0 R]>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>>>",
    ]
    body, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return bytes(body) + end % (table, len(body))


def facts(reading: Reading) -> dict[str, Fact]:
    return {fact.name.removeprefix("invoice."): fact for fact in reading.facts if fact.name.startswith("invoice.")}


def shown(fact: Fact) -> Any:
    return (fact.value["amount"], fact.value["currency"]) if isinstance(fact.value, dict) else fact.value


def instead(drawn: Drawn, old: str, new: str) -> Drawn:
    assert any(text == old for _, _, text in drawn)
    return [(x, y, new if text == old else text) for x, y, text in drawn]


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (
            ENGLISH,
            {
                "number": "HT-2026-0417",
                "date": "2026-03-17",
                "due_date": "2026-04-16",
                "type": "invoice",
                "supplier": "Harbour Tools Ltd",
                "supplier_vat": "GB123456789",
                "buyer": "Meadow Bakery Ltd",
                "order_ref": "PO-88123",
                "currency": "GBP",
                "net": ("200.00", "GBP"),
                "tax": ("40.00", "GBP"),
                "total": ("240.00", "GBP"),
            },
        ),
        (
            GERMAN,
            {
                "number": "R-10457",
                "date": "2026-02-05",
                "due_date": "2026-02-19",
                "type": "invoice",
                "supplier": "Bäckerei Sonnentau e.K.",
                "supplier_vat": "DE123456789",
                "buyer": "Werkzeugbau Lindner GmbH",
                "currency": "EUR",
                "iban": "DE89370400440532013000",
                "net": ("1250.00", "EUR"),
                "tax": ("87.50", "EUR"),
                "total": ("1337.50", "EUR"),
            },
        ),
        (
            FRENCH,
            {
                "number": "F2026-118",
                "date": "2026-09-03",
                "due_date": "2026-10-03",
                "type": "invoice",
                "supplier": "Atelier Boréal SARL",
                "supplier_vat": "FR40303265045",
                "buyer": "Librairie du Pont SAS",
                "currency": "EUR",
                "net": ("1800.00", "EUR"),
                "tax": ("360.00", "EUR"),
                "total": ("2160.00", "EUR"),
            },
        ),
    ],
    ids=["english", "german", "french"],
)
def test_the_header_of_a_printed_invoice(read_bytes: Read, drawn: Drawn, expected: dict[str, Any]) -> None:
    reading = read_bytes(pdf(drawn))
    found = facts(reading)
    assert reading.kind == "invoice"
    assert {name: shown(found[name]) for name in expected if name in found} == expected


def test_every_fact_has_its_page_and_box(read_bytes: Read) -> None:
    for fact in facts(read_bytes(pdf(ENGLISH))).values():
        place = fact.locator.to_dict()
        assert place["page"] == 1
        x0, y0, x1, y1 = place["box"]
        assert 0 <= x0 < x1 <= 595
        assert 0 <= y0 < y1 <= 842
    total = facts(read_bytes(pdf(ENGLISH)))["total"].locator.to_dict()["box"]
    assert total == pytest.approx((480, 404, 516, 412), abs=2)


def test_amounts_that_do_not_add_up_are_a_question(read_bytes: Read) -> None:
    good, bad = (facts(read_bytes(pdf(one)))["total"] for one in (ENGLISH, instead(ENGLISH, "£240.00", "£250.00")))
    assert good.confidence >= SURE > bad.confidence


def test_a_credit_note_says_so(read_bytes: Read) -> None:
    found = facts(read_bytes(pdf(instead(GERMAN, "Rechnung", "Gutschrift"))))
    assert shown(found["type"]) == "credit_note"


def test_an_american_date_is_read_with_the_month_first(read_bytes: Read) -> None:
    drawn = [(x, y, text.replace("£", "$")) for x, y, text in ENGLISH]
    drawn = instead(
        instead(drawn, "Invoice date: 17 March 2026", "Invoice date: 03/17/2026"), "VAT 20%", "Sales tax 20%"
    )
    drawn = instead(drawn, "Due date: 16 April 2026", "Due date: 04/05/2026")
    found = facts(read_bytes(pdf(drawn)))
    assert (shown(found["date"]), shown(found["due_date"])) == ("2026-03-17", "2026-04-05")


def test_a_letter_with_an_amount_is_no_invoice(read_bytes: Read) -> None:
    letter: Drawn = [
        (60, 100, "Dear Ms Lindner,"),
        (60, 130, "thank you for the workshop on 5 February 2026. We raised 1,250.00 EUR in total"),
        (60, 144, "for the school, and will write again once the invoice of the caterer is here."),
        (60, 174, "Kind regards"),
    ]
    reading = read_bytes(pdf(letter))
    assert facts(reading) == {}
    assert reading.kind != "invoice"


@pytest.mark.parametrize(
    ("drawn", "name", "value"),
    [
        (instead(ENGLISH, "Invoice number: HT-2026-0417", "No: HT-2026-0417"), "number", "HT-2026-0417"),
        (instead(GERMAN, "Werkzeugbau Lindner GmbH", "Herrn"), "buyer", "Petra Lindner"),
        (
            instead(FRENCH, "Atelier Boréal SARL", "Atelier Boréal SARL \u2013 Reliure d'art"),
            "supplier",
            "Atelier Boréal SARL",
        ),
        ([*ENGLISH, (50, 348, "Foam board 8 Ft")], "currency", "GBP"),
    ],
)
def test_what_was_misread_once(read_bytes: Read, drawn: Drawn, name: str, value: str) -> None:
    assert shown(facts(read_bytes(pdf(drawn)))[name]) == value
