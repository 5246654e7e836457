"""Areas with their relevant bodies, whole procedure versions, and the version that a case took."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INDEPENDENCE = "chair_independence IN ('external', 'not_agency_under_review', 'not_same_team')"
_NEW = (
    "published_on", "guidance_version", "policing_body_consulted_on", "landlords_consulted_on", "chair_independence",
    "dissatisfaction", "name_shown", "closed_days", "ladders", "notes", "created_by_id", "created_at", "ended_by_id",
    "ended_at", "replaced_by_id",
)  # fmt: skip


def _json(name: str) -> sa.Column[object]:
    kind = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    return sa.Column(name, kind, nullable=False, server_default="{}")


def _text(name: str, kind: sa.types.TypeEngine[str] | None = None) -> sa.Column[str]:
    return sa.Column(name, kind or sa.String(), nullable=False, server_default="")


def upgrade() -> None:
    op.create_table(
        "areas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('district', 'unitary', 'welsh')", name=op.f("ck_areas_kind_known")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_areas_partnership_id_partnerships")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_areas")),
        sa.UniqueConstraint("key", name=op.f("uq_areas_key")),
    )
    with op.batch_alter_table("areas") as batch_op:
        batch_op.create_index(batch_op.f("ix_areas_partnership_id"), ["partnership_id"], unique=False)
    op.create_table(
        "area_bodies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('council', 'icb', 'landlord', 'local_health_board', 'other', 'police')",
            name=op.f("ck_area_bodies_kind_known"),
        ),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_area_bodies_area_id_areas")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_area_bodies_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_bodies")),
        sa.UniqueConstraint(
            "area_id",
            "organisation_id",
            "from_on",
            name=op.f("uq_area_bodies_area_id_organisation_id_from_on"),
        ),
    )
    with op.batch_alter_table("area_bodies") as batch_op:
        batch_op.create_index(batch_op.f("ix_area_bodies_organisation_id"), ["organisation_id"], unique=False)
    with op.batch_alter_table("local_policies") as batch_op:
        batch_op.add_column(sa.Column("published_on", sa.Date(), nullable=True))
        batch_op.add_column(_text("guidance_version"))
        batch_op.add_column(sa.Column("policing_body_consulted_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("landlords_consulted_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("chair_independence", sa.String(), nullable=False, server_default="not_same_team")
        )
        for name in ("dissatisfaction", "closed_days", "ladders"):
            batch_op.add_column(_json(name))
        batch_op.add_column(_text("name_shown"))
        batch_op.add_column(_text("notes", sa.Text()))
        batch_op.add_column(sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        for name, table in (
            ("created_by", "users"),
            ("ended_by", "users"),
            ("replaced_by", "local_policies"),
        ):
            batch_op.add_column(sa.Column(f"{name}_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_local_policies_{name}_id_{table}"), table, [f"{name}_id"], ["id"]
            )
        batch_op.create_check_constraint(
            batch_op.f("ck_local_policies_chair_independence_known"), _INDEPENDENCE
        )
    with op.batch_alter_table("cases") as batch_op:
        batch_op.add_column(sa.Column("policy_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_cases_policy_id_local_policies"), "local_policies", ["policy_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("cases") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_cases_policy_id_local_policies"), type_="foreignkey")
        batch_op.drop_column("policy_id")
    with op.batch_alter_table("local_policies") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_local_policies_chair_independence_known"), type_="check")
        for name, table in (
            ("created_by", "users"),
            ("ended_by", "users"),
            ("replaced_by", "local_policies"),
        ):
            batch_op.drop_constraint(batch_op.f(f"fk_local_policies_{name}_id_{table}"), type_="foreignkey")
        for name in _NEW:
            batch_op.drop_column(name)
    op.drop_table("area_bodies")
    op.drop_table("areas")
