"""Who may know whom, and how large things may grow."""

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.tree import LAYERS, ROOT, files, imported, modules, name

APP_LINES = 120
MODULE_LINES = 300
TEST_LINES = 400
WHOLE = {
    "policy/figure_keys.py", "policy/vocabulary.py", "views/column_words.py", "views/import_words.py",
    "views/permissions.py",
}  # fmt: skip
"""Tables: each is looked up as one; of two halves nobody would know which holds a word."""
ROSTERS = {"workflows/exchange/cleaning.py", "workflows/exchange/judging_rows.py", "workflows/exchange/reading.py"}
"""Read, cleaned and judged by rows and by columns beside each other."""
BOTH_ENDS = ("models.household", "models.member")
"""Two ends of a relationship: the first names the second for the type checker alone."""
PRIVATE = re.compile("_(?!_|fields$)")
"""Names with one underscore, but for what a NamedTuple shows everybody."""
CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("time", "time")}


def test_imports_point_from_views_down_to_policy(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    outcome = lint_imports(config_filename="pyproject.toml", no_cache=True)
    assert outcome == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_no_module_imports_itself_by_way_of_others():
    graph = grimp.build_graph(*LAYERS, cache_dir=None)
    graph.remove_import(importer=BOTH_ENDS[0], imported=BOTH_ENDS[1])
    assert _ring({module: graph.find_modules_directly_imported_by(module) for module in graph.modules}) == []


def _ring(imports: dict[str, set[str]]) -> list[str]:
    """Modules of which each is imported by the next, and the first again by the last; none where there is no ring."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_policy_needs_the_standard_library_and_the_calendar_of_holidays_only():
    allowed = sys.stdlib_module_names | {"policy", "chinese_calendar"}
    strangers = {name(path): extra for path, tree in modules("policy") if (extra := imported(tree) - allowed)}
    assert strangers == {}


def test_nothing_but_the_doors_to_the_outside_imports_the_app():
    importers = [name(path) for path, tree in modules(*LAYERS, "migrations") if "app" in imported(tree)]
    assert importers == []


@pytest.mark.parametrize("folder", ["workflows", "models", "policy"])
def test_below_the_views_nobody_reads_the_clock(folder):
    readers = [
        f"{name(path)}:{node.lineno}"
        for path, tree in modules(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _method(node.func) in CLOCKS
    ]
    assert readers == []


def _method(function: ast.expr) -> tuple[str, str] | None:
    """`date.today` and `datetime.date.today` as ("date", "today")."""
    if not isinstance(function, ast.Attribute):
        return None
    owner = function.value
    return (getattr(owner, "attr", getattr(owner, "id", "")), function.attr)


@pytest.mark.parametrize("folder", [*LAYERS, "benchmarks"])
def test_nobody_reaches_for_what_another_module_keeps_to_itself(folder):
    assert [f"{name(path)}: {reached}" for path, tree in modules(folder) for reached in _reached(tree)] == []


def _reached(tree: ast.Module) -> Iterator[str]:
    """Names with an underscore that a module imports from ours, or takes from what it imported of ours."""
    ours: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in LAYERS:
            ours |= {alias.asname or alias.name for alias in node.names}
            yield from (alias.name for alias in node.names if PRIVATE.match(alias.name))
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=taken) if owner in ours and re.match(
                "_(?!_|fields$)", taken
            ):
                yield f"{owner}.{taken}"


def test_no_module_is_a_drawer_for_everything():
    drawers = {"utils", "util", "helpers", "misc", "common"}
    assert [name(path) for path in files(".py") if {path.stem, path.parent.name} & drawers] == []


def test_the_app_only_wires():
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= APP_LINES


def test_modules_stay_readable_in_one_sitting():
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files(".py")}
    long = {path for path, lines in lengths.items() if lines > MODULE_LINES and not path.startswith("tests/")}
    assert long - WHOLE - ROSTERS == set()
    assert {path: lines for path, lines in lengths.items() if lines > TEST_LINES} == {}
