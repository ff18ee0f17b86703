"""Lists and rosters out: what for is asked and recorded, full numbers are for few, nothing runs in a spreadsheet."""

import csv
import html
import io
import re

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Household
from policy.vocabulary import Stage
from tests import factories
from tests.clock import START
from tests.signing_in import browser_of
from views import exporting
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM
from workflows.exchange import export, files
from workflows.exchange.layouts import HOUSEHOLDS, MEMBERS


@pytest.fixture
def families(app, ids):
    """Two families here, one in another township; the first head is called like a formula."""
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        homes = [factories.household(session, village, members=2, head_name=name) for village, name in (
            (factories.VILLAGE, "=1+1"), (factories.VILLAGE, "张三"), (factories.OTHER_VILLAGE, "李外"))]  # fmt: skip
        for home in homes:
            factories.benefit(session, home, Stage.ACTIVE, monthly_fen=51_000)
        homes[0].phone = "13800001234"
        numbers = [member.id_no for home in homes for member in home.members]
        session.commit()
    return numbers


@pytest.fixture
def send(app, ids, clock, families):
    def send(login, where="/export/household/", **form):
        return browser_of(app, ids[login], clock.at).post(where, data={"purpose": "年底核对", **form})

    return send


def rows(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    if "csv" in answer.mimetype:
        text = answer.get_data()
        assert text.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active
    head = 3 if sheet.freeze_panes == "A4" else 1
    return [[cell.value or "" for cell in line] for line in sheet.iter_rows(min_row=head)]


def entries(app):
    with app.app_context():
        query = select(AuditEntry).where(AuditEntry.action == "export").order_by(AuditEntry.position)
        return db.session.scalars(query).all()


def test_without_a_purpose_nothing_is_sent_or_recorded(app, send):
    answer = send("county_reviewer", purpose=" x ")
    assert answer.status_code == 422 and "请写明用途" in answer.get_data(as_text=True)
    assert entries(app) == []


def test_an_export_is_recorded_with_list_filters_number_and_purpose(app, send, ids):
    send("county_reviewer", f"/export/household/?township={factories.XUNCHANG}", shape="roster", numbers="full")
    (entry,) = entries(app)
    assert (entry.actor_id, entry.reason, entry.table_name) == (ids["county_reviewer"], "年底核对", "household")
    assert (entry.after["filters"], entry.after["rows"]) == ({"township": factories.XUNCHANG}, 2)
    assert (entry.after["masked"], entry.after["shape"]) == (False, "roster")


def test_a_list_goes_out_as_it_is_shown(send):
    told = rows(send("county_reviewer", "/export/household/?sort=head_name", shape="list", kind="csv"))
    assert told[0][:3] == ["户主", "证号后四位", "人口"]
    assert [line[0] for line in told[1:]] == ["'=1+1", "张三", "李外"]


@pytest.mark.parametrize("table", ["household", "member", "benefit", "owed_paper", "visit"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_every_list_can_be_exported(send, table, kind):
    assert len(rows(send("county_reviewer", f"/export/{table}/", shape="list", kind=kind))) >= 1


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize(("table", "layout", "count"), [("household", HOUSEHOLDS, 3), ("member", MEMBERS, 6)])
def test_a_roster_has_the_columns_of_its_layout(send, families, table, layout, count, kind):
    told = rows(send("supervisor", f"/export/{table}/", shape="roster", numbers="full", kind=kind))
    assert told[0] == [column.header for column in layout.columns]
    assert len(told) == count + 1
    assert families[0] in {cell for line in told for cell in line}


@pytest.mark.parametrize("login", ["auditor", "township_officer", "county_approver", "village_worker"])
def test_others_get_masked_numbers_and_may_not_ask_for_full_ones(send, families, login):
    told = rows(send(login, shape="roster", kind="csv"))
    assert not set(families) & {cell for line in told for cell in line}
    assert "13800001234" not in str(told)
    answer = send(login, shape="roster", numbers="full")
    assert answer.status_code == 422 and "完整号码只有" in answer.get_data(as_text=True)


def test_a_list_is_masked_even_for_those_who_may_see_more(send, families):
    told = rows(send("supervisor", "/export/member/", shape="list", kind="csv"))
    assert not set(families) & {cell for line in told for cell in line}
    answer = send("supervisor", "/export/member/", shape="list", numbers="full", kind="csv")
    assert answer.status_code == 422 and "只有名册格式才有" in answer.get_data(as_text=True)


def test_only_what_lies_under_the_reader_goes_out(send):
    assert "李外" not in str(rows(send("township_officer", shape="roster", kind="csv")))
    assert "李外" not in str(
        rows(send("township_officer", f"/export/household/?township={factories.XIAOER}", kind="csv"))
    )


def test_the_record_is_exported_only_by_those_who_may_read_it(send):
    assert send("auditor", "/export/audit/", kind="csv").status_code == 200
    assert send("township_officer", "/export/audit/").status_code == 403
    assert send("system_admin", "/export/household/").status_code == 403
    assert send("auditor", "/export/nothing/").status_code == 404


def test_the_name_of_the_file_is_chinese_and_survives(send):
    header = send("county_reviewer", kind="csv").headers["Content-Disposition"]
    assert header.startswith("attachment") and "filename*=UTF-8''%E5%AE%B6%E5%BA%AD_20260302.csv" in header
    assert "UTF-8''%E5%AE%B6%E5%BA%AD_20260302.xlsx" in send("county_reviewer").headers["Content-Disposition"]


def test_the_list_leads_to_its_export_with_its_filters(app, ids, clock, families):
    browser = browser_of(app, ids["county_reviewer"], clock.at)
    where = f"/household/?township={factories.XUNCHANG}"
    page = html.unescape(browser.get(where).get_data(as_text=True))
    assert f"/export/household/?township={factories.XUNCHANG}" in page and "导出查询结果（2 户）" in page
    asked = html.unescape(browser.get(f"/export/household/?township={factories.XUNCHANG}").get_data(as_text=True))
    assert "巡场镇" in asked and "（2）" in asked


@pytest.mark.parametrize(
    ("stage", "listed"),
    [(Stage.APPLIED, False), (Stage.NOTICE, False), (Stage.REFUSED, False), (Stage.EXITED, False),
     (Stage.ACTIVE, True), (Stage.RECHECK, True), (Stage.SUSPENDED, True), (Stage.GRACE, True)],
)  # fmt: skip
def test_a_roster_holds_those_whose_allowance_is_in_force_and_the_form_says_so(app, send, ids, clock, stage, listed):
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        home = factories.household(session, head_name="赵样")
        factories.benefit(session, home, stage)
        session.commit()
    assert ("赵样" in str(rows(send("county_reviewer", shape="roster", kind="csv")))) is listed
    assert "赵样" in str(rows(send("county_reviewer", shape="list", kind="csv")))
    page = browser_of(app, ids["county_reviewer"], clock.at).get("/export/household/").get_data(as_text=True)
    assert f"其中待遇在享的（{3 + listed}）" in page and "不论待遇状态（4）" in page
    assert re.search(r'value="list"[^>]* checked', page), "what is exported is what was looked at, unless they choose"


def test_while_csv_is_sent_others_can_write(app, ids, clock, families):
    browser = browser_of(app, ids["county_reviewer"], clock.at)
    answer = browser.post(
        "/export/household/", data={"purpose": "年底核对", "kind": "csv", "shape": "list"}, buffered=False
    )
    stream = answer.iter_encoded()
    assert next(stream).startswith(b"\xef\xbb\xbf")
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        session.scalars(select(Household).limit(1)).one().note = "同时写入"
        session.commit()
    answer.close()


def test_a_list_as_workbook_has_days_and_amounts_as_such(send):
    answer = send("county_reviewer", "/export/benefit/", kind="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active
    kinds = {cell.data_type for cell in sheet[2] if cell.value is not None}
    assert kinds == {"s", "n", "d"} and 510 in [cell.value for cell in sheet[2]]


def test_csv_goes_out_in_the_old_encoding_too(send):
    answer = send("county_reviewer", shape="list", kind="gb18030")
    assert ".csv" in answer.headers["Content-Disposition"]
    assert answer.get_data().decode("gb18030").startswith("户主,")


def test_a_large_csv_is_not_counted_before_it_begins_and_its_rows_are_noted_at_the_end(app, send, monkeypatch):
    monkeypatch.setattr(exporting, "MANY", 2)
    assert len(rows(send("county_reviewer", shape="list", kind="csv"))) == 4
    first, last = entries(app)
    assert (first.after["rows"], last.after["rows"], last.after["whole"], last.reason) == ("> 2", 3, True, "年底核对")


def test_a_download_that_is_broken_off_is_noted_with_what_went_out(app, send, monkeypatch):
    monkeypatch.setattr(exporting, "MANY", 2)
    monkeypatch.setattr(files, "FIRST", 2)
    monkeypatch.setattr(files, "THEN", 1)
    answer = send("county_reviewer", shape="list", kind="csv")
    next(answer.response)
    answer.close()
    assert [entry.after.get("whole") for entry in entries(app)] == [None, False]


def test_a_long_list_is_read_a_part_at_a_time(app, send, monkeypatch):
    seen = []
    real = export.growing
    monkeypatch.setattr(export, "FIRST", 2)
    monkeypatch.setattr(export, "THEN", 3)
    monkeypatch.setattr(export, "growing", lambda ids: (seen.append(list(part)) or part for part in real(ids)))
    assert len(rows(send("county_reviewer", "/export/member/", shape="roster", kind="csv"))) == 7
    assert [len(part) for part in seen] == [2, 3, 1]
