"""MACs of certificates, renewed files and annotated copies; `registry.audit.log_binding` fills them in when a home is opened."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("certificates", "copies", "renewals"):
        op.add_column(table, sa.Column("mac", sa.LargeBinary(32)))
