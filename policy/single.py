"""单人户: one member admitted alone, how much, and why not (民发〔2021〕57号 第八条)."""

from policy.clauses import law
from policy.figures import Figure
from policy.finding import Finding, Part
from policy.gap import arrow, gap, pays_by_tier, percent_of, rounded, tier
from policy.means import Means, close
from policy.review import against_grace, in_grace, refusers
from policy.sheet import Sheet, shown
from policy.single_classes import Candidate, class_words
from policy.vocabulary import Outcome, Unit

AGES = frozenset({"elderly", "minor"})
"""困难老年人, 困难未成年人: an age is no difficulty in itself."""


def free(means: Means, found: list[Candidate]) -> list[Candidate]:
    """Those with nothing in their way, neither in the family nor in themselves."""
    return [one for one in found if means.fit and not one.against]


def proposed(sheet: Sheet, found: list[Candidate]) -> list[Candidate]:
    """Those to propose where nobody asked for one person: youth or old age alone needs obligors known to be poor."""
    return [one for one in found if sheet.family.obligors or not AGES.issuperset(one.names)]


def admit(sheet: Sheet, means: Means, found: list[Candidate]) -> Finding | None:
    """The finding of the member with the highest amount, the others told as advice; None where nobody may enter."""
    fit = free(means, found)
    if not fit:
        return None
    fit.sort(key=lambda one: (-(_amount(sheet.aside(), means, one.own) or 0), one.person.ref))
    classes = sheet.figure("single.classes")
    first, *others = fit
    for one in others:
        sheet.advise("single_too", f"{one.person.ref}（{one.words}）也可以单独提出申请", classes.cite)
    sheet.line("单人户", f"{first.person.ref}：{first.words}", "单独纳入", classes.cite, classes)
    return alone(sheet, means, first.own)


def alone(sheet: Sheet, means: Means, own: Means) -> Finding:
    """The finding of one person admitted alone, with lines for the own income and the amount."""
    sheet.line("本人月收入", f"{shown(own.income_year)} ÷ 12", own.month, law(sheet.on, "第十三条"))
    amount = _amount(sheet, means, own)
    found = close(sheet, Outcome.INCOMPLETE if amount is None else Outcome.ELIGIBLE, own)
    found.unit = Unit.SINGLE
    if amount is not None:
        found.parts = [Part("single", amount, own.counted[0].ref)]
    return found


def grace_alone(sheet: Sheet, means: Means, found: list[Candidate]) -> Finding | None:
    """A grace period for a single person receiving 低保 who is over a line of income and has nothing else against."""
    for one in found:
        if one.against and all(against.code == "single_income" for against in one.against):
            measured = max((means, one.own), key=lambda each: each.per_capita)
            if against_grace(sheet, measured) == []:
                return in_grace(sheet, measured, Unit.SINGLE, "single", one.person.ref)
    return None


def refuse(sheet: Sheet, found: list[Candidate]) -> None:
    """Write every reason against every member who might have entered alone, or that there is no such member."""
    for one in found:
        for against in one.against:
            sheet.reason(*against)
    if found:
        return
    figure = sheet.find("single.classes")
    text = f"家庭中没有{class_words(figure.words)}" if figure else "本地没有单人户的规定"
    sheet.reason("single_no_class", text, figure.cite if figure else law(sheet.on, "第八条"))


def _amount(sheet: Sheet, means: Means, own: Means) -> int | None:
    """分 a month for one person by the place's rule; None, with a reason, where tiers are paid and none is told."""
    refused = refusers(sheet, own)
    rule = sheet.find("single.amount_rule")
    match rule.word if rule else "":
        case "full" if rule:
            return _whole(sheet, own, rule, refused)
        case "percent":
            return _part(sheet, own, refused)
        case "split":
            most = sheet.figure("single.split_multiple")
            poor = (means if means.persons else own).below(most.multiple)
            return _whole(sheet, own, most, refused) if poor else _part(sheet, own, refused)
        case "" if pays_by_tier(sheet):
            return tier(sheet, own, refused)
    return gap(sheet, own, refused, "单人户补差")


def _whole(sheet: Sheet, own: Means, figure: Figure, refused: int) -> int:
    amount = 0 if refused else own.standard.whole
    sheet.line("单人户全额", own.standard.text, shown(amount), figure.cite, figure)
    return amount


def _part(sheet: Sheet, own: Means, refused: int) -> int:
    """A share of the standard, rounded as the allowance is, never above the standard."""
    figure = sheet.figure("single.percent")
    share = percent_of(figure, own.standard.whole)
    amount = 0 if refused else min(rounded(sheet, share), own.standard.whole)
    formula = f"{own.standard.text} × {figure.text}%"
    sheet.line("单人户按比例", formula, arrow(share, amount), figure.cite, figure)
    return amount
