"""What a page costs: few statements and few rows, and no more of either in a county many times the size."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from models import User
from policy.vocabulary import Role
from tests.clock import START
from tests.views.standing import Standing
from views.db import db
from workflows import demo

V, T, C, S = Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER, Role.COUNTY_REVIEWER, Role.SUPERVISOR
SMALL, LARGE = 110, 660
A_LIST, A_DESK, A_FAMILY, A_RECORD, A_FORM = 6, 8, 13, 12, 9
"""Statements: a list as the project promises; a desk adds warnings, a family has thirteen parts."""
MOST_ROWS = 300
"""Read by any page: what it shows, and the summary of the desk by due day; far fewer than there are families."""
# The first hundred families are the same in a county of any size, so the same numbers lead to the same pages.
PAGES: dict[str, tuple[Role, int]] = {
    "/desk/": (C, A_DESK),
    "/desk/queue": (C, A_DESK),
    "/household/": (C, A_LIST),
    "/household/?township=511526100&stage=in_force&sort=head_name": (C, A_LIST),
    "/household/?name=张": (C, A_LIST),
    "/household/?visit=overdue&review=near&cause=illness": (C, A_LIST),
    "/member/": (C, A_LIST),
    "/member/?name=zx&standing=all": (C, A_LIST),
    "/benefit/": (C, A_LIST),
    "/benefit/?stage=open&sort=-step_due_on": (T, A_LIST),
    "/visit/?due=soon": (T, A_LIST),
    "/visit/?state=done": (C, A_LIST),
    "/owed_paper/": (C, A_LIST),
    "/audit/": (S, A_LIST),
    "/near-relatives/": (C, A_LIST),
    "/household/60/": (C, A_FAMILY),
    "/household/60/history/": (C, A_LIST),
    "/household/60/edit/": (S, A_FORM),
    "/household/60/visit/": (C, A_FORM),
    "/member/60/": (C, A_RECORD),
    "/visit/60/": (C, A_RECORD),
    "/case/60/": (C, A_RECORD),
    "/case/60/start_recheck/": (S, A_RECORD),
    "/files/case/60/": (C, A_FORM),
    "/apply/": (T, A_FORM),
    "/import/": (C, A_LIST),
    "/papers/notice/": (T, A_RECORD),
    "/account/": (C, A_LIST),
    "/help/machine": (V, A_LIST),
    "/figures/": (C, A_LIST),
    "/figures/?show=stale": (S, A_LIST),
    "/figures/dibao.standard.rural/": (S, A_FORM),
    "/figures/dibao.standard.rural/new": (S, A_LIST),
    "/comparison/": (C, A_LIST),
}


@dataclass
class Cost:
    """What was asked of the database: statements, but for the beginnings of transactions, and rows read of them."""

    statements: list[str]
    rows: int = 0


@pytest.fixture(scope="module", params=[SMALL, LARGE], ids=lambda size: f"{size}-families")
def office(request, tmp_path_factory, sqlite_template) -> Standing:
    return Standing(tmp_path_factory.mktemp("costs"), sqlite_template, lambda app: _settle(app, request.param))


def _settle(app: Flask, households: int) -> dict[Role, int]:
    with app.app_context(), Session(db.engine) as session:
        demo.fill(session, households=households, seed=1, on=START.date(), now=START)
        first = select(User.id).order_by(User.id).limit(1)
        return {role: session.scalars(first.where(User.role == role)).one() for role in Role}


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


@pytest.fixture(scope="module")
def in_the_small_county() -> dict[str, Cost]:
    """What each page cost in the county that was walked first."""
    return {}


def test_a_page_asks_and_reads_little_and_in_a_large_county_asks_no_more_than_in_a_small_one(
    office, in_the_small_county
):
    costs = {where: cost_of(office, who, where) for where, (who, _) in PAGES.items()}
    too_many = {where: cost.statements for where, cost in costs.items() if len(cost.statements) > PAGES[where][1]}
    assert too_many == {}
    assert {where: cost.rows for where, cost in costs.items() if cost.rows > MOST_ROWS} == {}
    before = in_the_small_county or costs
    more = {
        where: cost.statements for where, cost in costs.items() if len(cost.statements) > len(before[where].statements)
    }
    assert more == {}
    in_the_small_county.update(costs)
