"""Subsidies and children's money as they stand on the county's day: applied for, paid, complained of, lapsed."""

from datetime import date, timedelta

from models import Household, Member
from policy.vocabulary import (
    Action,
    CareNeed,
    DisabilityKind,
    ParentKind,
    ParentState,
    Relation,
    Role,
    Scheme,
    Sex,
    Unit,
)
from workflows import casework
from workflows.demo.divisions import HONGXING, XIAOER_XINSHENG, XINSHENG
from workflows.demo.teller import Teller, Told
from workflows.facts import Given, Surveyor
from workflows.facts_personal import ParentTold

A, R = Action, Role
FATHER, MOTHER = ParentKind.FATHER, ParentKind.MOTHER


def tell(teller: Teller) -> None:
    """One case at each turn of the path."""
    story = _Story(teller)
    home = story.dibao(XINSHENG, "周春生", 51, DisabilityKind.LIMB, 2)
    story.granted(home, Scheme.LIVING_SUBSIDY, 40)
    story.to_county(home, Scheme.CARE_SUBSIDY, 4)
    home = story.dibao(XIAOER_XINSHENG, "古秀兰", 44, DisabilityKind.MENTAL, 2)
    story.granted(home, Scheme.CARE_SUBSIDY, 60)
    story.applied(home, Scheme.LIVING_SUBSIDY, 2)
    story.lapsed(HONGXING, "罗德贵", 58, 70)
    story.child(XINSHENG, "罗小雨", 9, 50, ParentState.LOST_CONTACT, complained=True)
    story.child_in_review(HONGXING, "熊子涵", 12, 6)
    story.child(XIAOER_XINSHENG, "古天翔", 14, 30, ParentState.NOT_FOUND, Scheme.ORPHAN)


class _Story:
    """Each story is a case taken so far, beginning so many working days ago."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller

    def dibao(self, village: str, name: str, years: int, kind: DisabilityKind, level: int) -> Household:
        """A disabled person whose family receives 低保 by a roster of before."""
        day = self.teller.terms.ago(120)
        details = {"disability_kind": kind, "disability_level": level, "needs_care": CareNeed.DISABLED}
        who = (name, Relation.HEAD, date(day.year - years, 3, 9), Sex.MALE, details)
        return self.teller.taken_over(Scheme.DIBAO, village, day, who, 38_000).household

    def applied(self, home: Household, scheme: Scheme, ago: int) -> date:
        """Applied for by a member of a family on file."""
        day, teller = self.teller.terms.ago(ago), self.teller
        officer = teller.who(R.TOWNSHIP_OFFICER, home.village_code)
        member: Member = home.members[0]
        given = Given(words="本人持有残疾人证，申请补贴")
        teller.case = casework.open_case(
            teller.session, home, casework.Claim(scheme, member), A.APPLY, officer, given,
            teller.at(day, officer.role), teller.figures,
        )  # fmt: skip
        return day

    def judged(self, home: Household, scheme: Scheme, ago: int) -> date:
        """Checked by the township, and found to fit."""
        self.applied(home, scheme, ago)
        day = self.teller.terms.ago(ago - 1)
        self.teller.do(A.ACCEPT, day, words="")
        return self._opinion(day, "残疾人证有效，符合补贴条件，建议确认")

    def _opinion(self, day: date, words: str) -> date:
        self.teller.calculated(day)
        fen = self.teller.payable(day)
        self.teller.do(A.GIVE_OPINION, day, grants=True, amount_fen=fen, words=words)
        return day

    def to_county(self, home: Household, scheme: Scheme, ago: int) -> date:
        """With the county; the disability federation is to answer."""
        self.judged(home, scheme, ago)
        day = self.teller.terms.ago(ago - 2)
        self.teller.do(A.PASS_UP, day, words="")
        return day

    def granted(self, home: Household, scheme: Scheme, ago: int) -> date:
        """Confirmed and paid."""
        self.to_county(home, scheme, ago)
        return self._confirmed(self.teller.terms.ago(ago - 4), "县残联审核：残疾人证核对一致", "同意发放")

    def _confirmed(self, day: date, answered: str, words: str) -> date:
        self.teller.do(A.COUNTY_OPINION, day, R.COUNTY_REVIEWER, words=answered, day=day)
        fen = self.teller.payable(day)
        self.teller.do(A.CONFIRM, day, R.COUNTY_APPROVER, amount_fen=fen, words=words)
        return day

    def lapsed(self, village: str, name: str, years: int, ago: int) -> None:
        """Still receiving the living subsidy, though the family has left 低保."""
        home = self.dibao(village, name, years, DisabilityKind.VISION, 3)
        dibao = self.teller.case
        self.granted(home, Scheme.LIVING_SUBSIDY, ago)
        self.teller.case = dibao
        self.teller.do(A.LEAVE, self.teller.terms.ago(5), form_signed=True, words="子女就业，自愿退出低保")

    def _child(self, village: str, name: str, years: int, ago: int, scheme: Scheme) -> date:
        day = self.teller.terms.ago(ago)
        old: Told = (f"{name[0]}正清", Relation.HEAD, date(day.year - 67, 6, 2), Sex.MALE, {})
        child: Told = (name, Relation.GRANDCHILD, date(day.year - years, 1, 15), Sex.FEMALE, {})
        more = {"unit": Unit.SINGLE, "single": "n1"}
        self.teller.applied(scheme, village, day, [old, child], words="父母不能抚养，随祖父生活", **more)
        self.teller.do(A.ACCEPT, day, words="")
        return day

    def child_in_review(self, village: str, name: str, years: int, ago: int) -> None:
        """The father is dead; of the mother nothing was found out yet."""
        day = self._child(village, name, years, ago, Scheme.UNSUPPORTED_CHILD)
        self._seen(self.teller.terms.shift(day, 2), (ParentTold(FATHER, ParentState.DEAD, note="死亡证明"),))

    def child(
        self,
        village: str,
        name: str,
        years: int,
        ago: int,
        mother: ParentState,
        scheme: Scheme = Scheme.UNSUPPORTED_CHILD,
        complained: bool = False,
    ) -> None:
        """Both parents found out, confirmed; now and then somebody complains afterwards."""
        day = self._child(village, name, years, ago, scheme)
        since = day - timedelta(days=500)
        told = ParentTold(MOTHER, mother, since if mother is ParentState.LOST_CONTACT else None, note="公安机关协查")
        self._seen(day, (ParentTold(FATHER, ParentState.DEAD, since, note="死亡证明"), told))
        day = self.teller.terms.shift(day, 3)
        self._opinion(day, "父母情况属实，符合条件，建议确认")
        self.teller.do(A.PASS_UP, day, words="")
        day = self.teller.terms.shift(day, 5)
        self._confirmed(day, "公安、法院、残联比对一致", "同意纳入保障")
        if complained:
            words = "来电反映该儿童母亲已回村居住。"
            self.teller.do(A.RECORD_COMPLAINT, self.teller.terms.ago(3), by_name="村民", words=words)

    def _seen(self, day: date, parents: tuple[ParentTold, ...]) -> None:
        officer = self.teller.who(R.TOWNSHIP_OFFICER, self.teller.case.village_code)
        went = (Surveyor(officer.name, officer.id), Surveyor("村儿童主任"))
        words = "儿童随祖父生活，在校就读，生活主要靠祖父务农"
        self.teller.do(A.RECORD_SURVEY, day, surveyors=went, day=day, parents=parents, words=words)
