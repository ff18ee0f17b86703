"""Leads and what a match found go out as their pages show them: cell for cell, of one's own place only."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from models import AuditEntry, Lead, MatchLine
from policy.vocabulary import Role
from tests import factories
from tests.views.test_list_export import sent, shown
from tests.views.test_matching import CARS, DISABLED, Office
from tests.workflows.exchange.conftest import in_process  # noqa: F401
from views import commands_work, export_jobs

pytestmark = pytest.mark.usefixtures("in_process")
HERE, THERE = ["巡场镇", "新胜村"], ["孝儿镇", "兴太村"]
PAGES = {
    "lead": ("/leads/?state={tab}", "?state={tab}"),
    "match_line": ("/matching/{run}/?tab={tab}", "?run={run}&tab={tab}"),
}
TABS = [
    ("lead", "open", 0), ("lead", "not_needed", 0), ("match_line", "open", 1), ("match_line", "settled", 1),
    ("match_line", "refused", 1), ("match_line", "leads", 2), ("match_line", "open", 3),
]  # fmt: skip


class Exports(Office):
    """A county whose lists were matched: hits and leads in two townships, open and settled, one not authorised."""

    def __init__(self, app, clock):
        super().__init__(app, clock)
        self.unsign(self.homes[1])
        rows = [
            [name, number, f"=川Q{n}"]
            for n, (_, name, number) in enumerate([*self.homes[0]["people"], *self.homes[1]["people"]])
        ]
        self.upload(CARS, *rows, ["坏行", "1", "川Q9"])
        leads = [[f"外人{n}", factories.id_number(), "一级", *place] for n, place in enumerate((HERE, HERE, THERE))]
        self.numbers = [row[1] for row in leads]
        self.upload(DISABLED, *leads)
        self.upload(CARS, ["外人1", self.numbers[1], "川Q5"], name="线索.csv")
        met = {"key": self.key("/leads/new", Role.VILLAGE_WORKER), "village": factories.VILLAGE, "name": "+王五"}
        self.browser(Role.VILLAGE_WORKER).post("/leads/new", data={**met, "words": "独居", "phone": "13800000000"})
        lines = self.all(select(MatchLine.id).where(MatchLine.match_run_id == 1).order_by(MatchLine.id))
        for line, (outcome, words) in zip(
            lines[1:3], (("explained", "借用他人名义"), ("recheck", "没有授权")), strict=True
        ):
            page = f"/matching/line/{line}/"
            assert self.post(page, page, outcome=outcome, reason=words)[0] == 303
        [one] = self.all(select(Lead.id).where(Lead.name == "外人0"))
        [version] = self.all(select(Lead.row_version).where(Lead.id == one))
        told = {"state": "not_needed", "reason": "已走访", "row_version": version}
        assert self.post("/leads/", f"/leads/{one}/settle", Role.TOWNSHIP_OFFICER, **told)[0] == 303

    def as_(self, who):
        return self.browser(who)

    def send(self, where, who=Role.COUNTY_REVIEWER, **form):
        return self.browser(who).post(where, data={"purpose": "核对", "kind": "csv", **form})

    def entries(self):
        return self.all(select(AuditEntry).where(AuditEntry.action == "export").order_by(AuditEntry.position))


@pytest.fixture
def office(app, clock):
    return Exports(app, clock)


def both(office, who, table, tab, run):
    """The rows of the page, and those of its file."""
    page, where = (one.format(tab=tab, run=run) for one in PAGES[table])
    return shown(office.browser(who).get(page).get_data(as_text=True)), sent(office, who, table, where)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(("table", "tab", "run"), TABS)
def test_a_file_has_the_cells_of_the_tab(office, table, tab, run, language):
    with office.browser(Role.COUNTY_APPROVER).session_transaction() as session:
        session["lang"] = language
    page, file = both(office, Role.COUNTY_APPROVER, table, tab, run)
    assert page and file == page


def test_on_postgres_too_a_file_has_the_cells_of_the_tab(make_app, clock, migrated_postgres_url):
    office = Exports(make_app(DATABASE_URL=migrated_postgres_url), clock)
    for table, tab, run in TABS:
        page, file = both(office, Role.COUNTY_APPROVER, table, tab, run)
        assert page and file == page, (table, tab)


def test_the_page_leads_to_its_export_and_an_empty_tab_to_none(office):
    for page, out in (("/leads/?state=open", "/export/lead/?state=open"),
                      ("/matching/1/?tab=settled", "/export/match_line/?run=1&tab=settled")):  # fmt: skip
        assert f'href="{out}"' in office.see(page)
        asked = office.see(out)
        assert f'href="{page}"' in asked and "打码显示" in asked and ("线索" in asked or "已处理" in asked)
    assert "/export/lead" not in office.see("/leads/?state=applied")


def test_numbers_are_masked_and_what_no_family_authorised_stays_closed(office):
    for who in (Role.COUNTY_REVIEWER, Role.SUPERVISOR, Role.AUDITOR):
        for where in ("/export/lead/", "/export/match_line/?run=1&tab=open", "/export/match_line/?run=1&tab=settled"):
            answer = office.send(where, who, numbers="full", shape="roster")
            told = answer.get_data(as_text=True)
            assert answer.status_code == 200 and not any(number in told for number in office.numbers)
            assert not {"=川Q2", "=川Q3"} & set(told.replace(",", " ").split()) and "川Q2" not in told
            assert ("未授权" in told) == ("match_line" in where)
    assert "川Q0" in office.send("/export/match_line/?run=1&tab=open").get_data(as_text=True)


def test_an_officer_gets_what_lies_in_the_own_township_and_no_match_of_another(office):
    here, there = (home["people"][0][1] for home in office.homes)
    told = office.send("/export/match_line/?run=1&tab=open", Role.TOWNSHIP_OFFICER).get_data(as_text=True)
    assert here in told and there not in told
    leads = office.send("/export/lead/", Role.TOWNSHIP_OFFICER).get_data(as_text=True)
    assert "外人1" in leads and "外人2" not in leads
    assert "外人2" in office.send("/export/lead/", "township_officer_2").get_data(as_text=True)
    rows = office.send("/export/match_line/?run=2&tab=leads", Role.TOWNSHIP_OFFICER).get_data(as_text=True)
    assert "外人1" in rows and "外人2" not in rows
    refused = office.send("/export/match_line/?run=1&tab=refused", Role.TOWNSHIP_OFFICER).get_data(as_text=True)
    assert len(refused.splitlines()) == 1, "rows of the county's list are the county's"
    own = office.cars(office.homes[0], who=Role.TOWNSHIP_OFFICER).rstrip("/").rpartition("/")[2]
    assert office.send(f"/export/match_line/?run={own}").status_code == 200
    assert office.send(f"/export/match_line/?run={own}", "township_officer_2").status_code == 404


def test_who_may_not_see_the_page_gets_no_file(office):
    assert office.send("/export/match_line/?run=1", Role.VILLAGE_WORKER).status_code == 403
    assert office.send("/export/lead/", Role.VILLAGE_WORKER).status_code == 200
    for where in ("/export/lead/", "/export/match_line/?run=1"):
        for who in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
            assert (office.send(where, who).status_code, office.see(where, who)) == (403, 403)
    for run in ("", "9", "x"):
        assert office.send(f"/export/match_line/?run={run}").status_code == 404


def test_purpose_tab_and_number_of_rows_go_on_record_and_without_a_purpose_nothing_goes_out(office):
    assert office.send("/export/lead/", purpose=" ").status_code == 422 and office.entries() == []
    office.send("/export/match_line/?run=1&tab=settled")
    office.send("/export/lead/?state=open")
    first, last = office.entries()
    assert (first.table_name, first.reason, first.after["rows"]) == ("match_line", "核对", 2)
    assert first.after["filters"] == {"run": 1, "tab": "settled"} and first.after["masked"]
    assert (last.table_name, last.after["rows"], last.after["filters"]) == ("lead", 3, {"state": "open"})


def test_a_cell_that_looks_like_a_formula_is_text(office):
    assert ",'+王五," in f",{office.send('/export/lead/').get_data(as_text=True)}".replace("\n", "\n,")
    made = office.send("/export/lead/", kind="xlsx")
    assert "%E7%BA%BF%E7%B4%A2_20260302.xlsx" in made.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(made.get_data())).active
    kinds = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert kinds["+王五"] == "s" and "d" in kinds.values() and sheet.freeze_panes == "A2"


def test_a_large_one_is_made_as_a_job_of_who_asked(office, monkeypatch):
    monkeypatch.setattr(export_jobs, "AT_ONCE", 0)
    where = office.send("/export/match_line/?run=1&tab=settled", Role.TOWNSHIP_OFFICER, kind="xlsx").headers["Location"]
    with office.app.app_context():
        assert commands_work.do_all() == 1
    assert office.browser().post(f"{where}file").status_code == 404
    made = office.browser(Role.TOWNSHIP_OFFICER).post(f"{where}file")
    sheet = openpyxl.load_workbook(io.BytesIO(made.get_data())).active
    assert sheet.max_row == 2 and "借用他人名义" in sheet.cell(2, 8).value
    assert "/export/match_line/?run=1&tab=settled" in office.see(where, Role.TOWNSHIP_OFFICER)
