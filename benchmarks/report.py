"""Figures as Markdown tables, with a word on the machine they come from."""

import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping

from benchmarks.county import Built
from benchmarks.measure import Measured, reads_whole_table
from benchmarks.pages import LISTS

MOST_STATEMENTS = 6
"""Of a list, whatever the size of the county."""
HEAD = ("page", "ms", "CPU ms", "SQL", "SQL ms", "k steps", "KB", "× CPU", "× steps", "remarks")


def machine() -> str:
    """Python, SQLite, cores and load: times of a busy machine are no more than a hint."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores,"
        f" load at the start {load}\n"
    )


def builds(built: Iterable[Built | None]) -> str:
    """What each county took to build."""
    lines = _table("families", "people", "cases", "s", "CPU s", "families per CPU s", "MB")
    for one in filter(None, built):
        rate = one.households / one.cpu_seconds
        lines.append(
            f"| {one.households:,} | {one.members:,} | {one.cases:,} | {one.seconds:.0f} | {one.cpu_seconds:.0f}"
            f" | {rate:,.0f} | {one.megabytes:.0f} |"
        )
    return "\n".join(lines) + "\n"


def pages(found: Mapping[int, Mapping[str, Measured]], small: int) -> str:
    """A table for each size; in those after the first, how many times the small county's figures each page takes."""
    told = []
    for size, measured in found.items():
        told += [f"### {size:,} families", "", *_table(*HEAD)]
        told += [_row(name, one, found[small].get(name)) for name, one in measured.items()]
        told.append("")
    return "\n".join(told)


def plans(measured: Mapping[str, Measured]) -> str:
    """The plans of statements that walk far, each once, with the pages that send it."""
    by_text: dict[str, list[str]] = {}
    for name, one in measured.items():
        for text in one.heavy:
            by_text.setdefault(text, []).append(name)
    told = []
    for text, names in by_text.items():
        told += [f"#### {', '.join(names)}", "", "```sql", text, "--", *measured[names[0]].heavy[text], "```", ""]
    return "\n".join(told)


def _row(name: str, one: Measured, small: Measured | None) -> str:
    ratio = (
        "|"
        if small is None or small is one
        else f"{_times(one.cpu_ms, small.cpu_ms)} | {_times(one.steps, small.steps)}"
    )
    return (
        f"| {name} | {one.ms:.1f} | {one.cpu_ms:.1f} | {len(one.statements)} | {one.sql_ms:.1f} | {one.steps:,.1f}"
        f" | {one.size / 1000:.0f} | {ratio} | {_remarks(name, one)} |"
    )


def _times(large: float, small: float) -> str:
    return f"{large / small:.1f}" if small else ""


def _remarks(name: str, one: Measured) -> str:
    told = [f"answers {one.status}"] if one.status >= 400 else []
    if name in LISTS and len(one.statements) > MOST_STATEMENTS:
        told.append(f"more than {MOST_STATEMENTS} statements")
    scanned = sorted({line.split()[1] for plan in one.heavy.values() for line in plan if reads_whole_table(line)})
    told += [f"scans {table}" for table in scanned]
    return ", ".join(told or ["walks far"] * bool(one.heavy))


def _table(*head: str) -> list[str]:
    return [f"| {' | '.join(head)} |", f"|---{'|---:' * (len(head) - 1)}|"]
