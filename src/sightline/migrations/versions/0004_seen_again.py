"""How often an issue was seen; files are found by their checksum."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("issues", sa.Column("occurrences", big, nullable=False, server_default="1"))
    op.add_column("issues", sa.Column("recurred_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_attachments_sha256", "attachments", ["sha256"])


def downgrade() -> None:
    op.drop_index("ix_attachments_sha256", "attachments")
    op.drop_column("issues", "recurred_at")
    op.drop_column("issues", "occurrences")
