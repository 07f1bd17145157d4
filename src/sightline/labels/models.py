"""Labels: globally unique names with a colour."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from sightline.core.rows import Row
from sightline.events.log import Tracked


class Label(Row, Tracked):
    """A label; `name_key` is the name in the form in which two may not be equal."""

    __tablename__ = "labels"
    subject_type = "label"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    colour: Mapped[str]
    description: Mapped[str]
    created_at: Mapped[datetime]
