"""The desk's counts are kept while things change, and equal what counting anew would give."""

from contextlib import suppress
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from models import Benefit, DeskSummary, Event, Household, Member, OwedPaper, Visit
from models.desk import NO_DATE
from policy.vocabulary import Action, LeaveReason, Paper, Role, Scheme, Stage, VisitKind
from tests import factories
from tests.at_once import at_once
from tests.clock import START
from workflows import audit, case_guard, desk
from workflows.actor import SYSTEM, Actor
from workflows.desk import Count

TODAY = START.date()
VILLAGES = [factories.VILLAGE, "511526100202", factories.OTHER_VILLAGE]
DAYS = st.sampled_from([None, TODAY - timedelta(1), TODAY, TODAY + timedelta(3), TODAY + timedelta(40)])
COUNTY = Actor(9, "陈审核", Role.COUNTY_REVIEWER, factories.COUNTY)
TOWNSHIP = Actor(9, "王经办", Role.TOWNSHIP_OFFICER, factories.XUNCHANG)
VILLAGE = Actor(9, "李协理", Role.VILLAGE_WORKER, factories.VILLAGE)
ELSEWHERE = Actor(9, "赵经办", Role.TOWNSHIP_OFFICER, factories.XIAOER)
WHERE = (COUNTY, TOWNSHIP, ELSEWHERE)
ADMIN = Actor(9, "系统", Role.SYSTEM_ADMIN, factories.COUNTY)

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["family", "person", "case", "visit", "paper", "move"]),
        st.integers(0, 5),
        st.sampled_from(VILLAGES),
        st.sampled_from([Stage.REVIEW, Stage.NOTICE, Stage.ACTIVE, Stage.GRACE, Stage.EXITED]),
        DAYS,
        DAYS,
        st.sampled_from(["commit", "flush", "rollback", "savepoint", "savepoint undone"]),
    ),
    max_size=12,
)


@pytest.fixture
def county(session_any: Session) -> Session:
    factories.places(session_any)
    audit.attribute(session_any, SYSTEM, START)
    for village in VILLAGES:
        family(session_any, village)
    session_any.commit()
    return session_any


def session_with_places(session: Session) -> Session:
    factories.places(session)
    return session


def family(session: Session, village: str = factories.VILLAGE, **case: Any) -> Benefit:
    """A family of two with a case, a visit due today and a paper owed."""
    home = factories.household(session, village, members=2)
    benefit = factories.benefit(session, home, monthly_fen=40000, **case)
    codes = {"township_code": village[:9], "village_code": village}
    visit = Visit(household=home, benefit=benefit, kind=VisitKind.QUARTERLY, due_on=TODAY, **codes)
    paper = OwedPaper(benefit=benefit, paper=Paper.DIAGNOSIS, told_on=TODAY, due_on=TODAY, **codes)
    factories.keep(session, visit, paper)
    return benefit


def move(session: Session, benefit: Benefit, **values: Any) -> None:
    """Change what only a step of the case may change, with its event."""
    with case_guard.taking(session, benefit):
        for name, value in values.items():
            setattr(benefit, name, value)
        told = Event(benefit=benefit, action=Action.TAKE_OVER, to_stage=benefit.stage, at=START, actor_name="测试",
                     village_code=benefit.village_code, township_code=benefit.township_code)  # fmt: skip
        session.add(told)
        session.flush()


def summary(session: Session) -> set[tuple[Any, ...]]:
    names = ("township_code", "village_code", "kind", "due_on", "n", "persons", "amount_fen")
    return set(map(tuple, session.execute(select(*(getattr(DeskSummary, name) for name in names)))))


def counted_anew(session: Session) -> set[tuple[Any, ...]]:
    desk.recount(session)
    session.commit()
    return summary(session)


Day = date | None


