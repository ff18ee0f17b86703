"""The desk: each number is the size of the list it opens, each row names the next verb, late things come first."""

import html
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from policy.vocabulary import Action, Role, Scheme
from tests import factories
from tests.views.clerks import APPROVER, OFFICER, VILLAGE, Clerks
from views import desk_warnings, nav
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM
from workflows.desk import Count

A = Action
OVERSEERS = (Role.SUPERVISOR, Role.AUDITOR)
MOST_STATEMENTS = 9


def work_everywhere(clerks: Clerks) -> None:
    """Cases at many stages in two townships, some of them late, some papers and visits due."""
    clerks.to_active()
    clerks.to_recheck(grants=False)
    clerks.walk((A.START_GRACE, APPROVER), months=12)
    clerks.to_review().wait(40)
    clerks.apply(Scheme.TEMPORARY, urgent=True, requested_fen=200000)
    clerks.walk((A.PAY_FIRST, APPROVER), amount_fen=200000)
    clerks.to_approval()
    clerks.apply(Scheme.TEMPORARY, urgent=True, requested_fen=200000)
    clerks.to_notice()
    clerks.apply()
    clerks.apply(village=factories.OTHER_VILLAGE, by="township_officer_2")
    clerks.wait(1)


@pytest.fixture
def busy(clerks) -> Clerks:
    clerks.once(work_everywhere)
    return clerks


def seen(clerks: Clerks, who: Role | str, address: str = "/desk/") -> str:
    answer = clerks.browser(who).get(address)
    assert answer.status_code == 200, (address, answer.status)
    return answer.get_data(as_text=True)


def tiles(page: str) -> dict[str, tuple[int, str]]:
    """Label → (number, address) of each tile."""
    found = re.findall(r'<a class="tile" href="([^"]*)"><span>(.*?)</span><b>([\d,]+)', page)
    return {label: (int(n.replace(",", "")), html.unescape(url)) for url, label, n in found}


def rows(page: str) -> int:
    return len(re.findall(r"<tr data-href=|<tr><td class=\"pick\">", page))


def test_the_county_reads_of_each_case_which_townships_village_it_is(clerks):
    clerks.to_review()
    with clerks.app.app_context(), db.engine.begin() as raw:
        raw.execute(text("UPDATE benefit SET waiting_role = 'county_reviewer'"))
    for address in ("/desk/", "/desk/queue"):
        assert ">巡场镇新胜村</td>" in seen(clerks, Role.COUNTY_REVIEWER, address)
    with clerks.app.app_context(), db.engine.begin() as raw:
        raw.execute(text("UPDATE benefit SET waiting_role = 'township_officer'"))
    assert ">新胜村</td>" in seen(clerks, OFFICER, "/desk/queue")


def test_a_notice_whose_days_are_over_is_said_to_be_over_and_not_late(clerks):
    clerks.to_notice()
    clerks.clock.move(days=9)  # and nothing has moved it on yet
    clerks.browsers.clear()
    tile = seen(clerks, OFFICER).partition("公示将满")[2].partition("</a>")[0]
    assert "1 件已期满" in tile and "超期" not in tile


# --- numbers and lists ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who", [VILLAGE, OFFICER, APPROVER, Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER, *OVERSEERS, "township_officer_2"]
)
def test_every_tile_equals_the_list_it_opens(busy, who):
    found = tiles(seen(busy, who))
    assert len(found) >= 6
    for label, (number, address) in found.items():
        assert rows(seen(busy, who, address)) == number, (label, address)


def test_the_numbers_are_those_of_the_readers_own_division(busy):
    assert tiles(seen(busy, OFFICER))["我的待办"][0] == 3
    assert tiles(seen(busy, "township_officer_2"))["我的待办"][0] == 1


def test_the_menu_and_the_desk_say_the_same(busy):
    page = seen(busy, OFFICER)
    badge = re.search(r'aria-current="page">工作台<span class="n over">(\d+)</span>', page)
    assert int(badge[1]) == tiles(page)["我的待办"][0]


def test_a_menu_that_was_written_before_tells_the_numbers_of_the_moment(busy, monkeypatch):
    for number in (3, 4, 3):
        monkeypatch.setattr(nav, "counts", lambda number=number: {"household": Count(number)})
        assert f'家庭<span class="n ">{number}</span>' in seen(busy, OFFICER, "/household/")


def test_what_is_paid_is_counted_in_families_people_and_yuan(busy):
    page = seen(busy, OFFICER)
    note = re.search(r"在保</span><b>(\d+)</b><em class=\"\">(.*?)</em>", page)
    assert note and "人 · 每月 1,580.00 元" in note[2]


