"""Facts: typed values with proof, and the text they were read in."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sightline.attachments.models import Attachment
from sightline.core.rows import Id, Row, one_of, refers
from sightline.events.log import Tracked
from sightline.facts.typed import typed


class FactType(StrEnum):
    """What kind of value a fact has."""

    text = "text"
    number = "number"
    money = "money"
    date = "date"
    datetime = "datetime"
    duration = "duration"
    bool = "bool"


class Fact(Row, Tracked):
    """One value of a file, or of an issue when a person stated it.

    `reading` is what the extractor read last; `value` is what holds: the reading, unless a person
    corrected it. Without a value the fact is no longer read from its file. `words`, `quantity` and `currency` are
    the value as it is compared (see `typed`).
    """

    __tablename__ = "facts"
    __table_args__ = (
        one_of("type", FactType),
        CheckConstraint("(attachment_id IS NULL) <> (issue_id IS NULL)", name="one_source"),
        UniqueConstraint("attachment_id", "name"),
        UniqueConstraint("issue_id", "name"),
        Index("ix_facts_name_words", "name", "words"),
        Index("ix_facts_name_quantity", "name", "quantity"),
    )
    subject_type = "fact"

    attachment_id: Mapped[int | None] = refers("attachments.id", index=False)
    issue_id: Mapped[int | None] = refers("issues.id", index=False)
    name: Mapped[str]
    type: Mapped[str]
    value: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    reading: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    extractor: Mapped[str | None]
    corrected_by_id: Mapped[int | None] = refers("users.id")
    corrected_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    words: Mapped[str | None] = mapped_column(Text().with_variant(Text(collation="C"), "postgresql"))
    quantity: Mapped[int | None]
    currency: Mapped[str | None]

    attachment: Mapped[Attachment | None] = relationship(lazy="joined")

    def hold(self, kind: str, value: Any) -> None:
        """Let this be the value, and what the fact is found by."""
        self.type, self.value = kind, value
        self.words, self.quantity, self.currency = typed(kind, value)

    @property
    def about_issue(self) -> int | None:
        return self.attachment.issue_id if self.attachment else self.issue_id


class TextChunk(Row):
    """Up to 500 lines of a file's text with their places, as [line, text, page, box]."""

    __tablename__ = "text_chunks"
    __table_args__ = (UniqueConstraint("attachment_id", "ordinal"),)

    id: Mapped[Id]
    attachment_id: Mapped[int] = refers("attachments.id", index=False)
    ordinal: Mapped[int]
    lines: Mapped[list[Any]]
