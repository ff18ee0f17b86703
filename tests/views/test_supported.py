"""What the case page of 特困 says of each person's support."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from models import Benefit, Event, TekunPerson
from policy.figures import Figures
from policy.vocabulary import Action, LeaveReason, Mode, Role, Scheme, Stage, Unit
from tests import factories
from tests.clock import START
from tests.views.case_papers import issued, papers_of, told
from tests.views.clerks import OFFICER, Clerks
from tests.views.test_case import part
from views.db import db
from views.papers_kinds import available_papers
from views.reasons import sentence
from workflows import audit
from workflows.actor import SYSTEM
from workflows.reason import Reason


def test_the_home_somebody_lives_in_is_not_called_as_the_first_page_of_the_panel(clerks: Clerks) -> None:
    with clerks.app.app_context(), Session(db.engine) as session:
        home = factories.household(session)
        case = factories.benefit(session, home, Stage.ACTIVE, scheme=Scheme.TEKUN, monthly_fen=60_000)
        place = {"township_code": case.township_code, "village_code": case.village_code}
        factories.keep(session, TekunPerson(
            benefit_id=case.id, member_id=home.members[0].id, items="", wish=Mode.CENTRAL, wish_by="本人",
            home="巡场镇敬老院", home_from=START.date(), **place,
        ))  # fmt: skip
        session.commit()
        clerks.id = case.id
    page = clerks.page(OFFICER)
    assert "供养机构巡场镇敬老院" in part(page, "support").replace(" ", "") and "首页巡场镇" not in page


@pytest.mark.parametrize("barred", [False, True])
def test_an_illness_is_asked_for_only_where_homes_may_not_take_everybody_in(
    clerks: Clerks, monkeypatch: pytest.MonkeyPatch, barred: bool
) -> None:
    if barred:
        bar, find = Figures.shipped().find("tekun.home_bar", place="341324101201", on=START.date()), Figures.find
        monkeypatch.setattr(
            Figures, "find", lambda self, key, **k: bar if key == "tekun.home_bar" else find(self, key, **k)
        )
    with clerks.app.app_context(), Session(db.engine) as session:
        home = factories.household(session)
        clerks.id = factories.benefit(session, home, Stage.ACTIVE, scheme=Scheme.TEKUN, monthly_fen=60_000).id
        session.commit()
    signed = {"by_name": "本人", "form_signed": True, "day": START.date()}
    clerks.walk((Action.RECORD_WISH, OFFICER), mode=Mode.CENTRAL, **signed)
    asked = clerks.browser(OFFICER).get(f"/case/{clerks.id}/{Action.PLACE_IN_HOME.value}/").get_data(as_text=True)
    assert 'name="home"' in asked and ('name="ground"' in asked) is barred
    referred = clerks.browser(OFFICER).get(f"/case/{clerks.id}/{Action.REFER_ELSEWHERE.value}/").get_data(as_text=True)
    assert 'name="ground"' in referred and 'name="words"' not in referred  # what is typed is read by everybody
    wish = clerks.browser(OFFICER).get(f"/case/{clerks.id}/{Action.RECORD_WISH.value}/").get_data(as_text=True)
    assert {"供养方式", "表达人", "征询日期"} <= set(re.findall(r'>([^<>]+)<span class="must"', wish))


def test_who_left_a_home_is_to_be_asked_anew_as_the_case_and_the_desk_say_with_the_clauses(clerks: Clerks) -> None:
    with clerks.app.app_context(), Session(db.engine) as session:
        home = factories.household(session)
        clerks.id = factories.benefit(session, home, Stage.ACTIVE, scheme=Scheme.TEKUN, monthly_fen=60_000).id
        name = home.members[0].name
        session.commit()
    signed = {"by_name": "本人", "form_signed": True, "day": START.date()}
    clerks.walk((Action.RECORD_WISH, OFFICER), mode=Mode.CENTRAL, **signed)
    clerks.walk((Action.PLACE_IN_HOME, OFFICER), home="巡场镇敬老院", day=START.date())
    asks = f"{name}已离院，仍按集中供养发放。请征询供养意愿（国发〔2016〕14号 三（三）；国令第649号 第十九条），"
    assert asks not in clerks.page(OFFICER)
    clerks.walk((Action.LEAVE_HOME, OFFICER), words="自愿回家", day=START.date())
    page = clerks.page(OFFICER)
    assert asks + "再办理变更供养（民发〔2021〕43号 第二十、二十三条）。" in page and "之后：征询供养意愿" in page
    clerks.walk((Action.RECORD_WISH, OFFICER), mode=Mode.HOME, **signed)
    assert asks not in clerks.page(OFFICER)


def test_what_brings_the_county_to_a_home_is_said_once(app) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        told = sentence(Reason("county_visit_missing", near_relative=False, complaint=False, answered=True, drawn=True))
    assert str(told).count("抽") == 1 and "审核确认期间有投诉" in str(told)


HOME, CENTRAL = "通过金融机构按月支付到本人账户", "按月支付到供养服务机构"


@pytest.mark.parametrize(("modes", "said", "silent"), [
    ([Mode.HOME], ("供养方式为分散供养。", HOME), ("供养服务机构", "支付到户")),
    ([Mode.CENTRAL], ("供养方式为集中供养。", CENTRAL), (HOME, "支付到户")),
    ([Mode.HOME, Mode.CENTRAL], ("集中供养的支付到供养服务机构", "分散供养的通过金融机构支付到本人"), ("供养方式为",)),
    ([], ("通过金融机构按月支付到户",), ("供养方式", "供养服务机构")),
])  # fmt: skip
def test_the_letter_pays_who_lives_in_a_home_to_the_home_and_others_to_themselves(
    clerks: Clerks, modes: list[Mode], said: tuple[str, ...], silent: tuple[str, ...]
) -> None:
    with clerks.app.app_context(), Session(db.engine) as session:
        home = factories.household(session, members=2)
        case = factories.benefit(
            session, home, Stage.ACTIVE, scheme=Scheme.TEKUN, monthly_fen=60_000, applied_on=START.date()
        )
        clerks.id, told_of = case.id, list(zip(home.members, modes, strict=False))
        steps = [
            (Action.RECORD_WISH, {"person": who.id, "name": who.name, "mode": mode.value, "by_name": "本人"})
            for who, mode in told_of
        ]  # fmt: skip
        for action, data in (*steps, (Action.CONFIRM, {})):
            session.add(Event(
                benefit_id=case.id, action=action, from_stage=Stage.APPROVAL, to_stage=Stage.ACTIVE, at=START,
                actor_name="测试", monthly_after_fen=60_000, data=data, clause="民发〔2021〕43号 第十七条",
                township_code=case.township_code, village_code=case.village_code,
            ))  # fmt: skip
            session.flush()
        session.commit()
    letter = told(clerks, "decision")
    assert all(words in letter for words in said) and not [words for words in silent if words in letter]


@pytest.mark.parametrize(("days", "named"), [(-1, False), (0, False), (1, True)])
def test_the_letter_to_who_is_left_of_a_couple_says_nothing_of_who_died_before(
    clerks: Clerks, days: int, named: bool
) -> None:
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        home = factories.household(session, members=2)
        case = factories.benefit(session, home, Stage.ACTIVE, scheme=Scheme.TEKUN, monthly_fen=60_000)
        clerks.id, (widower, wife) = case.id, home.members
        steps = [
            (Action.RECORD_WISH, {"person": who.id, "name": who.name, "mode": mode.value, "by_name": "本人"})
            for who, mode in ((widower, Mode.HOME), (wife, Mode.CENTRAL))
        ]  # fmt: skip
        for action, data in (*steps, (Action.CUT, {"from_month": "2026-04-01"})):
            factories.keep(session, Event(
                benefit=case, action=action, from_stage=Stage.RECHECK, to_stage=Stage.ACTIVE, at=START,
                actor_name="测试", monthly_before_fen=120_000, monthly_after_fen=60_000, data=data,
                township_code=case.township_code, village_code=case.village_code,
            ))  # fmt: skip
        wife.left_on, wife.leave_reason = START.date() + timedelta(days), LeaveReason.DEATH
        session.commit()
        names = widower.name, wife.name
    letter = told(clerks, "change")
    assert names[0] in letter and (names[1] in letter, "供养服务机构" in letter) == (named, named)


def test_an_agreement_is_missing_of_who_is_there_and_not_of_who_died(clerks: Clerks) -> None:
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        home = factories.household(session, members=2)
        lacking = {"scheme": Scheme.TEKUN, "monthly_fen": 60_000, "agreement_lacking_since": START.date()}
        case = factories.benefit(session, home, Stage.ACTIVE, **lacking)
        place = {"township_code": case.township_code, "village_code": case.village_code}
        for who in home.members:
            told_of = {"wish": Mode.HOME, "wish_by": "本人", "items": ""}
            factories.keep(session, TekunPerson(benefit_id=case.id, member_id=who.id, **told_of, **place))
        home.members[1].left_on, home.members[1].leave_reason = START.date(), LeaveReason.DEATH
        session.commit()
        clerks.id, names = case.id, [who.name for who in home.members]
    card = part(clerks.page(OFFICER), "support")
    assert [f"{name} 缺监护协议" in card for name in names] == [True, False]


def test_the_notice_of_a_person_names_no_head_of_a_family(clerks: Clerks) -> None:
    with clerks.app.app_context(), Session(db.engine) as session:
        case = factories.benefit(session, factories.household(session), Stage.NOTICE, scheme=Scheme.TEKUN)
        clerks.id = case.id
        factories.keep(session, Event(
            benefit_id=case.id, action=Action.POST_NOTICE, from_stage=Stage.REVIEW, to_stage=Stage.NOTICE, at=START,
            actor_name="测试", data={"until": "2026-03-10", "amount_fen": 60_000}, clause="民发〔2021〕43号 第十五条",
            township_code=case.township_code, village_code=case.village_code,
        ))  # fmt: skip
        session.commit()
    notice = told(clerks, "notice")
    assert "的人员予以公示" in notice and "序号姓名家庭人口" in notice and "户主" not in notice


@pytest.mark.parametrize(("age", "to", "called"), [(17, "张小的监护人", "张小"), (18, "张小", "您本人")])
def test_a_letter_about_a_child_goes_to_the_guardian_until_the_child_is_of_age(
    clerks: Clerks, age: int, to: str, called: str
) -> None:
    with clerks.app.app_context(), Session(db.engine) as session:
        home = factories.household(session, members=2)
        child = home.members[1]
        child.name, child.birth = "张小", START.date().replace(year=START.year - age)
        case = factories.benefit(
            session, home, Stage.ACTIVE, scheme=Scheme.ORPHAN, member=child, unit=Unit.SINGLE, persons=1,
            monthly_fen=60_000, applied_on=START.date(),
        )  # fmt: skip
        clerks.id = case.id
        factories.keep(session, Event(
            benefit_id=case.id, action=Action.CONFIRM, from_stage=Stage.APPROVAL, to_stage=Stage.ACTIVE, at=START,
            actor_name="测试", actor_role=Role.COUNTY_APPROVER, monthly_after_fen=60_000, data={},
            clause="国办发〔2010〕54号",
            township_code=case.township_code, village_code=case.village_code,
        ))  # fmt: skip
        session.commit()
    letter = told(clerks, "decision")
    assert f"{to}：" in letter and f"保障对象为{called}，" in letter
    issued(clerks, "decision", who=Role.COUNTY_APPROVER)
    assert [row.addressee for row in papers_of(clerks)] == [to]  # the register names whom the letter names


@pytest.mark.parametrize(("wishes", "persons", "printed"), [
    ([], 1, True), ([(1, "home")], 1, True), ([(1, "central")], 1, False), ([(1, "central"), (1, "home")], 1, True),
    ([(1, "central")], 2, True), ([(1, "central"), (2, "home")], 2, True), ([(1, "central"), (2, "central")], 2, False),
])  # fmt: skip
def test_who_chose_a_home_has_no_agreement_with_a_guardian_to_print(
    app: Flask, wishes: list[tuple[int, str]], persons: int, printed: bool
) -> None:
    case = Benefit(scheme=Scheme.TEKUN, persons=persons)
    told = [(Action.RECORD_WISH, {"person": person, "mode": mode}) for person, mode in wishes]
    events = [Event(action=action, data=data, benefit=case) for action, data in [(Action.CONFIRM, {}), *told]]
    with app.app_context():
        assert ("guardianship" in {paper.kind.code for paper in available_papers(events)}) is printed


def test_who_chose_a_home_after_moving_to_another_family_has_no_agreement_to_print(app: Flask) -> None:
    case = Benefit(scheme=Scheme.TEKUN, persons=1, member_id=2)
    wishes = [{"person": 1, "mode": "home"}, {"person": 2, "mode": "central"}]
    events = [Event(action=Action.CONFIRM, data={}, benefit=case)]
    events += [Event(action=Action.RECORD_WISH, data=data, benefit=case) for data in wishes]
    with app.app_context():
        assert "guardianship" not in {paper.kind.code for paper in available_papers(events)}
