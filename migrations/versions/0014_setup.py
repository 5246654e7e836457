"""What a death review is called in a partnership, and the history of its names, areas and relevant bodies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NAME = "Domestic abuse related death review"


def upgrade() -> None:
    with op.batch_alter_table("partnerships") as batch_op:
        batch_op.add_column(sa.Column("dardr_name", sa.String(), nullable=False, server_default=NAME))
    op.create_table(
        "setup_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "what IN ('agency_added', 'agency_ended', 'area_added', 'area_ended', 'body_added', 'body_ended', 'names_set', 'password_link_sent', "
            "'person_added', 'person_disabled', 'person_enabled', 'role_ended', 'round_run')",
            name=op.f("ck_setup_changes_what_known"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_setup_changes_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_setup_changes_partnership_id_partnerships")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_changes")),
        sa.UniqueConstraint("request_id", name=op.f("uq_setup_changes_request_id")),
    )
    with op.batch_alter_table("setup_changes") as batch_op:
        batch_op.create_index(batch_op.f("ix_setup_changes_partnership_id"), ["partnership_id"])
    for act in ("UPDATE", "DELETE"):
        name = f"setup_changes_no_{act.lower()}"
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON setup_changes "
            "BEGIN SELECT RAISE(ABORT, 'setup_changes rows are only ever added'); END"
            if op.get_bind().dialect.name == "sqlite"
            else f"CREATE TRIGGER {name} BEFORE {act} ON setup_changes FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("setup_changes")
    with op.batch_alter_table("partnerships") as batch_op:
        batch_op.drop_column("dardr_name")
