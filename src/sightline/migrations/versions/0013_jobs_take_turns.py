"""Jobs take turns: whoever brings many files lets those of others in between."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("jobs") as batch:
        batch.add_column(sa.Column("line", sa.Text(), nullable=True))
        batch.add_column(sa.Column("turn", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE jobs SET turn = run_at")
    with op.batch_alter_table("jobs") as batch:
        batch.alter_column("turn", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.create_index("ix_jobs_line", ["line", "kind", "turn"])


def downgrade() -> None:
    with op.batch_alter_table("jobs") as batch:
        batch.drop_index("ix_jobs_line")
        batch.drop_column("turn")
        batch.drop_column("line")
