"""What an event of a family means for its open cases: a recheck begins, a case ends, or something waits for somebody.

Everything goes through the machine; no amount is touched (民发〔2021〕57号 第三十、三十一条; 民发〔2022〕83号).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from models import Benefit, Household, HouseholdEvent
from policy.authority import working_days_after
from policy.figures import Figures
from policy.letters import ended
from policy.vocabulary import SUBSIDIES, UNDECIDED, Action, Happening, Need, Stage
from workflows import casework
from workflows.actor import Actor
from workflows.arrivals import coming_cases, expected
from workflows.evidence import there_of
from workflows.facts import Given
from workflows.household_event_input import Effect
from workflows.household_scope import open_cases
from workflows.household_tasks import close, due_of, of_case
from workflows.person_cases import go_along
from workflows.reason import Refused
from workflows.whose import own

NAMES = {
    Happening.BIRTH: "出生", Happening.DEATH: "死亡", Happening.MARRIAGE: "结婚迁入", Happening.JOINED: "迁入家庭",
    Happening.LEFT: "离开家庭", Happening.SPLIT: "分户", Happening.MERGE: "并户", Happening.MOVED: "乡镇内迁移",
    Happening.HANDOVER: "迁往其他乡镇", Happening.MOVED_AWAY: "迁出本县", Happening.NEW_HEAD: "变更户主",
    Happening.AWAY: "服刑等暂不计入", Happening.RETURNED: "返回家庭", Happening.SCHOOL_END: "毕业或离校",
    Happening.ID_NUMBER: "补录身份证号", Happening.UNDONE: "撤销误登的家庭变动",
}  # fmt: skip
QUIET = frozenset({Happening.ID_NUMBER})
"""Events that change nothing a case rests on."""
OF_OTHERS = frozenset({Happening.BIRTH, Happening.SCHOOL_END})
"""Events of one person on which no subsidy of another rests: it goes by that person's own disability and what they or
the family hold, not by who else lives there (国发〔2015〕52号 二(一)); the family's own case is rechecked."""
PERHAPS_RECEIVED = frozenset({Happening.LEFT, Happening.UNDONE})
"""Events after which somebody who is in no family may yet be entered by another township."""


def follow(
    session: Session,
    event: HouseholdEvent,
    households: Iterable[Household],
    actor: Actor,
    now: datetime,
    figures: Figures,
) -> tuple[Effect, ...]:
    """Let every open case of these families have what the event calls for, as this actor may; the rest waits.

    The case of a person who is in another family now goes along first.
    """
    if event.kind in QUIET:
        return ()
    given = Given(words=words_of(event), household_event_id=event.id)
    homes = list(households)
    cases = [benefit for household in homes for benefit in open_cases(session, household.id)]
    cases += coming_cases(session, homes)
    told = [(benefit, _with_home(given, benefit) if _found(session, benefit, now) else given) for benefit in cases]
    aftermath = _Aftermath(session, event, actor, now, figures)
    return tuple(
        aftermath.of(benefit, words)
        for benefit, words in told
        if (event.kind is not Happening.UNDONE or benefit.stage in (*UNDECIDED, Stage.RECHECK))
        and not _of_another(event, benefit)
    )


def _of_another(event: HouseholdEvent, benefit: Benefit) -> bool:
    """Whether this is a subsidy already decided, and the event another's that it does not rest on."""
    decided = benefit.scheme in SUBSIDIES and benefit.stage not in (*UNDECIDED, Stage.RECHECK)
    return decided and event.kind in OF_OTHERS and event.member_id != benefit.member_id


def _found(session: Session, benefit: Benefit, now: datetime) -> bool:
    """Whether the person is in another family now: the case goes along, and nobody is looked for any more."""
    moved = go_along(session, benefit)
    if moved:
        close(session, benefit.id, (Need.END,), now.date())
    return moved


def _with_home(given: Given, benefit: Benefit) -> Given:
    """What a case says that went along with its person."""
    return replace(given, words=f"{ended(given.words)}案件随本人转入{benefit.household.head_name}户。")


def words_of(event: HouseholdEvent) -> str:
    """What a case says of the event: what happened, to whom, when, in whose words."""
    day = f"{event.happened_on.year}年{event.happened_on.month}月{event.happened_on.day}日"
    who = f"{event.names}，" if event.names else ""
    return f"家庭变动：{NAMES[event.kind]}（{who}{day}）。{event.words}"


@dataclass(frozen=True)
class _Aftermath:
    """An event, and who recorded it when: decides what each open case has from it."""

    session: Session
    event: HouseholdEvent
    actor: Actor
    now: datetime
    figures: Figures

    def of(self, benefit: Benefit, given: Given) -> Effect:
        """What one case has from the event; ``given`` is what the case says of it."""
        if not there_of(self.session, benefit):
            if self.event.kind in PERHAPS_RECEIVED and own(benefit) and benefit.stage not in UNDECIDED:
                return self._looked_for(benefit, given)
            if benefit.stage not in UNDECIDED and self._took(benefit, Action.END_ON_DEATH, given):
                return Effect(benefit, "ends")
            return self._waits(benefit, given, Need.END)
        if expected(self.session, benefit):
            self._took(benefit, Action.FAMILY_CHANGED, given)
            return Effect(benefit, "follows")
        if self._took(benefit, Action.START_RECHECK, given):
            return Effect(benefit, "recheck")
        if benefit.stage is Stage.RECHECK:
            self._took(benefit, Action.FAMILY_CHANGED, given)
            return Effect(benefit, "rechecking")
        return self._waits(benefit, given, Need.CALCULATE if benefit.stage in UNDECIDED else Need.RECHECK)

    def _looked_for(self, benefit: Benefit, given: Given) -> Effect:
        """Somebody who left is perhaps received elsewhere: their case goes on until the day for a hand-over is over."""
        self._took(benefit, Action.FAMILY_CHANGED, given)
        due = working_days_after(self.figures, "decide.handover", benefit.village_code, self.now.date())
        return Effect(benefit, "unsettled", of_case(self.session, self.event, benefit, Need.END, due))

    def _waits(self, benefit: Benefit, given: Given, need: Need) -> Effect:
        """Note the change in the case and put what it needs on the township's desk."""
        self._took(benefit, Action.FAMILY_CHANGED, given)
        task = of_case(self.session, self.event, benefit, need, self._due(benefit, need))
        return Effect(benefit, "calculate" if need is Need.CALCULATE else "waits", task)

    def _due(self, benefit: Benefit, need: Need) -> date | None:
        if need is Need.CALCULATE:
            return benefit.decide_by
        if need is Need.END:
            return self.now.date()
        event = self.event
        return due_of(self.figures, benefit.village_code, event.kind, event.happened_on, self.now.date())

    def _took(self, benefit: Benefit, action: Action, given: Given) -> bool:
        """Take a step where the machine lets this actor; whether it did."""
        try:
            casework.take(self.session, benefit, action, self.actor, given, self.now, self.figures)
        except Refused:
            return False
        return True
