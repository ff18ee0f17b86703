"""Rosters in through the browser: chosen, looked at, imported, undone; each office its own."""

import html
import io
import re
from datetime import datetime

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import AuditEntry, Benefit, Household, ImportBatch, Member, User
from tests.signing_in import browser_of
from tests.views.answers import count
from tests.workflows.exchange import rosters, sheets
from tests.workflows.exchange.conftest import in_process  # noqa: F401
from tests.workflows.exchange.rosters import HEAD_ROW, HOUSEHOLD, WIFE_ROW, person
from views import commands_work, import_words
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM
from workflows.exchange import codes, steps, working
from workflows.exchange.layouts import MEMBERS

pytestmark = pytest.mark.usefixtures("in_process")
KEY = re.compile(r'name="key" value="([^"]+)"')
ALL_CODES = (*codes.ROW_CODES, *codes.WARNING_CODES)
JUDGED = (
    "unknown_village", "unknown_township", "place_missing", "other_county", "not_your_division", "in_other_household",
    "registered_elsewhere", "head_would_change", "second_head", "head_refused", "head_differs", "income_kept",
    "joins_open_case", "amount_differs", "village_differs", "family_differs", "head_name_differs",
)  # fmt: skip


class Desk:
    """A person importing."""

    def __init__(self, app, ids, login, clock):
        self.app, self.browser = app, browser_of(app, ids[login], clock.at)

    def page(self, where):
        return html.unescape(self.browser.get(where).get_data(as_text=True))

    def key(self, where="/import/"):
        return KEY.search(self.browser.get(where).get_data(as_text=True))[1]

    def upload(self, *rows, name="低保人员.csv", data=None, **form):
        data = data or sheets.csv_bytes(sheets.table(MEMBERS, *rows))
        form = {"key": self.key(), "file": (io.BytesIO(data), name), **form}
        return self.browser.post("/import/", data=form, content_type="multipart/form-data")

    def staged(self, *rows, **form):
        answer = self.upload(*rows, **form)
        assert answer.status_code == 303, html.unescape(answer.get_data(as_text=True))
        return answer.headers["Location"]

    def press(self, where, verb, **form):
        return self.browser.post(f"{where}{verb}", data={"key": self.key(where), **form})

    def undo(self, where, reason="试错", **form):
        page = f"{where}undo" if 'name="key"' in self.page(f"{where}undo") else "/import/"
        return self.browser.post(f"{where}undo", data={"key": self.key(page), "reason": reason, **form})

    def imported(self, *rows, **form):
        where = self.staged(*rows, **form)
        assert self.press(where, "apply").status_code == 303
        return where


@pytest.fixture
def desk(app, ids, clock):
    return Desk(app, ids, "county_reviewer", clock)


def test_a_roster_goes_through_preview_import_and_undo(app, desk):
    where = desk.staged(HEAD_ROW, WIFE_ROW)
    page = desk.page(where)
    assert "导入 2 行" in page and "760.00 元" in page and "新增家庭" in page
    assert sheets.WIFE not in page and sheets.WIFE[-4:] in page
    assert count(app, Household) == 0
    answer = desk.press(where, "apply")
    assert answer.status_code == 303
    page = desk.page(where)
    assert "已导入：新增 2 行，变更 0 行。" in page and "撤销本次导入" in page
    assert count(app, Household) == 1
    before = desk.page(f"{where}undo")
    assert "全部 2 行都将撤销" in before and "撤销 2 行" in before
    assert desk.undo(where, expected="2").status_code == 303
    assert "已撤销" in desk.page(where)
    assert desk.browser.get(f"{where}undo").headers["Location"].endswith(where)


def test_the_preview_survives_reload_and_lists_in_pages_of_fifty(desk):
    where = desk.staged(*[person(2 * n + 1) for n in range(60)])
    assert desk.page(where) != "" and "1 / 2" in desk.page(where)
    second = desk.page(f"{where}?tab=new&page=2")
    assert second.count('scope="row"') == 10 and "2 / 2" in second
    assert "2 / 2" in desk.page(f"{where}?page=999999999999999")


def test_a_changed_cell_shows_old_and_new_and_sealed_numbers_stay_masked(desk):
    desk.imported(name="低保家庭.csv", data=sheets.csv_bytes(sheets.households(HOUSEHOLD)))
    told = HOUSEHOLD | {"联系电话": "13900009999", "家庭住址": "新址"}
    page = desk.page(desk.staged(name="低保家庭.csv", data=sheets.csv_bytes(sheets.households(told))) + "?tab=changed")
    assert "139****9999" in page and "13900009999" not in page
    assert re.search(r"<del>[^<]*南村1组1号</del> → <ins>新址</ins>", page)
    assert 'class="rows long"' in page, "on a telephone, cells one below the other: the choice has no room beside"


