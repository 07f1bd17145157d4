"""The sample data: a made-up team, what was reported to it over three weeks, and how that went."""

from dataclasses import dataclass
from typing import Any, Final

PEOPLE: Final = (
    ("mira@example.org", "Mira Holt", "admin"),
    ("tom@example.org", "Tom Reyes", "maintainer"),
    ("ines@example.org", "Ines Park", "reporter"),
    ("jonas@example.org", "Jonas Vale", "reporter"),
)
MIRA, TOM, INES, JONAS = range(len(PEOPLE))
PROJECTS: Final = (("SHOP", "Web shop", "What customers see"), ("BOOKS", "Bookkeeping", "Invoices in and out"))


@dataclass(frozen=True)
class Step:
    """What somebody did to an issue, so many hours after it was filed."""

    hours: float
    by: int
    edit: dict[str, Any]


@dataclass(frozen=True)
class Told:
    """One issue: who filed it how many days ago, with which file, and what followed."""

    days_ago: float
    by: int
    wish: dict[str, Any]
    steps: tuple[Step, ...] = ()
    file: tuple[str, str] | None = None
    labels: tuple[str, ...] = ()


PYTHON_TRACE: Final = """\
2026-11-02 07:14:09 ERROR shop.checkout order 88213 failed
Traceback (most recent call last):
  File "/srv/shop/checkout/views.py", line 118, in place_order
    total = basket.total(voucher)
  File "/srv/shop/checkout/basket.py", line 57, in total
    return self.net * (1 - voucher.rate)
AttributeError: 'NoneType' object has no attribute 'rate'
"""
JAVA_TRACE: Final = """\
Exception in thread "import-3" java.lang.IllegalStateException: batch 4411 is closed already
	at org.example.books.Batch.add(Batch.java:92)
	at org.example.books.Importer.run(Importer.java:41)
	at java.base/java.lang.Thread.run(Thread.java:840)
Caused by: java.sql.SQLException: connection was reset
	at org.example.books.Store.commit(Store.java:77)
	... 2 more
"""
TRIAGED: Final = {"status": "triaged", "priority": "medium"}
STARTED: Final = {"status": "in_progress"}
FIXED: Final = {"status": "done", "resolution": "fixed"}

STORY: Final = (
    Told(
        21,
        JONAS,
        {"title": "Paying with an expired voucher fails", "project": "SHOP", "severity": "high"},
        (Step(2, TOM, TRIAGED | {"priority": "high"}), Step(20, TOM, STARTED), Step(52, TOM, FIXED)),
        ("checkout.log", PYTHON_TRACE),
        ("checkout",),
    ),
    Told(
        17,
        INES,
        {"title": "Night import stops half way", "project": "BOOKS", "severity": "critical"},
        (Step(1, TOM, TRIAGED | {"priority": "urgent"}), Step(3, TOM, STARTED)),
        ("import.log", JAVA_TRACE),
        ("import", "night run"),
    ),
    Told(
        12,
        INES,
        {"title": "Delivery date is shown in the wrong order", "project": "SHOP", "severity": "low"},
        (Step(30, TOM, TRIAGED | {"priority": "low"}),),
        labels=("wording",),
    ),
    Told(
        9,
        JONAS,
        {"title": "Where do I change my address?", "project": "SHOP", "severity": "low"},
        (Step(5, MIRA, {"status": "done", "resolution": "answered"}),),
    ),
    Told(
        6,
        JONAS,
        {
            "title": "Search finds nothing with an umlaut",
            "project": "SHOP",
            "description": "Searching for **Köln** shows *no result*; `Koeln` works.",
        },
        (Step(4, TOM, TRIAGED), Step(28, TOM, STARTED)),
        labels=("search",),
    ),
    Told(2, INES, {"title": "Invoice 2026-0417 was booked twice", "project": "BOOKS", "severity": "high"}),
    Told(0.2, JONAS, {"title": "The basket is empty after signing in"}),
)
