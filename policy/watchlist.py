"""The watch list (潜在救助对象): families that do not fit, and yet are in some difficulty."""

from collections.abc import Iterable

from policy.family import Person
from policy.people import is_severe
from policy.sheet import Sheet
from policy.vocabulary import Illness, SpendingKind, Tag

HARD_TAGS = frozenset({Tag.FUPIN, Tag.FUPIN_OUT, Tag.WATCH, Tag.DISASTER, Tag.COVID})


def advise_watch(sheet: Sheet, people: Iterable[Person], near: bool = False) -> None:
    """After a refusal: the watch list, where the place keeps one and difficulty remains (``near``: just above)."""
    watch = sheet.find("watchlist.after_refusal")
    if watch and watch.word == "yes" and (near or in_difficulty(sheet, people)):
        sheet.advise("watch_list", "不符合条件但存在一定困难，列为潜在救助对象，动态监测", watch.cite)


def in_difficulty(sheet: Sheet, people: Iterable[Person]) -> bool:
    """A mark, an event, or somebody gravely ill, severely disabled or with rigid spending."""
    if sheet.family.event or HARD_TAGS & sheet.family.tags:
        return True
    return any(one.illness is Illness.MAJOR or is_severe(one) or _spends(one) for one in people)


def _spends(person: Person) -> bool:
    return any(one.kind is not SpendingKind.WORK and one.year_fen for one in person.spending)
