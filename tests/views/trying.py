"""A family typed into trial calculation, and what to look for on the page that answers."""

import html
import re

BEFORE = re.compile(r'name="before" value="([^"]*)"')
ERROR = re.compile(r'id="([\w-]+)-wrong"><span>([^<]+)')


def a_family(**fields: object) -> dict[str, object]:
    """Two people in 珙县, one of whom earns 200 元 a month; the rural standard tried is 380 元."""
    return {
        "place": "511526", "on": "2020-07-01", "area": "rural",
        "members-0-relation": "head", "members-0-birth": "1970-05-17", "members-0-cohabiting": "yes",
        "members-1-relation": "spouse", "members-1-birth": "1972-01-02", "members-1-cohabiting": "yes",
        "income-0-whose": "n0", "income-0-kind": "business", "income-0-amount": "200", "income-0-per": "month",
        "figures-0-key": "dibao.standard.rural", "figures-0-value": "380", **fields,
    }  # fmt: skip


def send(clerk, act: str = "calculate", status: int = 200, **fields: object) -> str:
    answer = clerk.post("/trial/", data={**a_family(**fields), "act": act}, content_type="multipart/form-data")
    assert answer.status_code == status, answer.status
    return answer.get_data(as_text=True)


def before_of(page: str) -> str:
    return html.unescape(BEFORE.search(page)[1])


def scheme(page: str, code: str) -> str:
    """The part of the page about one scheme, without markup around words."""
    return re.sub(r"\s+", " ", page.partition(f'id="scheme-{code}"')[2].partition('class="card scheme"')[0])


def value(page: str, name: str) -> str:
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


def whole_family() -> dict[str, object]:
    """A family that says something in every field."""
    return {
        "place": "511526", "on": "2021-08-01", "scheme": "dibao", "area": "urban", "unit": "single", "tier": "B",
        "figures": {"dibao.standard": "700", "single.classes": ["elderly", "limb_2"], "grace.cause": "any"},
        "tags": ["covid", "fupin"],
        "members": [
            {"ref": "m1", "relation": "head", "birth": "1965-03-02", "sex": "male", "cohabiting": False,
             "student": {"level": "bachelor", "full_time": False}, "disability": {"kind": "limb", "level": 2},
             "illness": "major", "labour": "partial", "employed": False, "refused_work": 2, "cares_for": "m2",
             "self_care_unmet": 3, "in_prison": True, "missing": True, "clergy_years_away": 3,
             "compulsory_rehab": True, "mode": "central",
             "income": [{"kind": "wage", "amount": "9600.50", "per": "year"}],
             "spending": [{"kind": "medical", "amount": 30, "per": "week"}]},
            {"ref": "m2", "relation": "parent", "needs_care": "elder", "employed": True,
             "income": [{"kind": "pension_basic", "amount": "105"}]},
        ],
        "obligors": [{"relation": "child", "household_income": 4500, "per": "month", "household_size": 3, "supports": 2,
                      "class": "edge", "age": 60, "disability": {"kind": "mental", "level": 3}, "property_ok": False,
                      "agreed": "100", "paid": "50", "able": False}],
        "property": {"deposits": "1", "securities": "2", "houses": 1, "house_area": 80, "companies": 1,
                     "vehicles": [{"kind": "boat", "value": "600", "business": True}]},
        "conduct": {"pledge": False, "authorised": False, "cooperates": False, "dishonest_until": "2022-01-01"},
        "event": {"kind": "fire", "loss": "1", "own_cost": "2", "degree": "light", "urgent": True, "requested": "3"},
        "current": {"scheme": "edge", "monthly": "480", "since": "2018-01", "income_rose_because": "aid",
                    "wants_to_leave": True},
        "prices": {"cpi": "0.9", "food_cpi": "-2.3"},
    }  # fmt: skip
