"""What a desk keeps of an earlier answer: nothing that anybody wrote since, and nothing of another reader."""

import re
import sqlite3
from copy import copy
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import session
from flask_wtf.csrf import validate_csrf
from sqlalchemy import event
from sqlalchemy.orm import Session

from models import Crosscheck, Event, OwedPaper
from models.base import reading
from policy.figures import Figures
from policy.vocabulary import Action, Paper, Role, Source, Stage
from tests import factories
from tests.clock import START
from tests.views.clerks import APPROVER, OFFICER, Clerks
from views import case_queue, desk
from views.case_queue import page_of
from views.context import figures
from views.db import db
from workflows import audit, sessions
from workflows.actor import SYSTEM, Actor
from workflows.evidence_many import whole

READ_AGAIN = 2
"""Statements of a desk that nobody has written to since: who asks, and at times the names of places."""
TODAY = START.date()
OFFICER_HERE = Actor(9, "王经办", Role.TOWNSHIP_OFFICER, factories.XUNCHANG)
WHERE = {"township_code": factories.XUNCHANG, "village_code": factories.VILLAGE}


def seen(clerks: Clerks, who: Role | str = OFFICER) -> str:
    answer = clerks.browser(who).get("/desk/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def waiting(page: str) -> int:
    return int(re.search(r'<a class="tile" href="/desk/queue"><span>.*?</span><b>(\d+)', page)[1])


@pytest.fixture
def asked(clerks: Clerks, app) -> Any:
    """Look at the desk of the officer; the statements that this took."""

    def look() -> list[str]:
        said: list[str] = []

        def note(connection, cursor, statement, *rest):
            if not statement.startswith("BEGIN"):
                said.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        seen(clerks)
        event.remove(engine, "before_cursor_execute", note)
        return said

    return look


# --- the whole answer -------------------------------------------------------------------------------------------------


def test_a_desk_is_not_read_again_as_long_as_nobody_writes(clerks, asked):
    clerks.apply()
    first, again = asked(), asked()
    assert len(again) <= READ_AGAIN < len(first)
    clerks.apply()
    assert len(asked()) > READ_AGAIN


def test_what_a_colleague_did_is_seen_at_the_next_look(clerks):
    clerks.apply()
    assert [waiting(seen(clerks)) for _ in range(2)] == [1, 1]
    clerks.apply()
    assert waiting(seen(clerks)) == 2


def test_what_another_program_wrote_is_seen_as_well(clerks, app):
    clerks.apply()
    before = waiting(seen(clerks))
    with app.app_context(), sqlite3.connect(str(db.engine.url.database)) as other:
        other.execute("UPDATE desk_summary SET n = n + 5 WHERE kind = 'waiting:township_officer'")
    assert waiting(seen(clerks)) == before + 5


def test_what_is_written_while_a_desk_is_being_read_is_seen_at_the_next_look(clerks, app, monkeypatch):
    clerks.apply()
    seen(clerks)
    clerks.apply()
    with app.app_context():
        file = str(db.engine.url.database)
    reads = desk._read

    def read(*args: Any) -> Any:
        found = reads(*args)
        with sqlite3.connect(file) as other:
            other.execute("UPDATE desk_summary SET n = n + 5 WHERE kind = 'waiting:township_officer'")
        return found

    monkeypatch.setattr(desk, "_read", read)
    now = waiting(seen(clerks))
    monkeypatch.setattr(desk, "_read", reads)
    assert waiting(seen(clerks)) == now + 5


def test_what_is_written_after_it_was_told_who_looks_is_seen_at_the_next_look(clerks, app, monkeypatch):
    clerks.apply()
    with app.app_context():
        file = str(db.engine.url.database)
    finds = sessions.find

    def find(*args: Any) -> Any:
        found = finds(*args)
        with sqlite3.connect(file) as other:
            other.execute("UPDATE desk_summary SET n = 9 WHERE kind = 'waiting:township_officer'")
        return found

    seen(clerks)
    monkeypatch.setattr(sessions, "find", find)
    seen(clerks)
    monkeypatch.setattr(sessions, "find", finds)
    assert waiting(seen(clerks)) == 9


@pytest.mark.parametrize("fault", [LookupError, ValueError, TypeError, AssertionError])
def test_facts_of_two_states_that_do_not_fit_are_read_again_and_a_true_fault_is_raised(clerks, monkeypatch, fault):
    clerks.apply()
    faults, reads = [fault("torn")], desk._read

    def read(*args: Any) -> Any:
        if faults:
            raise faults.pop()
        return reads(*args)

    monkeypatch.setattr(desk, "_read", read)
    assert waiting(seen(clerks)) == 1 and faults == []
    clerks.apply()
    faults += [fault("true"), fault("torn")]
    with pytest.raises(fault, match="true"):
        seen(clerks)


def test_what_is_written_between_two_questions_of_a_desk_is_told_as_a_whole(clerks, app, monkeypatch):
    clerks.apply()
    seen(clerks)
    with app.app_context():
        file = str(db.engine.url.database)

    def shown(*args: Any) -> Any:
        monkeypatch.setattr(case_queue, "page_of", page_of)
        found = page_of(*args)
        with sqlite3.connect(file) as other:
            other.execute("UPDATE household SET head_name = '张改名'")
            other.execute("UPDATE desk_summary SET n = 9 WHERE kind = 'waiting:township_officer'")
        return found

    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE desk_summary SET n = 8 WHERE kind = 'waiting:township_officer'")
    monkeypatch.setattr(case_queue, "page_of", shown)
    page = seen(clerks)
    assert waiting(page) == 9 and "张改名" in page


def test_a_step_taken_while_the_machine_is_asked_is_not_told_of_the_case_as_it_was(clerks, app, monkeypatch):
    clerks.apply()
    with app.app_context():
        file = str(db.engine.url.database)

    def write(stage: Stage) -> None:
        with sqlite3.connect(file) as other:
            other.execute("UPDATE benefit SET stage = ? WHERE id = ?", (stage.value, clerks.id))

    def read(*args: Any) -> Any:
        monkeypatch.setattr(case_queue, "whole", whole)
        write(Stage.ACCEPTED)
        return whole(*args)

    monkeypatch.setattr(case_queue, "whole", read)
    steps = [seen(clerks)]
    write(Stage.APPLIED)
    steps.append(seen(clerks))
    assert [f'href="/case/{clerks.id}/accept/"' in page for page in steps] == [False, True]


def test_a_case_that_is_gone_while_the_machine_is_asked_of_it_is_not_told(clerks, app, monkeypatch):
    clerks.apply()

    def read(*args: Any) -> Any:
        monkeypatch.setattr(case_queue, "whole", whole)
        return {}

    monkeypatch.setattr(case_queue, "whole", read)
    assert f'href="/case/{clerks.id}/accept/"' in seen(clerks)


def test_a_desk_that_is_kept_begins_no_transaction(clerks, app):
    clerks.apply()
    seen(clerks)
    begun: list[Any] = []
    with app.app_context():
        event.listen(db.engine, "begin", begun.append)
    seen(clerks)
    assert begun == []
    clerks.browser(OFFICER).get("/benefit/")
    assert len(begun) == 1


def test_another_day_is_another_desk(clerks, asked, monkeypatch):
    clerks.apply()
    asked()
    monkeypatch.setattr(desk, "today", lambda: clerks.clock().date() + timedelta(1))
    assert len(asked()) > READ_AGAIN


def test_colleagues_do_not_share_a_desk(clerks):
    clerks.apply()
    assert waiting(seen(clerks, OFFICER)) == 1
    assert waiting(seen(clerks, APPROVER)) == 0
    assert waiting(seen(clerks, "township_officer_2")) == 0


def test_the_other_language_is_another_desk(clerks):
    clerks.apply()
    browser = clerks.browser(OFFICER)
    assert "我的待办" in browser.get("/desk/").get_data(as_text=True)
    browser.post("/language", data={"lang": "en"})
    page = browser.get("/desk/").get_data(as_text=True)
    assert "Waiting for me" in page and "我的待办" not in page


def test_what_is_told_once_is_told_once(clerks):
    browser = clerks.browser(OFFICER)
    browser.get("/desk/")
    with browser.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "已办结此事")]
    told = ["已办结此事" in browser.get("/desk/").get_data(as_text=True) for _ in range(3)]
    assert told == [True, False, False]


