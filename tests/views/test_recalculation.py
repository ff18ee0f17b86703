"""调标 and 政策模拟 in the browser: begun, watched, looked at, confirmed once, undone; who may, who only looks."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Benefit, CountyFigure, Job
from policy.figure_keys import Measure, Status
from policy.vocabulary import Role, Scheme, Unit
from tests import factories
from tests.signing_in import browser_of
from tests.workflows.recalculating import MONTH, County
from views import charts, commands_work
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

KEY = re.compile(r'name="key" value="([^"]+)"')
POSTED = {"scope": "", "month": "2026-04", "title": "珙民发〔2026〕3号"}
SCENARIOS = {
    "scope": "511526", "month": "2026-04", "name-0": "标准700元", "key-0": ["dibao.standard", ""],
    "value-0": ["700", ""], "name-1": "", "key-1": ["dibao.standard"], "value-1": ["100"],
}  # fmt: skip


class Office:
    """The people of a county with three families, and the standard raised to 700 元 from April on."""

    def __init__(self, app: Flask, clock) -> None:
        self.app, self.clock, self.browsers = app, clock, {}
        with app.app_context():
            self.county = County(db.engine)
            self.cases = [self.county.family(100, 730), self.county.family(300, 530)]
            self.cases.append(self.county.family(None, 400, village=factories.OTHER_VILLAGE))
            self.set_standard("700")

    def set_standard(self, yuan: str) -> None:
        with self.app.app_context(), Session(db.engine) as session:
            audit.attribute(session, SYSTEM, self.clock.at)
            session.add(CountyFigure(
                key="dibao.standard", place_code=factories.COUNTY, measure=Measure.FEN, value=yuan, valid_from=MONTH,
                document="珙民发〔2026〕3号", clause="一", status=Status.OFFICIAL, added_at=self.clock.at,
            ))  # fmt: skip
            session.commit()

    def browser(self, role: Role):
        if role not in self.browsers:
            self.browsers[role] = browser_of(self.app, self.county.people[role].id, self.clock.at)
        return self.browsers[role]

    def page(self, where: str, role: Role = Role.COUNTY_APPROVER) -> str:
        answer = self.browser(role).get(where)
        assert answer.status_code == 200, where
        return html.unescape(answer.get_data(as_text=True))

    def post(self, where: str, role: Role = Role.COUNTY_APPROVER, *, at: str = "", key: str = "", **form):
        key = key or KEY.search(self.page(at or where, role))[1]
        return self.browser(role).post(where, data={"key": key, **form})

    def work(self) -> int:
        with self.app.app_context():
            return commands_work.do_all()

    def begun(self, role: Role = Role.COUNTY_APPROVER) -> str:
        answer = self.post("/recalculation/", role, **POSTED)
        assert answer.status_code == 303, html.unescape(answer.get_data(as_text=True))
        return answer.headers["Location"]

    def staged(self) -> str:
        where = self.begun()
        assert self.work() == 1
        return where

    def applied(self) -> str:
        where = self.staged()
        assert self.post(f"{where}apply", at=where).status_code == 303
        assert self.work() == 1
        return where

    def amounts(self) -> list[int]:
        with self.app.app_context():
            return [self.county.amount(case) // 100 for case in self.cases]


@pytest.fixture
def office(app: Flask, clock) -> Office:
    return Office(app, clock)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_preview_is_begun_watched_and_looked_at(office: Office) -> None:
    where = office.begun()
    page = office.page(where)
    assert 'http-equiv="refresh"' in page and "测算中" in page and "可以关闭本页" in page
    assert office.work() == 1
    page = office.page(where)
    assert 'http-equiv="refresh"' not in page and "尚未作任何改动" in page
    assert "730.00" in page and "1,300.00" in page and "+570.00" in page
    told = words(page)
    assert "低保标准" in told and "700.00 × 2 − 100.00" in told, "each family with its lines"
    assert office.amounts() == [730, 530, 400]


def test_every_bar_of_the_chart_stands_in_the_table_and_leads_to_its_list(office: Office) -> None:
    page = office.page(office.staged())
    chart, table = page.split("<svg")[1].split("</svg>")[0], page.split("</figure>")[1].split("</table>")[0]
    amounts = re.findall(r'<text class="value"[^>]*>([^<]+)</text>', chart)
    assert amounts == ["1,260.00", "2,400.00", "400.00", "400.00"]
    assert all(amount in table for amount in amounts)
    links = re.findall(r'<a href="([^"#]+)#families"', chart)
    assert len(links) == 2
    for link in links:
        assert "没有这样的家庭" not in office.page(link)


def test_families_are_listed_by_what_becomes_of_them_and_by_township(office: Office) -> None:
    where = office.staged()
    assert "情况不全" in office.page(f"{where}?tab=incomplete")
    assert "没有这样的家庭" in office.page(f"{where}?tab=up&township=511526101")
    for strange in ("tab=x", "page=99999999999", "page=x", "township=%27--", "tab=left"):
        office.page(f"{where}?{strange}")


def test_a_confirmed_preview_is_carried_out_and_undone(office: Office) -> None:
    where = office.staged()
    dialog = office.page(where).split('id="confirm"')[1].split("</dialog>")[0]
    assert "执行（2 户）" in dialog  # the button says for how many, as the one that opened it
    assert office.post(f"{where}apply", at=where).status_code == 303
    assert "执行中" in office.page(where)
    office.work()
    page = office.page(where)
    assert "2 户，每户的核算结果都记入各自的办理记录" in page and "最后一天是2026年4月9日" in page
    assert office.amounts() == [1300, 1100, 400]
    assert "调标" in office.page(f"/case/{office.cases[0]}/")
    assert office.post(f"{where}undo", at=where, reason="文件撤回").status_code == 303
    office.work()
    assert "2 户恢复原金额" in office.page(where) and office.amounts() == [730, 530, 400]


def test_a_batch_says_whose_money_it_calls_up(office: Office) -> None:
    with office.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, office.clock.at)
        home = session.get_one(Benefit, office.cases[0]).household
        factories.benefit(session, home, scheme=Scheme.UNSUPPORTED_CHILD, member=home.members[1], unit=Unit.SINGLE)
        session.commit()
    where = office.staged()
    office.post(f"{where}apply", at=where)
    office.work()
    assert "另有 1 名儿童的基本生活费（补贴）按这些金额补差，已列入复核。" in office.page(where)


def test_a_click_twice_carries_out_once(office: Office) -> None:
    where = office.staged()
    key = KEY.search(office.page(where))[1]
    for _ in range(2):
        assert office.post(f"{where}apply", key=key).status_code == 303
    assert office.work() == 1 and office.amounts() == [1300, 1100, 400]
    with office.app.app_context(), Session(db.engine) as session:
        kinds = session.scalars(select(Job.kind).order_by(Job.id)).all()
        assert kinds == ["recalculate", "apply_recalculation"]


def test_a_form_without_its_key_does_nothing(office: Office) -> None:
    where = office.staged()
    answer = office.browser(Role.COUNTY_APPROVER).post(f"{where}apply", data={})
    assert answer.status_code == 422 and office.work() == 0


def test_figures_changed_since_the_preview_are_said_and_nothing_is_done(office: Office) -> None:
    where = office.staged()
    with office.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, office.clock.at)
        session.scalars(select(CountyFigure)).one().value = "710"
        session.commit()
    answer = office.post(f"{where}apply", at=where)
    assert answer.status_code == 422 and "预览之后政策参数有改动" in html.unescape(answer.get_data(as_text=True))
    assert office.amounts() == [730, 530, 400]


def test_what_was_refused_comes_back_filled(office: Office) -> None:
    answer = office.post("/recalculation/", scope="511526100", month="2026-02", title="标准调整通知")
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422 and "请选择" in page and 'value="标准调整通知"' in page
    assert re.search(r'value="511526100" selected', page) and 'value="2026-02"' in page
    assert office.post("/recalculation/", month="x", title="通知").status_code == 422


def test_work_that_was_lost_or_failed_can_be_gone_on_with(office: Office) -> None:
    where = office.begun()
    assert "后台似乎没有在处理" not in office.page(where)
    office.clock.at += timedelta(minutes=3)
    assert "后台似乎没有在处理" in office.page(where)
    with office.app.app_context(), Session(db.engine) as session:
        job = session.scalars(select(Job)).one()
        job.state, job.message = "failed", '{"code": "figure_missing", "args": {"key": "dibao.standard"}}'
        session.commit()
    assert re.search("处理中断：[^<]*低保标准", office.page(where))
    assert office.work() == 0
    assert office.post(f"{where}resume", at=where).status_code == 303
    assert office.work() == 1 and "尚未作任何改动" in office.page(where)


@pytest.mark.parametrize(
    ("role", "begins", "applies"),
    [(Role.COUNTY_REVIEWER, True, False), (Role.COUNTY_APPROVER, True, True), (Role.SUPERVISOR, True, True),
     (Role.AUDITOR, False, False)],
)  # fmt: skip
def test_who_looks_who_begins_who_carries_out(office: Office, role: Role, begins: bool, applies: bool) -> None:
    where = office.staged()
    page = office.page(where, role)
    assert ('href="#confirm"' in page) == applies
    assert ("测算预览" in office.page("/recalculation/", role)) == begins
    assert ("/simulation/" in office.page("/simulation/", role)) and office.page(where, role)


@pytest.mark.parametrize("role", [Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.VILLAGE_WORKER])
def test_townships_and_villages_see_neither(office: Office, role: Role) -> None:
    where = office.staged()
    for address in ("/recalculation/", where, "/simulation/"):
        assert office.browser(role).get(address).status_code == 403


def test_a_preview_is_laid_aside(office: Office) -> None:
    where = office.staged()
    assert office.post(f"{where}drop", at=where).status_code == 303
    assert "已搁置" in office.page(where) and 'href="#confirm"' not in office.page(where)


def test_what_changed_meanwhile_is_shown_after_the_batch(office: Office) -> None:
    where = office.staged()
    office.county.write(lambda s: setattr(s.get_one(Benefit, office.cases[0]), "urgent", True))
    office.post(f"{where}apply", at=where)
    office.work()
    page = office.page(f"{where}?tab=left")
    assert "期间有变动，未处理" in page and "未处理 <span" in page
    assert office.amounts() == [730, 1100, 400]


@pytest.mark.parametrize("role", [Role.COUNTY_REVIEWER, Role.AUDITOR])
def test_the_changed_families_go_out_with_a_purpose_on_record(office: Office, role: Role) -> None:
    where = office.applied()
    browser = office.browser(role)
    assert browser.post(f"{where}families", data={"kind": "csv", "purpose": " "}).status_code == 422
    sheet = browser.post(f"{where}families", data={"kind": "csv", "purpose": "报县政府"}).get_data(as_text=True)
    told = [line.split(",") for line in sheet.splitlines()]
    assert told[0][:4] == ["\ufeff乡镇（街道）", "村（社区）", "户主", "案号"]
    assert [line[6:11] for line in told[1:]] == [
        ["730.00", "1300.00", "570.00", "增发", "已执行"], ["530.00", "1100.00", "570.00", "增发", "已执行"],
        ["400.00", "400.00", "0.00", "缺少情况", "未执行"],
    ]  # fmt: skip
    assert browser.post(f"{where}families", data={"kind": "xlsx", "purpose": "报县政府"}).data.startswith(b"PK")
    with office.app.app_context(), Session(db.engine) as session:
        told = session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).all()
    assert [entry.reason for entry in told] == ["报县政府"] * 2


# --- simulation -------------------------------------------------------------------------------------------------------


def simulated(office: Office) -> str:
    answer = office.post("/simulation/", **SCENARIOS)
    assert answer.status_code == 303, words(html.unescape(answer.get_data(as_text=True)))
    assert office.work() == 1
    return answer.headers["Location"]


def test_two_scenarios_stand_side_by_side(office: Office) -> None:
    with office.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, office.clock.at)
        session.delete(session.scalars(select(CountyFigure)).one())
        session.commit()
    page = words(office.page(simulated(office)))
    assert "标准700元" in page and "低保标准（每人每月） 100" in page
    assert "每月金额（元） 1,660.00 2,800.00 500.00" in page
    assert "每年增减（元） — +13,680.00 −13,920.00" in page
    assert "分乡镇" in page and "分类别" in page and "老年人" in page
    assert office.amounts() == [730, 530, 400]


def test_its_sums_go_out_and_the_export_is_on_record(office: Office) -> None:
    where = simulated(office)
    csv = office.browser(Role.AUDITOR).get(f"{where}sums.csv").get_data(as_text=True)
    assert csv.startswith("\ufeff方案,") and "标准700元,合计" in csv and "巡场镇" in csv
    assert office.browser(Role.AUDITOR).get(f"{where}sums.xlsx").data.startswith(b"PK")
    assert office.browser(Role.AUDITOR).get(f"{where}sums.exe").status_code == 404
    with office.app.app_context(), Session(db.engine) as session:
        told = session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).all()
    assert [entry.table_name for entry in told] == ["recalculation"] * 2


def test_a_value_that_is_none_comes_back_beside_its_reason(office: Office) -> None:
    answer = office.post("/simulation/", **SCENARIOS | {"value-0": ["许多", ""]})
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422 and "“许多”不能作为" in page and 'value="许多"' in page
    more = office.post("/simulation/", **SCENARIOS | {"add_row": "0", "key-0": [""] * 4, "value-0": [""] * 4})
    page = html.unescape(more.get_data(as_text=True))
    assert more.status_code == 200 and 'value="标准700元"' in page
    assert len(re.findall(r'name="value-0"', page)) == 5


def test_a_simulation_is_not_found_among_adjustments_and_cannot_be_carried_out(office: Office) -> None:
    id = simulated(office).rsplit("/", 2)[-2]
    assert office.browser(Role.COUNTY_APPROVER).get(f"/recalculation/{id}/").status_code == 404
    key = KEY.search(office.page("/recalculation/"))[1]
    assert office.post(f"/recalculation/{id}/apply", key=key).status_code == 404


def test_nothing_in_these_pages_needs_what_the_policy_of_contents_forbids(office: Office) -> None:
    pages = [office.page(where) for where in (office.applied(), simulated(office), "/recalculation/", "/simulation/")]
    assert not [page for page in pages if re.search(r"<[^>]+ (style|on\w+)=|<script(?![^>]+src)", page)]


# --- charts -----------------------------------------------------------------------------------------------------------


def test_bars_share_one_scale_and_nothing_divides_by_nothing() -> None:
    drawn = charts.bars([("甲", "", (50, 100), ("50", "100")), ("乙", "", (0, -5), ("0", "−5"))], ("前", "后"))
    assert [[bar.width for bar in group.bars] for group in drawn.groups] == [[charts.WIDTH // 2, charts.WIDTH], [0, 0]]
    assert charts.bars([("甲", "", (0,), ("0",))], ("前",)).groups[0].bars[0].width == 0
    assert charts.bars([], ("前",)).height == 1
