"""Cases of 特困 as they stand on the county's day: assessed, drawn, supported at home and in a home, ending."""

from datetime import date, timedelta
from typing import Any

from policy.calendar import add_months
from policy.vocabulary import (
    Action,
    EndReason,
    HomeGround,
    Mode,
    Relation,
    Role,
    Scheme,
    SelfCare,
    Sex,
    StudyLevel,
)
from workflows import audit
from workflows.demo.divisions import HONGXING, XIAOER_XINSHENG, XINSHENG
from workflows.demo.people import id_number
from workflows.demo.teller import Teller
from workflows.tick_tekun import WORDS

A, R = Action, Role


def tell(teller: Teller) -> None:
    """One case at each turn of the path, in two townships."""
    story = _Story(teller)
    for village, name in ((XINSHENG, "孙世福"), (XIAOER_XINSHENG, "古朝明")):
        story.surveyed(village, name, 76, 4)
        story.on_notice(village, f"{name[0]}兴友", 68, 4)
        story.drawn(village, f"{name[0]}光荣", 81, 11)
        story.at_home(village, f"{name[0]}明才", 74, 90)
    story.in_home(HONGXING, "罗应祥", 79, 150)
    story.changed(XINSHENG, "代世贵", 83, 120)
    story.ending(XINSHENG, "曾广田", 70, 100)
    story.ended(HONGXING, "熊朝富", 66, 140)
    story.pupil(HONGXING, "陶小军", 60)
    story.refused(XINSHENG, "项有才", 62, 40)


