"""The form of a trial calculation as it was typed: plain texts, single ones, ticked ones, and rows by group.

Nothing here knows who anybody is: there is no field for a name or a number of a person.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

GROUPS: dict[str, tuple[str, ...]] = {
    "members": (
        "ref", "relation", "birth", "sex", "disability", "level", "illness", "employed", "study", "part_time", "labour",
        "refused_work", "cares_for", "needs_care", "unmet", "mode", "cohabiting", "in_prison", "missing",
        "compulsory_rehab", "clergy_years",
    ),
    "income": ("whose", "kind", "amount", "per"),
    "spending": ("whose", "kind", "amount", "per"),
    "obligors": (
        "relation", "household_income", "per", "household_size", "supports", "class", "age", "disability", "level",
        "property_ok", "agreed", "paid", "able",
    ),
    "vehicles": ("kind", "value", "business"),
    "figures": ("key", "value"),
}  # fmt: skip
ONE = (
    "place", "on", "area", "unit", "tier", "deposits", "securities", "houses", "house_area", "companies", "barred",
    "event", "loss", "own_cost", "degree", "urgent", "requested", "current", "monthly", "since", "rose", "leaves",
    "cpi", "food_cpi", "before",
)  # fmt: skip
SEVERAL = ("tags", "conduct")
FIRST = {
    "members": {"cohabiting": "yes"}, "income": {"per": "month"}, "spending": {"per": "year"},
    "obligors": {"per": "month", "property_ok": "yes"},
}  # fmt: skip
"""What a row holds before anybody types into it."""
LEADING = {
    "members": {"ref", "cohabiting"}, "income": {"whose", "per"}, "spending": {"whose", "per"},
    "obligors": {"per", "property_ok"}, "vehicles": set[str](), "figures": set[str](),
}  # fmt: skip
"""What counts for nothing in a row: a row with nothing else is empty and stands for nobody."""
MOST_ROWS = {"members": 20, "income": 60, "spending": 40, "obligors": 20, "vehicles": 10, "figures": 20}
LONGEST = 100
LONGEST_BEFORE = 40_000
_NAME = re.compile(r"([a-z]+)-([0-9]{1,5})-([a-z_]{1,30})")

Row = dict[str, str]


@dataclass
class Sheet:
    """What was typed: single fields, fields with several ticks, and rows by group, numbered from 0 without gaps."""

    one: Row = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.one.get(name, "")

    def of(self, group: str) -> list[Row]:
        """The rows of a group."""
        return self.rows.setdefault(group, [])

    def ticked(self, name: str) -> list[str]:
        """What is ticked of several."""
        return self.several.get(name, [])

    def add_row(self, group: str) -> None:
        """One more row, unless there are as many as there may be."""
        if group in GROUPS and len(self.of(group)) < MOST_ROWS[group]:
            self.of(group).append(dict(FIRST.get(group, {})))

    def remove_row(self, group: str, at: int) -> None:
        """Take a row out; lines of a person who is taken out lose their person."""
        if group in GROUPS and 0 <= at < len(self.of(group)):
            del self.of(group)[at]
            if group == "members":
                self.follow({f"n{old}": f"n{old - (old > at)}" for old in range(MOST_ROWS[group]) if old != at})

    def follow(self, numbers: dict[str, str]) -> None:
        """Let lines and carers follow members who were numbered anew."""
        for line in self.of("income") + self.of("spending"):
            line["whose"] = numbers.get(line.get("whose", ""), "")
        for member in self.of("members"):
            member["cares_for"] = numbers.get(member.get("cares_for", ""), "")

    def name_people(self) -> None:
        """Give every member a ref that stays the same while the family is tried on."""
        taken: set[str] = set()
        for member in self.of("members"):
            ref = member.get("ref", "")
            if not re.fullmatch(r"m[0-9]{1,3}", ref) or ref in taken:
                member["ref"] = ""
            taken.add(member.get("ref", ""))
        free = (f"m{number}" for number in range(1, 1000) if f"m{number}" not in taken)
        for member in self.of("members"):
            member["ref"] = member["ref"] or next(free)


def fresh(place: str, on: str) -> Sheet:
    """A form nobody has typed into: one person, the head."""
    rows = {"members": [{"ref": "m1", "relation": "head", "cohabiting": "yes"}], "income": [dict(FIRST["income"])]}
    return Sheet({"place": place, "on": on, "area": "rural"}, {}, rows)


def posted(fields: Iterable[tuple[str, str]]) -> Sheet:
    """The sheet of a posted form; unknown names are left out, gaps in the numbers of rows closed."""
    sheet, found = Sheet(), dict[str, dict[int, Row]]()
    for name, value in fields:
        text = value.strip()[: LONGEST_BEFORE if name == "before" else LONGEST]
        if name in ONE:
            sheet.one[name] = text
        elif name in SEVERAL and len(sheet.ticked(name)) < LONGEST:
            sheet.several.setdefault(name, []).append(text)
        elif (parts := _NAME.fullmatch(name)) and parts[3] in GROUPS.get(parts[1], ()):
            found.setdefault(parts[1], {}).setdefault(int(parts[2]), {})[parts[3]] = text
    for group, rows in found.items():
        sheet.rows[group] = [rows[number] for number in sorted(rows)][: MOST_ROWS[group]]
    sheet.follow({f"n{number}": f"n{at}" for at, number in enumerate(sorted(found.get("members", {})))})
    sheet.name_people()
    return sheet


def is_empty(group: str, row: Row) -> bool:
    """Whether nobody has typed anything into a row."""
    return not any(value for name, value in row.items() if name not in LEADING[group])
