"""What a start takes along, and what waits until somebody asks for it."""

import gc
import json
import os
import subprocess
import sys

import pytest
from sqlalchemy.orm import configure_mappers

from tests.tree import ROOT
from views.register import COMMANDS, FAMILIES, FILTERS, FUNCTIONS
from views.starting import undisturbed
from workflows import listening

WAITING = (
    "alembic", "calamine", "chinese_calendar", "cryptography", "docx", "docxtpl", "lxml", "openpyxl", "psycopg",
    "pypinyin", "python_calamine", "segno", "sqlalchemy.dialects.postgresql", "xlsxwriter",
)  # fmt: skip
"""Dear to load, and used by few pages or by none before the first family is opened."""
TOLD = """
import gc, json, sys
from app import create_app
app = create_app({"INSTANCE": sys.argv[1]})
collected = sum(of["collections"] for of in gc.get_stats())
from models import Base
print(json.dumps({
    "modules": sorted(sys.modules), "collects": gc.isenabled(), "kept": gc.get_freeze_count(), "rounds": collected,
    "related": [m.class_.__name__ for m in Base.registry.mappers if m.configured],
}))
"""


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """What a process of its own holds that made the panel and did nothing else."""
    words = [sys.executable, "-c", TOLD, str(tmp_path_factory.mktemp("start"))]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return json.loads(subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize("name", WAITING)
def test_a_start_loads_no_library_that_only_some_page_needs(started, name):
    assert [module for module in started["modules"] if f"{module}.".startswith(f"{name}.")] == []


def test_a_start_loads_what_listens_to_every_session_and_no_page_or_command(started):
    loaded = set(started["modules"])
    assert {module.__name__ for module in listening.LISTENERS} <= loaded
    behind = {where.rpartition(".")[0] for where in (*COMMANDS.values(), *FUNCTIONS.values(), *FILTERS.values())}
    assert not loaded & {*behind, *(f"views.{family}" for family in FAMILIES), "flask_admin.contrib.sqla"}


def test_a_start_loads_no_rule_of_the_law_and_no_step_of_a_case(started):
    heavy = ("policy.assess", "workflows.machine", "workflows.casework", "workflows.exchange", "views.base")
    assert not set(heavy) & set(started["modules"])


def test_the_relations_of_all_tables_are_set_up_by_the_first_question(started):
    assert started["related"] == []


def test_a_start_is_not_looked_through_for_garbage_and_what_comes_after_is(started):
    assert started["rounds"] < 60  # some four hundred when it is
    assert started["kept"] > 100_000 and started["collects"]


def test_a_failed_start_leaves_the_collector_as_it_was():
    with pytest.raises(OSError), undisturbed():
        raise OSError
    assert gc.isenabled()


def test_every_column_with_a_history_is_known_before_the_relations_are():
    from sqlalchemy import inspect

    from workflows.audit_rows import WATCHED

    configure_mappers()
    for watched in WATCHED.values():
        named = [one.key for one in inspect(watched.model).column_attrs]
        assert [name for name in named if name in watched.columns] == sorted(watched.columns, key=named.index)
