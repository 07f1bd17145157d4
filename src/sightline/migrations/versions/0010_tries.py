"""What is counted to slow down guessing is not sign-ins alone."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _move("sign_in_failures", "tries")


def downgrade() -> None:
    _move("tries", "sign_in_failures")


def _move(before: str, after: str) -> None:
    op.create_table(
        after,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{after}"),
    )
    op.create_index(f"ix_{after}_at", after, ["at"])
    op.create_index(f"ix_{after}_bucket_at", after, ["bucket", "at"])
    old, new = (sa.table(name, sa.column("bucket"), sa.column("at")) for name in (before, after))
    op.execute(new.insert().from_select(["bucket", "at"], sa.select(old.c.bucket, old.c.at)))
    op.drop_table(before)