@pytest.mark.parametrize("who", [OFFICER, Role.COUNTY_REVIEWER, Role.SUPERVISOR, Role.AUDITOR])
def test_every_number_of_a_place_equals_the_list_it_opens(busy, who):
    table = seen(busy, who).split('id="places"')[1].split("</section>")[0]
    found = re.findall(r'<a[^>]*href="([^"]*)">([\d,]+)</a>', table)
    assert found
    for address, number in found:
        assert rows(seen(busy, who, html.unescape(address))) == int(number), address


def test_the_county_sees_townships_a_township_its_villages_a_village_nothing_below(busy):
    def below(who):
        return re.findall(r'<th scope="row">([^<]*)</th>', seen(busy, who).partition('id="places"')[2])

    assert "巡场镇" in below(Role.SUPERVISOR) and "孝儿镇" in below(Role.SUPERVISOR)
    assert "新胜村" in below(OFFICER) and "巡场镇" not in below(OFFICER)
    assert below(VILLAGE) == []


# --- the queue --------------------------------------------------------------------------------------------------------


def test_the_queue_is_grouped_by_lateness_with_counts_and_hides_empty_groups(busy):
    page = seen(busy, OFFICER, "/desk/queue")
    heads = re.findall(r'<tr class="group( over)?"><th[^>]*>(.*?) <span class="n">(\d+)</span>', page)
    assert next((late.strip(), words) for late, words, _ in heads) == ("over", "已超期")
    assert "今天" not in [words for _, words, _ in heads]
    assert sum(int(n) for *_, n in heads) == rows(page) == tiles(seen(busy, OFFICER))["我的待办"][0]


def test_one_group_holds_as_many_as_its_tab_says(busy):
    page = seen(busy, OFFICER, "/desk/queue")
    tabs = re.findall(r'href="(/desk/queue[^"]*)"[^>]*>([^<]*) <span class="n [^"]*">(\d+)</span>', page)
    assert len(tabs) >= 3
    for address, words, number in tabs:
        assert rows(seen(busy, OFFICER, html.unescape(address))) == int(number), words


def test_late_cases_lead_and_undated_ones_end_the_queue(busy):
    left = re.findall(r'data-label="剩余">(.*?)</td>', seen(busy, OFFICER, "/desk/queue"), re.DOTALL)
    assert "已超期" in left[0] and left[-1].strip() == "—"


def test_the_queue_is_in_the_order_of_due_days_whenever_the_cases_came(clerks, app, clock):
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clock())
        for name, days in (("后", 5), ("超", -3), ("无", None), ("今", 0)):
            due = None if days is None else clock().date() + timedelta(days=days)
            home = factories.household(session, head_name=name)
            factories.benefit(session, home, waiting_role=OFFICER, step_due_on=due)
        session.commit()
    names = re.findall(r'<th scope="row"><a [^>]*>(.)</a>', seen(clerks, OFFICER, "/desk/queue"))
    assert names == ["超", "今", "后", "无"] == re.findall(r'<th scope="row"><a [^>]*>(.)</a>', seen(clerks, OFFICER))


@pytest.mark.parametrize("who", [OFFICER, APPROVER])
def test_each_row_names_a_verb_whose_dialog_can_be_sent_at_once(busy, who):
    links = re.findall(r'class="next"><a href="(/case/\d+/\w+/)">', seen(busy, who, "/desk/queue"))
    assert links
    for address in links:
        assert "暂不能办理" not in seen(busy, who, address), address


def test_from_an_overdue_row_to_a_saved_step_takes_three_clicks(busy):
    address = re.search(r'class="next"><a href="(/case/(\d+)/(\w+)/)">', seen(busy, OFFICER, "/desk/"))
    busy.id = int(address[2])
    assert busy.press(OFFICER, Action(address[3])).status_code == 303


def test_the_queue_comes_in_pages_of_fifty(clerks, app, clock):
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clock())
        for _ in range(51):
            home = factories.household(session)
            factories.benefit(session, home, waiting_role=OFFICER, step_due_on=clock().date() + timedelta(days=30))
        session.commit()
    first, second = seen(clerks, OFFICER, "/desk/queue"), seen(clerks, OFFICER, "/desk/queue?page=2")
    assert (rows(first), rows(second)) == (50, 1) and "51 件" in first
    assert (
        rows(seen(clerks, OFFICER, "/desk/queue?page=99")) == 1
        and rows(seen(clerks, OFFICER, "/desk/queue?page=x&group=y")) == 50
    )


