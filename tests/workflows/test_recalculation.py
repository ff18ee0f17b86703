"""A county calculated anew: what is previewed, what is carried out, what a kill or a change meanwhile leaves."""

from collections import deque
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from models import Benefit, DeskSummary, Event, Finding, Job, Recalculation, User
from policy.figures import Figures, MissingFigure
from policy.vocabulary import Action, RiseCause, Role, Stage
from tests import factories
from tests.workflows.recalculating import MONTH, NOW, SHIPPED, County, standard
from workflows import audit, jobs, recalculation_writing, reckoning
from workflows.reason import Reason, Refused
from workflows.recalculation import preview
from workflows.recalculation_apply import begin_apply, drop, undo_until
from workflows.recalculation_staging import begin, figures_mark
from workflows.reckoning_helper import DEAD, WORKING, Helper
from workflows.tallies import Plan

HIGHER, LOWER = standard("700"), standard("100")
OVER_LINE = 250  # 元 a month for two people: under the line of today, over a line of 100


@pytest.fixture
def county(engine_any: Engine) -> County:
    return County(engine_any)


def look(county: County, figures: Figures, **more: object):
    return county.read(lambda session: preview(session, figures, MONTH, **more))


def codes(refused: Refused) -> set[str]:
    return {reason.code for reason in refused.reasons}


# --- preview ----------------------------------------------------------------------------------------------------------


def test_families_are_told_apart_by_what_the_new_figures_make_of_them(county: County) -> None:
    up, same = county.family(100, 730), county.family(100, 1300)
    down = county.family(0, 1500, village=factories.OTHER_VILLAGE)
    found = look(county, HIGHER)
    assert {c.benefit_id: (c.outcome, c.before_fen, c.after_fen) for c in found.changes} == {
        up: ("up", 730_00, 1300_00), down: ("down", 1500_00, 1400_00),
    }  # fmt: skip
    assert same not in {c.benefit_id for c in found.changes}
    total = found.total
    assert (total.families, total.people, total.up, total.down, total.same) == (3, 6, 1, 1, 1)
    assert (total.before_fen, total.after_fen) == (3530_00, 4000_00)
    assert {code: tally.families for code, tally in found.townships.items()} == {"511526100": 2, "511526101": 1}


@pytest.mark.parametrize(("income", "outcome"), [(199, "down"), (200, "over"), (201, "over")])
def test_a_family_at_the_line_is_over_it_and_keeps_its_amount(county: County, income: int, outcome: str) -> None:
    county.family(income, 400)
    [change] = look(county, LOWER).changes
    assert change.outcome == outcome
    assert change.after_fen == (400_00 if outcome == "over" else 200_00 - income * 100)


def test_a_roster_without_income_is_told_apart_until_a_decision_rests_on_a_calculation(county: County) -> None:
    case = county.family(None, 400)
    assert [c.outcome for c in look(county, LOWER).changes] == ["incomplete"]
    stored = Finding(benefit_id=case, at=NOW, facts={}, result={}, monthly_fen=400_00)
    county.write(lambda session: session.add(stored))
    assert [c.outcome for c in look(county, LOWER).changes] == ["incomplete"]

    def decide(session: Session) -> None:
        found = session.scalars(select(Finding.id).where(Finding.benefit_id == case)).one()
        decided = decision(case, {})
        decided.finding_id = found
        session.add(decided)

    county.write(decide)
    assert [c.outcome for c in look(county, LOWER).changes] == ["down"]


def test_grace_and_a_decision_on_the_single_case_keep_their_amount(county: County) -> None:
    county.family(100, 500, stage=Stage.GRACE)
    singly = county.family(100, 500)
    county.write(lambda session: session.add(decision(singly, {"special_decision": {"reason": "重病"}})))
    assert sorted(c.outcome for c in look(county, HIGHER).changes) == ["grace", "special"]
    county.write(lambda session: session.add(decision(singly, {})))
    assert sorted(c.outcome for c in look(county, HIGHER).changes) == ["grace", "up"]


