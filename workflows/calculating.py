"""核算 of a case: its facts and the figures of the day to the engine, the finding stored whole beside the case."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Benefit, Finding
from policy.assess import assess
from policy.book import Book
from policy.facts_json import read_family, write_family
from policy.family import Family
from policy.figures import Figures, MissingFigure
from policy.vocabulary import ENDED, IN_FORCE, PERSONAL, UNDECIDED, Degree, EventKind, RiseCause, Scheme, Stage
from workflows import audit
from workflows.actor import CALCULATORS, Actor, within
from workflows.assessing import family_of, names_in
from workflows.case_guard import taking
from workflows.evidence import facts_of
from workflows.holding import asks_amount, with_holdings
from workflows.machine import waits_for
from workflows.reason import Reason, Refused
from workflows.whose import OWN, own

OF_THE_DAY = frozenset({"on", "current"})
"""Facts that change with time and with the decision itself, and make no calculation stale."""


@dataclass(frozen=True)
class Told:
    """What only the case knows of the facts; each None leaves what is on file. Amounts in 分."""

    tier: str | None = None
    rise_cause: RiseCause | None = None
    event_kind: EventKind | None = None
    event_degree: Degree | None = None
    loss_fen: int | None = None
    own_cost_fen: int | None = None


class Since(NamedTuple):
    """What changed since a calculation was stored: the facts, figures by key; ``now``: what it comes to today."""

    facts: bool = False
    figures: tuple[str, ...] = ()
    now: Mapping[str, Any] | None = None

    @property
    def stale(self) -> bool:
        """Whether it would not come out the same today."""
        return self.facts or bool(self.figures)


def may_calculate(benefit: Benefit, actor: Actor) -> list[Reason]:
    """Why this person cannot have the case calculated now: role, division, or a case that has ended."""
    found = [] if actor.role in CALCULATORS else [Reason("not_your_role", roles=CALCULATORS)]
    if not within(actor, benefit.village_code):
        found.append(Reason("not_in_your_division"))
    return [*found, Reason("case_ended")] if benefit.stage in ENDED else found


def calculate(
    session: Session, benefit: Benefit, actor: Actor, now: datetime, figures: Figures, told: Told | None = None
) -> Finding:
    """Calculate a case by the figures of the day and store the finding; the caller commits.

    Raises Refused, also with the figure that is missing. A finding is never changed: the next stands beside it.
    """
    if reasons := may_calculate(benefit, actor):
        raise Refused(reasons)
    audit.attribute(session, actor, now)
    for name, value in vars(told or Told()).items():
        if value is not None:
            setattr(benefit, name, value)
    session.flush()
    family = with_holdings(benefit, family_of(benefit, now.date(), receives=receives(session, benefit)))
    found = _store(session, benefit, family, actor, now, figures)
    if benefit.scheme is Scheme.TEKUN and benefit.stage in IN_FORCE:
        _pass_on(session, benefit, figures, now.date())
    return found


def _pass_on(session: Session, benefit: Benefit, figures: Figures, on: date) -> None:
    """Put a case whose support is to change on the desk of whoever decides: this calculation was all it waited for."""
    with taking(session, benefit):
        benefit.waiting_role = waits_for(facts_of(session, benefit, figures, on))
        session.flush()


def calculate_leaving(session: Session, benefit: Benefit, actor: Actor, now: datetime, figures: Figures) -> int:
    """The number of the stored calculation of a family that leaves by its own wish, with what the place then gives."""
    family = family_of(benefit, now.date(), receives=benefit)
    assert family.current is not None
    family = replace(family, current=replace(family.current, wants_to_leave=True))
    return _store(session, benefit, family, actor, now, figures).id


def _store(
    session: Session, benefit: Benefit, family: Family, actor: Actor, now: datetime, figures: Figures
) -> Finding:
    try:
        found = assess(family, figures)
    except MissingFigure as missing:
        raise Refused([Reason("figure_missing", key=missing.key)]) from missing
    row = Finding(
        benefit_id=benefit.id, at=now, facts=write_family(family), result=found.as_json(), actor_id=actor.id,
        names=dict(names_in(benefit.household)), monthly_fen=found.monthly_fen,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def receives(session: Session, benefit: Benefit) -> Benefit | None:
    """What the family receives each month: by this case, else by another of the household that is in force."""
    if benefit.stage in IN_FORCE and benefit.monthly_fen:
        return benefit
    if benefit.scheme in (Scheme.DIBAO, *PERSONAL):
        return None
    counts = or_(~OWN, Benefit.scheme == Scheme.DIBAO) if own(benefit) else Benefit.scheme.not_in(PERSONAL)
    others = select(Benefit).where(
        Benefit.household_id == benefit.household_id, Benefit.id != benefit.id, Benefit.stage.in_(IN_FORCE),
        Benefit.monthly_fen > 0, counts,
    )  # fmt: skip
    return session.scalars(others.order_by(Benefit.id).limit(1)).first()


def since(finding: Finding, benefit: Benefit, paid: Benefit | None, on: date, figures: Figures) -> Since:
    """What changed since a finding of a case that is not yet decided; nothing for one that is."""
    if benefit.stage not in (*UNDECIDED, Stage.RECHECK):
        return Since()
    family = with_holdings(benefit, family_of(benefit, on, receives=paid))
    changed = not same_facts(finding.facts, family)
    try:
        now = assess(family, figures).as_json()
        other = _other_figures(finding.result, now)
        return Since(changed, other if changed or other else _figures_come_or_gone(finding, now, on, figures), now)
    except MissingFigure as missing:
        return Since(changed, (missing.key,))


def same_facts(told: Mapping[str, Any], family: Family) -> bool:
    """Whether a stored calculation was made of these facts, but for the day and what is received meanwhile.

    Other aid pays another amount with each adjustment of a county: that counts where the rules ask for it alone.
    """
    return bool(_facts(write_family(family)) == _facts(told))


def _facts(facts: Mapping[str, Any]) -> Any:
    kept = {name: value for name, value in facts.items() if name not in OF_THE_DAY}
    if "held" in kept:
        kept["held"] = [_as_asked(one, facts["scheme"]) for one in kept["held"]]
    return json.loads(json.dumps(kept))


def _as_asked(held: Mapping[str, Any], scheme: str) -> dict[str, Any]:
    return {name: told for name, told in held.items() if name != "monthly" or asks_amount(scheme, held["scheme"])}


def _other_figures(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    was, used = before["figures_used"], now["figures_used"]
    return tuple(key for key in used if key in was and used[key]["value"] != was[key]["value"])


def _figures_come_or_gone(finding: Finding, now: Mapping[str, Any], on: date, figures: Figures) -> tuple[str, ...]:
    """Figures that began or ended since, where the very facts of before come to something else by those of today.

    Not by time alone. What began is named; where nothing did, what ended or was withdrawn.
    """
    if _same_end(finding.result, now) or not finding.facts:
        return ()
    then = read_family(finding.facts)
    again: Mapping[str, Any] = assess(then, figures, Book.open(figures, then.place, on, then.figures)).as_json()
    if _same_end(finding.result, again):
        return ()
    was, used = finding.result["figures_used"], again["figures_used"]
    return tuple(key for key in used if key not in was) or tuple(key for key in was if key not in used)


def _same_end(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(name) == other.get(name) for name in ("outcome", "monthly", "one_off"))
