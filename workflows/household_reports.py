"""A change that a village worker reports: the township carries it out, or turns it down with a reason.

Verbs work in the caller's transaction and raise Refused with every reason, or Stale for an old row version.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Household, HouseholdEvent, HouseholdReport, Member
from models.sealing import blind
from policy.figures import Figures
from policy.vocabulary import Happening, LeaveReason, Need, ReportState, Role
from workflows import audit
from workflows.actor import Actor, within
from workflows.arrivals import await_there
from workflows.household_tasks import due_of, finish, of_report
from workflows.people import Person
from workflows.reason import Reason, Refused, unchanged

REPORTERS = (Role.VILLAGE_WORKER,)
SETTLERS = (Role.TOWNSHIP_OFFICER,)
H = Happening
REPORTABLE: dict[Happening, tuple[str, ...]] = {
    H.BIRTH: ("name", "sex"),
    H.DEATH: ("member",),
    H.MARRIAGE: ("name",),
    H.JOINED: ("name",),
    H.LEFT: ("member",),
    H.SPLIT: (),
    H.MERGE: (),
    H.MOVED: ("address",),
    H.HANDOVER: ("address",),
    H.MOVED_AWAY: (),
    H.NEW_HEAD: ("member",),
    H.AWAY: ("member",),
    H.RETURNED: ("member",),
    H.SCHOOL_END: ("member",),
}
"""What a village worker may report, and the fields that help the township, beside day and words; all but the member
of an event that names one may stay empty."""
ABOUT_ONE = tuple(kind for kind, fields in REPORTABLE.items() if "member" in fields)
MOST = 200


@dataclass(frozen=True)
class Told:
    """What a report tells: what happened, when, in whose words, to whom, and the further fields of the event."""

    kind: Happening
    on: date
    words: str
    member: Member | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


def report(
    session: Session, household: Household, told: Told, actor: Actor, now: datetime, figures: Figures
) -> HouseholdReport:
    """Tell the township what happened in a family; it lies on the township's desk until somebody answers it."""
    reasons = _reasons(household, told, actor, now.date())
    if reasons:
        raise Refused(reasons)
    audit.attribute(session, actor, now, told.words)
    wanted = REPORTABLE[told.kind]
    fields = {name: text.strip()[:MOST] for name, text in told.fields.items() if name in wanted}
    return _open(session, household, replace(told, fields=fields), actor, now, figures)


def _open(
    session: Session, household: Household, told: Told, actor: Actor, now: datetime, figures: Figures
) -> HouseholdReport:
    due = due_of(figures, household.village_code, told.kind, told.on, now.date())
    row = HouseholdReport(
        household_id=household.id, member_id=told.member.id if told.member else None, kind=told.kind,
        from_code=household.township_code, to_code=household.township_code, happened_on=told.on,
        words=told.words.strip(), due_on=due, proposed_at=now, proposed_by_id=actor.id, proposed_by=actor.name,
        state=ReportState.OPEN, township_code=household.township_code, village_code=household.village_code,
    )  # fmt: skip
    row.content = json.dumps(dict(told.fields), ensure_ascii=False)
    session.add(row)
    session.flush()
    of_report(session, row, Need.CARRY_OUT, household.village_code)
    return row


def ask_elsewhere(
    session: Session,
    household: Household,
    person: Person,
    kind: Happening,
    on: date,
    actor: Actor,
    now: datetime,
    figures: Figures,
) -> HouseholdReport:
    """Ask another township to record that somebody left one of its families for this one; its officer decides.

    Refused for who may not record events here, for a day to come, for nobody on file elsewhere, and the second time.
    """
    stay = session.scalars(
        select(Member).where(Member.id_no_hash == blind("id_no", person.id_no), Member.left_on.is_(None))
    ).first()
    reasons = [None if actor.role in SETTLERS else Reason("not_your_role", roles=SETTLERS)]
    reasons += [None if within(actor, household.village_code) else Reason("not_in_your_division")]
    reasons += [Reason("day_in_future", day=on) if on > now.date() else None]
    reasons += [Reason("nobody_elsewhere") if stay is None or within(actor, stay.village_code) else None]
    if stay is not None and _asked(session, stay):
        reasons.append(Reason("asked_before"))
    if found := [reason for reason in reasons if reason is not None]:
        raise Refused(found)
    assert stay is not None
    words = ASKED_WORDS[kind].format(on=on.isoformat(), name=stay.name, head=household.head_name, by=actor.name)
    audit.attribute(session, actor, now, words)
    why = LeaveReason.MARRIAGE if kind is H.MARRIAGE else LeaveReason.MOVE
    told = Told(H.LEFT, on, words, stay, {"family": str(household.id), "event": kind.value, "reason": why.value})
    return _open(session, stay.household, told, actor, now, figures)


