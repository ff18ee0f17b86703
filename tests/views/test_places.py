"""Where a family lives reads the same however the office wrote its address."""

import pytest
from flask import Flask

from tests import factories
from tests.clock import Clock
from views import places
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM


@pytest.mark.parametrize("address", ["3组21号", "新胜村3组21号", "四川省宜宾市珙县巡场镇新胜村3组21号"])
def test_a_village_is_said_once(app: Flask, clock: Clock, address: str) -> None:
    with app.test_request_context():
        audit.attribute(db.session, SYSTEM, clock())
        factories.places(db.session)
        db.session.commit()
        places.forget()
        assert places.home(factories.VILLAGE, address) == "巡场镇新胜村3组21号"
        assert places.home(factories.VILLAGE, address, short=True) == "新胜村3组21号"
