"""What can happen to projects."""

from datetime import datetime

from sightline.events.change import Change, FieldChange
from sightline.projects.models import Project


class Created(Change[Project]):
    """A project came to be."""

    kind = "project.created"
    key: str
    name: str
    description: str

    def apply(self, project: Project, at: datetime) -> None:
        project.key, project.name, project.description, project.created_at = self.key, self.name, self.description, at
        project.has_door = False
        project.rules = []


class Renamed(FieldChange[Project]):
    """The name changed."""

    kind = "project.renamed"
    field = "name"
    before: str
    after: str


class Described(FieldChange[Project]):
    """The description changed."""

    kind = "project.described"
    field = "description"
    before: str
    after: str


class DoorSwitched(FieldChange[Project]):
    """The public door was opened or closed."""

    kind = "project.door_switched"
    field = "has_door"
    before: bool
    after: bool


class RulesReplaced(FieldChange[Project]):
    """The rules by which files belong here were replaced by others."""

    kind = "project.rules_replaced"
    field = "rules"
    before: list[str]
    after: list[str]


class Deleted(Change[Project]):
    """An empty project was deleted; its key stays taken."""

    kind = "project.deleted"

    def apply(self, project: Project, at: datetime) -> None:
        project.deleted_at = at
