"""The steps of a case as this county's people take them: who acts, what they write, which day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from policy.vocabulary import Action, Authority, Outcome, Paper, Role, Scheme, Source
from workflows.demo.case import Case
from workflows.demo.dice import Dice
from workflows.demo.divisions import Office, Staff
from workflows.demo.families import Family
from workflows.demo.people import Person
from workflows.demo.reckoning import SPECIAL, in_need, well_off
from workflows.demo.terms import Terms

A = Action
CADRES = ("陈明贵", "何小琴", "王志刚", "罗德才", "李思远", "曾凡英")  # people of the village, without a login
SOURCES = (
    Source.VEHICLES, Source.HOUSEHOLD_REGISTER, Source.BANK, Source.INSURANCE, Source.REAL_ESTATE, Source.BUSINESS,
)  # fmt: skip
FOUND = (
    "住自建房两间，家具简单，主要靠务农和养老金生活，情况与申请一致。",
    "户主卧病在床，家中无车辆和大型农机，收入来源单一。",
    "子女在外务工，按月汇款较少，家庭支出以医药费为主。",
    "有在校学生，学费和生活费靠亲友接济，住房为土坯房。",
    "家中种植玉米、红苕约二亩，养鸡数只，无其他财产。",
)  # fmt: skip
STABLE_FOUND = (
    "家庭情况与上次一致。", "本人在家，精神尚可，按时服药，收入支出无变化。", "住房安全，家庭人口和收入无变化。",
)  # fmt: skip
WORDS = {True: "经调查核对，家庭人均收入低于低保标准，建议纳入。", False: "家庭人均收入高于低保标准，建议不予确认。"}
MOTORCYCLE = "登记有二轮摩托车一辆，已核实为代步"
CLAUSE_REFUSED = "民发〔2021〕57号 第二十一条"


@dataclass(slots=True)
class World:
    """What every story needs: chance, days and figures, and who works where."""

    dice: Dice
    terms: Terms
    office: Office

    def officer(self, family: Family) -> Staff:
        """One of the township's officers."""
        return self.dice.one(self.office.officers[family.township])

    def field(self, family: Family) -> Staff:
        """The village's worker where it has one, else an officer."""
        worker = self.office.workers.get(family.village)
        return worker if worker and self.dice.chance(0.7) else self.officer(family)

    def county(self, role: Role) -> Staff:
        """The county's first person of a role."""
        return self.office.county[role][0]

    def back(self, last: date, *gaps: tuple[int, int]) -> list[date]:
        """Working days that lead up to ``last``, earliest first; gaps in working days, the latest gap last."""
        days = [last]
        for least, most in reversed(gaps):
            n = self.dice.between(least, most)
            days.append(self.terms.shift(days[-1], -n) if n else days[-1])
        return days[::-1]

    def went(self, family: Family, who: Staff, n: int = 2) -> list[tuple[str, int | None]]:
        """Who went to the home: the person who writes it down, and people of the village."""
        first = self.dice.between(0, len(CADRES) - 1)
        others = [(CADRES[(first + k) % len(CADRES)], None) for k in range(n - 1)]
        return [(who.name, who.id), *others]

    # --- steps --------------------------------------------------------------------------------------------------------

    def apply(self, family: Family, day: date, member: Person | None = None, unsigned: bool = False) -> Case:
        """A 低保 application."""
        case = Case(self.terms, family, Scheme.DIBAO, member=member)
        return case.step(A.APPLY, day, self.field(family), unsigned=unsigned)

    def accepted(self, family: Family, days: Sequence[date], member: Person | None = None) -> Case:
        """Applied and accepted, on these two days."""
        case = self.apply(family, days[0], member)
        if self.dice.chance(0.2) and days[1] > days[0]:
            self.missing(case, days[0])
            case.step(A.FILE_PAPER, days[1], self.field(family))
        return case.step(A.ACCEPT, days[1], self.officer(family))

    def missing(self, case: Case, day: date) -> Case:
        """The list of missing papers, told once."""
        papers = [Paper.HOUSEHOLD_BOOK, Paper.DIAGNOSIS, Paper.INCOME_PROOF, Paper.DISABILITY_CARD]
        if case.row.pledged_on is None:
            papers = [Paper.PLEDGE, Paper.AUTHORISATION, *papers]
            return case.step(A.TELL_MISSING, day, self.officer(case.family), papers=papers[: self.dice.between(2, 3)])
        first = self.dice.between(0, 2)
        return case.step(A.TELL_MISSING, day, self.officer(case.family), papers=papers[first : first + 2])

    def survey(self, case: Case, day: date, n: int = 2, words: str = "") -> Case:
        """A visit to the home by ``n`` people."""
        who = self.field(case.family)
        words, met = words or self.dice.one(FOUND), case.family.head.name
        return case.step(A.RECORD_SURVEY, day, who, words, surveyors=self.went(case.family, who, n), met=met)

    def crosscheck(self, case: Case, asked: date, back: date, waiting: int = 0) -> Case:
        """The answers of the sources, the last ``waiting`` of them still out."""
        dice, n = self.dice, self.dice.between(3, len(SOURCES))
        answers = []
        for at, source in enumerate(SOURCES[:n]):
            day = None if at >= n - waiting else min(self.terms.shift(asked, dice.between(0, 2)), back)
            doubt = MOTORCYCLE if day and source is Source.VEHICLES and dice.chance(0.12) else ""
            answers.append((source, day, doubt))
        return case.step(A.RECORD_CROSSCHECK, back, self.officer(case.family), answers=answers)

    def opinion(self, case: Case, day: date, grants: bool = True) -> Case:
        """The township's opinion, with the amount: the calculated one, else by a decision on the single case."""
        who, fen = self.officer(case.family), None
        self.met(case, day, grants)
        if grants:
            found = in_need(case, day)
            payable = found.monthly_fen if found and found.outcome is Outcome.ELIGIBLE else 0
            fen = payable or self.amount(case)
            case.special = None if payable or found is None else {**SPECIAL, "calculated_fen": 0}
        else:
            well_off(case, day)
        case.calculate(day, who)
        return case.step(
            A.GIVE_OPINION, day, who, WORDS[grants], grants=grants, fen=fen, special=case.special if grants else None
        )

    def met(self, case: Case, day: date, grants: bool) -> None:
        """The democratic review, where the rule of the day of acceptance asks for one (民发〔2012〕220号)."""
        if self.terms.word("review_meeting.required", case.row.accepted_on) == "yes":
            words = "评议小组听取入户调查情况，对家庭收入、财产状况没有异议。"
            case.step(A.REVIEW_MEETING, day, self.officer(case.family), words, present=9, delegates=7, grants=grants)

    def amount(self, case: Case) -> int:
        """What the family lacks, or the standard for one person."""
        whole = case.family.gap_fen()
        return whole if case.member is None else max(whole // len(case.family.present) // 500 * 500, 8_000)

    def noticed(self, case: Case, day: date) -> Case:
        """The notice is up."""
        return case.step(A.POST_NOTICE, day, self.officer(case.family))

    def closed(self, case: Case) -> date:
        """The notice ended by time; returns the day after its last."""
        day: date = case.row.notice_until + timedelta(days=1)
        case.step(A.CLOSE_NOTICE, day, words="公示期满，无异议")
        return day

    def confirmer(self, case: Case, day: date) -> Staff:
        """Whoever confirms that day."""
        township = self.terms.authority(case.row.scheme, day, case.row.requested_fen) is Authority.TOWNSHIP
        return self.office.approvers[case.family.township] if township else self.county(Role.COUNTY_APPROVER)

    def reviewed(self, case: Case, day: date) -> Case:
        """The county's visit where it must go, and its opinion, by another person, where it decides."""
        reviewer, visitor = self.office.county[Role.COUNTY_REVIEWER]
        by_lot = self.terms.has("county.visit_percent", case.row.accepted_on)  # then this county goes to every home
        if case.row.near_relative or case.row.complaint_open or by_lot:
            words, met = "县级入户核查，情况属实。", case.family.head.name
            went = [(visitor.name, visitor.id), (self.dice.one(CADRES), None)]
            case.step(A.COUNTY_VISIT, day, visitor, words, surveyors=went, met=met)
        if self.terms.authority(case.row.scheme, day, case.row.requested_fen) is Authority.COUNTY:
            case.step(A.COUNTY_OPINION, day, reviewer, "同意乡镇意见。")
        return case

    def confirmed(self, case: Case, day: date) -> Case:
        """Confirmed with the amount of the opinion."""
        self.reviewed(case, day)
        if self.terms.has("notice.county_days", case.row.accepted_on):
            delegated = self.terms.authority(case.row.scheme, day, case.row.requested_fen) is Authority.TOWNSHIP
            who = self.officer(case.family) if delegated else self.county(Role.COUNTY_REVIEWER)
            case.step(A.POST_NOTICE, day, who)
            day = self.terms.shift(self.closed(case), 0)
        words, kind = "符合低保条件，予以确认。", case.review_class
        return case.step(A.CONFIRM, day, self.confirmer(case, day), words, fen=case.opinion_fen, review_class=kind,
                         special=case.special)  # fmt: skip

    def recheck(self, case: Case, day: date, words: str = "定期复核") -> Case:
        """A recheck begins."""
        return case.step(A.START_RECHECK, day, self.officer(case.family), words)

    def rechecked(
        self, case: Case, days: Sequence[date], words: str, fen: int | None, special: dict[str, str] | None = None
    ) -> Case:
        """Visited and judged in a recheck that began before, on these two days; without an amount: not to go on.

        ``special``: the case is calculated; why another amount is proposed than the calculated one, empty where it is.
        """
        self.survey(case, days[0], self.dice.between(1, 2), self.dice.one(STABLE_FOUND))
        who, told = self.officer(case.family), {**special, "calculated_fen": 0} if special else None
        if special is not None:
            case.calculate(days[1], who)
        return case.step(A.GIVE_OPINION, days[1], who, words, grants=fen is not None, fen=fen, special=told)
