"""The next job is found by its turn, however many wait."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_jobs_due", table_name="jobs")
    op.create_index("ix_jobs_turn", "jobs", ["state", "turn", "id"])


def downgrade() -> None:
    op.drop_index("ix_jobs_turn", table_name="jobs")
    op.create_index("ix_jobs_due", "jobs", ["state", "run_at"])
