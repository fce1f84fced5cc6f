"""Accounts, their sessions, and the batches of the workspace."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _accounts()
    _account_sessions()
    _work_batches()
    _work_steps()
    _work_releases()
    op.create_index("ix_applications_name", "applications", ["name"])


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_at", sa.String(length=20), nullable=False),
        sa.Column("must_change", sa.SmallInteger(), nullable=False),
        sa.Column("failures", sa.SmallInteger(), nullable=False),
        sa.Column("locked_until", sa.String(length=20)),
        sa.Column("totp_sealed", sa.LargeBinary()),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.String(length=20)),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("name", name="uq_accounts_name"),
    )


def _account_sessions() -> None:
    op.create_table(
        "account_sessions",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("started_at", sa.String(length=20), nullable=False),
        sa.Column("seen_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_account_sessions"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_account_sessions_account_id"),
    )
    op.create_index("ix_account_sessions_account_id", "account_sessions", ["account_id"])


def _work_batches() -> None:
    op.create_table(
        "work_batches",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("changed_at", sa.String(length=20), nullable=False),
        sa.Column("job_id", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_work_batches"),
    )
    op.create_index("ix_work_batches_number", "work_batches", ["number"])


def _work_steps() -> None:
    op.create_table(
        "work_steps",
        sa.Column("id", KEY, nullable=False),
        sa.Column("batch_id", KEY, nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_work_steps"),
        sa.ForeignKeyConstraint(["batch_id"], ["work_batches.id"], name="fk_work_steps_batch_id"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_work_steps_account_id"),
    )
    op.create_index("ix_work_steps_batch_id", "work_steps", ["batch_id"])


def _work_releases() -> None:
    op.create_table(
        "work_releases",
        sa.Column("id", KEY, nullable=False),
        sa.Column("batch_id", KEY, nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("application_number", sa.String(length=80)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_work_releases"),
        sa.ForeignKeyConstraint(["batch_id"], ["work_batches.id"], name="fk_work_releases_batch_id"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_work_releases_account_id"),
    )
    op.create_index("ix_work_releases_batch_id", "work_releases", ["batch_id"])
