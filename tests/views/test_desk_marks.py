"""Each table that desks read is watched: what another program writes is seen at the next look, by its trigger alone."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models import Base, Crosscheck, Event, HouseholdReport, HouseholdTask, Lead, OwedPaper, Visit
from models.guards import NEVER_DELETED, UNCHANGEABLE
from models.written import on_sqlite
from policy.vocabulary import Action, Happening, Need, Paper, Relation, Role, Scheme, Source, Stage, VisitKind
from tests import factories
from tests.views import samples
from tests.views.desks import Desks
from tests.workflows.driver import START, Driver
from views import case_queue, desk
from views.db import db

V, T = Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER
PLACE = {"township_code": factories.XUNCHANG, "village_code": factories.VILLAGE}
THERE = {"township_code": factories.XIAOER, "village_code": factories.OTHER_VILLAGE}
CODES = f"'{factories.XUNCHANG}', '{factories.XUNCHANG}'"
DAY = START.date()


def family(session: Session) -> None:
    """A case in review that was surveyed, its bank asked; a visit due, a lead, a letter to issue and one issued."""
    d = Driver(session, persons=1).to_review().do(Action.RECORD_SURVEY)
    factories.keep(
        session, Crosscheck(benefit_id=d.case.id, source=Source.BANK, asked_on=DAY, **PLACE),
        Visit(household=d.home, kind=VisitKind.QUARTERLY, due_on=DAY, **PLACE),
        Lead(name="王五", why="found", state="open", created_at=START, **PLACE),
        *(Event(benefit=d.case, action=Action.CONFIRM, from_stage=Stage.REVIEW, to_stage=Stage.REVIEW,
                at=START + timedelta(n), actor_name="测试", **PLACE) for n in (1, 2)),
    )  # fmt: skip
    samples._issued(session, d.home, d.case)


def put_aside(session: Session) -> None:
    """The same, the letter to issue having been set aside."""
    family(session)
    session.execute(text(ASIDE))


def owing(session: Session) -> None:
    """A case that was applied for and owes a paper."""
    d = Driver(session, persons=1).apply()
    factories.keep(session, OwedPaper(benefit=d.case, paper=Paper.DIAGNOSIS, told_on=DAY, due_on=DAY, **PLACE))


def child(session: Session, gone: bool = False) -> Any:
    """A child's own case in review."""
    d = Driver(session, persons=2)
    one = factories.member(session, d.home, relation=Relation.GRANDCHILD, birth=date(2016, 1, 1))
    d.apply(Scheme.ORPHAN, member=one).do(Action.ACCEPT)
    if gone:
        factories.leave(session, one, DAY)
    return d.home, one


def gone(session: Session) -> None:
    """The same, the child having left."""
    child(session, gone=True)


def away(session: Session) -> HouseholdTask:
    """The same, the child having left for a family elsewhere, which has not entered it yet."""
    home, one = child(session, gone=True)
    told = {"happened_on": DAY, "proposed_at": START, "proposed_by": "王", "from_code": factories.XUNCHANG}
    report = HouseholdReport(household_id=home.id, kind=Happening.LEFT, to_code=factories.XIAOER, content="{}",
                             member_id=one.id, **told, **THERE)  # fmt: skip
    factories.keep(session, report)
    task = HouseholdTask(household_id=home.id, report_id=report.id, need=Need.ENTER, since=DAY, **THERE)
    return factories.keep(session, task)


def not_awaited(session: Session) -> None:
    """The same, the other family having given up."""
    away(session).done_on = DAY


def copied(table: str, **changed: str) -> str:
    """A row like the last one of a table, but for some columns."""
    names = [column.name for column in Base.metadata.tables[table].columns if column.name != "id"]
    into, told = ", ".join(map(_quoted, names)), ", ".join(changed.get(name, _quoted(name)) for name in names)
    return f"INSERT INTO {table} ({into}) SELECT {told} FROM {table} ORDER BY id DESC LIMIT 1"


def _quoted(name: str) -> str:
    return f'"{name}"'


