"""Column types and naming that are the same on both databases."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    text,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

BigInt: Final = BigInteger().with_variant(Integer(), "sqlite")


class Utc(TypeDecorator[datetime]):
    """An aware UTC datetime: timestamptz on PostgreSQL, sortable ISO text on SQLite (which has no zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True
    python_type = datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Row(DeclarativeBase):
    """Every table of Sightline."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        int: BigInt,
        str: Text,
        datetime: Utc,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


Id = Annotated[int, mapped_column(BigInt, primary_key=True, autoincrement=True)]


def refers(target: str, *, index: bool = True, **more: Any) -> Any:
    """Return an indexed foreign key column to `target` ("users.id"); deleting the target is refused."""
    return mapped_column(BigInt, ForeignKey(target), index=index, **more)


def one_of(column: str, kind: type[StrEnum]) -> CheckConstraint:
    """Return the named CHECK that keeps a text column to the values of an enumeration."""
    values = ", ".join(f"'{member.value}'" for member in kind)
    return CheckConstraint(f"{column} IN ({values})", name=column)


def index_where(condition: str, name: str, *columns: str) -> Index:
    """Return an index of the rows for which `condition` holds.

    Migrations tell PostgreSQL of it too; to name it here would load its dialect whenever SQLite starts.
    """
    return Index(name, *columns, sqlite_where=text(condition))
