"""Papers issued long after their step show the family that was decided upon, and say whom they reach instead."""

import pytest
from sqlalchemy.orm import Session

from models import Benefit
from policy.figures import Figures
from policy.vocabulary import Action, Happening, Relation, Sex, Unit
from tests.factories import VILLAGE as VILLAGE_CODE
from tests.views.case_papers import told
from tests.views.clerks import APPROVER, FOUND, OFFICER, VILLAGE, Clerks
from views.db import db
from workflows import audit, household_events
from workflows.actor import SYSTEM, Actor
from workflows.household_event_input import Happened, Newborn

A, H, R = Action, Happening, Relation


@pytest.fixture
def names(clerks: Clerks) -> list[str]:
    """The two of a family whose 低保 was confirmed, by a calculation that counts three."""
    clerks.to_active()
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        people = session.get_one(Benefit, clerks.id).household.members
        for member, relation in zip(people, (R.HEAD, R.SPOUSE), strict=True):
            member.relation = relation
        session.commit()
        return [member.name for member in people]


def happen(clerks: Clerks, kind: Happening, whose: int | None = None, head: int | None = None, **given) -> None:
    with clerks.app.app_context(), Session(db.engine) as session:
        home = session.get_one(Benefit, clerks.id).household
        ids = [member.id for member in home.members]
        member, head = (None if at is None else ids[at] for at in (whose, head))
        happened = Happened(kind, clerks.clock().date(), "群众来办理", member=member, head=head, **given)
        officer = Actor(clerks.ids["township_officer"], "李", OFFICER, home.township_code)
        household_events.happen(session, home, happened, officer, clerks.clock(), Figures.shipped())
        session.commit()


def filled(clerks: Clerks) -> str:
    """The 审核确认表, without who prints it when."""
    return told(clerks, "sheet").partition("申请人")[2].partition("案号")[0]


def test_a_letter_issued_after_the_head_died_reaches_the_new_head_and_names_the_former(clerks, names):
    head, spouse = names
    assert f"{head}：" in told(clerks, "decision") and "原户主" not in told(clerks, "decision")
    clerks.wait(1)
    happen(clerks, H.DEATH, whose=0, head=1)
    assert f"{spouse}（原户主{head}）：" in told(clerks, "decision")
    assert f"申请人{head}（" in told(clerks, "receipt")


def test_a_form_of_a_judgement_shows_the_family_that_was_judged(clerks, names):
    before = filled(clerks)
    clerks.wait(1)
    happen(clerks, H.BIRTH, newborn=Newborn("小满", Sex.FEMALE, R.DAUGHTER))
    clerks.wait(1)
    happen(clerks, H.DEATH, whose=0, head=1)
    assert filled(clerks) == before and "小满" not in before
    assert "小满" in told(clerks, "application") and "户主姓名" + names[1] in told(clerks, "application")


def test_a_form_about_one_person_names_that_person_and_the_head_each_where_they_belong(clerks, names):
    head, spouse = names
    clerks.wait(30).walk((A.START_RECHECK, VILLAGE), (A.RECORD_SURVEY, VILLAGE), (A.GIVE_OPINION, OFFICER))
    clerks.walk((A.KEEP, APPROVER))
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        case = session.get_one(Benefit, clerks.id)
        people = case.household.members
        people[0].sex, people[1].sex = Sex.MALE, Sex.FEMALE
        case.unit, case.member_id = Unit.SINGLE, people[1].id
        session.commit()
    assert f"申请人{spouse}性别女" in told(clerks, "sheet")
    assert f"户主姓名{head}性别男" in told(clerks, "review_sheet")


def test_a_form_keeps_its_person_who_went_along_to_a_family_of_their_own(clerks, names):
    _head, spouse = names
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        case = session.get_one(Benefit, clerks.id)
        case.unit, case.member_id = Unit.SINGLE, case.household.members[1].id
        session.commit()
    clerks.wait(1)
    with clerks.app.app_context(), Session(db.engine) as session:
        going = session.get_one(Benefit, clerks.id).member_id
    happen(clerks, H.SPLIT, along={going: R.HEAD}, village_code=VILLAGE_CODE, address="二组")
    form = filled(clerks)
    assert form.startswith(spouse) and f"是否计入{spouse}" in form


def test_letter_and_form_count_whom_the_calculation_of_the_decision_counted(clerks, names, monkeypatch):
    monkeypatch.setitem(FOUND, "persons", 2)
    clerks.wait(30).walk((A.START_RECHECK, VILLAGE), (A.RECORD_SURVEY, VILLAGE), (A.GIVE_OPINION, OFFICER))
    clerks.walk((A.KEEP, APPROVER))
    assert clerks.row().persons == 2
    assert "保障人口为3人" in told(clerks, "decision") and "保障人口3" in told(clerks, "sheet")
