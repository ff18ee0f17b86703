"""孤儿 (国办发〔2010〕54号) and 事实无人抚养儿童 (民发〔2019〕62号): what keeps both parents from raising the child.

The basic living money does not count as income of a family on 低保 (民发〔2019〕62号 三(一)).
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from policy.calendar import add_months
from policy.family import Parent, Person
from policy.figures import Figure
from policy.finding import Finding, Part
from policy.holdings import held_by, share
from policy.imputed import birthday
from policy.means import close
from policy.people import labour, self_care
from policy.sheet import Sheet, fen, shown
from policy.vocabulary import Mode, Outcome, ParentKind, ParentState, Subject, Unit

RULE62, RULE54 = "民发〔2019〕62号 ", "国办发〔2010〕54号 "
WHO, MONEY = RULE62 + "一", RULE62 + "三（一）"
GONE = (ParentState.DEAD, ParentState.MISSING)
LOST = (*GONE, ParentState.NOT_FOUND)
TIMED = (ParentState.PRISON, ParentState.REHAB, ParentState.RESTRAINED, ParentState.LOST_CONTACT)
"""What counts only from so many months on (民发〔2019〕62号 一: 6个月以上)."""
TOPPED_UP = (Subject.DIBAO, Subject.TEKUN, Subject.LIVING_SUBSIDY)
Against = tuple[str, str, str]
Money = Callable[[Sheet, Person, Figure], tuple[int, list[Against]]]
"""From the full rate to what is paid (分), or what stands against it."""


def assess_unsupported_child(sheet: Sheet) -> Finding:
    """事实无人抚养儿童: the full rate, or what lacks to it beside 低保, 特困 or the living subsidy; 分 a month."""
    child = _child(sheet)
    if child is None:
        return _nobody(sheet, WHO)
    against = _of_age(sheet, child, WHO) + _parents(sheet, child)
    if not against and (already := held_by(sheet, child, Subject.ORPHAN)):
        against = [("has_orphan", f"{child.ref}已享受孤儿基本生活保障（{shown(already[0].monthly_fen)}元）", MONEY)]
    return _answer(sheet, child, against, _topped_up)


def assess_orphan(sheet: Sheet) -> Finding:
    """孤儿: the rate of the home, or that of the institution for a child that lives in one; 分 a month (54号 二)."""
    child = _child(sheet)
    if child is None:
        return _nobody(sheet, RULE54 + "一")
    against = _of_age(sheet, child, RULE54 + "一") + _told(child, RULE54 + "一")
    for parent in child.parents:
        if not against and parent.state not in LOST:
            who = _who(parent)
            against.append(("parent_not_lost", f"{child.ref}的{who}没有死亡、被宣告失踪或者查找不到", RULE54 + "一"))
            sheet.advise("try_unsupported_child", "父母没有死亡或查找不到的，可以试算事实无人抚养儿童", WHO)
    return _answer(sheet, child, against, _whole_rate)


def full_rate(sheet: Sheet, scheme: Subject, child: Person) -> Figure | None:
    """The whole rate a month: an orphan's in an institution or at home; the unsupported child's own or the home's."""
    if scheme is Subject.ORPHAN and child.mode is Mode.CENTRAL:
        return sheet.find("orphan.amount.institution")
    own = sheet.find("unsupported_child.amount") if scheme is Subject.UNSUPPORTED_CHILD else None
    return own or sheet.find("orphan.amount.home")


def _child(sheet: Sheet) -> Person | None:
    """The child applied for; without one, the only member whose parents were told."""
    alone = sheet.family.alone
    asked = (one for one in sheet.family.members if (one.parents if alone is None else one.ref == alone))
    return next(asked, None)


def _nobody(sheet: Sheet, clause: str) -> Finding:
    sheet.reason("members_missing", "没有填写儿童本人", clause)
    return close(sheet, Outcome.INCOMPLETE)


def _of_age(sheet: Sheet, child: Person, clause: str) -> list[Against]:
    """Under the age of an adult, or kept in school by a rule of the place once received."""
    age, adult = child.age(sheet.on), sheet.figure("age.adult")
    if age is None:
        return [("birth_missing", f"{child.ref}的出生日期没有填写", clause)]
    if age < adult.whole:
        return []
    schools, current = sheet.find("children.keep_in_school"), sheet.family.current
    receives = current is not None and current.scheme == sheet.family.scheme
    if schools and receives and child.student and child.student.level in schools.words:
        sheet.line(f"在校就读（{child.ref}）", child.student.level.value, "继续发放", schools.cite, schools)
        return []
    return [("of_age", f"{child.ref}已满{adult.whole}周岁", clause)]


def _told(child: Person, clause: str) -> list[Against]:
    told = {parent.kind for parent in child.parents}
    missing = [kind for kind in ParentKind if kind not in told]
    return [("parent_not_told", f"{child.ref}的{_WORDS[kind]}情况没有查明", clause) for kind in missing]


