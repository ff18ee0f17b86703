"""The Flask-SQLAlchemy object over the models' own base; its session is the session of a request."""

from flask_sqlalchemy import SQLAlchemy

from models.base import Base

db = SQLAlchemy(model_class=Base, disable_autonaming=True)
