"""Habits of printed invoices that led a reader astray once, each on a page as small as it can be."""

from collections.abc import Callable
from typing import Any

import pytest

from sightline.extractors import Reading
from tests.extractors.test_invoice_printed import Drawn, facts, instead, pdf, shown

Read = Callable[[bytes], Reading]

PLAIN: Drawn = [
    (50, 60, "Harbour Tools Ltd"),
    (50, 74, "12 Quay Street"),
    (50, 88, "Bristol BS1 4RW"),
    (50, 170, "Bill to:"),
    (50, 184, "Meadow Bakery Ltd"),
    (50, 198, "3 Mill Lane"),
    (50, 212, "Bath BA1 1AA"),
    (380, 60, "INVOICE"),
    (380, 90, "Invoice number: HT-0417"),
    (380, 104, "Invoice date: 17 March 2026"),
    (370, 380, "Subtotal"),
    (480, 380, "£200.00"),
    (370, 396, "VAT 20%"),
    (480, 396, "£40.00"),
    (370, 412, "Total"),
    (480, 412, "£240.00"),
]
NAMELESS: Drawn = [one for one in PLAIN if one[:2] not in {(50, 60), (50, 74), (50, 88)}]
SWISS: Drawn = [
    (50, 60, "Alpkäserei Gruber AG"),
    (50, 74, "Dorfstrasse 3"),
    (50, 88, "3780 Gstaad"),
    (50, 102, "CHE-123.456.788 MWST"),
    (50, 150, "Gstaad, 3. April 2025"),
    (50, 200, "Rechnung Nr. 25-0417"),
    (50, 214, "Ihre Bestellung 8812 vom 28.03.2025"),
    (370, 260, "Zwischentotal"),
    (480, 260, "CHF 1'234.50"),
    (370, 276, "MWST 2.6%"),
    (480, 276, "CHF 32.10"),
    (370, 292, "Total CHF"),
    (480, 292, "1'266.60"),
]
SWEDISH: Drawn = [
    (50, 60, "Elfixarna i Borås AB"),
    (50, 90, "Faktura"),
    (50, 120, "Fakturanr: 45512"),
    (50, 134, "Fakturadatum: 2025-01-15"),
    (50, 300, "Netto"),
    (150, 300, "Moms 25 %"),
    (250, 300, "Öresavr."),
    (350, 300, "ATT BETALA"),
    (50, 314, "5 675,00"),
    (150, 314, "1 418,75"),
    (250, 314, "0,25"),
    (350, 314, "7 094,00 kr"),
]
REFUND: Drawn = [
    (380, 40, "Bodegas del Alba, S.A."),
    (50, 60, "FACTURA RECTIFICATIVA"),
    (50, 130, "NÚMERO: R25/00012"),
    (50, 144, "FECHA: 16-06-2025"),
    (90, 640, "BASE IMPONIBLE"),
    (220, 640, "% IVA"),
    (340, 640, "CUOTA IVA"),
    (450, 640, "TOTAL FACTURA"),
    (90, 656, "-363,09"),
    (220, 656, "21,00"),
    (340, 656, "-76,25"),
    (450, 656, "-439,34 EUR"),
    (180, 800, "Inscrita en el Registro Mercantil de La Rioja, Tomo 118, Folio 44, Hoja LO-5511"),
]
CONVERTED: Drawn = [
    *[one for one in PLAIN if one[1] < 370],
    (50, 230, "Total amount due on 16 April 2026 EUR 220.80"),
    (370, 380, "Charges excl. VAT"),
    (480, 380, "$200.00"),
    (370, 394, "VAT 20%"),
    (480, 394, "$40.00"),
    (370, 408, "Total in USD"),
    (480, 408, "$240.00"),
    (370, 430, "Charges excl. VAT"),
    (480, 430, "EUR 184.00"),
    (370, 444, "VAT 20%"),
    (480, 444, "EUR 36.80"),
    (370, 458, "VAT invoice amount"),
    (480, 458, "EUR 220.80"),
]
AUSTRIAN = [
    *instead(SWISS, "Gstaad, 3. April 2025", "Graz, am 3. April 2025"),
    (300.0, 102.0, "AB 24-0388 v. 12.03.2025"),
]
CREDIT: Drawn = [
    (50, 60, "Menuiseries du Golfe SARL"),
    (50, 74, "56000 Vannes"),
    (400, 60, "AVOIR"),
    (400, 76, "N° AV00000231"),
    (50, 175, "Date"),
    (120, 175, "Code client"),
    (200, 175, "Réf. facture"),
    (50, 190, "28/01/2025"),
    (120, 190, "CL00418"),
    (200, 190, "FA00003310"),
    (330, 160, "Yann Le Gall"),
    (330, 172, "4 allée des Pins"),
    (330, 184, "56340 Carnac"),
    (380, 508, "Total TTC"),
    (480, 508, "873,40 €"),
]
COLUMNS: Drawn = [
    (50, 50, "FACTURA RECTIFICATIVA"),
    (50, 88, "NÚMERO #"),
    (50, 102, "R25-0012"),
    (150, 88, "FECHA"),
    (150, 102, "31/03/2025"),
    (260, 88, "FACTURA RECTIFICADA"),
    (260, 102, "F25-0187 (12/03/2025)"),
    (50, 150, "Olivar Norte Distribución, S.L."),
    (380, 380, "TOTAL"),
    (480, 380, "-294,36 €"),
]
PATIENT = instead(
    instead(PLAIN, "Invoice number: HT-0417", "Geb.-Datum: 04.11.1951"),
    *("Invoice date: 17 March 2026", "Datum: 17.03.2026"),
)
FEE = [one for one in instead(PLAIN, "Total", "Total fee incl. VAT") if one[2] not in {"Subtotal", "£200.00"}]
STAY = [
    *instead(instead(PLAIN, "Invoice number: HT-0417", "Arrival 15.03.26"), "INVOICE", "Invoice 25-03317 17.03.26"),
    (50.0, 260.0, "Date"),
    (120.0, 260.0, "Text"),
    (50.0, 274.0, "15.03.26"),
    (120.0, 274.0, "One night"),
]


