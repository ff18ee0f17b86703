"""One changed case costs that case alone: the other pieces of a desk are those that were written before."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from models import Benefit
from policy.action_words import STATING_LETTERS
from policy.vocabulary import Action, Role
from tests import factories
from tests.views.clerks import APPROVER, OFFICER, Clerks
from tests.views.test_desk import seen
from tests.views.test_kept_desk import waiting
from views import case_queue, desk_places, desk_tiles, papers_many
from views.db import db
from workflows.desk import LONGEST, Asked, _counting


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """What was worked out, by piece: cases that the machine was asked of, places and tiles written, letters counted."""
    done: dict[str, list[Any]] = {"cases": [], "places": [], "tiles": [], "letters": []}

    def note(module: Any, name: str, piece: str, told: Callable[..., Any]) -> None:
        works = getattr(module, name)

        def work(*args: Any) -> Any:
            done[piece].append(told(*args))
            return works(*args)

        monkeypatch.setattr(module, name, work)

    note(case_queue, "pictured", "cases", lambda row, *_: row.id)
    note(desk_places.Rows, "_line", "places", lambda rows, code, *_: code)
    note(desk_tiles, "_filled", "tiles", lambda write, shown, once: shown["label"])
    note(papers_many, "_counting", "letters", lambda *_: None)
    return done


@pytest.fixture
def wrote(clerks: Clerks, app: Any) -> Callable[[str], None]:
    """Write to the county by hand."""
    with app.app_context():
        file = str(db.engine.url.database)

    def write(statement: str) -> None:
        with sqlite3.connect(file) as other:
            other.execute(statement)

    return write


@pytest.fixture
def looked(clerks: Clerks, worked: dict[str, list[Any]]) -> Iterator[Callable[..., str]]:
    """Three cases wait; look at a desk, ``worked`` being what this look took."""
    for _ in range(3):
        clerks.apply()

    def look(who: Role | str = OFFICER) -> str:
        for done in worked.values():
            done.clear()
        return seen(clerks, who)

    look()
    return look


def test_the_machine_is_asked_of_the_case_alone_that_changed(clerks, looked, worked):
    clerks.walk((Action.ACCEPT, OFFICER))
    looked()
    assert worked["cases"] == [clerks.id]
    looked()
    assert worked["cases"] == []


def test_a_family_that_takes_another_name_costs_its_row_and_neither_the_machine_nor_a_number(looked, worked, wrote):
    wrote("UPDATE household SET head_name = '张改名' WHERE id = (SELECT max(household_id) FROM benefit)")
    assert "张改名" in looked()
    assert worked["cases"] == []
    assert worked["places"] == worked["tiles"] == worked["letters"] == []


def test_what_is_filled_into_a_row_is_shown_as_it_is_written(looked, wrote):
    wrote("UPDATE household SET head_name = '<b>&' WHERE id = (SELECT max(household_id) FROM benefit)")
    assert ">&lt;b&gt;&amp;</a>" in looked()


def test_cases_at_the_same_point_keep_their_names_and_addresses(clerks, looked, wrote):
    wrote("UPDATE household SET head_name = '张' || id")
    page = looked()
    with clerks.app.app_context():
        cases = db.session.execute(select(Benefit.id, Benefit.household_id)).all()
    assert len(cases) >= 3
    for id, home in cases:
        assert f'<tr data-href="/case/{id}/"><th scope="row"><a href="/case/{id}/">张{home}</a>' in page
        assert f'href="/case/{id}/accept/"' in page


def test_of_places_those_alone_are_written_anew_whose_sums_changed(looked, worked, wrote):
    looked(Role.SUPERVISOR)
    assert {factories.XUNCHANG, factories.XIAOER} <= set(worked["places"])
    wrote(f"UPDATE desk_summary SET n = n + 4 WHERE village_code = '{factories.VILLAGE}'")
    looked(Role.SUPERVISOR)
    assert worked["places"] == [factories.XUNCHANG]
    looked(OFFICER)
    assert worked["places"] == [factories.VILLAGE]


def test_a_tile_is_written_anew_where_its_number_is_another(looked, worked, wrote):
    wrote("UPDATE desk_summary SET n = n + 4 WHERE kind = 'visit' OR kind LIKE 'waiting:township_officer'")
    page = looked()
    assert waiting(page) == 7 and worked["tiles"] == ["我的待办"]


def test_letters_are_counted_anew_after_a_step_that_states_one(clerks, looked, worked):
    for action, counted in ((Action.ACCEPT, 1), (Action.START_REVIEW, 0)):
        clerks.walk((action, OFFICER))
        looked()
        assert len(worked["letters"]) == counted


def test_the_steps_after_which_letters_are_counted_are_those_that_have_one():
    assert set(papers_many.LETTERS) == STATING_LETTERS


def test_who_shares_a_place_shares_its_rows_and_nobody_elses_queue(looked, worked):
    assert waiting(looked(APPROVER)) == 0
    assert worked["places"] == []


@pytest.mark.parametrize(("role", "code"), [(OFFICER, factories.XUNCHANG), (Role.SUPERVISOR, factories.XUNCHANG[:6])])
def test_the_statement_of_a_desk_and_one_place_is_short_enough_for_the_driver_to_know_it_again(role, code):
    asked = Asked(desk_tiles.KINDS, desk_tiles.SOON, desk_places.KINDS)
    for dialect in (postgresql.psycopg.dialect(), sqlite.dialect()):
        assert len(str(_counting(asked, 1, role, code).statement.compile(dialect=dialect))) < LONGEST
