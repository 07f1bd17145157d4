"""What can happen to labels."""

from datetime import datetime

from sightline.events.change import Change
from sightline.labels.models import Label


class Created(Change[Label]):
    """A label came to be."""

    kind = "label.created"
    name: str
    colour: str
    description: str

    def apply(self, label: Label, at: datetime) -> None:
        label.name, label.name_key = self.name, name_key(self.name)
        label.colour, label.description, label.created_at = self.colour, self.description, at


def name_key(name: str) -> str:
    """Return the form in which two label names may not be equal."""
    return name.casefold()
