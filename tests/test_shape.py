"""The code has the shape and the types that `make fmt` asks for."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ASKED = {"layout": ("ruff", "format", "--check", "."), "lint": ("ruff", "check", "."), "types": ("mypy",)}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED.keys())
def test_make_fmt_would_find_nothing(asked):
    told = subprocess.run([sys.executable, "-m", *asked], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
