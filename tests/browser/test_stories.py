"""For each of the five places, a family of its own document's story, taken to a decision on the pages of its county.

With ``DOUDI_TEST_PICTURES`` naming a folder, every case page and printed decision is kept there (PNG, PDF).
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from models import Benefit, HouseholdTag, User
from policy.vocabulary import (
    Action,
    CareNeed,
    DisabilityKind,
    Employment,
    Illness,
    IncomeKind,
    Relation,
    Role,
    Schooling,
    Sex,
    SpendingKind,
    Stage,
    Tag,
)
from tests.browser.counties import GONGXIAN, MANGSHI, NANGUAN, SIXIAN, YANPING, County, Desks, Story, begin
from tests.browser.test_journey import opinion, words
from tests.clock import Clock
from views.db import db

OFFICER, APPROVER = Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER
REVIEWER, COUNTY_APPROVER = Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER
A = Action
AGREED = words("按程序审核，同意")


class Place:
    """One county at work: its browsers, and the hands that do what lies before and between them."""

    def __init__(self, app: Flask, base: str, open_page: Callable[..., Page], clock: Clock, where: County) -> None:
        self.app, self.clock, self.where = app, clock, where
        clock.go_to(where.day)
        with app.app_context():
            self.people = begin(db.session, where, clock())
            ids = {role: user.id for role, user in self.people.items()}
            db.session.commit()
        self.desks = Desks(app, base, open_page, clock)
        self.desks.ids = ids
        self.case_id = 0

    @contextmanager
    def before(self) -> Iterator[Story]:
        """What happens out of sight: steps past the browser, at the county's time."""
        with self.app.app_context():
            people = {role: db.session.get_one(User, id) for role, id in self.desks.ids.items()}
            story = Story(db.session, self.where, people, self.clock())
            if self.case_id:
                story.case = db.session.get_one(Benefit, self.case_id)
                story.home = story.case.household
            yield story
            db.session.commit()
            self.case_id = story.case.id

    def investigated(self, story: Story) -> None:
        story.do(A.ACCEPT).do(A.START_REVIEW).do(A.RECORD_SURVEY).do(A.RECORD_CROSSCHECK)
        if story.facts().former.meeting_asked:
            story.do(A.REVIEW_MEETING)

    def announced(self, county: bool) -> None:
        """Eight days on the village's board; the county's own opinion where it decides; what the day's rule adds."""
        with self.before() as story:
            story.do(A.POST_NOTICE)
        self.desks.wait(8)
        with self.before() as story:
            if story.facts().former.drawn:
                story.do(A.COUNTY_VISIT, REVIEWER)
            if county:
                story.do(A.COUNTY_OPINION, REVIEWER)
            second = story.facts().former.second_notice
            if second:
                story.do(A.POST_NOTICE, REVIEWER if county else OFFICER)
        if second:
            self.desks.wait(8)

    def shown(self, role: Role, name: str, *texts: str) -> None:
        """The case page says this about its calculation."""
        page = self.desks.open_case(role)
        card = page.locator("#calculation")
        for more in card.locator("details").all():
            more.evaluate("more => more.open = true")
        for text in texts:
            expect(card).to_contain_text(text)
        keep(page, f"{name}-case")

    def printed(self, role: Role, kind: str, name: str, *texts: str) -> None:
        """The printed paper says this."""
        page = self.desks.at(role)
        page.goto(f"{self.desks.base}/case/{self.case_id}/paper/{kind}/")
        page.emulate_media(media="print")
        for text in texts:
            expect(page.locator("main")).to_contain_text(text)
        keep(page, f"{name}-{kind}", paper=True)
        page.emulate_media(media="screen")


def keep(page: Page, name: str, paper: bool = False) -> None:
    """Keep a picture of the page, if somebody wants it."""
    if folder := os.environ.get("DOUDI_TEST_PICTURES"):
        file = Path(folder) / name
        if paper:
            page.pdf(path=file.with_suffix(".pdf"), prefer_css_page_size=True)
        else:
            page.screenshot(path=file.with_suffix(".png"), full_page=True)


@pytest.fixture
def place(
    make_app: Callable[..., Flask], serve: Callable[..., str], open_page: Callable[..., Page], clock: Clock
) -> Callable[[County], Place]:
    app = make_app(WTF_CSRF_ENABLED=True)
    return lambda where: Place(app, serve(app), open_page, clock, where)


