"""Most files are read in this process, to be quick; the tests of the child itself start it."""

import io
from dataclasses import asdict

import pytest

from policy.vocabulary import Role
from tests.workflows.exchange import rosters
from workflows.exchange import reader_child, reading


@pytest.fixture
def in_process(monkeypatch):
    """The reader's work without its process."""

    def lines(data, extension, limits, charset=""):
        out = io.BytesIO()
        reader_child.answer(data, extension, asdict(limits) | {"charset": charset}, out)
        out.seek(0)
        return reading.understood(out)

    monkeypatch.setattr(reading, "_lines", lines)


@pytest.fixture
def reviewer(session):
    """The county reviewer of the small county, who imports for all of it."""
    return rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
