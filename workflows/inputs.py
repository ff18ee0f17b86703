"""What must be given with a step: each check returns None or one Reason."""

from collections.abc import Callable

from policy.vocabulary import Stage
from workflows.facts import Facts, Given, Referral
from workflows.reason import LEAST_WORDS, Reason

InputCheck = Callable[[Facts, Given], Reason | None]


def recalculation_named(facts: Facts, given: Given) -> Reason | None:
    """The batch in which families are recalculated."""
    return None if given.recalculation_id is not None else Reason("recalculation_missing")


def import_named(facts: Facts, given: Given) -> Reason | None:
    """The import that it undoes."""
    return None if given.batch_id is not None else Reason("import_missing")


def amount_given(facts: Facts, given: Given) -> Reason | None:
    """An amount above zero."""
    return None if given.amount_fen is not None and given.amount_fen > 0 else Reason("amount_missing")


def amount_raised(facts: Facts, given: Given) -> Reason | None:
    """A raise pays more than before."""
    if given.amount_fen is None:
        return Reason("amount_missing")
    return None if given.amount_fen > facts.monthly_fen else Reason("amount_not_raised", before=facts.monthly_fen)


def amount_cut(facts: Facts, given: Given) -> Reason | None:
    """A cut pays less than before, and still something (else it is an exit)."""
    if given.amount_fen is None:
        return Reason("amount_missing")
    return None if 0 < given.amount_fen < facts.monthly_fen else Reason("amount_not_cut", before=facts.monthly_fen)


def within_township_limit(facts: Facts, given: Given) -> Reason | None:
    """The township pays up to the limit that the county delegated."""
    if facts.township_limit_fen is None:
        return Reason("no_township_limit")
    over = (given.amount_fen or 0) > facts.township_limit_fen
    return Reason("above_township_limit", limit=facts.township_limit_fen) if over else None


def months_of_grace(facts: Facts, given: Given) -> Reason | None:
    """The grace period is within the place's months."""
    if facts.grace_months is None:
        return Reason("grace_unknown_here")
    least, most = facts.grace_months
    fits = given.months is not None and least <= given.months <= most
    return None if fits else Reason("grace_months", least=least, most=most)


def words_given(facts: Facts, given: Given) -> Reason | None:
    """An opinion or a reason in words."""
    return None if len(given.words.strip()) >= LEAST_WORDS else Reason("words_missing")


def clause_given(facts: Facts, given: Given) -> Reason | None:
    """A step that refuses, suspends or ends aid names the clause of its ground, besides the reason in words."""
    return None if given.clause.strip() else Reason("clause_missing")


def verdict_given(facts: Facts, given: Given) -> Reason | None:
    """The opinion says yes or no, and with a yes in a review how much."""
    if given.grants is None:
        return Reason("verdict_missing")
    return Reason("amount_missing") if given.grants and not (given.amount_fen or 0) > 0 else None


def survey_told(facts: Facts, given: Given) -> Reason | None:
    """A visit names who went, on which day (not in the future), and what was found."""
    if not [who for who in given.surveyors if who.name.strip()]:
        return Reason("surveyors_missing")
    if given.day is not None and given.day > facts.on:
        return Reason("day_in_future", day=given.day)
    return words_given(facts, given)


def sources_named(facts: Facts, given: Given) -> Reason | None:
    """A cross-check names its sources; an answer is dated neither in the future nor before the authorisation."""
    if not given.answers:
        return Reason("sources_missing")
    days = [answer.back_on for answer in given.answers if answer.back_on]
    if days and max(days) > facts.on:
        return Reason("day_in_future", day=max(days))
    early = facts.authorised_on is not None and bool(days) and min(days) < facts.authorised_on
    return Reason("answer_before_authorisation", day=min(days), on=facts.authorised_on) if early else None


def papers_named(facts: Facts, given: Given) -> Reason | None:
    """The list of missing papers is not empty."""
    return None if given.missing else Reason("papers_not_named")


def papers_filed(facts: Facts, given: Given) -> Reason | None:
    """At least one owed paper is chosen."""
    return None if given.filed else Reason("papers_not_chosen")


def objection_told(facts: Facts, given: Given) -> Reason | None:
    """An objection or complaint is described in words."""
    return words_given(facts, given)


def day_given(facts: Facts, given: Given) -> Reason | None:
    """The day it happened, not in the future."""
    if given.day is None:
        return Reason("day_missing")
    return Reason("day_in_future", day=given.day) if given.day > facts.on else None


def day_since_decision(facts: Facts, given: Given) -> Reason | None:
    """The day it happened: neither in the future nor before the decision; an emergency may have been paid before."""
    early = given.day is not None and facts.decided_on is not None and given.day < facts.decided_on
    if early and not (facts.urgent and facts.stage is not Stage.REFUSED):
        return Reason("before_decision", day=given.day, on=facts.decided_on)
    return day_given(facts, given)


def referred_somewhere(facts: Facts, given: Given) -> Reason | None:
    """The department or charity that is to help is named."""
    return None if given.to_office.strip() else Reason("referred_where_missing")


def agrees_to_referral(facts: Facts, given: Given) -> Reason | None:
    """Whoever is referred agrees that their situation is disclosed there."""
    return None if given.form_signed else Reason("referral_consent_missing")


def reply_told(facts: Facts, given: Given) -> Reason | None:
    """Which referral was answered, and what the body referred to did."""
    if answered(facts, given) is None:
        return Reason("referral_not_chosen")
    return None if given.reply else Reason("reply_missing")


def reply_day_given(facts: Facts, given: Given) -> Reason | None:
    """The day of the reply: neither in the future nor before the referral."""
    asked = answered(facts, given)
    if given.day is not None and asked is not None and given.day < asked.on:
        return Reason("reply_before_referral", on=asked.on)
    return day_given(facts, given)


def answered(facts: Facts, given: Given) -> Referral | None:
    """The referral that a reply is about: the one chosen, or the only one that waits."""
    if given.referral is None:
        return facts.referrals[0] if len(facts.referrals) == 1 else None
    return next((one for one in facts.referrals if one.id == given.referral), None)


def exit_form_signed(facts: Facts, given: Given) -> Reason | None:
    """The family signed that it wants to leave."""
    return None if given.form_signed else Reason("exit_form_missing")
