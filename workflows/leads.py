"""线索上报: somebody met a family in need that has no case; the village or township it lives in looks into it."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models import Lead
from policy.authority import working_days_after
from policy.division_codes import township_of
from policy.figures import Figures
from policy.vocabulary import Role
from workflows import audit
from workflows.actor import Actor, within
from workflows.reason import LEAST_WORDS, Reason, Refused

FINDERS = (
    Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER,
)  # fmt: skip
FOUND = "found"
"""Why a lead is there that no list named."""
WORDS, PHONE = "情况", "电话"
"""Under which headers such a lead keeps what was told, as one of a list keeps the list's columns."""
MOST_WORDS = 400


@dataclass(frozen=True)
class Found:
    """What is handed in: who, in which village and where there, what is the matter, and a phone number if known."""

    name: str
    village_code: str
    address: str = ""
    words: str = ""
    phone: str = ""


def hand_in(session: Session, actor: Actor, found: Found, now: datetime, figures: Figures) -> Lead:
    """Write a lead down; it falls due within the place's working days. Raises Refused with every reason.

    国务院令第649号 第四十二条 (发现报告), 珙县试点工作方案 二（十）. The caller commits.
    """
    faults = _faults(actor, found)
    if faults:
        raise Refused(faults)
    audit.attribute(session, actor, now, found.words)
    lead = Lead(
        name=found.name.strip()[:50], address=found.address.strip()[:200], why=FOUND, source=actor.name, state="open",
        due_on=due_on(found.village_code, now.date(), figures), created_at=now,
        township_code=township_of(found.village_code), village_code=found.village_code,
    )  # fmt: skip
    session.add(lead)
    session.flush()
    told = {WORDS: found.words.strip(), PHONE: found.phone.strip()}
    lead.detail = json.dumps({header: text for header, text in told.items() if text}, ensure_ascii=False)
    session.flush()
    return lead


def due_on(place: str, on: date, figures: Figures) -> date:
    """The last day to look into a lead handed in on a day, in working days of the place."""
    return working_days_after(figures, "lead.working_days", place, on)


def _faults(actor: Actor, found: Found) -> list[Reason]:
    faults = [] if actor.role in FINDERS else [Reason("not_your_role", roles=FINDERS)]
    if len(found.name.strip()) < LEAST_WORDS:
        faults.append(Reason("lead_name_missing"))
    if len(found.village_code) != 12 or not within(actor, found.village_code):
        faults.append(Reason("lead_village_missing"))
    if len(found.words.strip()) < LEAST_WORDS:
        faults.append(Reason("lead_words_missing"))
    phone = found.phone.strip()
    if phone and not (phone.isascii() and phone.isdecimal() and 7 <= len(phone) <= 12):
        faults.append(Reason("lead_phone_wrong"))
    return faults
