"""What can happen to an issue by its receipt."""

from datetime import datetime

from sightline.events.change import Change
from sightline.issues.models import Issue


class ReceiptRenewed(Change[Issue]):
    """The receipt got a new link; the one before ended."""

    kind = "issue.receipt_renewed"

    def apply(self, issue: Issue, at: datetime) -> None:
        issue.has_receipt, issue.updated_at = True, at


class ReceiptRevoked(Change[Issue]):
    """The link to the receipt ended."""

    kind = "issue.receipt_revoked"

    def apply(self, issue: Issue, at: datetime) -> None:
        issue.has_receipt, issue.updated_at = False, at
