"""The tests are tested: take any safeguard away, and they notice."""

from policy.vocabulary import Role
from tests.workflows.faults import backstop_faults, table_faults
from workflows.machine import RULES


def test_every_seeded_fault_of_the_table_is_caught() -> None:
    assert [fault.name for fault in table_faults() if not fault.caught()] == []


def test_every_seeded_fault_of_a_backstop_is_caught() -> None:
    assert [fault.name for fault in backstop_faults() if not fault.caught()] == []


def test_there_is_a_fault_for_every_check_input_and_foreign_role() -> None:
    wanted = sum(len(rule.checks) + len(rule.inputs) + len(set(Role) - set(rule.roles)) for rule in RULES)
    assert len(list(table_faults())) >= wanted
