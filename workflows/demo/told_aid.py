"""Cases of 低保边缘, 刚性支出 and temporary aid on the county's day: terms, stages, links, the watch list."""

from datetime import date, timedelta

from models import Benefit, IncomeLine, SpendingLine
from policy.terms import exists_here
from policy.vocabulary import Action, EventKind, IncomeKind, Relation, Reply, Role, Scheme, Sex, SpendingKind
from workflows import audit, calculating, casework, links
from workflows.demo.divisions import HONGXING, XIAOER_XINSHENG, XINSHENG
from workflows.demo.teller import Teller, Told
from workflows.evidence import facts_of
from workflows.facts import Given
from workflows.facts_temporary import Instalment

A, R = Action, Role
YUAN = 100
SINGLY = {"special": "经集体研究，情况特殊", "special_clause": "会议纪要"}
"""Kept only where a calculation says otherwise: figures of another day must not stop the sample."""


def tell(teller: Teller) -> None:
    """One case at each turn of the paths, in two townships."""
    story, first = _Story(teller), teller.terms.ago(230)
    if not exists_here(teller.figures, Scheme.RIGID, XINSHENG, first):
        return  # a county of a day before there were such families
    for village, name in ((XINSHENG, "郭正义"), (XIAOER_XINSHENG, "明德全")):
        story.surveyed(village, name, 6)
        story.recognised(village, f"{name[0]}成林", 60)
        story.watched(village, f"{name[0]}光友", 70)
        story.in_stages(village, f"{name[0]}世兰", 24)
    story.recognised(HONGXING, "伍家碧", 225)
    story.recognised(XINSHENG, "车玉珍", 40, Scheme.RIGID)
    story.expired(HONGXING, "鲜于海", 80)
    story.renewed(XINSHENG, "向兰英", 229)
    story.stopped(HONGXING, "祝永康", 40)
    story.bridged(XINSHENG, "文兴发", 9)
    story.from_elsewhere(HONGXING, "龙腾云", 6)
    story.passed_up(XINSHENG, "卓安平", 2)


