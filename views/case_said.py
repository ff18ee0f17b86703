"""A reason on the page of its case: the sentence, the place that clears it, and who can act."""

from flask import url_for
from flask_babel import gettext

from models import Benefit
from policy.vocabulary import Action, Role
from views.case_next import OTHERS, confirmer_of, reasons_of
from views.clearing import CLEARED_BY, FIELDS, PLACES
from views.formats import label
from views.reasons import Said, roles_in_words, sentence
from workflows.actor import Actor
from workflows.facts import Facts
from workflows.machine import rules_of
from workflows.reason import Reason

IN_VAIN = frozenset({"no_paper_owed", "told_missing_before"})


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
        return Said(text, url_for("household.page", id=benefit.household_id), gettext("Family file"))
    place = PLACES.get(reason.code)
    link = gettext("Calculation") if place == "calculation" else gettext("See") if place else ""
    return Said(text, f"{page}#{place}" if place else "", link, _who(reason, facts))


def _steps_for(reason: Reason, facts: Facts) -> dict[Action, tuple[Role, ...]]:
    if facts.stage is None:
        return {}
    rules = {rule.action: rule for rule in rules_of(facts.scheme, facts.stage)}
    open_steps = [a for a in CLEARED_BY.get(reason.code, ()) if a in rules and not _pointless(a, facts)]
    return {action: whose(action, rules[action].roles, facts) for action in open_steps}


def whose(action: Action, roles: tuple[Role, ...], facts: Facts) -> tuple[Role, ...]:
    """Of the roles of a step those whose it is in this case; all, where it is nobody's as things stand."""
    if len(roles) < 2:
        return roles
    own = [role for role in roles if not _of_others(action, Actor(None, "", role, ""), facts)]
    return tuple(own) or roles


def _of_others(action: Action, somebody: Actor, facts: Facts) -> bool:
    return any(reason.code in OTHERS for reason in reasons_of(facts, somebody, action))


def _pointless(action: Action, facts: Facts) -> bool:
    """A step that clears nothing, whoever takes it: no paper to file, or told once already."""
    rule = next(rule for rule in rules_of(facts.scheme, facts.stage) if rule.action is action)
    anybody = Actor(None, "", rule.roles[0] if rule.roles else None, "")
    return any(reason.code in IN_VAIN for reason in reasons_of(facts, anybody, action))


def _who(reason: Reason, facts: Facts) -> str:
    if reason.code == "own_review":
        confirmer = label(confirmer_of(facts))
        return gettext("Another %(role)s can do this.", role=confirmer)
    return ""
