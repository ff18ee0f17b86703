"""Where a row's family lives: township and village matched together, because village names repeat."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import County, Division
from policy.division_codes import is_village
from workflows.reason import Reason

PROVISIONAL = range(900, 1000)
"""Last three digits of a village that an import makes, until its official code is entered."""
OFFICE = re.compile(r"(人民政府|政府|办事处|民政办)$")
GROUP = re.compile(r"第?[0-9一二三四五六七八九十]{1,3}(村民小组|小组|组|社)$")
TOWN = re.compile(r"(.{2,}?)(镇|乡|街道)?")
PEOPLE = re.compile(r"[\u4e00-\u9fff]{1,4}族")
VILLAGE = re.compile(r"(.{2,}?)(村|社区)?(村民委员会|村委会|居民委员会|居委会)?")


class Told(NamedTuple):
    """Where a row says that its family lives; the address alone where it does not name both township and village."""

    county: str
    township: str
    village: str
    address: str = ""


@dataclass
class Villages:
    """The county's villages by township and name, and those that a sheet names but nobody knows."""

    county: str
    townships: dict[str, str]
    codes: dict[tuple[str, str], str]
    unknown: dict[tuple[str, str], str] = field(default_factory=dict)

    def find(self, told: Told, may_create: bool, own: str = "") -> str | Reason:
        """The village's code (a provisional one where it may be made), or why there is none.

        Names may be written short or as their offices are called. What is left out is looked for in the address; a
        township that nothing names is the importer's ``own``.
        """
        if told.county and not told.county.endswith(self.county):
            return Reason("other_county", county=told.county, ours=self.county)
        town = self.township(told.township) if told.township else self._named_in(told.address) or own or None
        if town is None and told.township:
            return Reason("unknown_township", township=told.township)
        if town is None or not told.village:
            found = self.in_text(f"{told.address} {told.village}", town)
            return Reason("place_missing") if isinstance(found, Reason) else found
        return self._village(town, told, may_create)

    def _named_in(self, address: str) -> str | None:
        found = [code for name, code in self.townships.items() if name in address]
        return found[0] if len(found) == 1 else None

    def township(self, told: str) -> str | None:
        """The township of this name, which may be written short or as its office is called; None of none or several."""
        return self.townships.get(told) or _alike(TOWN, OFFICE.sub("", _tight(told)), self.townships.items())

    def village(self, town: str, told: str, township: str = "") -> str | None:
        """The village of a township by its name, short or with its committee, its groups or its ``township``."""
        code = self.codes.get((town, told)) or self.unknown.get((town, told))
        if code is None:
            here = [(ours, code) for (parent, ours), code in self.codes.items() if parent == town]
            tight = _tight(told).removeprefix(_tight(township))
            code = _alike(VILLAGE, tight, here) or _alike(VILLAGE, GROUP.sub("", tight), here)
        return code

    def _village(self, town: str, told: Told, may_create: bool) -> str | Reason:
        code = self.village(town, told.village, told.township)
        if code is None and may_create:
            code = self.unknown[town, told.village] = self.provisional(town)
        return code or Reason("unknown_village", township=told.township, village=told.village)

    def in_text(self, address: str, township: str | None = None) -> str | Reason:
        """The one village (of a township) whose township and own name, or whose own name alone, stand in an address."""
        here = [place for place in self.codes if township is None or place[0] == township]
        named = [(town, name) for town, name in here if name and (name in address or name[:-1] in address)]
        towns = {code for name, code in self.townships.items() if name in address}
        within = [place for place in named if place[0] in towns]
        found = within or ([] if towns else named)
        if len(found) > 1:
            longest = max(len(name) for _, name in found)
            found = [place for place in found if len(place[1]) == longest and place[1] in address]
        return self.codes[found[0]] if len(found) == 1 else Reason("unknown_village", township="", village=address)

    def provisional(self, town: str) -> str:
        """The first code of a township that no village has, of those that imports give."""
        taken = self.taken()
        return next(code for number in PROVISIONAL if (code := f"{town}{number}") not in taken)

    def taken(self) -> set[str]:
        """Codes that villages have, or would have."""
        return {*self.codes.values(), *self.unknown.values()}


def _tight(text: str) -> str:
    return "".join(text.split())


def _alike(form: re.Pattern[str], told: str, names: Iterable[tuple[str, str]]) -> str | None:
    """The code of the one place that is called so, its kind left out or written as its committee's; None of several."""
    wanted = _parts(form, told)
    found = [code for name, code in names if wanted and _same(wanted, _parts(form, name))]
    return found[0] if len(found) == 1 else None


def _parts(form: re.Pattern[str], name: str) -> tuple[str, str] | None:
    """The name itself and its kind, empty where it is not said."""
    found = form.fullmatch(name)
    if found is None:
        return None
    committee = found[3] if form.groups > 2 else None
    return found[1], found[2] or ("" if not committee else "村" if committee.startswith("村") else "社区")


def _same(told: tuple[str, str], ours: tuple[str, str] | None) -> bool:
    """Whether what is told names ours: 玉和乡 and 玉和 are 玉和苗族乡, but a 乡 is never a 镇."""
    if ours is None or told[1] not in ("", ours[1]):
        return False
    people = ours[0].removeprefix(told[0]) if ours[0].startswith(told[0]) else "?"
    return people == "" or PEOPLE.fullmatch(people) is not None


def read_villages(session: Session) -> Villages:
    """All townships and villages of this county."""
    county = session.scalars(select(County)).one()
    rows = session.execute(select(Division.code, Division.parent_code, Division.name)).all()
    townships = {name: code for code, parent, name in rows if parent == county.code}
    codes = {(parent, name): code for code, parent, name in rows if parent and is_village(code)}
    return Villages(county.name, townships, codes)
