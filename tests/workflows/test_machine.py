"""The machine against the law: lawful steps lead where they must, every shortcut is refused with its reason."""

from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import lru_cache
from itertools import product

import pytest

from policy.vocabulary import Action, Role, Scheme, Stage
from tests.workflows.law import LAW, VILLAGE, Law, cases, good_facts, good_given, somebody, ways
from tests.workflows.refusals import codes
from workflows.actor import Actor
from workflows.facts import Facts, Given
from workflows.machine import RULES, decide, offered, rules_of
from workflows.reason import Refused

SCHEMES = tuple(Scheme)
STAGES = (None, *Stage)


def obey_the_law(*actions: Action, schemes: tuple[Scheme, ...] = SCHEMES) -> None:
    """Walk the law (of these actions and schemes, else whole); AssertionError where the machine says something else."""
    for law, scheme, stage, role in cases():
        if scheme in schemes and (not actions or law.action in actions):
            _obey(law, *_tries(law, scheme, stage, role))
    for action in actions or Action:
        for shortcut in _shortcuts(action, schemes):
            _must_refuse(shortcut)


@dataclass(frozen=True)
class Try:
    """A step that the law refuses, with the code of the reason that must be among those given."""

    facts: Facts
    given: Given
    action: Action
    actor: Actor
    code: str
    what: str


def _obey(law: Law, good: Try, wrongs: tuple[Try, ...]) -> None:
    try:
        assert decide(good.facts, law.action, good.actor, good.given).to == (law.to or good.facts.stage), law
    except Refused as refused:
        raise AssertionError(f"{law} is refused: {refused}") from refused
    for wrong in wrongs:
        _must_refuse(wrong)


def _must_refuse(one: Try) -> None:
    try:
        decide(one.facts, one.action, one.actor, one.given)
    except Refused as refused:
        assert any(fnmatch(reason.code, one.code) for reason in refused.reasons), (one.what, refused)
    else:
        raise AssertionError(one.what)


# What is tried follows from the law alone, so the many faults of one rule are shown the same tries.
@lru_cache(maxsize=200)
def _tries(law: Law, scheme: Scheme, stage: Stage | None, role: Role | None) -> tuple[Try, tuple[Try, ...]]:
    """The step as it is lawful, and every way in which the law says it goes wrong."""
    good = Try(good_facts(law, scheme, stage, role), good_given(law), law.action, somebody(role), "", "")
    return good, tuple(
        replace(good, facts=replace(good.facts, **facts), given=replace(good.given, **given), code=code,
                what=f"{law.action} of {role} in spite of: {wrong}")
        for wrong in law.wrongs for code, facts, given in ways(wrong, good.facts)
        if code != "own_review" or role is not None
    )  # fmt: skip


@lru_cache(maxsize=4)
def _shortcuts(action: Action, schemes: tuple[Scheme, ...]) -> list[Try]:
    """Every step under this name that the law does not say, each as well prepared as can be."""
    lawful = {(scheme, stage, role) for law, scheme, stage, role in cases() if law.action is action}
    laws = [law for law in LAW if law.action is action]
    found = []
    for scheme, stage in product(schemes, STAGES):
        here = next((law for law in laws if scheme in law.schemes and stage in law.from_), None)
        law = here or (laws or LAW)[0]
        given, code = good_given(law), "not_your_role" if here else "not_in_this_stage"
        for role in (*Role, None):
            if (scheme, stage, role) not in lawful:
                facts = replace(good_facts(law, scheme, stage, role), stage=stage)
                what = f"{role} takes {action} in {stage} of {scheme}, which the law does not say"
                found.append(Try(facts, given, action, somebody(role), code, what))
    return found


def test_the_machine_says_what_the_law_says() -> None:
    obey_the_law()


def test_every_reason_is_given_at_once() -> None:
    law = next(law for law in LAW if law.action is Action.CONFIRM)
    facts = good_facts(law, Scheme.DIBAO, Stage.APPROVAL, Role.TOWNSHIP_APPROVER)
    spoiled = replace(facts, notice_held=False, near_relative=True, reviewers=frozenset({7}))
    with pytest.raises(Refused) as refused:
        decide(spoiled, Action.CONFIRM, somebody(Role.TOWNSHIP_APPROVER), replace(good_given(law), words=""))
    assert {"notice_missing", "county_visit_missing", "own_review", "words_missing"} <= set(codes(refused))


def test_nobody_acts_outside_their_division() -> None:
    for law, scheme, stage, role in cases():
        if role is not None:
            with pytest.raises(Refused) as refused:
                decide(good_facts(law, scheme, stage, role), law.action, somebody(role, "511526101"), good_given(law))
            assert "not_in_your_division" in codes(refused)


def test_offered_lists_every_action_of_the_stage_lawful_or_with_its_reasons() -> None:
    law = next(law for law in LAW if law.action is Action.POST_NOTICE)
    facts = replace(good_facts(law, Scheme.DIBAO, Stage.REVIEW, Role.TOWNSHIP_OFFICER), surveyors=frozenset({"王强"}))
    offers = {offer.action: offer for offer in offered(facts, somebody(Role.TOWNSHIP_OFFICER, VILLAGE[:9]))}
    assert set(offers) == {rule.action for rule in rules_of(Scheme.DIBAO, Stage.REVIEW) if not rule.in_batch}
    assert offers[Action.WITHDRAW].lawful
    assert [reason.code for reason in offers[Action.POST_NOTICE].reasons] == ["two_surveyors"]


def test_no_two_rules_answer_for_the_same_step() -> None:
    steps = [(s, f, rule.action) for rule in RULES for s in rule.schemes for f in rule.from_]
    assert len(steps) == len(set(steps))


def test_every_rule_cites_its_clause() -> None:
    assert all(("〔" in rule.clause and "〕" in rule.clause) or "《" in rule.clause for rule in RULES)
