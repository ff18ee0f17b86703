"""Papers of a place, the register of what was issued, many papers at once, and the words of the offices."""

import html
import re
from datetime import date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, Benefit, Event, Household, IssuedPaper, NearRelative
from policy.vocabulary import Action, LeaveReason, Relation, Role, Scheme, Stage
from tests import factories
from tests.views.clerks import APPROVER, OFFICER, VILLAGE, Clerks
from views import papers_many
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

A = Action
OTHER = factories.XUNCHANG + "202"


def plain(markup: str) -> str:
    text = re.sub(r"<(style|script|nav).*?</\1>", " ", markup, flags=re.DOTALL)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def get(clerks: Clerks, where: str, who=OFFICER) -> str:
    answer = clerks.browser(who).get(where)
    assert answer.status_code == 200, (where, answer.status)
    return answer.get_data(as_text=True)


def issue(clerks: Clerks, kind: str, place: str, who=OFFICER, **more) -> str:
    answer = clerks.browser(who).post(f"/papers/list/{kind}/issue/", query_string={"place": place, **more})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return get(clerks, answer.location.partition("#")[0], who)


def papers(clerks: Clerks) -> list[IssuedPaper]:
    with clerks.app.app_context(), Session(db.engine) as session:
        return list(session.scalars(select(IssuedPaper).order_by(IssuedPaper.id)))


# --- papers of a place ------------------------------------------------------------------------------------------------


def test_what_is_published_is_name_persons_and_amount_of_who_is_paid_there(clerks):
    clerks.to_active()
    with clerks.app.app_context(), Session(db.engine) as session:
        home = session.get_one(Household, clerks.row().household_id)
        name, number, address = home.head_name, home.members[0].id_no, home.address
    text = plain(get(clerks, f"/papers/list/publish/?place={factories.VILLAGE}"))
    assert f"1{name}3790.00" in text and "合计1户" in text and "第二十四条" in text
    assert number not in text and number[-4:] not in text and address not in text
    assert name not in plain(get(clerks, f"/papers/list/publish/?place={OTHER}"))
    clerks.wait(30).walk((A.START_RECHECK, VILLAGE), (A.RECORD_SURVEY, VILLAGE)).walk((A.GIVE_OPINION, OFFICER))
    clerks.walk((A.SUSPEND, APPROVER))
    assert name not in plain(get(clerks, f"/papers/list/publish/?place={factories.VILLAGE}"))


@pytest.mark.parametrize("scheme", ["edge", "rigid"])
def test_a_family_that_is_recognised_without_money_is_published_so_and_not_with_an_amount_of_nothing(clerks, scheme):
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock(), "试")
        home = factories.household(session)
        factories.benefit(session, home, Stage.ACTIVE, scheme=Scheme(scheme), monthly_fen=0)
        session.commit()
    text = plain(get(clerks, f"/papers/list/publish/?place={factories.VILLAGE}&scheme={scheme}"))
    assert "不发放月保障金" in text and "合计1户" in text and "0.00" not in text


def test_children_and_the_disabled_are_never_published(clerks):
    for scheme in ("unsupported_child", "orphan", "care_subsidy", "living_subsidy", "x"):
        where = f"/papers/list/publish/?place={factories.VILLAGE}&scheme={scheme}"
        assert clerks.browser(OFFICER).get(where).status_code == 404


def test_the_movements_of_a_month_tell_who_came_went_and_died(clerks):
    clerks.to_active()
    where = f"/papers/list/movements/?place={factories.XUNCHANG}&month="
    assert "新增（1户3人）" in plain(get(clerks, where + "2026-03"))
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock(), "试")
        home = session.get_one(Household, clerks.row().household_id)
        gone = home.members[1]
        gone.left_on, gone.leave_reason = date(2026, 3, 31), LeaveReason.DEATH
        session.commit()
        name, number = gone.name, gone.id_no
    page = get(clerks, where + "2026-03")
    assert "自然减员（1人）" in plain(page) and name in page and number not in page
    clerks.wait(40).walk((A.LEAVE, OFFICER), form_signed=True, words="自愿")
    month = f"{clerks.clock():%Y-%m}"
    text = plain(get(clerks, where + month))
    assert "停保退出（1户" in text and "新增（0户0人）" in text and "自然减员（0人）" in text


