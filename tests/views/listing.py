"""Rows of lists and what stands on them."""

import re
from contextlib import contextmanager

from sqlalchemy import event

from models import Visit
from policy.vocabulary import Stage, VisitKind
from tests import factories
from tests.clock import START
from views.db import db

TODAY = START.date()
TABLES = ("household", "member", "benefit", "visit", "owed_paper", "audit")


def heads(page):
    """What stands in the first column, row by row."""
    return re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]+)', page)


def family(session, name="张三", village=factories.VILLAGE, members=1, **fields):
    """A family with this head."""
    return factories.household(session, village, members, head_name=name, **fields)


def visit(session, home, **fields):
    """A visit of a family."""
    place = {"township_code": home.township_code, "village_code": home.village_code}
    row = Visit(household=home, **{"kind": VisitKind.QUARTERLY, **place, **fields})
    session.add(row)
    return row


def case(session, home, stage=Stage.ACTIVE, **fields):
    """A case of a family at a stage."""
    return factories.benefit(session, home, stage, **fields)


@contextmanager
def watching(statements):
    """Gather the statements sent meanwhile, but for the beginnings of transactions."""

    def note(connection, cursor, statement, *rest):
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield
    event.remove(db.engine, "before_cursor_execute", note)
