"""低保: who is admitted, as a household first and then alone, and how much (国务院令第649号; 民发〔2021〕57号)."""

from dataclasses import replace

from policy.advice import advise_refused, refer, try_tekun
from policy.deductions import rigid_spending
from policy.finding import Finding, Part
from policy.gap import gap, pays_by_tier, tier
from policy.income import income_before_rigid
from policy.means import LINE, Means, close, means_of, own_means
from policy.review import Against, against_grace, birthdays, in_grace, left, refusers, review_after
from policy.sheet import Sheet, shown
from policy.single import admit, alone, free, grace_alone, proposed, refuse
from policy.single_classes import asking, candidates
from policy.uplift import uplifts
from policy.vocabulary import Outcome, Unit

PAID = (Outcome.ELIGIBLE, Outcome.GRACE)


def assess_dibao(sheet: Sheet) -> Finding:
    """What 低保 comes to for the family: household first, else grace, else a member alone; every reason against."""
    if not sheet.family.members:
        sheet.reason("members_missing", "没有填写家庭成员", "国务院令第649号 第十一条")
        return close(sheet, Outcome.INCOMPLETE)
    means = means_of(sheet)
    found = left(sheet, means) or (
        _single(sheet, means) if sheet.family.unit is Unit.SINGLE else _household(sheet, means)
    )
    if found.outcome in PAID:
        _look_ahead(sheet, means, found)
    elif found.outcome is Outcome.NOT_ELIGIBLE:
        advise_refused(sheet, means)
    refer(sheet, means.counted)
    return found


def _look_ahead(sheet: Sheet, means: Means, found: Finding) -> None:
    """When the benefit is looked at again, and what changes by itself until then."""
    people = list(means.counted)
    if found.unit is Unit.SINGLE:
        people = [person for person in sheet.family.members if person.ref == found.parts[0].ref]
    else:
        try_tekun(sheet, means)
    found.review_months = review_after(sheet, people)
    birthdays(sheet, people)


def _household(sheet: Sheet, means: Means) -> Finding:
    if means.fit and means.below():
        return _whole(sheet, means, means)
    admitted = _by_spending(sheet, means)
    if admitted:
        return admitted
    against = against_grace(sheet, means)
    if against == []:
        return in_grace(sheet, means, Unit.HOUSEHOLD, "tier" if pays_by_tier(sheet) else "gap")
    return _not_whole(sheet, means, against or [])


def _not_whole(sheet: Sheet, means: Means, against: list[Against]) -> Finding:
    """A member alone where the family left it open, else the refusal."""
    unknown = [one for one in against if one.code == "grace_cause_missing"]
    if unknown and len(against) == 1:
        sheet.reason(*unknown[0])
        return close(sheet, Outcome.INCOMPLETE, means)
    alone_too = candidates(sheet, means) if means.fit else []
    if sheet.family.unit is None and (admitted := admit(sheet, means, proposed(sheet, alone_too))):
        return admitted
    for one in free(means, alone_too):
        sheet.advise("try_single", f"{one.person.ref}（{one.words}）可以单独提出申请", LINE)
    _say_why(sheet, means)
    for reason in against:
        sheet.reason(*reason)
    if sheet.family.unit is None and alone_too:
        refuse(sheet, alone_too)
    return close(sheet, Outcome.NOT_ELIGIBLE, means)


def _say_why(sheet: Sheet, means: Means) -> None:
    if not means.persons:
        sheet.reason("nobody_counted", "没有计算在内的共同生活家庭成员", LINE)
    elif not means.below():
        sheet.reason("income_above_standard", means.versus(), LINE)


def _single(sheet: Sheet, means: Means) -> Finding:
    """A member asked for alone: refused while the whole family qualifies (该保户的保户)."""
    found, members = candidates(sheet, means), {person.ref for person in means.counted}
    whole = means.fit and means.below()
    if answer := admit(sheet, means, [one for one in found if not (whole and one.person.ref in members)]):
        return answer
    if whole:
        classes = sheet.find("single.classes")
        text = f"{means.versus()}，全家符合条件的应整户纳入"
        sheet.reason("household_first", text, classes.cite if classes else LINE)
    elif answer := grace_alone(sheet, means, found) or _by_spending(sheet, means):
        return answer
    refuse(sheet, found)
    refused = close(sheet, Outcome.NOT_ELIGIBLE, means)
    refused.unit = Unit.SINGLE
    return refused


def _whole(sheet: Sheet, means: Means, paid_on: Means) -> Finding:
    """The finding of an admitted household; ``paid_on``: the means its gap is counted from."""
    refused = refusers(sheet, means)
    by_tier = pays_by_tier(sheet)
    amount = tier(sheet, means, refused) if by_tier else gap(sheet, paid_on, refused)
    found = close(sheet, Outcome.INCOMPLETE if amount is None else Outcome.ELIGIBLE, means)
    if amount is not None:
        found.parts = [Part("tier" if by_tier else "gap", amount), *uplifts(sheet, means)]
        _total(sheet, found)
    return found


def _total(sheet: Sheet, found: Finding) -> None:
    if len(found.parts) > 1:
        formula = " + ".join(shown(part.fen) for part in found.parts)
        sheet.line("每月合计", formula, shown(found.monthly_fen), LINE)


def _by_spending(sheet: Sheet, means: Means) -> Finding | None:
    """支出型: over the line, but rigid spending takes so much of the income that the family, or its causer, enters."""
    whom, percent = sheet.find("expenditure.admits"), sheet.find("expenditure.percent")
    if not (whom and percent and whom.word != "none" and means.fit and means.persons):
        return None
    spent, before = rigid_spending(means.counted), income_before_rigid(sheet, means.counted)
    enough = bool(spent) and spent >= percent.share * before
    formula = f"{shown(spent)} {'≥' if enough else '<'} {shown(before)} × {percent.text}%"
    sheet.line("刚性支出占收入", formula, "达到" if enough else "未达到", percent.cite, percent)
    if not enough:
        return None
    if whom.word == "household":
        return _after_spending(sheet, means, replace(means, income_year=max(0, before - spent)))
    return _causer(sheet, means)


def _after_spending(sheet: Sheet, means: Means, after: Means) -> Finding | None:
    if sheet.family.unit is Unit.SINGLE or not after.below():
        return None
    return _whole(sheet, means, after)


def _causer(sheet: Sheet, means: Means) -> Finding | None:
    """Whoever causes most of the spending, as a single person."""
    person = max(means.counted, key=lambda one: rigid_spending([one]))
    if not asking(sheet, [person]):
        return None
    own = own_means(sheet, means, person)
    if not own.below():
        return None
    return alone(sheet, means, own)
