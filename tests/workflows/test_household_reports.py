"""What a village reports of a family lies on the township's desk until it is answered."""

from datetime import date, timedelta

import pytest

from policy.vocabulary import Need, Role
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.happening import ELSEWHERE, NOW, H, family, tasks
from workflows import household_events, household_reports
from workflows.household_event_input import Happened
from workflows.reason import Refused

TODAY = NOW.date()


@pytest.fixture
def d(session) -> Driver:
    return family(session)


def tell(d, kind=H.DEATH, actor=None, on=None, words="昨晚去世", **more):
    worker = actor or d.actor(Role.VILLAGE_WORKER)
    told = household_reports.Told(kind, on or d.day(), words, **more)
    return household_reports.report(d.session, d.home, told, worker, d.now, FIGURES)


def test_a_villages_report_lies_on_the_townships_desk_until_it_is_carried_out(d):
    son = d.home.members[2]
    row = tell(d, member=son, fields={"name": "不属于此"})
    assert son.present and [task.need for task in tasks(d)] == [Need.CARRY_OUT] and row.due_on == date(2026, 6, 2)
    assert household_reports.fields_of(row) == {}
    happened = Happened(H.DEATH, row.happened_on, row.words, member=son.id)
    done = household_events.happen(
        d.session, d.home, happened, d.actor(Role.TOWNSHIP_OFFICER), d.now, FIGURES, report=row
    )
    assert tasks(d) == [] and (row.state, row.event_id) == ("done", done.event.id)


def test_a_report_is_turned_down_with_a_reason(d):
    row = tell(d, member=d.home.members[2])
    for actor, reason in ((d.actor(Role.VILLAGE_WORKER), "不属实"), (d.actor(Role.TOWNSHIP_OFFICER), " ")):
        with pytest.raises(Refused):
            household_reports.turn_down(d.session, row, reason, actor, d.now)
    household_reports.turn_down(d.session, row, "本人在家", d.actor(Role.TOWNSHIP_OFFICER), d.now)
    assert (row.state, row.reason, tasks(d)) == ("refused", "本人在家", [])
    with pytest.raises(Refused, match="report_answered"):
        household_reports.turn_down(d.session, row, "本人在家", d.actor(Role.TOWNSHIP_OFFICER), d.now)


@pytest.mark.parametrize(("given", "code"), [
    ({"on": TODAY + timedelta(days=1)}, "day_in_future"), ({"words": ""}, "event_words_missing"),
    ({"actor": ELSEWHERE}, "not_in_your_division"), ({"kind": H.ID_NUMBER}, "event_kind_missing"),
    ({}, "event_member_missing"),
])  # fmt: skip
def test_a_report_that_tells_too_little_is_refused(d, given, code):
    with pytest.raises(Refused, match=code):
        tell(d, **given)
