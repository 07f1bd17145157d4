"""Projects may have a public door, and what comes through it has a receipt."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("projects", sa.Column("has_door", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("issues", sa.Column("has_receipt", sa.Boolean(), nullable=True))
    op.create_table(
        "receipts",
        sa.Column("issue_id", big, autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_receipts_issue_id"),
        sa.PrimaryKeyConstraint("issue_id", name="pk_receipts"),
        sa.UniqueConstraint("token_hash", name="uq_receipts_token_hash"),
    )


def downgrade() -> None:
    op.drop_table("receipts")
    op.drop_column("issues", "has_receipt")
    op.drop_column("projects", "has_door")
