"""What must be true, and given, for temporary aid: emergency or spending, level by amount, minutes, staged payments."""

from collections.abc import Sequence
from itertools import pairwise

from policy.vocabulary import Authority
from workflows import checks as c
from workflows import inputs as g
from workflows.actor import Actor
from workflows.calculated import calculated
from workflows.facts import Facts, Given
from workflows.facts_temporary import Instalment, TemporaryFacts
from workflows.reason import Reason

LEAST_STAGES, MOST_STAGES = 2, 12


def own(facts: Facts) -> TemporaryFacts:
    """The facts of temporary aid; those of an empty case where there are none."""
    return facts.temporary or TemporaryFacts()


def outsiders_helped(facts: Facts, actor: Actor) -> Reason | None:
    """People from elsewhere are helped where the emergency struck, as far as the place allows it."""
    return Reason("outsiders_not_here") if own(facts).outsider and not own(facts).at_place else None


def spending_type(facts: Facts, actor: Actor) -> Reason | None:
    """An emergency is not put through the whole procedure: it is paid first, or passed to the county."""
    return Reason("is_urgent") if facts.urgent else None


def beyond_the_township(facts: Facts, actor: Actor) -> Reason | None:
    """More is asked for than the township may pay by itself, or it may pay nothing."""
    limit = facts.township_limit_fen
    fits = limit is not None and own(facts).requested_fen <= limit
    return Reason("township_pays_itself", limit=limit) if fits else None


def checked(facts: Facts, actor: Actor) -> Reason | None:
    """Means are cross-checked; of a family on dibao or tekun only the spending, which must be known."""
    if own(facts).spending_only:
        return None if own(facts).own_cost_known else Reason("own_cost_missing")
    return c.crosscheck_back(facts, actor)


def notice_unless_urgent(facts: Facts, actor: Actor) -> Reason | None:
    """The spending type is confirmed after a public notice on the opinion it rests on; an emergency needs none."""
    return None if facts.urgent else c.notice_was_held(facts, actor)


def county_opinion_unless_urgent(facts: Facts, actor: Actor) -> Reason | None:
    """Where the county confirms the spending type, its reviewer gives an opinion first."""
    return None if facts.urgent else c.county_has_given_opinion(facts, actor)


def calculated_unless_urgent(facts: Facts, actor: Actor) -> Reason | None:
    """A calculation of the spending type, of the present facts, was stored in this round."""
    return None if facts.urgent else calculated(facts, actor)


def government_decides(facts: Facts, actor: Actor) -> Reason | None:
    """Minutes are recorded where the county government decides."""
    return None if facts.authority is Authority.COUNTY_GOVERNMENT else Reason("minutes_not_needed")


def minutes_grant(facts: Facts, actor: Actor) -> Reason | None:
    """Above the county's ceiling the government's meeting has decided for the aid, and its minutes are recorded."""
    return _minuted(facts, True)


def minutes_refuse(facts: Facts, actor: Actor) -> Reason | None:
    """Above the county's ceiling the government's meeting has decided against it, and its minutes are recorded."""
    return _minuted(facts, False)


def _minuted(facts: Facts, grants: bool) -> Reason | None:
    if facts.authority is not Authority.COUNTY_GOVERNMENT:
        return None
    minutes = own(facts).minutes
    if minutes is None:
        return Reason("minutes_missing")
    return None if minutes.grants is grants else Reason("minutes_say_no" if grants else "minutes_say_yes")


def from_elsewhere(facts: Facts, actor: Actor) -> Reason | None:
    """The family is registered elsewhere."""
    return None if own(facts).outsider else Reason("not_from_elsewhere")


def home_not_told(facts: Facts, actor: Actor) -> Reason | None:
    """The home place is notified once."""
    return Reason("home_told_before") if own(facts).home_told else None


def home_told(facts: Facts, actor: Actor) -> Reason | None:
    """The home place of a family from elsewhere has been notified."""
    return Reason("home_not_told") if own(facts).outsider and not own(facts).home_told else None


def last_payment(facts: Facts, actor: Actor) -> Reason | None:
    """Nothing or one instalment is left to pay."""
    left = len(own(facts).left)
    return Reason("instalments_left", n=left) if left > 1 else None


def further_payment(facts: Facts, actor: Actor) -> Reason | None:
    """Two instalments or more are left to pay; the last one ends the case."""
    return None if len(own(facts).left) > 1 else Reason("no_instalment_before_last")


def instalments_open(facts: Facts, actor: Actor) -> Reason | None:
    """There is an instalment that is not paid yet."""
    return None if own(facts).left else Reason("no_instalment")


# --- what is given ----------------------------------------------------------------------------------------------------


def within_level(facts: Facts, given: Given) -> Reason | None:
    """The amount stays within what the level that confirms may grant."""
    amount, ceiling = given.amount_fen or 0, own(facts).ceiling_fen
    if facts.authority is Authority.TOWNSHIP:
        return g.within_township_limit(facts, given)
    over = facts.authority is Authority.COUNTY and ceiling is not None and amount > ceiling
    return Reason("above_ceiling", limit=ceiling) if over else None


def as_minuted(facts: Facts, given: Given) -> Reason | None:
    """Where the county government decided, the amount is that of its minutes."""
    minutes = own(facts).minutes
    if facts.authority is not Authority.COUNTY_GOVERNMENT or minutes is None or not minutes.grants:
        return None
    same = given.amount_fen is None or given.amount_fen == minutes.amount_fen
    return None if same else Reason("not_as_minuted", before=minutes.amount_fen)


def minutes_given(facts: Facts, given: Given) -> Reason | None:
    """Minutes name who attended and the number under which they are kept."""
    if not given.attended.strip():
        return Reason("attended_missing")
    return None if given.reference.strip() else Reason("reference_missing")


def plan_fits(facts: Facts, given: Given) -> Reason | None:
    """Instalments, where there are any, are allowed here, in order, from today on, and add up to the amount."""
    plan = given.instalments
    if not plan:
        return None
    if not own(facts).staged:
        return Reason("staged_not_here")
    if not LEAST_STAGES <= len(plan) <= MOST_STAGES:
        return Reason("stages_number", least=LEAST_STAGES, most=MOST_STAGES)
    return _amounts(plan, given.amount_fen or 0) or _days(plan, facts)


def _amounts(plan: Sequence[Instalment], amount_fen: int) -> Reason | None:
    if any(one.amount_fen <= 0 for one in plan):
        return Reason("stage_amount_missing")
    total = sum(one.amount_fen for one in plan)
    return None if total == amount_fen else Reason("stages_sum", total=total, before=amount_fen)


def _days(plan: Sequence[Instalment], facts: Facts) -> Reason | None:
    days = [one.due_on for one in plan]
    good = days[0] >= facts.on and all(a < b for a, b in pairwise(days))
    return None if good else Reason("stage_days")


def office_named(facts: Facts, given: Given) -> Reason | None:
    """The office that was notified."""
    return None if given.to_office.strip() else Reason("office_missing")
