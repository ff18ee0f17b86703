"""The actions of a case as its page shows them: mine, not yet possible, and other people's."""

from typing import NamedTuple

from flask import url_for

from models import Benefit
from policy.vocabulary import Action
from views.case_next import OTHERS, goals_of, next_step, split
from views.case_said import say, whose
from views.formats import label
from views.reasons import Said, roles_in_words
from workflows.actor import Actor
from workflows.facts import Facts
from workflows.machine import Offer

A = Action
ASIDE = frozenset({A.WITHDRAW, A.RECORD_COMPLAINT, A.LEAVE})  # possible at almost any time, seldom what one came for


class Button(NamedTuple):
    """An action of the page: lawful with an address, or not yet, with its reasons."""

    id: str
    label: str
    lawful: bool
    url: str = ""
    tone: str = "outline-secondary"
    reasons: tuple[Said, ...] = ()
    who: str = ""


class Acts(NamedTuple):
    """The reader's lawful steps, those at any time, what is next but not yet lawful, other such, and other people's."""

    main: list[Button]
    aside: list[Button]
    blocked: list[Button]
    rest: list[Button]
    others: list[Button]


def acts(benefit: Benefit, facts: Facts, actor: Actor) -> Acts:
    """The actions of this stage as the page shows them."""
    mine, others = split(facts, actor)
    onwards, goals = next_step(facts, actor), goals_of(facts)
    made = [(offer, _button(offer, benefit, facts, actor, offer.action is onwards)) for offer in mine]
    lawful = [(offer, button) for offer, button in made if offer.lawful]
    blocked = [(offer, button) for offer, button in made if not offer.lawful]
    told = [pair for pair in blocked if pair[0].action in (onwards, *goals[:1])]
    return Acts(
        sorted((b for o, b in lawful if o.action not in ASIDE), key=lambda b: b.tone != "primary"),
        [b for o, b in lawful if o.action in ASIDE],
        [b for o, b in sorted(told, key=lambda pair: pair[0].action is not onwards)],
        [pair[1] for pair in blocked if pair not in told],
        [_theirs(offer, benefit, facts, actor) for offer in others],
    )


def _button(offer: Offer, benefit: Benefit, facts: Facts, actor: Actor, onwards: bool) -> Button:
    said = tuple(say(reason, benefit, facts, actor) for reason in offer.reasons)
    url = url_for("case.step", id=benefit.id, action=offer.action.value)
    return Button(
        offer.action.value, label(offer.action), offer.lawful, url, "primary" if onwards else "outline-secondary", said
    )


def _theirs(offer: Offer, benefit: Benefit, facts: Facts, actor: Actor) -> Button:
    needs = next((r.args["role"] for r in offer.reasons if r.code == "confirmer_is"), None)
    roles = whose(offer.action, offer.rule.roles, facts)
    who = label(needs) if needs else roles_in_words(roles)
    hidden = set() if actor.role in roles and not needs else OTHERS  # of a step of one's own role it is said why not
    said = tuple(say(r, benefit, facts, actor) for r in offer.reasons if r.code not in hidden)
    return Button(offer.action.value, label(offer.action), False, reasons=said, who=who)