def test_forms_of_a_page_that_was_written_before_have_the_token_of_who_looks(clerks, app):
    tokens = []
    for _ in range(2):
        browser = clerks.browser(OFFICER)
        with browser.session_transaction() as cookie:
            cookie.pop("csrf_token", None)
        page = browser.get("/desk/").get_data(as_text=True)
        given = set(re.findall(r'name="csrf_token" value="([^"]*)"', page))
        with browser.session_transaction() as cookie:
            known = cookie["csrf_token"]
        with app.test_request_context():
            session["csrf_token"] = known
            for token in given:
                validate_csrf(token)
        tokens.append(given)
    assert not tokens[0] & tokens[1]


# --- the next step of each case ---------------------------------------------------------------------------------------


@pytest.fixture
def case(session_any: Session) -> Any:
    """A case in review with an event, a paper that it owes, and a cross-check that is not back."""
    factories.office(session_any)
    audit.attribute(session_any, SYSTEM, START)
    home = factories.household(session_any, members=2)
    found = factories.benefit(
        session_any, home, Stage.REVIEW, waiting_role=Role.TOWNSHIP_OFFICER, step_due_on=TODAY, persons=2
    )
    told = Event(benefit=found, action=Action.APPLY, to_stage=Stage.APPLIED, at=START, actor_name="测试", **WHERE)
    paper = OwedPaper(benefit=found, paper=Paper.DIAGNOSIS, told_on=TODAY, due_on=TODAY, **WHERE)
    check = Crosscheck(benefit_id=found.id, source=Source.TAX, asked_on=TODAY, **WHERE)
    factories.keep(session_any, told, paper, check)
    session_any.commit()
    return found


