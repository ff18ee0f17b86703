"""Pages far down a list begin where the one before ended: quick to reach, and nobody is left out on the way."""

import random

import pytest
from sqlalchemy import delete, event, insert, select
from sqlalchemy.orm import Session

from models import Division
from views.panel import begins

SIZE = 10


@pytest.fixture(autouse=True)
def near(monkeypatch):
    """Beginnings are kept from the fourth page on."""
    monkeypatch.setattr(begins, "FAR", 3 * SIZE)


@pytest.fixture
def places(session_any):
    """Two hundred places, two of each name."""
    for n in range(200):
        come(session_any, n)
    return session_any


def come(session: Session, n: int, code: str = "") -> None:
    row = {"code": code or f"{n:012}", "name": f"镇{n // 2:03}"}
    session.connection().execute(insert(Division.__table__), [row])


def go(session: Session, n: int) -> bool:
    table = Division.__table__
    return session.connection().execute(delete(table).where(table.c.code == f"{n:012}")).rowcount > 0


def walk(by: str = "code", down: bool = False, within: str = "") -> begins.Walk:
    columns = [Division.code] if by == "code" else [getattr(Division, by), Division.code]
    rows = select(*columns).where(Division.code.startswith(within))
    return begins.Walk(rows.order_by(*(c.desc() if down else c for c in columns)), columns, down, SIZE)


def page(session: Session, number: int, key: str = "mine", **how: object) -> list[str]:
    return begins.ids(session, walk(**how), number, (key, *how.items()))


def every(session: Session, by: str = "code", down: bool = False) -> list[str]:
    columns = [Division.code] if by == "code" else [getattr(Division, by), Division.code]
    return list(session.scalars(select(Division.code).order_by(*(c.desc() if down else c for c in columns))))


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("by", ["code", "name"])
def test_pages_are_those_of_the_whole_list_in_whatever_order_they_are_asked_for(places, by, down):
    whole, numbers = every(places, by, down), [*range(1, 23)] * 3
    random.Random(1).shuffle(numbers)
    for number in numbers:
        assert page(places, number, by=by, down=down) == whole[(number - 1) * SIZE : number * SIZE], number


def left_out(session: Session) -> list[int]:
    """How many rows each page leaves out from now on, as they are asked for."""
    found: list[int] = []

    def note(connection, cursor, text, values, *rest):
        if "OFFSET" in text:
            found.append(list(values.values() if isinstance(values, dict) else values)[-1])

    event.listen(session.get_bind(), "before_cursor_execute", note)
    return found


def test_only_the_first_page_far_down_leaves_out_all_rows_before_it(places):
    found = left_out(places)
    for number in (12, 13, 14, 13, 12, 16):
        page(places, number)
    assert found == [110, 0, 0, 0, 0, 10]


def test_near_the_beginning_nothing_is_kept(places):
    found = left_out(places)
    for number in (2, 3, 2, 3):
        page(places, number)
    assert found == [10, 20, 10, 20]


def test_whoever_goes_on_is_shown_everybody_though_somebody_before_them_has_gone(places):
    shown = page(places, 12)
    go(places, 0)
    whole = every(places)
    assert page(places, 13)[0] == whole[whole.index(shown[-1]) + 1]


def test_a_row_that_goes_from_the_next_page_is_no_longer_shown(places):
    page(places, 12)
    go(places, 120)
    assert page(places, 13) == [f"{n:012}" for n in range(121, 131)]


def test_a_row_that_comes_between_two_pages_that_were_seen_is_shown_on_one_of_them(places):
    page(places, 12), page(places, 13)
    come(places, 115, "00000000011x")
    whole, shown = every(places), [*page(places, 12), *page(places, 13)]
    assert shown == whole[110:130] and "00000000011x" in shown


def test_after_the_last_row_there_is_an_empty_page(places):
    assert len(page(places, 20)) == SIZE and page(places, 21) == [] and page(places, 30) == []


def test_each_reader_and_each_list_has_beginnings_of_its_own(places):
    found = left_out(places)
    page(places, 12), page(places, 12, key="another's"), page(places, 12, down=True), page(places, 12, within="00000")
    assert found == [110] * 4


def test_what_nobody_asks_for_is_forgotten_and_no_more_than_so_many_lists_are_kept(places, monkeypatch):
    now, found = [0.0], left_out(places)
    monkeypatch.setattr(begins, "monotonic", lambda: now[0])
    for at, number in ((0, 12), (begins.SECONDS, 13), (2 * begins.SECONDS, 12), (3 * begins.SECONDS + 1, 13)):
        now[0] = at
        page(places, number)
    assert found == [110, 0, 0, 120]
    monkeypatch.setattr(begins, "LISTS", 2)
    for key in ("a", "b", "c", "a"):
        page(places, 12, key=key)
    assert found[4:] == [110] * 4


@pytest.mark.parametrize("seed", range(12))
def test_whatever_comes_and_goes_two_pages_seen_one_after_the_other_join(places, seed):
    turn, number = random.Random(seed), 8
    for _ in range(60):
        if turn.random() < 0.4:
            for n in turn.sample(range(200), 3):
                if not go(places, n):
                    come(places, n)
        first, then, whole = page(places, number, by="name"), page(places, number + 1, by="name"), every(places, "name")
        both = [*first, *then]
        assert both == whole[whole.index(both[0]) :][: len(both)] if both else number > 12
        number = max(2, min(number + turn.choice((-1, 1, 1, 4, -4)), 16))
