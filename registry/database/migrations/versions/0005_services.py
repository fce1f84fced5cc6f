"""Progress, electronic archive, destruction register, look-up records."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _progress()
    _archive()
    _inquiries()


def _progress() -> None:
    op.create_table(
        "progress_people",
        sa.Column("id", KEY, nullable=False),
        sa.Column("batch_number", sa.String(80), nullable=False),
        sa.Column("application_number", sa.String(80), nullable=False),
        sa.Column("identity_index", sa.LargeBinary(32)),
        sa.Column("employer_code", sa.String(18), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_progress_people"),
        sa.UniqueConstraint(
            "batch_number", "application_number", name="uq_progress_people_batch_number_application_number"
        ),
    )
    op.create_index("ix_progress_people_identity_index", "progress_people", ["identity_index"])
    op.create_table(
        "progress_marks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("batch_number", sa.String(80), nullable=False),
        sa.Column("application_number", sa.String(80), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("at", sa.String(20), nullable=False),
        sa.Column("origin", sa.String(12), nullable=False),
        sa.Column("noted_at", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_progress_marks"),
        sa.UniqueConstraint(
            "batch_number",
            "application_number",
            "stage",
            "at",
            name="uq_progress_marks_batch_number_application_number_stage_at",
        ),
    )
    op.create_index("ix_progress_marks_application_number", "progress_marks", ["application_number"])
    op.create_table(
        "batch_terms",
        sa.Column("batch_number", sa.String(80), nullable=False),
        sa.Column("review_ended_on", sa.String(10)),
        sa.Column("approved_on", sa.String(10)),
        sa.Column("filed_until", sa.String(10)),
        sa.PrimaryKeyConstraint("batch_number", name="pk_batch_terms"),
    )


def _archive() -> None:
    op.create_table(
        "scans",
        sa.Column("id", KEY, nullable=False),
        sa.Column("application_id", KEY, nullable=False),
        sa.Column("certificate_number", sa.String(24), nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("source_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.SmallInteger(), nullable=False),
        sa.Column("added_at", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scans"),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name="fk_scans_application_id"),
        sa.UniqueConstraint("sha256", name="uq_scans_sha256"),
    )
    op.create_index("ix_scans_application_id", "scans", ["application_id"])
    op.create_table(
        "disposals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("batch_number", sa.String(80), nullable=False),
        sa.Column("papers", sa.Text(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("disposed_on", sa.String(10), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_disposals"),
    )
    op.create_index("ix_disposals_batch_number", "disposals", ["batch_number"])


def _inquiries() -> None:
    op.create_table(
        "inquiries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("certificate_id", KEY, nullable=False),
        sa.Column("at", sa.String(20), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("organisation_code", sa.String(18), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inquiries"),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificates.id"], name="fk_inquiries_certificate_id"),
    )
    op.create_index("ix_inquiries_certificate_id", "inquiries", ["certificate_id"])
    op.create_index("ix_inquiries_at", "inquiries", ["at"])
