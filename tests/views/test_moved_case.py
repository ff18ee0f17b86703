"""The case of one person now lies in another township: what was issued and photographed before is read with it."""

import pytest
from sqlalchemy.orm import Session

from models import Attachment, Visit
from policy.vocabulary import Paper, Scheme, Stage, Unit, VisitKind
from tests import factories
from tests.clock import START
from tests.signing_in import browser_of, settle
from tests.views.samples import _issued
from views.context import instance
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM
from workflows.household_scope import relocate_case

BYTES = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def users(app):
    return settle(app)


@pytest.fixture
def made(app, users):
    """A person's case of one township with a paper, a document and the photo of a survey; and where it goes then."""
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        home = factories.household(session, members=2)
        far = factories.household(session, factories.OTHER_VILLAGE, head_name="外乡", members=2)
        son = home.members[1]
        case = factories.benefit(
            session, home, Stage.ACTIVE, scheme=Scheme.CARE_SUBSIDY, member=son, unit=Unit.SINGLE, persons=1,
            monthly_fen=10_000,
        )  # fmt: skip
        place = {"household_id": home.id, "village_code": home.village_code, "township_code": home.township_code}
        visit = Visit(kind=VisitKind.SURVEY, done_on=START.date(), found="属实", benefit_id=case.id, **place)
        factories.keep(session, visit)
        kept = {"paper": Paper.ID_CARD, "media": "image/png", "size": 8, "sha256": "0" * 64, "uploaded_at": START}
        rows = [
            Attachment(name="证件.png", stored="a.png", benefit_id=case.id, **kept, **place),
            Attachment(name="照片.png", stored="b.png", visit_id=visit.id, **kept, **place),
            Attachment(name="户口本.png", stored="c.png", **kept, **place),
        ]  # fmt: skip
        factories.keep(session, *rows)
        folder = instance().uploads
        folder.mkdir(parents=True, exist_ok=True)
        for row in rows:
            (folder / row.stored).write_bytes(BYTES)
        paper = _issued(session, home, case)
        session.commit()
        return {"case": case.id, "stay": far.members[1].id, "paper": paper.id, "files": [row.id for row in rows]}


def move(app, made) -> None:
    from models import Benefit, Member

    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        relocate_case(session, session.get_one(Benefit, made["case"]), session.get_one(Member, made["stay"]))
        session.commit()


def answers(browser, made) -> list[int]:
    where = [f"/papers/issued/{made['paper']}/", *(f"/file/{id}/" for id in made["files"])]
    return [browser.get(one).status_code for one in where]


def test_papers_and_photos_of_the_case_are_read_by_who_has_it_now_and_nothing_else_is(app, users, made):
    there = browser_of(app, users["township_officer_2"])
    assert answers(there, made) == [404] * 4
    move(app, made)
    assert answers(there, made) == [200, 200, 200, 404]
    page = there.get(f"/case/{made['case']}/").get_data(as_text=True)
    assert "证件.png" in page and "照片.png" in page and "户口本.png" not in page


def test_where_they_happened_papers_and_photos_stay_readable(app, users, made):
    move(app, made)
    here = browser_of(app, users["township_officer"])
    assert answers(here, made) == [200, 404, 200, 200]
