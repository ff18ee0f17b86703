"""An import killed at any moment is there wholly or not at all; a hundred kills: ``tests.workflows.exchange.kills``."""

import pytest

from tests.workflows.exchange import kills

pytestmark = pytest.mark.usefixtures("keys")


def test_an_import_that_is_killed_leaves_all_or_nothing_and_is_done_once_by_the_retry():
    found = kills.rounds(3, seed=7)
    assert found.total() == 3


def test_an_import_killed_when_all_was_written_and_nothing_kept_left_nothing(tmp_path):
    template = tmp_path / "template.sqlite3"
    kills.staged(template)
    assert kills.killed(template, tmp_path, None) == "nothing"


def test_an_import_that_said_it_was_done_is_there(tmp_path):
    template = tmp_path / "template.sqlite3"
    kills.staged(template)
    assert kills.killed(template, tmp_path, 600) == "all, told"
