"""What may be done to a case now, by whom, and what comes next: the machine's answers arranged for a page.

Nothing here decides. ``GOALS`` only says which step of a stage leads onwards, so that a row or a page can name one verb.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from models import Benefit
from policy.vocabulary import Action, Authority, Role, Scheme, Stage
from views.formats import label
from views.reasons import CLEARED_BY, FIELDS, PLACES, Said, roles_in_words, sentence
from workflows.actor import Actor
from workflows.facts import Facts
from workflows.machine import Offer, offered, rules_of
from workflows.reason import Reason

A, S = Action, Stage
GOALS: dict[Stage, tuple[Action, ...]] = {
    S.APPLIED: (A.ACCEPT, A.PAY_FIRST),
    S.ACCEPTED: (A.START_REVIEW,),
    S.REVIEW: (A.POST_NOTICE, A.SUBMIT_REFUSAL),
    S.NOTICE: (A.CLOSE_NOTICE,),
    S.APPROVAL: (A.CONFIRM, A.REFUSE),
    S.RECHECK: (A.KEEP,),
    S.REFUSED: (A.TELL_REFUSAL,),
    S.ACTIVE: (A.RECORD_PAYMENT,),
    S.GRACE: (A.END_GRACE,),
    S.SUSPENDED: (A.RESUME,),
    S.EXITED: (A.FILE_PAPER,),
}
AGAINST = {A.POST_NOTICE: A.SUBMIT_REFUSAL, A.CONFIRM: A.REFUSE, A.KEEP: A.EXIT}
"""Where the opinion was against, the other step leads onwards."""
OTHERS = frozenset({"not_your_role", "confirmer_is", "township_confirms"})
ASIDE = frozenset({A.WITHDRAW, A.RECORD_COMPLAINT, A.LEAVE})  # possible at almost any time, seldom what one came for
IN_VAIN = frozenset({"no_paper_owed", "told_missing_before"})
AFTER: dict[Stage, Any] = {
    S.APPLIED: _l("Afterwards: accepted, then surveyed at home within %(survey)s working days."),
    S.ACCEPTED: _l("Afterwards: home survey by two people and cross-check, then the first opinion."),
    S.REVIEW: _l("Afterwards: public notice for %(notice)s days, then confirmed by the %(confirmer)s."),
    S.NOTICE: _l("Afterwards: when the notice is over without objection, confirmed by the %(confirmer)s."),
    S.APPROVAL: _l("Afterwards: paid from the month after the decision; a refusal is told within %(tell)s working days."),
    S.RECHECK: _l("Afterwards: the %(confirmer)s keeps, raises, cuts, moves into grace, suspends or ends."),
    S.REFUSED: _l("The case is closed; the family may ask for review or go to court."),
    S.ACTIVE: _l("Afterwards: rechecked when due, or as soon as something changes."),
    S.GRACE: _l("Afterwards: ends by itself when the grace period is over."),
    S.SUSPENDED: _l("Afterwards: resumed or ended by the %(confirmer)s."),
}
FIGURES = {"survey": "survey.start_working_days", "notice": "notice.days", "tell": "refusal.tell_working_days"}


@dataclass(frozen=True)
class Button:
    """An action of the page: lawful with an address, or not yet, with its reasons."""

    id: str
    label: str
    lawful: bool
    url: str = ""
    tone: str = "outline-secondary"
    reasons: tuple[Said, ...] = ()
    who: str = ""


@dataclass(frozen=True)
class Acts:
    """The reader's lawful steps, those at any time, the goal that is not yet lawful, other such, and other people's."""

    main: list[Button]
    aside: list[Button]
    blocked: list[Button]
    rest: list[Button]
    others: list[Button]


def split(facts: Facts, actor: Actor) -> tuple[list[Offer], list[Offer]]:
    """The offers of this stage that are the actor's to take, and those of other people or of time."""
    mine, others = [], []
    for offer in offered(facts, actor):
        (others if any(reason.code in OTHERS for reason in offer.reasons) else mine).append(offer)
    return mine, others


def next_step(facts: Facts, actor: Actor) -> Action | None:
    """The verb that brings the case onwards now: the stage's goal, or what clears its reasons; None for others' work."""
    lawful = {offer.action for offer in offered(facts, actor) if offer.lawful}
    for goal in _goals(facts):
        if goal in lawful:
            return goal
        for action in _clearing(facts, actor, goal):
            if action in lawful:
                return action
    return None


def waited_for(facts: Facts, actor: Actor) -> str:
    """What the case waits for, in the words of the first reason of its goal; empty where nothing is missing."""
    reasons = [r for goal in _goals(facts)[:1] for r in _reasons_of(facts, actor, goal) if r.code not in OTHERS]
    return sentence(reasons[0]) if reasons else ""


def _goals(facts: Facts) -> Sequence[Action]:
    if facts.stage is None:
        return ()
    known = {rule.action for rule in rules_of(facts.scheme, facts.stage)}
    against = facts.opinion is not None and not facts.opinion.grants
    goals = [AGAINST.get(goal, goal) if against else goal for goal in GOALS.get(facts.stage, ())]
    return [goal for goal in dict.fromkeys(goals) if goal in known]


def _reasons_of(facts: Facts, actor: Actor, action: Action) -> Sequence[Reason]:
    return next((offer.reasons for offer in offered(facts, actor) if offer.action is action), ())