def test_in_gongxian_a_disabled_man_enters_alone_and_his_mother_who_cares_for_him_is_not_given_a_wage(place):
    here = place(GONGXIAN)
    with here.before() as story:
        story.family("刘样", "2组17号", 3)
        head = story.person("刘样", Relation.HEAD, date(1965, 3, 2), employment=Employment.EMPLOYED)
        story.spends(story.earns(head, 14_400), 1_200, SpendingKind.WORK)
        son = story.person(
            "刘小样", Relation.SON, date(1992, 4, 12), disability_kind=DisabilityKind.MENTAL, disability_level=2,
            self_care_unmet=2,
        )  # fmt: skip
        story.person(
            "陈样", Relation.SPOUSE, date(1967, 8, 9), Sex.FEMALE, employment=Employment.UNEMPLOYED,
            cares_for_id=son.id, needs_care=CareNeed.DISABLED,
        )  # fmt: skip
        here.investigated(story.apply(member=son))

    assert here.desks.calculate(OFFICER, "符合条件") == "310.00"
    here.desks.step(OFFICER, "提出初审意见", opinion)
    here.announced(county=False)
    here.desks.step(APPROVER, "确认", AGREED)
    assert here.desks.stage() is Stage.ACTIVE
    told = "珙县试点工作方案 二(一)2", "单人户", "310.00", "14,400.00 − 1,200.00", "本人月收入"
    here.shown(OFFICER, "gongxian", *told, "照料失能残疾人，不计未就业收入", "珙县试点工作方案 三(二)")
    law = "《最低生活保障审核审批办法（试行）》（民发〔2012〕220号）"
    here.printed(OFFICER, "decision", "gongxian", *told, "叁佰壹拾元整", law)


def test_in_jilin_a_mother_and_her_son_of_fifteen_are_made_up_to_the_standard_by_the_county(place):
    here = place(NANGUAN)
    with here.before() as story:
        story.family("孙样", "新春街12号楼3单元", 2)
        head = story.person(
            "孙样", Relation.HEAD, date(1974, 3, 2), Sex.FEMALE, employment=Employment.FLEXIBLE, illness=Illness.CHRONIC
        )
        story.spends(story.earns(head, 9_600), 3_600, SpendingKind.MEDICAL)
        story.person(
            "孙小样", Relation.SON, date(2002, 5, 15), employment=Employment.STUDENT, schooling=Schooling.JUNIOR
        )
        here.investigated(story.apply())

    assert here.desks.calculate(OFFICER, "符合条件") == "280.00"
    here.desks.step(OFFICER, "提出初审意见", opinion)
    here.announced(county=True)
    here.desks.step(COUNTY_APPROVER, "确认", AGREED)
    assert here.desks.stage() is Stage.ACTIVE
    told = "280.00", "540.00 × 2 − 800.00", "四平市2018年城市低保标准（借用）", "未成年子女"
    here.shown(OFFICER, "jilin", *told, "县级")
    here.printed(OFFICER, "decision", "jilin", *told[:3], "贰佰捌拾元整")
    tries_an_old_man_without_anybody(here)


def test_in_dunji_the_sick_wife_of_a_registered_poor_family_enters_as_a_single_person(place):
    here = place(SIXIAN)
    with here.before() as story:
        home = story.family("周样", "石梁村东庄", 3)
        story.earns(story.person("周样", Relation.HEAD, date(1968, 3, 2), employment=Employment.EMPLOYED), 21_600)
        wife = story.person("朱样", Relation.SPOUSE, date(1970, 6, 1), Sex.FEMALE, illness=Illness.MAJOR)
        story.earns(wife, 1_200, IncomeKind.TRANSFER)
        story.person(
            "周小样", Relation.DAUGHTER, date(2006, 9, 9), Sex.FEMALE, employment=Employment.STUDENT,
            schooling=Schooling.JUNIOR,
        )  # fmt: skip
        story.session.add(HouseholdTag(household_id=home.id, tag=Tag.FUPIN))
        here.investigated(story.apply(member=wife))

    assert here.desks.calculate(OFFICER, "符合条件") == "396.86"
    here.desks.step(OFFICER, "提出初审意见", opinion)
    here.announced(county=True)
    here.desks.step(COUNTY_APPROVER, "确认", AGREED)
    assert here.desks.stage() is Stage.ACTIVE
    told = "396.86", "重特大疾病患者", "墩政〔2020〕48号 二(二)", "496.86 × 48 × 3"
    here.shown(OFFICER, "dunji", *told)
    here.printed(OFFICER, "decision", "dunji", *told, "叁佰玖拾陆元捌角陆分")


