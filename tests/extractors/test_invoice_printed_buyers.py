"""Whom a printed invoice is for: what stands in an address and is no name, and addresses that no label introduces."""

from collections.abc import Callable

import pytest

from sightline.extractors import Reading
from sightline.extractors.invoice_printed import names
from tests.extractors.test_invoice_printed import Drawn, instead, pdf
from tests.extractors.test_invoice_printed_habits import PLAIN, value

Read = Callable[[bytes], Reading]

UNADDRESSED: Drawn = [one for one in PLAIN if one[:2] not in {(50, 170), (50, 184), (50, 198), (50, 212)}]
UNLABELLED: Drawn = [one for one in PLAIN if one[:2] != (50, 170)]
SENDER: Drawn = [
    (380, 60, "Aoife Delaney"),
    (380, 74, "aoife@delaney.example"),
    *[one for one in UNLABELLED if one[0] != 50 or one[1] > 100],
]


def _addressed(*lines: str, label: str = "Bill to:") -> Drawn:
    return [*UNADDRESSED, *((50, 170 + 14 * n, line) for n, line in enumerate((label, *lines)))]


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (_addressed("The Proprietor", "Lantern Brewhouse", "3 Mill Lane", "Bath BA1 1AA"), "Lantern Brewhouse"),
        (_addressed("Accounts Payable", "Lantern Brewhouse", "3 Mill Lane", "Bath BA1 1AA"), "Lantern Brewhouse"),
        (
            _addressed("Judith Prohaska", "Kirchengasse 12", "3400 Klosterneuburg", label="Herrn und Frau"),
            "Judith Prohaska",
        ),
        (
            _addressed("8 Tuas Link 4 03-11", "Singapore 637388", "ATTN: Ms Lim", label="VERMEULEN SPICE BV"),
            "VERMEULEN SPICE BV",
        ),
        (
            [*_addressed("LABORATORIOS CIENFUEGOS RFC: LCI0408117T2", label="RECEPTOR")],
            "LABORATORIOS CIENFUEGOS",
        ),
        (_addressed("Lantern Brewhouse", "3 Mill Lane", label="Zakaznik IC: 00177442"), "Lantern Brewhouse"),
        (
            [
                *_addressed("Meadow Bakery Ltd", "3 Mill Lane", label="Customer"),
                (230, 170, "Our order"),
                (230, 184, "A 12"),
            ],
            "Meadow Bakery Ltd",
        ),
        ([*SENDER, (50, 226, "VAT DE 814 220 973")], "Meadow Bakery Ltd"),
        ([*UNLABELLED, (50, 640, "Customer"), (50, 654, "Amount due"), (50, 668, "Bath BA1 1AA")], "Meadow Bakery Ltd"),
        (
            [*instead(UNLABELLED, "Harbour Tools Ltd", "Seller:"), (50, 66, "Harbour Tools Ltd")],
            "Meadow Bakery Ltd",
        ),
    ],
    ids=[
        "office of a person",
        "department",
        "couple",
        "place before its code",
        "number behind the name",
        "label behind a label",
        "two headings in a row",
        "tax number where the sender is another",
        "slip for the payment",
        "address under the seller's label",
    ],
)
def test_the_buyer_is_named(read_bytes: Read, drawn: Drawn, expected: str) -> None:
    assert value(read_bytes(pdf(drawn)), "buyer") == expected


def test_a_person_to_turn_to_is_a_question_where_no_address_is_known(read_bytes: Read) -> None:
    found = read_bytes(pdf([*UNADDRESSED, (50, 102, "Tel: 01632 960588"), (50, 170, "Attn: Ms Lim")]))
    [buyer] = [fact for fact in found.facts if fact.name == "invoice.buyer"]
    assert buyer.confidence < 0.6


def test_a_sender_whose_name_is_larger_than_its_address_is_one_with_it(read_bytes: Read) -> None:
    address = [(50, 78, "Bank Mill, Mill Lane"), (50, 90, "Hebden Bridge HX7 8AD"), (50, 102, "Tel: 01632 960588")]
    drawn = [(50, 64, "Pennine Worktops Ltd"), *address, *(one for one in PLAIN if one[0] != 50 or one[1] > 100)]
    assert value(read_bytes(pdf(drawn, large="Pennine Worktops Ltd")), "supplier") == "Pennine Worktops Ltd"


def test_a_legal_form_on_a_line_of_its_own_belongs_to_the_name() -> None:
    assert names.is_rest_of_name("LİMİTED ŞİRKETİ")
    assert names.has_legal_form("KAVUR MAKİNA SANAYİ LİMİTED ŞİRKETİ")
