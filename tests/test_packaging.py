"""What is installed: pinned, declared, and no more than that."""

import re
import sys
import tomllib
from collections.abc import Collection, Mapping
from importlib.metadata import packages_distributions, requires

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tree import LAYERS, ROOT, files, git, imported, modules, name

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OWN = {*LAYERS, "app", "benchmarks", "migrations", "tests"}
GROUPS = {
    "requirements.txt": PROJECT["dependencies"],
    "requirements-test.txt": PROJECT["optional-dependencies"]["test"],
}

IMPORTERS = {"requirements.txt": [*LAYERS, "app.py", "migrations"], "requirements-test.txt": ["tests"]}
TOOLS = {"mypy", "pytest-xdist", "ruff"}
"""Run, and not imported."""
SYSTEMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))
ELSEWHERE = {"colorama", "tzdata"} if sys.platform != "win32" else set()
"""Pinned for Windows alone: what they need is known where they are installed."""


def _pins(file: str) -> list[Requirement]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    included = [pin for line in lines if line.startswith("-r ") for pin in _pins(line.removeprefix("-r "))]
    return included + [Requirement(line) for line in lines if line and not line.startswith(("#", "-r "))]


@pytest.mark.parametrize("file", GROUPS)
def test_every_package_is_pinned_to_one_version(file):
    loose = [str(pin) for pin in _pins(file) if pin.url or not re.fullmatch(r"==[\w.]+", str(pin.specifier))]
    assert loose == []


@pytest.mark.parametrize("file", GROUPS)
def test_the_pins_hold_what_the_project_declares(file):
    pinned = {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in _pins(file)}
    declared = [Requirement(text) for text in GROUPS[file]]
    assert [d.name for d in declared if not d.specifier.contains(pinned.get(canonicalize_name(d.name), "0"))] == []


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize(("platform", "system", "os"), SYSTEMS)
@pytest.mark.parametrize("file", GROUPS)
def test_the_pins_hold_all_that_what_they_name_needs_on_every_python_and_system(file, platform, system, os, python):
    here = default_environment() | {"platform_system": system, "os_name": os, "sys_platform": platform}
    here |= {"python_version": python, "python_full_version": f"{python}.0"}
    pins = {canonicalize_name(pin.name): pin for pin in _pins(file) if _wanted(pin, here)}
    extras = {canonicalize_name(one.name): one.extras for texts in GROUPS.values() for one in map(Requirement, texts)}
    lacking = [
        (package, str(needed))
        for package in pins.keys() - ELSEWHERE
        for needed in map(Requirement, requires(package) or ())
        if _wanted(needed, here, extras.get(package, ())) and not _holds(pins, needed)
    ]
    assert lacking == []


def _wanted(one: Requirement, here: dict[str, str], extras: Collection[str] = ()) -> bool:
    return one.marker is None or any(one.marker.evaluate(here | {"extra": extra}) for extra in ("", *extras))


def _holds(pins: Mapping[str, Requirement], needed: Requirement) -> bool:
    pin = pins.get(canonicalize_name(needed.name))
    return pin is not None and needed.specifier.contains(str(pin.specifier).removeprefix("=="))


def _undeclared(folders: list[str], declared: list[str]) -> dict[str, set[str]]:
    owners = packages_distributions()
    known = {canonicalize_name(Requirement(text).name) for text in declared}
    found = {}
    for path, tree in modules(*folders):
        strangers = imported(tree) - sys.stdlib_module_names - OWN - {"", "__future__"}
        names = {s for s in strangers if not known & {canonicalize_name(owner) for owner in owners.get(s, [])}}
        if names:
            found[name(path)] = names
    return found


def test_the_panel_imports_only_what_the_project_declares():
    folders = [*LAYERS, "app.py", "migrations", "benchmarks"]
    undeclared = _undeclared(folders, PROJECT["dependencies"])
    # The rival of the exchange benchmark runs in an environment of its own, which the benchmark makes.
    undeclared.pop("benchmarks/exchange_rival.py")
    assert undeclared == {}


def test_the_tests_import_only_what_the_project_declares():
    assert _undeclared(["tests"], PROJECT["dependencies"] + GROUPS["requirements-test.txt"]) == {}


@pytest.mark.parametrize(("file", "folders"), IMPORTERS.items())
def test_nothing_is_declared_that_nobody_imports(file, folders):
    owners = packages_distributions()
    taken = {package for _, tree in modules(*folders) for top in imported(tree) for package in owners.get(top, ())}
    declared = {canonicalize_name(Requirement(text).name) for text in GROUPS[file]}
    assert declared - set(map(canonicalize_name, taken)) - TOOLS == set()


def test_the_scripts_of_the_two_commands_can_be_run():
    listed = git("ls-files", "-s", ".ci") or ""
    assert [line for line in listed.splitlines() if not line.startswith("100755")] == []


def test_text_files_are_utf8_without_a_windows_line_end():
    texts = files(".py", ".toml", ".md", ".po", ".html", ".css", ".js")
    assert [name(path) for path in texts if b"\r\n" in path.read_bytes() or not _utf8(path.read_bytes())] == []


def _utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