class _Story:
    """Each story is a case taken so far, beginning so many working days ago."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller

    def _apply(self, village: str, name: str, years: int, ago: int, **details: Any) -> date:
        day = self.teller.terms.ago(ago)
        birth = date(day.year - years, 1, 20)
        who = (name, Relation.HEAD, birth, Sex.MALE, details)
        self.teller.applied(Scheme.TEKUN, village, day, [who], words="无劳动能力、无生活来源，无法定义务人")
        return day

    def _after(self, day: date, days: int) -> date:
        """The working day so many days later."""
        return self.teller.terms.shift(day + timedelta(days=days), 0)

    def surveyed(self, village: str, name: str, years: int, ago: int) -> date:
        """Surveyed and cross-checked; self-care and wish are still to be asked."""
        day = self._apply(village, name, years, ago)
        self.teller.do(A.ACCEPT, day, words="").do(A.START_REVIEW, day, words="")
        self.teller.surveyed(self.teller.terms.ago(ago - 1))
        return self.teller.terms.ago(ago - 1)

    def _advised(self, village: str, name: str, years: int, ago: int, mode: Mode, unmet: int, **details: Any) -> date:
        day = self._apply(village, name, years, ago, **details)
        self.teller.do(A.ACCEPT, day, words="").do(A.START_REVIEW, day, words="")
        self.teller.surveyed(self.teller.terms.ago(ago - 1))
        day = self.teller.terms.ago(ago - 2)
        self._cared(day, unmet)._wished(day, mode)
        self.teller.calculated(day)
        fen = self.teller.payable(day)
        self.teller.do(A.GIVE_OPINION, day, grants=True, amount_fen=fen, words="符合特困人员认定条件，建议确认")
        return day

    def _cared(self, day: date, unmet: int) -> "_Story":
        answers = tuple((item, n >= unmet) for n, item in enumerate(reversed(SelfCare)))
        self.teller.do(A.ASSESS_SELF_CARE, day, self_care=answers, day=day, words="入户逐项评估")
        return self

    def _wished(self, day: date, mode: Mode) -> None:
        told = {"mode": mode, "by_name": "本人", "form_signed": mode is Mode.CENTRAL, "day": day, "words": ""}
        self.teller.do(A.RECORD_WISH, day, **told)

    def on_notice(self, village: str, name: str, years: int, ago: int) -> None:
        """On public notice."""
        day = self._advised(village, name, years, ago, Mode.HOME, 1)
        self.teller.do(A.POST_NOTICE, day, words="")

    def drawn(
        self, village: str, name: str, years: int, ago: int, mode: Mode = Mode.HOME, unmet: int = 2, **details: Any
    ) -> date:
        """Handed up to the county, which has drawn it or not."""
        day = self._advised(village, name, years, ago, mode, unmet, **details)
        self.teller.do(A.POST_NOTICE, day, words="")
        over = day + timedelta(days=8)
        self.teller.do(A.CLOSE_NOTICE, over, None, words="公示期满，无异议")
        return over

    def at_home(
        self, village: str, name: str, years: int, ago: int, mode: Mode = Mode.HOME, unmet: int = 2, **details: Any
    ) -> date:
        """Confirmed; at home, and the agreement is missing."""
        day = self._after(self.drawn(village, name, years, ago, mode, unmet, **details), 0)
        self.teller.visited_by_county(day).do(A.COUNTY_OPINION, day, R.COUNTY_REVIEWER, words="核实无误，同意")
        fen = self.teller.payable(day)
        self.teller.do(A.CONFIRM, day, R.COUNTY_APPROVER, amount_fen=fen, words="同意纳入特困人员救助供养")
        return day

    def in_home(self, village: str, name: str, years: int, ago: int) -> None:
        """Lives in the home of the township by own choice; another had to be referred elsewhere."""
        day = self._after(self.at_home(village, name, years, ago, Mode.CENTRAL, 5), 12)
        home = {"home": "巡场镇敬老院", "day": day, "ground": HomeGround.NONE}
        self.teller.do(A.PLACE_IN_HOME, day, words="", **home)

    def changed(self, village: str, name: str, years: int, ago: int) -> None:
        """With an agreement; a change of self-care was reported three working days ago."""
        day = self._after(self.at_home(village, name, years, ago), 3)
        self.teller.do(A.SIGN_AGREEMENT, day, R.VILLAGE_WORKER, by_name="村民 代某", day=day, words="")
        told = {"by_name": "村委会", "words": "摔伤后卧床，吃饭、如厕需人照料"}
        self.teller.do(A.REPORT_CHANGE, self.teller.terms.ago(3), R.VILLAGE_WORKER, **told)

    def _announced(self, village: str, name: str, years: int, ago: int, day: date) -> None:
        self.at_home(village, name, years, ago)
        why = {"end_reason": EndReason.OWN_WISH, "form_signed": True, "words": "随侄子外出生活，自愿退出"}
        self.teller.do(A.POST_END_NOTICE, day, **why)

    def ending(self, village: str, name: str, years: int, ago: int) -> None:
        """The ending hangs on the village's board."""
        self._announced(village, name, years, ago, self.teller.terms.ago(2))

    def ended(self, village: str, name: str, years: int, ago: int) -> None:
        """Assessed anew, paid more, and ended by own wish after the notice; lived in a home for a while."""
        day = self._after(self.at_home(village, name, years, ago, Mode.CENTRAL), 10)
        home = {"home": "巡场镇敬老院", "day": day, "ground": HomeGround.NONE}
        self.teller.do(A.PLACE_IN_HOME, day, words="", **home)
        day = self._after(day, 20)
        self.teller.do(A.REPORT_CHANGE, day, by_name="敬老院", words="行走困难")
        self._cared(day, 4)
        self.teller.calculated(day)
        fen = self.teller.payable(day)
        self.teller.do(A.CHANGE_SUPPORT, day, R.COUNTY_APPROVER, amount_fen=fen, words="完全丧失生活自理能力")
        self.teller.do(A.REFER_ELSEWHERE, day, home="珙县人民医院", ground=HomeGround.INFECTIOUS, words="")
        self.teller.do(A.LEAVE_HOME, day, day=day, words="转院治疗")
        day = self._after(day, 30)
        why = {"end_reason": EndReason.OWN_WISH, "form_signed": True, "words": "侄子接走赡养，自愿退出"}
        self.teller.do(A.POST_END_NOTICE, day, **why)
        over = day + timedelta(days=8)
        self.teller.do(A.CLOSE_END_NOTICE, over, None, words="终止救助供养公示期满，无异议")
        self.teller.do(A.EXIT, self._after(over, 0), R.COUNTY_APPROVER, words="公示期满无异议，同意终止")

    def pupil(self, village: str, name: str, ago: int) -> None:
        """A boy at school whose number was wrong on the roster: put right, his review moves to his birthday."""
        terms, sex = self.teller.terms, Sex.MALE
        of_age, noticed = terms.ago(4), terms.ago(ago // 2)
        birth, on_roster = add_months(of_age, -18 * 12), add_months(of_age, -17 * 12)
        who = (name, Relation.HEAD, on_roster, sex, {"study": StudyLevel.HIGH})
        case = self.teller.taken_over(Scheme.TEKUN, village, terms.ago(ago), who, 84_950)
        supervisor = self.teller.who(R.SUPERVISOR, village)
        audit.attribute(self.teller.session, supervisor, self.teller.at(noticed, R.SUPERVISOR), "名册身份证号有误")
        (boy,) = case.household.members
        boy.id_no, boy.birth = id_number(self.teller.serial, birth, sex), birth
        self.teller.session.flush()
        self.teller.do(A.PLAN_REVIEW, noticed, None, day=of_age, words=WORDS[A.PLAN_REVIEW])

    def refused(self, village: str, name: str, years: int, ago: int) -> None:
        """Able obligors: refused after the county's check, and told in writing."""
        self.surveyed(village, name, years, ago)
        day = self.teller.terms.ago(ago - 2)
        self.teller.calculated(day)
        self.teller.do(A.GIVE_OPINION, day, grants=False, words="有履行义务能力的子女，不符合条件")
        self.teller.do(A.SUBMIT_REFUSAL, day, words="").visited_by_county(day)
        self.teller.do(A.COUNTY_OPINION, day, R.COUNTY_REVIEWER, words="同意初审意见")
        words = "其子有固定工作，具有履行义务能力"
        self.teller.do(A.REFUSE, day, R.COUNTY_APPROVER, clause="民发〔2021〕43号 第八条", words=words)
        self.teller.do(A.TELL_REFUSAL, self.teller.terms.ago(ago - 4), day=self.teller.terms.ago(ago - 4), words="")
