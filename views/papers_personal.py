"""What letters say otherwise where one person is entitled: nothing was on notice, and the terms are two."""

from datetime import date
from typing import Any

from models import Benefit, Event
from policy.identity import age_on
from policy.vocabulary import CHILDREN, PERSONAL, Action, Unit
from views.case_file import CaseFile
from views.context import figures
from workflows.clocks_personal import both_by, township_by

OF_AGE = 18
"""From this age on somebody acts alone; before, the guardian does, who is written to (民法典 第十七、二十三条)."""

CHANGES = ("残疾类别、等级、户籍或者家庭救助情况有变化的", "父母情况、就学、户籍或者抚养人有变化的")
"""What is to be told at once: of a disabled person, of a child."""


def cited(code: str, benefit: Benefit, event: Event) -> str:
    """The rule a letter rests on, where the shared one is another scheme's; else nothing."""
    return event.clause if benefit.scheme in PERSONAL and code in ("missing", "receipt") else ""


def ward_of(benefit: Benefit, on: date) -> str:
    """The name of who is entitled alone and cannot act alone yet; nothing of anybody else."""
    one = benefit.member if benefit.unit is Unit.SINGLE else None
    return one.name if one is not None and age_on(one.birth, on) < OF_AGE else ""


def more(code: str, file: CaseFile, event: Event) -> dict[str, Any]:
    """What the templates ask: whether it is a person's case, whether it ends by age, the terms of the receipt."""
    benefit, on = file.benefit, event.at.date()
    if benefit.scheme not in PERSONAL:
        return {"personal": False}
    told: dict[str, Any] = {
        "personal": True, "of_age": benefit.scheme in CHILDREN and event.action is Action.EXPIRE,
        "of_child": benefit.scheme in CHILDREN,
        "changes": CHANGES[benefit.scheme in CHILDREN],
    }  # fmt: skip
    if told["of_child"] and (child := ward_of(benefit, on)):
        told["ward"] = child
        if event.action is not Action.END_ON_DEATH:
            told["addressee"] = f"{child}的监护人"
    if code == "receipt":
        place, scheme = benefit.village_code, benefit.scheme
        days = {
            f"{level}_days": figures().get(f"{scheme.value}.{level}_working_days", place=place, on=on).whole
            for level in ("township", "county")
        }
        told |= {**days, "township_by": township_by(figures(), scheme, place, on),
                 "county_by": both_by(figures(), scheme, place, on)}  # fmt: skip
    return told
