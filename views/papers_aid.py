"""What the papers of recognised classes and of temporary aid say of their own: a term, a sum, stages, minutes."""

from datetime import date
from typing import Any

from models import Event
from policy.clauses import EDGE_RULE, EDGE_SINCE, LAW57, RIGID_RULE
from policy.vocabulary import CLASSES, IN_FORCE, Action, Scheme, Stage
from views.case_file import CaseFile

A = Action
OWN = {
    (A.CONFIRM, False): "papers/own/recognised.html", (A.CONFIRM, True): "papers/own/granted_once.html",
    (A.PAY_FIRST, True): "papers/own/granted_once.html", (A.EXPIRE, False): "papers/own/expired.html",
    (A.EXIT, False): "papers/own/ended.html", (A.LEAVE, False): "papers/own/ended.html",
    (A.STOP_INSTALMENTS, True): "papers/own/stopped.html",
}  # fmt: skip
"""What a letter says of a step instead of what it says under 低保; True: of temporary aid."""
BEGINNING = frozenset({"application", "pledge", "authorisation", "missing", "receipt", "neighbours", "crosscheck"})


def told(file: CaseFile, event: Event, code: str) -> dict[str, Any]:
    """What the template of a paper shows beside the shared words; nothing under other schemes."""
    scheme = file.benefit.scheme
    once = scheme is Scheme.TEMPORARY
    if not once and scheme not in CLASSES:
        return {}
    data = event.data
    found: dict[str, Any] = {
        "own": OWN.get((event.action, once), ""), "once": once, "unpaid": not once, "goods": data.get("goods", ""),
        "until": _day(data.get("until")) or file.benefit.valid_until, "months": data.get("months"), "by_term": True,
        "renews_until": _day(data.get("renews_until")),
        "from_day": event.at.date(), "stages": _stages(data), "minutes": file.last(A.RECORD_MINUTES),
    }  # fmt: skip
    if once and code in ("decision", "aid_sheet"):
        found |= {"amount_fen": data.get("amount_fen") or 0, "due": _day(data.get("papers_due"))}
    return found


def cited(code: str, scheme: Scheme, on: date) -> str:
    """The rule that the papers at the beginning of a case rest on; empty where the shared one holds."""
    if code not in BEGINNING:
        return ""
    if scheme is Scheme.EDGE:
        return EDGE_RULE.strip() if on >= EDGE_SINCE else f"{LAW57}第八条"
    rigid = RIGID_RULE + ("第十三条" if code == "crosscheck" else "第六条")
    return {Scheme.RIGID: rigid, Scheme.TEMPORARY: "民发〔2018〕23号"}.get(scheme, "")


def _stages(data: dict[str, Any]) -> list[tuple[date, int]]:
    return [(date.fromisoformat(one["due_on"]), one["amount_fen"]) for one in data.get("instalments", ())]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def government_minutes(file: CaseFile, event: Event) -> dict[str, Any]:
    """The minutes of the county government's meeting on a single case."""
    asked = next((e for e in file.events if e.action is A.APPLY), None)
    day, fen = _day(event.data.get("day")), file.benefit.requested_fen
    return {"data": event.data, "day": day, "asked_fen": fen, "asked": asked}


def home_notice(file: CaseFile, event: Event) -> dict[str, Any]:
    """The letter to the home place of a family from elsewhere: what it was given, or has asked for, and why."""
    granted = next((e for e in file.events if e.action in (A.PAY_FIRST, A.CONFIRM)), None)
    asked = next((e for e in file.events if e.action is A.APPLY), None)
    return {
        "addressee": event.data.get("to_office", ""), "home_place": event.data.get("home_place", ""),
        "granted": granted, "asked": asked, "head": file.household.head_name,
    }  # fmt: skip


GIVEN = {
    **dict.fromkeys(Scheme, "享受"), Scheme.DIBAO: "纳入", Scheme.TEKUN: "纳入", Scheme.TEMPORARY: "获准给予",
    **dict.fromkeys(CLASSES, "认定为"),
}  # fmt: skip
"""What a decision in favour does, by scheme."""


def _standing(scheme: Scheme, stage: Stage) -> str:
    """How a family stands with a scheme, which takes the place of %s; before a decision it is applying."""
    if stage is Stage.REFUSED:
        return "申请%s，未予确认"
    if stage in IN_FORCE:
        return f"已{GIVEN[scheme]}%s"
    return f"曾{GIVEN[scheme]}%s" if stage is Stage.EXITED else "正在申请%s"


def referral(file: CaseFile, event: Event) -> dict[str, Any]:
    """The form that takes a family, or one person of it, to another body; why a home is closed to them stays untold."""
    return {
        "addressee": event.data.get("to_office") or event.data.get("referred_to", ""),
        "head": file.household.head_name, "person": event.data.get("name", ""), "address": file.household.address,
        "standing": _standing(file.benefit.scheme, event.to_stage), "to_home": event.action is A.REFER_ELSEWHERE,
    }  # fmt: skip
