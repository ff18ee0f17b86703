"""The files of this checkout, as the tests about the code itself read them."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("views", "workflows", "models", "policy")


def git(*words: str) -> str | None:
    """What git answers about this checkout; None where there is no git, or no checkout of its."""
    if shutil.which("git") is None:
        return None
    told = subprocess.run(["git", "-C", ROOT, *words], capture_output=True, check=False)
    return told.stdout.decode("utf-8") if told.returncode == 0 else None


@cache
def tracked() -> tuple[Path, ...]:
    """Every file git keeps; outside of git, every file that is not hidden, made by a tool, or a county's own."""
    if (listed := git("ls-files", "-z")) is not None:
        return tuple(p for name in listed.split("\0") if name and (p := ROOT / name).is_file())
    hidden = {".venv", ".git", ".hypothesis", "instance", "__pycache__", "screenshots"}
    return tuple(
        p for p in ROOT.rglob("*")
        if p.is_file() and not any(part in hidden or part.endswith("_cache") for part in p.relative_to(ROOT).parts)
    )  # fmt: skip


def files(*suffixes: str, under: str = "") -> list[Path]:
    """The tracked files below a folder with one of these endings (`.py`), all of them when none is named."""
    base = ROOT / under
    return [p for p in tracked() if p.is_relative_to(base) and (not suffixes or p.suffix in suffixes)]


def name(path: Path) -> str:
    """A file's path from the root of the checkout, with slashes on every system."""
    return path.relative_to(ROOT).as_posix()


def modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    """Each tracked Python file of these folders, parsed."""
    for folder in folders:
        for path in files(".py", under=folder):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """The top-level names a module imports, wherever in it."""
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    froms = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    return {full.partition(".")[0] for full in plain | {module or "" for module in froms}}
