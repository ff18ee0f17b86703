"""A family to whom something happens, and the forms by which an office or a village tells of it."""

import re

from sqlalchemy.orm import Session

from models import Household
from policy.vocabulary import Relation, Stage
from tests import factories
from tests.clock import START
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

KEY = re.compile(r'name="key" value="([^"]+)"')
VERSION = re.compile(r'name="row_version" value="([^"]+)"')
TODAY = START.date().isoformat()
WORDS = {"on": TODAY, "words": "群众来办理"}


def family(app, village=factories.VILLAGE, stage=Stage.ACTIVE, **fields):
    """A family of head, spouse and son with a case (None: without): its number, its people's, the case's."""
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        home = factories.household(session, village, members=3, **fields)
        for member, relation in zip(home.members, (Relation.HEAD, Relation.SPOUSE, Relation.SON), strict=True):
            member.relation = relation
        case = factories.benefit(session, home, stage, monthly_fen=51_000) if stage else None
        session.commit()
        return home.id, [m.id for m in home.members], case.id if case else 0


def send(browser, where, key="", **fields):
    """Open the form and post it as it was shown, with these fields."""
    page = browser.get(where).get_data(as_text=True)
    sent = {"key": key or KEY.search(page)[1], "row_version": VERSION.search(page)[1], "act": "record", **fields}
    return browser.post(where, data=sent)


def carried(browser, where) -> dict[str, str]:
    """What every form of a page carries unseen: its key, and the version of the record it shows."""
    page = browser.get(where).get_data(as_text=True)
    return {"key": KEY.search(page)[1], "row_version": VERSION.search(page)[1]}


def here(home, kind) -> str:
    """The address of an event's form."""
    return f"/household/{home}/happen/{kind}/"


def read(app, query):
    """What the county holds now."""
    with app.app_context():
        return db.session.scalars(query).all()


def state(app, id):
    """Head, number of people, and who is what to the head or why gone."""
    with app.app_context():
        home = db.session.get_one(Household, id)
        return home.head_name, home.persons, [(m.relation, m.leave_reason) for m in home.members]
