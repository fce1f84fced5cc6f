"""Chunks for workers on many machines, Procrastinate's own schema on PostgreSQL, kept workbooks."""

from importlib import resources

import sqlalchemy as sa
from alembic import op

from core.sentences import Sentence
from registry.errors import DatabaseNotReady

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("runner", sa.String(16), nullable=False, server_default="local"))
    op.add_column("jobs", sa.Column("content", sa.String(64)))
    op.add_column("jobs", sa.Column("key_sealed", sa.LargeBinary()))
    _job_chunks()
    _batch_sources()
    if op.get_bind().dialect.name == "postgresql":
        _procrastinate()


def _job_chunks() -> None:
    op.create_table(
        "job_chunks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("job_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("pieces", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("worker", sa.String(120), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_chunks"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_job_chunks_job_id"),
        sa.UniqueConstraint("job_id", "position", name="uq_job_chunks_job_id_position"),
    )
    op.create_index("ix_job_chunks_job_id", "job_chunks", ["job_id"])


def _batch_sources() -> None:
    op.create_table(
        "batch_sources",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("pieces", sa.Text(), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batch_sources"),
    )
    op.create_index("ix_batch_sources_number", "batch_sources", ["number"])


def _procrastinate() -> None:
    """The package's own statements, as it ships them; they are many, so they go to the driver as they are."""
    try:
        script = (resources.files("procrastinate.sql") / "schema.sql").read_text("utf-8")
    except ModuleNotFoundError as error:
        raise DatabaseNotReady(
            reason=Sentence.of("registry", "database_reasons.no_driver", words=error)
        ) from error
    op.get_bind().connection.cursor().execute(script)
