"""How long records are kept, and what was decided about them; a partnership's own mailboxes; more kinds of set-up change."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OLD = (
    "agency_added", "agency_ended", "area_added", "area_ended", "body_added", "body_ended", "names_set",
    "password_link_sent", "person_added", "person_disabled", "person_enabled", "role_ended", "round_run",
)  # fmt: skip
NEW = (
    "agency_changed", "agency_rehomed", "links_ended", "partnership_changed", "retention_set", "signed_out",
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("partnerships") as batch_op:
        batch_op.add_column(sa.Column("unit_mailbox", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("reply_to", sa.String(), nullable=False, server_default=""))
    _changes_may_be((*OLD, *NEW))
    op.create_table(
        "retention_schedules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "record IN ('action_item', 'asb_case_review', 'dardr', 'dhr_2016')",
            name=op.f("ck_retention_schedules_record_known"),
        ),
        sa.CheckConstraint("months BETWEEN 1 AND 1200", name=op.f("ck_retention_schedules_some_time")),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnerships.id"],
            name=op.f("fk_retention_schedules_partnership_id_partnerships"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_schedules")),
        sa.UniqueConstraint(
            "partnership_id", "record", name=op.f("uq_retention_schedules_partnership_id_record")
        ),
    )
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("placed_by_id", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_legal_holds_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["placed_by_id"], ["users.id"], name=op.f("fk_legal_holds_placed_by_id_users")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"], name=op.f("fk_legal_holds_ended_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index(op.f("ix_legal_holds_case_id"), "legal_holds", ["case_id"])
    op.create_table(
        "retention_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("keep_until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_why", sa.Text(), nullable=False),
        sa.Column("history_hash", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('approved', 'made', 'proposed', 'refused')",
            name=op.f("ck_retention_decisions_state_known"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_retention_decisions_two_people"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_retention_decisions_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["users.id"], name=op.f("fk_retention_decisions_proposed_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_retention_decisions_decided_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_decisions")),
    )
    op.create_index(op.f("ix_retention_decisions_case_id"), "retention_decisions", ["case_id"])
    op.create_index(
        "ix_retention_decisions_open", "retention_decisions", ["case_id"], unique=True,
        sqlite_where=sa.text("state = 'proposed'"), postgresql_where=sa.text("state = 'proposed'"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("retention_decisions")
    op.drop_table("legal_holds")
    op.drop_table("retention_schedules")
    _triggers("DROP")
    op.execute(f"DELETE FROM setup_changes WHERE what IN ({_listed(NEW)})")  # noqa: S608 - our own constants
    _triggers("CREATE")
    _changes_may_be(OLD)
    with op.batch_alter_table("partnerships") as batch_op:
        batch_op.drop_column("reply_to")
        batch_op.drop_column("unit_mailbox")


def _changes_may_be(kinds: tuple[str, ...]) -> None:
    """SQLite makes the table anew to change a constraint, and its triggers go with the old one."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("setup_changes") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_setup_changes_what_known"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_setup_changes_what_known"), f"what IN ({_listed(kinds)})"
        )
    if sqlite:
        _triggers("CREATE")


def _triggers(act: str) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for change in ("UPDATE", "DELETE"):
        name = f"setup_changes_no_{change.lower()}"
        if act == "DROP":
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON setup_changes")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {change} ON setup_changes "
                "BEGIN SELECT RAISE(ABORT, 'setup_changes rows are only ever added'); END"
                if sqlite
                else f"CREATE TRIGGER {name} BEFORE {change} ON setup_changes FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )


def _listed(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"'{kind}'" for kind in sorted(kinds))
