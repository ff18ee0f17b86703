"""Families of a roster taken over in one go: as if each had been taken over by itself."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Benefit, Event, Household
from models.desk import DeskSummary
from policy.vocabulary import Action, Area, Role, Scheme, Stage
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from workflows import audit, casework
from workflows.facts import Given
from workflows.takeover import OnRoster, take_over_many

SAME = (
    "stage", "monthly_fen", "taken_over", "first_month", "pays_from", "review_class", "review_due_on", "waiting_role",
    "step_due_on", "unit", "persons", "area",
)  # fmt: skip


def on_roster(home: Household, fen: int = 38_000) -> OnRoster:
    place = home.township_code, home.village_code, Area.RURAL
    return OnRoster(home.id, *place, home.persons, fen, date(2019, 5, 1))


def test_a_family_taken_over_in_one_go_is_like_one_taken_over_by_itself(session_any: Session) -> None:
    case = Driver(session_any)
    reviewer = case.actor(Role.COUNTY_REVIEWER)
    given = Given("花名册", amount_fen=38_000, first_month=date(2019, 5, 1))
    one = casework.open_case(
        session_any, case.home, casework.Claim(Scheme.DIBAO), Action.TAKE_OVER, reviewer, given, case.now, FIGURES
    )  # fmt: skip
    homes = [factories.household(session_any, members=2) for _ in range(2)]
    rows = [on_roster(home) for home in homes]
    assert take_over_many(session_any, rows, reviewer, case.now, FIGURES, "花名册").refused == {}
    session_any.commit()
    cases = list(session_any.scalars(select(Benefit).where(Benefit.id != one.id).order_by(Benefit.id)))
    assert [[getattr(row, name) for name in SAME] for row in cases] == [[getattr(one, name) for name in SAME]] * 2
    assert [row.case_no for row in cases] == ["511526100-2026-00002", "511526100-2026-00003"]
    told = select(Event.action, Event.to_stage, Event.monthly_after_fen, Event.actor_id).order_by(Event.id)
    assert set(session_any.execute(told)) == {(Action.TAKE_OVER, Stage.ACTIVE, 38_000, reviewer.id)}
    active = session_any.get(DeskSummary, (factories.VILLAGE, "stage:dibao:active", date(1, 1, 1)))
    assert active is not None and (active.n, active.amount_fen) == (3, 114_000)
    assert audit.verify(session_any).first_bad is None
    entry = session_any.scalars(select(AuditEntry).where(AuditEntry.action == "bulk")).one()
    rows_told = [{"case_no": row.case_no, "monthly_fen": row.monthly_fen} for row in cases]
    assert entry.after == dict(zip(("rows", "digest"), audit.digest_of(rows_told), strict=True))


def test_a_family_with_an_open_case_or_elsewhere_is_refused_and_the_rest_taken(session: Session) -> None:
    case = Driver(session).apply()
    far = factories.household(session, factories.OTHER_VILLAGE)
    free = factories.household(session)
    rows = [on_roster(home) for home in (case.home, far, free)]
    refused = take_over_many(session, rows, case.actor(Role.TOWNSHIP_OFFICER), case.now, FIGURES, "花名册").refused
    assert {home: {reason.code for reason in reasons} for home, reasons in refused.items()} == {
        case.home.id: {"open_case"}, far.id: {"not_in_your_division"},
    }  # fmt: skip
    assert session.scalar(select(Benefit.household_id).where(Benefit.taken_over)) == free.id
