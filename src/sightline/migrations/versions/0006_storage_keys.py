"""Bytes in the store that no file came to own can be found and removed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "storage_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_storage_keys")),
    )
    op.create_index("ix_storage_keys_created_at", "storage_keys", ["created_at"])
    op.create_index("ix_attachments_storage_key", "attachments", ["storage_key"], unique=True)
    op.create_index("ix_attachments_copy_key", "attachments", ["copy_key"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_attachments_copy_key", "attachments")
    op.drop_index("ix_attachments_storage_key", "attachments")
    op.drop_table("storage_keys")
