"""An application of somebody in the register of near relatives, taken step by step on the pages of its case."""

from datetime import date

from sqlalchemy.orm import Session

from models import Benefit, NearRelative
from policy.vocabulary import Action, Relation, Stage
from tests import factories
from tests.views.clerks import OFFICER, Clerks, reasons
from views.db import db

A = Action


def registered(clerks: Clerks) -> None:
    """Put the head of the family that applied into the register, past the page that would mark the case at once."""
    with clerks.app.app_context(), Session(db.engine) as session:
        head = session.get_one(Benefit, clerks.id).household.members[0]
        factories.keep(session, NearRelative(
            name=head.name, id_no=head.id_no, relation=Relation.SIBLING, staff_name="王强", staff_post="民政办主任",
            division_code=factories.XUNCHANG, valid_from=date(2026, 1, 5),
        ))  # fmt: skip
        session.commit()


def test_whoever_was_registered_before_they_applied_is_accepted_and_the_case_marked(clerks: Clerks) -> None:
    clerks.apply()
    registered(clerks)
    answer = clerks.press(OFFICER, A.ACCEPT)
    assert answer.status_code == 303, reasons(answer)
    assert clerks.row().near_relative and clerks.stage is Stage.ACCEPTED


def test_whoever_is_found_in_the_register_later_is_marked_with_the_next_step(clerks: Clerks) -> None:
    clerks.to_review()
    registered(clerks)
    answer = clerks.press(OFFICER, A.RECORD_SURVEY)
    assert answer.status_code == 303, reasons(answer)
    assert clerks.row().near_relative