def change(session: Session, what: str, n: int, village: str, stage: Stage, day: Day, other: Day) -> None:
    def pick(model: type[Any]) -> Any:
        rows = session.scalars(select(model).order_by(model.id)).all()
        return rows[n % len(rows)]

    if what == "family":
        family(session, village)
    elif what == "person":
        row, back = pick(Member), n % 2
        row.left_on, row.leave_reason = (None, None) if back else (TODAY, LeaveReason.MOVE)
        row.household.persons, row.household.dissolved_on = n, None if back else TODAY
    elif what == "case":
        role = Role.TOWNSHIP_OFFICER if n % 2 else None
        move(session, pick(Benefit), stage=stage, waiting_role=role, step_due_on=day, review_due_on=other,
             notice_until=day, grace_until=other, monthly_fen=n * 100, persons=n + 1)  # fmt: skip
    elif what == "visit":
        row = pick(Visit)
        row.due_on, row.done_on = other, day or (None if other else TODAY)
    elif what == "paper":
        row = pick(OwedPaper)
        row.due_on, row.filed_on = other, TODAY if n % 2 else None
    else:
        for row in (visit := pick(Visit)), visit.household, visit.benefit:
            row.village_code, row.township_code = village, village[:9]
    session.flush()


@settings(max_examples=25)
@given(steps=STEPS)
def test_counts_kept_by_every_change_equal_those_counted_anew(county: Session, steps: list[tuple[Any, ...]]) -> None:
    for *step, end in steps:
        if end.startswith("savepoint"):
            with suppress(KeyError), county.begin_nested():
                change(county, *step)
                if end == "savepoint undone":
                    raise KeyError
        else:
            change(county, *step)
        if end == "rollback":
            county.rollback()
        elif end != "flush":
            county.commit()
    county.commit()
    kept = summary(county)
    assert kept == counted_anew(county)


def test_a_case_counts_by_stage_and_by_what_is_due(session: Session) -> None:
    home = factories.household(session_with_places(session), members=3)
    case = factories.benefit(session, home, Stage.ACTIVE, monthly_fen=90000, review_due_on=TODAY)
    assert desk.contributions(case) == [("stage:dibao:active", NO_DATE, 1, 3, 90000), ("review", TODAY, 1, 0, 0)]
    case.stage, case.waiting_role, case.step_due_on = Stage.NOTICE, Role.TOWNSHIP_OFFICER, TODAY
    case.notice_until = TODAY + timedelta(7)
    assert desk.contributions(case) == [
        ("stage:dibao:notice", NO_DATE, 1, 3, 90000),
        ("waiting:township_officer", TODAY, 1, 0, 0),
        ("notice", TODAY + timedelta(7), 1, 0, 0),
    ]
    session.expunge(case)


def test_what_is_over_counts_no_more(session: Session) -> None:
    session_with_places(session)
    benefit = family(session)
    (visit,), (paper,) = session.scalars(select(Visit)).all(), session.scalars(select(OwedPaper)).all()
    person, home = benefit.household.members[0], benefit.household
    for row in (visit, paper, person, home):
        assert len(desk.contributions(row)) == 1
    visit.done_on = paper.filed_on = person.left_on = home.dissolved_on = TODAY
    for row in (visit, paper, person, home):
        assert desk.contributions(row) == []
    session.rollback()


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-1, Count(total=1, overdue=1)),
        (0, Count(total=1, today=1)),
        (1, Count(total=1, week=1)),
        (7, Count(total=1, week=1)),
        (8, Count(total=1, later=1)),
        (None, Count(total=1)),
    ],
)
def test_what_is_due_is_told_by_day(session_any: Session, days: int | None, expected: Count) -> None:
    due = None if days is None else TODAY + timedelta(days)
    family(session_with_places(session_any), waiting_role=Role.TOWNSHIP_OFFICER, step_due_on=due)
    session_any.commit()
    kind = "waiting:township_officer"
    assert desk.counts(session_any, COUNTY, [kind], TODAY) == {kind: expected}


@pytest.mark.parametrize(("actor", "total"), [(COUNTY, 3), (TOWNSHIP, 2), (VILLAGE, 1), (ADMIN, 0), (SYSTEM, 3)])
def test_everybody_counts_what_lies_under_them(county: Session, actor: Actor, total: int) -> None:
    found = desk.counts(county, actor, ["visit", "stage:dibao:active"], TODAY)
    assert found["visit"].total == found["visit"].today == total
    assert found["stage:dibao:active"] == Count(total=total, persons=2 * total, amount_fen=40000 * total)