def value(reading: Reading, name: str) -> Any:
    found = facts(reading)
    return shown(found[name]) if name in found else None


@pytest.mark.parametrize(
    ("drawn", "name", "expected"),
    [
        (instead(PLAIN, "Invoice number: HT-0417", "Invoice number: 0063517"), "number", "0063517"),
        (instead(PLAIN, "VAT 20%", "VAT - Portugal (20% on £200.00)"), "tax", ("40.00", "GBP")),
        (instead(PLAIN, "VAT 20%", "Consumption tax (20%)"), "tax", ("40.00", "GBP")),
        (instead(PLAIN, "Subtotal", "Taxable value"), "net", ("200.00", "GBP")),
        (SWISS, "date", "2025-04-03"),
        (SWISS, "supplier", "Alpkäserei Gruber AG"),
        (SWISS, "net", ("1234.50", "CHF")),
        (SWISS, "total", ("1266.60", "CHF")),
        (SWEDISH, "tax", ("1418.75", "SEK")),
        (SWEDISH, "total", ("7094.00", "SEK")),
        (REFUND, "total", ("-439.34", "EUR")),
        (REFUND, "supplier", "Bodegas del Alba, S.A."),
        (CONVERTED, "total", ("220.80", "EUR")),
        ([one for one in STAY if "Invoice date" not in one[2]], "date", "2026-03-17"),
        (instead(PLAIN, "Invoice date: 17 March 2026", "Tax point 17 March 2026"), "date", "2026-03-17"),
        (instead(PLAIN, "Invoice number: HT-0417", "Kassenzeichen 5.0118.044182.7"), "number", "5.0118.044182.7"),
        (instead(PLAIN, "Invoice number: HT-0417", "Invoice number: 7 118 0442 551"), "number", "7 118 0442 551"),
        (instead(PLAIN, "Invoice number: HT-0417", "Fecha de cargo: 20/03/2026"), "date", "2026-03-17"),
        (instead(PLAIN, "Invoice number: HT-0417", "Invoice number: VR 2026 / 118402"), "number", "VR 2026 / 118402"),
        (instead(PLAIN, "Invoice number: HT-0417", "Invoice number: 004811230417"), "number", "004811230417"),
        (
            instead(PLAIN, "Invoice date: 17 March 2026", "Invoice date / delivery date 17 March 2026"),
            "date",
            "2026-03-17",
        ),
        (PATIENT, "date", "2026-03-17"),
        (FEE, "total", ("240.00", "GBP")),
        (
            [*instead(PLAIN, "Invoice number: HT-0417", "#"), (450, 90, ": KIPL/24-25/00873")],
            "number",
            "KIPL/24-25/00873",
        ),
        (AUSTRIAN, "date", "2025-04-03"),
        (CREDIT, "number", "AV00000231"),
        (COLUMNS, "number", "R25-0012"),
    ],
    ids=[
        "zeros",
        "taxed part in brackets",
        "tax of another name",
        "net of another name",
        "head of a letter",
        "tax number under a name",
        "apostrophes",
        "total",
        "rate in the head of a column",
        "rounded total",
        "negative sums below their labels",
        "where it is registered",
        "what is due of two currencies",
        "day behind the number in the title",
        "tax point",
        "number of a public office",
        "number in groups",
        "day of a direct debit",
        "number with a prefix and a tail",
        "number like a telephone's",
        "label for two days",
        "day of birth",
        "total of a fee",
        "sign and colon",
        "head of an Austrian letter",
        "credit note beside its invoice",
        "sign for a number in a column",
    ],
)
def test_a_value_is_read_whatever_the_habit(read_bytes: Read, drawn: Drawn, name: str, expected: Any) -> None:
    assert value(read_bytes(pdf(drawn)), name) == expected


