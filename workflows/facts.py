"""What the machine looks at: one immutable picture of a case, and what a step was given. No database here."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from policy.vocabulary import (
    Authority,
    EndReason,
    HomeGround,
    Mode,
    Outcome,
    Paper,
    Reply,
    ReviewClass,
    Scheme,
    SelfCare,
    Source,
    Stage,
)
from workflows.facts_classes import ClassFacts
from workflows.facts_dibao import LeavingFacts
from workflows.facts_former import FormerFacts
from workflows.facts_personal import ParentTold, PersonalFacts
from workflows.facts_tekun import TekunFacts
from workflows.facts_temporary import Instalment, TemporaryFacts


class Opinion(NamedTuple):
    """The latest valid opinion of the township: ``grants`` aid (or its continuation) or not, with an amount in 分."""

    grants: bool
    by: int | None
    amount_fen: int | None = None


@dataclass(frozen=True)
class Reckoned:
    """The latest stored calculation of this round: its number, what it came to, 分 a month, and 分 once."""

    id: int
    outcome: Outcome
    monthly_fen: int
    once_fen: int = 0
    stale: bool = False
    """Whether the family's facts have changed since; looked at only where a decision rests on it."""
    former_rule: bool = False
    """Whether another national rule is in force now than on the day of the calculation; looked at likewise."""

    @property
    def payable_fen(self) -> int:
        """What the rules pay each month (分); nothing where they refuse."""
        return self.monthly_fen if self.outcome in (Outcome.ELIGIBLE, Outcome.GRACE) else 0

    @property
    def payable_once_fen(self) -> int:
        """What the rules pay once (分); within the ceiling also where more was asked for; nothing where they refuse."""
        return self.once_fen if self.outcome in (Outcome.ELIGIBLE, Outcome.SPECIAL_DECISION) else 0


@dataclass(frozen=True)
class Facts:
    """A case as the rules see it on a day. ``stage`` None: the case does not exist yet."""

    scheme: Scheme
    stage: Stage | None
    on: date
    place: str
    authority: Authority = Authority.COUNTY
    urgent: bool = False
    special: bool = False
    pledged: bool = False
    authorised_on: date | None = None
    """The day on which the family authorised the cross-check; None where it did not."""
    told_missing: bool = False
    papers_owed: int = 0
    debt_due_on: date | None = None
    debt_noted: bool = False
    surveyors: frozenset[str] = frozenset()
    visited: bool = False
    sources_back: frozenset[Source] = frozenset()
    sources_waiting: frozenset[Source] = frozenset()
    opinion: Opinion | None = None
    finding: Reckoned | None = None
    reviewers: frozenset[int] = frozenset()
    notice_until: date | None = None
    notice_held: bool = False
    near_relative: bool = False
    complaint_open: bool = False
    county_visited: bool = False
    county_opinion: bool = False
    complaint_checked: bool = False
    """Whether somebody has gone to see since the latest complaint came in."""
    complained: bool = False
    """Whether a complaint came in before the decision: answered or not, the county goes to see (57号 第二十条)."""
    refusal_told: bool = False
    decided_on: date | None = None
    """The day of the decision on the application, once there is one."""
    living: int = 1
    monthly_fen: int = 0
    grace_until: date | None = None
    grace_months: tuple[int, int] | None = None
    township_limit_fen: int | None = None
    open_case_no: str | None = None
    taken_over: bool = False
    touched: bool = False
    """Whether anything has happened to the case since it was opened."""
    recalculated: bool = False
    """Whether the batch that is to be undone adjusted the case, and nothing has happened to it since."""
    undo_until: date | None = None
    """The last day on which that batch may be undone: the day before its first payment."""
    barred_until: date | None = None
    """The last day on which no application of the family is taken, because of dishonest acts."""
    exists_here: bool = True
    """Whether the scheme exists at the place on the day."""
    watched: bool = False
    """Whether the refused family was put on the watch list."""
    classes: ClassFacts | None = None
    leaving: LeavingFacts | None = None
    temporary: TemporaryFacts | None = None
    tekun: TekunFacts | None = None
    personal: PersonalFacts | None = None
    former: FormerFacts = FormerFacts()
    surveyed_on: date | None = None
    """The day of the latest survey of this round."""
    complaint_on: date | None = None
    """The day of the earliest complaint that nobody has answered."""
    referrals: tuple["Referral", ...] = ()
    """Referrals that have no reply yet, the earliest first."""


class Referral(NamedTuple):
    """A referral: the number of its step, the body referred to, and the day."""

    id: int
    office: str
    on: date


class Surveyor(NamedTuple):
    """Who went; ``user_id`` where they have a login."""

    name: str
    user_id: int | None = None


class Answer(NamedTuple):
    """What one source of the cross-check answered; ``back_on`` None: asked, not yet back."""

    source: Source
    back_on: date | None = None
    doubtful: bool = False
    note: str = ""


class Missing(NamedTuple):
    """A paper told as missing or owed."""

    paper: Paper
    note: str = ""


@dataclass(frozen=True)
class Given:
    """What a step was given in its dialog; a rule's inputs say which of these it needs. Amounts in 分."""

    words: str = ""
    clause: str = ""
    amount_fen: int | None = None
    grants: bool | None = None
    special: str = ""
    """一事一议: why another amount than the calculated one is granted; ``special_clause`` what that rests on."""
    special_clause: str = ""
    months: int | None = None
    day: date | None = None
    review_class: ReviewClass | None = None
    surveyors: tuple[Surveyor, ...] = ()
    met: str = ""
    at_home: bool = True
    answers: tuple[Answer, ...] = ()
    missing: tuple[Missing, ...] = ()
    filed: tuple[int, ...] = field(default=())
    by_name: str = ""
    parents: tuple[ParentTold, ...] = ()
    present: int | None = None
    """How many were at a democratic review, and how many of them ``delegates``."""
    delegates: int | None = None
    form_signed: bool = False
    first_month: date | None = None
    batch_id: int | None = None
    household_event_id: int | None = None
    """The event of the family that calls for the step."""
    recalculation_id: int | None = None
    instalments: tuple[Instalment, ...] = ()
    goods: str = ""
    """What is given in goods (实物), worth the amount; empty: money."""
    attended: str = ""
    reference: str = ""
    """The number under which minutes are kept; ``attended``: who was there."""
    to_office: str = ""
    """The office of the home place that is notified."""
    referral: int | None = None
    """The referral that a reply answers; None where only one waits."""
    reply: Reply | None = None
    person: int | None = None
    """Whose care, wish, agreement or home it is: the number of a member; None where the case has one person."""
    self_care: tuple[tuple[SelfCare, bool], ...] = ()
    """The six items, each with whether it is met."""
    mode: Mode | None = None
    home: str = ""
    ground: HomeGround | None = None
    end_reason: EndReason | None = None
    file_id: int | None = None
