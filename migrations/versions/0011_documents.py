"""The register of documents and its stored files."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("marking", sa.String(), nullable=False),
        sa.Column("publishable", sa.Boolean(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("anonymised_on", sa.Date(), nullable=True),
        sa.Column("anonymised_by", sa.String(), nullable=False),
        sa.Column("anonymised_by_id", sa.Integer(), nullable=True),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("stored_name", sa.String(), nullable=True),
        sa.Column("stored_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("scan", sa.String(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('action_plan', 'agency_report', 'chronology', 'decision', 'evidence', 'executive_summary', 'letter', 'minutes', 'other', 'overview_report', 'terms_of_reference')",
            name=op.f("ck_documents_kind_known"),
        ),
        sa.CheckConstraint(
            "marking IN ('official', 'official_sensitive')", name=op.f("ck_documents_marking_known")
        ),
        sa.CheckConstraint("scan IN ('clean', 'none', 'waiting')", name=op.f("ck_documents_scan_known")),
        sa.ForeignKeyConstraint(
            ["anonymised_by_id"], ["users.id"], name=op.f("fk_documents_anonymised_by_id_users")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_documents_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_documents_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("case_id", "number", "version", name=op.f("uq_documents_case_id_number_version")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_documents_stored_name")),
    )


def downgrade() -> None:
    op.drop_table("documents")