MANY = "kind = 'waiting:township_officer'"
GOES = f"UPDATE member SET left_on = '{DAY}', leave_reason = 'move' WHERE birth = '2016-01-01'"
COMES = copied(
    "member", joined_on=f"'{DAY}'", left_on="NULL", leave_reason="NULL", row_key="'k'",
    township_code=f"'{factories.XIAOER}'", village_code=f"'{factories.OTHER_VILLAGE}'",
)  # fmt: skip
ASIDE = (
    "INSERT INTO set_aside_paper (key, kind, benefit_id, event_id, why, at, actor_name, township_code, village_code)"
    " SELECT 'k', 'notice', benefit_id, max(id), '当面交付', at, '测试', township_code, village_code FROM event"
)
MOVED = "UPDATE benefit SET came_from = township_code, township_code = :town, village_code = :village"
CHANGES: dict[str, tuple[Any, Role, str]] = {
    "guard_desk_desk_summary_insert": (family, T, (
        f"INSERT INTO desk_summary (township_code, village_code, kind, due_on, n, persons, amount_fen)"
        f" VALUES ({CODES}, 'watch', '2026-03-02', 3, 0, 0)")),
    "guard_desk_desk_summary_update": (family, T, f"UPDATE desk_summary SET n = n + 5 WHERE {MANY}"),
    "guard_desk_desk_summary_delete": (family, T, f"DELETE FROM desk_summary WHERE {MANY}"),
    "guard_desk_benefit_insert": (family, T, copied("benefit", case_no="'x'", scheme="'edge'")),
    "guard_desk_benefit_update": (family, T, "UPDATE benefit SET persons = 7"),
    "guard_desk_event_insert": (family, T, copied("event")),
    "guard_desk_issued_paper_insert": (family, T, copied("issued_paper", row_key="'k'", key="'k'", serial="99",
                                       event_id="(SELECT max(id) FROM event)")),
    "guard_desk_set_aside_paper_insert": (family, T, ASIDE),
    "guard_desk_set_aside_paper_update": (
        put_aside, T, "UPDATE set_aside_paper SET event_id = (SELECT min(id) FROM event)"),
    "guard_desk_set_aside_paper_delete": (put_aside, T, "DELETE FROM set_aside_paper"),
    "guard_desk_household_update": (family, T, "UPDATE household SET head_name = '张改名'"),
    "guard_desk_owed_paper_insert": (owing, T, copied("owed_paper")),
    "guard_desk_owed_paper_update": (owing, T, f"UPDATE owed_paper SET filed_on = '{DAY}'"),
    "guard_desk_owed_paper_delete": (owing, T, "DELETE FROM owed_paper"),
    "guard_desk_crosscheck_insert": (family, T, copied("crosscheck", source="'tax'")),
    "guard_desk_crosscheck_update": (family, T, f"UPDATE crosscheck SET back_on = '{DAY}'"),
    "guard_desk_crosscheck_delete": (family, T, "DELETE FROM crosscheck"),
    "guard_desk_member_update": (child, T, GOES),
    "guard_desk_member_insert": (gone, T, COMES),
    "guard_desk_household_report_update": (away, T, "UPDATE household_report SET member_id = NULL"),
    "guard_desk_household_task_insert": (not_awaited, T, copied("household_task", done_on="NULL")),
    "guard_desk_household_task_update": (away, T, f"UPDATE household_task SET done_on = '{DAY}'"),
    "guard_desk_household_task_delete": (away, T, "DELETE FROM household_task"),
    "guard_desk_lead_insert": (family, T, copied("lead", row_key="'k'")),
    "guard_desk_lead_update": (family, T, "UPDATE lead SET state = 'closed', settled_at = created_at"),
    "guard_desk_lead_delete": (family, T, "DELETE FROM lead"),
    "guard_round_visit_insert": (family, V, copied("visit", kind="'follow_up'")),
    "guard_round_visit_update": (family, V, "UPDATE visit SET kind = 'recheck'"),
    "guard_round_visit_delete": (family, V, "DELETE FROM visit"),
    "guard_round_household_update": (family, V, "UPDATE household SET address = '七组7号'"),
}  # fmt: skip
UNSEEN = {"guard_desk_household_insert", "guard_round_household_insert", "guard_desk_household_report_insert",
          "guard_desk_household_report_delete"}  # fmt: skip
