"""What acting on a case and its documents needs beside: what became of the properties of a stored file."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("documents") as documents:
        documents.add_column(sa.Column("metadata_state", sa.String(), nullable=False, server_default="none"))
        documents.create_check_constraint(
            op.f("ck_documents_metadata_state_known"), "metadata_state IN ('left', 'none', 'removed')"
        )
    with op.batch_alter_table("documents") as documents:
        documents.alter_column("metadata_state", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("documents") as documents:
        documents.drop_constraint(op.f("ck_documents_metadata_state_known"), type_="check")
        documents.drop_column("metadata_state")
