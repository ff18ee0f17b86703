"""Advice beside the answer: other schemes that fit, special aid to refer to, the watch list, figures to enter."""

from collections.abc import Iterable

from policy.edge import is_edge, is_rigid
from policy.family import Person
from policy.figure_keys import Status
from policy.means import LINE, Means
from policy.people import labour
from policy.sheet import Sheet
from policy.support import unable
from policy.vocabulary import EventKind, SpendingKind, Work
from policy.watchlist import advise_watch

SPECIAL = "国务院令第649号 第五章至第八章"
"""专项救助: medical care, schooling, housing, work."""


def advise_refused(sheet: Sheet, means: Means) -> None:
    """After 低保 is refused: the class of aid that still fits, and the watch list where difficulty remains."""
    edge = is_edge(sheet, means)
    if edge:
        sheet.advise("try_edge", "符合低保边缘家庭的收入、财产条件，请告知申请", LINE)
    elif is_rigid(sheet, means):
        sheet.advise("try_rigid", "刚性支出占收入的比例达到规定，请告知申请刚性支出困难家庭认定", LINE)
    if sheet.family.event:
        sheet.advise("try_temporary", "遭遇突发困难，请告知申请临时救助", "国务院令第649号 第四十七条")
    advise_watch(sheet, means.counted, near=edge)


def try_tekun(sheet: Sheet, means: Means) -> None:
    """Tell of 特困 where nobody of an admitted family can work and no obligor is able: support would be fuller."""
    if any(unable(kin) is None for kin in sheet.family.obligors):
        return
    if all(labour(person, sheet) is Work.NONE for person in means.counted):
        text = "成员均无劳动能力且没有有能力的法定义务人，请核实是否符合特困供养"
        sheet.advise("try_tekun", text, "国务院令第649号 第十四条")


def refer(sheet: Sheet, people: Iterable[Person]) -> None:
    """Special aid to refer the family to, by what its members need (国务院令第649号)."""
    people = list(people)
    event = sheet.family.event
    if any(one.illness or _spent(one, SpendingKind.MEDICAL) for one in people):
        sheet.advise("refer_medical", "有患病成员，转介医疗救助", SPECIAL)
    if any(one.student or _spent(one, SpendingKind.EDUCATION) for one in people):
        sheet.advise("refer_education", "有在校成员，转介教育救助", SPECIAL)
    if sheet.family.property.houses == 0 or (event and event.kind in (EventKind.DISASTER, EventKind.FIRE)):
        sheet.advise("refer_housing", "住房困难，转介住房救助", SPECIAL)
    if any(one.employed is False and one.cares_for is None and labour(one, sheet) is not Work.NONE for one in people):
        sheet.advise("refer_employment", "有劳动能力的成员未就业，转介就业救助", SPECIAL)


def _spent(person: Person, kind: SpendingKind) -> bool:
    return any(one.kind is kind and one.year_fen for one in person.spending)


def enter_figures(sheet: Sheet) -> None:
    """Name the placeholders a calculation rested on: the office is to enter the figure in force."""
    told = {line["figure"] for line in sheet.lines}
    keys = [key for key, used in sheet.figures_used.items()
            if key in told and used["status"] == Status.PLACEHOLDER.value]  # fmt: skip
    if keys:
        sheet.advise("enter_figure", f"以下政策参数是暂用值，请录入现行文件的数：{'、'.join(keys)}")