ASKED_WORDS = {
    H.MARRIAGE: "{on}，{name}与外乡镇{head}家庭成员结婚迁入，请登记“离开家庭”（结婚），再由迁入地登记。（{by}）",
    H.JOINED: "{on}，{name}迁入外乡镇{head}家庭，请登记“离开家庭”（迁出），再由迁入地登记。（{by}）",
}
"""What the other township reads, by the event that waits for its step."""


def _asked(session: Session, stay: Member) -> bool:
    query = select(HouseholdReport.id).where(
        HouseholdReport.member_id == stay.id, HouseholdReport.kind == H.LEFT, HouseholdReport.state == ReportState.OPEN
    )
    return session.scalar(query.limit(1)) is not None


def fields_of(row: HouseholdReport) -> dict[str, str]:
    """What was typed in a report or a proposed move, field by field."""
    found: dict[str, str] = json.loads(row.content) if row.content else {}
    return found


def asked_by(session: Session, row: HouseholdReport) -> Household | None:
    """The family of another township that waits for the person of this report; None for a report of one's own."""
    told = fields_of(row)
    return session.get(Household, int(told["family"])) if "family" in told else None


def turn_down(
    session: Session, row: HouseholdReport, reason: str, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Say why a report is not carried out; the village worker reads it."""
    faults = [*_may_settle(row, actor), *([] if len(reason.strip()) >= 2 else [Reason("words_missing")])]
    if faults:
        raise Refused(faults)
    unchanged(row, version)
    audit.attribute(session, actor, now, reason)
    settle(session, row, ReportState.REFUSED, reason, actor, now)


def carried_out(session: Session, row: HouseholdReport, event: HouseholdEvent, actor: Actor, now: datetime) -> None:
    """An event was recorded from this report."""
    if faults := _may_settle(row, actor):
        raise Refused(faults)
    row.event_id = event.id
    settle(session, row, ReportState.DONE, "", actor, now)
    household = asked_by(session, row)
    if household is not None and event.kind is H.LEFT and event.member_id == row.member_id:
        await_there(session, row, household, now.date())


def wait_again(session: Session, event: HouseholdEvent) -> None:
    """Reports from which an entry was recorded lie on the township's desk again once it is taken back."""
    carried = HouseholdReport.household_id == event.household_id, HouseholdReport.event_id == event.id
    for row in session.scalars(select(HouseholdReport).where(*carried)).all():
        row.state, row.event_id = ReportState.OPEN, None
        row.settled_at, row.settled_by_id, row.settled_by = None, None, ""
        of_report(session, row, Need.CARRY_OUT, row.village_code)


def settle(
    session: Session, row: HouseholdReport, state: ReportState, reason: str, actor: Actor, now: datetime
) -> None:
    """Answer a report or a proposal, and take it off every desk."""
    row.state, row.reason = state, reason.strip()
    row.settled_at, row.settled_by_id, row.settled_by = now, actor.id, actor.name
    finish(session, now.date(), report_id=row.id)


def _reasons(household: Household, told: Told, actor: Actor, today: date) -> list[Reason]:
    member = told.member
    found = [
        None if actor.role in REPORTERS else Reason("not_your_role", roles=REPORTERS),
        None if within(actor, household.village_code) else Reason("not_in_your_division"),
        Reason("household_dissolved", on=household.dissolved_on) if household.dissolved_on else None,
        None if told.kind in REPORTABLE else Reason("event_kind_missing"),
        Reason("day_in_future", day=told.on) if told.on > today else None,
        None if len(told.words.strip()) >= 2 else Reason("event_words_missing"),
        Reason("event_member_missing") if told.kind in ABOUT_ONE and member is None else None,
        Reason("event_member_missing") if member is not None and member.household_id != household.id else None,
    ]
    return [reason for reason in dict.fromkeys(found) if reason is not None]


def _may_settle(row: HouseholdReport, actor: Actor) -> list[Reason]:
    found = [] if actor.role in SETTLERS else [Reason("not_your_role", roles=SETTLERS)]
    found += [] if within(actor, row.village_code) else [Reason("not_in_your_division")]
    return found + ([] if row.state is ReportState.OPEN else [Reason("report_answered")])
