"""政策参数 and 五地对照 in the browser: what holds where and when, by which clause, and a new value with its effect."""

import html
import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CountyFigure, FigureCheck, User
from policy.figures import Figures
from policy.vocabulary import Role
from tests import factories
from tests.clock import START
from views import figure_line
from views.comparison import FIVE, compare, first_days
from views.db import db
from workflows import audit, demo
from workflows.actor import SYSTEM

COUNTY, TOWN = factories.COUNTY, factories.XUNCHANG
KEY = "dibao.standard.rural"
NEW = {
    "place": COUNTY, "value": "470", "valid_from": "2026-04-01", "valid_to": "", "document": "珙民发〔2026〕3号",
    "clause": "第一条", "status": "official", "note": "",
}  # fmt: skip


def _fill(app):
    with app.app_context(), Session(db.engine) as session:
        demo.fill(session, households=60, seed=1, on=START.date(), now=START)
        audit.attribute(session, SYSTEM, START)
        for row in session.scalars(select(CountyFigure)):  # as in an office that has entered none of its own
            session.delete(row)
        session.commit()
        first = select(User.id).order_by(User.id).limit(1)
        return {role: session.scalars(first.where(User.role == role)).one() for role in Role}


@pytest.fixture
def office(stand):
    return stand(_fill)


@pytest.fixture
def supervisor(office):
    return office.as_(Role.SUPERVISOR)


def page(browser, where, status=200):
    answer = browser.get(where)
    assert answer.status_code == status, where
    return html.unescape(answer.get_data(as_text=True))


def own(office):
    return office.read(lambda session: session.scalars(select(CountyFigure)).all())


def save(browser, **changes):
    return browser.post(f"/figures/{KEY}/add", data={**NEW, **changes})


def test_the_page_shows_each_figure_in_force_with_its_place_document_and_status(office):
    shown = page(office.as_(Role.VILLAGE_WORKER), "/figures/")
    row = re.search(r"渐退期最长月数</a>.*?</tr>", shown, re.DOTALL)[0]
    told = ("12个月", "珙县", "珙县试点工作方案 二(一)1", "2020-05-01 起", "正式", "未核对")
    assert [text for text in told if text not in row] == []


def test_another_day_shows_what_held_then(supervisor):
    assert "渐退期最长月数" not in page(supervisor, "/figures/?on=2020-04-30")
    assert "渐退期最长月数" in page(supervisor, "/figures/?on=2020-05-01")


def test_a_placeholder_is_marked_says_where_it_was_taken_from_and_asks_to_be_replaced(supervisor):
    shown = page(supervisor, "/figures/?show=placeholder")
    assert all(text in shown for text in ("暂用", "待替换", "省定农村低限每月415元", "请主管按本县文件录入"))
    assert "渐退期最长月数" not in shown


def test_what_no_document_says_is_listed_apart(supervisor):
    assert "低保金下限" not in page(supervisor, "/figures/")
    assert "低保金下限" in page(supervisor, "/figures/?show=missing")


def test_the_page_of_a_figure_tells_its_history_as_a_line_and_a_table(supervisor):
    shown = page(supervisor, "/figures/exempt.pension_basic/")
    assert shown.count('<rect class="') == 3
    assert all(text in shown for text in ("2012-12-12 至 2020-12-31", "2021-01-01 至 2025-12-31", "2026-01-01 起"))


@pytest.mark.parametrize("where", ["/figures/no.such/", "/figures/no.such/new", "/figures/own/99/withdraw"])
def test_a_figure_nobody_knows_is_not_found(supervisor, where):
    answer = supervisor.post(where) if where.endswith("withdraw") else supervisor.get(where)
    assert answer.status_code == 404


def test_a_new_value_is_previewed_before_it_is_saved_and_nothing_is_written(office, supervisor):
    shown = page(supervisor, f"/figures/{KEY}/new?look=1&" + "&".join(f"{k}={v}" for k, v in NEW.items()))
    families = re.search(r"按月领取救助的家庭 (\d+) 户", shown)[1]
    changed = re.search(r"金额变化户数</dt><dd>(\d+)", shown)[1]
    assert int(families) > int(changed) > 0
    assert re.search(r"每月差额</dt><dd>\+[\d,]+\.\d\d", shown)
    assert "保存参数" in shown and own(office) == []


