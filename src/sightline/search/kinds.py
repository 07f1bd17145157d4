"""The kinds of files that are told apart."""

from typing import Final

# The label for each kind of file, in the order in which kinds speak for several files.
LABELS: Final = {
    "crash": "crash",
    "invoice": "invoice",
    "test_report": "tests",
    "scan_report": "code scan",
    "network": "network",
    "log": "log",
    "mail": "mail",
    "table": "data",
    "image": "screenshot",
    "document": "document",
    "archive": "archive",
}
