"""Large .xlsx outside the request, and the bundle of a household: on record, whole, for who may have it."""

import hashlib
import html
import io
import json
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Attachment, AuditEntry, Household, IncomeLine, Job, User
from policy.vocabulary import IncomeKind, Paper, Role, Stage
from tests import factories
from tests.clock import START
from tests.signing_in import browser_of
from views import commands_work, export_jobs, export_kept
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM
from workflows.exchange import files
from workflows.exchange.checking import clean_rows
from workflows.exchange.reading import read_sheet

PICTURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def home(app, ids):
    """A family of two with a case and a document, and one in another township."""
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        made = factories.household(session, members=2, head_name="=王")
        made.phone = "13800001234"
        factories.benefit(session, made, Stage.ACTIVE, monthly_fen=51_000)
        factories.benefit(session, factories.household(session, factories.OTHER_VILLAGE), Stage.ACTIVE)
        folder = app.extensions["doudi"].uploads
        folder.mkdir()
        for name, stored in (("身份证.png", "a.png"), ("丢失.png", "b.png")):
            session.add(Attachment(
                household_id=made.id, paper=Paper.ID_CARD, name=name, media="image/png", stored=stored, size=8,
                sha256=hashlib.sha256(PICTURE).hexdigest(), uploaded_at=START, village_code=made.village_code,
                township_code=made.township_code,
            ))  # fmt: skip
        (folder / "a.png").write_bytes(PICTURE)
        session.commit()
        return {"id": made.id, "numbers": [member.id_no for member in made.members]}


def see(browser, where):
    return html.unescape(browser.get(where).get_data(as_text=True))


def begin(app, ids, clock, login="county_reviewer", **form):
    browser = browser_of(app, ids[login], clock.at)
    form = {"purpose": "年底核对", "kind": "xlsx", "shape": "roster", "numbers": "full", **form}
    answer = browser.post("/export/member/", data=form)
    assert answer.status_code == 303
    return browser, answer.headers["Location"]


def test_a_large_sheet_is_made_by_a_job_and_fetched_by_who_asked_alone(app, ids, clock, home, monkeypatch):
    monkeypatch.setattr(export_jobs, "AT_ONCE", 1)
    browser, where = begin(app, ids, clock)
    assert "即将开始" in see(browser, where) or "refresh" in see(browser, where)
    assert browser.post(f"{where}file").status_code == 404
    with app.app_context():
        assert commands_work.do_all() == 1
        (job,) = db.session.scalars(select(Job))
        assert (job.state, job.done, job.total) == ("done", 3, 3)
        kept = (app.extensions["doudi"].exports / job.arguments["stored"]).read_bytes()
    assert not any(number.encode() in kept for number in home["numbers"]) and not kept.startswith(b"PK")
    page = see(browser, where)
    assert re.search(r"下载（\d+ KB）", page) and "3 条" in page and 'href="/export/member/"' in page
    sheet = openpyxl.load_workbook(io.BytesIO(browser.post(f"{where}file").get_data())).active
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert set(home["numbers"]) <= cells
    other = browser_of(app, ids["supervisor"], clock.at)
    assert [other.get(where).status_code, other.post(f"{where}file").status_code] == [404, 404]
    with app.app_context():
        (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "export"))
        assert (entry.after["rows"], entry.reason) == (3, "年底核对")


def test_whoever_closed_the_page_of_a_file_finds_it_again_for_a_day(app, ids, clock, home, monkeypatch):
    monkeypatch.setattr(export_jobs, "AT_ONCE", 1)
    browser, where = begin(app, ids, clock)
    link = f'href="{where}"'
    assert link in see(browser, "/export/") and "0 %" in see(browser, "/export/")
    with app.app_context():
        commands_work.do_all()
    assert link in see(browser, "/export/") and "已生成" in see(browser, "/export/")
    assert link not in see(browser_of(app, ids["supervisor"], clock.at), "/export/")
    with app.app_context():
        (job,) = db.session.scalars(select(Job))
        (app.extensions["doudi"].exports / job.arguments["stored"]).unlink()
    assert link not in see(browser, "/export/")


def test_a_job_sees_only_what_its_user_may_see(app, ids, clock, home, monkeypatch):
    monkeypatch.setattr(export_jobs, "AT_ONCE", 1)
    browser, where = begin(app, ids, clock, "township_officer", numbers="masked")
    with app.app_context():
        commands_work.do_all()
    sheet = openpyxl.load_workbook(io.BytesIO(browser.post(f"{where}file").get_data())).active
    assert sheet.max_row == 5  # title, note and headers above the two people
    assert not {cell.value for row in sheet.iter_rows() for cell in row} & set(home["numbers"])


