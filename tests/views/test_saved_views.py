"""常用查询: a list kept under a name, as a chip, as where the list begins, shared by a supervisor, put away again."""

import re

import pytest
from sqlalchemy import select

from models import SavedView
from policy.vocabulary import Role
from tests import factories
from tests.signing_in import browser_of, settle
from tests.views.answers import text
from workflows import saved_views

LATE = "stage=active&due=overdue"


@pytest.fixture
def office(stand):
    return stand(settle)


@pytest.fixture
def supervisor(office):
    return office.as_("supervisor")


def keep(browser, name="超期", query=LATE, **form):
    return browser.post("/views/save", data={"page": "benefit", "query": query, "name": name, **form})


def chips(page: str) -> dict[str, str]:
    """Name → address of the saved views over a list."""
    if 'class="chips views"' not in page:
        return {}
    part = page[page.index('class="chips views"') :].partition("</ul>")[0]
    return {name.strip(): href for href, name in re.findall(r'<a href="([^"#]+)"[^>]*>([^<]+)', part)}


def offered(browser) -> list[str]:
    """What Ctrl+K offers."""
    return [entry["label"] for entry in browser.get("/palette/").json["entries"]]


def kept(office) -> list[SavedView]:
    return office.read(lambda session: session.scalars(select(SavedView).order_by(SavedView.id)).all())


def test_a_filtered_list_is_kept_under_a_name_and_comes_back_as_a_chip(supervisor):
    page = text(supervisor.get(f"/benefit/?{LATE}"))
    query = re.search(r'name="query" value="([^"]*)"', page)[1]
    answer = keep(supervisor, query=query)
    assert answer.status_code == 303
    page = text(supervisor.get(answer.location))
    assert "已存为常用查询" in page
    assert set(chips(page)["超期"].partition("?")[2].split("&")) == set(LATE.split("&"))
    assert re.search(r'aria-current="true">超期', page)


def test_what_no_filter_knows_and_single_rows_are_not_kept(office, supervisor):
    keep(supervisor, query="stage=active&id_no=511526196005170011&found=1.2&due=never&page=7")
    assert [view.query for view in kept(office)] == ["stage=active"]


def test_a_list_that_the_reader_does_not_see_cannot_be_kept(office, supervisor):
    for page in ("division", "users", "nothing", ""):
        assert supervisor.post("/views/save", data={"page": page, "query": "", "name": "甲"}).status_code == 404
    assert kept(office) == []


@pytest.mark.parametrize(
    ("name", "said"), [("", "起个名称"), ("  ", "起个名称"), ("长" * 31, "30"), ("长" * 30, "已存为常用查询")]
)
def test_a_view_has_a_name_of_at_most_thirty_characters(name, said, supervisor):
    assert said in text(supervisor.get(keep(supervisor, name=name).location))


def test_a_name_used_again_takes_the_new_content(office, supervisor):
    keep(supervisor)
    keep(supervisor, query="stage=grace")
    assert [view.query for view in kept(office)] == ["stage=grace"]


