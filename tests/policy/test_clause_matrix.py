"""The clause matrix is whole and true: every clause is there, every enforced one is carried and shown."""

from importlib import import_module

import pytest

from policy.figure_keys import KNOWN_KEYS
from tests.policy.clause_matrix import PAGE, rows, written
from tests.policy.worked import examples

KINDS = {"执行", "记录", "提醒", "报表", "后续"}
CLAUSES = {
    "GX": "1.1 1.2 1.3 2.1 2.2 2.3a 2.3b 2.3c 2.4a 2.4b 2.4c 2.5 2.6 2.7 2.8a 2.8b 2.8c 2.9 2.10 2.11 2.12 "
    "3.1 3.1b 3.2 3.3 3.3b 4.1 4.2 4.3 4.4 4.5",
    "JL": "2.1a 2.1b 2.1c 2.1d 2.1e 2.2a 2.2b 2.2c 2.3a 2.3b 2.3c 2.3d 2.3e 2.4 2.5 2.6 2.6b 3.1 3.2 3.3 3.4 "
    "4.1 4.2 4.3 4.4 5.1 5.2 5.2b 5.3",
    "DJ": "2.1a 2.1b 2.1c 2.2a 2.2b 2.2c 2.2d 2.2e 2.3a 2.3b 2.3c 2.3d 2.4a 2.4b 2.5a 2.5b 2.5c 2.5d 2.5e "
    "3 3a 3b 3c 4.1 4.2 4.2b 4.3 4.3b",
    "MS": "2.1a 2.1b 2.1c 2.1d 2.1e 2.1f 2.2a 2.2b 2.3a 2.3b 2.3c 2.3d 2.4a 2.4b 2.5 2.6a 2.6b 2.6c 2.7 2.8a "
    "2.8b 2.9 2.10a 2.10b 2.10c 3.1 3.2",
    "NP": "1.1 1.2 2.1 3.1 3.1b 3.2 3.3 4.1a 4.1b 4.2a 4.2b 4.2c 5.1 5.1b 5.2 5.3 6.1 7.1 7.2",
    "N": "D2 D4/5 D6 D7 D8 D9/10 D11 D13 D14 D15 D16 D17 D18 D19 D20 D21 D22 D23 D24 D25/26 D28 D29 D30/31 D32 "
    "D33/34 D36/37/38 22 T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 L1 L2 L3 L4 L5 E1 E2 E3 10 M1 M2 M3 M4 M5 M6 M7 M8 M9",
}  # fmt: skip


def _exists(carrier: str) -> bool:
    """Whether a carrier is a figure the rules know, or something that can be imported."""
    if carrier in KNOWN_KEYS:
        return True
    parts = carrier.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            found = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for name in parts[cut:]:
            found = getattr(found, name, None)
        return found is not None
    return False


def test_every_clause_of_the_documents_stands_there_once():
    assert [row.clause for row in rows()] != []
    assert sorted(row.clause for row in rows()) == sorted(
        f"{place}-{number}" for place, numbers in CLAUSES.items() for number in numbers.split()
    )


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.clause)
def test_a_clause_is_of_a_known_kind_and_what_carries_it_exists(row):
    assert row.kind in KINDS and row.says
    assert [carrier for carrier in row.carriers if not _exists(carrier)] == []
    assert bool(row.carriers) == (row.kind != "后续")


@pytest.mark.parametrize("row", [row for row in rows() if row.kind == "执行"], ids=lambda row: row.clause)
def test_an_enforced_clause_is_carried_and_shown_by_an_example(row):
    assert row.carriers
    assert [one.name for one in examples() if row.clause in one.clauses] != []


def test_the_examples_name_clauses_that_are_there():
    known = {row.clause for row in rows()}
    assert {(one.name, clause) for one in examples() for clause in one.clauses if clause not in known} == set()


def test_the_last_column_is_in_step_with_the_examples():
    assert PAGE.read_text(encoding="utf-8") == written(), "run: python -m tests.policy.clause_matrix"