@pytest.mark.parametrize(
    "name", ["Boulangerie du Pont SARL", "Aceites del Sur S.A.", "Alpenblick IT-Service e.K.", "De Vries Fietsen B.V."]
)
def test_a_name_in_the_last_line_is_whole(read_bytes: Read, name: str) -> None:
    drawn = [
        *NAMELESS,
        (50, 800, f"{name} · 8 rue des Lilas, 69003 Lyon · info@example.org · Tel. 04 72 00 00 00 · IBAN sur demande"),
    ]
    assert value(read_bytes(pdf(drawn)), "supplier") == name


def test_the_partner_of_a_company_is_not_the_sender(read_bytes: Read) -> None:
    sender = "Elektro-Union Handels GmbH & Co. KG"
    drawn = [
        *instead(PLAIN, "Harbour Tools Ltd", "Elektro-Union"),
        (50.0, 790.0, sender),
        (50.0, 802.0, "HRA 5518 Gütersloh"),
        (250.0, 790.0, "phG: Elektro-Union Verwaltungs GmbH"),
        (250.0, 802.0, "HRB 4417 AG Gütersloh"),
    ]
    assert value(read_bytes(pdf(drawn)), "supplier") == sender


@pytest.mark.parametrize(
    "claim",
    [
        "Issued in the name and on behalf of the supplier by Ferry Platform GmbH, Hafenstraße 15, 20457 Hamburg",
        "Erstellt im Namen und für Rechnung des Leistenden durch Ferry Platform GmbH, Hafenstraße 15, 20457 Hamburg",
        "Ferry Platform GmbH, Hafenstraße 15, 20457 Hamburg, on behalf of the supplier",
    ],
)
def test_who_writes_on_behalf_of_another_is_not_the_sender(read_bytes: Read, claim: str) -> None:
    drawn = [
        *instead(PLAIN, "Harbour Tools Ltd", "Ferry"),
        (380.0, 170.0, "Supplier:"),
        (380.0, 184.0, "Saarson Transport OÜ"),
        (380.0, 198.0, "Kalda 14, 50703 Tartu"),
        (50.0, 790.0, claim),
        (50.0, 802.0, "HRB 145329, USt-IdNr. DE136695976, mail@ferry-platform.example"),
    ]
    assert value(read_bytes(pdf(drawn)), "supplier") == "Saarson Transport OÜ"


def test_one_who_is_written_for_is_the_sender(read_bytes: Read) -> None:
    drawn = [
        *NAMELESS,
        (50.0, 60.0, "Ferry Platform GmbH"),
        (50.0, 790.0, "This invoice was issued on behalf of Saarson Transport OÜ, Kalda 14, 50703 Tartu"),
    ]
    assert value(read_bytes(pdf(drawn)), "supplier") == "Saarson Transport OÜ"