def _clearing(facts: Facts, actor: Actor, goal: Action) -> list[Action]:
    return [action for reason in _reasons_of(facts, actor, goal) for action in CLEARED_BY.get(reason.code, ())]


def say(reason: Reason, benefit: Benefit, facts: Facts, actor: Actor, fields: bool = False) -> Said:
    """A reason with the place that clears it: a field of this dialog, a step, or where on the page one reads more."""
    text, target = sentence(reason), FIELDS.get(reason.code, "") if fields else ""
    if target:
        return Said(text, url=f"#{target}", target=target)
    if reason.code == "stale":
        return Said(text)
    steps = _steps_for(reason, facts)
    page = url_for("case.page", id=benefit.id)
    for action, roles in steps.items():
        if actor.role in roles:
            return Said(text, url_for("case.step", id=benefit.id, action=action.value), label(action))
    if steps:
        action, roles = next(iter(steps.items()))
        who = gettext("%(roles)s can do this: %(action)s", roles=roles_in_words(roles), action=label(action))
        return Said(text, f"{page}#{PLACES.get(reason.code, 'timeline')}", gettext("See"), who)
    if reason.code == "somebody_left" or (reason.code == "nobody_left" and not steps):
        return Said(text, url_for("household.page", id=benefit.household_id), gettext("Household page"))
    place = PLACES.get(reason.code)
    return Said(text, f"{page}#{place}" if place else "", gettext("See") if place else "", _who(reason, facts))


def _steps_for(reason: Reason, facts: Facts) -> dict[Action, tuple[Role, ...]]:
    if facts.stage is None:
        return {}
    rules = {rule.action: rule for rule in rules_of(facts.scheme, facts.stage)}
    open_steps = [a for a in CLEARED_BY.get(reason.code, ()) if a in rules and not _pointless(a, facts)]
    return {action: rules[action].roles for action in open_steps}


def _pointless(action: Action, facts: Facts) -> bool:
    """A step that clears nothing, whoever takes it: no paper to file, or told once already."""
    rule = next(rule for rule in rules_of(facts.scheme, facts.stage) if rule.action is action)
    anybody = Actor(None, "", rule.roles[0] if rule.roles else None, "")
    return any(reason.code in IN_VAIN for reason in _reasons_of(facts, anybody, action))


def _who(reason: Reason, facts: Facts) -> str:
    if reason.code == "own_review":
        confirmer = label(confirmer_of(facts))
        return gettext("Another %(role)s can do this.", role=confirmer)
    return ""


def confirmer_of(facts: Facts) -> Role:
    """The role that confirms this case."""
    return Role.TOWNSHIP_APPROVER if facts.authority is Authority.TOWNSHIP else Role.COUNTY_APPROVER


def acts(benefit: Benefit, facts: Facts, actor: Actor) -> Acts:
    """The actions of this stage as the page shows them."""
    mine, others = split(facts, actor)
    onwards, goals = next_step(facts, actor), _goals(facts)
    made = [(offer, _button(offer, benefit, facts, actor, offer.action is onwards)) for offer in mine]
    lawful = [(offer, button) for offer, button in made if offer.lawful]
    blocked = [(offer, button) for offer, button in made if not offer.lawful]
    return Acts(
        sorted((b for o, b in lawful if o.action not in ASIDE), key=lambda b: b.tone != "primary"),
        [b for o, b in lawful if o.action in ASIDE],
        [b for o, b in blocked if o.action in goals[:1]],
        [b for o, b in blocked if o.action not in goals[:1]],
        [_theirs(offer, benefit, facts, actor) for offer in others],
    )


def _button(offer: Offer, benefit: Benefit, facts: Facts, actor: Actor, onwards: bool) -> Button:
    said = tuple(say(reason, benefit, facts, actor) for reason in offer.reasons)
    url = url_for("case.step", id=benefit.id, action=offer.action.value)
    return Button(offer.action.value, label(offer.action), offer.lawful, url, "primary" if onwards else "outline-secondary", said)


def _theirs(offer: Offer, benefit: Benefit, facts: Facts, actor: Actor) -> Button:
    needs = next((r.args["role"] for r in offer.reasons if r.code == "confirmer_is"), None)
    who = label(needs) if needs else roles_in_words(offer.rule.roles)
    said = tuple(say(r, benefit, facts, actor) for r in offer.reasons if r.code not in OTHERS)
    return Button(offer.action.value, label(offer.action), False, reasons=said, who=who)


def afterwards(facts: Facts, figure: Any) -> str:
    """What comes next, with the numbers in force here; ``figure`` answers a key with a whole number."""
    if facts.scheme is Scheme.TEMPORARY:
        return _after_temporary(facts)
    text = AFTER.get(facts.stage) if facts.stage else None
    if text is None:
        return ""
    words = {name: figure(key) for name, key in FIGURES.items() if f"%({name})s" in str(text)}
    return str(text) % {**words, "confirmer": label(confirmer_of(facts))}


def _after_temporary(facts: Facts) -> str:
    if facts.stage is S.APPLIED:
        return gettext("Afterwards: paid at once; the papers follow as a debt with a due day.")
    if facts.stage is S.ACTIVE:
        return gettext("Afterwards: ends with its payment; the papers stay owed until they are in.")
    return ""
