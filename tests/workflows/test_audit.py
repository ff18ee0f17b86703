"""Everything that changes leaves an entry in its own transaction."""

import json
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from models import (
    Asset,
    AuditEntry,
    Benefit,
    Event,
    Finding,
    Household,
    HouseholdCause,
    IncomeLine,
    OwedPaper,
    User,
    Visit,
    VisitChange,
    Visitor,
)
from models.base import WriteInReading, reading
from policy.vocabulary import AssetKind, Cause, Change, IncomeKind, Paper, Role, VisitKind
from tests import factories
from tests.at_once import at_once
from tests.clock import START
from tests.factories import VILLAGE, XUNCHANG
from workflows import audit
from workflows.actor import SYSTEM, Actor

SUPERVISOR = Actor(None, "周主管", Role.SUPERVISOR, factories.COUNTY, "web")
LATER = START + timedelta(hours=1)


@pytest.fixture
def home(request: pytest.FixtureRequest) -> Household:
    """A family of two, whose making is already told; on both engines where the test asks for ``session_any``."""
    session = request.getfixturevalue("session_any" if "session_any" in request.fixturenames else "session")
    factories.places(session)
    row: Household = factories.household(session, members=2, account="9999066552341547558")
    session.commit()
    audit.attribute(session, SUPERVISOR, LATER, "来电更正")
    return row


def entries(session: Session, **where: Any) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).filter_by(**where).order_by(AuditEntry.position)))


def latest(session: Session) -> AuditEntry:
    return entries(session)[-1]


# --- what an entry says ----------------------------------------------------------------------------------------------


def test_a_change_says_who_when_why_and_what_it_changed(session_any: Session, home: Household) -> None:
    home.address = "新村1号"
    session_any.commit()
    told = latest(session_any)
    assert (told.actor_name, told.actor_role, told.channel, told.at) == ("周主管", "supervisor", "web", LATER)
    assert (told.action, told.table_name, told.row_id, told.reason) == ("update", "household", str(home.id), "来电更正")
    assert (told.household_id, told.township_code, told.village_code) == (home.id, XUNCHANG, VILLAGE)
    assert told.before is not None and list(told.before) == ["address"]
    assert told.after == {"address": "新村1号"}


def test_what_did_not_change_leaves_no_entry(session: Session, home: Household) -> None:
    before = len(entries(session))
    home.address = str(home.address)
    session.commit()
    assert len(entries(session)) == before


def test_the_old_value_is_told_even_of_a_row_that_was_not_loaded(session: Session, home: Household) -> None:
    home.note = "旧"
    session.commit()
    session.expire_all()
    home.note = "新"
    session.commit()
    assert (latest(session).before, latest(session).after) == ({"note": "旧"}, {"note": "新"})


def test_one_act_on_one_row_is_one_entry_however_often_it_is_flushed(session: Session, home: Household) -> None:
    before = len(entries(session))
    old = home.note, home.address
    home.note = "一"
    session.flush()
    home.note, home.address = "二", "三号"
    session.flush()
    home.bank = "甲"
    session.flush()
    home.bank = None
    session.commit()
    (told,) = entries(session)[before:]
    assert told.before == {"note": old[0], "address": old[1]}
    assert told.after == {"note": "二", "address": "三号"}


def test_what_one_act_changes_and_changes_back_leaves_no_entry(session: Session, home: Household) -> None:
    before, old = len(entries(session)), home.note
    home.note = "一"
    session.flush()
    home.note = old
    session.commit()
    assert len(entries(session)) == before


def test_two_acts_on_one_row_are_two_entries(session: Session, home: Household) -> None:
    home.note = "一"
    audit.attribute(session, SYSTEM, LATER, "到期")
    home.note = "二"
    session.commit()
    one, two = entries(session)[-2:]
    assert (one.actor_name, one.after, one.reason) == ("周主管", {"note": "一"}, "来电更正")
    assert (two.actor_name, two.after, two.reason) == ("system", {"note": "二"}, "到期")


def test_a_new_row_is_told_whole_and_a_removed_one_as_it_stood(session_any: Session, home: Household) -> None:
    asset = Asset(household_id=home.id, kind=AssetKind.VEHICLE, quantity=1, value_fen=50)
    home.assets.append(asset)
    session_any.commit()
    whole = {"id": asset.id, "household_id": home.id, "kind": "vehicle", "quantity": 1, "value_fen": 50, "note": ""}
    made = latest(session_any)
    assert (made.action, made.before, made.after) == ("insert", None, whole)
    with session_any.no_autoflush:
        asset.note = "改过"
        home.assets.remove(asset)
    session_any.commit()
    gone = latest(session_any)
    assert (gone.action, gone.before, gone.after) == ("delete", whole, None)


