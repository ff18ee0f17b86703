"""A family moves to another township of the county: its township proposes, the other accepts or turns it down.

Until it is accepted nothing changes and the old township is responsible. With the acceptance every row of the family
and its cases carries the new codes in one transaction; running cases go on with their history.
"""

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Household, HouseholdReport
from policy.authority import working_days_after
from policy.division_codes import township_of
from policy.figures import Figures
from policy.vocabulary import Happening, Need, ReportState, Role
from workflows import audit
from workflows.actor import Actor, within
from workflows.household_event_effects import follow
from workflows.household_event_input import Done, Happened
from workflows.household_events import may_record, write_event
from workflows.household_reports import fields_of, settle
from workflows.household_scene import Scene
from workflows.household_scope import relocate
from workflows.household_tasks import finish, of_report
from workflows.reason import Reason, Refused, unchanged
from workflows.registry import no_village

DECIDERS = (Role.TOWNSHIP_OFFICER,)


def propose(
    session: Session,
    household: Household,
    told: Happened,
    actor: Actor,
    now: datetime,
    figures: Figures,
    version: int | None = None,
    report: HouseholdReport | None = None,
) -> HouseholdReport:
    """Propose that a family goes over to the township of a village; ``report`` is the village worker's that told it."""
    reasons = [*may_record(household, actor), *_to(session, household, told)]
    reasons += [Reason("day_in_future", day=told.on)] if told.on > now.date() else []
    reasons += [] if len(told.words.strip()) >= 2 else [Reason("event_words_missing")]
    reasons += [Reason("move_proposed_before")] if proposed(session, household.id) else []
    if reasons:
        raise Refused(dict.fromkeys(reasons))
    unchanged(household, version)
    audit.attribute(session, actor, now, told.words)
    row = _row(household, told, actor, now)
    row.due_on = working_days_after(figures, "decide.handover", household.village_code, now.date())
    session.add(row)
    session.flush()
    of_report(session, row, Need.AWAIT, household.village_code)
    of_report(session, row, Need.ACCEPT, told.village_code)
    if report is not None:
        settle(session, report, ReportState.DONE, "", actor, now)
    return row


def proposed(session: Session, household_id: int) -> HouseholdReport | None:
    """The move of a family that waits for the other township."""
    query = select(HouseholdReport).where(
        HouseholdReport.household_id == household_id, HouseholdReport.kind == Happening.HANDOVER,
        HouseholdReport.state == ReportState.OPEN, HouseholdReport.to_code != HouseholdReport.from_code,
    )  # fmt: skip
    return session.scalars(query).first()


def accept(
    session: Session, row: HouseholdReport, actor: Actor, now: datetime, figures: Figures, version: int | None = None
) -> Done:
    """Take the family over: from now on this township is responsible; its open cases are rechecked here."""
    faults = _decides(row, actor)
    household, to = row.household, fields_of(row)
    faults += [Reason("household_dissolved", on=household.dissolved_on)] if household.dissolved_on else []
    faults += no_village(session, to["village"])
    if faults:
        raise Refused(faults)
    unchanged(row, version)
    audit.attribute(session, actor, now, row.words)
    before = household.village_code
    relocate(session, household, to["village"], to["address"])
    scene = Scene(session, household, Happened(Happening.HANDOVER, row.happened_on, row.words), actor, now, figures)
    event = write_event(scene, {"from": before, "to": household.village_code})
    row.event_id = event.id
    _answered(session, row, ReportState.DONE, "", actor, now)
    return Done(event, (household,), follow(session, event, (household,), actor, now, figures))


def refuse(
    session: Session, row: HouseholdReport, reason: str, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Turn the proposal down with a reason; the family stays where it is, and its township reads why on its desk."""
    faults = [*_decides(row, actor), *([] if len(reason.strip()) >= 2 else [Reason("words_missing")])]
    if faults:
        raise Refused(faults)
    unchanged(row, version)
    audit.attribute(session, actor, now, reason)
    _answered(session, row, ReportState.REFUSED, reason, actor, now)
    of_report(session, row, Need.AWAIT, row.village_code)


def withdraw(session: Session, row: HouseholdReport, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Take one's own proposal back, or take notice that it was turned down."""
    faults = may_record(row.household, actor)
    faults += [Reason("report_answered")] if row.state not in (ReportState.OPEN, ReportState.REFUSED) else []
    if faults:
        raise Refused(faults)
    unchanged(row, version)
    audit.attribute(session, actor, now)
    if row.state is ReportState.OPEN:
        _answered(session, row, ReportState.WITHDRAWN, "", actor, now)
    finish(session, now.date(), report_id=row.id)


def _row(household: Household, told: Happened, actor: Actor, now: datetime) -> HouseholdReport:
    row = HouseholdReport(
        household_id=household.id, kind=Happening.HANDOVER, from_code=household.township_code,
        to_code=township_of(told.village_code), happened_on=told.on, words=told.words.strip(), state=ReportState.OPEN,
        proposed_at=now, proposed_by_id=actor.id, proposed_by=actor.name, township_code=household.township_code,
        village_code=household.village_code,
    )  # fmt: skip
    row.content = json.dumps({"village": told.village_code, "address": told.address.strip()}, ensure_ascii=False)
    return row


def _answered(
    session: Session, row: HouseholdReport, state: ReportState, reason: str, actor: Actor, now: datetime
) -> None:
    """Settle a move, and keep who headed the family then: what the other township reads of it from now on."""
    row.content = json.dumps({**fields_of(row), "head": row.household.head_name}, ensure_ascii=False)
    settle(session, row, state, reason, actor, now)


def head_then(row: HouseholdReport) -> str:
    """Who headed the family when its move was answered; who does now while it is not."""
    return fields_of(row).get("head") or row.household.head_name


def head_as_left(session: Session, household: Household, code: str) -> str:
    """Who headed a family when it moved away from a place; who does now, if it never did."""
    query = select(HouseholdReport).where(
        HouseholdReport.household_id == household.id, HouseholdReport.kind == Happening.HANDOVER,
        HouseholdReport.state == ReportState.DONE, HouseholdReport.from_code.startswith(township_of(code)),
        HouseholdReport.from_code != HouseholdReport.to_code,
    )  # fmt: skip
    row = session.scalars(query.order_by(HouseholdReport.id.desc()).limit(1)).first()
    return head_then(row) if row else household.head_name


def _to(session: Session, household: Household, told: Happened) -> list[Reason]:
    found = no_village(session, told.village_code)
    if not found and township_of(told.village_code) == household.township_code:
        found.append(Reason("moves_within_township"))
    return found if told.address.strip() else [*found, Reason("address_missing")]


def _decides(row: HouseholdReport, actor: Actor) -> list[Reason]:
    """Only the receiving township decides, once."""
    found = [] if actor.role in DECIDERS else [Reason("not_your_role", roles=DECIDERS)]
    found += [] if within(actor, row.to_code) else [Reason("not_in_your_division")]
    return found + ([] if row.state is ReportState.OPEN else [Reason("report_answered")])
