"""Whatever a list is narrowed to and sorted by, its file has the same rows in the same order, page after page."""

import random
from typing import Any

import pytest

from policy.vocabulary import Role
from tests import factories
from tests.views.test_list_export import MOST, sent, settle, shown
from views.page import list_view

COMBINATIONS = 9
WHO = (Role.SUPERVISOR, Role.TOWNSHIP_OFFICER, Role.VILLAGE_WORKER)
IN_ONE = (Role.TOWNSHIP_OFFICER, Role.VILLAGE_WORKER)
TYPED = {"name": ("王", "李", "张伟"), "township": (factories.VILLAGE[:9],), "village": (factories.VILLAGE,)}


@pytest.fixture
def office(stand):
    return stand(settle)


def asked(office: Any, table: str, chance: random.Random) -> list[str]:
    """What of a list is asked for: some of its filters with some of their values, by some column, or as it begins."""
    with office.app.test_request_context():
        view = list_view(table)
        sorts = ["", *view.sortable, *(f"-{name}" for name in view.sortable)]
        values = {
            one.name: [str(word) for word in getattr(one, "words", getattr(one, "options", TYPED.get(one.name, ())))]
            for one in view.filters
        }
    found = []
    for n in range(COMBINATIONS):
        narrowed = chance.sample([name for name, told in values.items() if told], n % 3)
        parts = [f"{name}={chance.choice(values[name])}" for name in narrowed]
        sort = chance.choice(sorts)
        found.append("&".join([*parts, *([f"sort={sort}"] if sort else [])]))
    return list(dict.fromkeys(found))


def every_page(office: Any, who: Role, table: str, where: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for page in range(1, 10):
        address = f"/{table}/?{where}&size={MOST}&page={page}"
        some = shown(office.as_(who).get(address).get_data(as_text=True))
        rows += some
        if len(some) < MOST:
            return rows
    raise AssertionError("more pages than the sample county has")


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("table", ["household", "member", "benefit", "visit"])
def test_a_file_has_every_row_of_the_list_in_its_order(office, table, who):
    for where in asked(office, table, random.Random(f"{table} {who}")):
        told, page = sent(office, who, table, f"?{where}"), every_page(office, who, table, where)
        assert told == page if who not in IN_ONE else _near(told) == _near(page), where


def _near(rows: list[list[str]]) -> list[list[str]]:
    """Without the township: a file travels and names it, the pages of those who work in one do not."""
    return [[cell.replace("巡场镇", "") for cell in row] for row in rows]
