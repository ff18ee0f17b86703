"""A referral that waits for its reply is a task of its case: no event of the family called for it."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

NAME = "ck_household_task_of_an_event_or_a_report"
BEFORE = "event_id IS NOT NULL OR report_id IS NOT NULL"
AFTER = f"{BEFORE} OR need = 'reply'"


def upgrade() -> None:
    _say(AFTER)


def downgrade() -> None:
    task = sa.table("household_task", sa.column("need"))
    op.execute(sa.delete(task).where(task.c.need == "reply"))
    _say(BEFORE)


def _say(rule: str) -> None:
    with op.batch_alter_table("household_task") as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.create_check_constraint(op.f(NAME), rule)