def decision(case: int, data: dict) -> Event:
    return Event(
        benefit_id=case, action=Action.RAISE, to_stage=Stage.ACTIVE, at=NOW, actor_name="测试", data=data,
        township_code=factories.VILLAGE[:9], village_code=factories.VILLAGE,
    )  # fmt: skip


def test_what_is_not_paid_is_not_counted(county: County) -> None:
    for stage in (Stage.SUSPENDED, Stage.EXITED, Stage.APPROVAL, Stage.REFUSED):
        county.family(100, 500, stage=stage)
    assert look(county, HIGHER).total.families == 0


def test_a_township_is_looked_at_alone(county: County) -> None:
    county.family(100, 730)
    far = county.family(100, 730, village=factories.OTHER_VILLAGE)
    assert [c.benefit_id for c in look(county, HIGHER, scope="511526101").changes] == [far]


def test_beside_figures_of_before_only_the_effect_of_the_new_ones_is_seen(county: County) -> None:
    county.family(100, 999)
    [change] = look(county, HIGHER, before=SHIPPED).changes
    assert (change.before_fen, change.after_fen) == (730_00, 1300_00)
    assert look(county, SHIPPED, before=SHIPPED).changes == []


def test_a_family_over_the_line_before_and_after_is_no_effect_of_the_new_figures(county: County) -> None:
    county.family(900, 400)
    assert look(county, standard("450"), before=SHIPPED).total.same == 1
    assert look(county, HIGHER, before=SHIPPED).total.back == 1


def test_trial_values_win_and_classes_are_counted_by_their_people(county: County) -> None:
    case = county.family(100, 730)
    county.write(lambda s: s.execute(select(Benefit)).scalars().one().household.members[0].__setattr__(
        "birth", date(1950, 1, 1)))  # fmt: skip
    found = look(county, SHIPPED, overrides={"dibao.standard": "700"})
    assert [(c.benefit_id, c.after_fen) for c in found.changes] == [(case, 1300_00)]
    assert (found.classes["elderly"].families, found.classes["elderly"].people) == (1, 2)


# --- two processes ----------------------------------------------------------------------------------------------------


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reckoning, "SLICE", 2)
    monkeypatch.setattr(reckoning, "WORTH_A_PROCESS", 2)
    monkeypatch.setattr(reckoning.os, "cpu_count", lambda: 2)


def test_two_processes_find_what_one_finds(county: County, small_slices: None) -> None:
    for income in range(9):
        county.family(income * 50, 500, village=(factories.VILLAGE, factories.OTHER_VILLAGE)[income % 2])
    seen: list[tuple[int, int]] = []
    one = look(county, HIGHER, processes=1)
    two = look(county, HIGHER, processes=2, progress=lambda done, of: seen.append((done, of)))
    assert (two.total, two.townships, two.changes) == (one.total, one.townships, one.changes)
    assert seen[-1] == (9, 9)


def test_a_figure_missing_in_the_second_process_is_named(county: County, small_slices: None) -> None:
    for _ in range(8):
        county.family(0, 500)
    with pytest.raises(MissingFigure):
        look(county, Figures.of([]), processes=2)


class Dying:
    """A helper that takes two slices, answers none, and is killed."""

    def __init__(self) -> None:
        self.given = 0

    def give(self, part: object) -> bool:
        self.given += 1
        return self.given <= 2

    def take(self, wait: bool) -> object:
        return DEAD if wait else WORKING


def test_what_a_dead_helper_left_is_done_here(county: County) -> None:
    ids = [county.family(100, 500) for _ in range(7)]
    desk = reckoning.Desk(MONTH, [Plan(HIGHER)], None)
    slices = deque(ids[n : n + 2] for n in range(0, 7, 2))
    parts = county.read(lambda session: list(reckoning._with_help(session, slices, desk, Dying())))
    assert sorted(c.benefit_id for [part], _ in parts for c in part.changes) == ids


