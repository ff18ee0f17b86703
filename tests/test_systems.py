"""What only some systems have is asked for with care: Doudi and its tests run on Windows too."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import tree
from views import i18n, work
from workflows.instance import cleared

PRODUCT = ("app.py", *tree.LAYERS, "migrations")
POSIX_MODULES = frozenset({"fcntl", "grp", "posix", "pty", "pwd", "resource", "spwd", "syslog", "termios", "tty"})
POSIX_NAMES = frozenset({
    "os.fork", "os.getegid", "os.geteuid", "os.getgid", "os.getpgid", "os.getuid", "os.killpg", "os.mkfifo", "os.nice",
    "os.chown", "os.fchmod", "os.fchown", "os.O_DIRECTORY", "os.O_NOFOLLOW", "os.register_at_fork", "os.setsid",
    "os.sched_getaffinity", "os.statvfs", "os.uname", "os.wait", "signal.alarm", "signal.pause", "signal.setitimer",
    "signal.SIGALRM", "signal.SIGHUP", "signal.SIGKILL", "signal.SIGUSR1", "signal.SIGUSR2", "time.tzset",
})  # fmt: skip
ASKS = ("ImportError", "os.name", "hasattr(os", "sys.platform")
BY_HAND = {"tests/policy/mutants.py"}
"""Started by hand, and says in a sentence where it cannot run."""

ELSEWHERE = f"""
import builtins, importlib, os, pkgutil, sys
absent, ours = {sorted(POSIX_MODULES)!r}, ("app", "views", "workflows", "models", "policy")
known = builtins.__import__
def without(name, globals=None, *rest, **more):
    if name in absent and (globals or {{}}).get("__name__", "").partition(".")[0] in ours:
        raise ModuleNotFoundError(name)
    return known(name, globals, *rest, **more)
builtins.__import__ = without
import app
for root in ours[1:]:
    for found in pkgutil.walk_packages([root], root + "."):
        importlib.import_module(found.name)
from workflows.exchange.reader_child import limit_process
limit_process({{"memory": 1, "cpu_seconds": 1}})
print("all of it")
"""


def test_every_module_loads_and_a_sheet_is_read_where_the_system_has_no_posix_modules():
    told = subprocess.run([sys.executable, "-c", ELSEWHERE], cwd=tree.ROOT, capture_output=True, text=True, check=False)
    assert told.stdout == "all of it\n", told.stderr


def test_what_windows_lacks_is_named_only_where_its_absence_is_provided_for():
    unguarded = {
        (tree.name(path), name)
        for path, module in tree.modules(*(f for f in PRODUCT if f != "app.py"), "tests")
        if tree.name(path) not in BY_HAND
        for name in _posix_alone(module, guarded=False)
    }
    assert unguarded == set()


def _posix_alone(node: ast.AST, guarded: bool) -> Iterator[str]:
    """Names of modules and functions that Windows lacks, outside of what asks first whether they are there."""
    here = guarded or _asks(node)
    named = _named(node)
    if not here and (named in POSIX_NAMES or POSIX_MODULES & _imported(node)):
        yield named or "import"
    for child in ast.iter_child_nodes(node):
        yield from _posix_alone(child, here)


def _asks(node: ast.AST) -> bool:
    """A test of the system, a try that provides for absence, or a function that returns early on Windows."""
    if isinstance(node, ast.Try):
        return any(word in ast.unparse(handler.type or node) for handler in node.handlers for word in ASKS[:1])
    if isinstance(node, ast.If | ast.IfExp | ast.BoolOp):
        return any(word in ast.unparse(getattr(node, "test", node)) for word in ASKS[1:])
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(line, ast.If) and "os.name" in ast.unparse(line.test) and isinstance(line.body[-1], ast.Return)
        for line in node.body
    )


def _named(node: ast.AST) -> str:
    return (
        f"{node.value.id}.{node.attr}" if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) else ""
    )


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    return {(node.module or "").partition(".")[0]} if isinstance(node, ast.ImportFrom) and not node.level else set()


def test_text_is_read_and_written_as_utf_8_whatever_the_system_takes_it_for():
    """On Chinese Windows a file without an encoding is read as GBK."""
    wrong = [
        (tree.name(path), node.lineno)
        for path, module in tree.modules(*tree.LAYERS, "migrations")
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and _text_of_no_encoding(node)
    ]
    assert wrong == []


def _text_of_no_encoding(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    told = any(word.arg == "encoding" for word in call.keywords)
    if name in ("read_text", "write_text"):
        return not told and len(call.args) < (1 if name == "read_text" else 2)
    plain = ast.unparse(call.func) in ("open", "os.fdopen") or (name == "open" and not call.args)
    mode = next((word for arg in call.args if isinstance(arg, ast.Constant) and (word := arg.value)), "r")
    return plain and not told and "b" not in str(mode)


def test_no_day_is_written_in_a_way_that_only_glibc_knows():
    files = tree.files(".py", ".html", under="views") + tree.files(".py", under="workflows")
    assert [tree.name(path) for path in files if "%-d" in (text := path.read_text("utf-8")) or "%-m" in text] == []


def _held(*args: object, **more: object) -> None:
    raise PermissionError(32, "The process cannot access the file because it is being used by another process")


def test_a_file_that_somebody_has_open_is_left_for_the_next_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "held"
    file.touch()
    with monkeypatch.context() as windows:
        windows.setattr(Path, "unlink", _held)
        assert not cleared(file) and file.exists()
    assert cleared(file) and not file.exists() and cleared(file)


def test_a_catalogue_that_somebody_has_open_is_compiled_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "messages.mo"
    target.write_bytes(b"of before")
    with monkeypatch.context() as windows:
        windows.setattr(os, "replace", _held)
        assert not i18n.compile_catalogue(target)
    assert target.read_bytes() == b"of before" and [file.name for file in tmp_path.iterdir()] == ["messages.mo"]
    assert i18n.compile_catalogue(target) and target.read_bytes() != b"of before"


def test_long_work_goes_on_when_the_window_of_the_panel_is_interrupted():
    assert getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) == work.OWN_GROUP
