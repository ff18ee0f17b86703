"""The application form as it was typed: plain texts, in rows where there may be several. Drafts keep it so."""

import json
from collections.abc import Mapping
from typing import ClassVar

from workflows.typed_sheet import Row as Row
from workflows.typed_sheet import Shape, TypedSheet

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
FIRST = {"members": {"cohabiting": "yes"}, "income": {"per": "year"}, "spending": {"per": "year"}}
SHAPE = Shape(
    ONE, SEVERAL, GROUPS, FIRST, longest=2000,
    leading={
        "members": {"relation", "cohabiting"}, "income": {"whose", "per", "kind"},
        "spending": {"whose", "per", "kind"}, "obligors": {"relation", "able"}, "assets": set[str](),
    },
    most_rows={"members": 40, "income": 200, "spending": 200, "assets": 60, "obligors": 40},
)  # fmt: skip


class Sheet(TypedSheet):
    """What was typed into an application."""

    shape: ClassVar[Shape] = SHAPE

    def dumps(self) -> str:
        """The sheet as text, for a draft."""
        return json.dumps({"one": self.one, "several": self.several, "rows": self.rows}, ensure_ascii=False)

    def follow(self, numbers: Mapping[str, str]) -> None:
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


posted = Sheet.posted
is_empty = SHAPE.is_empty