def test_a_helper_killed_at_work_costs_no_family(county: County, small_slices: None, monkeypatch) -> None:
    ids = [county.family(100, 500) for _ in range(9)]
    give = Helper.give

    def killing(self: Helper, what: object) -> bool:
        given = give(self, what)
        if isinstance(what, list):
            self.process.kill()
        return given

    monkeypatch.setattr(Helper, "give", killing)
    assert sorted(c.benefit_id for c in look(county, HIGHER).changes) == ids


# --- carried out ------------------------------------------------------------------------------------------------------


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
    with pytest.raises(Refused) as refused:
        county.apply(id, standard("701"))
    assert codes(refused.value) == {"figures_changed"}
    county.apply(id, HIGHER.with_rows([
        {"key": "notice.days", "place": "22", "unit": "days", "value": 9, "from": MONTH, "cite": "外省"}
    ]))  # fmt: skip
    assert county.batch(id).state == "applied", "a figure of another province changes nothing here"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COUNTY_APPROVER, Role.SUPERVISOR}))
def test_only_the_county_approver_and_the_supervisor_carry_out(county: County, role: Role) -> None:
    county.family(100, 730)
    id = county.preview(HIGHER)
    for step in (lambda: county.apply(id, HIGHER, role), lambda: county.undo(id, role)):
        with pytest.raises(Refused) as refused:
            step()
        assert codes(refused.value) == {"not_your_recalculation"}


@pytest.mark.parametrize("role", [Role.TOWNSHIP_APPROVER, Role.AUDITOR, Role.VILLAGE_WORKER])
def test_a_preview_is_laid_aside_only_by_who_may_make_one(county: County, role: Role) -> None:
    county.family(100, 730)
    id = county.preview(HIGHER)
    with Session(county.engine) as session, pytest.raises(Refused) as refused:
        drop(session, id, county.people[role], NOW)
    assert codes(refused.value) == {"not_your_recalculation"} and county.batch(id).state == "staged"


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
        with pytest.raises(Refused) as refused:
            county.read(ask)
        assert codes(refused.value) == {"recalculation_month"}


@pytest.mark.parametrize("scope", ["511527", "51", "511526100201", "511599100", "nowhere"])
def test_a_preview_is_of_the_county_or_one_of_its_townships(county: County, scope: str) -> None:
    with pytest.raises(Refused) as refused:
        county.preview(HIGHER, scope=scope)
    assert codes(refused.value) == {"not_your_recalculation"}


# --- undone -----------------------------------------------------------------------------------------------------------


def test_undoing_brings_the_amounts_of_before_and_leaves_both_steps_in_the_history(county: County) -> None:
    case = county.family(100, 730)
    id = county.preview(HIGHER)
    county.apply(id, HIGHER)
    county.undo(id)
    assert (county.batch(id).state, county.amount(case)) == ("undone", 730_00)
    assert county.history(case) == [("recalculate", 730_00, 1300_00), ("undo_recalculation", 1300_00, 730_00)]
    assert len(county.findings(case)) == 1 and county.read(audit.verify).first_bad is None
    again = county.preview(HIGHER)
    county.apply(again, HIGHER)
    assert county.amount(case) == 1300_00


def test_a_case_touched_since_is_not_undone(county: County) -> None:
    touched, plain = county.family(100, 730), county.family(100, 730)
    id = county.preview(HIGHER)
    county.apply(id, HIGHER)
    county.write(lambda s: setattr(s.get_one(Benefit, touched), "urgent", True))
    county.undo(id)
    assert county.rows(id) == {touched: ("up", "touched"), plain: ("up", "undone")}
    assert (county.amount(touched), county.amount(plain)) == (1300_00, 730_00)


