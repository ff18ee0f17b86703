"""A case told on one page: the stages it has taken and will take, and what happened day by day."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from models import AuditEntry, Event
from policy.stage_words import stage_word
from policy.vocabulary import CLASSES, PERSONAL, Action, Authority, Paper, Scheme, Stage
from views import case_tekun
from views.case_file import CaseFile
from views.case_referral import told as referral_told
from views.case_words import headed, listed, noted, with_amount
from views.context import figures, today
from views.formats import NOTHING, day, label, long_day, near_day, yuan
from views.panel import history
from views.papers_kinds import Print, available_papers
from views.papers_text import title_of

S = Stage
SPINE: dict[Scheme | None, tuple[Stage, ...]] = {
    Scheme.TEMPORARY: (S.APPLIED, S.ACTIVE, S.EXITED),
    **dict.fromkeys(PERSONAL, (S.APPLIED, S.REVIEW, S.APPROVAL, S.ACTIVE, S.RECHECK, S.EXITED)),
    None: (S.APPLIED, S.ACCEPTED, S.REVIEW, S.NOTICE, S.APPROVAL, S.ACTIVE, S.RECHECK, S.EXITED),
}
BRANCHES = (S.GRACE, S.SUSPENDED)
DEAD_ENDS = (S.REFUSED, S.WITHDRAWN)
LOOKS = ("reveal", "export", "download", "print")
MOST = 6  # changes of one entry told here; the family's own history tells all
SHOWN = ("steps", "changes", "looks")


def stepper(file: CaseFile) -> list[dict[str, str]]:
    """The stages in order: taken ones with day and person, the present one, those to come with what they take."""
    entered = {e.to_stage: e for e in file.events if e.from_stage is not e.to_stage}
    path = _path(file, entered)
    here = path.index(file.benefit.stage)
    return [_stage(file, stage, entered, n, here) for n, stage in enumerate(path)]


def _path(file: CaseFile, entered: dict[Stage, Event]) -> list[Stage]:
    stage = file.benefit.stage
    spine = _spine(file, stage is S.APPROVAL or S.APPROVAL in entered)
    if file.benefit.taken_over:
        spine = spine[spine.index(S.ACTIVE) :]
    if stage in DEAD_ENDS:
        return [s for s in spine if s in entered and s is not S.EXITED] + [stage]
    taken = [s for s in BRANCHES if s in entered or s is stage]
    return [*spine[:-1], *taken, spine[-1]]


def _spine(file: CaseFile, passed_up: bool) -> list[Stage]:
    """The usual way of a case; of temporary aid the emergency has a short one, by way of the county where it must."""
    if file.benefit.scheme is not Scheme.TEMPORARY:
        return list(SPINE.get(file.benefit.scheme, SPINE[None]))
    if not file.benefit.urgent and not file.benefit.taken_over:
        return [s for s in SPINE[None] if s is not S.RECHECK]
    short = SPINE[Scheme.TEMPORARY]
    return [short[0], S.APPROVAL, *short[1:]] if passed_up else list(short)


def _stage(file: CaseFile, stage: Stage, entered: dict[Stage, Event], n: int, here: int) -> dict[str, str]:
    event, word = entered.get(stage), label(stage_word(file.benefit.scheme, stage))
    if n == here:
        note = gettext("since %(day)s", day=near_day(file.benefit.stage_since, today())) if not event else _by(event)
        return {"label": word, "note": note, "state": "here"}
    if n < here:
        skipped = event is None
        return {
            "label": word,
            "note": gettext("not needed") if skipped else _by(event),
            "state": "" if skipped else "done",
        }
    return {"label": word, "note": _to_come(file, stage), "state": ""}


def _by(event: Event | None) -> str:
    return f"{near_day(event.at.date(), today())} {_who(event)}" if event else ""


def _who(event: Event) -> str:
    return event.actor_name if event.actor_id is not None else gettext("System")


def _to_come(file: CaseFile, stage: Stage) -> str:
    benefit, on = file.benefit, file.facts.on
    match stage:
        case S.NOTICE:
            days = figures().find("notice.days", place=benefit.village_code, on=on)
            return ngettext("%(num)s day", "%(num)s days", days.whole) if days else ""
        case S.APPROVAL:
            return _confirmed_by(file.facts.authority)
        case S.ACTIVE if benefit.scheme in CLASSES:
            return gettext("for a term")
        case S.ACTIVE if benefit.scheme is Scheme.TEMPORARY:
            return gettext("paid once")
        case S.ACTIVE:
            return gettext("from the month after")
        case S.RECHECK if benefit.review_due_on:
            return gettext("due %(day)s", day=day(benefit.review_due_on))
    return ""


def _confirmed_by(authority: Authority) -> str:
    if authority is Authority.COUNTY_GOVERNMENT:
        return gettext("by the county government")
    return gettext("by the township (delegated)") if authority is Authority.TOWNSHIP else gettext("by the county")


def steps_by_day(file: CaseFile) -> list[dict[str, Any]]:
    """What was done, latest day first."""
    papers: dict[int, list[Print]] = {}
    for paper in available_papers(file.events):
        papers.setdefault(paper.event.id, []).append(paper)
    return _by_day((e.at, _told(e, papers.get(e.id, []))) for e in reversed(file.events))


def _told(event: Event, papers: list[Print]) -> dict[str, Any]:
    return {
        "what": _what(event), "opinion": _said(event), "at": f"{event.at:%H:%M}", "kind": "step",
        "who": " · ".join(part for part in (_by_whom(event), event.clause) if part),
        "documents": _documents(event, papers),
    }  # fmt: skip


def _documents(event: Event, papers: list[Print]) -> list[dict[str, str]]:
    found = [{"url": paper.url, "label": title_of(paper)} for paper in papers]
    if event.finding_id is not None:
        url = url_for("case.finding", id=event.benefit_id, number=event.finding_id)
        found.append({"url": url, "label": gettext("Calculation")})
    return found


def _said(event: Event) -> str:
    """The words of a step, and why it departed from the calculation where it did."""
    told = event.data.get("special_decision")
    if not told:
        return event.opinion
    words = {"reason": told["reason"], "clause": told["clause"], "amount": yuan(told["calculated_fen"])}
    special = gettext("Decision on the single case (calculated: %(amount)s yuan): %(reason)s, %(clause)s", **words)
    return gettext("; ").join(part for part in (event.opinion, special) if part)


def _by_whom(event: Event) -> str:
    return noted(_who(event), label(event.actor_role) if event.actor_role else "")


def _what(event: Event) -> str:
    text = label(event.action)
    if event.action is Action.GIVE_OPINION:
        text = headed(text, gettext("In favour") if event.data.get("grants") else gettext("Against"))
    if names := event.data.get("surveyors"):
        text = headed(text, listed(names))
    if papers := event.data.get("papers"):
        text = headed(text, listed(_paper(paper) for paper in papers))
    if more := referral_told(event) or case_tekun.told(event) or _answered(event):
        text = headed(text, more)
    once = event.data.get("exit_money") or event.data
    amount = once.get("amount_fen") or (event.monthly_after_fen if _amount_changed(event) else None)
    return with_amount(text, amount)


def _answered(event: Event) -> str:
    """Who of another body answered the county, and on which day."""
    told = event.data if event.action is Action.COUNTY_OPINION else {}
    return noted(told["by_name"], told.get("day")) if told.get("by_name") else ""


def _paper(paper: dict[str, str]) -> str:
    return noted(label(Paper(paper["paper"])), paper.get("note"))


def _amount_changed(event: Event) -> bool:
    return event.monthly_before_fen != event.monthly_after_fen


def amounts(file: CaseFile) -> list[Event]:
    """The steps that changed the monthly amount."""
    return [event for event in file.events if _amount_changed(event)]


def entries_by_day(file: CaseFile, looks: bool) -> list[dict[str, Any]]:
    """Corrections of the family's and the case's records, or who looked at full numbers and papers."""
    benefit = file.benefit
    about = (AuditEntry.household_id == benefit.household_id) | (AuditEntry.benefit_id == benefit.id)
    kinds = AuditEntry.action.in_(LOOKS) if looks else AuditEntry.action.in_(("update", "delete", "insert"))
    entries, _ = history.read(about & kinds)
    return _by_day((e.entry.at, _entry(e)) for e in entries)


def _entry(entry: Any) -> dict[str, Any]:
    changed = [f"{name} {before or NOTHING} → {after or NOTHING}" for name, before, after in entry.changes[:MOST]]
    told = gettext("; ").join([*changed, *([str(entry.reason)] if entry.reason else [])])
    row = entry.entry
    return {"what": entry.what, "opinion": told, "at": f"{row.at:%H:%M}", "who": row.actor_name or gettext("System")}


def _by_day(items: Iterable[tuple[Any, dict[str, Any]]]) -> list[dict[str, Any]]:
    days = groupby(items, key=lambda pair: pair[0].date())
    return [{"label": long_day(on), "items": [item for _, item in group]} for on, group in days]


def happened(file: CaseFile, event_id: int) -> Event | None:
    """The event of this number in this case."""
    return next((event for event in file.events if event.id == event_id), None)


def sentence_of(event: Event) -> str:
    """What a step did, for the message after it."""
    text = gettext("Done: %(what)s.", what=_what(event))
    if event.from_stage is not event.to_stage:
        text += gettext(" The case is now: %(stage)s.", stage=label(stage_word(event.benefit.scheme, event.to_stage)))
    return text
