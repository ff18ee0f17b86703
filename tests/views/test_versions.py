"""A form says which version of a record it shows; one that does not changes nothing and says why."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import url_for
from sqlalchemy import func, select

from models import (
    Benefit,
    Event,
    Household,
    HouseholdReport,
    HouseholdTask,
    Lead,
    MatchLine,
    NearRelative,
    Visit,
    Watch,
)
from policy.vocabulary import Role
from tests import tree
from tests.views.samples import SAMPLES, TODAY
from views.db import db
from workflows import keys

OFFICER, COUNTY = Role.TOWNSHIP_OFFICER, Role.COUNTY_REVIEWER
NAMELESS = "表单未注明所依据的记录版本"
VERSION = re.compile(r'name="row_version" value="([^"]+)"')
VERSION = re.compile(r'name="row_version" value="([^"]+)"')
NEVER_SHOWN: tuple[dict[str, str], ...] = (
    {}, {"row_version": ""}, {"row_version": "x"}, {"row_version": "-1"}, {"row_version": "1.0"},
    {"row_version": "９"}, {"row_version": "9" * 40},
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A form of one row: whose it is, which row, and what else is sent so that it would be done."""

    model: type[Any]
    kind: str
    form: dict[str, str]
    who: Role = OFFICER


PAGES = {
    "leads.settle": Page(Lead, "lead", {}),
    "watch_look.record": Page(Watch, "watch", {}),
    "household_coming.give_up": Page(HouseholdTask, "household_coming", {}),
    "household_tasks.decide": Page(HouseholdReport, "household_move", {}),
    "household_tasks.turn_down": Page(HouseholdReport, "household_report", {}),
    "matching.settle": Page(MatchLine, "match_line", {"outcome": "recheck"}),
    "visiting.record": Page(Visit, "visit", {"at_home": "no", "surveyor_name": "李四"}),
    "near_relative.strike": Page(NearRelative, "near_relative", {"reason": "调离", "last": TODAY.isoformat()}, COUNTY),
    "case.step": Page(Benefit, "benefit", {"words": "收入有变化，提前复核"}),
    "household_events.event": Page(
        Household, "household", {"act": "record", "on": TODAY.isoformat(), "words": "群众来办理", "evidence": "证明"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("endpoint", sorted(PAGES))
def test_a_form_that_names_no_version_changes_nothing_and_says_so(endpoint, office, own):
    page, sample = PAGES[endpoint], SAMPLES[endpoint]
    sent = {**sample.form(own), **page.form, **_seen(office.app, endpoint, own)}
    with office.app.test_request_context():
        where = url_for(endpoint, **sample.arguments(own))
    before = _row(office.app, page, own)
    for version in NEVER_SHOWN:
        answer = office.as_(page.who).post(where, data={**sent, **version, "key": keys.new_key()})
        assert answer.status_code == 422 and NAMELESS in answer.get_data(as_text=True), version
        assert _row(office.app, page, own) == before, version
    named = {**sent, "row_version": str(before["row_version"]), "key": keys.new_key()}
    answer = office.as_(page.who).post(where, data=named)
    assert answer.status_code in (302, 303) and _row(office.app, page, own) != before


def test_after_somebody_else_changed_the_family_the_form_that_comes_back_may_be_sent(office, own):
    page, clerk = PAGES["household_events.event"], office.as_(OFFICER)
    where = f"/household/{own['household']}/happen/death/"
    sent = {**page.form, **_seen(office.app, "household_events.event", own), "row_version": "999"}
    answer = clerk.post(where, data={**sent, "key": keys.new_key()})
    assert answer.status_code == 409
    shown = VERSION.search(answer.get_data(as_text=True))
    assert shown and clerk.post(where, data={**sent, "row_version": shown[1], "key": keys.new_key()}).status_code == 303


def _seen(app, endpoint: str, its) -> dict[str, str]:
    """What a form of this page says besides: the last step its reader saw, whom the event is about."""
    if endpoint == "case.step":
        with app.app_context():
            last = db.session.scalar(select(func.max(Event.id)).where(Event.benefit_id == its["benefit"]))
        return {"seen": str(last or 0)}
    who = its["member"]
    return {"member": str(who), "head": str(who + 1)} if endpoint == "household_events.event" else {}


def _row(app, page: Page, its) -> dict[str, Any]:
    with app.app_context():
        query = select(*page.model.__table__.c).where(page.model.id == its[page.kind])
        return dict(db.session.execute(query).one()._mapping)


def test_only_one_place_reads_the_version_of_a_form():
    """Corrections compare it as text, because what differs is shown side by side there; all others ask version_in."""
    reading = ('get("row_version"', "get('row_version'", '["row_version"]')
    found = {
        path.relative_to(tree.ROOT).as_posix()
        for path in (tree.ROOT / "views").rglob("*.py")
        if any(words in path.read_text("utf-8") for words in reading)
    }
    assert found == {"views/numbers.py", "views/lines.py", "views/panel/locked.py", "views/household_event_page.py"}