@pytest.mark.parametrize("month", ["2026-13", "x", "1999-01", "2026-04"])
def test_a_month_that_is_none_or_to_come_is_not_found(month, clerks):
    where = f"/papers/list/movements/?place={factories.XUNCHANG}&month={month}"
    assert clerks.browser(OFFICER).get(where).status_code == 404


def test_the_register_of_near_relatives_is_masked_and_whole_for_a_reason(clerks):
    clerks.to_active()
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock(), "试")
        person = session.get_one(Benefit, clerks.id).household.members[0]
        session.add(NearRelative(
            name=person.name, id_no=person.id_no, relation=Relation.SIBLING, staff_name="王强", staff_post="经办人",
            division_code=factories.XUNCHANG, valid_from=date(2026, 3, 1),
        ))  # fmt: skip
        session.commit()
        whole = person.id_no
    where = f"/papers/list/near_relatives/?place={factories.XUNCHANG}"
    page = get(clerks, where)
    assert whole not in page and whole[-4:] in page and "王强" in page
    post = clerks.browser(OFFICER).post
    assert post(where.replace("/?", "/full/?"), data={}).status_code == 422
    answer = post(where.replace("/?", "/full/?"), data={"reason": "audit"})
    assert whole in answer.get_data(as_text=True)
    with clerks.app.app_context(), Session(db.engine) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "reveal")).one()
        assert (entry.reason, entry.after["paper"]) == ("audit", "near_relatives")


@pytest.mark.parametrize(
    ("kind", "place", "who"),
    [
        ("publish", "511526", OFFICER), ("publish", factories.OTHER_VILLAGE, OFFICER),
        ("x", factories.VILLAGE, OFFICER),
        ("movements", factories.VILLAGE, OFFICER), ("near_relatives", factories.XUNCHANG, VILLAGE),
        ("publish", OTHER, VILLAGE), ("publish", "", OFFICER), ("near_relatives", "511526", OFFICER),
    ],
)  # fmt: skip
def test_a_list_of_another_place_or_level_is_not_found(kind, place, who, clerks):
    assert clerks.browser(who).get(f"/papers/list/{kind}/?place={place}").status_code == 404
    assert clerks.browser(who).post(f"/papers/list/{kind}/issue/?place={place}").status_code in (403, 404)


def test_a_notice_is_kept_as_posted_until_other_families_are_on_notice(clerks):
    clerks.to_notice()
    first = issue(clerks, "notice", factories.VILLAGE)
    assert "巡民救〔2026〕1号" in first and "草稿" not in first
    assert get(clerks, f"/papers/notice/?village={factories.VILLAGE}").count("巡民救〔2026〕1号") == 1
    clerks.to_notice()
    assert "草稿" in get(clerks, f"/papers/notice/?village={factories.VILLAGE}")
    assert "巡民救〔2026〕2号" in issue(clerks, "notice", factories.VILLAGE)
    assert [paper.kind for paper in papers(clerks)] == ["notice", "notice"]


LAW220, LAW57 = "民发〔2012〕220号", "民发〔2021〕57号"