@pytest.mark.parametrize("became", [{"role": Role.TOWNSHIP_OFFICER}, {"division_code": factories.XIAOER}])
def test_a_file_is_out_of_reach_of_who_asked_for_it_in_another_role_or_place(
    app, ids, clock, home, monkeypatch, became
):
    monkeypatch.setattr(export_jobs, "AT_ONCE", 1)
    _, where = begin(app, ids, clock)
    with app.app_context():
        commands_work.do_all()
        audit.attribute(db.session, SYSTEM, clock())
        user = db.session.get_one(User, ids["county_reviewer"])
        for name, value in became.items():
            setattr(user, name, value)
        db.session.commit()
    browser = browser_of(app, ids["county_reviewer"], clock.at)
    assert [browser.get(where).status_code, browser.post(f"{where}file").status_code] == [404, 404]
    assert f'href="{where}"' not in see(browser, "/export/")


def test_a_file_is_swept_after_a_day(app, ids, clock, home, monkeypatch):
    monkeypatch.setattr(export_jobs, "AT_ONCE", 1)
    browser, where = begin(app, ids, clock)
    with app.app_context():
        commands_work.do_all()
        folder = app.extensions["doudi"].exports
        from views.context import china_time

        assert export_kept.sweep(folder, china_time()) == 0
        assert export_kept.sweep(folder, china_time() + export_kept.KEPT * 2) == 1
    assert "重新导出" in see(browser, where)
    assert browser.post(f"{where}file").status_code == 404


def test_a_file_that_another_sweep_took_meanwhile_is_none_to_sweep(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "iterdir", lambda folder: iter([folder / "taken"]))
    assert export_kept.sweep(tmp_path, START) == 0


def test_a_sheet_is_split_under_the_same_headers():
    with files.xlsx_file([["甲"], *([str(n)] for n in range(5))], most=2) as made:
        book = openpyxl.load_workbook(made)
    told = [[row[0].value for row in sheet.iter_rows()] for sheet in book]
    assert told == [["甲", "0", "1"], ["甲", "2", "3"], ["甲", "4"]]


def bundle(app, ids, clock, home, login="county_reviewer", purpose="迁往邻县"):
    browser = browser_of(app, ids[login], clock.at)
    return browser.post(f"/household/{home['id']}/bundle/", data={"purpose": purpose})


def test_a_bundle_holds_everything_of_one_family_and_nothing_of_another(app, ids, clock, home):
    answer = bundle(app, ids, clock, home)
    assert answer.status_code == 200 and "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    made = zipfile.ZipFile(io.BytesIO(answer.get_data()))
    told = json.loads(made.read("数据.json"))
    tables = told["tables"]
    assert [person["id_no"] for person in tables["member"]] == home["numbers"]
    assert (len(tables["household"]), tables["household"][0]["phone"]) == (1, "13800001234")
    assert (tables["benefit"][0]["monthly_fen"], len(tables["event"]), told["county_name"]) == (51_000, 1, "珙县")
    document = next(name for name in made.namelist() if name.startswith("附件/"))
    assert (made.read(document), told["missing"]) == (PICTURE, ["丢失.png"])
    book = openpyxl.load_workbook(io.BytesIO(made.read("档案.xlsx")))
    assert {"家庭", "成员"} & set(book.sheetnames)
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert not any("hash" in name or "row_key" in name for rows in tables.values() for row in rows for name in row)


def test_a_bundle_is_recorded_in_the_familys_history_and_needs_a_purpose(app, ids, clock, home):
    assert bundle(app, ids, clock, home, purpose=" ").status_code == 422
    bundle(app, ids, clock, home)
    with app.app_context():
        (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "export"))
        told = (entry.household_id, entry.reason, entry.after["shape"], entry.after["masked"])
        assert told == (home["id"], "迁往邻县", "bundle", False)


@pytest.mark.parametrize(("login", "status"), [("supervisor", 200), ("township_officer", 403), ("auditor", 403)])
def test_only_who_may_see_full_numbers_takes_a_bundle(app, ids, clock, home, login, status):
    assert bundle(app, ids, clock, home, login).status_code == status