@pytest.mark.parametrize(("day", "lawful"), [(8, True), (9, True), (10, False)])
def test_a_batch_can_be_undone_until_the_day_before_its_first_payment(county: County, day: int, lawful: bool) -> None:
    county.family(100, 730)
    id = county.preview(HIGHER)
    county.apply(id, HIGHER)
    county.now = datetime(2026, 4, day, 9)
    if lawful:
        county.undo(id)
        assert county.batch(id).state == "undone"
    else:
        with pytest.raises(Refused) as refused:
            county.undo(id)
        assert codes(refused.value) == {"recalculation_paid"}


def test_undoing_takes_a_reason_and_is_done_once(county: County) -> None:
    county.family(100, 730)
    id = county.preview(HIGHER)
    county.apply(id, HIGHER)
    with pytest.raises(Refused) as refused:
        county.undo(id, words=" ")
    assert codes(refused.value) == {"reason_missing"}
    county.undo(id)
    with pytest.raises(Refused) as refused:
        county.undo(id)
    assert codes(refused.value) == {"recalculation_state"}


@pytest.mark.parametrize(
    ("on", "month", "last"),
    [
        (date(2026, 3, 2), date(2026, 4, 1), date(2026, 4, 9)),
        (date(2026, 3, 9), date(2026, 3, 1), date(2026, 3, 9)),
        (date(2026, 3, 10), date(2026, 3, 1), date(2026, 4, 9)),
        (date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 9)),
    ],
)
def test_the_first_payment_is_the_pay_day_of_the_month_or_the_next_to_come(on: date, month: date, last: date) -> None:
    assert undo_until(SHIPPED, "511526", on, month) == last


# --- jobs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "taken"), [(119, False), (120, False), (121, True)])
def test_a_job_nobody_was_heard_of_for_two_minutes_is_taken_again(engine: Engine, seconds: int, taken: bool) -> None:
    with Session(engine) as session:
        session.add(Job(kind="x", arguments={}, state="running", created_at=NOW, beat_at=NOW))
        session.commit()
    done: list[str] = []
    later = NOW + timedelta(seconds=seconds)
    jobs.work(engine, {"x": lambda work, arguments: done.append("x")}, lambda: SHIPPED, lambda: later)
    assert done == (["x"] if taken else [])


def test_a_job_that_fails_says_why_and_does_not_stop_the_others(engine: Engine) -> None:
    with Session(engine) as session:
        session.add_all([Job(kind=kind, arguments={}, created_at=NOW) for kind in ("bad", "good")])
        session.commit()
    done: list[str] = []

    def fail(work: jobs.Work, arguments: dict) -> None:
        raise MissingFigure("dibao.standard", "511526", MONTH)

    kinds = {"bad": fail, "good": lambda work, arguments: done.append("good")}
    assert jobs.work(engine, kinds, lambda: SHIPPED, lambda: NOW) == 1
    with Session(engine) as session:
        told = session.execute(select(Job.kind, Job.state, Job.message).order_by(Job.id)).all()
    assert [(kind, state) for kind, state, _ in told] == [("bad", "failed"), ("good", "done")] and done == ["good"]
    assert jobs.why(told[0].message) == Reason("figure_missing", key="dibao.standard")
    assert jobs.why("disk full") == "disk full" and jobs.why(None) == ""


def test_a_job_that_fails_repeats_no_data_of_the_rows_it_worked_on(engine: Engine, caplog) -> None:
    with Session(engine) as session:
        session.add(Job(kind="bad", arguments={}, created_at=NOW))
        session.commit()

    name = "".join(["张", "三丰"])  # so that no line of the code that the log quotes holds it

    def fail(work: jobs.Work, arguments: dict) -> None:
        with work.engine.begin() as connection:
            connection.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": name})

    jobs.work(engine, {"bad": fail}, lambda: SHIPPED, lambda: NOW)
    with Session(engine) as session:
        told = session.scalars(select(Job.message)).one()
    assert told == "OperationalError" and "test_recalculation.py" in caplog.text
    assert name not in caplog.text


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
        with pytest.raises(Refused) as refused:
            county.read(confirm)
        assert codes(refused.value) == {"recalculation_early"}
