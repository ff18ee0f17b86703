"""What is called up by one decision while it waits for another, or was adjusted itself; and what the history says."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models import AuditEntry, Benefit, ChildParent, Event
from policy.vocabulary import Action, ParentKind, Role, Scheme, Stage
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.recalculating import HIGHER, NOW, SHIPPED
from tests.workflows.test_called_up_many import DUE, Raised, roster, with_all
from tests.workflows.test_recalculation_schemes import CHILD, GONE, figure
from workflows import audit, casework
from workflows.actor import SYSTEM
from workflows.calculating import calculate
from workflows.facts import Given
from workflows.takeover import take_over_many

S = Scheme
MORE = figure("orphan.amount.home", "2000")


class Twice(Raised):
    """A county in which a child's money is adjusted too."""

    def counted(self, family: int) -> int:
        """The case of a child of the family of a case, whose money can be calculated."""
        child = self.child(family)

        def tell(session: Session) -> None:
            case = session.get_one(Benefit, child)
            assert case.member is not None
            case.member.birth = CHILD
            session.add_all(
                ChildParent(member_id=case.member_id, kind=kind, state=state, since=date(2020, 1, 1))
                for kind, state in zip(ParentKind, GONE[S.UNSUPPORTED_CHILD], strict=True)
            )
            session.flush()
            session.expire_all()
            calculate(session, session.get_one(Benefit, child), self.people[Role.TOWNSHIP_OFFICER], NOW, SHIPPED)

        self.write(tell)
        return child

    def beside(self, case: int, whose: int = -1) -> int:
        """The living subsidy of somebody of the family of a case."""
        living = self.child(case, scheme=S.LIVING_SUBSIDY)

        def give(session: Session) -> None:
            row = session.get_one(Benefit, living)
            row.member = row.household.members[whose]

        self.write(give)
        return living

    def decided(self, case: int, to: Stage = Stage.ACTIVE, fen: int = 9_000) -> None:
        """Something is decided of a case that is paid 100 元."""
        self.write(lambda s: s.add(self._event(s.get_one(Benefit, case), to, fen)))

    def _event(self, case: Benefit, to: Stage, fen: int) -> Event:
        return Event(
            benefit=case, action=Action.CUT, from_stage=Stage.ACTIVE, to_stage=to, at=NOW, actor_name="某", data={},
            monthly_before_fen=10_000, monthly_after_fen=fen, township_code=case.township_code,
            village_code=case.village_code,
        )  # fmt: skip


@pytest.fixture
def twice(engine_any: Engine) -> Twice:
    return Twice(engine_any)


@pytest.mark.parametrize(
    ("whose", "to", "fen", "due"),
    [
        (-1, Stage.ACTIVE, 9_000, NOW.date()),
        (-1, Stage.EXITED, 10_000, NOW.date()),
        (0, Stage.ACTIVE, 9_000, DUE),
        (-1, Stage.ACTIVE, 10_000, DUE),
        (-1, Stage.SUSPENDED, 10_000, DUE),
    ],
)
def test_what_waits_for_another_decision_too_stays_due_when_the_adjustment_is_undone(
    twice: Twice, whose: int, to: Stage, fen: int, due: date
) -> None:
    child, plain = twice.child(twice.family(100, 730)), twice.child(twice.family(100, 730))
    living = twice.beside(child, whose)
    id = twice.done(HIGHER)
    twice.decided(living, to, fen)
    twice.undo(id)
    assert (twice.due(child), twice.due(plain)) == (due, DUE)


def test_what_was_decided_before_the_adjustment_keeps_nobody_due(twice: Twice) -> None:
    child = twice.child(twice.family(100, 730))
    twice.decided(twice.beside(child))
    twice.undo(twice.done(HIGHER))
    assert twice.due(child) == DUE


# --- the child's money is adjusted, and called up by another adjustment -----------------------------------------------


def test_an_adjustment_of_the_child_s_money_is_undone_though_it_was_called_up_since(twice: Twice) -> None:
    child = twice.counted(twice.family(100, 730))
    first = twice.preview(MORE, scheme=S.UNSUPPORTED_CHILD)
    twice.apply(first, MORE)
    assert twice.amount(child) > 10_000 and twice.due(child) == DUE
    twice.done(HIGHER)
    twice.undo(first)
    assert twice.rows(first) == {child: ("up", "undone")}
    assert (twice.amount(child), twice.due(child)) == (10_000, NOW.date())


def test_it_is_undone_after_the_one_that_called_it_up_too(twice: Twice) -> None:
    child = twice.counted(twice.family(100, 730))
    first = twice.preview(MORE, scheme=S.UNSUPPORTED_CHILD)
    twice.apply(first, MORE)
    twice.undo(twice.done(HIGHER))
    twice.undo(first)
    assert twice.rows(first) == {child: ("up", "undone")}
    assert (twice.amount(child), twice.due(child)) == (10_000, DUE)


