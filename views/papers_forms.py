"""What each form (表) shows: the family as it stands, and the steps that the form is about."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from models import Event
from policy import letters
from policy.clauses import NEW_RULES, in_force
from policy.vocabulary import Action, EventKind, Scheme, Source, SpendingKind, Unit
from views import papers_aid, papers_tekun
from views.case_file import CaseFile
from views.formats import label, options
from views.papers_finding import told_of
from views.papers_kinds import Print
from views.papers_personal import ward_of
from views.papers_sheet import counted, sheet
from views.papers_survey import said_of, survey
from views.papers_text import addressee, cited_on_day, decided_by, where
from views.papers_then import Then

Told = dict[str, Any]
CITED = {
    "application": "民发〔2021〕57号 第四条", "pledge": "民发〔2021〕57号 第九条",
    "authorisation": "民发〔2021〕57号 第九条",
    "neighbours": "民发〔2021〕57号 第十六条", "crosscheck": "民发〔2021〕57号 第十七条",
}  # fmt: skip

OF_THEN = frozenset({"sheet", "review_sheet", "grace_sheet", "minutes"})
"""Forms of a judgement: they show the family that was judged, whatever came about before they are printed."""


def form(file: CaseFile, paper: Print, full: bool) -> Told:
    """Everything the template of a form shows; with ``full`` the numbers of people stand there whole."""
    benefit, event, code = file.benefit, paper.event, paper.kind.code
    scheme, then = letters.FORMAL_NAME[benefit.scheme], Then(file, event)
    return {
        **where(benefit.village_code, decided_by(benefit, event)),
        **survey(file, full, then if code in OF_THEN else None), "benefit": benefit,
        "event": event, "scheme": scheme, "money": letters.money_name(benefit.scheme),
        "name": letters.title_of(paper.kind.code, benefit.scheme),
        "applicant": then.applicant if code in OF_THEN else addressee(benefit), "headed_by": then.head,
        "basis": letters.full_title(in_force(_basis(benefit.scheme, code, event), cited_on_day(benefit, event))),
        "words": letters.ended(event.opinion), "personal": file.person is not None,
        "ward": ward_of(benefit, event.at.date()),
        **MORE.get(paper.kind.code, _nothing)(file, event), **papers_tekun.told(file, event, paper.kind.code),
        **papers_aid.told(file, event, paper.kind.code),
    }  # fmt: skip


def _basis(scheme: Scheme, code: str, event: Event) -> str:
    """The clause a form names: that of its kind under its scheme, else of its step."""
    own = papers_tekun.cited(code, scheme) or papers_aid.cited(code, scheme, event.at.date())
    return own or CITED.get(code) or event.clause


def _nothing(file: CaseFile, event: Event) -> Told:
    return {}


def _survey(file: CaseFile, event: Event) -> Told:
    return {"calculated": told_of(file, event), "found": said_of(file, event)}


def _crosscheck(file: CaseFile, event: Event) -> Told:
    """Every source that was asked up to this answer; those never asked are printed unticked."""
    asked = {check.source: check for check in file.checks}
    return {
        "asked": [(label(source), asked.get(source)) for source in Source],
        "doubtful": [label(check.source) for check in file.checks if check.doubtful],
        "answered": [check for check in file.checks if check.back_on],
    }  # fmt: skip


def _meeting(file: CaseFile, event: Event) -> Told:
    """What the meeting is about: the objection raised that day, else the survey; what came of it once it was held."""
    raised = [one for one in file.objections if not one.complaint and one.received_on == event.at.date()]
    later = (one for one in file.events if one.id > event.id and one.action in (Action.REVIEW_MEETING, Action.OBJECT))
    held = event if event.action is Action.REVIEW_MEETING else next(later, None)
    held = held if held is not None and held.action is Action.REVIEW_MEETING else None
    former = (file.benefit.accepted_on or event.at.date()) < NEW_RULES
    return {
        "objection": raised[-1] if raised else None, "former": former, "held": held,
        "held_on": date.fromisoformat(held.data["day"]) if held else None,
        "opinion": _last(file, event, Action.GIVE_OPINION),
    }  # fmt: skip


def _review(file: CaseFile, event: Event) -> Told:
    """The recheck that this opinion belongs to: when it began, what it found, what it came to."""
    began = _last(file, event, Action.START_RECHECK)
    visit = _last(file, event, Action.RECORD_SURVEY)
    home = next((v for v in file.visits if visit and v.id == visit.data.get("visit_id")), None)
    return {
        **sheet(file, event), "began": began, "visit": home, "visitors": (visit.data.get("surveyors") if visit else ()),
        "changes": [label(change.change) for change in home.changes] if home else [],
        "before_fen": began.monthly_before_fen if began and began.monthly_before_fen else event.monthly_before_fen,
        "outcomes": options(OUTCOMES),
    }  # fmt: skip


OUTCOMES = (Action.KEEP, Action.RAISE, Action.CUT, Action.START_GRACE, Action.SUSPEND, Action.EXIT)


def _grace_sheet(file: CaseFile, event: Event) -> Told:
    found, until = told_of(file, event), event.data.get("until")
    return {
        "found": found, "counted": counted(found), "months": event.data.get("months"),
        "from_month": (event.at.date().replace(day=1) + timedelta(days=32)).replace(day=1),
        "until": date.fromisoformat(until) if until else None,
        "amount_fen": event.monthly_after_fen or event.monthly_before_fen or 0,
        "opinion": _last(file, event, Action.GIVE_OPINION), "decision": event,
    }  # fmt: skip


def _aid_sheet(file: CaseFile, event: Event) -> Told:
    """The application for temporary aid: what happened, what it cost, the opinion and the decision."""
    benefit = file.benefit
    later = [e for e in file.events if e.id >= event.id]
    decided = next((e for e in later if e.action in (Action.PAY_FIRST, Action.CONFIRM, Action.REFUSE)), None)
    return {
        "kinds": options(EventKind),
        "type": "urgent" if benefit.urgent else "expense", "found": told_of(file, event), "decision": decided,
        "opinion": event if event.action is Action.GIVE_OPINION else None,
        "spent": [(label(kind), _spent(file, kind)) for kind in SpendingKind],
    }  # fmt: skip


def _spent(file: CaseFile, kind: SpendingKind) -> int:
    lines = (line for member in file.members if member.present for line in member.spending)
    return sum(line.year_fen for line in lines if line.kind is kind)


def _minutes(file: CaseFile, event: Event) -> Told:
    """A decision on the single case: what was calculated, what was decided instead, and why."""
    special = event.data.get("special_decision") or {}
    amount = event.data.get("amount_fen")
    return {
        "special": special, "found": told_of(file, event),
        "amount_fen": amount if amount is not None else event.monthly_after_fen,
        "once": event.action is Action.PAY_FIRST,
    }  # fmt: skip


def _guardianship(file: CaseFile, event: Event) -> Told:
    """Both sides of the agreement: the person supported, and the guardian, who is written in by hand."""
    single = file.benefit.unit is Unit.SINGLE
    person = file.benefit.member if single and file.benefit.member else None
    people = [m for m in file.members if m.present]
    return {"ward": person or (people[0] if people else None)}


def _last(file: CaseFile, event: Event, *actions: Action) -> Event | None:
    return next((e for e in reversed(file.events) if e.id <= event.id and e.action in actions), None)


MORE: dict[str, Callable[[CaseFile, Event], Told]] = {
    "survey": _survey, "crosscheck": _crosscheck, "meeting": _meeting, "sheet": sheet, "review_sheet": _review,
    "grace_sheet": _grace_sheet, "aid_sheet": _aid_sheet, "minutes": _minutes, "guardianship": _guardianship,
    "self_care": papers_tekun.self_care, "government_minutes": papers_aid.government_minutes,
}  # fmt: skip
