"""Letters of the sample county: issued as its steps were taken, but for the latest, which wait on the desks."""

from collections import defaultdict
from datetime import datetime, time

from flask import current_app
from sqlalchemy import select

from models import Event, User
from policy.calendar import add_working_days
from policy.vocabulary import Action, Role
from views.case_file import open_file
from views.context import figures
from views.db import db
from views.papers_kinds import OF_ACTION, choose
from views.papers_made import render_of, sheet_of
from views.papers_many import LETTERS, OWED
from workflows import issuing, setting_aside
from workflows.actor import Actor
from workflows.office import actor_of

LATEST = 5
"""So many letters of each township, the last ones stated, are still to be issued."""
NOBODY_LEFT = "受送达人已去世"


def issue_sample(now: datetime) -> None:
    """Issue the letters of a year on the working day after their step, each by its office; commits.

    A family that died out is written to by nobody: that letter is set aside.
    """
    owed: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    query = select(Event.township_code, Event.at, Event.id).order_by(Event.at, Event.id)
    for code, at, id in db.session.execute(query.where(Event.at >= now.date() - OWED, Event.action.in_(LETTERS))):
        owed[code].append((at, id))
    with current_app.test_request_context():  # within which the figures are looked up once
        for at, id in sorted(one for told in owed.values() for one in told[:-LATEST]):
            _issue(id, min(datetime.combine(add_working_days(at.date(), 1), time(9, 30)), now))
        db.session.commit()


def _issue(event_id: int, at: datetime) -> None:
    event = db.session.get_one(Event, event_id)
    kind = next(kind for kind in OF_ACTION[event.action] if kind.served)
    benefit = event.benefit
    officer = _clerk(Role.TOWNSHIP_OFFICER, benefit.township_code)
    file = open_file(db.session, officer, str(benefit.id), figures(), at.date())
    paper = choose(file.events, kind, event_id)
    assert paper is not None
    sheet = sheet_of(file, paper)
    by = officer if sheet.office_code == officer.division_code else _clerk(Role.COUNTY_REVIEWER, sheet.office_code)
    if event.action is Action.END_ON_DEATH:
        setting_aside.set_aside(db.session, by, at, sheet, NOBODY_LEFT)
    else:
        issuing.issue(db.session, by, at, sheet, render_of(file, paper))


def _clerk(role: Role, code: str) -> Actor:
    """Whoever has this role in a place."""
    query = select(User).where(User.role == role, User.division_code == code).order_by(User.id).limit(1)
    return actor_of(db.session.scalars(query).one())
