"""Pages on which people join and leave: done once, told what follows, kept as typed when refused."""

import re
from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import Household
from policy.vocabulary import LeaveReason, Relation, Stage
from tests import factories
from tests.clock import START
from tests.signing_in import browser_of, settle
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

KEY = re.compile(r'name="key" value="([^"]+)"')
VERSION = re.compile(r'name="row_version" value="([^"]+)"')
TODAY = START.date().isoformat()


@pytest.fixture
def users(app):
    return settle(app)


@pytest.fixture
def clerk(app, users):
    return browser_of(app, users["township_officer"])


def family(app, village=factories.VILLAGE):
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        home = factories.household(session, village, members=3)
        case = factories.benefit(session, home, Stage.ACTIVE)
        session.commit()
        return home.id, [m.id for m in home.members], case.id


def send(browser, where, key="", **fields):
    page = browser.get(where).get_data(as_text=True)
    return browser.post(
        where, data={"key": key or KEY.search(page)[1], "row_version": VERSION.search(page)[1], **fields}
    )


def state(app, id):
    with app.app_context():
        home = db.session.get_one(Household, id)
        return home.head_name, home.persons, [(m.relation, m.leave_reason) for m in home.members]


def test_a_newborn_joins_and_a_recheck_is_offered(app, users, clerk):
    home, _, case = family(app)
    fields = {"on": TODAY, "why": "birth", "members-0-name": "小满", "members-0-relation": "grandchild"}
    refused = send(clerk, f"/household/{home}/join/", **fields, **{"members-0-id_no": "99"})
    assert refused.status_code == 422
    assert "小满" in refused.get_data(as_text=True)
    assert 'id="members-0-id_no-wrong"' in refused.get_data(as_text=True)
    answer = send(
        clerk, f"/household/{home}/join/", **fields, **{"members-0-id_no": factories.id_number(date(2026, 1, 3))}
    )
    assert answer.headers["Location"] == f"/household/{home}/after/"
    assert f"/case/{case}/start_recheck/" in clerk.get(answer.headers["Location"]).get_data(as_text=True)
    assert state(app, home)[1] == 4


def test_the_heads_death_names_a_new_head_and_is_recorded_once(app, users, clerk):
    home, (head, son, _), _ = family(app)
    where = f"/member/{head}/leave/"
    page = clerk.get(where).get_data(as_text=True)
    fields = {
        "key": KEY.search(page)[1],
        "row_version": VERSION.search(page)[1],
        "reason": "death",
        "on": TODAY,
        "head": str(son),
    }
    answers = [clerk.post(where, data=fields).headers["Location"] for _ in range(2)]
    assert answers == [f"/household/{home}/after/"] * 2
    name, persons, members = state(app, home)
    assert (persons, members[0]) == (2, (Relation.HEAD, LeaveReason.DEATH))
    assert members[1][0] is Relation.HEAD


def test_a_family_left_without_a_head_is_told_so(app, users, clerk):
    home, (head, son, other), _ = family(app)
    after = send(clerk, f"/member/{head}/leave/", reason="death", on=TODAY).headers["Location"]
    assert f"/household/{home}/head/" in clerk.get(after).get_data(as_text=True)
    refused = send(clerk, f"/household/{home}/head/", head=str(son))
    assert refused.status_code == 422
    assert send(clerk, f"/household/{home}/head/", head=str(son), **{f"relation-{other}": "sibling"}).status_code == 303


def test_what_is_missing_is_told_beside_it(app, users, clerk):
    _, (_, son, _), _ = family(app)
    page = send(clerk, f"/member/{son}/leave/", on="2019-12-31", reason="move").get_data(as_text=True)
    assert 'id="on-wrong"' in page
    page = send(clerk, f"/member/{son}/leave/", on=TODAY).get_data(as_text=True)
    assert 'id="reason-wrong"' in page


def test_a_form_that_others_overtook_changes_nothing(app, users, clerk):
    home, _, _ = family(app)
    answer = clerk.post(f"/household/{home}/move/", data={
        "key": KEY.search(clerk.get(f"/household/{home}/move/").get_data(as_text=True))[1],
        "row_version": "99", "village": factories.VILLAGE, "address": "别处",
    })  # fmt: skip
    assert answer.status_code == 409
    assert "别处" in answer.get_data(as_text=True)


def test_families_elsewhere_are_not_kept_from_here(app, users, clerk):
    home, (head, *_), _ = family(app, factories.OTHER_VILLAGE)
    for where in (
        f"/household/{home}/join/",
        f"/household/{home}/head/",
        f"/household/{home}/move/",
        f"/member/{head}/leave/",
    ):
        assert clerk.get(where).status_code == 404
        assert clerk.post(where, data={}).status_code == 404
