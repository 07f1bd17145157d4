"""What stands in one row of a printed invoice and does not belong together, and what belongs together over two rows."""

from collections.abc import Callable
from typing import Any

import pytest

from sightline.extractors import Reading
from tests.extractors.test_invoice_printed import Drawn, instead, pdf
from tests.extractors.test_invoice_printed_habits import PLAIN, value

Read = Callable[[bytes], Reading]

BESIDE_A_NOTE: Drawn = [
    *PLAIN,
    (50, 380, "(P) = taxed at source"),
    (50, 412, "Thank you for your business!"),
    (370, 428, "Deposit received"),
    (480, 428, "£100.00"),
    (370, 444, "Balance"),
    (480, 444, "£140.00"),
]
WITHHELD: Drawn = [
    *instead(instead(PLAIN, "Total", "Compenso"), "INVOICE", "FATTURA"),
    (370, 428, "Netto a pagare"),
    (480, 428, "£200.00"),
    (370, 440, "Ritenuta d'acconto"),
    (480, 440, "£40.00"),
]
COUNTED: Drawn = [*instead(PLAIN, "Total", "Total 1,500 pcs")]
REFUNDED: Drawn = [
    *instead(
        instead(instead(PLAIN, "INVOICE", "KREDITNOTA"), "Invoice number: HT-0417", "Nr.: 619"),
        "Invoice date: 17 March 2026",
        "Invoice date: 26 February 2026",
    ),
    (50, 260, "Vedrører faktura nr. 4417 af 26.02.2026"),
    (380, 132, "Date: 17 March 2026"),
]
LETTER: Drawn = [
    *[one for one in PLAIN if "Invoice date" not in one[2]],
    (300, 118, "Your order 8812 of 9 February 2026, delivered 25 February 2026."),
    (380, 132, "17 March 2026"),
]
WRAPPED: Drawn = [
    *PLAIN,
    (50, 780, "Harbour Tools Ltd, 12 Quay Street, Bristol, bank: Harbour Savings, account GB82"),
    (50, 792, "WEST 1234 5698 7654 32"),
]
SLIP: Drawn = [
    *[one for one in instead(PLAIN, "INVOICE", "Rechnung 10882 / Kunde 2207") if "Invoice number" not in one[2]],
]
TWO_DAYS: Drawn = [
    *[one for one in PLAIN if "Invoice date" not in one[2]],
    (380, 104, "Date"),
    (380, 118, "Due date 16 April 2026"),
    (380, 150, "17 March 2026"),
]


@pytest.mark.parametrize(
    ("drawn", "name", "expected"),
    [
        (BESIDE_A_NOTE, "net", ("200.00", "GBP")),
        (BESIDE_A_NOTE, "total", ("240.00", "GBP")),
        (WITHHELD, "total", ("240.00", "GBP")),
        (COUNTED, "total", ("240.00", "GBP")),
        (REFUNDED, "number", "619"),
        (REFUNDED, "date", "2026-03-17"),
        (LETTER, "date", "2026-03-17"),
        (WRAPPED, "iban", "GB82WEST12345698765432"),
        (TWO_DAYS, "date", "2026-03-17"),
        (instead(PLAIN, "12 Quay Street", "PO BOX 77, CELL 604-555-0118"), "order_ref", None),
        (SLIP, "number", "10882"),
        (instead(PLAIN, "Invoice number: HT-0417", "Nr. facturii: VCE-1187"), "number", "VCE-1187"),
    ],
    ids=[
        "a note beside the net",
        "a rest is not the total",
        "what is withheld is in the total",
        "a count in front of the total",
        "number of a credit note",
        "day of a credit note",
        "a day alone beside days in a sentence",
        "account over two rows",
        "the day it is due is not its own",
        "a post box is no order",
        "number and customer with a stroke between",
        "a Romanian number",
    ],
)
def test_a_value_is_read_from_its_own_part_of_the_rows(
    read_bytes: Read, drawn: Drawn, name: str, expected: Any
) -> None:
    assert value(read_bytes(pdf(drawn)), name) == expected
