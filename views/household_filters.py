"""The filters of the list of households, and by which of them the database looks for the households."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, exists, select, true

from models import Benefit, Household, HouseholdCause, Member, Visit
from models.aside import Aside
from models.benefit import of_scheme
from policy.vocabulary import ENDED, IN_FORCE, UNDECIDED, Cause, Scheme, Stage
from views import stage_choices
from views.context import today
from views.panel.filters import Filter, FoundFilter, NameFilter, SetFilter, TownshipFilter, VillageFilter, WordFilter
from workflows import names
from workflows.visiting import quarter_of

NEAR_DAYS = 30
STAGES: stage_choices.Choices = {
    "in_force": (_l("In force"), lambda: Benefit.stage.in_(IN_FORCE)),
    "undecided": (_l("Undecided"), lambda: Benefit.stage.in_(UNDECIDED)),
    **stage_choices.EACH,
    "ended": (_l("Ended"), lambda: Benefit.stage.in_(ENDED)),
}
REVIEWS = {
    "overdue": (_l("Overdue"), lambda: Benefit.review_due_on < today()),
    "near": (_l("Within 30 days"), lambda: Benefit.review_due_on.between(today(), today() + timedelta(days=NEAR_DAYS))),
}


class Elsewhere(NamedTuple):
    """A condition that a household fits when some row of another table does (or, with ``none``, when no row does).

    ``link`` is the column that names the household there, ``asked`` what the row must fulfil. ``mine``: how the same
    is asked when only the rows of one household are looked at; empty where it is asked in the same words.
    """

    link: Any
    asked: Sequence[Any]
    mine: Sequence[Any] = ()
    none: bool = False

    def leading(self) -> Any:
        """The condition as a way to the households: the rows are found first, then the households they name."""
        return Household.id.in_(select(self.link).where(*self.asked))

    def held(self) -> Any:
        """The condition as a question to a household that something else has found."""
        own = Aside(and_(true(), *(self.mine or self.asked)))
        found = exists().where(self.link == Household.id, own).correlate(Household)
        return ~found if self.none else found


VISITS = {
    "overdue": (
        _l("Overdue"),
        lambda: Elsewhere(Visit.household_id, (Visit.done_on.is_(None), Visit.due_on < today())),
    ),
    "quarter": (
        _l("Not visited this quarter"),
        lambda: Elsewhere(Visit.household_id, (Visit.done_on >= quarter_of(today())[0],), none=True),
    ),
}
STANDING = {
    "gone": (_l("Dissolved"), lambda: Household.dissolved_on.is_not(None)),
    "all": (_l("All, also dissolved"), lambda: Household.id > 0),
}


class OfBenefit(SetFilter):
    """A question about the household's benefits; several are asked of the same benefit, not each of another one."""

    looked = True


class VisitFilter(SetFilter):
    """Overdue visits are few and found by an index; for “not visited” every household has to be looked at."""

    def looks(self, value: str) -> bool:
        return value == "quarter"


def _named(typed: str) -> Elsewhere:
    """Households in which somebody of this name lives."""
    present = Member.left_on.is_(None)
    members = Member.id.in_(names.find_members(typed))
    return Elsewhere(Member.household_id, (members, present), (names.bears(typed), present))


FILTERS: tuple[Filter, ...] = (
    FoundFilter("found", _l("Found"), Household.id.in_),
    NameFilter("name", _l("Name"), _named, _named),
    TownshipFilter("township", _l("Township"), lambda code: Household.township_code == code),
    VillageFilter("village", _l("Village or community"), lambda code: Household.village_code == code),
    OfBenefit("scheme", _l("Scheme"), {s.value: (_l(s.label), partial(of_scheme, s)) for s in Scheme}),
    OfBenefit("stage", _l("Stage"), STAGES),
    WordFilter(
        "cause", _l("Cause of difficulty"), Cause,
        lambda code: Elsewhere(HouseholdCause.household_id, (HouseholdCause.cause == code,)),
    ).looking(),
    VisitFilter("visit", _l("Visit"), VISITS),
    SetFilter("standing", _l("Standing"), STANDING),
    OfBenefit("review", _l("Recheck due"), REVIEWS),
)  # fmt: skip


BY_NAME = {one.name: one for one in FILTERS}
OWN, FAR = ("found", "township", "village", "standing"), ("name", "visit", "cause")
OF_BENEFIT = ("scheme", "stage", "review")
MOST_STAGES = frozenset({"in_force", Stage.ACTIVE.value})
"""Stages of so many benefits that other questions lead to fewer households."""
COMMON_STAGES = MOST_STAGES | {"undecided", "ended", Stage.RECHECK.value, Stage.EXITED.value}
"""Stages in which so many families have a case, more than one in forty, that the next thousand of them fill a page."""


def clauses(values: Mapping[str, str]) -> list[Any]:
    """The conditions of the filters in use.

    Of several conditions on other tables one finds the households, and the others are asked of these only: left to
    itself SQLite would gather all households that fit each of them.
    """
    plain = [BY_NAME[name].clause(values[name]) for name in OWN if name in values]
    if not {"standing", "found"} & values.keys():
        plain.append(Household.dissolved_on.is_(None))
    far = _elsewhere(values)
    lead = _lead(values, far)
    return [*plain, *(one.leading() if name == lead else one.held() for name, one in far.items())]


def looked(values: Mapping[str, str]) -> tuple[list[str], list[Any]]:
    """The filters in use for which no index finds the households: their names, and their conditions.

    A rare stage is found by an index of the benefits, and with it whatever else is asked of the same benefit.
    """
    led = () if values.get("stage", "in_force") in COMMON_STAGES else OF_BENEFIT
    used = {name: value for name, value in values.items() if name not in led and BY_NAME[name].looks(value)}
    return list(used), [one.held() for one in _elsewhere(used).values()]


def _elsewhere(values: Mapping[str, str]) -> dict[str, Elsewhere]:
    """The conditions on other tables by filter; those on benefits are put together, as they concern one benefit."""
    far = {name: BY_NAME[name].clause(values[name]) for name in FAR if name in values}
    asked = {name: BY_NAME[name].clause(values[name]) for name in OF_BENEFIT if name in values}
    if asked:
        asked = asked if "stage" in asked else asked | {"stage": Benefit.stage.not_in(ENDED)}
        if "review" in asked:  # fewer benefits are due on these days than stand in any stage
            asked["stage"] = Aside(asked["stage"])
        far["benefit"] = Elsewhere(Benefit.household_id, tuple(asked.values()))
    return far


def _lead(values: Mapping[str, str], far: Mapping[str, Elsewhere]) -> str:
    """The condition that finds the households: the one that the fewest are likely to fit."""
    many = "review" not in values and values.get("stage", "in_force") in MOST_STAGES
    order = ("name", "visit", "cause", "benefit") if many else ("name", "visit", "benefit", "cause")
    return next((name for name in order if name in far and not far[name].none), "")