@pytest.fixture
def judged(session_any: Session, case, app, monkeypatch) -> Any:
    """Look at the queue; how often the machine was asked."""
    calls: list[Any] = []
    answers = case_queue.next_step
    monkeypatch.setattr(case_queue, "next_step", lambda *args: calls.append(args) or answers(*args))

    def look(actor: Actor = OFFICER_HERE, on: date = TODAY, known: Figures | None = None) -> int:
        calls.clear()
        with app.app_context(), reading():
            rows = page_of(session_any.connection(), actor, known or figures(), on, 1, 10)
        session_any.rollback()
        assert len(rows) == 1
        return len(calls)

    return look


def _happens(session: Session, case: Any) -> None:
    told = Event(benefit=case, action=Action.TELL_MISSING, from_stage=Stage.REVIEW, to_stage=Stage.REVIEW,
                 at=datetime(2026, 9, 2), actor_name="测试", **WHERE)  # fmt: skip
    factories.keep(session, told)


def _goes(session: Session, case: Any) -> None:
    factories.leave(session, case.household.members[-1], TODAY)


def _set(name: str, field: str, value: Any) -> Any:
    def change(session: Session, case: Any) -> None:
        setattr(case if name == "case" else getattr(case, name)[0], field, value)

    return change


CHANGES = {
    "a column of the case": _set("case", "reason", "其他"),
    "an event": _happens,
    "a paper that came in": _set("papers", "filed_on", TODAY),
    "an answer that came back": _set("crosschecks", "back_on", TODAY),
    "who is there": _goes,
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_machine_is_asked_anew_where_anything_has_changed_that_it_looks_at(session_any, case, judged, change):
    assert [judged(), judged()] == [1, 0]
    audit.attribute(session_any, SYSTEM, START)
    CHANGES[change](session_any, case)
    session_any.commit()
    assert [judged(), judged()] == [1, 0]


def test_a_case_of_whose_family_nobody_is_left_stands_on_the_desk_like_any(session_any, case, judged):
    audit.attribute(session_any, SYSTEM, START)
    for member in case.household.members:
        factories.leave(session_any, member, TODAY)
    session_any.commit()
    assert judged() == 1


def test_the_machine_is_asked_anew_for_another_person_another_day_and_other_figures(judged, app):
    judged()
    colleague = Actor(10, "赵经办", Role.TOWNSHIP_OFFICER, factories.XUNCHANG)
    assert [judged(actor=colleague), judged(actor=colleague)] == [1, 0]
    assert judged(on=TODAY + timedelta(1)) == 1
    with app.app_context():
        other = copy(figures())
    assert [judged(), judged(known=other)] == [1, 1]