def test_a_kind_that_ends_in_a_colon_stands_for_all_under_it(county: Session) -> None:
    move(county, county.scalars(select(Benefit)).first(), stage=Stage.GRACE)  # type: ignore[arg-type]
    county.commit()
    found = desk.counts(county, COUNTY, ["stage:", "notice"], TODAY)
    assert {kind: count.total for kind, count in found.items()} == {
        "stage:dibao:active": 2, "stage:dibao:grace": 1, "notice": 0,
    }  # fmt: skip


def test_all_counts_of_a_desk_are_one_statement(county: Session) -> None:
    statements: list[str] = []
    event.listen(county.get_bind(), "before_cursor_execute", lambda c, cur, sql, *rest: statements.append(sql))
    desk.counts(county, TOWNSHIP, ["visit", "paper", "review", "stage:"], TODAY)
    assert len([sql for sql in statements if sql.startswith("SELECT")]) == 1


def test_counts_that_were_lost_come_back_with_the_next_change(county: Session) -> None:
    county.execute(update(DeskSummary).values(n=0))
    county.commit()
    move(county, county.scalars(select(Benefit).order_by(Benefit.id)).first(), stage=Stage.GRACE)  # type: ignore[arg-type]
    county.commit()
    assert desk.counts(county, TOWNSHIP, ["stage:"], TODAY)["stage:dibao:grace"].total == 1
    township = {row for row in summary(county) if row[0] == factories.XUNCHANG}
    assert township == {row for row in counted_anew(county) if row[0] == factories.XUNCHANG}


def test_one_township_is_counted_anew_without_touching_the_others(county: Session) -> None:
    county.execute(update(DeskSummary).values(n=DeskSummary.n + 5))
    desk.recount(county, [factories.XIAOER])
    county.commit()
    totals = {who.division_code: desk.counts(county, who, ["visit"], TODAY)["visit"].total for who in WHERE}
    assert totals == {factories.XIAOER: 1, factories.XUNCHANG: 2 + 5, factories.COUNTY: 1 + 2 + 5}


def test_counting_anew_in_the_transaction_of_a_change_counts_it_once(county: Session) -> None:
    family(county)
    desk.recount(county)
    family(county)
    county.commit()
    assert desk.counts(county, COUNTY, ["household", "member"], TODAY) == {
        "household": Count(total=5, persons=10), "member": Count(total=10),
    }  # fmt: skip


def test_days_long_past_leave_no_empty_rows(county: Session) -> None:
    for visit in county.scalars(select(Visit)):
        visit.done_on = TODAY
    county.commit()
    assert not [row for row in summary(county) if row[2] == "visit"]


def test_people_at_work_in_the_same_village_lose_no_count(engine_any: Engine) -> None:
    with Session(engine_any) as session:
        factories.places(session)
        ids = [family(session).id for _ in range(4)]
        session.commit()
    together = Barrier(4)

    def visit(benefit_id: int) -> None:
        with Session(engine_any) as session:
            audit.attribute(session, SYSTEM, START)
            together.wait()
            row = session.scalars(select(Visit).where(Visit.benefit_id == benefit_id)).one()
            row.due_on = TODAY + timedelta(1)
            session.commit()

    at_once(visit, ids)
    with Session(engine_any) as session:
        assert desk.counts(session, COUNTY, ["visit"], TODAY) == {"visit": Count(total=4, week=4)}


def test_schemes_are_counted_apart(session: Session) -> None:
    session_with_places(session)
    family(session)
    home = session.scalars(select(Household)).one()
    factories.benefit(session, home, scheme=Scheme.TEMPORARY, persons=2)
    session.commit()
    assert set(desk.counts(session, COUNTY, ["stage:"], TODAY)) == {"stage:dibao:active", "stage:temporary:active"}