def test_dates_and_words_are_told_as_text(session: Session, home: Household) -> None:
    home.members[1].joined_on = date(2021, 2, 3)
    session.commit()
    assert latest(session).after == {"joined_on": "2021-02-03"}


def test_numbers_are_told_masked_and_no_key_or_hash_is(session: Session, home: Household) -> None:
    person = home.members[0]
    number, person.id_no = person.id_no, factories.id_number(person.birth)
    home.phone, home.account, home.note = "13912345678", None, f"原号 {number}。"
    user = factories.user(session, Role.SUPERVISOR)
    user.totp = "SEED"
    session.commit()
    told = json.dumps([[e.before, e.after] for e in entries(session)], ensure_ascii=False)
    assert "**************" + number[-4:] in told and "**************" + person.id_no[-4:] in told
    assert '"phone": "139****5678"' in told and '"account": "***************7558"' in told
    assert f'"note": "原号 **************{number[-4:]}。"' in told
    hidden = [number, person.id_no, number[:6], "13912345678", "9999066552341547558", "SEED"]
    assert not [text for text in [*hidden, "sealed", "hash", "row_key"] if text in told]


def test_an_id_number_in_a_reason_is_masked(session: Session, home: Household) -> None:
    number = home.members[0].id_no
    audit.attribute(session, SUPERVISOR, LATER, f"{number} 查重")
    home.note = "改"
    session.commit()
    assert latest(session).reason == f"**************{number[-4:]} 查重"


def test_all_rows_of_a_family_or_case_are_found_by_it(session_any: Session, home: Household) -> None:
    start = len(entries(session_any))
    case, person = factories.benefit(session_any, home), home.members[0]
    codes = {"township_code": XUNCHANG, "village_code": VILLAGE}
    paper = OwedPaper(benefit=case, paper=Paper.DIAGNOSIS, told_on=START.date(), **codes)
    visit = Visit(household=home, benefit=case, kind=VisitKind.SURVEY, done_on=START.date(), **codes)
    visit.visitors, visit.changes = [Visitor(name="王五")], [VisitChange(change=Change.INCOME)]
    person.income = [IncomeLine(kind=IncomeKind.WAGE, year_fen=100)]
    home.causes = [HouseholdCause(cause=Cause.ILLNESS)]
    finding = Finding(benefit_id=case.id, at=START, facts={"secret": 1}, result={}, monthly_fen=5)
    session_any.add_all([paper, visit, finding])
    session_any.commit()
    told = {e.table_name: e for e in entries(session_any)[start:]}
    of_case = {"benefit", "owed_paper", "visit", "visitor", "visit_change", "finding"}
    assert set(told) == of_case | {"income_line", "household_cause"}
    assert {e.household_id for e in told.values()} == {home.id}
    assert {e.township_code for e in told.values()} == {XUNCHANG}
    assert {name for name, e in told.items() if e.benefit_id == case.id} == of_case
    assert told["visit_change"].row_id == f"{visit.id}/income"
    assert told["finding"].after is not None and "facts" not in told["finding"].after


def test_looking_or_leaving_is_recorded_without_a_change(session: Session, home: Household) -> None:
    audit.record(session, SUPERVISOR, LATER, "reveal", home.members[0], reason="发卡", after={"field": "id_no"})
    audit.record(session, SUPERVISOR, LATER, "export", table="household", after={"rows": 7})
    session.commit()
    look, out = entries(session)[-2:]
    assert (look.action, look.table_name, look.row_id) == ("reveal", "member", str(home.members[0].id))
    assert (look.household_id, look.village_code, look.after) == (home.id, VILLAGE, {"field": "id_no"})
    assert (out.action, out.table_name, out.row_id, out.after) == ("export", "household", None, {"rows": 7})


def test_a_login_leaves_no_entry_of_its_bookkeeping(session: Session) -> None:
    factories.places(session)
    user = factories.user(session, Role.SUPERVISOR)
    session.commit()
    before = len(entries(session))
    user.failed, user.last_login_at = 1, LATER
    session.commit()
    assert len(entries(session)) == before


def test_events_are_history_themselves_and_leave_no_second_copy(session: Session, home: Household) -> None:
    factories.benefit(session, home)
    session.commit()
    assert session.scalars(select(Event)).all() and session.scalars(select(Benefit)).all()
    assert entries(session, table_name="event") == []


