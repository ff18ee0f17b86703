"""A family moves to another township: nothing changes until it accepts; then every row of the family lies there."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from models import Attachment, AuditEntry, Base, Event, HouseholdEvent, HouseholdTask, MatchLine, MatchRun, Visit
from models.base import Scoped
from models.guards import UNCHANGEABLE
from policy.vocabulary import Action, Happening, Need, Paper, ReportState, Role, Stage, VisitKind
from tests import factories
from tests.workflows.driver import FIGURES, START, Driver
from workflows import household_moves as moves
from workflows import household_reports
from workflows.actor import Actor, scoped
from workflows.household_event_input import Happened
from workflows.household_scope import rows_of
from workflows.reason import Refused, Stale

THERE = factories.OTHER_VILLAGE
RECEIVER = Actor(None, "赵", Role.TOWNSHIP_OFFICER, factories.XIAOER)


@pytest.fixture
def d(session) -> Driver:
    """A family with a running case and a row of every kind."""
    driver = Driver(session, START, persons=2).to_active()
    place = {"village_code": driver.home.village_code, "township_code": driver.home.township_code}
    run = MatchRun(kind="vehicles", file_name="车辆.csv", charset="utf-8", sha256="0" * 64, due_on=driver.day(),
                   created_at=START, division_code=factories.XUNCHANG)  # fmt: skip
    factories.keep(
        session, run, Visit(household=driver.home, kind=VisitKind.QUARTERLY, due_on=driver.day(), **place),
        Attachment(household_id=driver.home.id, paper=Paper.PHOTO, name="照片.png", media="image/png", stored="a.png",
                   size=8, sha256="0" * 64, uploaded_at=START, **place),
    )  # fmt: skip
    factories.keep(session, MatchLine(
        match_run_id=run.id, row_no=2, how="id_no", standing="in_force", member_id=driver.home.members[0].id,
        household_id=driver.home.id, due_on=driver.day(), **place,
    ))  # fmt: skip
    driver.do(Action.RECORD_COMPLAINT)
    return driver


def propose(d, village=THERE, address="一组7号", actor=None, words="随子女居住", **more):
    officer = actor or d.actor(Role.TOWNSHIP_OFFICER)
    told = Happened(Happening.HANDOVER, more.pop("on", d.day()), words, village_code=village, address=address)
    return moves.propose(d.session, d.home, told, officer, d.now, FIGURES, **more)


def codes(d) -> set[tuple[str, str]]:
    return {(row.township_code, row.village_code) for row in rows_of(d.session, d.home)}


def tasks(d, actor) -> list[Need]:
    query = scoped(select(HouseholdTask).where(HouseholdTask.done_on.is_(None)), HouseholdTask, actor)
    return [task.need for task in d.session.scalars(query.order_by(HouseholdTask.id))]


def test_a_stale_form_proposes_nothing(d):
    seen = d.home.row_version
    d.home.address = "二组"
    d.session.flush()
    with pytest.raises(Stale):
        propose(d, version=seen)
    assert tasks(d, RECEIVER) == []


def test_a_proposal_lies_on_both_desks_and_changes_nothing(d):
    before = codes(d)
    row = propose(d)
    assert codes(d) == before == {(factories.XUNCHANG, factories.VILLAGE)}
    assert tasks(d, d.actor(Role.TOWNSHIP_OFFICER)) == [Need.AWAIT] and tasks(d, RECEIVER) == [Need.ACCEPT]
    assert row.due_on == d.day() + timedelta(days=7) and moves.proposed(d.session, d.home.id) is row
    assert d.stage is Stage.ACTIVE


def test_with_the_acceptance_every_row_carries_the_new_codes_and_the_case_goes_on(d):
    number, amount, steps = d.case.case_no, d.case.monthly_fen, len(d.case.events)
    row = propose(d)
    told = household_reports.Told(Happening.DEATH, d.day(), "昨晚去世", d.home.members[1])
    report = household_reports.report(d.session, d.home, told, d.actor(Role.VILLAGE_WORKER), d.now, FIGURES)
    done = moves.accept(d.session, row, RECEIVER, d.now, FIGURES)
    assert codes(d) == {(factories.XIAOER, THERE)} and d.home.address == "一组7号"
    kinds = {type(row).__tablename__ for row in rows_of(d.session, d.home)}
    assert kinds >= {"household", "member", "benefit", "visit", "attachment", "objection", "crosscheck", "match_line",
                     "household_report", "household_task"}  # fmt: skip
    assert (d.case.case_no, d.case.monthly_fen, d.stage) == (number, amount, Stage.RECHECK)
    assert len(d.session.scalars(select(Event).where(Event.benefit_id == d.case.id)).all()) == steps + 1
    assert [effect.what for effect in done.effects] == ["recheck"]
    assert tasks(d, d.actor(Role.TOWNSHIP_OFFICER)) == [] and tasks(d, RECEIVER) == [Need.CARRY_OUT]
    assert report.to_code == factories.XIAOER and row.state is ReportState.DONE


def test_every_table_of_a_family_that_lies_in_a_village_is_taken_along(d):
    """A table added later is found too: by its link to the household or the case."""
    mine = {m.class_ for m in Base.registry.mappers if issubclass(m.class_, Scoped)}
    linked = {m for m in mine if {"household_id", "benefit_id"} & set(inspect(m).columns.keys())}
    from workflows.household_scope import _scoped

    assert set(_scoped()) == {m for m in linked if m.__tablename__ not in UNCHANGEABLE}


def test_the_hand_over_is_told_in_the_audit_and_its_event_names_both_places(d):
    done = moves.accept(d.session, propose(d), RECEIVER, d.now, FIGURES)
    d.session.commit()
    event = d.session.scalars(select(HouseholdEvent)).one()
    assert event is done.event and event.data == {"from": factories.VILLAGE, "to": THERE}
    entries = d.session.scalars(select(AuditEntry).where(AuditEntry.table_name == "household")).all()
    assert any((entry.after or {}).get("township_code") == factories.XIAOER for entry in entries)
    assert event.township_code == factories.XIAOER


def test_only_the_receiving_township_decides_and_only_once(d):
    row = propose(d)
    for actor in (d.actor(Role.TOWNSHIP_OFFICER), d.actor(Role.COUNTY_REVIEWER),
                  Actor(None, "某", Role.TOWNSHIP_APPROVER, factories.XIAOER)):  # fmt: skip
        with pytest.raises(Refused):
            moves.accept(d.session, row, actor, d.now, FIGURES)
    with pytest.raises(Stale):
        moves.accept(d.session, row, RECEIVER, d.now, FIGURES, version=row.row_version + 1)
    moves.accept(d.session, row, RECEIVER, d.now, FIGURES)
    with pytest.raises(Refused, match="report_answered"):
        moves.accept(d.session, row, RECEIVER, d.now, FIGURES)


def test_a_proposal_turned_down_leaves_the_family_where_it_is_and_tells_its_township_why(d):
    row = propose(d)
    with pytest.raises(Refused, match="words_missing"):
        moves.refuse(d.session, row, " ", RECEIVER, d.now)
    moves.refuse(d.session, row, "住址不实", RECEIVER, d.now)
    officer = d.actor(Role.TOWNSHIP_OFFICER)
    assert codes(d) == {(factories.XUNCHANG, factories.VILLAGE)} and tasks(d, RECEIVER) == []
    assert tasks(d, officer) == [Need.AWAIT] and (row.state, row.reason) == (ReportState.REFUSED, "住址不实")
    moves.withdraw(d.session, row, officer, d.now)
    assert tasks(d, officer) == [] and row.state is ReportState.REFUSED
    assert propose(d).state is ReportState.OPEN


def test_a_proposal_can_be_taken_back_while_nobody_answered(d):
    row = propose(d)
    moves.withdraw(d.session, row, d.actor(Role.TOWNSHIP_OFFICER), d.now)
    assert row.state is ReportState.WITHDRAWN and tasks(d, RECEIVER) == []
    with pytest.raises(Refused, match="report_answered"):
        moves.accept(d.session, row, RECEIVER, d.now, FIGURES)


@pytest.mark.parametrize(("given", "code"), [
    ({"village": factories.VILLAGE}, "moves_within_township"), ({"village": "999"}, "village_missing"),
    ({"address": " "}, "address_missing"), ({"words": ""}, "event_words_missing"),
    ({"on": START.date() + timedelta(days=60)}, "day_in_future"), ({"actor": RECEIVER}, "not_in_your_division"),
])  # fmt: skip
def test_a_proposal_says_where_to_and_why(d, given, code):
    with pytest.raises(Refused, match=code):
        propose(d, **given)


def test_a_family_is_proposed_once(d):
    propose(d)
    with pytest.raises(Refused, match="move_proposed_before"):
        propose(d)


def test_a_worker_of_the_old_village_sees_the_family_no_more(d):
    moves.accept(d.session, propose(d), RECEIVER, d.now, FIGURES)
    worker = d.actor(Role.VILLAGE_WORKER)
    rows = {model for model in {type(row) for row in rows_of(d.session, d.home)}
            if d.session.scalars(scoped(select(model), model, worker)).first() is not None}  # fmt: skip
    assert rows == set()