def test_in_mangshi_a_family_that_found_work_keeps_its_allowance_for_a_year_at_the_most(place):
    here = place(MANGSHI)
    with here.before() as story:
        story.family("杨样", "三角岩村4组", 2)
        head = story.person("杨样", Relation.HEAD, date(1980, 3, 2), employment=Employment.FARMING)
        story.earns(head, 3_000, IncomeKind.BUSINESS)
        mother = story.person("方样", Relation.PARENT, date(1950, 1, 9), Sex.FEMALE)
        story.earns(mother, 1_236, IncomeKind.PENSION_BASIC)
        here.investigated(story.apply())
        story.do(A.GIVE_OPINION)
    here.announced(county=True)
    with here.before() as story:
        story.do(A.CONFIRM, COUNTY_APPROVER)
    here.desks.wait(175)
    with here.before() as story:
        story.do(A.START_RECHECK).do(A.RECORD_SURVEY, Role.VILLAGE_WORKER)
        head = next(m for m in story.home.members if m.relation is Relation.HEAD)
        head.employment = Employment.EMPLOYED
        story.spends(story.earns(head, 24_000), 2_400, SpendingKind.WORK)

    assert here.desks.calculate(OFFICER, "渐退", rise_cause="work") == "500.00"
    here.desks.step(OFFICER, "提出初审意见", found_work)
    here.desks.step(COUNTY_APPROVER, "转入渐退期", grace)
    assert here.desks.stage() is Stage.GRACE
    told = "500.00", "芒巩固振兴组办〔2021〕6号 二(一)", "6～12 个月", "2,400.00"
    here.shown(OFFICER, "mangshi", *told, "芒巩固振兴组办〔2021〕6号 二(八)")
    here.printed(OFFICER, "grace", "mangshi", *told, "12个月渐退期")


def test_in_nanping_the_township_confirms_what_the_county_gave_into_its_hands(place):
    here = place(YANPING)
    with here.before() as story:
        story.family("林样", "洋坑村12号", 2)
        story.earns(
            story.person("林样", Relation.HEAD, date(1980, 3, 2), Sex.FEMALE, employment=Employment.EMPLOYED), 12_000
        )
        story.person(
            "林小样", Relation.SON, date(2010, 3, 2), disability_kind=DisabilityKind.INTELLECTUAL, disability_level=2,
            employment=Employment.STUDENT, schooling=Schooling.PRIMARY,
        )  # fmt: skip
        here.investigated(story.apply())

    assert here.desks.calculate(OFFICER, "符合条件") == "278.00"
    here.desks.step(OFFICER, "提出初审意见", opinion)
    here.announced(county=False)
    here.desks.step(APPROVER, "确认", AGREED)
    assert here.desks.stage() is Stage.ACTIVE
    told = "278.00", "639.00 × 2 − 1,000.00", "福建省低保标准按最低工资42%至48%确定（取45%）"
    here.shown(OFFICER, "nanping", *told, "乡镇", "南平市社会救助制度改革通知解读 三(四)2")
    here.printed(OFFICER, "decision", "nanping", *told, "贰佰柒拾捌元整")


def tries_an_old_man_without_anybody(here: Place) -> None:
    """On the trial page: 1.3 times the standard of the year before, and care for who cannot wholly care for himself."""
    page = here.desks.at(OFFICER)
    page.goto(f"{here.desks.base}/trial/")
    page.locator("[name=area]").select_option("rural")
    page.locator("[name='members-0-birth']").fill("1944-03-02")
    for more in page.locator("details").all():
        more.evaluate("more => more.open = true")
    page.locator("[name='members-0-unmet']").select_option("2")
    page.locator(".stick [value=calculate]").click()
    result = page.locator("#scheme-tekun")
    for text in ("每月 686.00 元", "300.00 × 1.3", "吉林省人民政府办公厅2017年9月22日通知 二(一)"):
        expect(result).to_contain_text(text)
    keep(page, "jilin-trial")


def found_work(form: Locator) -> None:
    """In favour, for another reason than that of an application."""
    form.locator("[name=grants]").first.check()
    form.locator("[name=words]").fill("户主务工增收，人均收入超过标准，建议给予渐退期")


def grace(form: Locator) -> None:
    """As long as the place allows."""
    form.locator("[name=months]").fill("12")
    form.locator("[name=words]").fill("外出务工，已稳定就业")
