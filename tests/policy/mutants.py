"""Mutants of the rules: one small change at a time, and whether any worked example or test of the rules notices.

``python -m tests.policy.mutants [module ...]`` prints the survivors and a table of figures; exit 1 if any survived.
A change inside a function is swapped into the living function and the examples run in this process; what they do not
notice, and every change outside a function, is tried once more by the tests of the module in a forked process.
"""

import ast
import enum
import importlib
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

import pytest
from _pytest.runner import runtestprotocol

from policy import vocabulary
from policy.assess import assess
from policy.book import Book
from policy.facts_json import read_family
from policy.family import Family
from policy.figure_keys import KNOWN_KEYS
from policy.figures import Figures
from tests.policy.worked import differences, examples

ROOT = Path(__file__).parents[2]
MODULES = (
    "dibao", "gap", "single", "single_classes", "review", "tekun", "tekun_money", "tekun_obligors", "temporary",
    "temporary_amount", "edge", "price", "income", "deductions", "imputed", "support", "people", "estate", "uplift",
    "disposable", "means", "conduct", "advice", "assess", "deadlines", "authority", "figures", "figure_rows", "book",
    "standards", "compare", "clauses",
)  # fmt: skip
SECONDS = 20
"""A mutant that runs longer than this has been noticed."""

TESTS = ROOT / "tests" / "policy"
SLOW = {"test_properties", "test_clause_matrix", "test_calendar", "test_identity", "test_letters", "test_examples"}
QUIET = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=--import-mode=importlib"]

COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
WORDS = {name: word for name, word in vars(vocabulary).items() if isinstance(word, enum.EnumMeta)}


@dataclass(frozen=True)
class Mutant:
    """One change: where, of what kind, in words, and the changed module's tree compiled."""

    module: str
    line: int
    kind: str
    change: str
    inside: str
    code: CodeType

    def __str__(self) -> str:
        return f"policy/{self.module}.py:{self.line}: {self.kind}: {self.change} (in {self.inside or 'the module'})"


def sibling(key: str) -> str:
    """Another figure of the same unit."""
    alike = sorted(name for name, known in KNOWN_KEYS.items() if known.unit is KNOWN_KEYS[key].unit)
    return alike[(alike.index(key) + 1) % len(alike)] if len(alike) > 1 else "pay.by_day"


def changes(node: ast.AST) -> Iterator[tuple[str, dict[str, object]]]:
    """Every small change of one node: its kind and the fields it sets."""
    match node:
        case ast.Compare(ops=ops):
            for place, op in enumerate(ops):
                yield "comparison", {"ops": [*ops[:place], COMPARISONS[type(op)](), *ops[place + 1 :]]}
        case ast.BoolOp(op=ast.And()):
            yield "boolean", {"op": ast.Or()}
        case ast.BoolOp():
            yield "boolean", {"op": ast.And()}
        case ast.BinOp(op=op) if type(op) in ARITHMETIC:
            yield "arithmetic", {"op": ARITHMETIC[type(op)]()}
        case ast.UnaryOp(op=ast.Not()):
            yield "boolean", {"op": ast.UAdd(), "operand": ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])}
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            yield "comparison", {"func": ast.Name(CALLS[name], ast.Load())}
        case ast.Constant(value=bool(value)):
            yield "constant", {"value": not value}
        case ast.Constant(value=int(value)):
            yield "number", {"value": value + 1}
            yield "number", {"value": value - 1}
        case ast.Constant(value=str(value)) if value in KNOWN_KEYS:
            yield "figure", {"value": sibling(value)}
        case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in WORDS and attr in WORDS[name].__members__:
            members = list(WORDS[name].__members__)
            yield "word", {"attr": members[(members.index(attr) + 1) % len(members)]}


def mutants(module: str) -> Iterator[Mutant]:
    """Every mutant of one module, texts of lines and reasons left alone."""
    path = ROOT / "policy" / f"{module}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node, inside in _nodes(tree, ""):
        for kind, fields in changes(node):
            before = ast.unparse(node)
            kept = {name: getattr(node, name) for name in fields}
            vars(node).update(fields)
            change = f"{before} → {ast.unparse(node)}"
            code = compile(ast.fix_missing_locations(tree), str(path), "exec")
            vars(node).update(kept)
            yield Mutant(module, node.lineno, kind, change, inside, code)


