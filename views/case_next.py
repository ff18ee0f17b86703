"""What may be done to a case now, by whom, and what comes next: the machine's answers arranged for a page.

Nothing here decides. ``GOALS`` only says which step of a stage leads onwards, so that a row can name one verb.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from policy.vocabulary import CLASSES, PERSONAL, Action, Authority, Role, Scheme, Stage
from views import tekun_words
from views.clearing import CLEARED_BY
from views.formats import label
from workflows.actor import CALCULATORS, Actor
from workflows.calculated import suggested
from workflows.facts import Facts
from workflows.machine import Offer, offered, rules_of
from workflows.reason import Reason

A, S = Action, Stage
GOALS: dict[Stage, tuple[Action, ...]] = {
    S.APPLIED: (A.ACCEPT, A.PAY_FIRST),
    S.ACCEPTED: (A.START_REVIEW,),
    S.REVIEW: (A.POST_NOTICE, A.PASS_UP, A.SUBMIT_REFUSAL),
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
OTHERS = frozenset({"not_your_role", "officer_records", "confirmer_is", "township_confirms", "second_notice_by"})
AFTER: dict[Stage, Any] = {
    S.APPLIED: _l("Afterwards: accepted, then surveyed at home within %(survey)s working days."),
    S.ACCEPTED: _l("Afterwards: home survey by two people and cross-check, then the first opinion."),
    S.REVIEW: _l("Afterwards: public notice for %(notice)s days, then confirmed by the %(confirmer)s."),
    S.NOTICE: _l("Afterwards: when the notice is over without objection, confirmed by the %(confirmer)s."),
    S.APPROVAL: _l(
        "Afterwards: paid from the month after the decision; a refusal is communicated within %(tell)s working days."
    ),
    S.RECHECK: _l("Afterwards: the %(confirmer)s keeps, raises, cuts, moves into grace, suspends or ends."),
    S.REFUSED: _l("Afterwards: the family is informed in writing within %(tell)s working days."),
    S.ACTIVE: _l("Afterwards: rechecked when due, or as soon as something changes."),
    S.GRACE: _l("Afterwards: ends by itself when the grace period is over."),
    S.SUSPENDED: _l("Afterwards: resumed or ended by the %(confirmer)s."),
}
AFTER_CLASS: dict[Stage, Any] = {
    S.APPROVAL: _l("Afterwards: recognised for a term, without monthly money; a refusal is communicated in writing."),
    S.ACTIVE: _l("Afterwards: ends by itself on its last day; before it the family may apply for renewal."),
    S.RECHECK: _l("Afterwards: the %(confirmer)s keeps the recognition to its last day, or ends it."),
}
"""The same for families recognised for a term."""
FIGURES = {"survey": "survey.start_working_days", "notice": "notice.days", "tell": "refusal.tell_working_days"}


def split(facts: Facts, actor: Actor) -> tuple[list[Offer], list[Offer]]:
    """The offers of this stage that are the actor's to take, and those of other people or of time."""
    mine: list[Offer] = []
    others: list[Offer] = []
    for offer in offered(facts, actor):
        (others if any(reason.code in OTHERS for reason in offer.reasons) else mine).append(offer)
    return mine, others


def next_step(facts: Facts, actor: Actor) -> Action | None:
    """The verb that brings the case onwards: the stage's goal, or what clears its reasons; None for others' work."""
    offers = {offer.action: offer for offer in offered(facts, actor)}
    lawful = {action for action, offer in offers.items() if _opens(offer, actor)}
    for goal in goals_of(facts):
        if goal in lawful:
            return goal
        for action in _clearing(offers.get(goal)):
            if action in lawful:
                return action
    return None


def _opens(offer: Offer, actor: Actor) -> bool:
    """Whether the dialog leads on: the step is lawful, or lacks but the calculation, which the dialog offers."""
    return all(reason.code == "not_calculated" and actor.role in CALCULATORS for reason in offer.reasons)


def goals_of(facts: Facts) -> Sequence[Action]:
    """The steps that lead onwards from where a case stands; what calculation or complaint asks for, where one does."""
    if facts.stage is None:
        return ()
    known = {rule.action for rule in rules_of(facts.scheme, facts.stage)}
    if steps := tekun_words.goals(facts):
        return steps
    against = facts.opinion is not None and not facts.opinion.grants
    if (step := suggested(facts)) and not (against and step in (A.KEEP, A.RAISE, A.CUT)):
        return [step]
    steps = _goals_of_aid(facts) if facts.scheme is Scheme.TEMPORARY else GOALS.get(facts.stage, ())
    if facts.stage is S.REFUSED and facts.refusal_told:
        return ()
    if facts.complaint_open and facts.stage in (S.ACTIVE, S.GRACE, S.SUSPENDED):
        return [A.ANSWER_COMPLAINT]
    goals = [AGAINST.get(goal, goal) if against else goal for goal in steps]
    return [goal for goal in dict.fromkeys(goals) if goal in known]


