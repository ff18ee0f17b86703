"""What a visit found to have changed stands on the township's desk until somebody looked into it."""

import html
import re

import pytest
from sqlalchemy import select

from models import AuditEntry, Benefit, Visit
from policy.vocabulary import Action, Role
from tests.views.clerks import OFFICER, VILLAGE, Clerks
from views.db import db

LINE = re.compile(r"(\d+) 次走访发现情况有变化")


@pytest.fixture
def found(clerks: Clerks) -> Clerks:
    """A family on 低保, visited by the village: something changed."""
    clerks.to_active()
    return seen(clerks)


def seen(clerks: Clerks, answer: str = "changed") -> Clerks:
    page = page_of(clerks, VILLAGE, f"/household/{home(clerks)}/visit/")
    key = re.search(r'name="key" value="([^"]+)"', page)
    form = {"key": key[1] if key else "", "consistent": answer, "changes": "income", "words": "儿子外出务工",
            "at_home": "yes", "surveyors": str(clerks.ids[str(VILLAGE)])}  # fmt: skip
    assert clerks.browser(VILLAGE).post(f"/household/{home(clerks)}/visit/", data=form).status_code == 303
    return clerks


def home(clerks: Clerks) -> int:
    with clerks.app.app_context():
        return db.session.get_one(Benefit, clerks.id).household_id


def page_of(clerks: Clerks, who: Role, where: str) -> str:
    return html.unescape(clerks.browser(who).get(where).get_data(as_text=True))


def counted(clerks: Clerks, who: Role = OFFICER) -> int:
    told = LINE.search(page_of(clerks, who, "/desk/"))
    return int(told[1]) if told else 0


def the_visit(clerks: Clerks) -> Visit:
    with clerks.app.app_context():
        return db.session.scalars(select(Visit).where(Visit.found == "儿子外出务工")).one()


def test_the_desk_of_the_township_counts_it_and_opens_exactly_that(found: Clerks) -> None:
    assert counted(found) == 1 and counted(found, VILLAGE) == 0
    listed = page_of(found, OFFICER, "/visit/?state=open")
    assert listed.partition("<tbody>")[2].count("<tr") == 1 and "有变化待办理" in listed


def test_the_village_is_told_what_becomes_of_it_until_the_township_has_looked(found: Clerks) -> None:
    visit = f"/visit/{the_visit(found).id}/"
    assert "已转乡镇经办人" in page_of(found, VILLAGE, visit) and "已转乡镇经办人" not in page_of(found, OFFICER, visit)
    found.walk((Action.START_RECHECK, OFFICER))
    assert "已转乡镇经办人" not in page_of(found, VILLAGE, visit)


def test_a_visit_that_found_all_as_before_asks_nothing_of_anybody(clerks: Clerks) -> None:
    seen(clerks.to_active(), "same")
    assert counted(clerks) == 0


def test_a_recheck_that_is_begun_settles_it(found: Clerks) -> None:
    found.walk((Action.START_RECHECK, OFFICER))
    assert counted(found) == 0 and the_visit(found).open_since is None


def test_that_nothing_is_needed_takes_a_reason_and_stands_in_the_history(found: Clerks) -> None:
    visit = the_visit(found)
    where, browser = f"/visit/{visit.id}/", found.browser(OFFICER)
    send = {"row_version": str(visit.row_version)}
    browser.post(f"{where}nothing-needed", data=send | {"words": " "})
    assert "请填写无需办理的理由" in page_of(found, OFFICER, where) and counted(found) == 1
    browser.post(f"{where}nothing-needed", data=send | {"words": "外出不足一月，收入未变"})
    assert counted(found) == 0 and "无需办理的，填写理由" not in page_of(found, OFFICER, where)
    with found.app.app_context():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (entry.table_name, entry.reason) == ("visit", "外出不足一月，收入未变")


def test_whoever_saw_another_version_of_the_visit_decides_anew(found: Clerks) -> None:
    visit = the_visit(found)
    for version in ({"row_version": str(visit.row_version + 1)}, {"row_version": "x"}, {}):
        found.browser(OFFICER).post(f"/visit/{visit.id}/nothing-needed", data={"words": "无需办理", **version})
        assert counted(found) == 1


def test_the_village_notes_nothing(found: Clerks) -> None:
    visit = the_visit(found)
    form = {"row_version": str(visit.row_version), "words": "无需办理"}
    assert found.browser(VILLAGE).post(f"/visit/{visit.id}/nothing-needed", data=form).status_code == 403
