"""What a page costs: few statements and few rows, and no more of either in a county many times the size."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import event

from policy.vocabulary import Role
from tests.views.standing import Standing
from tests.views.walked import PAGES, settle
from views.db import db

SMALL, LARGE = 110, 660
MOST_ROWS = 300
"""Read by any page: what it shows, and the summary of the desk by due day; far fewer than there are families."""


@dataclass
class Cost:
    """What was asked of the database: statements, but for the beginnings of transactions, and rows read of them."""

    statements: list[str]
    rows: int = 0


@pytest.fixture
def offices(tmp_path_factory, sqlite_template) -> list[Standing]:
    """The small county and the large one."""
    return [
        Standing(tmp_path_factory.mktemp("costs"), sqlite_template, lambda app, size=size: settle(app, size))
        for size in (SMALL, LARGE)
    ]


@contextmanager
def counted(app: Flask) -> Iterator[Cost]:
    """Count statements and rows of requests made meanwhile."""
    cost = Cost([])

    def note(connection, cursor, statement, *rest):
        if not statement.startswith("BEGIN"):
            cost.statements.append(statement)

    def row(cursor, values):
        cost.rows += 1
        return values

    def out(raw, *rest):
        raw.row_factory = row

    def back(raw, *rest):
        if raw is not None:
            raw.row_factory = None

    with app.app_context():
        engine = db.engine
    listeners = (("before_cursor_execute", note), ("checkout", out), ("checkin", back))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    yield cost
    for name, listener in listeners:
        event.remove(engine, name, listener)


def cost_of(office: Standing, who: Role, where: str) -> Cost:
    browser = office.as_(who)
    assert browser.get(where).status_code == 200, where
    with counted(office.app) as cost:
        browser.get(where)
    return cost


def test_a_page_asks_and_reads_little_and_in_a_large_county_asks_no_more_than_in_a_small_one(offices):
    small, large = ({where: cost_of(office, who, where) for where, (who, _) in PAGES.items()} for office in offices)
    for costs in (small, large):
        too_many = {where: cost.statements for where, cost in costs.items() if len(cost.statements) > PAGES[where][1]}
        assert too_many == {}
        assert {where: cost.rows for where, cost in costs.items() if cost.rows > MOST_ROWS} == {}
    more = {where: cost.statements for where, cost in large.items() if uncounted(cost) > uncounted(small[where])}
    assert more == {}


def uncounted(cost: Cost) -> int:
    """How many statements, but for how many rows a list has, asked where they are more than a page, and which fit."""
    return sum(" AS one " not in one and not one.startswith("WITH seen") for one in cost.statements)


def test_a_list_that_fits_its_page_is_not_counted(offices):
    small, large = (cost_of(office, Role.COUNTY_REVIEWER, "/visit/?due=soon") for office in offices)
    assert len(small.statements) == uncounted(small)
    assert len(large.statements) == uncounted(large) + 1


def test_many_papers_that_are_not_to_be_issued_are_previewed_with_as_few_statements_as_one(offices):
    office, clerk = offices[0], Role.TOWNSHIP_OFFICER
    listed = office.as_(clerk).get("/papers/many/").get_data(as_text=True)
    keys = re.findall(r'name="paper" value="([^"]+)"', listed)
    assert len(keys) >= 25
    one, many = (
        cost_of(office, clerk, f"/papers/aside/?{urlencode([('paper', key) for key in keys[:n]])}") for n in (1, 25)
    )
    assert len(one.statements) == len(many.statements) <= 6
