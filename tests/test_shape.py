"""The code has the shape that `make fmt` gives it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("asked", [("format", "--check"), ("check",)], ids=["layout", "lint"])
def test_make_fmt_would_change_nothing(asked):
    words = [sys.executable, "-m", "ruff", *asked, "--no-cache", "."]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout
