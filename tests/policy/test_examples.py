"""Every worked example: the facts as a person would send them, the finding as the law has it."""

import pytest

from policy.assess import assess
from policy.facts_json import read_family
from policy.figures import Figures
from tests.policy.worked import differences, examples

AT_LEAST = 480


@pytest.mark.parametrize("example", examples(), ids=lambda one: one.name)
def test_the_finding_is_what_the_rules_say(example):
    found = assess(read_family(example.facts), Figures.shipped()).as_json()
    wrong = differences(example.expect, found)
    assert not wrong, "\n".join([f"{example.file}: {example.name}: {example.say}", *wrong])


def test_each_example_has_its_own_name_and_sentence_and_names_a_clause():
    everything = examples()
    assert len({one.name for one in everything}) == len(everything) >= AT_LEAST
    assert len({one.say for one in everything}) == len(everything)
    assert [one.name for one in everything if not one.clauses or not one.expect] == []
