"""What was under way when the program learned to tell of it: who had left a home, and which renewals were running.

Who chose a home, left it and was not asked since lies on the township's desk; of a recognition whose renewal had been
applied for nobody is reminded.
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"

RENEWING = """
    UPDATE benefit SET renewing_since = (
        SELECT MAX(renewal.applied_on) FROM benefit AS renewal
        WHERE renewal.follows_id = benefit.id AND renewal.scheme = benefit.scheme
        AND renewal.stage IN ('applied', 'accepted', 'review', 'notice', 'approval'))
    WHERE scheme IN ('edge', 'rigid') AND stage IN ('active', 'recheck') AND renewing_since IS NULL
    AND id IN (SELECT follows_id FROM benefit AS later WHERE later.follows_id IS NOT NULL)
"""
PLACES = (("township_code", "village_code"), ("township_code", "township_code"), ("''", "''"))
"""Each sum of the desk is kept for the village, for its township and for the county."""
COUNTED = """
    INSERT INTO desk_summary (township_code, village_code, kind, due_on, n, persons, amount_fen)
    SELECT town, village, '{kind}', day, COUNT(*), 0, 0
    FROM (SELECT {town} AS town, {village} AS village, COALESCE({due}, '0001-01-01') AS day
          FROM benefit WHERE {which}) AS waiting
    GROUP BY town, village, day
"""
LEFT = """
    SELECT event.benefit_id, event.action, event.data, benefit.member_id
    FROM event JOIN benefit ON benefit.id = event.benefit_id
    WHERE event.action IN ('record_wish', 'place_in_home', 'leave_home')
    AND benefit.scheme = 'tekun' AND benefit.stage = 'active' AND benefit.waiting_role IS NULL
    AND benefit.end_notice_until IS NULL
    ORDER BY event.id
"""
THERE = """
    SELECT member.id FROM member JOIN benefit ON benefit.household_id = member.household_id
    WHERE benefit.id = :case AND member.left_on IS NULL
"""


def upgrade() -> None:
    connection = op.get_bind()
    if asked := _to_ask(connection):
        benefit = sa.table("benefit", sa.column("id"), sa.column("waiting_role"))
        waits = sa.update(benefit).where(benefit.c.id.in_(asked)).values(waiting_role="township_officer")
        connection.execute(waits)
        _count("waiting:township_officer", "step_due_on", "waiting_role = 'township_officer'")
    if connection.execute(sa.text(RENEWING)).rowcount:
        _count("term", "renew_from", "stage = 'active' AND renew_from IS NOT NULL AND renewing_since IS NULL")


def _to_ask(connection: sa.Connection) -> list[int]:
    """Cases of whose people somebody who is still there chose a home, left it, and was not asked since."""
    wishes: dict[tuple[int, int], str] = {}
    asked: defaultdict[int, set[int]] = defaultdict(set)
    told = sa.text(LEFT).columns(sa.column("benefit_id"), sa.column("action"), sa.column("data", sa.JSON()),
                                 sa.column("member_id"))  # fmt: skip
    for case, action, data, member in connection.execute(told):
        who = member or int(data["person"])
        if action == "leave_home" and wishes.get((case, who)) == "central":
            asked[case].add(who)
            continue
        asked[case].discard(who)
        if action == "record_wish":
            wishes[case, who] = data["mode"]
    return [
        case for case, people in asked.items()
        if people & set(connection.scalars(sa.text(THERE), {"case": case}))
    ]  # fmt: skip


def _count(kind: str, due: str, which: str) -> None:
    op.execute(sa.text("DELETE FROM desk_summary WHERE kind = :kind").bindparams(kind=kind))
    for town, village in PLACES:
        op.execute(COUNTED.format(kind=kind.replace(":", r"\:"), town=town, village=village, due=due, which=which))


def downgrade() -> None:
    """Nothing: whoever waits for a step goes on waiting for it."""