def test_a_family_is_imported_where_it_goes_from_the_roster_of_its_bundle(app, ids, clock, home):
    made = zipfile.ZipFile(io.BytesIO(bundle(app, ids, clock, home).get_data()))
    book = openpyxl.load_workbook(io.BytesIO(made.read("名册.xlsx")))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    told = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [row["身份证号"] for row in told] == home["numbers"] and told[0]["与户主关系"] == "户主"
    assert not any(row[name] for row in told for name in ("所属街", "家庭地址", "救助类型", "户月保障金额", "低保证号"))
    for row in book.active.iter_rows(min_row=2):
        for header, value in (("所属街", "孝儿镇"), ("所属社", "双桥村"), ("家庭地址", "1组")):
            row[rows[0].index(header)].value = value
    sheet = io.BytesIO()
    book.save(sheet)
    with app.app_context():
        read = read_sheet(sheet.getvalue(), "名册.xlsx", on=START.date())
        assert read.layout.code == "plain"
        cleaned = clean_rows(read, START.date())
        assert not cleaned.problems and [row.id_no for row in cleaned.rows] == home["numbers"]


def test_every_table_of_a_family_is_in_its_bundle():
    from workflows.exchange import bundle as made

    told = {made.Household, *made.OF_HOUSEHOLD, *made.OF_MEMBER, *made.OF_BENEFIT, *made.OF_VISIT}
    links = {"household_id", "benefit_id", "visit_id"}
    tables = {mapper.class_ for mapper in Household.registry.mappers if links & set(mapper.columns.keys())}
    own = {  # this county's own books, not the family's file
        "AuditEntry", "MatchLine", "RecalculationRow", "BulkLine", "CountyCheck", "HouseholdTask", "HouseholdReport",
    }  # fmt: skip
    assert {table.__name__ for table in tables - told} <= own


def test_every_sheet_and_column_of_the_bundles_workbook_has_a_heading_or_is_for_programs(app):
    from sqlalchemy import inspect

    from views import bundle_words as words
    from views import labels
    from workflows.exchange import bundle as made

    with app.test_request_context("/"):
        for model in (made.Household, *made.OF_HOUSEHOLD, *made.OF_MEMBER, *made.OF_BENEFIT, *made.OF_VISIT):
            table = model.__tablename__
            names = [column.key.removesuffix("_sealed") for column in inspect(model).column_attrs
                     if column.key not in made.LEFT_OUT and not column.key.endswith(("_hash", "_last4"))]  # fmt: skip
            bare = [name for name in names if words.column(name, table).isascii()]
            assert not labels.table(table).isascii() and set(bare) <= words.FOR_PROGRAMS


def test_the_bundles_workbook_tells_stages_places_and_moments_in_words(app, ids, clock, home):
    made = zipfile.ZipFile(io.BytesIO(bundle(app, ids, clock, home).get_data()))
    book = openpyxl.load_workbook(io.BytesIO(made.read("档案.xlsx")))
    steps = [dict(zip([cell.value for cell in book["办理步骤"][1]], [cell.value for cell in row], strict=True))
             for row in book["办理步骤"].iter_rows(min_row=2)]  # fmt: skip
    assert (steps[0]["办理后"], steps[0]["途径"], steps[0]["乡镇（街道）"]) == ("在享", "网页", "巡场镇")
    assert "T" not in steps[0]["时间"]
    heads = [cell.value for sheet in book for cell in sheet[1]]
    assert not [head for head in heads if head.isascii()]


def test_the_bundles_workbook_names_people_and_cases_and_its_data_keep_their_numbers(app, ids, clock, home):
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        person = session.get_one(Household, home["id"]).members[1]
        person.income.append(IncomeLine(kind=IncomeKind.WAGE, year_fen=120_000))
        session.commit()
    made = zipfile.ZipFile(io.BytesIO(bundle(app, ids, clock, home).get_data()))
    tables = json.loads(made.read("数据.json"))["tables"]
    person = next(person for person in tables["member"] if person["id"] == tables["income_line"][0]["member_id"])
    book = openpyxl.load_workbook(io.BytesIO(made.read("档案.xlsx")))
    told = {sheet: dict(zip(*([cell.value for cell in row] for row in book[sheet].iter_rows(max_row=2)), strict=True))
            for sheet in ("收入", "办理步骤")}  # fmt: skip
    assert told["收入"]["成员"] == person["name"]
    assert told["办理步骤"]["救助"] == tables["benefit"][0]["case_no"]


@pytest.mark.parametrize(("table", "name", "value", "told"), [
    ("tekun_person", "items", "eat walk", "自主吃饭、室内自主行走"), ("event", "actor_role", "supervisor", "主管"),
    ("event", "monthly_before_fen", 51000, "510.00"), ("event", "from_stage", None, None),
    ("visit", "village_code", "999999999999", "999999999999"),
])  # fmt: skip
def test_a_cell_of_the_bundle_is_in_words(app, table, name, value, told):
    from views import bundle_words as words

    with app.test_request_context("/"):
        assert words.in_words(table, name, value) == told