def test_a_figure_that_touches_no_amount_says_so(supervisor):
    given = {**NEW, "value": "9"}
    shown = page(supervisor, "/figures/notice.days/new?look=1&" + "&".join(f"{k}={v}" for k, v in given.items()))
    assert "金额变化户数</dt><dd>0<" in shown


def test_a_saved_figure_holds_at_once_for_every_page_and_is_in_the_record(office, supervisor):
    before = page(supervisor, "/figures/?on=2026-04-01")
    assert "415.00 元" in before
    answer = save(supervisor)
    assert answer.status_code == 302
    after = page(supervisor, "/figures/?on=2026-04-01")
    row = re.search(r"农村低保标准（每人每月）</a>.*?</tr>", after, re.DOTALL)[0]
    assert all(text in row for text in ("470.00 元", "珙民发〔2026〕3号 第一条", "本县录入", "2026-03-02"))
    assert "本县参数" in page(supervisor, "/audit/?record=county_figure")


def test_another_process_s_figure_is_seen_by_a_form_at_once_and_by_a_page_within_a_minute(office, supervisor):
    page(supervisor, "/figures/")
    with office.app.app_context():
        mark = office.app.extensions["doudi_figures"]

        def put(session):
            audit.attribute(session, SYSTEM, START)
            row = CountyFigure(
                key=KEY, place_code=COUNTY, measure="fen", value="480", valid_from=date(2026, 1, 1), document="文件",
                clause="一", status="official", note="", added_at=START,
            )  # fmt: skip
            session.add(row)
            return row

        office.add(put)
        office.app.extensions["doudi_figures"] = mark  # as a process that was not told
    assert "415.00 元" in page(supervisor, "/figures/")
    assert save(supervisor, valid_from="2026-01-01").status_code == 422
    office.app.extensions["doudi_figures"] = (*mark[:2], 0.0)
    assert "480.00 元" in page(supervisor, "/figures/")


def test_a_refused_entry_comes_back_filled_with_every_reason(office, supervisor):
    answer = save(supervisor, document="", value="470.005")
    shown = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422 and own(office) == []
    assert all(text in shown for text in ("请填写文件名称和文号。", "不是以“元”计的值", 'value="470.005"', "第一条"))


def test_a_reason_stands_beside_the_field_it_is_about(supervisor):
    shown = html.unescape(save(supervisor, clause="", valid_from="2026-13-01").get_data(as_text=True))
    assert 'href="#clause"' in shown and 'href="#valid_from"' in shown
    assert len(re.findall(r'id="(?:clause|valid_from)-wrong"', shown)) == 2


def test_a_list_of_words_begins_with_what_is_in_force(supervisor):
    shown = page(supervisor, "/figures/single.classes/new")
    assert re.findall(r'value="(\w+)" checked', shown) == ["severe_disability", "major_illness", "elderly", "minor"]


def test_a_wrong_figure_is_withdrawn_with_a_reason_and_stays_on_the_page(office, supervisor):
    save(supervisor)
    (row,) = own(office)
    form = {"row_version": row.row_version, "place": COUNTY}
    nameless = {"place": COUNTY, "reason": "录错"}
    for sent in (form, nameless, {**nameless, "row_version": "x"}):
        assert supervisor.post(f"/figures/own/{row.id}/withdraw", data=sent).status_code == 422
    assert supervisor.post(f"/figures/own/{row.id}/withdraw", data={**form, "reason": "录错"}).status_code == 302
    assert "撤回：录错" in page(supervisor, f"/figures/{KEY}/")
    assert "415.00 元" in page(supervisor, "/figures/?on=2026-04-01")


def test_ticked_figures_are_noted_as_compared_and_leave_the_list(office, supervisor):
    form = {"figure": ["grace.months_max", "grace.months_min"], "place": COUNTY, "on": "2026-03-02", "show": "stale"}
    supervisor.post("/figures/confirm", data=form)
    assert len(office.read(lambda session: session.scalars(select(FigureCheck)).all())) == 2
    assert "渐退期最长月数" not in page(supervisor, "/figures/?show=stale")