def test_a_table_of_another_database_may_have_the_name_of_one_that_is_watched() -> None:
    class Elsewhere(DeclarativeBase):
        pass

    class Home(Elsewhere):
        __tablename__ = "household"
        id: Mapped[int] = mapped_column(primary_key=True)
        address: Mapped[str]

    engine = create_engine("sqlite://")
    Elsewhere.metadata.create_all(engine)
    with Session(engine) as other:
        other.add(Home(id=1, address="一"))
        other.commit()
        other.get_one(Home, 1).address = "二"
        other.commit()
        other.delete(other.get_one(Home, 1))
        other.commit()


def test_an_account_is_told_without_its_password(session: Session) -> None:
    factories.places(session)
    user = factories.user(session, Role.SUPERVISOR)
    session.commit()
    (told,) = entries(session, table_name=User.__tablename__)
    assert told.after is not None and told.after["login"] == user.login
    assert not [name for name in told.after if "password_hash" in name or "totp_s" in name or "recovery" in name]


# --- in the same transaction, or not at all --------------------------------------------------------------------------


def test_a_change_without_a_name_is_refused(session_any: Session) -> None:
    factories.places(session_any)
    home = factories.household(session_any)
    session_any.commit()
    home.note = "谁改的"
    with pytest.raises(audit.Unattributed, match="household"):
        session_any.commit()
    session_any.rollback()
    assert home.note == ""


def test_what_is_rolled_back_is_not_told(session: Session, home: Household) -> None:
    before = len(entries(session))
    home.note = "一"
    session.flush()
    session.rollback()
    home.address = "二号"
    session.commit()
    assert [entry.after for entry in entries(session)[before:]] == [{"address": "二号"}]


def test_what_a_savepoint_takes_back_is_not_told(session_any: Session, home: Household) -> None:
    home.note = "一"
    with session_any.begin_nested():
        home.address = "留下"
    with pytest.raises(KeyError), session_any.begin_nested():
        home.note = "二"
        session_any.flush()
        raise KeyError
    session_any.commit()
    told = latest(session_any).after
    assert told == {"note": "一", "address": "留下"} == {"note": home.note, "address": home.address}


def test_a_session_closed_in_the_middle_leaves_nothing_for_the_next_use(session: Session, home: Household) -> None:
    home_id, before = home.id, len(entries(session))
    home.note = "一"
    session.flush()
    session.close()
    session.get_one(Household, home_id).address = "二号"
    session.commit()
    assert [entry.after for entry in entries(session)[before:]] == [{"address": "二号"}]


def test_when_the_entry_cannot_be_written_the_change_is_not_either(engine: Engine, session: Session) -> None:
    factories.places(session)
    home = factories.household(session)
    session.commit()
    audit.attribute(session, SYSTEM, START)
    full = "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    session.execute(text(f"CREATE TRIGGER no_room BEFORE INSERT ON audit_entry {full}"))
    session.commit()
    home.note = "改"
    with pytest.raises(Exception, match="disk full"):
        session.commit()
    session.rollback()
    assert home.note == ""


def test_the_entries_are_the_last_statements_before_the_commit(session_any: Session, home: Household) -> None:
    said: list[str] = []
    bind = session_any.get_bind()
    event.listen(bind, "before_cursor_execute", lambda c, cur, sql, *rest: said.append(sql.split("\n")[0][:24]))
    event.listen(bind, "commit", lambda c: said.append("COMMIT"))
    home.note = "改"
    session_any.commit()
    assert said[-2:] == ["INSERT INTO audit_entry ", "COMMIT"]


def test_a_reading_request_records_nothing(session: Session) -> None:
    with reading(), pytest.raises(WriteInReading):
        audit.record(session, SUPERVISOR, START, "reveal")


def test_many_writers_at_once_make_one_chain_without_a_gap(engine_any: Engine) -> None:
    with Session(engine_any) as session:
        factories.places(session)
        homes = [factories.household(session).id for _ in range(4)]
        session.commit()
        before = len(entries(session))
    together = Barrier(len(homes))

    def work(home: int) -> None:
        with Session(engine_any) as session:
            audit.attribute(session, SYSTEM, START)
            together.wait()
            for turn in range(5):
                session.get_one(Household, home).note = str(turn)
                session.commit()

    at_once(work, homes)
    with Session(engine_any) as session:
        assert audit.verify(session) == audit.Verdict(before + 20)
