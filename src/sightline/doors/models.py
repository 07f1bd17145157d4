"""Receipts: what leads somebody without an account to the issue they handed in."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from sightline.core.rows import Row, refers


class Receipt(Row):
    """The one link that leads to an issue; the token in it is kept as its SHA-256. `Issue.has_receipt` says the same."""

    __tablename__ = "receipts"

    issue_id: Mapped[int] = refers("issues.id", index=False, primary_key=True, autoincrement=False)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
