"""Tables of accounts and their sessions; part of the register's one schema."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
)

from registry.database.schema import BigKey, applications, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("role", String(12), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("password_at", String(20), nullable=False),
    Column("must_change", SmallInteger, nullable=False),
    Column("failures", SmallInteger, nullable=False),
    Column("locked_until", String(20)),
    Column("totp_sealed", LargeBinary),
    Column("totp_step", BigInteger, nullable=False),
    Column("disabled_at", String(20)),
    Column("created_at", String(20), nullable=False),
)

account_sessions = Table(
    "account_sessions",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("started_at", String(20), nullable=False),
    Column("seen_at", String(20), nullable=False),
)
"""Only a hash of the cookie's token is kept, so that a copy of the database opens no session."""

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("name", Text, nullable=False),
    Column("hint", String(12), nullable=False),
    Column("secret_hash", LargeBinary(32), nullable=False, unique=True),
    Column("scopes", String(80), nullable=False),
    Column("created_at", String(20), nullable=False),
    Column("expires_at", String(20), nullable=False),
    Column("revoked_at", String(20)),
    Column("replaces", ForeignKey("api_keys.id")),
)
"""Keys of machines; only a hash of each is kept."""

work_batches = Table(
    "work_batches",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("number", String(80), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("stage", String(12), nullable=False),
    Column("summary", Text, nullable=False),
    Column("created_at", String(20), nullable=False),
    Column("changed_at", String(20), nullable=False),
    Column("job_id", Integer),
)
"""Batches in the workspace (工作区批次); the workbook itself lies in the store under its hash."""

work_steps = Table(
    "work_steps",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("batch_id", ForeignKey("work_batches.id"), nullable=False, index=True),
    Column("act", String(20), nullable=False),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("at", String(20), nullable=False),
    Column("note", Text, nullable=False),
)
"""Who did what to a batch: four eyes are decided from these rows, which are never changed."""

work_releases = Table(
    "work_releases",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("batch_id", ForeignKey("work_batches.id"), nullable=False, index=True),
    Column("rule", String(40), nullable=False),
    Column("application_number", String(80)),
    Column("reason", Text, nullable=False),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("at", String(20), nullable=False),
)
"""放行: 原则 findings released in the workspace."""

Index("ix_applications_name", applications.c.name)  # the workspace looks people up by name
