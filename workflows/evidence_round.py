"""The events of a case folded into its present round: an objection, a return or a recheck takes earlier work back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from models import Event
from policy.vocabulary import UNDECIDED, Action, ParentKind, Stage
from workflows.evidence_tekun import TekunRound
from workflows.evidence_temporary import Folded
from workflows.facts import Opinion, Reckoned, Referral


@dataclass
class Round:
    """What still counts of the events so far: an objection, a return or a new recheck takes earlier work back."""

    surveyors: set[str] = field(default_factory=set)
    reviewers: set[int] = field(default_factory=set)
    visited: bool = False
    opinion: Opinion | None = None
    notice_held: bool = False
    county_visited: bool = False
    county_opinion: bool = False
    complaint_checked: bool = False
    complained: bool = False
    told_missing: bool = False
    refusal_told: bool = False
    debt_noted: bool = False
    watched: bool = False
    left_on: date | None = None
    left_from: Stage | None = None
    referrals: dict[int, Referral] = field(default_factory=dict)
    parents: set[ParentKind] = field(default_factory=set)
    surveyed_on: date | None = None
    complaint_on: date | None = None
    disputed: bool = False
    meeting_held: bool = False
    second_held: bool = False
    drawn: bool = False
    temporary: Folded = field(default_factory=Folded)
    tekun: TekunRound = field(default_factory=TekunRound)
    began: datetime | None = None
    changed: datetime | None = None
    """Since when the family is another one than the one that was calculated."""
    events: int = 0

    def add(self, event: Event) -> None:
        """Fold one event in, in the order they happened."""
        self.events += 1
        self.temporary.add(event.action, event.data)
        if self.tekun.add(event):
            self.began = event.at
        if event.action in _NOTED:
            setattr(self, _NOTED[event.action], True)
        elif event.action in _FOLDED:
            _FOLDED[event.action](self, event)

    def calculation(self, latest: tuple[Reckoned, datetime] | None) -> Reckoned | None:
        """The latest calculation where it was made in this round, of the family as it is now."""
        since = max((at for at in (self.began, self.changed) if at is not None), default=None)
        if latest is None or self.tekun.ends_uncalculated or (since is not None and latest[1] < since):
            return None
        return latest[0]

    def told(self) -> dict[str, Any]:
        """The facts that the events alone tell, by their names."""
        return {
            "told_missing": self.told_missing, "debt_noted": self.debt_noted, "refusal_told": self.refusal_told,
            "surveyors": frozenset(self.surveyors), "visited": self.visited, "surveyed_on": self.surveyed_on,
            "opinion": self.opinion, "reviewers": frozenset(self.reviewers), "notice_held": self.notice_held,
            "county_visited": self.county_visited, "county_opinion": self.county_opinion,
            "complaint_checked": self.complaint_checked, "complaint_on": self.complaint_on, "watched": self.watched,
            "referrals": tuple(self.referrals.values()), "touched": self.events > 1,
        }  # fmt: skip

    def take_back(self) -> None:
        """What was judged so far counts no more; what was seen still does."""
        self.opinion, self.notice_held, self.county_opinion = None, False, False
        self.meeting_held = self.second_held = False

    def reviewed_by(self, event: Event, *also: int) -> None:
        """Whoever took part in the review may not confirm."""
        self.reviewers |= {who for who in (event.actor_id, *also) if who is not None}


# --- what takes earlier work back -------------------------------------------------------------------------------------


def _objected(now: Round, event: Event) -> None:
    now.surveyors, now.visited, now.surveyed_on, now.disputed = set(), False, None, True
    now.take_back()


def _returned(now: Round, event: Event) -> None:
    now.take_back()


def _family_changed(now: Round, event: Event) -> None:
    now.changed = event.at
    if event.to_stage in (Stage.REVIEW, Stage.RECHECK):
        now.take_back()


def _rechecked(now: Round, event: Event) -> None:
    kept = {
        "events": now.events, "complaint_checked": now.complaint_checked, "complaint_on": now.complaint_on,
        "tekun": now.tekun, "referrals": now.referrals,
    }  # fmt: skip
    now.__init__(began=event.at, **kept)  # type: ignore[misc]


# --- what was found out, and by whom ----------------------------------------------------------------------------------


def _surveyed(now: Round, event: Event) -> None:
    now.surveyors |= set(event.data["surveyors"])
    now.visited = now.complaint_checked = True
    now.surveyed_on = event.at.date()
    now.parents |= {ParentKind(kind) for kind in event.data.get("parents", ())}
    now.reviewed_by(event, *event.data["surveyor_ids"])


def _county_visited(now: Round, event: Event) -> None:
    now.county_visited = now.complaint_checked = True
    now.reviewed_by(event, *event.data["surveyor_ids"])


def _assessed(now: Round, event: Event) -> None:
    now.reviewed_by(event)


def _met(now: Round, event: Event) -> None:
    now.meeting_held = True
    now.reviewed_by(event)


def _judged(now: Round, event: Event) -> None:
    now.opinion = Opinion(event.data["grants"], event.actor_id, event.data.get("amount_fen"))
    now.reviewed_by(event)


def _county_judged(now: Round, event: Event) -> None:
    now.county_opinion = True
    now.reviewed_by(event)


def _notice_closed(now: Round, event: Event) -> None:
    now.second_held, now.notice_held = now.notice_held, True
    _drawn(now, event)


def _drawn(now: Round, event: Event) -> None:
    now.drawn = now.drawn or bool(event.data.get("drawn"))


# --- what goes on beside ----------------------------------------------------------------------------------------------


def _complained(now: Round, event: Event) -> None:
    now.county_visited = now.complaint_checked = False
    now.complained = now.complained or event.from_stage in UNDECIDED
    now.complaint_on = now.complaint_on or event.at.date()


def _answered(now: Round, event: Event) -> None:
    now.complaint_on = None


def _left(now: Round, event: Event) -> None:
    now.left_on, now.left_from = event.at.date(), event.from_stage


def _came_back(now: Round, event: Event) -> None:
    now.left_on = now.left_from = None


def _referred(now: Round, event: Event) -> None:
    office = event.data.get("to_office") or event.data.get("referred_to") or ""
    now.referrals[event.id] = Referral(event.id, office, event.at.date())


def _replied(now: Round, event: Event) -> None:
    now.referrals.pop(event.data["referral"], None)


_NOTED = {
    Action.TELL_MISSING: "told_missing", Action.TELL_REFUSAL: "refusal_told", Action.PAPERS_OVERDUE: "debt_noted",
    Action.WATCH: "watched",
}  # fmt: skip
"""Actions of which it is enough that they happened."""
_FOLDED: dict[Action, Callable[[Round, Event], None]] = {
    Action.OBJECT: _objected,
    Action.RETURN: _returned,
    Action.FAMILY_CHANGED: _family_changed,
    Action.START_RECHECK: _rechecked,
    Action.RECORD_SURVEY: _surveyed,
    Action.COUNTY_VISIT: _county_visited,
    Action.ASSESS_SELF_CARE: _assessed,
    Action.REVIEW_MEETING: _met,
    Action.GIVE_OPINION: _judged,
    Action.COUNTY_OPINION: _county_judged,
    Action.CLOSE_NOTICE: _notice_closed,
    Action.SUBMIT_REFUSAL: _drawn,
    Action.RECORD_COMPLAINT: _complained,
    Action.ANSWER_COMPLAINT: _answered,
    Action.LEAVE: _left,
    Action.UNDO_LEAVE: _came_back,
    Action.REFER: _referred,
    Action.REFER_ELSEWHERE: _referred,
    Action.RECORD_REPLY: _replied,
}
