"""Who may enter alone (单人户): the place's classes, and what stands against each (民发〔2021〕57号 第八条)."""

from collections.abc import Iterable
from typing import NamedTuple

from policy.clauses import law
from policy.family import Kin, Person
from policy.income import EARNED
from policy.means import Means, own_means
from policy.people import CLERGY_YEARS, belongs, is_minor, is_severe, is_tekun
from policy.review import Against
from policy.sheet import Sheet
from policy.support import unable
from policy.vocabulary import KinRelation, Tag

_WORDS = {
    "severe_disability": "重度残疾人", "major_illness": "重特大疾病患者", "elderly": "老年人", "minor": "未成年人",
    "clergy": "脱离家庭三年以上的宗教教职人员", "jobless_severe_disability": "成年无业重度残疾人",
}  # fmt: skip
_KINDS = {
    "vision": "视力", "hearing": "听力", "speech": "言语", "limb": "肢体", "intellectual": "智力", "mental": "精神",
    "multiple": "多重",
}  # fmt: skip
_LEVELS = "一二三四"
_ALONE = frozenset({"clergy", "jobless_severe_disability"})
# The rules tie these two to no family of low income: their own means alone count (57号 第八条; 民发〔2022〕83号).


class Candidate(NamedTuple):
    """A member of a class who may enter alone, with their own means and what stands against it."""

    person: Person
    names: tuple[str, ...]
    own: Means
    against: list[Against]

    @property
    def words(self) -> str:
        """The member's classes in the words of the rules."""
        return class_words(self.names)


def class_words(names: tuple[str, ...]) -> str:
    """Classes of a figure in Chinese: "limb_2" is 肢体一至二级残疾人."""
    return "、".join(_WORDS.get(name) or _disabled(name) for name in names)


def candidates(sheet: Sheet, means: Means) -> list[Candidate]:
    """Every member of one of the place's classes, with whatever stands against their entering alone."""
    figure = sheet.find("single.classes")
    counting, found = {person.ref for person in means.counted}, []
    for person in asking(sheet, sheet.family.members) if figure else ():
        names = tuple(name for name in figure.words if _belongs(person, name, sheet)) if figure else ()
        admitted = person.ref in counting or (_free_clergy(person) and not is_tekun(person, sheet))
        if names and admitted:
            own = own_means(sheet, means, person)
            found.append(Candidate(person, names, own, list(_against(sheet, means, own, names))))
    return found


def asking(sheet: Sheet, people: Iterable[Person]) -> list[Person]:
    """Who of these may be asking alone: the one whose application it is, or everybody where nobody is named."""
    alone = sheet.family.alone
    return [person for person in people if alone in (None, person.ref)]


def _belongs(person: Person, name: str, sheet: Sheet) -> bool:
    match name:
        case "clergy":
            return _free_clergy(person)
        case "jobless_severe_disability":
            return is_severe(person) and _jobless(person) and not is_minor(person, sheet)
    return belongs(person, name, sheet)


def _free_clergy(person: Person) -> bool:
    elsewhere = person.in_prison or person.missing or person.compulsory_rehab
    return person.clergy_years_away >= CLERGY_YEARS and not elsewhere


def _jobless(person: Person) -> bool:
    """Known to have no work, and earning nothing."""
    return person.employed is False and not any(one.kind in EARNED and one.year_fen for one in person.income)


def _against(sheet: Sheet, means: Means, own: Means, names: tuple[str, ...]) -> list[Against]:
    ref = own.counted[0].ref
    found = []
    tag = sheet.find("single.requires_tag")
    if tag and tag.word != "none" and Tag(tag.word) not in sheet.family.tags:
        found.append(Against("single_tag_missing", "单人保限未脱贫建档立卡户，该户不是", tag.cite))
    test = sheet.find("single.requires_obligor_test")
    if test and test.word == "yes" and _supported(sheet, names):
        text = f"{ref}的法定义务人中有人不是低收入家庭或兜底保障对象，能够承担义务"
        found.append(Against("single_obligors_able", text, test.cite))
    line = None if _ALONE.intersection(names) else sheet.find("single.income_multiple")
    if line and not means.below(line.multiple):
        text = f"家庭{means.versus(line.multiple, line.text)}，不能单独纳入"
        found.append(Against("single_income", text, line.cite))
    if not own.below():
        text = f"{ref}本人月收入{own.month}元，不低于低保标准{own.standard.text}元"
        found.append(Against("single_income", text, law(sheet.on, "第八条")))
    return found


def _supported(sheet: Sheet, names: tuple[str, ...]) -> bool:
    """Whether an obligor is able; siblings and old parents of a jobless disabled adult are not asked (83号)."""
    old = sheet.figure("age.elderly").whole
    spared = "jobless_severe_disability" in names
    return any(unable(kin) is None and not (spared and _spared(kin, old)) for kin in sheet.family.obligors)


def _spared(kin: Kin, old: int) -> bool:
    if kin.relation is KinRelation.SIBLING:
        return True
    return kin.relation is KinRelation.PARENT and kin.age is not None and kin.age >= old


def _disabled(name: str) -> str:
    kind, level = name.rsplit("_", 1)
    last = _LEVELS[int(level) - 1]
    return f"{_KINDS[kind]}{'一级' if level == '1' else f'一至{last}级'}残疾人"
