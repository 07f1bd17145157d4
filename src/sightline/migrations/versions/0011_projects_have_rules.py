"""Projects say by rules which files belong to them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("projects", sa.Column("rules", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("projects", "rules")