def _goals_of_aid(facts: Facts) -> tuple[Action, ...]:
    """Temporary aid: an emergency is paid first or passed up, an approved amount paid at once or in stages."""
    left = facts.temporary.left if facts.temporary else ()
    if facts.stage is S.APPLIED and facts.urgent:
        return (A.PASS_UP,) if facts.township_limit_fen is None else (A.PAY_FIRST, A.PASS_UP)
    if facts.stage is S.APPLIED:
        return (A.ACCEPT,)
    if facts.stage is S.ACTIVE:
        return (A.PAY_INSTALMENT,) if len(left) > 1 else (A.RECORD_PAYMENT,)
    return GOALS.get(facts.stage, ()) if facts.stage else ()


def reasons_of(facts: Facts, actor: Actor, action: Action) -> Sequence[Reason]:
    """What still stands in the way of a step; nothing where it is lawful, or not of this stage."""
    return next((offer.reasons for offer in offered(facts, actor) if offer.action is action), ())


def _clearing(offer: Offer | None) -> list[Action]:
    return [action for reason in (offer.reasons if offer else ()) for action in CLEARED_BY.get(reason.code, ())]


def confirmer_of(facts: Facts) -> Role:
    """The role that confirms this case."""
    return Role.TOWNSHIP_APPROVER if facts.authority is Authority.TOWNSHIP else Role.COUNTY_APPROVER


def afterwards(facts: Facts, figure: Any) -> str:
    """What comes next, with the numbers in force here; ``figure`` answers a key with a whole number."""
    if facts.stage is S.REVIEW and facts.opinion and not facts.opinion.grants and facts.scheme not in PERSONAL:
        who = label(confirmer_of(facts))
        return gettext("Afterwards: the refusal is proposed to the %(confirmer)s, without a public notice.",
                       confirmer=who)  # fmt: skip
    if facts.scheme is Scheme.TEMPORARY and (text := _after_temporary(facts)):
        return text
    if facts.scheme in CLASSES and facts.stage in AFTER_CLASS:
        return str(AFTER_CLASS[facts.stage]) % {"confirmer": label(confirmer_of(facts))}
    if facts.scheme in PERSONAL and facts.stage is S.RECHECK:
        who = label(confirmer_of(facts))
        return gettext("Afterwards: the %(confirmer)s keeps, raises, cuts, suspends or ends.", confirmer=who)
    if facts.scheme in PERSONAL and facts.stage in (S.APPLIED, S.REVIEW):
        return _after_personal(facts, figure)
    if facts.stage is S.REFUSED and facts.refusal_told:
        return gettext("The case is closed; the family may ask for review or go to court.")
    if text := tekun_words.afterwards(facts, figure, label(confirmer_of(facts))):
        return text
    if _second_notice_ahead(facts):
        return gettext("Afterwards: a second public notice by the office that confirms; when it is over without "
                       "objection, confirmed by the %(confirmer)s.", confirmer=label(confirmer_of(facts)))  # fmt: skip
    ahead = str(AFTER.get(facts.stage, "") if facts.stage else "")
    words = {name: figure(key) for name, key in FIGURES.items() if f"%({name})s" in ahead}
    return ahead % {**words, "confirmer": label(confirmer_of(facts))}


def _second_notice_ahead(facts: Facts) -> bool:
    """Whether the rule of the day of acceptance asks for the confirmer's own notice, and it does not hang yet."""
    against = facts.opinion is not None and not facts.opinion.grants
    lacking = facts.former.second_notice and not facts.former.second_held
    first = facts.stage is S.NOTICE and not facts.notice_held
    return lacking and not against and (first or facts.stage is S.APPROVAL)


def _after_personal(facts: Facts, figure: Any) -> str:
    if facts.stage is S.APPLIED:
        days = figure(f"{facts.scheme.value}.township_working_days")
        return gettext("Afterwards: accepted, then checked by the township within %(days)s working days.", days=days)
    days = figure(f"{facts.scheme.value}.county_working_days")
    return gettext("Afterwards: without a public notice to the county, which decides within %(days)s working days.",
                   days=days)  # fmt: skip


def _after_temporary(facts: Facts) -> str:
    if facts.stage is S.APPLIED and facts.urgent:
        return gettext("Afterwards: paid at once; the papers follow as a debt with a due day.")
    if facts.stage is S.APPROVAL:
        return gettext("Afterwards: paid once, or in stages; a refusal is communicated in writing.")
    if facts.stage is S.ACTIVE and facts.temporary and facts.temporary.left:
        return gettext("Afterwards: each payment is recorded on its day; the last one ends the case.")
    if facts.stage is S.ACTIVE:
        return gettext("Afterwards: ends with its payment; the papers stay owed until they are in.")
    return ""
