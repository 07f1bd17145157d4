"""Issues and files may come from somebody without an account."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WHO = (("issues", "reporter_id"), ("attachments", "uploader_id"))
COUNTS = ("counted_issues", "issue_counts")


def upgrade() -> None:
    for table, column in WHO:
        _let_be_null(table, column, is_null=True)
    for table in COUNTS:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"fk_{table}_reporter_id", type_="foreignkey")


def downgrade() -> None:
    for table, column in WHO:
        _let_be_null(table, column, is_null=False)
    for table in COUNTS:
        with op.batch_alter_table(table) as batch:
            batch.create_foreign_key(f"fk_{table}_reporter_id", "users", ["reporter_id"], ["id"])


def _let_be_null(table: str, column: str, *, is_null: bool) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, column, nullable=is_null)
        return
    if not is_null and _has_null(table, column):
        raise RuntimeError(f"{table} holds rows from people without an account, which the older version does not know")
    before, after = f"{column} INTEGER NOT NULL", f"{column} INTEGER"
    _redefine(table, *((before, after) if is_null else (after, before)))


def _has_null(table: str, column: str) -> bool:
    null = sa.select(sa.literal(1)).select_from(sa.table(table)).where(sa.column(column).is_(None)).limit(1)
    return op.get_bind().scalar(null) is not None


def _redefine(table: str, before: str, after: str) -> None:
    """Change how SQLite's own catalogue defines a column: other tables refer to this one, so it cannot be made anew.

    https://sqlite.org/lang_altertable.html#otheralter names removing NOT NULL as a change that may be made like this.
    """
    connection = op.get_bind()
    asked = sa.text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :name")
    defined = str(connection.scalar(asked, {"name": table}))
    if defined.count(before) != 1:
        raise RuntimeError(f"the definition of {table} is not the expected one")
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = sa.text("UPDATE sqlite_schema SET sql = :sql WHERE type = 'table' AND name = :name")
    connection.execute(changed, {"sql": defined.replace(before, after), "name": table})
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
