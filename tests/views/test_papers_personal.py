"""Papers and page of one disabled person: who answered for the federation, and no words of a family."""

from sqlalchemy.orm import Session

from models import Benefit
from policy.figures import Figures
from policy.vocabulary import Action, CareNeed, DisabilityKind, Role, Scheme, Stage, Unit
from tests import factories
from tests.views.case_papers import told
from tests.views.clerks import OFFICER, Clerks
from views.db import db
from workflows import audit, calculating
from workflows.actor import SYSTEM, Actor

A = Action
REVIEWER, COUNTY = Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER


def _confirmed(clerks: Clerks, by_name: str) -> Clerks:
    """A care subsidy of 100 yuan, on which somebody of the federation has answered."""
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        home = factories.household(session, members=1, head_name="沈样")
        who = home.members[0]
        who.disability_kind, who.disability_level, who.needs_care = DisabilityKind.LIMB, 1, CareNeed.DISABLED
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
