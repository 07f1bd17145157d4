"""A change knows how to apply itself to a row; it is also what the log stores."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")
KINDS: "Final[dict[str, type[Change[Any]]]]" = {}


@dataclass(frozen=True, slots=True)
class Hold:
    """From this event on `field` holds `value` (None: nothing any more).

    `is_on` is None for a field with one value; for a set it tells whether `value` joins or leaves.
    """

    field: str
    value: str | None
    is_on: bool | None = None


class Change(BaseModel, Generic[T]):
    """One thing that can happen to a subject `T`; its fields are the stored payload.

    A kind that has shipped is never edited, only succeeded. `personal` names the fields that may be null
    because they are blanked when somebody's account is erased.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[str] = ""
    personal: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __pydantic_init_subclass__(cls, **more: Any) -> None:
        super().__pydantic_init_subclass__(**more)
        if cls.kind and KINDS.setdefault(cls.kind, cls) is not cls:
            raise TypeError(f"two changes of kind {cls.kind}")

    def apply(self, subject: T, at: datetime) -> None:
        """Make the subject what it is after this change, which took effect at `at`."""
        raise NotImplementedError

    def steps(self) -> dict[str, tuple[Any, Any]]:
        """Return {field: (from, to)} as people are told of it."""
        return {}

    def holds(self) -> Iterable[Hold]:
        """Return what begins or ends to hold, for spans."""
        return ()


class FieldChange(Change[T]):
    """A change of one field from `before` to `after`; `field` names the column."""

    field: ClassVar[str]
    is_held: ClassVar[bool] = False
    before: Any
    after: Any

    def apply(self, subject: T, at: datetime) -> None:
        setattr(subject, self.field, self.after)

    def steps(self) -> dict[str, tuple[Any, Any]]:
        return {self.field: (self.before, self.after)}

    def holds(self) -> Iterable[Hold]:
        if self.is_held:
            yield Hold(self.field.removesuffix("_id"), None if self.after is None else str(self.after))


def parse(kind: str, payload: dict[str, Any]) -> Change[Any]:
    """Return the change an event stores; raises `KeyError` for an unknown kind."""
    return KINDS[kind].model_validate(payload)
