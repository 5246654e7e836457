"""Letters of a case, the Word templates of a partnership, and whether its letters are checked by somebody else."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("recipient_label", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("instance", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("accessible_format", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("outside", sa.Boolean(), nullable=False),
        sa.Column("kept_at", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("returned_why", sa.Text(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("template_digest", sa.String(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("document_digest", sa.String(), nullable=False),
        sa.Column("values", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "accessible_format IN ('audio', 'braille', 'bsl', 'easy_read', 'large_print', 'other', 'standard')",
            name=op.f("ck_letters_accessible_format_known"),
        ),
        sa.CheckConstraint(
            "channel IN ('by_hand', 'email', 'phone', 'portal', 'post', 'through')",
            name=op.f("ck_letters_channel_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('D1', 'D10', 'D11', 'D12', 'D13', 'D14', 'D15', 'D16', 'D17', 'D18', 'D2', 'D3', 'D4', 'D5', 'D6', 'D7', 'D8', 'D9', 'L1', 'L10', 'L11', 'L12', 'L13', 'L14', 'L15', 'L16', 'L17', 'L18', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7', 'L8', 'L9')",
            name=op.f("ck_letters_kind_known"),
        ),
        sa.CheckConstraint(
            "recipient IN ('applicant', 'body', 'chair', 'co_applicant', 'da_commissioner', 'family_via_route', 'home_office', 'panel', 'representative', 'victim')",
            name=op.f("ck_letters_recipient_known"),
        ),
        sa.CheckConstraint(
            "state IN ('cancelled', 'checked', 'drafted', 'returned', 'sent', 'waived')",
            name=op.f("ck_letters_state_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_letters_case_id_cases")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["users.id"], name=op.f("fk_letters_checked_by_id_users")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["users.id"], name=op.f("fk_letters_drafted_by_id_users")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_letters_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["replaces_id"], ["letters.id"], name=op.f("fk_letters_replaces_id_letters")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["users.id"], name=op.f("fk_letters_sent_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("case_id", "kind", "number", name=op.f("uq_letters_case_id_kind_number")),
    )
    op.create_table(
        "letter_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('D1', 'D10', 'D11', 'D12', 'D13', 'D14', 'D15', 'D16', 'D17', 'D18', 'D2', 'D3', 'D4', 'D5', 'D6', 'D7', 'D8', 'D9', 'L1', 'L10', 'L11', 'L12', 'L13', 'L14', 'L15', 'L16', 'L17', 'L18', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7', 'L8', 'L9')",
            name=op.f("ck_letter_templates_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnerships.id"],
            name=op.f("fk_letter_templates_partnership_id_partnerships"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_letter_templates_uploaded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_templates")),
    )
    with op.batch_alter_table("letter_templates", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_letter_templates_partnership_id_kind"), ["partnership_id", "kind"], unique=False
        )
    with op.batch_alter_table("local_policies") as batch_op:
        batch_op.add_column(
            sa.Column("letters_checked_by_another", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("local_policies") as batch_op:
        batch_op.drop_column("letters_checked_by_another")
    op.drop_table("letter_templates")
    op.drop_table("letters")
