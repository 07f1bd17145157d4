"""The document type BT-3, a code of UNTDID 1001."""

from typing import Literal

# fmt: off
_INVOICES = {
    "71", "80", "82", "84", "102", "130", "202", "203", "204", "211", "218", "219", "295", "325", "326", "331",
    "380", "382", "383", "384", "385", "386", "387", "388", "389", "390", "393", "394", "395", "456", "457", "471",
    "472", "473", "500", "501", "527", "553", "575", "623", "633", "751", "780", "817", "870", "875", "876", "877",
    "935",
}
_CREDIT_NOTES = {
    "81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532",
}
# fmt: on


def kind_of(code: str) -> Literal["invoice", "credit_note"] | None:
    """Tell invoices (380, 384, 389 …) from credit notes (381, 261, 396 …); None for what is neither.

    389, which German sellers call "Gutschrift", is an invoice that the buyer wrote, not a credit note.
    """
    if code in _CREDIT_NOTES:
        return "credit_note"
    return "invoice" if code in _INVOICES else None


def unknown(code: str) -> str:
    """Say that a code is neither."""
    return f'The document type "{code[:20]}" is no code for an invoice or a credit note.'
