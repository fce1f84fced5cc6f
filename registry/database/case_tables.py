"""Tables of open cases, messages to other regions, and messages from them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from registry.database.schema import BigKey, metadata

recognition_cases = Table(
    "recognition_cases",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("opened_at", String(20), nullable=False),
    Column("region", String(6), nullable=False),
    Column("number", String(60), nullable=False),
    Column("level", String(10), nullable=False),
    Column("title", String(60), nullable=False),
    Column("reason", String(30), nullable=False),
    Column("evidence", String(60), nullable=False),
    Column("note", Text, nullable=False),
    Column("person_sealed", LargeBinary),
    Column("identity_sealed", LargeBinary),
    Column("identity_index", LargeBinary(32), index=True),
    Column("experts_sealed", LargeBinary),
    Column("reviewed_by", String(80), nullable=False),
    Column("decided_by", String(80), nullable=False),
    Column("decided_at", String(20), nullable=False),
    Column("document", String(80), nullable=False),
    Column("opinion", Text, nullable=False),
    Column("successor", String(24), nullable=False),
    Column("reviewed_account", String(80), nullable=False, server_default=""),
    Column("office", String(80), nullable=False, server_default=""),
)
"""Names, ID numbers and experts are sealed; the rest says what is to be done about which certificate."""
Index("ix_recognition_cases_state", recognition_cases.c.state, recognition_cases.c.kind)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("case_id", ForeignKey("recognition_cases.id"), nullable=False, unique=True),
    Column("region", String(6), nullable=False),
    Column("token", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", String(20), nullable=False),
    Column("problem", Text, nullable=False),
    Column("delivered_at", String(20), nullable=False),
    Column("receipt", Text, nullable=False),
)
"""Signed messages to other regions, kept until a signed receipt is there."""

exchange_notices = Table(
    "exchange_notices",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("region", String(6), nullable=False),
    Column("number", String(60), nullable=False),
    Column("successor", String(60), nullable=False),
    Column("known", Integer, nullable=False),
    Column("received_at", String(20), nullable=False),
    Column("token", Text, nullable=False),
    UniqueConstraint("region", "number", "successor"),
)
"""What other regions told: this certificate of ours was exchanged there."""
