"""Seals over rows: two encrypted sums, empty until something is written; no row of any other table is touched."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "row_seals",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_row_seals"),
    )
    op.bulk_insert(table, [{"id": part, "sealed": b""} for part in (1, 2)])
