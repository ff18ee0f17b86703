"""Choices of two windows: only what each changed counts, and nothing is overwritten unseen; on both engines."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ImportBatch, ImportRow
from policy.vocabulary import Role
from tests import factories
from tests.workflows.exchange import rosters
from workflows import audit
from workflows.actor import SYSTEM, Actor
from workflows.exchange import choosing
from workflows.exchange.choosing import KEEP, SKIP, TAKE, Wish
from workflows.reason import Refused


@pytest.fixture
def staged(session_any: Session) -> tuple[Session, ImportBatch, Actor]:
    """A preview in which two people who stand here change."""
    audit.attribute(session_any, SYSTEM, rosters.NOW)
    who = rosters.actor(factories.office(session_any)[Role.COUNTY_REVIEWER])
    session_any.commit()
    numbers = (101, 103)
    rosters.applied(session_any, rosters.members(*(rosters.person(n) for n in numbers)), who)
    sheet = rosters.members(*(rosters.person(n, 民族="苗族", 联系电话="13900009999") for n in numbers))
    return session_any, rosters.staged(session_any, sheet, who), who


def rows(session: Session, batch: ImportBatch) -> list[ImportRow]:
    return list(session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.row_no)))


@pytest.mark.parametrize(("stands", "wish", "left", "done", "crossed"), [
    (KEEP, Wish(TAKE, TAKE), KEEP, 0, False), (KEEP, Wish(TAKE, SKIP), KEEP, 0, True),
    (KEEP, Wish(TAKE, KEEP), KEEP, 0, False), (KEEP, Wish(KEEP, SKIP), SKIP, 1, False),
    (TAKE, Wish(TAKE, KEEP), KEEP, 1, False), (TAKE, Wish(TAKE, "other"), TAKE, 0, False),
])  # fmt: skip
def test_a_choice_that_was_changed_elsewhere_is_told_and_not_overwritten(staged, stands, wish, left, done, crossed):
    session, batch, who = staged
    first, second = rows(session, batch)
    first.choice = stands
    session.commit()
    found = choosing.choose(session, batch, who, {first.id: wish, second.id: Wish(TAKE, SKIP)})
    assert (found.rows, list(found.crossed)) == (done + 1, [first] if crossed else [])
    assert (first.choice, second.choice) == (left, SKIP)


def test_rows_read_anew_are_another_reading(staged):
    session, batch, who = staged
    told = choosing.reading(session, batch)
    choosing.of_reading(session, batch, told)
    other = rosters.staged(session, rosters.members(rosters.person(101)), who)
    assert choosing.reading(session, other) != told
    choosing.of_reading(session, other, "")  # of a form that shows no rows
    with pytest.raises(Refused, match="import_read_anew"):
        choosing.of_reading(session, other, told)
