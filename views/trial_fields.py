"""Which field of the trial form tells which fact: name, path in the JSON and kind, read in both directions."""

TEXT, WHOLE, YES, MIND, EITHER = "text", "whole", "yes", "mind", "either"
"""Text; a whole number; a tick for true; a tick left out for false; yes, no or not known."""
Table = tuple[tuple[str, str, str], ...]

FAMILY: Table = (
    ("place", "place", TEXT), ("on", "on", TEXT), ("area", "area", TEXT), ("unit", "unit", TEXT),
    ("tier", "tier", TEXT), ("deposits", "property.deposits", TEXT),
    ("securities", "property.securities", TEXT),
    ("houses", "property.houses", WHOLE), ("house_area", "property.house_area", WHOLE),
    ("companies", "property.companies", WHOLE), ("barred", "conduct.dishonest_until", TEXT),
    ("event", "event.kind", TEXT), ("loss", "event.loss", TEXT), ("own_cost", "event.own_cost", TEXT),
    ("degree", "event.degree", TEXT), ("urgent", "event.urgent", YES), ("requested", "event.requested", TEXT),
    ("current", "current.scheme", TEXT), ("monthly", "current.monthly", TEXT), ("since", "current.since", TEXT),
    ("rose", "current.income_rose_because", TEXT), ("leaves", "current.wants_to_leave", YES),
    ("cpi", "prices.cpi", TEXT), ("food_cpi", "prices.food_cpi", TEXT),
)  # fmt: skip
PERSON: Table = (
    ("ref", "ref", TEXT), ("relation", "relation", TEXT), ("birth", "birth", TEXT), ("sex", "sex", TEXT),
    ("disability", "disability.kind", TEXT), ("level", "disability.level", WHOLE), ("illness", "illness", TEXT),
    ("employed", "employed", EITHER), ("study", "student.level", TEXT), ("labour", "labour", TEXT),
    ("refused_work", "refused_work", WHOLE), ("needs_care", "needs_care", TEXT), ("unmet", "self_care_unmet", WHOLE),
    ("mode", "mode", TEXT), ("cohabiting", "cohabiting", MIND), ("in_prison", "in_prison", YES),
    ("missing", "missing", YES), ("compulsory_rehab", "compulsory_rehab", YES),
    ("clergy_years", "clergy_years_away", WHOLE),
)  # fmt: skip
FLOW: Table = (("kind", "kind", TEXT), ("amount", "amount", TEXT), ("per", "per", TEXT))
KIN: Table = (
    ("relation", "relation", TEXT), ("household_income", "household_income", TEXT), ("per", "per", TEXT),
    ("household_size", "household_size", WHOLE), ("supports", "supports", WHOLE), ("class", "class", TEXT),
    ("age", "age", WHOLE), ("disability", "disability.kind", TEXT), ("level", "disability.level", WHOLE),
    ("property_ok", "property_ok", MIND), ("agreed", "agreed", TEXT), ("paid", "paid", TEXT), ("able", "able", EITHER),
)  # fmt: skip
VEHICLE: Table = (("kind", "kind", TEXT), ("value", "value", TEXT), ("business", "business", YES))
PARENT: Table = (("", "state", TEXT), ("_since", "since", TEXT), ("_until", "until", TEXT))
"""Of one parent: the field is named by the parent ("father") and this ending."""
HELD: Table = (("scheme", "scheme", TEXT), ("monthly", "monthly", TEXT), ("persons", "persons", WHOLE))
CONDUCT = ("pledge", "authorised", "cooperates")
