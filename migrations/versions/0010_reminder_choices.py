"""What each person chose about reminders, where mail came back, and the number that mails give."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_choices",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("early", sa.String(), nullable=False),
        sa.Column("digest_day", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "early IN ('daily', 'never', 'weekly')", name=op.f("ck_reminder_choices_early_known")
        ),
        sa.CheckConstraint("hour BETWEEN 8 AND 16", name=op.f("ck_reminder_choices_in_the_day")),
        sa.CheckConstraint("digest_day BETWEEN 1 AND 5", name=op.f("ck_reminder_choices_a_weekday")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reminder_choices_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_reminder_choices")),
    )
    op.create_table(
        "returning_mail",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_returning_mail")),
    )
    with op.batch_alter_table("partnerships") as table:
        table.add_column(sa.Column("unit_phone", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("partnerships") as table:
        table.drop_column("unit_phone")
    op.drop_table("returning_mail")
    op.drop_table("reminder_choices")