"""Nobody's desk can show a family without a case or a visit, nor a report without its task, which come after them."""
BESIDE = {"guard_moved_benefit_update"}
"""What changes a mark of a part, where another trigger changes that of the desk; with a test of its own."""


class Look:
    """The desk of a reader: how often it is worked out, the page, and all that the machine is told of its cases."""

    def __init__(self, app: Any, who: Role, patch: pytest.MonkeyPatch) -> None:
        self.desks, self.who, self.read = Desks(app), who, 0
        self.shown = ""
        self.told: list[str] = []
        pictures, reads = case_queue.pictured, desk._read

        def picture(*args: Any) -> Any:
            self.told.append(repr(args[1:5]))
            return pictures(*args)

        def read(*args: Any) -> Any:
            self.read += 1
            return reads(*args)

        patch.setattr(case_queue, "pictured", picture)
        patch.setattr(desk, "_read", read)

    def anew(self) -> tuple[str, list[str]]:
        """The page as it is worked out now, and what the machine was told."""
        self.told = []
        return self.desks.fresh(self.who), self.told

    def is_kept(self) -> bool:
        """Whether the page is shown as it was."""
        before = self.read
        self.shown = self.desks.page(self.who)
        return self.read == before


@pytest.mark.parametrize("watched", [True, False], ids=["watched", "unwatched"])
@pytest.mark.parametrize("name", CHANGES)
def test_what_is_written_by_hand_is_seen_at_the_next_look_because_of_its_trigger(app, monkeypatch, name, watched):
    begin, who, change = CHANGES[name]
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        begin(session)
        session.commit()
        look = Look(app, who, monkeypatch)
        before = look.anew()
        assert look.is_kept()
        connection = session.connection()
        if not watched:
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text(change))
        session.commit()
        assert look.is_kept() is not watched
        shown, now = look.shown, look.anew()
        assert now != before
        assert not watched or shown == now[0]  # no piece of it is an earlier one


def test_every_trigger_has_a_change_that_needs_it():
    names = {re.search(r"TRIGGER (\w+)", trigger)[1]: table for table, trigger in on_sqlite()}
    refused = {name for name, table in names.items() if (
        (table in UNCHANGEABLE and not name.endswith("insert")) or (table in NEVER_DELETED and name.endswith("delete"))
    )}  # fmt: skip
    assert set(names) - refused - set(CHANGES) - {"guard_place_division_insert"} == UNSEEN | BESIDE


def letters(desks: Desks) -> list[list[str]]:
    """How many letters each of two townships owes, as their desks say."""
    pages = (re.sub(r"<[^>]+>|\s", "", desks.page(who)) for who in (T, f"{T}_2"))
    return [re.findall(r"待出具文书(\d+)", page) for page in pages]


def move(session: Session) -> None:
    """The case goes to the other township with its family."""
    codes = {"town": factories.XIAOER, "village": factories.OTHER_VILLAGE}
    session.execute(text(MOVED), codes)
    session.commit()


@pytest.mark.parametrize("watched", [True, False], ids=["watched", "unwatched"])
def test_letters_are_counted_anew_on_both_desks_where_a_case_moves(app, watched):
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        family(session)
        session.commit()
        desks = Desks(app)
        before, none = letters(desks)
        assert before and not none
        if not watched:
            session.execute(text("DROP TRIGGER guard_moved_benefit_update"))
        move(session)
        assert (letters(desks) == [[], before]) is watched


@pytest.mark.parametrize("watched", [True, False], ids=["watched", "unwatched"])
def test_a_letter_set_aside_before_its_case_moved_is_owed_again_by_who_has_the_case_now(app, watched):
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        put_aside(session)
        move(session)
        desks = Desks(app)
        left = letters(desks)[1]
        if not watched:
            session.execute(text("DROP TRIGGER guard_desk_set_aside_paper_delete"))
        session.execute(text("DELETE FROM set_aside_paper"))
        session.commit()
        assert letters(desks) == [[], [str(int(left[0]) + 1)] if watched else left]
