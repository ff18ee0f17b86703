"""What the papers of 特困 say of their own: the six items, the wish, the terms, why support ends."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models import Event
from policy import authority
from policy.clauses import BEFORE43, NEW_RULES
from policy.tekun_money import MODES, TIERS
from policy.vocabulary import Action, EndReason, Mode, Scheme, SelfCare
from views.case_file import CaseFile
from views.context import figures
from views.formats import label, options

A = Action
OUTCOMES = (A.KEEP, A.RAISE, A.CUT, A.EXIT)
NUMERALS = "一二三四五六"
CITED = {
    "missing": "民发〔2021〕43号 第十二条", "receipt": "民发〔2021〕43号 第十二条",
    "application": "民发〔2021〕43号 第十条",
    "pledge": "民发〔2021〕43号 第十条", "authorisation": "民发〔2021〕43号 第十条",
    "neighbours": "民发〔2021〕43号 第十三条", "crosscheck": "民发〔2021〕43号 第十三条",
}  # fmt: skip
"""What a paper of 特困 rests on, where that is not the clause of its step."""

HOME, CENTRAL = MODES[Mode.HOME], MODES[Mode.CENTRAL]
PAID_TO = {
    frozenset({HOME}): "通过金融机构按月支付到本人账户",
    frozenset({CENTRAL}): "按月支付到供养服务机构，用于基本生活和照料护理",
    frozenset({HOME, CENTRAL}): f"按月支付，{CENTRAL}的支付到供养服务机构，{HOME}的通过金融机构支付到本人账户",
}
"""Where the money goes, by the modes of support of a case: that of who lives in a home to the home, by the rules of the
funds (困难群众救助补助资金管理办法).
"""


@dataclass
class Care:
    """One person's assessment and wish as they stood at a step; ``items`` by code, empty where not assessed."""

    name: str
    items: dict[str, bool] = field(default_factory=dict)
    assessed_on: str = ""
    mode: str = ""
    wish_by: str = ""
    consented: bool = False
    tier: str = ""


def care_of(file: CaseFile, event: Event, later: bool = False) -> list[Care]:
    """Everybody's care as it stood at a step; ``later``: with what its round found after it.

    Of a family's case without those who had died or left by then.
    """
    found: dict[int, Care] = {}
    gone = [] if file.benefit.member_id else [m.id for m in file.members if m.left_on and m.left_on <= event.at.date()]
    for one in file.events:
        if one.id > event.id and not later:
            break
        if one.action in (A.ASSESS_SELF_CARE, A.RECORD_WISH):
            who = file.benefit.member_id or one.data["person"]
            _fold(found.setdefault(who, Care(one.data["name"])), one, file)
    return [care for who, care in found.items() if who not in gone]


def _fold(care: Care, event: Event, file: CaseFile) -> None:
    data = event.data
    if event.action is A.RECORD_WISH:
        care.mode, care.wish_by = MODES[Mode(data["mode"])], data["by_name"]
        care.consented = bool(data.get("consented"))
        return
    care.items, care.assessed_on = dict(data["items"]), data.get("assessed_on") or ""
    care.tier = _tier(data["unmet"], file, event.at.date())


def _tier(unmet: int, file: CaseFile, on: date) -> str:
    """The tier of care that so many unmet items come to (民发〔2021〕43号 第二十二条)."""
    place = file.benefit.village_code
    partial, full = (figures().get(f"tekun.self_care_{name}", place=place, on=on).whole for name in ("partial", "none"))
    return TIERS["full" if unmet >= full else "partial" if unmet >= partial else "none"]


def items() -> list[tuple[str, str]]:
    """(code, word) of the six items, in the order of the rule."""
    return options(SelfCare)


def cited(code: str, scheme: Scheme) -> str:
    """The clause of a paper of 特困 that is not that of its step; empty for other schemes and papers."""
    return CITED.get(code, "") if scheme is Scheme.TEKUN else ""


def told(file: CaseFile, event: Event, code: str) -> dict[str, Any]:
    """What a paper of 特困 shows beside what every paper of its kind shows; nothing for other schemes."""
    if file.benefit.scheme is not Scheme.TEKUN:
        return {}
    later = event.action in (A.START_REVIEW, A.START_RECHECK)
    own: dict[str, Any] = {"care": care_of(file, event, later), "care_items": items()}
    if code == "receipt":
        own |= _terms(file, event)
    if code == "review_sheet":
        own["outcomes"] = options(OUTCOMES)
    modes = frozenset(one.mode for one in own["care"])
    if code in ("decision", "change") and modes in PAID_TO:
        own |= {"paid_to": PAID_TO[modes], "supported": "".join(modes) if len(modes) == 1 else ""}
    if event.action is A.CHANGE_SUPPORT:
        own["raised"] = (event.monthly_after_fen or 0) >= (event.monthly_before_fen or 0)
    if reason := event.data.get("end_reason"):
        own["end_reason"] = label(EndReason(reason))
    return own


def self_care(file: CaseFile, event: Event) -> dict[str, Any]:
    """The assessment of one person: the six items and the tier that they come to."""
    day = event.data.get("assessed_on")
    tier = _tier(event.data["unmet"], file, event.at.date())
    return {"tier": tier, "assessed_on": date.fromisoformat(day) if day else None}


def end_notice(file: CaseFile, event: Event) -> dict[str, Any]:
    """The notice that support is to end: its days, and the item of the list; the public reads no more of anybody."""
    item = NUMERALS[list(EndReason).index(EndReason(event.data["end_reason"]))]
    old = event.at.date() < NEW_RULES
    ground = BEFORE43 if old else f"民发〔2021〕43号第二十四条第（{item}）项"
    return {"first": event.at.date(), "last": date.fromisoformat(event.data["until"]), "ground": ground}


def _terms(file: CaseFile, event: Event) -> dict[str, Any]:
    place, on = file.benefit.village_code, event.at.date()
    keys = {"opinion": "tekun.opinion_working_days", "county": "tekun.county_working_days"}
    days = {f"{name}_days": figures().get(key, place=place, on=on).whole for name, key in keys.items()}
    notice = figures().get("tekun.notice_days", place=place, on=on).whole
    due = authority.working_days_after(figures(), keys["opinion"], place, on)
    return {"of_tekun": True, **days, "notice_days": notice, "opinion_by": due}