def _nodes(node: ast.AST, inside: str) -> Iterator[tuple[ast.AST, str]]:
    """Nodes that may change, with the name of the function they stand in; annotations and slots do not count."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or (
            name == "args" and isinstance(node, ast.FunctionDef)
        ):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr):
                continue
            if isinstance(child, ast.FunctionDef):  # what is left out of a call belongs to whoever defines it
                yield from _nodes(child.args, inside)
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                yield from _nodes(child, f"{inside}.{child.name}" if inside else child.name)
                continue
            yield child, inside
            yield from _nodes(child, inside)


def living(module: str, name: str) -> FunctionType | None:
    """The function of that name in the imported module; None for a class body or what is wrapped."""
    found = importlib.import_module(f"policy.{module}")
    for part in name.split("."):
        found = vars(found).get(part)
        found = getattr(found, "fget", None) or getattr(found, "__func__", None) or found
    return found if isinstance(found, FunctionType) else None


def code_of(code: CodeType, name: str) -> CodeType | None:
    """The code of a function inside the code of its module."""
    for part in name.split("."):
        inner = [one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == part]
        if len(inner) != 1:
            return None
        code = inner[0]
    return code


class TooLong(Exception):
    """A mutant that does not come to an end."""


def _stop(*_: object) -> None:
    raise TooLong


def noticed_by_examples() -> bool:
    """Whether some worked example comes out otherwise, or not at all; the one that noticed is asked first next time."""
    for place, (family, book, expect) in enumerate(FAMILIES):
        try:
            noticed = differences(expect, assess(family, SHIPPED, book).as_json()) != []
        except Exception:  # noqa: BLE001 - whatever a change breaks, it was noticed
            noticed = True
        if noticed:
            FAMILIES.insert(0, FAMILIES.pop(place))
            return True
    return False


def in_a_process(trial: Callable[[], bool]) -> bool:
    """Whether a trial in a process of its own says that the change was noticed, or never comes to an end."""
    child = os.fork()
    if child == 0:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(6 * SECONDS)
        os._exit(int(trial()))
    return os.waitpid(child, 0)[1] != 0


class Second:
    """The second trial: what the examples did not notice meets the tests of the rules, collected once."""

    def __init__(self, mutants: list[Mutant]) -> None:
        self.mutants, self.alive = mutants, list[Mutant]()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for mutant in self.mutants:
            own = f"test_{mutant.module}.py"
            items = sorted(session.items, key=lambda item: item.path.name != own)
            if not in_a_process(lambda mutant=mutant, items=items: self._noticed(mutant, items)):
                self.alive.append(mutant)
                print(f"\n{mutant}", flush=True)
        return True

    def _noticed(self, mutant: Mutant, items: list[pytest.Item]) -> bool:
        if not swap(mutant):
            return anew(mutant)
        last = [*items[1:], None]
        return any(
            report.failed
            for item, following in zip(items, last, strict=True)
            for report in runtestprotocol(item, log=False, nextitem=following)
        )


def anew(mutant: Mutant) -> bool:
    """Whether the tests notice a change outside every function: the rules are imported anew with it."""
    for name in [name for name in sys.modules if name.split(".")[0] in ("policy", "tests")]:
        del sys.modules[name]
    sys.meta_path.insert(0, Changed(mutant))
    return pytest.main([*QUIET, "-x", *paths(), str(TESTS / "test_examples.py")]) != pytest.ExitCode.OK


def paths() -> list[str]:
    """The tests of the rules that are quick; the examples have been tried before."""
    return [str(path) for path in sorted(TESTS.glob("test_*.py")) if path.stem not in SLOW]


def swap(mutant: Mutant) -> FunctionType | None:
    """Put the change into the living function, and return it; None where the change is not inside a function."""
    function = living(mutant.module, mutant.inside) if mutant.inside else None
    code = code_of(mutant.code, mutant.inside) if function else None
    if function is None or code is None or code.co_freevars != function.__code__.co_freevars:
        return None
    function.__code__ = code
    return function


class Changed:
    """Imports one module of the rules as changed, and every other as it is."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        if name != f"policy.{self.mutant.module}":
            return None
        where = ROOT / "policy" / f"{self.mutant.module}.py"
        return importlib.util.spec_from_file_location(name, where, loader=self)

    def create_module(self, spec: object) -> None:
        return None

    def exec_module(self, module: object) -> None:
        exec(self.mutant.code, vars(module))


def survives(mutant: Mutant) -> bool:
    """Whether no example notices the change, or it cannot be tried that way."""
    whole = living(mutant.module, mutant.inside) if mutant.inside else None
    before = whole.__code__ if whole else None
    signal.alarm(SECONDS)
    try:
        return not swap(mutant) or not noticed_by_examples()
    except TooLong:
        return False
    finally:
        signal.alarm(0)
        if whole and before:
            whole.__code__ = before


SHIPPED = Figures.shipped()


def opened(facts: dict) -> tuple[Family, Book]:
    """A family with its book of figures, opened once."""
    family = read_family(facts)
    return family, Book.open(SHIPPED, family.place, family.on, family.figures)


FAMILIES = [(*opened(one.facts), one.expect) for one in examples()]


def main(modules: tuple[str, ...]) -> int:
    """Try every mutant of the modules; the number of survivors."""
    if not hasattr(os, "fork"):
        raise SystemExit("mutants are tried in forks of this process, which Windows does not have: run it elsewhere")
    signal.signal(signal.SIGALRM, _stop)
    assert not noticed_by_examples(), "the examples must hold before anything is changed"
    tried = [mutant for module in modules for mutant in mutants(module)]
    second = Second([mutant for mutant in tried if survives(mutant)])
    print(f"{len(tried)} mutants, {len(second.mutants)} left by the examples", flush=True)
    pytest.main([*QUIET, *paths()], plugins=[second])
    for name in ("kind", "module"):
        alive = Counter(getattr(mutant, name) for mutant in second.alive)
        for value, number in sorted(Counter(getattr(mutant, name) for mutant in tried).items()):
            print(f"{name} {value}: {number} mutants, {alive[value]} survived")
    print(f"{len(tried)} mutants, {len(second.alive)} survived")
    return len(second.alive)


if __name__ == "__main__":
    sys.exit(min(main(tuple(sys.argv[1:]) or MODULES), 1))
