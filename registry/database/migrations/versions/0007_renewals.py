"""Renewed archives."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "renewals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("certificate_id", KEY, nullable=False),
        sa.Column("previous", sa.LargeBinary(32), nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_renewals"),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name="fk_renewals_certificate_id_certificates"
        ),
        sa.UniqueConstraint("sha256", name="uq_renewals_sha256"),
    )
    op.create_index("ix_renewals_certificate_id", "renewals", ["certificate_id"])