def test_at_most_twenty_are_kept_for_a_list(office, supervisor, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST", 2)
    for name in "甲乙丙":
        answer = keep(supervisor, name=name)
    assert "最多存 2 个" in text(supervisor.get(answer.location))
    assert len(kept(office)) == 2


def test_a_list_begins_with_the_usual_view_and_the_whole_list_stays_one_click_away(office, supervisor):
    keep(supervisor, query="stage=active", usual="yes")
    answer = supervisor.get("/benefit/")
    assert answer.status_code == 302
    page = text(supervisor.get(answer.location))
    assert re.search(r'href="/benefit/\?view=all"', page)
    assert supervisor.get("/benefit/?view=all").status_code == 200
    assert office.as_("county_reviewer").get("/benefit/").status_code == 200
    keep(supervisor, name="渐退", query="stage=grace", usual="yes")
    assert [view.usual for view in kept(office)] == [False, True]
    id = kept(office)[1].id
    supervisor.post(f"/views/{id}/usual", data={"usual": ""})
    assert supervisor.get("/benefit/").status_code == 200


def test_a_view_is_renamed_but_not_to_the_name_of_another(office, supervisor):
    keep(supervisor, name="甲")
    keep(supervisor, name="乙")
    id = kept(office)[0].id
    answer = supervisor.post(f"/views/{id}/rename", data={"name": "乙"}, follow_redirects=True)
    assert "已有名为“乙”" in text(answer)
    supervisor.post(f"/views/{id}/rename", data={"name": "丙"})
    assert {view.name for view in kept(office)} == {"丙", "乙"}
    assert "丙" in chips(text(supervisor.get("/benefit/")))


def test_a_view_is_removed_and_the_list_is_as_before(office, supervisor):
    keep(supervisor, usual="yes")
    supervisor.post(f"/views/{kept(office)[0].id}/remove")
    assert kept(office) == []
    assert chips(text(supervisor.get("/benefit/"))) == {}


def test_only_a_supervisor_shares_and_everybody_sees_their_own_division_through_it(office, supervisor):
    keep(supervisor, query="stage=active&size=50")
    id = kept(office)[0].id
    reviewer, officer = office.as_("county_reviewer"), office.as_("township_officer")
    assert chips(text(reviewer.get("/benefit/"))) == {}
    assert officer.post(f"/views/{id}/share", data={"shared": "yes"}).status_code == 403
    supervisor.post(f"/views/{id}/share", data={"shared": "yes"})
    assert "超期" in chips(text(reviewer.get("/benefit/")))
    assert "孝儿镇" not in text(officer.get(chips(text(officer.get("/benefit/")))["超期"]))
    assert reviewer.post(f"/views/{id}/remove").status_code == 404
    assert reviewer.post(f"/views/{id}/rename", data={"name": "改"}).status_code == 404
    supervisor.post(f"/views/{id}/share", data={"shared": ""})
    assert chips(text(reviewer.get("/benefit/"))) == {}


def test_a_view_whose_filter_is_not_the_readers_is_not_offered_for_it_would_show_another_list(office, supervisor):
    keep(supervisor, "孝儿镇在享", "stage=active&township=511526101")
    supervisor.post(f"/views/{kept(office)[0].id}/share", data={"shared": "yes"})
    reviewer, officer = office.as_("county_reviewer"), office.as_("township_officer")
    assert "孝儿镇在享" in chips(text(reviewer.get("/benefit/")))
    assert "孝儿镇在享" in offered(reviewer)
    assert "孝儿镇在享" not in [*chips(text(officer.get("/benefit/"))), *offered(officer)]
    listed = text(officer.get("/views/"))
    assert "不适用于本辖区" in listed and "township=511526101" not in listed


def test_a_view_of_a_list_that_the_reader_may_not_open_is_not_offered(office, supervisor):
    supervisor.post("/views/save", data={"page": "audit", "query": "", "name": "全部记录"})
    supervisor.post(f"/views/{kept(office)[0].id}/share", data={"shared": "yes"})
    assert "全部记录" in offered(office.as_("auditor"))
    assert "全部记录" not in offered(office.as_("township_officer"))


def test_another_supervisor_sees_who_shared_a_view_and_stops_that(office, supervisor):
    keep(supervisor)
    id = kept(office)[0].id
    supervisor.post(f"/views/{id}/share", data={"shared": "yes"})
    other = office.add(lambda s: factories.user(s, Role.SUPERVISOR, factories.COUNTY, name="新主管"))
    browser = browser_of(office.app, other, office.clock.at)
    listed = text(browser.get("/views/"))
    assert "共享" in listed and "停止共享" in listed and "更名" not in listed
    assert office.as_("county_reviewer").post(f"/views/{id}/share", data={"shared": ""}).status_code == 403
    browser.post(f"/views/{id}/share", data={"shared": ""})
    assert [view.shared for view in kept(office)] == [False]
    assert browser.post(f"/views/{id}/share", data={"shared": "yes"}).status_code == 404, "not one's own to share"


def test_the_page_of_views_says_list_filters_and_who_sees_them(office, supervisor):
    keep(supervisor)
    page = text(supervisor.get("/views/"))
    assert "环节：在享" in page
    assert "仅本人" in page
    reviewer = text(office.as_("county_reviewer").get("/views/"))
    assert "还没有常用查询" in reviewer