class _Story:
    """Each story is a case taken so far, beginning so many working days ago."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller

    def _apply(self, scheme: Scheme, village: str, name: str, ago: int, words: str, **more: object) -> date:
        day = self.teller.terms.ago(ago)
        people: list[Told] = [
            (name, Relation.HEAD, date(day.year - 47, 5, 6), Sex.MALE, {}),
            (f"{name[0]}小芳", Relation.DAUGHTER, date(day.year - 15, 9, 1), Sex.FEMALE, {}),
        ]
        self.teller.applied(scheme, village, day, people, words, **more)
        return day

    def _earns(self, day: date, income: int, spending: int = 0) -> None:
        """The head's wage and what illness costs the family, 元 a year."""
        teller = self.teller
        officer = teller.who(R.TOWNSHIP_OFFICER, teller.case.village_code)
        audit.attribute(teller.session, officer, teller.at(day, officer.role))
        head = min(teller.case.household.members, key=lambda member: member.id)
        head.income.append(IncomeLine(kind=IncomeKind.WAGE, year_fen=income * YUAN))
        if spending:
            head.spending.append(SpendingLine(kind=SpendingKind.MEDICAL, year_fen=spending * YUAN))
        teller.session.flush()

    def _standard(self, day: date) -> int:
        """The local standard in 元 a month."""
        place = self.teller.case.village_code
        return self.teller.figures.get("dibao.standard.rural", place=place, on=day).whole // YUAN

    def _looked_into(self, ago: int) -> date:
        day = self.teller.terms.ago(ago)
        self.teller.do(A.ACCEPT, day, words="").do(A.START_REVIEW, day, words="")
        day = self.teller.terms.ago(ago - 1)
        self.teller.surveyed(day)
        return day

    def surveyed(self, village: str, name: str, ago: int) -> None:
        """An edge family, surveyed and cross-checked."""
        day = self._apply(Scheme.EDGE, village, name, ago, "收入略高于低保标准，孩子上学")
        self._earns(day, self._standard(day) * 2 * 12 * 12 // 10)
        self._looked_into(ago)

    def _announced(self, day: date) -> date:
        self.teller.do(A.POST_NOTICE, day, words="")
        over = day + timedelta(days=8)
        self.teller.do(A.CLOSE_NOTICE, over, None, words="公示期满，无异议")
        return self.teller.terms.shift(over, 0)

    def recognised(self, village: str, name: str, ago: int, scheme: Scheme = Scheme.EDGE, months: int = 12) -> None:
        """Recognised for a year; one that began long ago is near its end."""
        words = "因病支出较大" if scheme is Scheme.RIGID else "收入略高于低保标准"
        day = self._apply(scheme, village, name, ago, words)
        rigid = self._standard(day) * 2 * 12 * 39 // 10
        self._earns(day, *((rigid, rigid * 61 // 100) if scheme is Scheme.RIGID else (self._standard(day) * 29, 0)))
        self._recognise(ago, months)

    def _recognise(self, ago: int, months: int) -> None:
        day = self._looked_into(ago)
        self.teller.calculated(day)
        self.teller.do(A.GIVE_OPINION, day, grants=True, words="收入、财产符合条件，建议认定", **SINGLY)
        day = self._announced(day)
        self.teller.do(A.COUNTY_OPINION, day, R.COUNTY_REVIEWER, words="同意")
        self.teller.do(A.CONFIRM, day, R.COUNTY_APPROVER, months=months, words="符合条件，予以认定", **SINGLY)

    def expired(self, village: str, name: str, ago: int) -> None:
        """Recognised for a month, which is over."""
        self.recognised(village, name, ago, months=1)
        until = self.teller.case.valid_until
        assert until is not None
        self.teller.do(A.EXPIRE, until + timedelta(days=1), None, words="认定有效期满")

    def renewed(self, village: str, name: str, ago: int) -> None:
        """Recognised for half a year, applied in time, and recognised again."""
        self.recognised(village, name, ago, months=6)
        again = ago - 115
        self._again(Scheme.EDGE, self.teller.terms.ago(again), "有效期将满，申请续认")
        self._recognise(again, 12)

    def watched(self, village: str, name: str, ago: int) -> None:
        """Refused, told, on the watch list, and referred to a charity: the first look is near."""
        day = self._apply(Scheme.EDGE, village, name, ago, "孩子住院，借款治疗")
        self._earns(day, self._standard(day) * 40, 2_400)
        day = self._looked_into(ago)
        self.teller.calculated(day)
        self.teller.do(A.GIVE_OPINION, day, grants=False, words="人均收入高于边缘线，建议不予认定")
        self.teller.do(A.SUBMIT_REFUSAL, day, words="")
        self.teller.do(A.COUNTY_OPINION, day, R.COUNTY_REVIEWER, words="同意初审意见")
        words = "人均收入高于低保边缘线"
        self.teller.do(A.REFUSE, day, R.COUNTY_APPROVER, clause="民发〔2021〕57号 第八条", words=words)
        self.teller.do(A.TELL_REFUSAL, day, day=day, words="")
        self.teller.do(A.WATCH, day, day=self.teller.terms.on + timedelta(days=3), words="孩子仍在治疗，医药费高")
        self.teller.do(A.REFER, day, to_office="珙县慈善会", form_signed=True, words="孩子的治疗费仍有较大缺口")
        replied = min(day + timedelta(days=5), self.teller.terms.on)
        self.teller.do(A.RECORD_REPLY, replied, day=replied, reply=Reply.HELPED, words="一次性资助2000元")

    def _reckoned(self, day: date) -> int:
        """What temporary aid comes to once, in 分."""
        teller = self.teller
        officer = teller.who(R.TOWNSHIP_OFFICER, teller.case.village_code)
        told = calculating.Told(event_kind=EventKind.ILLNESS, own_cost_fen=12_000 * YUAN)
        calculating.calculate(teller.session, teller.case, officer, teller.at(day, officer.role), teller.figures, told)
        found = facts_of(teller.session, teller.case, teller.figures, day).finding
        return found.payable_once_fen if found else 0

    def in_stages(self, village: str, name: str, ago: int) -> None:
        """Spending beyond means, approved once and paid in three stages, the first of them paid."""
        day = self._apply(Scheme.TEMPORARY, village, name, ago, "户主住院手术，自付一万二千元", requested_fen=300_000)
        self._earns(day, self._standard(day) * 18)
        day = self._looked_into(ago)
        fen = self._reckoned(day) or 300_000
        self.teller.do(A.GIVE_OPINION, day, grants=True, amount_fen=fen, words="支出超出承受能力，建议救助", **SINGLY)
        day = self._announced(day)
        each = fen // 3
        plan = tuple(Instalment(day + timedelta(days=30 * n), fen - 2 * each if n == 0 else each) for n in range(3))
        told = {"amount_fen": fen, "instalments": plan, "words": "同意，分三次发放", **SINGLY}
        self.teller.do(A.CONFIRM, day, R.TOWNSHIP_APPROVER, **told)
        self.teller.do(A.PAY_INSTALMENT, day, day=day, words="")

    def stopped(self, village: str, name: str, ago: int) -> None:
        """The same, and what was left is paid no more."""
        self.in_stages(village, name, ago)
        words = "患者已出院并获医疗救助，后续不再发放"
        self.teller.do(A.STOP_INSTALMENTS, self.teller.terms.ago(ago - 25), R.TOWNSHIP_APPROVER, words=words)

    def _again(self, scheme: Scheme, day: date, words: str, **more: object) -> None:
        """The same family applies under another scheme, which goes on from its present case."""
        teller, home = self.teller, self.teller.case.household
        officer = teller.who(R.TOWNSHIP_OFFICER, home.village_code)
        follows: Benefit | None = links.followed(teller.session, home.id, scheme, day)
        claim = casework.Claim(
            scheme, pledged_on=day, authorised_on=day, follows=follows, **more,  # type: ignore[arg-type]
        )  # fmt: skip
        teller.case = casework.open_case(
            teller.session, home, claim, A.APPLY, officer, Given(words=words), teller.at(day, officer.role),
            teller.figures,
        )  # fmt: skip

    def bridged(self, village: str, name: str, ago: int) -> None:
        """Applies for allowance, and has temporary aid meanwhile; a visit is planned."""
        day = self._apply(Scheme.DIBAO, village, name, ago, "户主骨折，收入中断")
        self._earns(day, self._standard(day) * 10)
        day = self.teller.terms.ago(ago - 1)
        self._again(Scheme.TEMPORARY, day, "审核期间生活无着", urgent=True, requested_fen=80_000)
        told = {"amount_fen": 80_000, "goods": "大米50公斤、食用油10升、棉被2床", "words": "申请低保期间先行救助"}
        self.teller.do(A.PAY_FIRST, day, R.TOWNSHIP_APPROVER, **told)

    def from_elsewhere(self, village: str, name: str, ago: int) -> None:
        """A family on the way, helped where the accident happened; its home place was notified."""
        self.teller.home_place = "云南省昭通市镇雄县"
        words = "途经本地遭遇车祸，随身财物损毁"
        day = self._apply(Scheme.TEMPORARY, village, name, ago, words, urgent=True, requested_fen=200_000)
        self.teller.home_place = ""
        self.teller.do(A.PAY_FIRST, day, R.TOWNSHIP_APPROVER, amount_fen=200_000, words="急难发生地先行救助")
        day = self.teller.terms.ago(ago - 1)
        self.teller.do(A.NOTIFY_HOME, day, day=day, to_office="镇雄县民政局", words="")

    def passed_up(self, village: str, name: str, ago: int) -> None:
        """An emergency beyond the township's limit lies with the county."""
        words = "房屋失火，家财尽毁"
        self._apply(Scheme.TEMPORARY, village, name, ago, words, urgent=True, requested_fen=800_000)
        self.teller.do(A.PASS_UP, self.teller.terms.ago(ago - 1), words="所需金额超过乡镇限额")
