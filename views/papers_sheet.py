"""审核确认表: applicant, members, means, the calculation line by line, the township's opinion and the confirmation."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from models import Event
from policy.facts_json import read_family
from policy.vocabulary import PERSONAL, SUBSIDIES, Action
from views.case_file import CaseFile
from views.formats import full_day
from views.papers_finding import Told, told_of
from views.papers_survey import by_kind

DECIDES = (Action.CONFIRM, Action.REFUSE, Action.KEEP, Action.RAISE, Action.CUT, Action.START_GRACE, Action.SUSPEND,
           Action.EXIT)  # fmt: skip


def sheet(file: CaseFile, event: Event) -> dict[str, Any]:
    """What the form shows of the round in which this opinion was given; numbers of people stand masked."""
    round_ = _after(file, event)
    county = next((e for e in reversed(round_) if e.action is Action.COUNTY_OPINION), None)
    return {
        "opinion": event, "found": told_of(file, event),
        "personal": file.benefit.scheme in PERSONAL, "federation": file.benefit.scheme in SUBSIDIES,
        "county": county, "answered": _answered(county.data) if county else "",
        "decision": next((e for e in round_ if e.action in DECIDES), None),
        "counted": counted(told_of(file, event)), "spending": _spending(told_of(file, event)),
    }  # fmt: skip


def _after(file: CaseFile, event: Event) -> list[Event]:
    """The steps after an opinion, up to the next one."""
    later: list[Event] = []
    for one in file.events:
        if one.id > event.id:
            if one.action is Action.GIVE_OPINION:
                break
            later.append(one)
    return later


def _answered(told: Mapping[str, Any]) -> str:
    """Who of another body the county's opinion rests on, and the day of the answer; nothing where nobody was named."""
    if not told.get("by_name"):
        return ""
    return f"{told['by_name']}（{full_day(date.fromisoformat(told['day']))}）" if told.get("day") else told["by_name"]


def counted(found: Told | None) -> Mapping[str, bool]:
    """By name, who is counted; names of two people alike are told by none."""
    if found is None:
        return {}
    rows = found.result.get("members") or ()
    return {str(found.names.get(row["ref"], row["ref"])): bool(row["counted"]) for row in rows}


def _spending(found: Told | None) -> Mapping[str, int]:
    """分 a year by kind, of who is counted: what the calculation took off income or held against it."""
    if found is None or not found.facts.get("members"):
        return {}
    refs = {row["ref"] for row in found.result.get("members") or () if row["counted"]}
    people = (person for person in read_family(found.facts).members if person.ref in refs)
    return by_kind([line for person in people for line in person.spending])
