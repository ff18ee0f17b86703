"""The machine against the law: lawful steps lead where they must, every shortcut is refused with its reason."""

from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatch
from itertools import product

import pytest

from policy.vocabulary import Action, Role, Scheme, Stage
from tests.workflows.law import LAW, VILLAGE, Law, cases, good_facts, good_given, somebody, ways
from workflows.actor import Actor
from workflows.facts import Facts, Given
from workflows.machine import RULES, decide, offered, rules_of
from workflows.reason import Refused

SCHEMES = tuple(Scheme)
STAGES = (None, *Stage)


def codes(refused: Refused) -> set[str]:
    return {reason.code for reason in refused.reasons}


def obey_the_law(*actions: Action, schemes: tuple[Scheme, ...] = SCHEMES) -> None:
    """Walk the law (of these actions and schemes, else whole); AssertionError where the machine says something else."""
    for law, scheme, stage, role in cases():
        if scheme in schemes and (not actions or law.action in actions):
            _obey(law, good_facts(law, scheme, stage, role), somebody(role))
    _nothing_else_is_lawful(actions or tuple(Action), schemes)


def _obey(law: Law, facts: Facts, actor: Actor) -> None:
    given = good_given(law)
    try:
        assert decide(facts, law.action, actor, given).to == (law.to or facts.stage), law
    except Refused as refused:
        raise AssertionError(f"{law} is refused: {refused}") from refused
    for wrong in law.wrongs:
        for code, bad_facts, bad_given in ways(wrong, facts):
            if code != "own_review" or actor.id is not None:
                bad = replace(facts, **bad_facts), replace(given, **bad_given)
                _must_refuse(*bad, law.action, actor, code, f"{law.action} of {actor.role} in spite of: {wrong}")


def _must_refuse(facts: Facts, given: Given, action: Action, actor: Actor, code: str, what: str) -> None:
    try:
        decide(facts, action, actor, given)
    except Refused as refused:
        assert any(fnmatch(said, code) for said in codes(refused)), (what, refused)
    else:
        raise AssertionError(what)


def _nothing_else_is_lawful(actions: Iterable[Action], schemes: tuple[Scheme, ...]) -> None:
    lawful = {(scheme, stage, law.action, role) for law, scheme, stage, role in cases()}
    for step in product(schemes, STAGES, actions, (*Role, None)):
        if step not in lawful:
            _never(*step)


def _never(scheme: Scheme, stage: Stage | None, action: Action, role: Role | None) -> None:
    laws = [law for law in LAW if law.action is action]
    here = next((law for law in laws if scheme in law.schemes and stage in law.from_), None)
    law = here or (laws or LAW)[0]
    facts = replace(good_facts(law, scheme, stage, role), stage=stage)
    code = "not_your_role" if here else "not_in_this_stage"
    what = f"{role} takes {action} in {stage} of {scheme}, which the law does not say"
    _must_refuse(facts, good_given(law), action, somebody(role), code, what)


def test_the_machine_says_what_the_law_says() -> None:
    obey_the_law()


def test_every_reason_is_given_at_once() -> None:
    law = next(law for law in LAW if law.action is Action.CONFIRM)
    facts = good_facts(law, Scheme.DIBAO, Stage.APPROVAL, Role.TOWNSHIP_APPROVER)
    spoiled = replace(facts, notice_held=False, near_relative=True, reviewers=frozenset({7}))
    with pytest.raises(Refused) as refused:
        decide(spoiled, Action.CONFIRM, somebody(Role.TOWNSHIP_APPROVER), replace(good_given(law), words=""))
    assert {"notice_missing", "county_visit_missing", "own_review", "words_missing"} <= codes(refused.value)


def test_nobody_acts_outside_their_division() -> None:
    for law, scheme, stage, role in cases():
        if role is not None:
            with pytest.raises(Refused) as refused:
                decide(good_facts(law, scheme, stage, role), law.action, somebody(role, "511526101"), good_given(law))
            assert "not_in_your_division" in codes(refused.value)


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
    assert all("〔" in rule.clause and "〕" in rule.clause or "《" in rule.clause for rule in RULES)
