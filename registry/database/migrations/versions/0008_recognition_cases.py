"""Open cases of recognition, messages to and from other regions, room for foreign numbers on a certificate."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _cases()
    _messages()
    if op.get_bind().dialect.name == "postgresql":  # SQLite does not enforce the length
        op.alter_column("certificates", "predecessor", type_=sa.String(60))


def _cases() -> None:
    op.create_table(
        "recognition_cases",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("opened_at", sa.String(20), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("reason", sa.String(30), nullable=False),
        sa.Column("evidence", sa.String(60), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person_sealed", sa.LargeBinary()),
        sa.Column("identity_sealed", sa.LargeBinary()),
        sa.Column("identity_index", sa.LargeBinary(32)),
        sa.Column("experts_sealed", sa.LargeBinary()),
        sa.Column("reviewed_by", sa.String(80), nullable=False),
        sa.Column("decided_by", sa.String(80), nullable=False),
        sa.Column("decided_at", sa.String(20), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("successor", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recognition_cases"),
    )
    op.create_index("ix_recognition_cases_identity_index", "recognition_cases", ["identity_index"])
    op.create_index("ix_recognition_cases_state", "recognition_cases", ["state", "kind"])


def _messages() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.String(20), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.String(20), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(["case_id"], ["recognition_cases.id"], name="fk_outbox_case_id"),
        sa.UniqueConstraint("case_id", name="uq_outbox_case_id"),
    )
    op.create_table(
        "exchange_notices",
        sa.Column("id", KEY, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("successor", sa.String(60), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.String(20), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exchange_notices"),
        sa.UniqueConstraint("digest", name="uq_exchange_notices_digest"),
        sa.UniqueConstraint(
            "region", "number", "successor", name="uq_exchange_notices_region_number_successor"
        ),
    )
