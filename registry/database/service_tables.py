"""Tables of progress, electronic archive, destruction register, look-up records, pushes and steps at the command line."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from registry.database.schema import BigKey, metadata

progress_people = Table(
    "progress_people",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("batch_number", String(80), nullable=False),
    Column("application_number", String(80), nullable=False),
    Column("identity_index", LargeBinary(32), index=True),
    Column("employer_code", String(18), nullable=False),
    UniqueConstraint("batch_number", "application_number"),
)
"""Who is in a batch, known since its first check; no name, and the ID number as blind index only."""

progress_marks = Table(
    "progress_marks",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("batch_number", String(80), nullable=False),
    Column("application_number", String(80), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("at", String(20), nullable=False),
    Column("origin", String(12), nullable=False),
    Column("noted_at", String(20), nullable=False),
    Column("note", Text, nullable=False),
    UniqueConstraint("batch_number", "application_number", "stage", "at"),
)
"""进度节点; an empty application number means the whole batch, an empty batch number that no batch is known yet."""
Index("ix_progress_marks_application_number", progress_marks.c.application_number)

batch_terms = Table(
    "batch_terms",
    metadata,
    Column("batch_number", String(80), primary_key=True),
    Column("review_ended_on", String(10)),
    Column("approved_on", String(10)),
    Column("filed_until", String(10)),
)
"""Days of a batch from which periods run (电子档案上传、材料销毁)."""

scans = Table(
    "scans",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("application_id", ForeignKey("applications.id"), nullable=False, index=True),
    Column("certificate_number", String(24), nullable=False),
    Column("sha256", LargeBinary(32), nullable=False, unique=True),
    Column("source_sha256", LargeBinary(32), nullable=False),
    Column("size", Integer, nullable=False),
    Column("pages", SmallInteger, nullable=False),
    Column("added_at", String(20), nullable=False),
)
"""电子档案: scanned sealed 评审表, signed with a time-stamp; the newest one of an application counts."""

disposals = Table(
    "disposals",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("batch_number", String(80), nullable=False, index=True),
    Column("papers", Text, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("disposed_on", String(10), nullable=False),
    Column("document", Text, nullable=False),
    Column("handler", Text, nullable=False),
    Column("witness", Text, nullable=False),
    Column("recorded_at", String(20), nullable=False),
)
"""销毁登记 (细则第五十八条): which papers of which batch, when, by whose order, who did it and who watched."""

inquiries = Table(
    "inquiries",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("certificate_id", ForeignKey("certificates.id"), nullable=False, index=True),
    Column("at", String(20), nullable=False, index=True),
    Column("organisation", Text, nullable=False),
    Column("organisation_code", String(18), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("channel", String(12), nullable=False),
)
"""被查询记录: organisations that looked a certificate up and said who they are; kept for a limited time."""

command_steps = Table(
    "command_steps",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("batch_number", String(80), nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("act", String(12), nullable=False),
    Column("account", String(80), nullable=False),
    Column("name", Text, nullable=False),
    Column("at", String(20), nullable=False),
)
"""Four eyes at the command line: which system user prepared, approved and issued which file of a batch."""

pushes = Table(
    "pushes",
    metadata,
    Column("number", String(60), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("since", String(20)),
    Column("of_batch", String(80)),
    Column("taken_at", String(20), nullable=False),
)
"""推送批次: what was written for the national query platform."""

push_receipts = Table(
    "push_receipts",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("push_number", ForeignKey("pushes.number"), nullable=False, index=True),
    Column("certificate_number", String(24), nullable=False, index=True),
    Column("accepted", SmallInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("received_at", String(20), nullable=False),
    UniqueConstraint("push_number", "certificate_number"),
)
"""回执: what became of each record of a push."""