def test_nothing_waiting_is_said_kindly(clerks):
    assert "现在没有待办事项" in seen(clerks, OFFICER)
    assert "没有待办事项" in seen(clerks, OFFICER, "/desk/queue")


# --- roles ------------------------------------------------------------------------------------------------------------


def test_an_auditor_sees_numbers_and_no_queue(busy):
    page = seen(busy, Role.AUDITOR)
    assert tiles(page) and rows(page) == 0
    assert busy.browser(Role.AUDITOR).get("/desk/queue").status_code == 403


@pytest.mark.parametrize("who", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_administrators_see_people_and_backups_and_no_case(busy, app, who):
    page = seen(busy, who)
    assert "在用账号" in page and "还没有备份" in page and "/case/" not in page and "/household/" not in page
    folder = app.extensions["doudi"].backups
    folder.mkdir()
    (folder / "doudi-20260301-031500.sqlite3").touch()
    (folder / "doudi-20260302-031500-kopie.sqlite3").touch()
    assert "2026-03-01 03:15" in seen(busy, who)


def test_the_administrators_tiles_equal_their_lists(busy, app, clock):
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clock())
        factories.user(session, None, factories.XUNCHANG)
        session.commit()
    shown = tiles(seen(busy, Role.SYSTEM_ADMIN))
    assert shown
    for number, address in shown.values():
        listed = seen(busy, Role.SYSTEM_ADMIN, address)
        assert re.search(rf"\b{number}\b", re.sub(r"<[^>]+>", " ", listed.split("<h1")[1])), address


def test_somebody_without_a_role_is_told_whom_to_ask(clerks, app, clock):
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clock())
        clerks.ids["nobody"] = factories.user(session, None, factories.XUNCHANG).id
        session.commit()
    assert "请安全管理员授予角色" in seen(clerks, "nobody")


def test_a_village_worker_sees_the_visits_to_make(clerks, app, clock):
    from models import Visit
    from policy.vocabulary import VisitKind

    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clock())
        for days in (-1, 7, 8):
            home = factories.household(session)
            session.add(Visit(household=home, kind=VisitKind.QUARTERLY, due_on=clock().date() + timedelta(days=days),
                              village_code=home.village_code, township_code=home.township_code))  # fmt: skip
        session.commit()
    page = seen(clerks, VILLAGE)
    assert rows(page) == 2 == tiles(page)["走访到期"][0]


# --- warnings ---------------------------------------------------------------------------------------------------------


def test_a_debt_that_is_late_is_warned_of_with_its_list(busy):
    busy.wait(60)
    page = seen(busy, OFFICER)
    assert "份材料逾期未补" in page
    listed = html.unescape(re.search(r'href="(/owed_paper/[^"]*due=overdue[^"]*)"', page)[1])
    assert f"有 {rows(seen(busy, OFFICER, listed))} 份材料逾期" in page


def test_placeholder_figures_in_force_are_named(clerks):
    page = seen(clerks, OFFICER)
    assert "项有效参数只是暂用，其中有：农村低保标准（每人每月）" in page
    assert "/figures/?place=511526&show=placeholder" in html.unescape(page)


def test_a_village_that_decides_by_no_figure_is_not_told_of_placeholders(clerks):
    assert "只是暂用" not in seen(clerks, VILLAGE)


@pytest.mark.parametrize(
    ("today", "warned"), [(date(2026, 9, 1), False), (date(2026, 9, 22), False), (date(2026, 9, 23), True)]
)
def test_a_year_whose_holidays_are_not_announced_is_warned_of_once_terms_reach_it(app, monkeypatch, today, warned):
    monkeypatch.setattr(desk_warnings, "announced", lambda year: year <= 2026)
    counts = {"paper": Count(), "grace": Count(), "term": Count()}
    with app.test_request_context():
        told = desk_warnings.warnings(counts, Clerk, today)
    assert any("2027" in one["text"] for one in told) is warned


class Clerk:
    """Somebody of the county."""

    division_code = factories.COUNTY
    role = Role.COUNTY_REVIEWER


# --- how it is read ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/desk/", "/desk/queue"])
def test_the_desk_takes_few_statements_however_many_cases_wait(busy, app, address):
    seen(busy, OFFICER, address)
    said = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    seen(busy, OFFICER, address)
    said = [statement for statement in said if statement != "BEGIN"]
    assert len(said) <= MOST_STATEMENTS, "\n".join(said)


def test_home_is_the_desk(clerks):
    assert clerks.browser(OFFICER).get("/").location == "/desk/"
