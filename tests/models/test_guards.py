"""What the database itself refuses, on both engines."""

from datetime import date, datetime

import pytest
from sqlalchemy import Integer, delete, inspect, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from models import AuditEntry, Benefit, Event, Finding, Household, IncomeLine, Member
from models.benefit import ONE_OPEN_CASE
from policy.vocabulary import IncomeKind, LeaveReason, Relation, Scheme, Stage, Unit
from tests import factories
from tests.clock import START
from tests.databases import opened

D = date


@pytest.fixture
def home(session_any: Session) -> Household:
    return factories.household(session_any, members=2)


def _again(session: Session, person: Member, joined: date, left: date | None = None, **fields: object) -> Member:
    """The same person in another household."""
    other = factories.household(session, members=0)
    reason = LeaveReason.MOVE if left else None
    values = {"id_no": person.id_no, "joined_on": joined, "left_on": left, "leave_reason": reason, **fields}
    return factories.member(session, other, **values)


def test_two_people_present_cannot_have_one_id_number(session_any, home):
    with pytest.raises(IntegrityError):
        factories.member(session_any, home, id_no=home.members[0].id_no)


def test_a_household_has_one_living_head(session_any, home):
    with pytest.raises(IntegrityError):
        factories.member(session_any, home, relation=Relation.HEAD)


def test_a_new_head_may_follow_one_who_left(session_any, home):
    factories.leave(session_any, home.members[0], D(2021, 5, 1), LeaveReason.DEATH)
    assert factories.member(session_any, home, relation=Relation.HEAD).present


@pytest.mark.parametrize(
    ("joined", "left", "lawful"),
    [
        (D(2021, 4, 30), None, False),
        (D(2021, 5, 1), None, True),
        (D(2021, 5, 2), None, True),
        (D(2019, 1, 1), D(2019, 12, 31), True),
        (D(2019, 1, 1), D(2020, 1, 1), True),
        (D(2019, 1, 1), D(2020, 1, 2), False),
        (D(2020, 6, 1), D(2020, 7, 1), False),
        (D(2019, 1, 1), None, False),
    ],
)
def test_stays_of_one_person_do_not_overlap(session_any, home, joined, left, lawful):
    person = factories.leave(session_any, home.members[1], D(2021, 5, 1))
    if lawful:
        assert _again(session_any, person, joined, left).id
    else:
        with pytest.raises(IntegrityError, match="stays overlap"):
            _again(session_any, person, joined, left)


def test_a_stay_cannot_be_stretched_over_another(session_any, home):
    person = factories.leave(session_any, home.members[1], D(2021, 5, 1))
    _again(session_any, person, D(2021, 5, 1))
    with pytest.raises(IntegrityError, match="stays overlap"):
        factories.leave(session_any, person, D(2021, 5, 2))


def test_a_stay_entered_by_mistake_does_not_count(session_any, home):
    person = factories.leave(session_any, home.members[1], D(2021, 5, 1), LeaveReason.CORRECTION)
    assert _again(session_any, person, D(2020, 6, 1)).id


def test_a_mistake_cannot_be_turned_back_into_an_overlapping_stay(session_any, home):
    person = factories.leave(session_any, home.members[1], D(2021, 5, 1), LeaveReason.CORRECTION)
    _again(session_any, person, D(2020, 6, 1))
    with pytest.raises(IntegrityError, match="stays overlap"):
        factories.leave(session_any, person, D(2021, 5, 1), LeaveReason.MOVE)


def _set_amount(session: Session, home: Household, amount: str) -> None:
    factories.keep(session, IncomeLine(member_id=home.members[0].id, kind=IncomeKind.WAGE, year_fen=100))
    session.connection().execute(text(f"UPDATE income_line SET year_fen = {amount}"))


@pytest.mark.parametrize("amount", ["'much'", "-1"])
def test_an_amount_is_a_number_of_fen_and_not_negative(session_any, home, amount):
    with pytest.raises(DatabaseError):
        _set_amount(session_any, home, amount)


@pytest.mark.parametrize("amount", ["12.5", "9e999"])
def test_sqlite_which_would_take_anything_takes_whole_fen_alone(session, amount):
    with pytest.raises(IntegrityError, match="year_fen_whole"):
        _set_amount(session, factories.household(session), amount)


def test_every_amount_is_kept_in_a_whole_number_type(engine_any):
    kept = {
        (table, column["name"]): column["type"]
        for table in inspect(engine_any).get_table_names()
        for column in inspect(engine_any).get_columns(table)
        if column["name"].endswith("_fen")
    }
    assert len(kept) > 5
    assert {key for key, kind in kept.items() if not isinstance(kind, Integer)} == set()


@pytest.mark.parametrize("scheme", [Scheme.TEKUN, Scheme.DIBAO])
@pytest.mark.parametrize("ended", [None, Stage.REFUSED, Stage.WITHDRAWN, Stage.EXITED])
def test_a_person_has_one_open_case_of_tekun_or_dibao_of_their_own_and_a_couple_one_each(
    session_any, home, ended, scheme
):
    own = {"scheme": scheme, "unit": Unit.SINGLE, "persons": 1}
    first, spouse = home.members
    factories.benefit(session_any, home, member=first, **own, **({"stage": ended} if ended else {}))
    factories.benefit(session_any, home, member=spouse, **own)
    if ended:
        assert factories.benefit(session_any, home, member=first, **own).member_id == first.id
        return
    with pytest.raises(IntegrityError) as refused:
        factories.benefit(session_any, home, member=first, **own)
    assert any(name in str(refused.value.orig) for name in ONE_OPEN_CASE)


@pytest.mark.parametrize(
    "columns",
    [
        {"left_on": D(2019, 12, 31), "leave_reason": LeaveReason.MOVE},
        {"birth": D(2020, 1, 2)},
        {"left_on": D(2021, 1, 1)},
    ],
)
def test_dates_of_a_member_are_in_order_and_a_leaving_has_its_reason(session_any, home, columns):
    with pytest.raises(IntegrityError):
        session_any.connection().execute(update(Member).where(Member.household_id == home.id).values(columns))


def _history(session: Session, home: Household) -> dict[str, object]:
    case = factories.benefit(session, home)
    factories.keep(session, Finding(benefit_id=case.id, at=START, facts={}, result={}))
    session.commit()  # which writes the entries of the audit
    return {"benefit": Benefit, "event": Event, "finding": Finding, "audit_entry": AuditEntry}


@pytest.mark.parametrize("table", ["audit_entry", "event", "finding"])
def test_history_is_not_changed(session_any, home, table):
    rows = _history(session_any, home)[table]
    with pytest.raises(IntegrityError, match="allows no UPDATE"):
        session_any.connection().execute(update(rows).values(at=datetime(2030, 1, 1)))


@pytest.mark.parametrize("table", ["audit_entry", "event", "finding"])
def test_history_is_not_deleted(session_any, home, table):
    rows = _history(session_any, home)[table]
    with pytest.raises(IntegrityError, match="allows no DELETE"):
        session_any.connection().execute(delete(rows))


@pytest.mark.parametrize("rows", [Benefit, Household, Member])
def test_families_and_cases_are_never_deleted(session_any, home, rows):
    _history(session_any, home)
    with pytest.raises(IntegrityError, match="allows no DELETE"):
        session_any.connection().execute(delete(rows))


@pytest.mark.postgres
def test_postgres_does_not_empty_a_history_either(migrated_postgres_url):
    refused = pytest.raises(IntegrityError, match="allows no TRUNCATE")
    with opened(migrated_postgres_url) as engine, Session(engine) as session, refused:
        session.execute(text("TRUNCATE audit_entry"))
