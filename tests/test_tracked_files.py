"""What may not stand in any file: foreign hosts, machines, people, inline code, and things left for later."""

import re
from pathlib import Path

import pytest

from tests.tree import files, name

# The two examples GB 11643 itself prints, nobody's number.
PRINTED_IN_THE_STANDARD = {"11010519491231002X", "440524188001010014"}
BINARY = {".png", ".jpg", ".ico", ".gif", ".xlsx", ".xls", ".docx", ".pdf", ".woff2", ".zip"}

# What the Content-Security-Policy refuses anyway, and a reader should not have to find out in the browser.
INLINE = {
    "handler": r"""<[^>]*\son[a-z]+\s*=\s*["']""",
    "style attribute": r"""<[^>]*\sstyle\s*=\s*["']""",
    "style element": r"<style\b",
    "script": r"""<script\b(?![^>]*\b(?:src=|type="application/json"))""",
    "script address": r"javascript:",
}
FOREIGN = {
    "address": r"""\b(?:src|href|action|formaction|poster|srcset|data)\s*=\s*["']\s*(?:[a-z]+:)?//""",
    "style sheet": r"""(?:url\(\s*["']?|@import\s+["'])(?:[a-z]+:)?//""",
    "module": r"""\b(?:from|import)\s*\(?\s*["'](?:[a-z]+:)?//""",
    "call": r"""\b(?:fetch|open|sendBeacon|EventSource|WebSocket)\(\s*["'`](?:[a-z]+:)?//""",
}
MACHINE = {
    "path": r"""(?<![\w.:/])/(?:root|home/\w+|opt|Users/\w+|work/(?:main|shared|\.library))/""",
    "drive": r"\b[A-Z]:\\(?:Users|work)\b",
    "package host": r"py[p]i\.org|python[h]osted|npm[j]s|js[d]elivr|un[p]kg\.com|\bcdn[j]s\b|google[a]pis"
    r"|--(?:extra-)?index-url",
}
LATER = {
    "note": r"\b(?:TO[D]O|FIX[M]E|X[X]X)\b|NotImpl[e]mented",
    "test that does not run": r"pytest\.mark\.(?:ski[p]|xfai[l])",
}


def _found(pattern: str, paths: list[Path]) -> list[str]:
    """Where a pattern stands, as `file:line`."""
    hits = []
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        hits += [f"{name(path)}:{text.count(chr(10), 0, m.start()) + 1}" for m in re.finditer(pattern, text)]
    return hits


@pytest.mark.parametrize("what", INLINE)
def test_pages_carry_no_inline_code_or_style(what):
    assert _found(INLINE[what], files(".html", ".svg", under="views") + files(".py", under="views")) == []


@pytest.mark.parametrize("what", FOREIGN)
def test_pages_ask_nothing_of_another_host(what):
    assert _found(FOREIGN[what], files(".html", ".css", ".js", ".mjs", ".svg", under="views")) == []


@pytest.mark.parametrize("what", MACHINE)
def test_no_file_names_a_machine_or_a_registry(what):
    assert _found(MACHINE[what], [path for path in files() if path.suffix not in BINARY]) == []


@pytest.mark.parametrize("what", LATER)
def test_nothing_is_left_for_later(what):
    assert _found(LATER[what], files(".py", ".html", ".js", ".css", ".toml")) == []


def _is_id_number(digits: str) -> bool:
    """Whether 18 characters are an ID number by GB 11643: a possible birth date and the right check character."""
    if not re.fullmatch(r"\d{6}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]", digits):
        return False
    return "10X98765432"[sum(int(d) * 2 ** (17 - i) for i, d in enumerate(digits[:17])) % 11] == digits[17]


def _real_id_numbers(text: str) -> list[str]:
    found = set(re.findall(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])", text)) - PRINTED_IN_THE_STANDARD
    return [digits for digits in found if _is_id_number(digits.upper()) and not digits.startswith("99")]


def test_an_id_number_of_a_real_area_is_recognised():
    invented = "99" + "0000" + "19900101" + "001"
    numbers = {area + invented[2:] + check for area in ("99", "51") for check in "0123456789X"}
    assert len(_real_id_numbers(" ".join(numbers))) == 1


def test_every_id_number_kept_here_has_the_invented_prefix_99():
    found = {name(path): hits for path in files() if (hits := _real_id_numbers(_characters(path)))}
    assert found == {}


def _characters(path: Path) -> str:
    """The file as text whatever its charset: digits are the same bytes in all of ours, UTF-16 apart from its zeros."""
    return path.read_bytes().replace(b"\0", b"").decode("latin-1")


def test_decisions_are_numbered_one_after_another():
    text = next(path for path in files(".md") if path.name == "decisions.md").read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"^(\d+)\. \*\*", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
