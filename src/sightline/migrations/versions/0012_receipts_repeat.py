"""What is sent by a receipt can be sent again, too: a key belongs to a caller, who need not be a user."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "idempotency_keys"
OF_CALLER, OF_USER = (f"uq_{TABLE}_{column}_route_key" for column in ("caller", "user_id"))
FOREIGN = f"fk_{TABLE}_user_id"


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.add_column(sa.Column("caller", sa.Text(), nullable=True))
    op.execute("UPDATE idempotency_keys SET caller = 'user:' || user_id")
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(OF_USER, type_="unique")
        batch.drop_constraint(FOREIGN, type_="foreignkey")
        batch.drop_column("user_id")
        batch.alter_column("caller", existing_type=sa.Text(), nullable=False)
        batch.create_unique_constraint(OF_CALLER, ["caller", "route", "key"])


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.add_column(sa.Column("user_id", BIG, nullable=True))
    op.execute("DELETE FROM idempotency_keys WHERE caller NOT LIKE 'user:%'")
    op.execute("UPDATE idempotency_keys SET user_id = CAST(replace(caller, 'user:', '') AS BIGINT)")
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(OF_CALLER, type_="unique")
        batch.drop_column("caller")
        batch.alter_column("user_id", existing_type=BIG, nullable=False)
        batch.create_foreign_key(FOREIGN, "users", ["user_id"], ["id"])
        batch.create_unique_constraint(OF_USER, ["user_id", "route", "key"])
