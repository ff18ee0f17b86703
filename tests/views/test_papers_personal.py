"""Papers and page of one disabled person: who answered for the federation, and no words of a family."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from models import Benefit, SpendingLine
from policy.figures import Figures
from policy.vocabulary import (
    Action,
    CareNeed,
    DisabilityKind,
    LeaveReason,
    ParentKind,
    ParentState,
    Role,
    Scheme,
    SpendingKind,
    Stage,
    Unit,
)
from tests import factories
from tests.views.case_papers import told
from tests.views.clerks import OFFICER, Clerks
from views.db import db
from workflows import audit, calculating, casework
from workflows.actor import SYSTEM, Actor
from workflows.facts import Given
from workflows.facts_personal import ParentTold

A = Action
REVIEWER, COUNTY = Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER


def _confirmed(clerks: Clerks, by_name: str) -> Clerks:
    """A care subsidy of 100 yuan, on which somebody of the federation has answered."""
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        home = factories.household(session, members=1, head_name="沈样")
        who = home.members[0]
        who.disability_kind, who.disability_level, who.needs_care = DisabilityKind.LIMB, 1, CareNeed.DISABLED
        who.spending.append(SpendingLine(kind=SpendingKind.MEDICAL, year_fen=2_800_000))
        own = {"scheme": Scheme.CARE_SUBSIDY, "member": who, "unit": Unit.SINGLE, "persons": 1}
        clerks.id = factories.benefit(session, home, Stage.APPLIED, **own).id
        session.commit()
    clerks.walk((A.ACCEPT, OFFICER))
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        case = session.get_one(Benefit, clerks.id)
        officer = Actor(clerks.ids["township_officer"], "李", OFFICER, case.township_code)
        found = calculating.calculate(session, case, officer, clerks.clock(), Figures.shipped())
        plain = {"special": "", "special_clause": "", "amount_fen": found.monthly_fen}
        session.commit()
    clerks.walk((A.GIVE_OPINION, OFFICER), **plain).walk((A.PASS_UP, OFFICER))
    clerks.walk((A.COUNTY_OPINION, REVIEWER), by_name=by_name, day=clerks.clock().date(), words="证件一致")
    return clerks.walk((A.CONFIRM, COUNTY), **plain)


def test_the_form_of_a_subsidy_names_the_federation_who_answered_for_it_and_no_means_of_a_family(clerks):
    text = told(_confirmed(clerks, "县残联周敏"), "sheet")
    assert "县残联审核意见提出县级意见：县残联周敏（2026年3月2日）。证件一致。" in text
    assert "享受人沈样" in text and "单人户" not in text
    assert "家庭人口、收入、财产" not in text and "是否计入说明和依据" not in text
    assert "刚性支出" not in text and "28,000" not in text, "its rules ask for no spending"


def test_the_story_of_a_subsidy_says_who_answered_for_the_federation(clerks):
    page = _confirmed(clerks, "县残联周敏").page(OFFICER)
    assert "提出县级意见：县残联周敏（2026-03-02）" in page


def test_an_answer_without_a_name_is_told_without_one(clerks):
    _confirmed(clerks, "")
    assert "县残联审核意见提出县级意见。证件一致。" in told(clerks, "sheet")
    assert "提出县级意见：" not in clerks.page(OFFICER)


def test_the_letter_of_a_subsidy_asks_to_be_told_of_the_disability_and_not_of_means(clerks):
    text = told(_confirmed(clerks, "县残联周敏"), "decision")
    assert "残疾类别、等级、户籍或者家庭救助情况有变化的，请及时告知" in text and "收入、财产有变化" not in text


def _applied(clerks: Clerks, born: date) -> Clerks:
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        home = factories.household(session, members=2, head_name="沈样")
        child = home.members[1]
        child.name, child.birth = "沈小样", born
        session.flush()
        officer = Actor(clerks.ids["township_officer"], "李", OFFICER, home.village_code[:9])
        claim = casework.Claim(Scheme.UNSUPPORTED_CHILD, child)
        case = casework.open_case(session, home, claim, A.APPLY, officer, Given(), clerks.clock(), Figures.shipped())
        session.commit()
        clerks.id = case.id
    return clerks


def test_the_guardian_applies_for_a_child_and_the_form_tells_no_means_of_the_child(clerks):
    text = told(_applied(clerks, date(2008, 3, 3)), "application")
    assert "本人作为沈小样的监护人，自愿为沈小样申请" in text and "监护人（签字、捺印）" in text
    assert "家庭年收入" not in text and "财产情况" not in text


def test_what_was_found_out_of_the_parents_stands_on_the_page_for_whoever_decides(clerks):
    _applied(clerks, date(2012, 3, 3)).walk((A.ACCEPT, OFFICER))
    gone = ParentTold(ParentKind.FATHER, ParentState.PRISON, date(2024, 1, 2), date(2027, 1, 1), "判决书3号")
    assert "父母情况" not in clerks.page(REVIEWER)
    clerks.walk((A.RECORD_SURVEY, OFFICER), parents=(gone,))
    page = clerks.page(REVIEWER)
    assert "父亲：服刑" in page and "2024-01-02" in page and "2027-01-01" in page and "判决书3号" in page


def test_who_is_eighteen_on_that_day_applies_alone(clerks):
    text = told(_applied(clerks, date(2008, 3, 2)), "application")
    assert "监护人" not in text and "本人自愿为本人申请" in text


def test_the_letter_after_a_death_names_who_had_the_subsidy_and_no_family(clerks):
    _confirmed(clerks, "")
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        member = session.get_one(Benefit, clerks.id).member
        assert member is not None
        factories.leave(session, member, clerks.clock().date(), LeaveReason.DEATH)
        session.commit()
    clerks.wait(1)
    assert "沈样已去世，谨表哀悼" in told(clerks, "exit")


def test_who_comes_of_age_is_written_to_under_the_rule_of_the_own_scheme_alone(clerks):
    born = clerks.clock().date().replace(year=clerks.clock().year - 18) + timedelta(days=1)
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        home = factories.household(session, members=2, head_name="沈样")
        child = home.members[1]
        child.name, child.birth = "沈小样", born
        own = {"scheme": Scheme.UNSUPPORTED_CHILD, "member": child, "unit": Unit.SINGLE, "persons": 1}
        last = clerks.clock().date()
        clerks.id = factories.benefit(session, home, Stage.ACTIVE, monthly_fen=60_000, valid_until=last, **own).id
        session.commit()
    clerks.wait(1)
    text = told(clerks, "exit")
    assert "沈小样：您已年满18周岁。根据" in text
    assert "（民发〔2019〕62号）一，自" in text and "54号" not in text
