"""Which papers a case has: each states an event, and can be printed once that event is there.

To add a kind: one ``Kind`` here, naming the actions it states (and, where it is not for all of them, ``schemes`` or
``when``), a template ``papers/<code>.html`` that extends ``papers/letter.html`` or ``papers/form.html``, what the
template shows beside the shared words in ``papers_text.MORE`` (letters) or ``papers_forms.MORE`` (forms), its Chinese
name in ``policy.letters.TITLES_OF``, its title in the catalogue, and a line in docs/papers.md.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import lazy_gettext as _l

from models import Event
from policy.vocabulary import NOT_TEMPORARY, PERSONAL, Action, Mode, Scheme, Stage
from views.context import figures

A = Action


class Kind(NamedTuple):
    """A kind of paper and the actions it states.

    ``served``: handed to the family, so that a receipt is signed. ``family``: "letter" (文书, numbered) or "form" (表).
    ``numbers``: it has numbers of people, which can be asked for in full. ``schemes`` empty: of every scheme.
    """

    code: str
    title: Any
    actions: tuple[Action, ...]
    served: bool = True
    family: str = "letter"
    numbers: bool = False
    schemes: tuple[Scheme, ...] = ()
    when: Callable[[Event], bool] | None = None

    @property
    def numbered(self) -> bool:
        """Whether it takes a number of its office."""
        return self.family == "letter"

    def states(self, event: Event) -> bool:
        """Whether this paper is the one to print for an event."""
        if event.action not in self.actions or (self.when and not self.when(event)):
            return False
        return not self.schemes or event.benefit is None or event.benefit.scheme in self.schemes


class Print(NamedTuple):
    """A paper that can be printed now: the ``nth`` of its kind in the case, stating ``event``."""

    kind: Kind
    event: Event
    nth: int
    latest: bool

    @property
    def key(self) -> str:
        """What it states, for the register of issued papers."""
        return f"{self.kind.code}:{self.event.id}"

    @property
    def url(self) -> str:
        """Its address; an earlier one of its kind is named by its event."""
        which: dict[str, Any] = {} if self.latest else {"event": self.event.id}
        return url_for("papers.page", id=self.event.benefit_id, kind=self.kind.code, **which)

    @property
    def delivery_url(self) -> str:
        """The address of its 送达回证; empty for what is served on nobody."""
        if not self.kind.served:
            return ""
        return url_for("papers.delivery", id=self.event.benefit_id, kind=self.kind.code, event=self.event.id)


def _of_application(event: Event) -> bool:
    return event.from_stage is not Stage.RECHECK


def _of_recheck(event: Event) -> bool:
    return event.from_stage is Stage.RECHECK


def _reviewed(event: Event) -> bool:
    """Whether a 民主评议 is held, or asked for: of what is disputed, and where the rule asks for it of every 低保.

    That was 民发〔2012〕220号 第十六条; an application keeps the rule of the day of its acceptance.
    """
    if event.action in (A.OBJECT, A.REVIEW_MEETING):
        return True
    benefit = event.benefit
    if event.from_stage is Stage.RECHECK or benefit is None or benefit.scheme is not Scheme.DIBAO:
        return False
    on = benefit.accepted_on or event.at.date()
    asked = figures().find("review_meeting.required", place=benefit.village_code, on=on)
    return asked is not None and asked.word == "yes"


def _decided_singly(event: Event) -> bool:
    return bool((event.data or {}).get("special_decision"))


NOT_PERSONAL = tuple(scheme for scheme in Scheme if scheme not in PERSONAL)
"""Nobody's means are checked where one person is entitled."""