@pytest.fixture
def between_the_rules(clerks: Clerks) -> Clerks:
    """July 2021: on notice one family that was accepted in June, by the rule before, and two accepted since."""
    clerks.clock.move(days=(date(2021, 7, 12) - clerks.clock().date()).days)
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        for name, accepted, posted in (("徐前", 30, 8), ("徐后", 1, 8), ("徐新", 2, 9)):
            home = factories.household(session, head_name=name)
            accepted_on = date(2021, 6 if accepted == 30 else 7, accepted)
            case = factories.benefit(session, home, Stage.NOTICE, accepted_on=accepted_on)
            case.events.append(Event(
                action=A.POST_NOTICE, from_stage=Stage.REVIEW, to_stage=Stage.NOTICE, at=datetime(2021, 7, posted, 10),
                actor_name="测试", village_code=case.village_code, township_code=case.township_code,
                data={"until": f"2021-07-{posted + 7}", "amount_fen": 50_000},
            ))  # fmt: skip
        session.commit()
    return clerks


def test_each_family_on_a_notice_stands_under_the_rule_that_its_case_goes_by(between_the_rules):
    text = plain(issue(between_the_rules, "notice", factories.VILLAGE))
    former, _, present = text.partition(f"根据《最低生活保障审核确认办法》（{LAW57}）第十九条")
    assert LAW220 in former and LAW57 not in former and "徐前" in former and "徐后" not in former
    assert LAW220 not in present and present.index("徐后") < present.index("徐新") and "徐前" not in present


@pytest.mark.parametrize(("month", "law", "other"), [("2021-06", LAW220, LAW57), ("2021-07", LAW57, LAW220)])
def test_a_published_list_names_the_rule_of_its_month_whenever_it_is_printed(month, law, other, clerks):
    text = plain(get(clerks, f"/papers/list/publish/?place={factories.VILLAGE}&month={month}"))
    assert law in text and other not in text


def test_a_published_list_stays_as_it_was_posted(clerks):
    clerks.to_active()
    first = issue(clerks, "publish", factories.VILLAGE)
    clerks.to_active()
    clerks.clock.move(days=-8)
    again = get(clerks, f"/papers/list/publish/?place={factories.VILLAGE}&month=2026-03")
    assert plain(again).count("合计1户") == 1 and plain(first).split("公布")[1][:20] in plain(again)


def test_the_page_of_lists_offers_what_the_reader_may_make(clerks):
    clerks.apply()
    assert "增员减员表" in get(clerks, "/papers/lists/") and "近亲属备案表" not in get(
        clerks, "/papers/lists/", VILLAGE
    )


# --- many at once -----------------------------------------------------------------------------------------------------


def accepted(clerks: Clerks, count: int = 3) -> list[int]:
    found = []
    for _ in range(count):
        found.append(clerks.apply())
        clerks.walk((A.ACCEPT, OFFICER))
    return found


def test_what_waits_to_be_handed_over_is_offered_and_goes_when_it_is_issued(clerks):
    accepted(clerks)
    page = get(clerks, "/papers/many/")
    keys = re.findall(r'name="paper" value="(receipt:\d+)"', page)
    assert len(keys) == 3 and "survey:" not in page
    answer = clerks.browser(OFFICER).post("/papers/many/", data={"paper": keys[:2]})
    assert answer.status_code == 303 and answer.location.endswith("#print")
    together = get(clerks, answer.location.partition("#")[0])
    assert re.findall(r'class="one letter n(\d+)"', together) == ["1", "2"]
    assert "〔2026〕1号" in together and "〔2026〕2号" in together
    assert len(re.findall(r'name="paper"', get(clerks, "/papers/many/"))) == 1
    assert len(re.findall(r'name="id"', get(clerks, "/papers/many/?state=done"))) == 2


def test_sheets_printed_together_are_numbered_paper_by_paper(clerks):
    style = clerks.browser(OFFICER).get("/papers/style/numbers.css")
    assert style.mimetype == "text/css"
    rules = style.get_data(as_text=True)
    assert "counter-increment:n2;" in rules and ".n2.letter{page:letter-2}" in rules
    assert f".n{papers_many.MOST_AT_ONCE}.list{{" in rules


