"""Issuing: a number once, without gaps, by office and year, whoever else issues; what was printed is kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models import AuditEntry, IssuedPaper, PaperOffice
from models.base import reading
from policy.paper_numbers import Number, gaps
from policy.vocabulary import Role
from tests import factories
from tests.at_once import at_once
from tests.factories import COUNTY, VILLAGE, XIAOER, XUNCHANG
from tests.workflows.refusals import codes
from workflows import issuing, paper_words
from workflows.actor import Actor
from workflows.issuing import Printed, Sheet
from workflows.reason import Refused, Stale

OFFICER = Actor(None, "王", Role.TOWNSHIP_OFFICER, XUNCHANG)
COUNTYMAN = Actor(None, "周", Role.COUNTY_APPROVER, COUNTY)
LETTER = Sheet("decision:1", "decision", "letter", "确认通知书", XUNCHANG, XUNCHANG, VILLAGE, addressee="张三")
FORM = replace(LETTER, key="survey:1", kind="survey", family="form", numbered=False)
WHEN = datetime(2026, 3, 2, 10)


@pytest.fixture
def county(session: Session) -> Session:
    factories.office(session)
    session.commit()
    return session


def shows(number: Number | None, before: IssuedPaper | None) -> Printed:
    told = f"替代{issuing.number_of(before)}" if before else ""
    return Printed(f"<p>{number}{told}</p>", "p { margin: 0; }", full="<p>51…</p>")


def issue(session: Session, key: str = "decision:1", who: Actor = OFFICER, now: datetime = WHEN, **more) -> IssuedPaper:
    sheet = replace(LETTER, key=key, office_code=more.pop("office", XUNCHANG))
    row = issuing.issue(session, who, now, sheet, shows, **more)
    session.commit()
    return row


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_numbers_run_by_office_and_year(county):
    one, two = issue(county, "decision:1"), issue(county, "decision:2")
    elsewhere = issue(county, "decision:3", COUNTYMAN, office=COUNTY)
    later = issue(county, "decision:4", now=datetime(2027, 1, 1, 8))
    last = issue(county, "decision:5", now=datetime(2026, 12, 31, 17))
    numbers = [str(issuing.number_of(row)) for row in (one, two, elsewhere, later, last)]
    assert numbers == [
        "巡民救〔2026〕1号",
        "巡民救〔2026〕2号",
        "珙民救〔2026〕1号",
        "巡民救〔2027〕1号",
        "巡民救〔2026〕3号",
    ]


def test_a_paper_is_issued_once_however_often_it_is_asked_for(county):
    first = issue(county)
    again = issue(county, now=WHEN + timedelta(days=3))
    assert again.id == first.id and again.at == WHEN
    assert str(issuing.number_of(issue(county, "decision:2"))) == "巡民救〔2026〕2号"


def test_a_number_that_was_not_kept_is_given_again(county):
    def fails(number, before):
        raise RuntimeError("the printer is on fire")

    with pytest.raises(RuntimeError):
        issuing.issue(county, OFFICER, WHEN, LETTER, fails)
    county.rollback()
    assert issue(county).serial == 1


def test_a_form_takes_no_number(county):
    row = issuing.issue(county, OFFICER, WHEN, FORM, shows)
    county.commit()
    assert (row.serial, issuing.number_of(row)) == (None, None)
    assert issue(county).serial == 1


def test_a_correction_takes_a_new_number_and_names_the_one_it_replaces(county):
    first = issue(county)
    second = issue(county, after=first.id, why="金额有误")
    assert (second.turn, second.replaces_id, second.serial) == (2, first.id, 2)
    assert second.body == "<p>巡民救〔2026〕2号替代巡民救〔2026〕1号</p>" and first.body == "<p>巡民救〔2026〕1号</p>"
    assert issuing.latest(county, LETTER.key).id == second.id


@pytest.mark.parametrize("why", ["", " ", "错"])
def test_a_correction_says_why(why, county):
    first = issue(county)
    with pytest.raises(Refused) as caught:
        issue(county, after=first.id, why=why)
    assert codes(caught) == ["why_missing"]


def test_of_two_corrections_the_second_is_told_of_the_first(county):
    first = issue(county)
    issue(county, after=first.id, why="金额有误")
    with pytest.raises(Stale):
        issue(county, after=first.id, why="姓名有误")


def test_what_was_never_issued_cannot_be_corrected(county):
    with pytest.raises(Stale):
        issue(county, after=7, why="金额有误")


@pytest.mark.postgres
def test_numbers_have_no_gap_when_many_issue_at_once_on_a_server(migrated_postgres_url):
    from tests import databases

    with databases.opened(migrated_postgres_url) as engine:
        _five_issue(engine)


def test_numbers_have_no_gap_when_many_issue_at_once(engine):
    _five_issue(engine)


def _five_issue(engine: Engine) -> None:
    """Five people issue six papers each; every other one is given up, two ask for the same paper."""
    with Session(engine) as session:
        factories.office(session)
        session.commit()
    ready = Barrier(5)

    def work(person: int) -> None:
        ready.wait()
        for n in range(6):
            with reading(False), Session(engine) as session:
                sheet = replace(LETTER, key="decision:same" if n == 0 else f"decision:{person}-{n}")
                issuing.issue(session, OFFICER, WHEN, sheet, shows)
                session.rollback() if n % 2 else session.commit()

    at_once(work, range(5))
    with Session(engine) as session:
        serials = list(session.scalars(select(IssuedPaper.serial)))
        assert len(serials) == 1 + 5 * 2 and sorted(serials) == list(range(1, 12)) and gaps(serials) == []


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_what_was_printed_is_sealed_and_stays(county):
    row = issue(county)
    raw = county.execute(text("SELECT body_sealed, full_sealed, digest FROM issued_paper")).one()
    assert "巡民救".encode() not in bytes(raw.body_sealed) and b"51\xe2" not in bytes(raw.full_sealed)
    assert issuing.intact(row) and raw.digest == issuing.digest_of("<p>巡民救〔2026〕1号</p>")
    assert issuing.opened(county, row.id).full == "<p>51…</p>"


CHANGES: list[Callable] = [
    lambda: update(IssuedPaper).values(title="x"),
    lambda: update(IssuedPaper).values(serial=9),
    lambda: delete(IssuedPaper),
]


@pytest.mark.parametrize("change", CHANGES)
def test_an_issued_paper_is_neither_changed_nor_removed_past_the_program(change, county):
    issue(county)
    with pytest.raises(DBAPIError, match="allows no"):
        county.connection().execute(change())


def test_issuing_is_in_the_history_with_its_number_and_without_its_text(county):
    issue(county)
    entry = county.scalars(select(AuditEntry).where(AuditEntry.table_name == "issued_paper")).one()
    assert (entry.action, entry.after["serial"], entry.after["word"]) == ("insert", 1, "巡民救")
    assert not {"body", "full", "body_sealed", "file_sealed"} & set(entry.after)


# --- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "code", "office", "numbered", "refused"),
    [
        (Role.TOWNSHIP_OFFICER, XUNCHANG, XUNCHANG, True, set()),
        (Role.TOWNSHIP_APPROVER, XUNCHANG, XUNCHANG, True, set()),
        (Role.TOWNSHIP_OFFICER, XUNCHANG, COUNTY, True, {"not_your_role"}),
        (Role.COUNTY_APPROVER, COUNTY, COUNTY, True, set()),
        (Role.SUPERVISOR, COUNTY, XUNCHANG, True, set()),
        (Role.VILLAGE_WORKER, VILLAGE, XUNCHANG, True, {"not_your_role"}),
        (Role.VILLAGE_WORKER, VILLAGE, XUNCHANG, False, set()),
        (Role.AUDITOR, COUNTY, XUNCHANG, False, {"not_your_role"}),
        (Role.TOWNSHIP_OFFICER, XIAOER, XUNCHANG, True, {"not_in_your_division"}),
    ],
)
def test_numbers_are_given_by_the_office_and_forms_by_whoever_works(role, code, office, numbered, refused):
    sheet = replace(LETTER, office_code=office, numbered=numbered)
    assert {reason.code for reason in issuing.faults_of(Actor(1, "甲", role, code), sheet)} == refused


# --- the word of an office --------------------------------------------------------------------------------------------

SUPERVISOR = Actor(None, "管", Role.SUPERVISOR, COUNTY)


def choose(session: Session, word: str, code: str = XUNCHANG, who: Actor = SUPERVISOR, version: int = 0) -> None:
    paper_words.choose(session, who, code, word, version, WHEN)
    session.commit()


def test_a_chosen_word_stands_from_the_next_number_on_and_the_count_goes_on(county):
    issue(county)
    choose(county, " 巡 府救 ")
    assert str(issuing.number_of(issue(county, "decision:2"))) == "巡府救〔2026〕2号"
    assert paper_words.words(county)[XUNCHANG] == "巡府救" and paper_words.words(county)[XIAOER] == "孝民救"


@pytest.mark.parametrize(
    ("word", "code"),
    [("巡", "paper_word_shape"), ("巡民救〔2026〕", "paper_word_shape"), ("珙民救", "paper_word_taken"),
     ("孝民救", "paper_word_taken")],
)  # fmt: skip
def test_a_word_has_its_shape_and_belongs_to_one_office(word, code, county):
    with pytest.raises(Refused) as caught:
        choose(county, word)
    assert codes(caught) == [code]


def test_a_word_given_up_this_year_is_not_taken_by_another_office(county):
    issue(county)
    choose(county, "巡府救")
    with pytest.raises(Refused) as caught:
        choose(county, "巡民救", XIAOER)
    assert codes(caught) == ["paper_word_taken"]


@pytest.mark.parametrize("role", [Role.TOWNSHIP_OFFICER, Role.COUNTY_APPROVER, Role.SECURITY_ADMIN])
def test_the_word_is_chosen_by_the_supervisor_or_the_system_administrator(role, county):
    with pytest.raises(Refused) as caught:
        choose(county, "巡府救", who=Actor(None, "乙", role, COUNTY))
    assert codes(caught) == ["not_your_role"]
    choose(county, "巡府救", who=Actor(None, "丙", Role.SYSTEM_ADMIN, COUNTY))


def test_two_who_choose_at_once_do_not_undo_each_other(county):
    choose(county, "巡府救")
    with pytest.raises(Stale):
        choose(county, "巡镇救")
    choose(county, "巡镇救", version=county.get(PaperOffice, XUNCHANG).row_version)
