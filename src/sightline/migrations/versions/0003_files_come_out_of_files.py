"""Files come out of files, and some are served as a copy; plain SQL, because SQLite adds constraints in no other way."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERVING = "CHECK (serving IN ('original', 'copy', 'withheld'))"


def upgrade() -> None:
    big = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    for column in (
        f"serving TEXT DEFAULT 'original' NOT NULL CONSTRAINT ck_attachments_serving {SERVING}",
        "copy_key TEXT",
        f"copy_size {big}",
        f"parent_id {big} CONSTRAINT fk_attachments_parent_id REFERENCES attachments (id)",
        "part TEXT",
    ):
        op.execute(f"ALTER TABLE attachments ADD COLUMN {column}")
    op.create_index("ix_attachments_parent_part", "attachments", ["parent_id", "part"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_attachments_parent_part", "attachments")
    with op.batch_alter_table("attachments") as table:
        table.drop_constraint("ck_attachments_serving", type_="check")
        for column in ("serving", "copy_key", "copy_size", "parent_id", "part"):
            table.drop_column(column)