def test_more_papers_than_a_page_holds_are_counted_and_led_on_to(clerks, monkeypatch):
    monkeypatch.setattr(papers_many, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(papers_many, "MOST_COUNTED", 2)
    accepted(clerks)
    page, following = get(clerks, "/papers/many/"), get(clerks, "/papers/many/?state=todo&page=2")
    assert (page.count('name="paper"'), following.count('name="paper"')) == (2, 1)
    assert "文书3份" in plain(page) and "page=2" in page and "待出具文书2+" in plain(get(clerks, "/desk/"))


def test_only_the_page_one_is_on_is_marked_in_the_menu(clerks):
    menu = get(clerks, "/papers/lists/").partition('class="top"')[0]
    assert re.findall(r'href="([^"]+)" aria-current="page"', menu) == ["/papers/lists/"]


def test_forms_of_a_village_are_offered_when_they_are_chosen(clerks):
    clerks.to_review()
    page = get(clerks, f"/papers/many/?kind=survey&place={factories.VILLAGE}")
    assert len(re.findall(r'value="survey:\d+"', page)) == 1
    assert 'value="survey:' not in get(clerks, f"/papers/many/?kind=survey&place={OTHER}")


def test_all_ticked_papers_are_issued_or_none(clerks):
    accepted(clerks, 2)
    keys = re.findall(r'value="(receipt:\d+)"', get(clerks, "/papers/many/"))
    assert clerks.browser(OFFICER).post("/papers/many/", data={"paper": [*keys, "receipt:99999"]}).status_code == 404
    assert clerks.browser(VILLAGE).post("/papers/many/", data={"paper": keys}).status_code == 422
    assert papers(clerks) == []


@pytest.mark.parametrize("ticked", [[], ["x"] * 1, [f"receipt:{n}" for n in range(1, 103)]])
def test_nothing_ticked_or_too_much_issues_nothing(ticked, clerks):
    clerks.apply()
    assert clerks.browser(OFFICER).post("/papers/many/", data={"paper": ticked}).status_code in (404, 422)
    assert papers(clerks) == []


def test_the_desk_of_the_township_counts_the_letters_to_issue(clerks):
    accepted(clerks, 2)
    desk = plain(get(clerks, "/desk/"))
    assert "待出具文书2" in desk
    clerks.browser(OFFICER).post(f"/case/{clerks.id}/paper/receipt/issue/")
    assert "待出具文书1" in plain(get(clerks, "/desk/"))


def received(clerks) -> str:
    """An application that was accepted; the key of the letter that says so."""
    clerks.apply()
    clerks.walk((A.ACCEPT, OFFICER))
    with clerks.app.app_context(), Session(db.engine) as session:
        return f"receipt:{session.scalars(select(Event.id).where(Event.action == A.ACCEPT)).one()}"


@pytest.mark.parametrize(("days", "owed"), [(364, 1), (365, 1), (366, 0)])
def test_a_letter_that_nobody_issued_is_owed_for_a_year(days, owed, clerks):
    key = received(clerks)
    clerks.wait(days)
    assert get(clerks, "/papers/many/").count(f'value="{key}"') == owed
    assert ("待出具文书1" in plain(get(clerks, "/desk/"))) == bool(owed)


@pytest.mark.parametrize(("days", "shown"), [(59, 1), (60, 1), (61, 0)])
def test_a_letter_stays_among_the_issued_ones_for_two_months_from_its_issue(days, shown, clerks):
    key = received(clerks)
    clerks.wait(100)
    clerks.browser(OFFICER).post("/papers/many/", data={"paper": [key]})
    assert f'value="{key}"' not in get(clerks, "/papers/many/")
    clerks.wait(days)
    assert get(clerks, "/papers/many/?state=done").count('name="id"') == shown


# --- register and words -----------------------------------------------------------------------------------------------


def test_the_register_is_filtered_by_kind_standing_and_addressee(clerks):
    clerks.to_active()
    for kind in ("receipt", "decision", "survey"):
        clerks.browser(OFFICER).post(f"/case/{clerks.id}/paper/{kind}/issue/")
    rows = lambda query: len(re.findall(r'href="/papers/issued/\d+/"', get(clerks, f"/issued_paper/?{query}")))  # noqa: E731
    everything = rows("")
    assert everything and rows("kind=decision") * 3 == everything
    assert rows("standing=letters") * 3 == everything * 2 and rows("standing=replaced") == 0
    name = papers(clerks)[0].addressee
    assert rows(f"who={name}") == everything and rows("who=没有这个人") == 0
    assert rows("from=2026-03-11") == 0 and rows("year=2026") == everything and rows("year=2025") == 0


def test_the_register_goes_out_as_a_file_on_record(clerks):
    clerks.to_active()
    clerks.browser(OFFICER).post(f"/case/{clerks.id}/paper/decision/issue/")
    answer = clerks.browser(OFFICER).post("/export/issued_paper/", data={"purpose": "年度检查", "kind": "csv"})
    assert answer.status_code == 200 and "巡民救〔2026〕1号" in answer.get_data().decode("utf-8-sig")


def test_the_word_of_an_office_is_chosen_on_its_page(clerks):
    clerks.to_active()
    page = get(clerks, "/papers/offices/", Role.SUPERVISOR)
    assert 'value="巡民救"' in page and 'value="珙民救"' in page
    post = clerks.browser(Role.SUPERVISOR).post
    for nameless in ({}, {"row_version": "x"}):
        sent = {"code": factories.XUNCHANG, "word": "巡字", **nameless}
        assert post("/papers/offices/", data=sent).status_code == 422
    assert (
        post("/papers/offices/", data={"code": factories.XUNCHANG, "word": "珙民救", "row_version": "0"}).status_code
        == 422
    )
    assert (
        post("/papers/offices/", data={"code": factories.XUNCHANG, "word": "巡府救", "row_version": "0"}).status_code
        == 303
    )
    assert (
        post("/papers/offices/", data={"code": factories.XUNCHANG, "word": "巡镇救", "row_version": "0"}).status_code
        == 409
    )
    clerks.browser(OFFICER).post(f"/case/{clerks.id}/paper/decision/issue/")
    assert "巡府救〔2026〕1号" in get(clerks, f"/case/{clerks.id}/paper/decision/")
    assert clerks.browser(OFFICER).get("/papers/offices/").status_code == 403


def test_a_notice_is_opened_for_the_scheme_whose_cases_are_counted(clerks):
    clerks.to_notice()
    with clerks.app.app_context(), db.engine.begin() as raw:
        raw.execute(text("UPDATE benefit SET scheme = 'tekun'"))
    listed = get(clerks, "/papers/notice/")
    links = [
        html.unescape(link) for link in re.findall(r'<a href="(/papers/notice/[^"]+)"', listed.partition("<main")[2])
    ]
    assert len(links) == 2 and "特困" in listed
    for link in links:
        assert "<td>1</td>" in get(clerks, link)
    assert "目前没有正在公示的家庭" in get(clerks, links[0].replace("tekun", "dibao"))


def test_who_works_in_one_village_is_offered_its_notice_and_not_the_township_s(clerks):
    clerks.to_notice()
    offered = [get(clerks, "/papers/notice/", who).count("全乡镇公示") for who in (OFFICER, Role.VILLAGE_WORKER)]
    assert offered == [1, 0]


def test_a_notice_of_nobody_is_not_issued(clerks):
    clerks.apply()
    assert "出具并打印" not in get(clerks, f"/papers/notice/?village={factories.VILLAGE}")
    refused = clerks.browser(OFFICER).post(f"/papers/list/notice/issue/?place={factories.VILLAGE}")
    assert refused.status_code == 422 and "没有正在公示" in refused.get_data(as_text=True)
    assert papers(clerks) == []
