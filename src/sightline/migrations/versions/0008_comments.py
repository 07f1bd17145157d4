"""Comments on issues, and events that only the team is told."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FIXED = ("seq", "kind", "subject_type", "subject_id", "version", "issue_id", "actor_id", "at", "recorded_at")


def upgrade() -> None:
    op.create_table(
        "comments",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("issue_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("text_id", BIG, nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_comments_issue_id"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_comments_author_id"),
        sa.ForeignKeyConstraint(["text_id"], ["revisions.id"], name="fk_comments_text_id"),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
    )
    op.create_index("ix_comments_issue_id", "comments", ["issue_id", "id"])
    op.create_index("ix_comments_author_id", "comments", ["author_id"])
    op.create_index("ix_comments_text_id", "comments", ["text_id"])
    op.add_column("issues", sa.Column("comments_count", BIG, nullable=False, server_default="0"))
    op.add_column("events", sa.Column("is_for_team", sa.Boolean(), nullable=False, server_default=sa.false()))
    _protect((*FIXED, "is_for_team"))


def downgrade() -> None:
    _protect(FIXED)
    op.drop_column("events", "is_for_team")
    op.drop_column("issues", "comments_count")
    op.drop_table("comments")


def _protect(fixed: tuple[str, ...]) -> None:
    """Name the columns of an event that never change; the position is filled once, personal text is blanked once."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER events_are_kept")
        op.execute(f"""
            CREATE TRIGGER events_are_kept BEFORE UPDATE ON events WHEN NOT ({_allowed(fixed, "IS")})
            BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
        """)
        return
    op.execute(f"""
        CREATE OR REPLACE FUNCTION events_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND {_allowed(fixed, "IS NOT DISTINCT FROM", "::text")} THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'events are append-only';
        END $$
    """)


def _allowed(fixed: tuple[str, ...], same: str, as_text: str = "") -> str:
    kept = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in fixed)
    stamping = (
        f"OLD.position IS NULL AND NEW.position IS NOT NULL AND NEW.erased_at {same} OLD.erased_at "
        f"AND NEW.payload{as_text} {same} OLD.payload{as_text}"
    )
    erasing = f"OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.position {same} OLD.position"
    return f"{kept} AND (({stamping}) OR ({erasing}))"
