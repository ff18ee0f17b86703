"""Rows that an import left because somebody changed what they are about: shown as they stand now, and once more."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ImportBatch, Member
from tests.views.test_importing import Desk, touch
from tests.workflows.exchange import rosters
from tests.workflows.exchange.conftest import in_process  # noqa: F401
from tests.workflows.exchange.rosters import HEAD_ROW, WIFE_ROW, person
from views.context import instance
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM
from workflows.exchange import kept_file

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture
def desk(app, ids, clock):
    return Desk(app, ids, "county_reviewer", clock)


def test_a_row_changed_since_the_preview_is_shown_again(app, desk):
    desk.imported(HEAD_ROW, WIFE_ROW)
    where = desk.staged(HEAD_ROW, WIFE_ROW | {"民族": "苗族"})
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, rosters.NOW)
        session.scalars(select(Member).where(Member.name == "李样")).one().ethnicity = "彝族"
        session.commit()
    desk.press(where, "apply")
    page = desk.page(where)
    assert "1 行期间被他人修改" in page and "现有 → 表中" in page, "the list opens where the sentence points"
    assert "李样" in desk.page(f"{where}?tab=stale")


def test_a_row_that_was_left_shows_what_stands_here_now_beside_the_file_and_who_wrote_it(app, desk):
    desk.imported(HEAD_ROW, WIFE_ROW)
    where = desk.staged(HEAD_ROW, WIFE_ROW | {"民族": "苗族", "文化程度": "初中"})
    who = touch(app, "李样")
    desk.press(where, "apply")
    page = desk.page(f"{where}?tab=stale")
    assert re.search(r"民族</small> <del>彝族</del> → <ins>苗族</ins> <small>预览时：汉族?</small>", page)
    assert "预览时" not in re.search(r"文化程度</small>.*?</span>", page)[0]
    assert f"{who} 于 2027-01-01 08:30 修改：民族" in page and "与现有一致" not in page


def test_a_row_that_was_left_says_where_it_stands_as_the_file_has_it_already(app, desk):
    desk.imported(HEAD_ROW, WIFE_ROW)
    where = desk.staged(HEAD_ROW, WIFE_ROW | {"民族": "彝族"})
    touch(app, "李样")
    desk.press(where, "apply")
    assert re.search(r"<del>彝族</del> → <ins>彝族</ins>.*?与现有一致", desk.page(f"{where}?tab=stale"))


def test_rows_that_were_left_are_shown_again_alone_and_taken_by_decision(app, desk):
    desk.imported(HEAD_ROW, WIFE_ROW)
    where = desk.staged(HEAD_ROW | {"文化程度": "初中"}, WIFE_ROW | {"民族": "苗族"})
    touch(app, "李样")
    desk.press(where, "apply")
    key = desk.key(f"{where}?tab=stale")
    answer = desk.browser.post(f"{where}again", data={"key": key})
    anew = answer.headers["Location"]
    assert answer.status_code == 303 and anew != where
    assert desk.browser.post(f"{where}again", data={"key": key}).headers["Location"] == anew
    page = desk.page(anew)
    assert re.search(r"<del>彝族</del> → <ins>苗族</ins>", page) and "导入 1 行" in page
    assert HEAD_ROW["姓名"] not in re.search(r"<tbody>.*?</tbody>", page, re.DOTALL)[0]
    desk.press(anew, "apply")
    with app.app_context():
        assert db.session.scalars(select(Member.ethnicity).where(Member.name == "李样")).one() == "苗族"


def test_the_file_of_an_import_that_left_rows_is_kept_for_two_weeks_and_of_others_not(app, desk, clock):
    whole = desk.imported(HEAD_ROW, WIFE_ROW)
    where = desk.staged(HEAD_ROW, WIFE_ROW | {"民族": "苗族"})
    touch(app, "李样")
    desk.press(where, "apply")
    key = desk.key(f"{where}?tab=stale")
    with app.app_context():
        folder = instance().imports
        kept_file.sweep(db.session, folder, clock.at + timedelta(days=13))
        kept = db.session.get_one(ImportBatch, int(where.split("/")[2])).stored
        assert whole != where and [file.name for file in folder.iterdir() if "." not in file.name] == [kept]
        kept_file.sweep(db.session, folder, clock.at + timedelta(days=15))
        assert list(folder.iterdir()) == []
    answer = desk.browser.post(f"{where}again", data={"key": key})
    assert answer.status_code == 422 and "重新上传" in html.unescape(answer.get_data(as_text=True))


def test_rows_shown_again_stay_alone_when_the_file_is_read_otherwise(app, desk):
    desk.imported(HEAD_ROW, WIFE_ROW)
    where = desk.staged(HEAD_ROW | {"文化程度": "初中"}, WIFE_ROW | {"民族": "苗族"})
    touch(app, "李样")
    desk.press(where, "apply")
    anew = desk.browser.post(f"{where}again", data={"key": desk.key(f"{where}?tab=stale")}).headers["Location"]
    fields = re.findall(r'<(?:input|select)[^>]*name="([^"]+)"', desk.page(f"{anew}read"))
    assert desk.browser.post(f"{anew}read", data={"do": "check", "blanks": "clear"}).status_code == 303 and fields
    with app.app_context():
        batch = db.session.get_one(ImportBatch, int(anew.split("/")[2]))
        assert (batch.rows, batch.options["blanks"]) == (1, "clear")


def test_an_import_that_left_nothing_is_not_shown_again(desk):
    where = desk.imported(HEAD_ROW, WIFE_ROW)
    answer = desk.browser.post(f"{where}again", data={"key": desk.key()})
    assert answer.status_code == 422 and "无需重新预览" in html.unescape(answer.get_data(as_text=True))


def test_a_person_entered_meanwhile_is_named_with_the_way_to_her_but_not_in_another_township(app, ids, clock, desk):
    desk.imported(HEAD_ROW)
    where, other = desk.staged(HEAD_ROW, WIFE_ROW), desk.staged(HEAD_ROW, WIFE_ROW)
    desk.press(other, "apply")
    desk.press(where, "apply")
    page = desk.page(f"{where}?tab=stale")
    assert re.search(r'<a href="[^"]+">李样</a>.*?期间已被他人登记', page, re.DOTALL)
    officer = Desk(app, ids, "township_officer", clock)
    third = officer.staged(person(101), person(102, 户主身份证号=person(101)["身份证号"]) | {"与户主关系": "配偶"})
    Desk(app, ids, "county_reviewer", clock).imported(person(102, 所属街="孝儿镇"))
    officer.press(third, "apply")
    page = officer.page(f"{third}?tab=stale")
    assert "现登记在本县其他地方" in page and "孝儿" not in page and "期间已被他人登记" not in page
