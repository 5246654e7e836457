"""Households behind reports, for a rule that counts households."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("asb_reports") as batch_op:
        batch_op.add_column(sa.Column("household", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("asb_reports") as batch_op:
        batch_op.drop_column("household")