def test_another_amount_alone_can_be_carried_out_and_calls_the_case_up(app, desk):
    desk.imported(HEAD_ROW, WIFE_ROW)
    where = desk.staged(HEAD_ROW | {"户月保障金额": "800", "合计": "800"}, WIFE_ROW)
    page = desk.page(where)
    assert "将 1 件列入待复核" in page and "不写入任何内容" in page and "没有需要导入的" not in page
    assert desk.press(where, "apply").status_code == 303
    page = desk.page(where)
    assert "1 件列入待复核。" in page and "因此列入待复核" in page
    assert "没有写入任何行" in desk.page(f"{where}undo")
    with app.app_context():
        assert db.session.scalars(select(Benefit.review_due_on)).one() == rosters.NOW.date()
        assert db.session.scalars(select(Benefit.monthly_fen)).one() == 76000


def test_a_change_beside_another_amount_is_told_before_it_is_imported(desk):
    desk.imported(HEAD_ROW, WIFE_ROW)
    page = desk.page(desk.staged(HEAD_ROW | {"合计": "800"}, WIFE_ROW | {"民族": "苗族"}))
    assert "有 1 户的金额、成员或户主与系统不一致" in page and "导入 1 行" in page


def test_a_file_that_only_says_otherwise_of_a_family_is_not_called_the_same_as_here(desk):
    desk.imported(HEAD_ROW, WIFE_ROW)
    where = desk.staged(HEAD_ROW | {"家庭地址": "新胜村9组"}, WIFE_ROW)
    page = desk.page(where)
    warned = desk.browser.get(f"{where}?tab=warned").get_data(as_text=True)
    assert re.search(r'<th scope="row"><a href="/member/\d+/">', warned), "the way to where it is corrected"
    assert "见“需注意”" in page and "没有需要导入的" not in page
    assert "家庭信息与系统不同" in (told := desk.page(f"{where}?tab=warned")) and "家庭地址" in told
    assert "没有需要导入的" in desk.page(desk.staged(HEAD_ROW, WIFE_ROW))


def test_a_file_whose_rows_are_all_skipped_is_not_called_the_same_as_here(desk):
    where = desk.staged(HEAD_ROW, WIFE_ROW)
    assert desk.press(where, "choose", tab="new", all="skip").status_code == 303
    page = desk.page(where)
    assert "有变化的行都选了“略过”" in page and "没有需要导入的" not in page


def test_rows_that_are_no_data_are_counted(desk):
    rows = sheets.table(MEMBERS, HEAD_ROW, WIFE_ROW)
    data = sheets.csv_bytes([*rows[:2], ["巡场镇小计", "1"], *rows[2:], ["制表人：王"]])
    page = desk.page(desk.staged(data=data))
    assert re.search(r"未读入的合计行和说明行</dt>\s*<dd[^>]*>\s*2\s*</dd>", page)


def test_a_refusal_says_row_column_value_and_what_to_do_but_not_a_sensitive_value(desk):
    bad_id = sheets.WIFE[:-1] + ("0" if sheets.WIFE[-1] != "0" else "1")
    where = desk.staged(HEAD_ROW, WIFE_ROW | {"年收入(元)": "-500"}, person(101, 身份证号=bad_id))
    page = desk.page(f"{where}?tab=refused")
    assert "金额为负数" in page and "-500" in page and "请填写不小于 0 的金额" in page and "年收入(元)" in page
    assert "身份证号末位校验不符" in page and bad_id not in page


def test_a_double_click_imports_once(app, desk):
    where = desk.staged(HEAD_ROW, WIFE_ROW)
    key = desk.key(where)
    for _ in range(2):
        assert desk.browser.post(f"{where}apply", data={"key": key}).status_code == 303
    assert "已办理，未重复提交" in desk.page(where)
    assert count(app, Household) == 1


def test_an_upload_sent_twice_makes_one_batch(app, desk):
    key = desk.key()
    data = sheets.csv_bytes(sheets.members())
    for _ in range(2):
        form = {"key": key, "file": (io.BytesIO(data), "名册.csv")}
        assert desk.browser.post("/import/", data=form, content_type="multipart/form-data").status_code == 303
    assert count(app, ImportBatch) == 1


