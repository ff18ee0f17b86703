"""The application form as it was typed: plain texts, in rows where there may be several. Drafts keep it so."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

GROUPS: dict[str, tuple[str, ...]] = {
    "members": (
        "name", "id_no", "relation", "sex", "birth", "ethnicity", "marital", "schooling", "political", "employment",
        "workplace", "school", "disability_kind", "disability_level", "disability_cert", "illness", "illness_name",
        "labour", "health", "insurance", "registered_poor", "cohabiting", "note", "study", "study_full_time", "absence",
        "cares_for", "needs_care", "self_care_unmet", "refused_work", "clergy_years_away", "support_mode",
    ),
    "income": ("whose", "kind", "amount", "per", "note"),
    "spending": ("whose", "kind", "amount", "per", "note"),
    "assets": ("kind", "quantity", "area_m2", "value", "business", "note"),
    "obligors": (
        "row", "name", "relation", "id_no", "household_size", "income_month", "pays_month", "able", "note",
        "agreed_month", "supports", "birth", "receives", "disability_kind", "disability_level", "property_ok",
    ),
}  # fmt: skip
ONE = (
    "scheme", "household", "seen", "village", "address", "area", "phone", "bank", "account_name", "account", "one_card",
    "home_note", "pledged_on", "authorised_on", "unit", "single", "special", "requested", "words",
    "aid_kind", "home_place", "follows",
)  # fmt: skip
SEVERAL = ("causes", "tags", "papers")
LEADING = {"members": {"relation", "cohabiting"}, "income": {"whose", "per", "kind"},
           "spending": {"whose", "per", "kind"},
           "obligors": {"relation", "able"}, "assets": set[str]()}  # fmt: skip
"""What a row holds before anybody types into it; a row with nothing else is empty."""
FIRST = {"members": {"cohabiting": "yes"}, "income": {"per": "year"}, "spending": {"per": "year"}}
MOST_ROWS = {"members": 40, "income": 200, "spending": 200, "assets": 60, "obligors": 40}
LONGEST = 2000
_NAME = re.compile(r"(members|income|spending|assets|obligors)-([0-9]{1,5})-([a-z_0-9]{1,30})")

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

    def dumps(self) -> str:
        """The sheet as text, for a draft."""
        return json.dumps({"one": self.one, "several": self.several, "rows": self.rows}, ensure_ascii=False)

    def add_row(self, group: str) -> None:
        """One more row, unless there are too many."""
        if group in GROUPS and len(self.of(group)) < MOST_ROWS[group]:
            self.of(group).append(dict(FIRST.get(group, {})))

    def remove_row(self, group: str, at: int) -> None:
        """Take a row out; lines of a person who is taken out lose their person."""
        if group in GROUPS and 0 <= at < len(self.of(group)):
            del self.of(group)[at]
            if group == "members":
                self._follow({f"n{old}": f"n{old - (old > at)}" for old in range(MOST_ROWS[group]) if old != at})

    def _follow(self, numbers: Mapping[str, str]) -> None:
        """Let lines and the single person follow members who were numbered anew; members on file keep theirs."""

        def anew(whose: str) -> str:
            return whose if whose.startswith("m") else numbers.get(whose, "")

        for line in self.of("income") + self.of("spending"):
            line["whose"] = anew(line.get("whose", ""))
        for member in self.of("members"):
            if member.get("cares_for"):
                member["cares_for"] = anew(member["cares_for"])
        if self["single"]:
            self.one["single"] = anew(self["single"])


def loads(text: str) -> Sheet:
    """The sheet of a draft."""
    kept = json.loads(text)
    return Sheet(kept["one"], kept["several"], kept["rows"])


def fresh() -> Sheet:
    """A sheet nobody has typed into: one person, the head."""
    return Sheet({"scheme": "dibao", "area": "rural", "unit": "household", "aid_kind": "urgent"}, {}, {
        "members": [{"relation": "head", "cohabiting": "yes"}],
        "income": [dict(FIRST["income"])], "spending": [dict(FIRST["spending"])],
    })  # fmt: skip


def posted(fields: Iterable[tuple[str, str]]) -> Sheet:
    """The sheet of a posted form; unknown names are left out, gaps in the numbers of rows closed."""
    sheet, found = Sheet(), dict[str, dict[int, Row]]()
    for name, value in fields:
        text = value.strip()[:LONGEST]
        if name in ONE:
            sheet.one[name] = text
        elif name in SEVERAL and len(sheet.ticked(name)) < 40:
            sheet.several.setdefault(name, []).append(text)
        elif (parts := _NAME.fullmatch(name)) and parts[3] in GROUPS[parts[1]]:
            found.setdefault(parts[1], {}).setdefault(int(parts[2]), {})[parts[3]] = text
    for group, rows in found.items():
        sheet.rows[group] = [rows[number] for number in sorted(rows)][: MOST_ROWS[group]]
    members = sorted(found.get("members", {}))
    sheet._follow({f"n{number}": f"n{at}" for at, number in enumerate(members)})
    return sheet


def is_empty(group: str, row: Row) -> bool:
    """Whether nobody has typed anything into a row."""
    return not any(value for name, value in row.items() if name not in LEADING[group])
