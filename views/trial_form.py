"""The form of a trial calculation as it was typed: plain texts, single ones, ticked ones, and rows by group.

Nothing here knows who anybody is: there is no field for a name or a number of a person.
"""

import re
from collections.abc import Iterable, Mapping
from typing import ClassVar, Self

from workflows.typed_sheet import Row as Row
from workflows.typed_sheet import Shape, TypedSheet

GROUPS: dict[str, tuple[str, ...]] = {
    "members": (
        "ref", "relation", "birth", "sex", "disability", "level", "illness", "employed", "study", "part_time", "labour",
        "refused_work", "cares_for", "needs_care", "unmet", "mode", "cohabiting", "in_prison", "missing",
        "compulsory_rehab", "clergy_years", "father", "father_since", "father_until", "mother", "mother_since",
        "mother_until",
    ),
    "income": ("whose", "kind", "amount", "per"),
    "spending": ("whose", "kind", "amount", "per"),
    "obligors": (
        "relation", "household_income", "per", "household_size", "supports", "class", "age", "disability", "level",
        "property_ok", "agreed", "paid", "able",
    ),
    "vehicles": ("kind", "value", "business"),
    "held": ("scheme", "monthly", "persons", "whose"),
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
MOST_ROWS = {"members": 20, "income": 60, "spending": 40, "obligors": 20, "vehicles": 10, "held": 10, "figures": 20}
SHAPE = Shape(
    ONE, SEVERAL, GROUPS, FIRST, most_rows=MOST_ROWS, longest=100, longer={"before": 40_000},
    leading={
        "members": {"ref", "cohabiting"}, "income": {"whose", "per"}, "spending": {"whose", "per"},
        "obligors": {"per", "property_ok"}, "vehicles": set[str](), "held": {"whose"},
        "figures": set[str](),
    },
)  # fmt: skip


class Sheet(TypedSheet):
    """What was typed into a trial calculation."""

    shape: ClassVar[Shape] = SHAPE

    @classmethod
    def posted(cls, fields: Iterable[tuple[str, str]]) -> Self:
        """The sheet of a posted form; every member has a name of its own, by which results and lines know it."""
        sheet = super().posted(fields)
        sheet.name_people()
        return sheet

    def follow(self, numbers: Mapping[str, str]) -> None:
        """Let lines and carers follow members who were numbered anew."""
        for line in self.of("income") + self.of("spending") + self.of("held"):
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


posted = Sheet.posted
is_empty = SHAPE.is_empty
