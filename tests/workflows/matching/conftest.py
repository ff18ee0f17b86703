"""The office that matches; files are read in this process, to be quick."""

import pytest
from sqlalchemy.orm import Session

from tests.workflows.exchange.conftest import in_process  # noqa: F401
from tests.workflows.matching.lists_of_offices import Office


@pytest.fixture
def office(session: Session) -> Office:
    """The small county's own, on fresh tables."""
    return Office(session)
