"""Who is there before the first step of a test: the office's people, or a family whose making is already told."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models import Household
from tests import factories
from tests.clock import START
from tests.workflows.recalculating import County
from workflows import audit
from workflows.actor import SYSTEM


@pytest.fixture
def office(session: Session) -> factories.Office:
    """The small county, committed; what follows is done by the system."""
    audit.attribute(session, SYSTEM, START)
    made = factories.office(session)
    session.commit()
    return made


@pytest.fixture
def home(request: pytest.FixtureRequest) -> Household:
    """A family of two, whose making is already told; on both engines where the test asks for ``session_any``."""
    session = request.getfixturevalue("session_any" if "session_any" in request.fixturenames else "session")
    factories.places(session)
    row: Household = factories.household(session, members=2)
    session.commit()
    audit.attribute(session, SYSTEM, START)
    return row


@pytest.fixture
def county(engine_any: Engine) -> County:
    """A county whose amounts are adjusted, on either engine."""
    return County(engine_any)
