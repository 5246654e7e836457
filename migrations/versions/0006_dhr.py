"""People of a review without names, its panel, its checklists, and the amendments that the Home Office asks for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_AGES = "age_band IN ('16-19', '20-24', '25-34', '35-44', '45-54', '55-64', '65+', 'not_known', 'under_16')"
_ROLES = (
    "role IN ('alleged_perpetrator', 'child', 'deceased', 'employer', 'family', 'friend', 'neighbour', 'other',"
    " 'perpetrator')"
)
_PARTS = "part IN ('adviser', 'author', 'chair', 'member', 'specialist_da')"


def _case(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f(f"fk_{table}_case_id_cases"))


def upgrade() -> None:
    op.create_table(
        "review_subjects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("pseudonym", sa.String(), nullable=False),
        sa.Column("pseudonym_by", sa.String(), nullable=False),
        sa.Column("age_band", sa.String(), nullable=False),
        sa.Column("relationship", sa.String(), nullable=False),
        sa.Column("is_deceased", sa.Boolean(), nullable=False),
        sa.Column(
            "characteristics", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("removed_why", sa.String(), nullable=False),
        sa.CheckConstraint(_AGES, name=op.f("ck_review_subjects_age_band_known")),
        sa.CheckConstraint(_ROLES, name=op.f("ck_review_subjects_role_known")),
        _case("review_subjects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_subjects")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_review_subjects_case_id_number")),
    )
    op.create_table(
        "panel_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("role_title", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("independent", sa.Boolean(), nullable=False),
        sa.Column("managed_the_case", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.CheckConstraint(_PARTS, name=op.f("ck_panel_members_part_known")),
        _case("panel_members"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_panel_members_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_members")),
    )
    with op.batch_alter_table("panel_members") as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_members_case_id"), ["case_id"], unique=False)
    op.create_table(
        "review_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("must", sa.Boolean(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("not_needed_reason", sa.Text(), nullable=False),
        _case("review_tasks"),
        sa.ForeignKeyConstraint(["done_by_id"], ["users.id"], name=op.f("fk_review_tasks_done_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_tasks")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_review_tasks_case_id_key")),
    )
    op.create_table(
        "review_amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("submission_no", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("assigned", sa.String(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        _case("review_amendments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_amendments")),
        sa.UniqueConstraint(
            "case_id",
            "submission_no",
            "number",
            name=op.f("uq_review_amendments_case_id_submission_no_number"),
        ),
    )


def downgrade() -> None:
    for table in ("review_amendments", "review_tasks", "panel_members", "review_subjects"):
        op.drop_table(table)
