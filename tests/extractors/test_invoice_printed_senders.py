"""Printed invoices whose sender, number or day a reader missed on the layouts of others' generators, made small."""

from collections.abc import Callable
from typing import Any

import pytest

from sightline.extractors import Reading
from sightline.extractors.invoice_printed.facts import read_invoices
from sightline.extractors.invoice_printed.names import is_name
from sightline.extractors.words import Word
from tests.extractors.test_invoice_printed import Drawn, instead, pdf
from tests.extractors.test_invoice_printed_habits import PLAIN, value

Read = Callable[[bytes], Reading]

SUMS: Drawn = [(370, 380, "Subtotal"), (480, 380, "£200.00"), (370, 396, "VAT 20%"), (480, 396, "£40.00")]
TOTAL: Drawn = [*SUMS, (370, 412, "Total"), (480, 412, "£240.00")]
HEAD: Drawn = [(380, 60, "Invoice number: HT-0417"), (380, 74, "Invoice date: 17 March 2026")]
TAXED_BUYER: Drawn = [
    (400, 28, "Greener every day"),
    (50, 60, "Quayside Gardens Ltd"),
    (50, 74, "12 Quay Street"),
    (50, 88, "Bristol BS1 4RW"),
    (320, 114, "Meadow Bakery Ltd"),
    (320, 128, "3 Mill Lane"),
    (320, 142, "Bath BA1 1AA"),
    (320, 156, "VAT no. GB123456789"),
    (50, 220, "Invoice HT-0417"),
    (50, 240, "Invoice date: 17 March 2026"),
    *TOTAL,
    (50, 800, "+44 117 496 0100 office@quayside-green.example"),
]
COLUMNS: Drawn = [
    (50, 40, "INVOICE"),
    *HEAD,
    (50, 120, "Service Provider"),
    (50, 134, "Name:"),
    (110, 134, "Quay Tools"),
    (50, 148, "Street:"),
    (110, 148, "12 Quay Street"),
    (300, 120, "Client"),
    (300, 134, "Name:"),
    (360, 134, "Meadow Bakery"),
    (300, 148, "Street:"),
    (360, 148, "3 Mill Lane"),
    *TOTAL,
]
STORE: Drawn = [
    (50, 60, "Invoice #1893"),
    (50, 100, "Invoice"),
    (50, 114, "INV-2025-41"),
    (220, 100, "Order ID"),
    (220, 114, "1893"),
    (50, 150, "Date"),
    (50, 164, "17 March 2026"),
    (220, 150, "Store"),
    (220, 164, "Quay Tools"),
    *TOTAL,
]
SHORT_PAGE: Drawn = [
    (50, 64, "Quay Hardware &"),
    (50, 76, "Electrics"),
    (50, 110, "12 Quay Street"),
    (50, 142, "Bill to:"),
    (50, 156, "Meadow Bakery"),
    *HEAD,
    *[(x, y - 180, text) for x, y, text in TOTAL],
]
TWO_DAYS: Drawn = [
    (50, 60, "Faktura 2025-0187"),
    (50, 90, "Tischlerei Havel GmbH"),
    (300, 80, "Datum dieses neuen Belegs: 4.9.2025"),
    (300, 92, "Zahlbar bis: 18.9.2025"),
    *TOTAL,
]
BROKEN_DAY: Drawn = [
    *[one for one in PLAIN if "date" not in one[2]],
    (380, 104, "Invoice date:"),
    (460, 104, "17 March"),
    (460, 116, "2026"),
]
DUE_HEAD: Drawn = [
    (50, 60, "Quay Tools Ltd"),
    (380, 60, "Invoice number: HT-0417"),
    (380, 74, "Date: 17 March 2026"),
    (50, 90, "INVOICE"),
    (50, 700, "Due by"),
    (200, 700, "Account number"),
    (400, 700, "Total due"),
    (50, 716, "10 May 2026"),
    (200, 716, "00 1122 33"),
    (400, 716, "£240.00"),
]


