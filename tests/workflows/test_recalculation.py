"""A recalculation of the county carried out: what is written, by whom, what a kill or a change meanwhile leaves."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Benefit, DeskSummary, Event, Job, Recalculation, User
from policy.vocabulary import Action, RiseCause, Role, Stage
from tests import factories
from tests.workflows.recalculating import HIGHER, LOWER, MONTH, NOW, OVER_LINE, SHIPPED, County, standard
from tests.workflows.refusals import refused
from workflows import audit, recalculation_writing
from workflows.recalculation_apply import begin_apply, drop
from workflows.recalculation_staging import begin, figures_mark


def test_a_confirmed_batch_writes_a_finding_and_an_event_for_each_family(county: County) -> None:
    case, same = county.family(100, 730), county.family(100, 1300)
    id = county.preview(HIGHER)
    assert (county.batch(id).state, county.amount(case)) == ("staged", 730_00)
    county.apply(id, HIGHER)
    batch = county.batch(id)
    assert (batch.state, batch.undo_until, county.amount(case)) == ("applied", date(2026, 4, 9), 1300_00)
    assert county.history(case) == [("recalculate", 730_00, 1300_00)] and county.history(same) == []
    [stored] = county.findings(case)
    assert stored.result["monthly"] == "1300.00" and stored.facts["on"] == "2026-04-01" and stored.names
    told = county.read(lambda s: s.scalars(select(Event).where(Event.action == Action.RECALCULATE)).one())
    assert told.data == {"recalculation": id, "from_month": "2026-04-01", "outcome": "up"}
    assert (told.finding_id, told.actor_role, told.opinion) == (stored.id, Role.COUNTY_APPROVER, "珙民发〔2026〕3号")
    assert county.read(audit.verify).first_bad is None
    desk = county.read(lambda s: s.get(DeskSummary, (factories.VILLAGE, "stage:dibao:active", date(1, 1, 1))))
    assert (desk.n, desk.amount_fen) == (2, 2600_00)


def test_nobody_over_the_line_is_cut_but_falls_due_for_a_recheck(county: County) -> None:
    case = county.family(OVER_LINE, 400, review_due_on=date(2026, 9, 1), rise_cause=RiseCause.WORK)
    id = county.preview(LOWER)
    county.apply(id, LOWER)
    row = county.read(lambda s: s.get_one(Benefit, case))
    assert (row.monthly_fen, row.stage, row.review_due_on) == (400_00, Stage.ACTIVE, NOW.date())
    assert county.history(case) == [("recalculate", 400_00, 400_00)]
    assert [stored.result["outcome"] for stored in county.findings(case)] == ["grace"]
    county.undo(id)
    assert county.read(lambda s: s.get_one(Benefit, case).review_due_on) == date(2026, 9, 1)


def test_families_without_facts_are_left_alone(county: County) -> None:
    case = county.family(None, 400)
    id = county.preview(LOWER)
    county.family(100, 400)
    county.apply(id, LOWER)
    assert (county.amount(case), county.history(case), county.findings(case)) == (400_00, [], [])


def test_what_changed_since_the_preview_is_left_and_shown_again(county: County) -> None:
    touched, richer, plain = (county.family(100, 730) for _ in range(3))
    id = county.preview(HIGHER)
    county.write(lambda s: setattr(s.get_one(Benefit, touched), "urgent", True))
    county.write(lambda s: s.get_one(Benefit, richer).household.members[0].income[0].__setattr__("year_fen", 6000_00))
    county.apply(id, HIGHER)
    assert county.rows(id) == {touched: ("up", "stale"), richer: ("up", "stale"), plain: ("up", "applied")}
    assert [county.amount(case) for case in (touched, richer, plain)] == [730_00, 730_00, 1300_00]
    assert county.batch(id).counts["states"] == {"stale": 2, "applied": 1}
    again = county.rows(county.preview(HIGHER))
    assert again == {touched: ("up", "staged"), richer: ("up", "staged")}


def test_a_killed_run_goes_on_where_it_stopped(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recalculation_writing, "CHUNK", 2)
    cases = [county.family(100, 730) for _ in range(5)]
    id = county.preview(HIGHER)
    some, calls = recalculation_writing._apply_some, []

    def killed(*args: object) -> None:
        calls.append(1)
        if len(calls) == 2:
            some(*args)
            raise KeyboardInterrupt
        some(*args)

    monkeypatch.setattr(recalculation_writing, "_apply_some", killed)
    with pytest.raises(KeyboardInterrupt):
        county.apply(id, HIGHER)
    assert sorted(state for _, state in county.rows(id).values()) == ["applied"] * 2 + ["staged"] * 3
    assert county.work(HIGHER) == 0, "somebody may still be at it"
    county.now += timedelta(minutes=3)
    assert county.work(HIGHER) == 1
    assert [county.history(case) for case in cases] == [[("recalculate", 730_00, 1300_00)]] * 5
    assert county.batch(id).state == "applied" and county.read(audit.verify).first_bad is None


def test_working_twice_on_a_batch_writes_nothing_twice(county: County) -> None:
    case = county.family(100, 730)
    id = county.preview(HIGHER)
    county.apply(id, HIGHER)
    county.write(lambda s: s.execute(update(Job).values(state="waiting")))
    county.work(HIGHER)
    assert county.history(case) == [("recalculate", 730_00, 1300_00)]


def test_other_figures_than_those_of_the_preview_are_refused(county: County) -> None:
    county.family(100, 730)
    id = county.preview(HIGHER)
    assert refused(county.apply, id, standard("701")) == ["figures_changed"]
    county.apply(id, HIGHER.with_rows([
        {"key": "notice.days", "place": "22", "unit": "days", "value": 9, "from": MONTH, "cite": "外省"}
    ]))  # fmt: skip
    assert county.batch(id).state == "applied", "a figure of another province changes nothing here"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COUNTY_APPROVER, Role.SUPERVISOR}))
def test_only_the_county_approver_and_the_supervisor_carry_out(county: County, role: Role) -> None:
    county.family(100, 730)
    id = county.preview(HIGHER)
    assert refused(county.apply, id, HIGHER, role) == refused(county.undo, id, role) == ["not_your_recalculation"]


@pytest.mark.parametrize("role", [Role.TOWNSHIP_APPROVER, Role.AUDITOR, Role.VILLAGE_WORKER])
def test_a_preview_is_laid_aside_only_by_who_may_make_one(county: County, role: Role) -> None:
    county.family(100, 730)
    id = county.preview(HIGHER)
    with Session(county.engine) as session:
        assert refused(drop, session, id, county.people[role], NOW) == ["not_your_recalculation"]
    assert county.batch(id).state == "staged"


def test_whoever_lost_the_role_meanwhile_changes_nothing(county: County) -> None:
    case = county.family(100, 730)
    id = county.preview(HIGHER)
    with Session(county.engine) as session:
        begin_apply(session, id, county.people[Role.COUNTY_APPROVER], NOW, HIGHER)
        audit.attribute(session, county.people[Role.SUPERVISOR], NOW)
        session.get_one(User, county.people[Role.COUNTY_APPROVER].id).role = Role.AUDITOR
        session.commit()
    county.work(HIGHER)
    assert (county.amount(case), county.rows(id)) == (730_00, {case: ("up", "refused")})


@pytest.mark.parametrize(
    ("month", "lawful"),
    [(date(2026, 2, 1), False), (date(2026, 3, 1), True), (date(2027, 3, 1), True), (date(2027, 4, 1), False)],
)
def test_a_preview_is_for_this_month_or_the_twelve_to_come(county: County, month: date, lawful: bool) -> None:
    def ask(session: Session) -> Recalculation:
        return begin(session, county.people[Role.COUNTY_APPROVER], NOW, scope="", month=month, title="文件")

    if lawful:
        assert county.read(ask).on == month
    else:
        assert refused(county.read, ask) == ["recalculation_month"]


@pytest.mark.parametrize("scope", ["511527", "51", "511526100201", "511599100", "nowhere"])
def test_a_preview_is_of_the_county_or_one_of_its_townships(county: County, scope: str) -> None:
    assert refused(county.preview, HIGHER, scope=scope) == ["not_your_recalculation"]


@pytest.mark.parametrize(("today", "lawful"), [(date(2026, 10, 31), False), (date(2026, 11, 1), True)])
def test_a_batch_is_confirmed_from_the_month_before_its_own(county: County, today: date, lawful: bool) -> None:
    def confirm(session: Session) -> str:
        batch = Recalculation(
            kind="adjust", state="staged", on=date(2026, 12, 1), division_code="511526", title="文件",
            figures_mark=figures_mark(SHIPPED, "511526"), created_at=NOW,
            user_id=county.people[Role.COUNTY_APPROVER].id,
        )  # fmt: skip
        audit.attribute(session, county.people[Role.COUNTY_APPROVER], NOW)
        session.add(batch)
        session.flush()
        at = datetime.combine(today, NOW.time())
        return begin_apply(session, batch.id, county.people[Role.COUNTY_APPROVER], at, SHIPPED).state

    if lawful:
        assert county.read(confirm) == "applying"
    else:
        assert refused(county.read, confirm) == ["recalculation_early"]
