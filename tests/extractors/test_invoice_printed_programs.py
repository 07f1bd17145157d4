"""What the forms of common billing programs print, each on a page as small as it can be."""

from collections.abc import Callable
from typing import Any

import pytest

from sightline.extractors import Reading
from tests.extractors.test_invoice_printed import Drawn, instead, pdf
from tests.extractors.test_invoice_printed_habits import PLAIN, value

Read = Callable[[bytes], Reading]

TABLE: Drawn = [
    *[one for one in PLAIN if one[1] < 300],
    (50, 618, "% VAT"),
    (150, 618, "Net amount"),
    (250, 618, "VAT"),
    (350, 618, "Invoice total"),
    (50, 635, "10.00"),
    (150, 635, "100.00"),
    (250, 635, "10.00"),
    (50, 652, "20.00"),
    (150, 652, "100.00"),
    (250, 652, "20.00"),
    (520, 652, "230.00"),
]
NAMED_MONEY: Drawn = [
    *[(x, y, text.replace("£", "")) for x, y, text in PLAIN],
    (380, 132, "Currency EUR"),
    (50, 300, "Gear oil CLP 220, 20 l can"),
]
PAIRED: Drawn = [
    *[one for one in PLAIN if "Invoice number" not in one[2] and "Invoice date" not in one[2]],
    (330, 90, "Number/Date"),
    (450, 90, "90041877 / 15.04.2024"),
]
FOLIO: Drawn = [
    *[one for one in instead(PLAIN, "INVOICE", "FATURA-RECIBO FR 2024OP/10233") if "Invoice number" not in one[2]],
    (380, 132, "Folio No.: 207731"),
]
SOLE_TRADER: Drawn = [
    (50, 60, "Maelle Kervadec"),
    (50, 74, "Photographe - entrepreneur individuel (EI)"),
    (50, 88, "44000 Nantes"),
    (50, 102, "maelle@kervadec-photo.example"),
    *[one for one in PLAIN if one[0] != 50 or one[1] > 120],
]
BOLLETTA: Drawn = [
    *[one for one in PLAIN if "Invoice number" not in one[2] and "Invoice date" not in one[2]],
    (50, 240, "Numero fattura elettronica valida ai fini fiscali: 004587213306 del 12/06/2025"),
    (50, 254, "Periodo: 1 apr. 2025 - 31 mag. 2025"),
]
GERMAN_TERMS: Drawn = [*PLAIN, (50, 500, "Bei Zahlung bis 18.04.2026 ziehen Sie 2 % Skonto ab.")]


@pytest.mark.parametrize(
    ("drawn", "name", "expected"),
    [
        (TABLE, "total", ("230.00", None)),
        (NAMED_MONEY, "currency", "EUR"),
        (PAIRED, "number", "90041877"),
        (FOLIO, "number", "FR 2024OP/10233"),
        (SOLE_TRADER, "supplier", "Maelle Kervadec"),
        (BOLLETTA, "number", "004587213306"),
        (BOLLETTA, "date", "2025-06-12"),
        ([*PLAIN, (380, 132, "Termen plata: 26/06/2026")], "due_date", "2026-06-26"),
        (instead(PLAIN, "Harbour Tools Ltd", "Service clients"), "supplier", None),
        (GERMAN_TERMS, "due_date", None),
        (
            [
                *[one for one in instead(PLAIN, "INVOICE", "") if one[2]],
                (50, 560, "2% monthly interest on overdue balances."),
            ],
            "total",
            ("240.00", "GBP"),
        ),
        ([*PLAIN, (300, 60, "01484 550 119")], "supplier", "Harbour Tools Ltd"),
    ],
    ids=[
        "last column of a table",
        "currency in a field",
        "number and day in a field",
        "folio of a guest",
        "form of a sole trader in brackets",
        "number for the revenue",
        "day beside that number",
        "Romanian day to pay",
        "whom to call",
        "day of a discount",
        "interest on what is overdue",
        "telephone number beside the sender",
    ],
)
def test_a_form_is_read(read_bytes: Read, drawn: Drawn, name: str, expected: Any) -> None:
    assert value(read_bytes(pdf(drawn)), name) == expected


@pytest.mark.parametrize("hyphen", ["\u00ad", "-"])
def test_every_hyphen_is_the_same(read_bytes: Read, hyphen: str) -> None:
    drawn = instead(PLAIN, "Invoice number: HT-0417", f"Invoice number 7C1E04AF{hyphen}0023")
    assert value(read_bytes(pdf(drawn)), "number") == "7C1E04AF-0023"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (["Firma", "Perlwerk UG (haftungsbeschränkt)", "10119 Berlin"], "Perlwerk UG (haftungsbeschränkt)"),
        (["Turnverein Eutritzsch 1924 e.V.", "z. Hd. Kassenwart", "04129 Leipzig"], "Turnverein Eutritzsch 1924 e.V."),
        (["Eheleute", "Gerda und Franz Obermaier", "94469 Deggendorf"], "Gerda und Franz Obermaier"),
    ],
)
def test_an_address_without_a_label_names_the_buyer(read_bytes: Read, address: list[str], expected: str) -> None:
    drawn = [one for one in PLAIN if one[0] != 50 or one[1] < 170]
    found = read_bytes(
        pdf([*drawn, (50, 102, "Tel: 01632 960588"), *((50, 180 + 14 * n, line) for n, line in enumerate(address))])
    )
    assert value(found, "buyer") == expected


def test_a_company_above_its_address_in_small_letters_is_no_buyer(read_bytes: Read) -> None:
    drawn = [(50, 64, "Pennine Flooring Ltd"), (50, 80, "Unit 12 Ravensbourne"), (50, 92, "Huddersfield HD1 6QF")]
    rest = [one for one in PLAIN if (one[0] != 50 or one[1] > 100) and one[2] != "Bill to:"]
    found = read_bytes(pdf([*drawn, *rest], large="Pennine Flooring Ltd"))
    assert (value(found, "supplier"), value(found, "buyer")) == ("Pennine Flooring Ltd", "Meadow Bakery Ltd")