_KINDS = (
    Kind("application", _l("Application form"), (A.APPLY,), served=False, family="form", numbers=True),
    Kind("pledge", _l("Honesty pledge"), (A.APPLY,), served=False, family="form", schemes=NOT_PERSONAL),
    Kind("authorisation", _l("Cross-check authorisation"), (A.APPLY,), served=False, family="form", numbers=True,
         schemes=NOT_PERSONAL),
    Kind("missing", _l("Missing-papers notice"), (A.TELL_MISSING,)),
    Kind("receipt", _l("Acceptance receipt"), (A.ACCEPT,)),
    Kind("survey", _l("Home survey form"), (A.START_REVIEW, A.START_RECHECK), served=False, family="form",
         numbers=True),
    Kind("neighbours", _l("Record of neighbour visits"), (A.START_REVIEW, A.START_RECHECK), served=False,
         family="form"),
    Kind("crosscheck", _l("Cross-check report"), (A.RECORD_CROSSCHECK,), served=False, family="form"),
    Kind("meeting", _l("Record of the democratic review"), (A.OBJECT, A.RECORD_SURVEY, A.REVIEW_MEETING), served=False,
         family="form", when=_reviewed),
    Kind("sheet", _l("Review and confirmation form"), (A.GIVE_OPINION,), served=False, family="form",
         schemes=NOT_TEMPORARY, when=_of_application),
    Kind("review_sheet", _l("Recheck form"), (A.GIVE_OPINION,), served=False, family="form", when=_of_recheck),
    Kind("aid_sheet", _l("Temporary aid approval form"), (A.PAY_FIRST, A.GIVE_OPINION, A.PASS_UP), served=False,
         family="form", numbers=True, schemes=(Scheme.TEMPORARY,)),
    Kind("minutes", _l("Minutes of the single decision"),
         (A.GIVE_OPINION, A.CONFIRM, A.PAY_FIRST, A.KEEP, A.RAISE, A.CUT, A.START_GRACE, A.SUSPEND, A.EXIT),
         served=False, family="form", when=_decided_singly),
    Kind("self_care", _l("Self-care assessment form"), (A.ASSESS_SELF_CARE,), served=False, family="form"),
    Kind("end_notice", _l("Public notice of ending"), (A.POST_END_NOTICE,), served=False),
    Kind("notice", _l("Public notice"), (A.POST_NOTICE,), served=False),
    Kind("decision", _l("Letter of confirmation"), (A.CONFIRM, A.PAY_FIRST)),
    Kind("guardianship", _l("Guardianship agreement"), (A.CONFIRM, A.TAKE_OVER, A.SIGN_AGREEMENT), served=False,
         family="form", numbers=True, schemes=(Scheme.TEKUN,)),
    Kind("refusal", _l("Letter of refusal"), (A.REFUSE,)),
    Kind("change", _l("Letter of change"), (A.RAISE, A.CUT, A.CHANGE_SUPPORT)),
    Kind("grace_sheet", _l("Grace period approval form"), (A.START_GRACE,), served=False, family="form"),
    Kind("grace", _l("Letter on the grace period"), (A.START_GRACE,)),
    Kind("suspension", _l("Letter of suspension"), (A.SUSPEND,)),
    Kind("resumption", _l("Letter on resumed payment"), (A.RESUME, A.UNDO_LEAVE)),
    Kind("exit", _l("Letter of exit"), (A.EXIT, A.END_GRACE, A.LEAVE, A.END_ON_DEATH, A.EXPIRE)),
    Kind("stages_stop", _l("Letter on stopped payments"), (A.STOP_INSTALMENTS,)),
    Kind("government_minutes", _l("Minutes of the county government"), (A.RECORD_MINUTES,), served=False,
         family="form"),
    Kind("referral", _l("Referral form"), (A.REFER, A.REFER_ELSEWHERE), served=False),
    Kind("home_notice", _l("Notice to the home place"), (A.NOTIFY_HOME,), served=False),
)  # fmt: skip
KINDS = {kind.code: kind for kind in _KINDS}
OF_ACTION = {action: tuple(kind for kind in _KINDS if action in kind.actions) for action in Action}
"""By action, the kinds that may state it."""
OF_WHOLE_CASE = ("meeting", "guardianship")
"""Kinds that an event alone does not tell of: the other steps of its case do (``available_papers``)."""


def available_papers(events: Iterable[Event]) -> list[Print]:
    """Every paper that the events of a case (in order) allow to print."""
    events = list(events)
    stated = [(kind, event) for event in events for kind in OF_ACTION[event.action] if kind.states(event)]
    if _all_in_homes(events):
        stated = [(kind, event) for kind, event in stated if kind.code != "guardianship"]
    calling = _calling_meetings(events)
    stated = [(kind, event) for kind, event in stated if kind.code != "meeting" or event.id in calling]
    last = {kind.code: place for place, (kind, _) in enumerate(stated)}
    counts: dict[str, int] = {}
    found = []
    for place, (kind, event) in enumerate(stated):
        counts[kind.code] = counts.get(kind.code, 0) + 1
        found.append(Print(kind, event, counts[kind.code], last[kind.code] == place))
    return found


def _calling_meetings(events: Iterable[Event]) -> set[int]:
    """One step for each meeting of 民主评议, held or to be held: what calls for it, else the meeting itself."""
    found: set[int] = set()
    waits = held = False
    for event in events:
        if event.action is A.OBJECT or (event.action is A.RECORD_SURVEY and not waits and not held):
            found.add(event.id)
            waits, held = True, False
        elif event.action is A.REVIEW_MEETING:
            found |= set() if waits else {event.id}
            waits, held = False, True
        elif event.action is A.RETURN:
            held = False
    return found


def _all_in_homes(events: Sequence[Event]) -> bool:
    """Whether everybody of a case of 特困 last chose a home, which looks after them without an agreement."""
    said = [event.data for event in events if event.action is A.RECORD_WISH]
    if not said:
        return False
    benefit = events[-1].benefit  # its one person has another number in each family they came to
    wishes = {benefit.member_id or data.get("person"): data.get("mode") for data in said}
    if len(wishes) < benefit.persons:
        return False
    return set(wishes.values()) == {Mode.CENTRAL.value}


def choose(events: Sequence[Event], kind: Kind, event_id: int | None) -> Print | None:
    """The paper of this kind that states the event, the latest where none is named; None where there is none."""
    found = [paper for paper in available_papers(events) if paper.kind is kind]
    if event_id is not None:
        found = [paper for paper in found if paper.event.id == event_id]
    return found[-1] if found else None