@pytest.mark.parametrize(("days", "stale"), [(365, False), (366, True)])
def test_a_figure_compared_longer_than_a_year_ago_is_stale(office, supervisor, days, stale):
    def compared(session):
        row = FigureCheck(
            key="grace.months_max", place_code=COUNTY, valid_from=date(2020, 5, 1),
            checked_on=START.date() - timedelta(days=days),
        )  # fmt: skip
        session.add(row)
        return row

    office.add(compared)
    assert ("超过一年" in page(supervisor, "/figures/grace.months_max/")) is stale


def test_only_the_supervisor_is_offered_to_enter_figures(office, supervisor):
    assert f"/figures/{KEY}/new" in page(supervisor, f"/figures/{KEY}/")
    reader = office.as_(Role.TOWNSHIP_OFFICER)
    assert f"/figures/{KEY}/new" not in page(reader, f"/figures/{KEY}/")
    assert reader.get(f"/figures/{KEY}/new").status_code == 403
    assert save(reader).status_code == 403 and own(office) == []


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_administrators_of_the_system_see_no_figures(office, role):
    assert office.as_(role).get("/figures/").status_code == 403


def test_a_standard_below_its_bound_is_warned_of_with_both_amounts(supervisor):
    given = {**NEW, "value": "500"}
    supervisor.post("/figures/tekun.basic.home/add", data=given)
    shown = page(supervisor, "/figures/?on=2026-04-01")
    assert "分散供养基本生活标准（每人每月）为500.00 元，低于799.50元" in shown


def test_the_comparison_shows_five_places_side_by_side_with_their_clauses_from_the_figures(supervisor):
    shown = page(supervisor, "/comparison/?on=2021-12-01")
    row = re.search(r"渐退期最长月数</th>.*?</tr>", shown, re.DOTALL)[0]
    assert re.findall(r"<b[^>]*>(\d+个月)</b>|(无规定)", row) == [
        ("12个月", ""), ("", "无规定"), ("12个月", ""), ("12个月", ""), ("", "无规定"),
    ]  # fmt: skip
    assert "墩政〔2020〕48号 二(二)" in row
    minors = re.search(r"特困未成年人：年龄未满</th>.*?</tr>", shown, re.DOTALL)[0]
    assert re.findall(r"(\d+)周岁", minors) == ["18", "16", "16", "18", "16"]


def test_the_comparison_follows_the_day(supervisor):
    assert "渐退期最长月数" not in page(supervisor, "/comparison/?on=2020-04-05")
    assert "渐退期最长月数" in page(supervisor, "/comparison/?on=2020-04-06")


def test_the_comparison_leaves_out_what_all_say_alike_unless_asked():
    few, all_ = (compare(Figures.shipped(), date(2021, 12, 1), whole) for whole in (False, True))
    assert {row.key for row in few} < {row.key for row in all_}
    assert "notice.days" in {row.key for row in all_} - {row.key for row in few}


def test_the_days_to_look_at_are_those_on_which_the_documents_of_the_places_began():
    days = dict(first_days(Figures.shipped()))
    first = [str(days[place]) for place in FIVE]
    assert first == ["2020-05-01", "2017-09-22", "2020-04-06", "2021-11-11", "2021-05-26"]


def test_a_dated_line_is_drawn_to_scale_from_the_first_day_to_after_the_chosen_one(supervisor):
    spans = Figures.shipped().over_time("dibao.standard.rural", place=COUNTY)
    with supervisor.application.test_request_context():
        drawn = figure_line.line(spans, date(2026, 3, 2))
    assert [bar.tone for bar in drawn.bars] == ["placeholder", "placeholder"]
    assert [bar.now for bar in drawn.bars] == [False, True]
    assert drawn.bars[0].x == 0 and drawn.bars[1].x == pytest.approx(drawn.bars[0].width, abs=0.2)
    assert drawn.bars[1].x < drawn.at < figure_line.WIDTH
    assert [tick.day for tick in drawn.ticks] == ["2018-01-01", "2021-12-01"]


def test_days_that_lie_close_together_do_not_cover_each_other_s_dates(supervisor):
    spans = Figures.shipped().over_time("price.schemes", place="")
    with supervisor.application.test_request_context():
        drawn = figure_line.line(spans, date(2026, 3, 2))
    assert len({tick.row for tick in drawn.ticks}) > 1
    for row in {tick.row for tick in drawn.ticks}:
        at = [tick.x for tick in drawn.ticks if tick.row == row]
        assert all(second - first >= figure_line.TICK for first, second in pairwise(at))
