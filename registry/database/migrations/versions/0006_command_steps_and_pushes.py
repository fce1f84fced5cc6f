"""Four eyes at the command line; pushes and their receipts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "command_steps",
        sa.Column("id", KEY, nullable=False),
        sa.Column("batch_number", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("act", sa.String(12), nullable=False),
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_command_steps"),
    )
    op.create_index("ix_command_steps_batch_number", "command_steps", ["batch_number"])
    op.create_table(
        "pushes",
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("since", sa.String(20)),
        sa.Column("of_batch", sa.String(80)),
        sa.Column("taken_at", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_pushes"),
    )
    op.create_table(
        "push_receipts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("push_number", sa.String(60), nullable=False),
        sa.Column("certificate_number", sa.String(24), nullable=False),
        sa.Column("accepted", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("received_at", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_push_receipts"),
        sa.ForeignKeyConstraint(["push_number"], ["pushes.number"], name="fk_push_receipts_push_number"),
        sa.UniqueConstraint(
            "push_number", "certificate_number", name="uq_push_receipts_push_number_certificate_number"
        ),
    )
    op.create_index("ix_push_receipts_push_number", "push_receipts", ["push_number"])
    op.create_index("ix_push_receipts_certificate_number", "push_receipts", ["certificate_number"])
