"""Facts are found by value: as text that sorts, or as an integer of millionths; and a correction has a time."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("facts", sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("facts", sa.Column("words", WORDS, nullable=True))
    op.add_column("facts", sa.Column("quantity", BIG, nullable=True))
    op.add_column("facts", sa.Column("currency", sa.Text(), nullable=True))
    op.drop_index("ix_facts_name", "facts")
    op.create_index("ix_facts_name_quantity", "facts", ["name", "quantity"])
    op.create_index("ix_facts_name_words", "facts", ["name", "words"])


def downgrade() -> None:
    op.drop_index("ix_facts_name_words", "facts")
    op.drop_index("ix_facts_name_quantity", "facts")
    op.create_index("ix_facts_name", "facts", ["name"])
    for column in ("currency", "quantity", "words", "corrected_at"):
        op.drop_column("facts", column)
