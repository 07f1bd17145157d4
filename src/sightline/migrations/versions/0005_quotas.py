"""What somebody sent in a day is added up without looking at all they ever sent."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_attachments_uploader_id_created_at", "attachments", ["uploader_id", "created_at"])
    op.drop_index("ix_attachments_uploader_id", "attachments")


def downgrade() -> None:
    op.create_index("ix_attachments_uploader_id", "attachments", ["uploader_id"])
    op.drop_index("ix_attachments_uploader_id_created_at", "attachments")
