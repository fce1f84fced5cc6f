"""Cases: which account noted the experts' opinions, and the office that issued a certificate on paper."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("reviewed_account", "office"):
        column = sa.Column(name, sa.String(80), nullable=False, server_default="")
        op.add_column("recognition_cases", column)
    op.execute("UPDATE recognition_cases SET reviewed_account = reviewed_by")  # names were account names
