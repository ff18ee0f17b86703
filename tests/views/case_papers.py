"""Papers of a case as a clerk sees and issues them, and what of a family they must not show."""

import html
import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Benefit, IssuedPaper, Member
from policy.vocabulary import DisabilityKind, Illness
from tests.views.clerks import OFFICER, Clerks
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

ADDRESS, PHONE = "红星组12号", "13800001234"


def plain(markup: str) -> str:
    text = re.sub(r"<(style|script|nav).*?</\1>", " ", markup, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def paper(clerks: Clerks, kind: str, who=OFFICER, **args) -> str:
    answer = clerks.browser(who).get(f"/case/{clerks.id}/paper/{kind}/", query_string=args)
    assert answer.status_code == 200, (kind, answer.status)
    return answer.get_data(as_text=True)


def issued(clerks: Clerks, kind: str, who=OFFICER, **form) -> str:
    """Issue a paper and return it as it is kept."""
    answer = clerks.browser(who).post(f"/case/{clerks.id}/paper/{kind}/issue/", data=form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert answer.location.endswith("#print")
    return paper(clerks, kind, who)


def papers_of(clerks: Clerks) -> list[IssuedPaper]:
    with clerks.app.app_context(), Session(db.engine) as session:
        return list(session.scalars(select(IssuedPaper).order_by(IssuedPaper.id)))


def told(clerks: Clerks, kind: str) -> str:
    return plain(paper(clerks, kind)).replace(" ", "")


def burden(clerks: Clerks) -> list[str]:
    """Give the family what must never be posted on a wall; returns it."""
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock(), "试")
        home = session.get_one(Benefit, clerks.id).household
        home.address, home.phone = ADDRESS, PHONE
        head = home.members[0]
        head.illness, head.illness_name = Illness.MAJOR, "尿毒症"
        head.disability_kind, head.disability_level = DisabilityKind.LIMB, 1
        session.commit()
        return [ADDRESS, PHONE, PHONE[-4:], "尿毒症", "肢体", "残疾", *numbers(session, home.id)]


def numbers(session: Session, household_id: int) -> list[str]:
    people = session.scalars(select(Member).where(Member.household_id == household_id))
    return [part for person in people for part in (person.id_no, person.id_no[-4:])]


def ids(clerks: Clerks) -> list[str]:
    with clerks.app.app_context(), Session(db.engine) as session:
        home = session.get_one(Benefit, clerks.id).household_id
        return [m.id_no for m in session.scalars(select(Member).where(Member.household_id == home))]


def looks(clerks: Clerks) -> list[AuditEntry]:
    with clerks.app.app_context(), Session(db.engine) as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == "reveal")))