def test_a_file_that_cannot_be_taken_comes_back_as_a_sentence(desk):
    stars = HEAD_ROW | dict.fromkeys(("身份证号", "户主身份证号"), "**************1173")
    for name, data, said in (
        ("名册.xls", b"x", "内容却不是"), ("名册.csv", b"a,b,c\n1,2,3\n", "没有找到可识别的表头"),
        ("名册.pdf", b"x", "不能导入 .pdf"),
        ("名册.csv", sheets.csv_bytes(sheets.members(stars)), "打码的副本"),
    ):  # fmt: skip
        answer = desk.upload(name=name, data=data)
        assert answer.status_code == 422
        assert said in html.unescape(answer.get_data(as_text=True))
    answer = desk.browser.post("/import/", data={"key": desk.key()})
    assert answer.status_code == 422 and "请选择文件" in answer.get_data(as_text=True)


def test_a_township_officer_imports_the_countys_file_and_gets_their_own_rows(app, ids, clock):
    officer = Desk(app, ids, "township_officer", clock)
    where = officer.imported(person(101), person(103, 所属街="孝儿镇"))
    assert "不在本人的辖区" in officer.page(f"{where}?tab=refused")
    with app.app_context():
        assert db.session.scalars(select(Household.township_code)).all() == ["511526100"]


def test_another_offices_import_is_not_there(app, ids, clock, desk):
    where = desk.imported(HEAD_ROW, WIFE_ROW | {"性别": "男"})
    officer = Desk(app, ids, "township_officer", clock)
    assert officer.browser.get(where).status_code == 404
    assert officer.browser.get(f"{where}refused.xlsx").status_code == 404
    assert officer.browser.post(f"{where}undo", data={"reason": "试错"}).status_code == 404
    assert "低保人员.csv" not in officer.page("/import/")


def test_an_unknown_village_is_created_only_when_the_county_says_so(app, ids, clock, desk):
    strange = person(101, 所属社="云上村")
    page = desk.page(desk.staged(strange))
    assert "巡场镇 云上村" in page and "新建这些村（社区）并重新检查" in page
    officer = Desk(app, ids, "township_officer", clock)
    assert "新建这些村" not in officer.page(officer.staged(strange))
    where = desk.imported(strange, create_villages="y")
    assert "随本次导入新建" in desk.page(where)
    assert count(app, Household) == 1


def touch(app, name):
    """Somebody edits a person after the import."""
    with app.app_context(), Session(db.engine) as session:
        who = session.scalars(select(User).where(User.login == "township_officer")).one()
        audit.attribute(session, rosters.actor(who), datetime(2027, 1, 1, 8, 30))
        session.scalars(select(Member).where(Member.name == name)).one().ethnicity = "彝族"
        session.commit()
        return who.name


def test_rows_touched_since_are_listed_with_who_when_and_what_and_stay(app, desk):
    where = desk.imported(HEAD_ROW, WIFE_ROW, person(7))
    who = touch(app, "李样")
    assert "1 行在导入后被改动" in desk.page(where)
    page = desk.page(f"{where}undo")
    assert "将撤销 1 行" in page and "2 行保持不变" in page
    assert re.search(rf">李样</a></th>.*?该记录已被修改.*?{who}.*?2027-01-01 08:30.*?民族", page)
    assert "同一家庭另有记录保留" in page
    assert desk.undo(where, expected="1").status_code == 303
    page = desk.page(where)
    assert "部分撤销" in page and "2 行因导入后有改动而保留" in page
    assert re.search(r'户主7 <span class="tag">已撤销', page) and page.count(">已撤销</span>") == 1
    page = desk.page(f"{where}undo")
    assert "无可撤销" in page and "<textarea" not in page
    answer = desk.undo(where, expected="0")
    assert answer.status_code == 422 and "没有可以撤销的行" in html.unescape(answer.get_data(as_text=True))


def test_an_undo_of_other_rows_than_were_shown_is_not_done(app, desk):
    where = desk.imported(HEAD_ROW, person(7))
    touch(app, HEAD_ROW["姓名"])
    answer = desk.undo(where, expected="2")
    assert answer.status_code == 422 and "现在可撤销 1 行" in html.unescape(answer.get_data(as_text=True))


