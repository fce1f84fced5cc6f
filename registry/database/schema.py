"""The tables of the register, the same on SQLite and PostgreSQL.

Rows of `numbers`, `certificates` (but for the state columns), `copies`, `renewals` and `events` are never changed and never
deleted; each certificate's content is bound by a digest into its event, each event into the log.

Times are ISO 8601 text in UTC (`2026-05-04T03:02:01Z`), days are `YYYY-MM-DD`: the same bytes on both databases,
so that digests over rows agree. A column that is added later is declared last in its table (see `registry.audit.seals`).
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
BigKey = BigInteger().with_variant(Integer, "sqlite")

counters = Table(
    "counters",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""The last value given in each series; the only source of numbers."""

batches = Table(
    "batches",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("number", String(80), nullable=False, unique=True),
    Column("head", Text, nullable=False),
    Column("registered_at", String(20), nullable=False),
)

applications = Table(
    "applications",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("number", String(80), nullable=False),
    Column("name", Text, nullable=False),
    Column("identity_sealed", LargeBinary),
    Column("identity_index", LargeBinary(32), index=True),
    Column("phone_sealed", LargeBinary),
    UniqueConstraint("batch_id", "number"),
)

numbers = Table(
    "numbers",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("application_id", ForeignKey("applications.id"), nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("attempt", SmallInteger, nullable=False),
    Column("series", String(40), nullable=False),
    Column("serial", Integer, nullable=False),
    Column("number", String(24), nullable=False, unique=True),
    Column("code", String(26), nullable=False, unique=True),
    Column("licence_id", String(100), nullable=False, unique=True),
    Column("list_id", Integer, nullable=False),
    Column("list_position", Integer, nullable=False),
    Column("reserved_at", String(20), nullable=False),
    UniqueConstraint("series", "serial"),
    UniqueConstraint("application_id", "version", "attempt"),
    UniqueConstraint("list_id", "list_position"),
)
"""The ledger of numbers: a row is written before a certificate is pressed and stays whatever happens.

A number whose facts were corrected before a certificate came of it is void: a later `attempt` takes its place.
"""

certificates = Table(
    "certificates",
    metadata,
    Column("id", BigKey, ForeignKey("numbers.id"), primary_key=True, autoincrement=False),
    Column("application_id", ForeignKey("applications.id"), nullable=False, index=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    Column("code", String(26), nullable=False, unique=True),
    Column("number", String(24), nullable=False, unique=True),
    Column("licence_id", String(100), nullable=False, unique=True),
    Column("version", SmallInteger, nullable=False),
    Column("list_id", Integer, nullable=False),
    Column("list_position", Integer, nullable=False),
    Column("issued_at", String(20), nullable=False),
    Column("facts", Text, nullable=False),
    Column("credential", Text, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False, unique=True),
    Column("size", Integer, nullable=False),
    Column("predecessor", String(24).with_variant(String(60), "postgresql")),  # SQLite takes any length
    Column("state", String(12), nullable=False),
    Column("state_at", String(20), nullable=False),
    Column("successor", String(24)),
    Column("pickup_epoch", SmallInteger, nullable=False),
    Column("mac", LargeBinary(32)),
)
Index("ix_certificates_list", certificates.c.list_id, certificates.c.state)

copies = Table(
    "copies",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("certificate_id", ForeignKey("certificates.id"), nullable=False, index=True),
    Column("code", String(26), nullable=False, unique=True),
    Column("purpose", Text, nullable=False),
    Column("made_at", String(20), nullable=False),
    Column("expires_on", String(10), nullable=False),
    Column("sha256", LargeBinary(32), nullable=False, unique=True),
    Column("size", Integer, nullable=False),
    Column("revoked_at", String(20)),
    Column("mac", LargeBinary(32)),
)
"""Annotated copies (加注): signed on their own, for one purpose, for at most ninety days."""

renewals = Table(
    "renewals",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("certificate_id", ForeignKey("certificates.id"), nullable=False, index=True),
    Column("previous", LargeBinary(32), nullable=False),
    Column("sha256", LargeBinary(32), nullable=False, unique=True),
    Column("size", Integer, nullable=False),
    Column("made_at", String(20), nullable=False),
    Column("mac", LargeBinary(32)),
)
"""Renewed archives (延展): later files of a certificate, each with a further time-stamp; the last one is handed out."""

events = Table(
    "events",
    metadata,
    Column("position", BigKey, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("certificate_id", BigInteger, index=True),
    Column("leaf", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("leaf_hash", LargeBinary(32), nullable=False),
)
"""What happened, in order; `leaf` is public, `detail` (salted, bound by its digest in the leaf) is not."""

log_state = Table(
    "log_state",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("frontier", Text, nullable=False),
)

log_nodes = Table(
    "log_nodes",
    metadata,
    Column("level", SmallInteger, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("hash", LargeBinary(32), nullable=False),
)
"""Roots of full subtrees of 256, 65,536, … leaves, so that a proof reads a few hundred rows at most."""

log_heads = Table(
    "log_heads",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("signed_at", String(20), nullable=False),
    Column("token", Text, nullable=False),
)

integrity = Table(
    "integrity",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("subject", String(12), nullable=False),
    Column("name", Text, nullable=False),
    Column("identity_sealed", LargeBinary, nullable=False),
    Column("identity_index", LargeBinary(32), nullable=False, index=True),
    Column("violation", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("effective_on", String(10), nullable=False),
    Column("until_on", String(10), nullable=False),
    Column("recorded_at", String(20), nullable=False),
)
"""诚信档案 (细则第七十一条): violation, basis, measure, effect and period, three years."""

row_seals = Table(
    "row_seals",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""Encrypted sums over the rows of all tables that the log does not bind; see `registry.audit.seals`."""

jobs = Table(
    "jobs",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("state", String(12), nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("started_at", String(20), nullable=False),
    Column("changed_at", String(20), nullable=False),
    Column("runner", String(16), nullable=False, server_default="local"),
    Column("content", String(64)),
    Column("key_sealed", LargeBinary),
)
"""Long work: here or, in chunks, on whatever workers there are; `content` is the digest of what is worked on."""

job_chunks = Table(
    "job_chunks",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    Column("part", Text, nullable=False),
    Column("pieces", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("worker", String(120), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("changed_at", String(20), nullable=False),
    UniqueConstraint("job_id", "position"),
)
"""What the workers share out among themselves; `pieces` are sealed parcels with the key of the job."""

batch_sources = Table(
    "batch_sources",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("number", String(80), nullable=False, index=True),
    Column("name", String(40), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("pieces", Text, nullable=False),
    Column("key_sealed", LargeBinary, nullable=False),
    Column("kept_at", String(20), nullable=False),
)
"""The workbook that a batch was issued from, sealed in the store."""

settings = Table(
    "settings",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)
