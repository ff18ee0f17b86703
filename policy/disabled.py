"""残疾人两项补贴: a living subsidy for the disabled of poor families, a care subsidy for the severely disabled.

国发〔2015〕52号. Both may be held at once; neither counts as income of a family on 低保.
"""

from collections.abc import Callable

from policy.calendar import add_months
from policy.children import full_rate
from policy.family import Person
from policy.figures import Figure
from policy.finding import Finding, Part
from policy.holdings import held_by, share
from policy.means import close
from policy.people import labour, matches, self_care
from policy.sheet import Sheet, shown
from policy.vocabulary import Outcome, Subject, Tag, Unit

RULE = "国发〔2015〕52号 "
WHO, OVERLAP = RULE + "二（一）", RULE + "二（四）政策衔接"
_FAMILIES = {"dibao": Subject.DIBAO, "edge": Subject.EDGE, "rigid": Subject.RIGID}
_TAGS = {"fupin": Tag.FUPIN, "fupin_out": Tag.FUPIN_OUT, "watch": Tag.WATCH}
Against = tuple[str, str, str]


def assess_living_subsidy(sheet: Sheet) -> Finding:
    """困难残疾人生活补贴: who of the family has it, 分 a month each (国发〔2015〕52号 二(一))."""
    return _assess(sheet, "living", _against_living, lambda person: sheet.figure("living_subsidy.amount"))


def assess_care_subsidy(sheet: Sheet) -> Finding:
    """重度残疾人护理补贴: who of the family has it, 分 a month each by level (国发〔2015〕52号 二(一))."""
    return _assess(sheet, "nursing", _against_care, lambda person: _care_amount(sheet, person))


def _assess(
    sheet: Sheet, part: str, against: Callable[[Sheet, Person], list[Against]], amount: Callable[[Person], Figure]
) -> Finding:
    asked = _asked(sheet)
    if not asked:
        sheet.reason("members_missing", "没有填写残疾人本人", WHO)
        return close(sheet, Outcome.INCOMPLETE)
    parts, reasons = [], []
    for person in asked:
        found = against(sheet, person)
        reasons += found
        _row(sheet, person, found)
        if not found:
            figure = amount(person)
            sheet.line(f"每月补贴（{person.ref}）", "按标准", figure.text, figure.cite, figure)
            parts.append(Part(part, figure.whole, person.ref))
    return _close(sheet, parts, reasons)


def _close(sheet: Sheet, parts: list[Part], reasons: list[Against]) -> Finding:
    if not parts:
        for reason in reasons:
            sheet.reason(*reason)
    unknown = not parts and any(code == "care_need_unknown" for code, _, _ in reasons)
    outcome = Outcome.ELIGIBLE if parts else Outcome.INCOMPLETE if unknown else Outcome.NOT_ELIGIBLE
    found = close(sheet, outcome)
    found.unit, found.persons, found.parts = Unit.SINGLE, len(parts), parts
    if parts and (review := sheet.find("review.months.subsidies")):
        found.review_months = review.whole
        sheet.date(add_months(sheet.on, review.whole), "review_due", f"每{review.text}个月复核一次", review.cite)
    return found


def _asked(sheet: Sheet) -> list[Person]:
    """The one person applied for, else every disabled member."""
    family = sheet.family
    return [one for one in family.members if (one.disability if family.alone is None else one.ref == family.alone)]


def _row(sheet: Sheet, person: Person, against: list[Against]) -> None:
    why = "；".join(text for _, text, _ in against) or "符合条件"
    sheet.members.append({
        "ref": person.ref, "counted": not against, "labour": labour(person, sheet).value,
        "self_care": self_care(person, sheet), "why": why, "clause": WHO,
    })  # fmt: skip


def _against_living(sheet: Sheet, person: Person) -> list[Against]:
    found: list[Against] = []
    if person.disability is None:
        found.append(("no_disability", f"{person.ref}没有残疾人证", WHO))
    families = sheet.figure("living_subsidy.families")
    held = held_by(sheet, person, *(_FAMILIES[word] for word in families.words if word in _FAMILIES))
    if not held and not any(_TAGS.get(word) in sheet.family.tags for word in families.words):
        found.append(("not_poor_family", f"{person.ref}不在最低生活保障等规定的困难家庭中", families.cite))
    return found + _supported(sheet, person) + _child_support(sheet, person)


def _against_care(sheet: Sheet, person: Person) -> list[Against]:
    found: list[Against] = []
    levels = sheet.figure("care_subsidy.disabilities")
    if person.disability is None:
        found.append(("no_disability", f"{person.ref}没有残疾人证", WHO))
    elif not matches(person.disability, levels.words):
        found.append(("not_severe", f"{person.ref}的残疾类别、等级不在护理补贴范围内", levels.cite))
    need = sheet.figure("care_subsidy.long_care")
    if not found and need.word == "yes" and person.needs_care is None and not person.self_care_unmet:
        text = f"{person.ref}是否需要长期照护没有核实"
        found.append(("care_need_unknown", text, need.cite))
    return found + _supported(sheet, person)


def _supported(sheet: Sheet, person: Person) -> list[Against]:
    if not held_by(sheet, person, Subject.TEKUN):
        return []
    return [("has_tekun", f"{person.ref}已纳入特困人员供养，不享受残疾人两项补贴", OVERLAP)]


def _child_support(sheet: Sheet, person: Person) -> list[Against]:
    """An orphan, or a child on the full rate, has no living subsidy beside it (52号; 民发〔2019〕62号)."""
    if held_by(sheet, person, Subject.ORPHAN):
        return [("has_orphan", f"{person.ref}享受孤儿基本生活保障，不享受困难残疾人生活补贴", OVERLAP)]
    full = full_rate(sheet, Subject.UNSUPPORTED_CHILD, person)
    for one in held_by(sheet, person, Subject.UNSUPPORTED_CHILD):
        if full is not None and share(one) >= full.whole:
            text = f"{person.ref}已全额领取事实无人抚养儿童补贴（{shown(one.monthly_fen)}元），不享受困难残疾人生活补贴"
            return [("has_child_support", text, "民发〔2019〕62号 三（一）")]
    return []


def _care_amount(sheet: Sheet, person: Person) -> Figure:
    level = person.disability.level if person.disability else 1
    return sheet.find(f"care_subsidy.amount.{level}") or sheet.figure("care_subsidy.amount")