def _parents(sheet: Sheet, child: Person) -> list[Against]:
    """Both in the list, or one dead or missing and the other in the list (民发〔2019〕62号 一)."""
    if lacking := _told(child, WHO):
        return lacking
    if all(parent.state in LOST for parent in child.parents):
        sheet.advise("try_orphan", "父母均死亡、失踪或者查找不到的，按孤儿申请", RULE54 + "一")
        return [("is_orphan", f"{child.ref}父母均死亡、失踪或者查找不到，属于孤儿", RULE54 + "一")]
    listed = sheet.figure("unsupported_child.parent_states")
    against = []
    for parent in child.parents:
        fits, words = _fits(sheet, parent, listed)
        sheet.line(f"{_who(parent)}情况（{child.ref}）", words, "符合" if fits else "不符合", listed.cite, listed)
        if not fits:
            against.append(("parent_able", f"{child.ref}的{_who(parent)}：{words}，不在规定情形内", listed.cite))
    return against


def _fits(sheet: Sheet, parent: Parent, listed: Figure) -> tuple[bool, str]:
    words = _STATES[parent.state]
    if parent.state in GONE:
        return True, words
    if parent.state.value not in listed.words:
        return False, words
    if parent.state not in TIMED:
        return True, words
    least = sheet.figure("unsupported_child.months_least")
    if parent.since is None:
        return False, f"{words}，起始日期未查明"
    if parent.until is not None and parent.until < sheet.on:
        return False, f"{words}，已于{parent.until.isoformat()}结束"
    end = parent.until or sheet.on
    enough = add_months(parent.since, least.whole) <= end
    span = f"{parent.since.isoformat()}至{end.isoformat()}"
    return enough, f"{words}（{span}），{'满' if enough else '不满'}{least.whole}个月"


def _topped_up(sheet: Sheet, child: Person, full: Figure) -> tuple[int, list[Against]]:
    """What lacks to the full rate beside aid the child has already (民发〔2019〕62号 三(一)); 分."""
    have = sum((share(one) for one in held_by(sheet, child, *TOPPED_UP)), start=Fraction(0))
    left = fen(full.whole - have)
    if not have:
        return full.whole, []
    sheet.line(f"补差（{child.ref}）", f"{full.text} − {shown(have)}（已获救助）", shown(max(left, 0)), MONEY, full)
    if left > 0:
        return left, []
    return 0, [("enough_already", f"{child.ref}已获救助{shown(have)}元，不低于补贴标准{full.text}元", MONEY)]


def _whole_rate(sheet: Sheet, child: Person, full: Figure) -> tuple[int, list[Against]]:
    return full.whole, []


def _answer(sheet: Sheet, child: Person, against: list[Against], money: Money) -> Finding:
    parts: list[Part] = []
    if not against:
        full = full_rate(sheet, sheet.family.scheme, child) or sheet.figure("orphan.amount.home")
        sheet.line(f"基本生活补贴标准（{child.ref}）", "按标准", full.text, full.cite, full)
        amount, against = money(sheet, child, full)
        parts = [Part("child", amount, child.ref)] if amount else []
    for reason in against:
        sheet.reason(*reason)
    _row(sheet, child, against)
    found = close(sheet, _outcome(parts, against))
    found.unit, found.persons, found.parts = Unit.SINGLE, len(parts), parts
    if parts:
        _look_ahead(sheet, child, found)
    return found


def _outcome(parts: Sequence[Part], against: Sequence[Against]) -> Outcome:
    if parts:
        return Outcome.ELIGIBLE
    unknown = {"birth_missing", "parent_not_told"} & {code for code, _, _ in against}
    return Outcome.INCOMPLETE if unknown else Outcome.NOT_ELIGIBLE


def _look_ahead(sheet: Sheet, child: Person, found: Finding) -> None:
    if child.birth and (child.age(sheet.on) or 0) < (adult := sheet.figure("age.adult")).whole:
        sheet.date(birthday(child.birth, adult.whole), "child_of_age", f"{child.ref}满{adult.whole}周岁，停发", WHO)
    if review := sheet.find("review.months.children"):
        found.review_months = review.whole
        sheet.date(add_months(sheet.on, review.whole), "review_due", f"每{review.text}个月复核一次", review.cite)


def _row(sheet: Sheet, child: Person, against: Sequence[Against]) -> None:
    why = "；".join(text for _, text, _ in against) or "符合条件"
    clause = against[0][2] if against else WHO
    sheet.members.append({
        "ref": child.ref, "counted": not against, "labour": labour(child, sheet).value,
        "self_care": self_care(child, sheet), "why": why, "clause": clause,
    })  # fmt: skip


def _who(parent: Parent) -> str:
    return _WORDS[parent.kind]


_WORDS = {ParentKind.FATHER: "父亲", ParentKind.MOTHER: "母亲"}
_STATES = {
    ParentState.DEAD: "死亡", ParentState.MISSING: "被宣告失踪", ParentState.NOT_FOUND: "查找不到",
    ParentState.DISABLED: "重残", ParentState.ILL: "重病", ParentState.PRISON: "服刑在押",
    ParentState.REHAB: "强制隔离戒毒", ParentState.RESTRAINED: "被执行其他限制人身自由的措施",
    ParentState.LOST_CONTACT: "失联", ParentState.REMOVED: "被撤销监护资格", ParentState.DEPORTED: "被遣送（驱逐）出境",
    ParentState.ABLE: "有抚养能力",
}  # fmt: skip
