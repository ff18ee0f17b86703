"""Where a row's family lives: township and village matched together, because village names repeat."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import County, Division
from workflows.reason import Reason

PROVISIONAL = range(900, 1000)
"""Last three digits of a village that an import makes, until its official code is entered."""


@dataclass
class Villages:
    """The county's villages by township and name, and those that a sheet names but nobody knows."""

    county: str
    townships: dict[str, str]
    codes: dict[tuple[str, str], str]
    unknown: dict[tuple[str, str], str] = field(default_factory=dict)

    def find(self, county: str, township: str, village: str, may_create: bool) -> str | Reason:
        """The village's code (a provisional one where it may be made), or why there is none."""
        if county and county != self.county:
            return Reason("other_county", county=county, ours=self.county)
        town = self.townships.get(township)
        if town is None:
            return Reason("unknown_township", township=township)
        code = self.codes.get((town, village)) or self.unknown.get((town, village))
        if code is None and may_create and village:
            code = self.unknown[town, village] = self._provisional(town)
        return code or Reason("unknown_village", township=township, village=village)

    def in_text(self, address: str) -> str | Reason:
        """The one village whose township and own name, or whose own name alone, stand in an address."""
        named = [(town, name) for town, name in self.codes if name and (name in address or name[:-1] in address)]
        towns = {code for name, code in self.townships.items() if name in address}
        within = [place for place in named if place[0] in towns]
        found = within or ([] if towns else named)
        if len(found) > 1:
            longest = max(len(name) for _, name in found)
            found = [place for place in found if len(place[1]) == longest and place[1] in address]
        return self.codes[found[0]] if len(found) == 1 else Reason("unknown_village", township="", village=address)

    def _provisional(self, town: str) -> str:
        taken = {code for code in (*self.codes.values(), *self.unknown.values()) if code.startswith(town)}
        return next(code for number in PROVISIONAL if (code := f"{town}{number}") not in taken)


def read_villages(session: Session) -> Villages:
    """All townships and villages of this county."""
    county = session.scalars(select(County)).one()
    rows = session.execute(select(Division.code, Division.parent_code, Division.name)).all()
    townships = {name: code for code, parent, name in rows if parent == county.code}
    codes = {(parent, name): code for code, parent, name in rows if parent and len(code) == 12}
    return Villages(county.name, townships, codes)
