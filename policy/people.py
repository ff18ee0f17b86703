"""Who counts as a member of the family, who can work, and who can look after themselves."""

from policy.clauses import LAW14, law
from policy.family import Disability, Person
from policy.holdings import held_by
from policy.sheet import Sheet
from policy.vocabulary import DisabilityKind, Illness, KinRelation, StudyLevel, Subject, Work

SEVERE = 2
"""重度残疾: level 1 or 2."""
CLERGY_YEARS = 3
"""脱离家庭独立生活三年以上（含三年）: a number of the article itself, the same everywhere."""

_SEVERE_WORD = "severe_disability"
_STILL_ABLE = (DisabilityKind.HEARING, DisabilityKind.SPEECH)
_ALWAYS = {KinRelation.HEAD: "申请人（户主）", KinRelation.SPOUSE: "配偶"}
_ARTICLE = "第七条"
_NOT_BESIDE_TEKUN = (Subject.DIBAO, Subject.EDGE, Subject.RIGID)
_SUPPORTED = "已纳入特困人员救助供养，不再适用最低生活保障"


def counted(sheet: Sheet) -> list[Person]:
    """The members who count (民发〔2021〕57号 第七条); writes one row a member, in the order given."""
    found = []
    for person in sheet.family.members:
        supported = is_tekun(person, sheet)
        counts, why = (False, _SUPPORTED) if supported else _membership(person, sheet)
        clause = LAW14 if supported else law(sheet.on, _ARTICLE)
        if counts:
            found.append(person)
        sheet.members.append({
            "ref": person.ref, "counted": counts, "labour": labour(person, sheet).value,
            "self_care": self_care(person, sheet), "why": why, "clause": clause,
        })  # fmt: skip
    return found


def labour(person: Person, sheet: Sheet) -> Work:
    """Labour ability: as stated, else by 民发〔2021〕43号's list for 特困, else as the monthly report counts it."""
    if sheet.family.scheme is Subject.TEKUN:
        return labour_for_tekun(person, sheet)
    if person.labour is not None:
        return person.labour
    age = person.age(sheet.on)
    if age is not None and not sheet.figure("age.adult").whole <= age < sheet.figure("age.elderly").whole:
        return Work.NONE
    return _health(person)


def labour_for_tekun(person: Person, sheet: Sheet) -> Work:
    """Labour ability for 特困 (民发〔2021〕43号 第五条): as stated, else none by age or by the place's disabilities."""
    if person.labour is not None:
        return person.labour
    age = person.age(sheet.on)
    if age is not None and not sheet.figure("tekun.minor_age").whole <= age < sheet.figure("age.elderly").whole:
        return Work.NONE
    lost = person.disability and matches(person.disability, sheet.figure("tekun.labour.disabilities").words)
    return Work.NONE if lost else Work.ABLE


def matches(disability: Disability | None, words: tuple[str, ...]) -> bool:
    """Whether a disability is among the words of a figure: "limb_2" is limb, level 1 or 2."""
    if disability is None:
        return False
    if disability.level <= SEVERE and _SEVERE_WORD in words:
        return True
    return any(f"{disability.kind.value}_{level}" in words for level in range(disability.level, 5))


def is_severe(person: Person) -> bool:
    """重度残疾人: a certificate of any kind, level 1 or 2."""
    return person.disability is not None and person.disability.level <= SEVERE


def is_minor(person: Person, sheet: Sheet) -> bool:
    """Under the age of an adult that day; False where the birth is not known."""
    age = person.age(sheet.on)
    return age is not None and age < sheet.figure("age.adult").whole


def is_elderly(person: Person, sheet: Sheet) -> bool:
    """Of the age of the elderly that day; False where the birth is not known."""
    age = person.age(sheet.on)
    return age is not None and age >= sheet.figure("age.elderly").whole


def belongs(person: Person, name: str, sheet: Sheet) -> bool:
    """Whether somebody is of those whom a figure names: by age, severe disability, major illness, or a disability."""
    match name:
        case "elderly":
            return is_elderly(person, sheet)
        case "minor":
            return is_minor(person, sheet)
        case "severe_disability":
            return is_severe(person)
        case "major_illness":
            return person.illness is Illness.MAJOR
    return matches(person.disability, (name,))


def self_care(person: Person, sheet: Sheet) -> str:
    """``full``, ``partial`` or ``none`` by the unmet of the six items (民发〔2021〕43号)."""
    unmet = person.self_care_unmet
    if not unmet or unmet < sheet.figure("tekun.self_care_partial").whole:
        return "full"
    return "partial" if unmet < sheet.figure("tekun.self_care_none").whole else "none"


def is_tekun(person: Person, sheet: Sheet) -> bool:
    """Whether somebody is supported as 特困, who then has no 低保; aid of a household is of all its people."""
    if sheet.family.scheme not in _NOT_BESIDE_TEKUN:
        return False
    everybody = len(sheet.family.members)
    return any(one.ref or one.persons >= everybody for one in held_by(sheet, person, Subject.TEKUN))


def _membership(person: Person, sheet: Sheet) -> tuple[bool, str]:
    away = _away(person)
    if away:
        return False, away
    relation = person.relation
    if relation in _ALWAYS:
        return True, _ALWAYS[relation]
    if relation is KinRelation.OTHER:
        return False, "无法定赡养、抚养、扶养义务关系"
    if relation is KinRelation.CHILD and (dependent := _dependent_child(person, sheet)):
        return True, dependent
    if person.cohabiting:
        return True, "具有法定赡养、抚养、扶养义务关系并长期共同居住"
    return False, "不共同居住"


def _away(person: Person) -> str:
    """Why somebody is left out wherever they are registered; empty if nothing is."""
    if person.clergy_years_away >= CLERGY_YEARS:
        return "脱离家庭独立生活三年以上的宗教教职人员"
    if person.in_prison:
        return "在监狱内服刑"
    if person.compulsory_rehab:
        return "在戒毒所强制隔离戒毒"
    return "宣告失踪" if person.missing else ""


def _dependent_child(person: Person, sheet: Sheet) -> str:
    """Why a child counts wherever they live; empty for an adult child who lives on their own."""
    if is_minor(person, sheet):
        return "未成年子女"
    study = person.student
    if study and study.full_time and study.level is not StudyLevel.POSTGRADUATE:
        return "在校接受全日制本科及以下学历教育的成年子女"
    # Old age alone makes nobody their parents' dependent: what is stated or the state of health must say so.
    helpless = (person.labour or _health(person)) is Work.NONE
    return "已成年但不能独立生活的子女" if helpless else ""


def _health(person: Person) -> Work:
    """Labour ability by disability and illness, as the monthly report counts it."""
    disability = person.disability
    lost = disability is not None and disability.level <= SEVERE and disability.kind not in _STILL_ABLE
    if lost or person.illness is Illness.MAJOR:
        return Work.NONE
    return Work.PARTIAL if disability or person.illness else Work.ABLE
