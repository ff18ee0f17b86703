"""Who owes support to somebody in extreme poverty, and who of them is able to give it (民发〔2021〕43号 第八条)."""

from policy.clauses import NEW_RULES, law_tekun
from policy.disposable import is_below
from policy.family import Kin, Person
from policy.people import is_minor, matches
from policy.sheet import Sheet, exact, shown
from policy.support import Exact
from policy.vocabulary import KinRelation as K
from policy.vocabulary import Subject

ARTICLE = "第八条"

# 民法典 第二十六、一千零五十九、一千零六十七条: spouses, and parents and children of each other.
_DUTIES = frozenset(
    frozenset(pair)
    for pair in (
        (K.HEAD, K.SPOUSE), (K.HEAD, K.CHILD), (K.SPOUSE, K.CHILD), (K.HEAD, K.PARENT), (K.SPOUSE, K.PARENT_IN_LAW),
        (K.CHILD, K.GRANDCHILD), (K.CHILD_IN_LAW, K.GRANDCHILD), (K.PARENT, K.GRANDPARENT), (K.PARENT, K.SIBLING),
        (K.PARENT,), (K.PARENT_IN_LAW,), (K.GRANDPARENT,),
    )
)  # fmt: skip


def owes(one: Person, other: Person) -> bool:
    """Whether two members of a household owe each other support by law."""
    return one is not other and frozenset((one.relation, other.relation)) in _DUTIES


def unable_because(sheet: Sheet, kin: Kin) -> str | None:
    """Why an obligor cannot give support; None for one who can. What is not known is held against nobody."""
    if kin.able is not None:
        return None if kin.able else "认定为无履行义务能力"
    if kin.subject is Subject.TEKUN:
        return "义务人是特困人员"
    old = sheet.on < NEW_RULES
    on_dibao = kin.subject is Subject.DIBAO and (kin.property_ok or not old)
    if on_dibao and _aged(sheet, kin, "tekun.obligor.dibao_age"):
        return f"义务人是{sheet.figure('tekun.obligor.dibao_age').whole}周岁以上的低保对象"
    words = sheet.find("tekun.obligor.disabilities")
    disabled = words is not None and matches(kin.disability, words.words)
    if old:  # 民发〔2016〕178号: severely disabled and on dibao; no test of income
        return "义务人是重度残疾的低保对象" if disabled and on_dibao else None
    if not disabled and not _aged(sheet, kin, "tekun.obligor.income_age"):
        return None
    who = "义务人重度残疾（或三级智力、精神残疾）" if disabled else "义务人年满七十周岁"
    return f"{who}，收入低于上年人均可支配收入且财产符合规定" if kin.property_ok and _is_poor(sheet, kin) else None


def outside(sheet: Sheet) -> bool:
    """Whether any obligor outside the household is able to give support; writes a row for each."""
    able = False
    for kin in sheet.family.obligors:
        why = unable_because(sheet, kin)
        able = able or why is None
        _row(sheet, why, kin.paid_fen or 0)
    return able


def inside(sheet: Sheet, person: Person, income_year: Exact, alike: bool) -> bool:
    """Whether a member of the household is able to support others of it: by their own income, 分 a year.

    ``alike``: without ability to work and source of living, as the one to be supported.
    """
    current = sheet.family.current
    receives = Subject.DIBAO if current and current.scheme == Subject.DIBAO else None
    away = person.in_prison or person.missing or is_minor(person, sheet)
    kin = Kin(
        relation=person.relation, household_year_fen=int(income_year), age=person.age(sheet.on),
        subject=Subject.TEKUN if alike else receives, disability=person.disability, able=False if away else None,
    )  # fmt: skip
    return unable_because(sheet, kin) is None


def _aged(sheet: Sheet, kin: Kin, key: str) -> bool:
    figure = sheet.find(key)
    return figure is not None and kin.age is not None and kin.age >= figure.whole


def _is_poor(sheet: Sheet, kin: Kin) -> bool:
    if kin.household_year_fen is None:
        return True
    each = exact(kin.household_year_fen, kin.household_size)
    return is_below(sheet, each, "义务人人均月收入", law_tekun(sheet.on, ARTICLE)) is not False


def _row(sheet: Sheet, unable: str | None, paid: int) -> None:
    why = unable or "未见无履行义务能力的情形，视为有能力"
    sheet.obligors.append({
        "able": unable is None, "support_month": shown(paid), "why": why, "clause": law_tekun(sheet.on, ARTICLE),
    })  # fmt: skip
