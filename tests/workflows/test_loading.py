"""Bundles of rows hold every row as it was given, and say once what a whole column says."""

import sqlite3

import pytest

from workflows.loading import bundled

MIXED = [
    (1, 2, 3, 4, 5),
    ("a", "b", None, "'", "e"),
    ("x",) * 5,
    (None,) * 5,
    (7, 7, 7, 7, 7),
    (b"1", b"1", b"", b"", b""),
]


def written(columns, sizes):
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE told ({', '.join(f'c{at}' for at in range(len(columns)))})")
    for rows, values in bundled(columns, sizes):
        base.executemany(f"INSERT INTO told {rows}", values)
    return base.execute("SELECT * FROM told ORDER BY rowid").fetchall()


@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("sizes", [(2, 1), (5, 4, 1), (1,)])
def test_rows_come_as_they_were_given_whatever_their_number(count, sizes):
    columns = [column[:count] for column in MIXED]
    assert written(columns, sizes) == list(zip(*columns, strict=True))


def test_rows_of_which_all_say_the_same_are_written_too():
    assert written([(1, 1, 1), ("x", "x", "x")], (2, 1)) == [(1, "x")] * 3


def test_what_a_whole_column_says_stands_once_in_the_text_of_a_bundle():
    (rows, values), *_ = bundled([(1, 2), ("same", "same"), ("one", "two")], (2, 1))
    assert rows.count("same") == 1
    assert values == [[1, "one", 2, "two"]]
