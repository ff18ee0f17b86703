"""The page of somebody who left a family leads to where they live now, as far as the reader may know."""

import pytest
from sqlalchemy.orm import Session

from policy.vocabulary import LeaveReason
from tests import factories
from tests.clock import START
from tests.signing_in import browser_of
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM


@pytest.fixture
def stays(app, ids) -> dict[str, tuple[int, int]]:
    """A stay that somebody left, and their present one in the same village or in another township."""
    found = {}
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        for name, village in (("near", factories.VILLAGE), ("far", factories.OTHER_VILLAGE)):
            old, new = factories.household(session), factories.household(session, village)
            past = factories.member(session, old)
            past.left_on, past.leave_reason = START.date(), LeaveReason.MARRIAGE
            session.flush()
            now = factories.member(session, new, id_no=past.id_no, joined_on=START.date())
            found[name] = (past.id, now.id)
        session.commit()
    return found


@pytest.mark.parametrize(
    ("login", "where", "led"),
    [("township_officer", "near", True), ("township_officer", "far", False), ("county_reviewer", "far", True)],
)
def test_a_former_stay_leads_to_the_present_one_of_the_readers_places(app, ids, clock, stays, login, where, led):
    past, now = stays[where]
    page = browser_of(app, ids[login], clock.at).get(f"/member/{past}/").get_data(as_text=True)
    assert (f'href="/member/{now}/"' in page, "现家庭" in page) == (led, led)
    there = browser_of(app, ids["county_reviewer"], clock.at).get(f"/member/{now}/").get_data(as_text=True)
    assert "现家庭" not in there