@pytest.mark.parametrize(
    ("drawn", "name", "expected"),
    [
        (TAXED_BUYER, "supplier", "Quayside Gardens Ltd"),
        (TAXED_BUYER, "buyer", "Meadow Bakery Ltd"),
        (COLUMNS, "supplier", "Quay Tools"),
        (STORE, "supplier", "Quay Tools"),
        (STORE, "number", "INV-2025-41"),
        (SHORT_PAGE, "supplier", "Quay Hardware & Electrics"),
        ([*instead(PLAIN, "Invoice number: HT-0417", "Invoice #HT-0417"), (500, 90, "HX7 8EW")], "number", "HT-0417"),
        (instead(PLAIN, "Invoice number: HT-0417", "Invoice number:HT-0417"), "number", "HT-0417"),
        (
            [
                *instead(PLAIN, "Invoice number: HT-0417", "Invoice #HT-0417"),
                (50, 600, "Transaction ID"),
                (50, 614, "ch_3Q7fKd2e"),
            ],
            "number",
            "HT-0417",
        ),
        (BROKEN_DAY, "date", "2026-03-17"),
        (DUE_HEAD, "total", ("240.00", "GBP")),
    ],
    ids=[
        "sender above a buyer with a tax number",
        "buyer with a tax number",
        "name behind a label of its own",
        "store",
        "number of the order in the title",
        "page that ends early",
        "sign at the number",
        "number at the colon",
        "number of the payment",
        "day on two lines",
        "due in the head of a column",
    ],
)
def test_a_value_is_read_where_others_print_it(read_bytes: Read, drawn: Drawn, name: str, expected: Any) -> None:
    assert value(read_bytes(pdf(drawn)), name) == expected


def test_a_day_under_another_label_is_not_the_invoice_date(read_bytes: Read) -> None:
    assert value(read_bytes(pdf(TWO_DAYS)), "date") == "2025-09-04"


def test_a_label_without_a_name_is_not_the_supplier(read_bytes: Read) -> None:
    drawn = [*instead(PLAIN, "Harbour Tools Ltd", "Seller:"), (50, 30, "Seller")]
    assert value(read_bytes(pdf(drawn)), "supplier") not in {"Seller", "Seller:"}


def test_a_label_before_a_name_that_runs_into_the_next_is_not_the_supplier(read_bytes: Read) -> None:
    drawn = instead(COLUMNS, "Quay Tools", "Quay Tools LLCName:")
    assert value(read_bytes(pdf(drawn)), "supplier") is None


def test_who_trades_under_a_name_is_cut_from_the_sentence(read_bytes: Read) -> None:
    drawn = [
        *instead(PLAIN, "Harbour Tools Ltd", "Harbour Tools"),
        (50, 800, "Harbour Tools is een handelsnaam van Wenning Marine B.V."),
    ]
    assert value(read_bytes(pdf(drawn)), "supplier") in {"Harbour Tools", "Wenning Marine B.V."}


def test_a_large_name_and_a_small_number_beside_it_are_two() -> None:
    words = [Word(text, (x, y - size, x + 0.5 * size * len(text), y), y, size) for x, y, text, size in _sized()]
    reading = read_invoices([(1, words)], "invoice_printed", 1)
    assert value(reading, "supplier") == "Savannah Bytes"


def _sized() -> list[tuple[float, float, str, float]]:
    large = [(24.0, 40.0, "Savannah", 28.0), (146.0, 40.0, "Bytes", 28.0), (236.0, 40.0, "INV-219", 9.0)]
    small = [(x, y, word, 10.0) for x, y, text in [(400.0, 28.0, "Invoice"), *TOTAL] for x, word in _spread(x, text)]
    return [*large, *small, (400.0, 60.0, "2026-03-17", 9.0)]


def _spread(x: float, text: str) -> list[tuple[float, str]]:
    return [(x + 5.0 * len(text[: at and text.index(word)]), word) for at, word in enumerate(text.split())]


@pytest.mark.parametrize(
    ("words", "may_be"),
    [
        ("Via Collina", False),
        ("Rue du Moulin", False),
        ("Via Rail Canada Inc.", True),
        ("REGISTERED OFFICE AS ABOVE", False),
        ("Viaduct Brewing", True),
    ],
)
def test_a_street_without_its_number_is_no_name(words: str, *, may_be: bool) -> None:
    assert is_name(words) is may_be