def test_who_touched_it_beside_the_call_up_keeps_it_from_being_undone(twice: Twice) -> None:
    child = twice.counted(twice.family(100, 730))
    first = twice.preview(MORE, scheme=S.UNSUPPORTED_CHILD)
    twice.apply(first, MORE)
    twice.done(HIGHER)
    twice.write(lambda s: setattr(s.get_one(Benefit, child), "urgent", True))
    twice.undo(first)
    assert twice.rows(first) == {child: ("up", "touched")}


@pytest.mark.parametrize(("touch", "state"), [(False, "applied"), (True, "stale")])
def test_a_preview_of_the_child_s_money_holds_where_the_case_was_only_called_up(
    twice: Twice, touch: bool, state: str
) -> None:
    child = twice.counted(twice.family(100, 730))
    first = twice.preview(MORE, scheme=S.UNSUPPORTED_CHILD)
    twice.undo(twice.done(HIGHER))
    if touch:
        twice.write(lambda s: setattr(s.get_one(Benefit, child), "urgent", True))
    twice.apply(first, MORE)
    assert twice.rows(first) == {child: ("up", state)}
    if not touch:
        twice.undo(first)
        assert twice.rows(first) == {child: ("up", "undone")} and twice.amount(child) == 10_000


def test_a_single_decision_that_calls_it_up_leaves_its_adjustment_to_be_undone(twice: Twice) -> None:
    child = twice.counted(twice.family(None, 730, stage=Stage.ACTIVE))
    first = twice.preview(MORE, scheme=S.UNSUPPORTED_CHILD)
    twice.apply(first, MORE)

    def call(session: Session) -> None:
        casework.take(session, session.get_one(Benefit, child), Action.PLAN_REVIEW, SYSTEM, Given("本户"), NOW, FIGURES)

    twice.write(call)
    twice.undo(first)
    assert twice.rows(first) == {child: ("up", "undone")} and twice.due(child) == NOW.date()


# --- the history ------------------------------------------------------------------------------------------------------


def told(session: Session) -> list[tuple[Any, ...]]:
    """Who did what for which reason, of entries on cases that were called up or put back, and what they add."""
    rows = session.scalars(select(AuditEntry).where(AuditEntry.action.in_(("plan", "unplan"))).order_by(AuditEntry.id))
    more = ("recalculation", "batch")
    return [
        (row.action, row.actor_id, row.actor_name, row.reason, {k: v for k, v in row.after.items() if k in more})
        for row in rows
        if row.table_name == "benefit"
    ]


def test_both_histories_say_that_the_system_called_up_and_put_back(twice: Twice) -> None:
    child = twice.child(twice.family(100, 730))
    id = twice.done(HIGHER)
    twice.undo(id, words="文件撤回")
    of = {"recalculation": id}
    assert twice.read(told) == [
        ("plan", SYSTEM.id, SYSTEM.name, "珙民发〔2026〕3号", of), ("unplan", SYSTEM.id, SYSTEM.name, "文件撤回", of),
    ]  # fmt: skip
    steps = select(Event.actor_name).where(Event.benefit_id == child, Event.action == Action.PLAN_REVIEW)
    assert twice.read(lambda s: s.scalars(steps).all()) == [SYSTEM.name] * 2
    assert twice.read(audit.verify).first_bad is None


def test_that_an_adjustment_was_undone_is_told_with_the_words_of_that_and_by_whoever_did_it(twice: Twice) -> None:
    twice.child(twice.family(100, 730))
    id = twice.done(HIGHER)
    twice.undo(id, words="文件撤回")
    query = select(AuditEntry).where(AuditEntry.table_name == "recalculation", AuditEntry.row_id == str(id))
    last = twice.read(lambda s: s.scalars(query.order_by(AuditEntry.id.desc())).first())
    assert (last.after["state"], last.reason) == ("undone", "文件撤回")
    assert last.actor_id == twice.people[Role.COUNTY_APPROVER].id


def test_what_is_done_after_a_roster_called_up_is_done_by_the_reviewer(session: Session) -> None:
    d = Driver(session)
    home, reviewer = with_all(session), d.actor(Role.COUNTY_REVIEWER)
    take_over_many(session, [roster(home)], reviewer, d.now, FIGURES, "花名册")
    home.phone = "13900000000"
    session.commit()
    assert [row[1:4] for row in told(session)] == [(SYSTEM.id, SYSTEM.name, "花名册")]
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None and (last.table_name, last.actor_name) == ("household", reviewer.name)
