"""The Flask-SQLAlchemy object over the models' own base; its session is the session of a request."""

from flask_sqlalchemy import SQLAlchemy

from models.base import Base

CONNECTIONS = 12
"""Kept open: one for each serving thread, and some for what works beside them; opening one costs as much as a page."""

db = SQLAlchemy(model_class=Base, disable_autonaming=True, engine_options={"pool_size": CONNECTIONS})