def test_a_company_beside_its_short_name_is_not_the_buyer(read_bytes: Read) -> None:
    drawn: Drawn = [
        *[one for one in PLAIN if one[0] in {370, 480}],
        (40, 60, "Harbour Candles"),
        (400, 60, "Harbour Candles Trading Ltd"),
        (400, 74, "7 Mill Lane"),
        (400, 88, "Bath BA1 1AA"),
        (400, 102, "VAT: GB123456789"),
        (40, 138, "INVOICE"),
        (40, 173, "Aoife Brennan"),
        (40, 187, "22 Strand Road"),
        (40, 201, "Bristol BS1 4RW"),
        (40, 215, "aoife@mailbox.example"),
        (390, 173, "Invoice Number: HF-2024-0391"),
        (390, 187, "Invoice Date: 18 November 2024"),
    ]
    assert value(read_bytes(pdf(drawn)), "supplier") == "Harbour Candles Trading Ltd"


def test_the_address_of_a_shop_is_not_its_name(read_bytes: Read) -> None:
    drawn = [
        *NAMELESS,
        (380.0, 170.0, "From"),
        (380.0, 184.0, "Shoply International Limited"),
        (380.0, 198.0, "Ottawa ON K2P 2L8, Canada"),
        (50.0, 240.0, "Store"),
        (120.0, 240.0, "harbour-goods.shoply.example"),
        (50.0, 790.0, "Questions? https://help.shoply.example"),
    ]
    assert value(read_bytes(pdf(drawn)), "supplier") == "Shoply International Limited"


def test_the_first_letters_of_a_name_are_no_name_beside_it(read_bytes: Read) -> None:
    drawn = [
        *NAMELESS,
        (50.0, 45.0, "RB"),
        (50.0, 90.0, "RB Reisebahn Fernverkehr AG, Europa-Allee 78, 60486 Frankfurt am Main"),
    ]
    found = facts(read_bytes(pdf(drawn)))["supplier"]
    assert [found.value, *(one.value for one in found.alternatives)] == ["RB Reisebahn Fernverkehr AG"]


def test_a_letter_that_charges_is_an_invoice(read_bytes: Read) -> None:
    drawn: Drawn = [
        (50, 60, "Sportverein Talheim e.V."),
        (380, 120, "Talheim, 31.03.2025"),
        (50, 160, "für die Halle berechnen"),
        (50, 174, "wir wie besprochen 279,00 Euro."),
        (50, 188, "Gesamtbetrag 279,00 Euro"),
        (50, 790, "IBAN DE89 3704 0044 0532 0130 00"),
    ]
    reading = read_bytes(pdf(drawn))
    assert (reading.kind, value(reading, "date")) == ("invoice", "2025-03-31")
    assert read_bytes(pdf(instead(drawn, "für die Halle berechnen", "für die Halle danken"))).kind != "invoice"


def test_an_address_in_one_line_is_not_the_name(read_bytes: Read) -> None:
    address = "Keizersgracht 100, 1015 AA Amsterdam"
    drawn = [one for one in instead(PLAIN, "12 Quay Street", address) if one[:2] not in {(50, 60), (50, 88)}]
    assert value(read_bytes(pdf(drawn)), "supplier") != address


def test_an_address_beside_the_label_is_not_the_buyer(read_bytes: Read) -> None:
    drawn = [
        *instead(PLAIN, "Meadow Bakery Ltd", "Sanne Visser"),
        (110.0, 170.0, "Keizersgracht 100, 1015 AA Amsterdam"),
    ]
    assert value(read_bytes(pdf(drawn)), "buyer") == "Sanne Visser"


def test_a_place_with_letters_behind_its_number_is_not_a_company(read_bytes: Read) -> None:
    drawn = instead(instead(PLAIN, "Meadow Bakery Ltd", "Fam. Jansen"), "Bath BA1 1AA", "3721 AB Bilthoven")
    assert value(read_bytes(pdf(drawn)), "buyer") == "Fam. Jansen"


def test_a_title_of_many_words_makes_an_invoice_when_number_and_date_are_there(read_bytes: Read) -> None:
    drawn: Drawn = [
        (50, 60, "Studio Neri S.r.l."),
        (50, 120, "Parcella n. 14/2025 del 31/01/2025"),
        (370, 300, "Totale documento"),
        (480, 300, "1.244,40 EUR"),
    ]
    assert value(read_bytes(pdf(drawn)), "number") == "14/2025"


def test_the_word_vat_is_not_part_of_the_number(read_bytes: Read) -> None:
    drawn = instead(instead(PLAIN, "INVOICE", "Faktura VAT 2024-3467"), "Invoice number: HT-0417", "Oplata roczna")
    assert value(read_bytes(pdf(drawn)), "number") == "2024-3467"
