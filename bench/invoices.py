"""Exactness of the invoice readers over a folder of PDFs and pictures with `NAME.expected.json` beside them."""

import argparse
import json
import re
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.arena import SPREAD, spread, table
from sightline.extractors.reading import Reading
from sightline.extractors.registry import read

# The names in the expected files, which come from the tests of invoice2data, and ours.
NAMES = {
    "invoice_number": "number",
    "date": "date",
    "amount": "total",
    "currency": "currency",
    "issuer": "supplier",
    "amount_untaxed": "net",
    "amount_tax": "tax",
    "date_due": "due_date",
    "iban": "iban",
    "buyer": "buyer",
}
SURE = 0.8
READ = {".pdf", ".png", ".jpg"}
_LEGAL = re.compile(
    r"\b(?:gmbh|co|kg|ag|ltd|limited|inc|llc|bv|nv|sa|sas|sarl|srl|spa|sl|lda|ab|as|aps|oy|sp z oo|a s|ltd sti|san ve tic|ug)\b"
)


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold().replace("\u0131", "i"))
    return "".join(letter for letter in letters if letter.isalnum() or letter == " ")


def equal(name: str, expected: Any, read: Any) -> bool:
    """Compare as people would: amounts as numbers, names without legal form, case and accents."""
    if isinstance(read, dict):
        return abs(Decimal(str(read["amount"])) - Decimal(str(expected))) < Decimal("0.005")
    if name in {"supplier", "buyer"}:
        one, other = ("".join(_LEGAL.sub(" ", _bare(text)).split()) for text in (str(expected), str(read)))
        return one == other
    return "".join(str(expected).split()).lower() == "".join(str(read).split()).lower()


def examine(expected: dict[str, Any], reading: Reading) -> Iterator[tuple[str, bool, bool, Any, Any]]:
    """Give for each expected value: name, right or wrong, said with confidence or not, expected, read."""
    facts = {fact.name.removeprefix("invoice."): fact for fact in reading.facts if fact.name.startswith("invoice.")}
    for theirs, ours in NAMES.items():
        if theirs in expected:
            fact = facts.get(ours)
            value = fact.value if fact else None
            right = value is not None and equal(ours, expected[theirs], value)
            yield ours, right, bool(fact and fact.confidence >= SURE), expected[theirs], value


class Tally:
    """What was read right and wrong, by fact."""

    def __init__(self) -> None:
        self.counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        self.seconds: list[float] = []
        self.others = 0
        self.claimed: list[str] = []
        self.mistakes: list[str] = []

    def take(self, path: Path) -> None:
        """Read one file, if there is something to compare it with."""
        beside = path.with_name(path.stem + ".expected.json")
        is_other = path.name.startswith("not_")
        if path.suffix not in READ or not (is_other or beside.exists()):
            return
        begun = time.perf_counter()
        reading = read(path, path.name)
        self.seconds.append(time.perf_counter() - begun)
        if is_other:
            self.others += 1
            self.claimed += [path.name] if reading.kind == "invoice" else []
            return
        for name, right, sure, expected, value in examine(json.loads(beside.read_text())[0], reading):
            found = value is not None
            outcomes = (True, right, not found, found and sure and not right)
            self.counts[name] = [one + more for one, more in zip(self.counts[name], outcomes, strict=True)]
            if not right:
                self.mistakes.append(
                    f"{path.name}: {name}: expected {expected!r}, read {value!r}{'' if sure else ', unsure'}"
                )


def main() -> None:
    """Read every file that has an expected file; files that begin with `not_` must not become invoices."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--wrong", action="store_true", help="list every wrong value")
    given = asked.parse_args()
    tally = Tally()
    for path in sorted(given.folder.iterdir()):
        tally.take(path)
    for told in [*(tally.mistakes if given.wrong else []), *(f"{name}: became an invoice" for name in tally.claimed)]:
        print(told)
    rows = [[name, *counted, f"{counted[1] / counted[0]:.1%}"] for name, counted in tally.counts.items()]
    table(["fact", "expected", "right", "missing", "wrong yet sure", "exact"], rows)
    print(f"{len(tally.seconds)} files; {len(tally.claimed)} of {tally.others} other papers became invoices")
    table(["", *SPREAD], [["reading", *spread(tally.seconds)]])


if __name__ == "__main__":
    main()
