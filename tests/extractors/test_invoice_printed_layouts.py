"""Layouts and wordings of suppliers that the reader had not seen, each on a page as small as it can be."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from sightline.extractors import Reading
from sightline.extractors.invoice_printed.layout import plain
from sightline.extractors.invoice_printed.money_words import role
from sightline.extractors.invoice_printed.vocabulary import _sections, wordings
from tests.extractors.test_invoice_printed import SURE, Drawn, facts, instead, pdf, shown
from tests.extractors.test_invoice_printed_habits import PLAIN

Read = Callable[[bytes], Reading]
SUMS = {"Subtotal", "£200.00", "VAT 20%", "£40.00", "Total", "£240.00"}
SENDER = {"Harbour Tools Ltd", "12 Quay Street", "Bristol BS1 4RW"}


def value(reading: Reading, name: str) -> Any:
    found = facts(reading)
    return shown(found[name]) if name in found else None


def without(drawn: Drawn, texts: set[str]) -> Drawn:
    return [one for one in drawn if one[2] not in texts]


@pytest.mark.parametrize(
    ("sums", "total"),
    [
        ([(50, 400, "Total due"), (480, 406, "£240.00")], "240.00"),
        ([(370, 400, "Grand total in GBP:"), (520, 414, "240.00"), (50, 428, "Thank you")], "240.00"),
        ([(50, 400, "Total bolletta"), (480, 400, "£240.00")], "240.00"),
        ([(50, 400, "Total fare paid"), (480, 400, "£240.00")], "240.00"),
        ([(50, 400, "Gutschriftsbetrag"), (480, 400, "£240.00")], "240.00"),
        ([(50, 400, "Total net (no VAT)"), (480, 400, "£240.00")], "240.00"),
        ([*[one for one in PLAIN if one[2] in SUMS - {"Total"}], (370, 412, "To your credit")], "240.00"),
        (
            [
                (50, 400, "Rate"),
                (150, 400, "Net"),
                (250, 400, "VAT"),
                (350, 400, "Gross"),
                (50, 414, "20%"),
                (150, 414, "100.00"),
                (250, 414, "20.00"),
                (350, 414, "120.00"),
                (50, 428, "5%"),
                (150, 428, "200.00"),
                (250, 428, "10.00"),
                (350, 428, "210.00"),
                (50, 442, "To pay"),
                (350, 442, "330.00 GBP"),
            ],
            "330.00",
        ),
    ],
    ids=["a little off", "cut off", "half understood", "settled", "compound", "net only", "unnamed", "several rates"],
)
def test_the_total_is_found(read_bytes: Read, sums: Drawn, total: str) -> None:
    found = value(read_bytes(pdf([*without(PLAIN, SUMS), *sums])), "total")
    assert found is not None
    assert Decimal(found[0]) == Decimal(total)


def test_the_base_of_a_tax_is_not_the_tax(read_bytes: Read) -> None:
    drawn = [*instead(PLAIN, "VAT 20%", "VAT 20% on £200.00")]
    assert value(read_bytes(pdf([(x - 60 * (x == 370), y, text) for x, y, text in drawn])), "tax") == ("40.00", "GBP")


def test_what_is_left_after_payments_is_no_sure_total(read_bytes: Read) -> None:
    drawn = [
        *without(PLAIN, SUMS),
        (50, 400, "Verbruikskosten"),
        (480, 400, "€ 2.192,67"),
        (50, 414, "Termijnbedragen"),
        (480, 414, "€ -1.980,00"),
        (50, 428, "Te betalen"),
        (480, 428, "€ 212,67"),
    ]
    assert facts(read_bytes(pdf(drawn)))["total"].confidence < SURE


@pytest.mark.parametrize(
    ("instead_of_number", "number"),
    [
        ([(380, 90, "No. 2024117")], "2024117"),
        ([(380, 76, "#F240087")], "F240087"),
        ([(380, 76, "FT A/233")], "FT A/233"),
        ([(380, 90, "nr. 58 del 11/11/2024")], "58"),
        ([(380, 90, "KR-Nr.: 1190/2024")], "1190/2024"),
        ([(380, 90, "Declaration no.: 24100877")], "24100877"),
        ([(380, 90, "Beleg"), (480, 90, "12877")], "12877"),
        ([(380, 90, "Numero"), (480, 90, "Data"), (380, 103, "87/A"), (480, 103, "30/09/2024")], "87/A"),
        ([(380, 90, "Invoice number:"), (480, 90, "731 200 9981")], "731 200 9981"),
    ],
)
def test_the_number_is_found(read_bytes: Read, instead_of_number: Drawn, number: str) -> None:
    drawn = [*without(PLAIN, {"Invoice number: HT-0417"}), *instead_of_number]
    assert value(read_bytes(pdf(drawn)), "number") == number


def test_a_day_beside_the_number_needs_no_label(read_bytes: Read) -> None:
    drawn = instead(PLAIN, "Invoice date: 17 March 2026", "17 March 2026")
    drawn = [*drawn, (50, 30, "Arrival: 14 March 2026"), (50, 44, "Departure: 16 March 2026")]
    assert value(read_bytes(pdf(drawn)), "date") == "2026-03-17"


@pytest.mark.parametrize(
    ("drawn", "supplier"),
    [
        (
            [*without(PLAIN, SENDER), (50, 156, "Malermeister Uwe Brand, Quay Street 12, 91054 Erlangen")],
            "Malermeister Uwe Brand",
        ),
        (
            [
                *without(PLAIN, SENDER),
                (50, 60, "FROM"),
                (50, 74, "Maya Torres Photography"),
                (50, 88, "12 Quay Street"),
            ],
            "Maya Torres Photography",
        ),
        (
            [*instead(PLAIN, "Harbour Tools Ltd", "TaxiCentrale"), (380, 130, "Van:"), (430, 130, "Schiphol")],
            "TaxiCentrale",
        ),
        (instead(PLAIN, "Harbour Tools Ltd", "Verkauft von Kontor Versand GmbH"), "Kontor Versand GmbH"),
        (
            [*without(PLAIN, SENDER), (50, 60, "Le Goff"), (50, 800, "SARL LE GOFF, SIRET 48811290700021")],
            "SARL LE GOFF",
        ),
        (
            [*without(PLAIN, SENDER), (50, 60, "northlight"), (50, 800, "northlight studio gmbh")],
            "northlight studio gmbh",
        ),
        (
            [
                *without(PLAIN, SENDER),
                (50, 60, "Móvil"),
                (50, 800, "Móvil España, S.A.U. Calle 1, Madrid. CIF A82018474"),
            ],
            "Móvil España, S.A.U.",
        ),
        (
            instead(instead(PLAIN, "Bill to:", "Messrs. Dock Audio Ltd"), "Meadow Bakery Ltd", "London Branch"),
            "Harbour Tools Ltd",
        ),
        (
            [*without(PLAIN, SENDER), (50, 800, "Fibra S.p.A. con socio unico, Via Larga 2, 20147 Milano")],
            "Fibra S.p.A.",
        ),
        (
            [
                *instead(instead(PLAIN, "Bill to:", " "), "Harbour Tools Ltd", "Clearwater District"),
                (50, 226, "United Kingdom"),
            ],
            "Clearwater District",
        ),
    ],
    ids=[
        "one line",
        "from",
        "from where to where",
        "sold by",
        "form first",
        "small letters",
        "S.A.U.",
        "messrs",
        "a sentence behind",
        "head of the page",
    ],
)
def test_the_supplier_is_found(read_bytes: Read, drawn: Drawn, supplier: str) -> None:
    assert value(read_bytes(pdf(drawn)), "supplier") == supplier


def test_a_name_without_legal_form_is_a_question_when_a_company_signs_below(read_bytes: Read) -> None:
    drawn = [
        *without(PLAIN, SENDER),
        (50, 60, "Hostal La Perla"),
        (50, 74, "Calle Mayor 4, 11005 Cadiz"),
        (50, 88, "info@laperla.es"),
        (50, 800, "Gaditana de Hoteles, S.L. - B11223344"),
    ]
    assert facts(read_bytes(pdf(drawn)))["supplier"].confidence < SURE


@pytest.mark.parametrize(
    "head",
    [
        [(380, 60, "R E C H N U N G"), (380, 90, "Nr. 2024/388"), (380, 104, "09.09.2024")],
        [(380, 60, "Salgskvittering 118-20331"), (380, 104, "27.12.2025")],
        [(50, 240, "Thank you, here is your receipt."), (50, 254, "Date: 3 April 2026"), (50, 700, "VAT GB123456789")],
        [
            (380, 60, "Invoices of March"),
            (50, 240, "Date"),
            (150, 240, "Due date"),
            (300, 240, "Purchase order"),
            (50, 254, "03/04/2026"),
            (50, 700, "VAT GB123456789"),
        ],
    ],
    ids=["spaced letters", "compound", "only a sentence", "head of a table that is a title elsewhere"],
)
def test_a_paper_is_known_as_an_invoice(read_bytes: Read, head: Drawn) -> None:
    drawn = [*without(PLAIN, {"INVOICE", "Bill to:", "Invoice number: HT-0417", "Invoice date: 17 March 2026"}), *head]
    assert read_bytes(pdf(drawn)).kind == "invoice"


def test_an_offer_with_tax_and_account_is_no_invoice(read_bytes: Read) -> None:
    drawn = [
        *without(PLAIN, {"INVOICE", "Invoice number: HT-0417", "Invoice date: 17 March 2026"}),
        (50, 240, "17 March 2026. Our offer, valid until 1 May 2026; you get an invoice later."),
        (50, 700, "VAT GB123456789"),
    ]
    assert read_bytes(pdf(drawn)).kind != "invoice"


def test_every_wording_is_written_as_papers_are_compared() -> None:
    written = {wording for section in _sections() for wording in wordings(section)}
    assert [wording for wording in written if plain(wording) != wording and wording.isascii()] == []


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("gutschriftsbetrag", "total"),
        ("nettowarenwert", "net"),
        ("umsatzsteueranteil", "tax"),
        ("amount paid", "settled"),
    ],
)
def test_what_words_call_an_amount(wording: str, expected: str) -> None:
    assert role(wording)[0] == expected
