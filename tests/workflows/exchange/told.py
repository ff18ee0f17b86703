"""Families of every kind, told by Hypothesis and settled in a county, for rosters that go out and come back."""

from datetime import date

from hypothesis import Phase, settings
from hypothesis import strategies as st

from models import Asset, Household, HouseholdCause, IncomeLine, Member
from policy.vocabulary import (
    AssetKind,
    Cause,
    DisabilityKind,
    Employment,
    Health,
    Illness,
    IncomeKind,
    Labour,
    Marital,
    Relation,
    Role,
    Schooling,
    Sex,
    Stage,
)  # fmt: skip
from tests import factories
from tests.workflows.exchange import rosters
from tests.workflows.exchange.rosters import NOW
from workflows import audit
from workflows.actor import SYSTEM
from workflows.exchange import values  # fmt: skip

AWKWARD = (
    "张三", "欧阳·买买提", "John  Smith", "=1+1", "+86", "-张", "@王", "'李", "''双", "张、三", "张,三", "a/b",
    "张　三", "𠮷野", "O'Neil", "王\u200b五", '"引"号', "0012", "1e5", "三|四", "TRUE", "2020-01-01", "张\t三",
    '=HYPERLINK("x")',
)  # fmt: skip


def readable(name):
    try:
        return bool(values.name(f"'{name}" if name.startswith("'") else name)) and len(name) <= 40
    except values.BadCell:
        return False


# Changed rather than drawn again: Hypothesis gives up where much is thrown away.
NAMES = (st.sampled_from(AWKWARD) | st.text("张王李·'=+-@ ab、,0", min_size=1, max_size=8)).map(
    lambda name: name if readable(name) else "张三"
)
NOTES = st.sampled_from(AWKWARD) | st.text(max_size=20).map(lambda text: "".join(filter(str.isprintable, text)))
PERSON = st.fixed_dictionaries({
    "name": NAMES, "note": NOTES | st.just("两行\n备注"), "marital": st.none() | st.sampled_from(Marital),
    "schooling": st.none() | st.sampled_from(Schooling), "employment": st.none() | st.sampled_from(Employment),
    "labour": st.none() | st.sampled_from(Labour), "health": st.none() | st.sampled_from(Health),
    "illness": st.none() | st.sampled_from(Illness), "illness_name": st.none() | st.just("高血压"),
    "political": st.none() | st.just("群众"), "insurance": st.none() | st.just("城乡居民医保"),
    "registered_poor": st.booleans(), "sex": st.sampled_from(Sex),
    "relation": st.sampled_from([word for word in Relation if word is not Relation.HEAD]),
    "disability": st.none() | st.tuples(st.sampled_from(DisabilityKind), st.integers(1, 4)),
    "income": st.none() | st.integers(0, 10_000_000), "own_income": st.booleans(), "certified": st.booleans(),
    "birth": st.dates(date(1930, 1, 1), date(2019, 12, 31)),
})  # fmt: skip
FAMILY = st.fixed_dictionaries({
    "people": st.lists(PERSON, min_size=1, max_size=4), "monthly_fen": st.none() | st.integers(1, 500_000),
    "causes": st.sets(st.sampled_from(Cause)), "phone": st.none() | st.just("13800001234"),
    "account": st.none() | st.just("9999000000000000123"), "address": NOTES,
    "deposit": st.none() | st.integers(0, 10**9),
    "houses": st.none() | st.integers(0, 5), "stage": st.sampled_from([Stage.ACTIVE, Stage.SUSPENDED, Stage.REVIEW]),
})  # fmt: skip
PLAIN = (
    "name", "note", "marital", "schooling", "employment", "labour", "health", "illness", "illness_name", "political",
    "insurance", "registered_poor", "sex", "birth",
)  # fmt: skip


def settle(session, told):
    """A family as it stands in the database; not yet flushed."""
    home = Household(
        village_code=factories.VILLAGE, township_code=factories.XUNCHANG, address=told["address"].strip(),
        head_name=told["people"][0]["name"], persons=len(told["people"]), registered_on=factories.JOINED,
        created_at=NOW,
    )  # fmt: skip
    home.phone, home.account = told["phone"], told["account"]
    home.causes = [HouseholdCause(cause=cause) for cause in told["causes"]]
    if told["deposit"] is not None:
        home.assets.append(Asset(kind=AssetKind.DEPOSIT, value_fen=told["deposit"]))
    if told["houses"] is not None:
        home.assets.append(Asset(kind=AssetKind.HOUSE, quantity=told["houses"], area_m2=90))
    home.members = [person(each, place == 0) for place, each in enumerate(told["people"])]
    session.add(home)
    return home


def person(told, heads):
    """Somebody of the family."""
    kind, level = told["disability"] or (None, None)
    number = factories.id_number(told["birth"], told["sex"])
    row = Member(
        **{name: told[name] for name in PLAIN}, relation=Relation.HEAD if heads else told["relation"],
        village_code=factories.VILLAGE, township_code=factories.XUNCHANG, joined_on=factories.JOINED,
        disability_kind=kind, disability_level=level,
    )  # fmt: skip
    row.id_no, row.disability_cert = number, f"{number}43" if told["certified"] else None
    if told["income"] is not None:
        kind, note = (IncomeKind.WAGE, "") if told["own_income"] else (IncomeKind.OTHER, "花名册")
        row.income = [IncomeLine(kind=kind, note=note, year_fen=told["income"])]
    return row


def begun(session, families):
    """The county begun anew with these families in it: the county's reviewer and the families' rows."""
    session.rollback()
    audit.attribute(session, SYSTEM, NOW)
    who = rosters.actor(factories.office(session)[Role.COUNTY_REVIEWER])
    homes = [settle(session, told) for told in families]
    session.flush()
    return who, homes


# Few families at a time: of more than a dozen Hypothesis draws too much at once, gives nearly all up, and shows one.
FEW = settings(max_examples=20, phases=[Phase.generate])
KINDS = st.sampled_from(["csv", "xlsx", "gb18030"])