def test_a_large_import_is_undone_by_a_job_and_a_refusal_is_told(app, desk, monkeypatch):
    where = desk.imported(HEAD_ROW, person(7))
    monkeypatch.setattr(working, "APPLY_AT_ONCE", 1)
    desk.undo(where, expected="2")
    assert "正在撤销" in desk.page(where)
    touch(app, HEAD_ROW["姓名"])
    with app.app_context():
        commands_work.do_all()
    assert "现在可撤销 1 行" in desk.page(where) and count(app, Household) == 2
    desk.undo(where, expected="1")
    assert "部分撤销" in desk.page(where)


def test_the_history_of_a_record_tells_the_undoing_only_where_it_was_taken_back(app, desk):
    where = desk.imported(HEAD_ROW, person(7))
    touch(app, HEAD_ROW["姓名"])
    desk.undo(where, expected="1")
    with app.app_context():
        ids = dict(map(tuple, db.session.execute(select(Household.head_name, Household.id))))
    told = {name: desk.page(f"/household/{number}/history/").count("撤销导入") for name, number in ids.items()}
    assert told[HEAD_ROW["姓名"]] == 0 and told["户主7"] > 0


def test_an_undo_without_a_reason_changes_nothing(app, desk):
    where = desk.imported(HEAD_ROW)
    assert desk.undo(where, " ").status_code == 422
    with app.app_context():
        assert db.session.scalars(select(ImportBatch.state)).one() == "applied"


def test_refused_rows_come_as_a_file_that_can_be_mended_and_handed_in_again(app, desk):
    where = desk.imported(HEAD_ROW, WIFE_ROW | {"年收入(元)": "-500"})
    answer = desk.browser.get(f"{where}refused.xlsx")
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet = book.active
    assert [cell.value for cell in sheet[1]] == [*(column.header for column in MEMBERS.columns), "问题"]
    assert sheet.max_row == 2 and "金额为负数" in sheet.cell(2, sheet.max_column).value
    place = next(cell.column for cell in sheet[1] if cell.value == "年收入(元)")
    sheet.cell(2, place).value = "500"
    mended = io.BytesIO()
    book.save(mended)
    desk.imported(name="改正.xlsx", data=mended.getvalue())
    assert count(app, Member) == 2
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(AuditEntry.action == "download")) == 1


def test_the_history_of_a_person_shows_what_an_import_changed(app, desk):
    desk.imported(HEAD_ROW, WIFE_ROW)
    where = desk.imported(HEAD_ROW, WIFE_ROW | {"民族": "苗族"})
    with app.app_context():
        wife = db.session.scalars(select(Member).where(Member.name == "李样")).one()
    page = desk.page(f"/member/{wife.id}/history/")
    assert re.search(r"<del>汉族</del>.*?<ins>苗族</ins>", page, re.DOTALL) and where in page
    assert sheets.WIFE not in page
    assert "苗族" in desk.page(f"/household/{wife.household_id}/history/")


def test_others_can_write_while_a_file_is_read(app, desk, monkeypatch):
    read = steps.read_sheet

    def slow(data, name, **more):
        with Session(db.engine) as session:
            audit.attribute(session, SYSTEM, rosters.NOW)
            session.scalars(select(User).limit(1)).one().name = "改名"
            session.commit()
        return read(data, name, **more)

    monkeypatch.setattr(steps, "read_sheet", slow)
    desk.staged(HEAD_ROW)


def test_every_code_has_what_is_wrong_and_what_to_do(app):
    with app.test_request_context():
        assert set(codes.FILE_CODES) <= set(import_words.FILES)
        assert {*ALL_CODES, *JUDGED} <= set(import_words.CAUSES)
        for code in (*ALL_CODES, *JUDGED):
            cause = import_words.CAUSES[code]
            for text in (cause.what, cause.remedy):
                assert re.search(r"[一-鿿]", str(text)), code


def test_every_code_that_the_exchange_gives_is_listed():
    import ast

    from tests.tree import ROOT

    given = set()
    for file in (ROOT / "workflows" / "exchange").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "id", getattr(getattr(node, "func", None), "attr", ""))
            place = {"BadCell": 0, "problem": 1, "_problem": 1, "add": 2}.get(name)
            if place is not None and isinstance(node, ast.Call) and len(node.args) > place:
                given |= {leaf.value for leaf in ast.walk(node.args[place]) if isinstance(leaf, ast.Constant)}
    assert {"negative", "two_heads", "joins_open_case"} <= given
    assert {code for code in given if isinstance(code, str)} <= set(import_words.CAUSES)
