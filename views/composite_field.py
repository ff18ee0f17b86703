"""Several inputs of a dialog that make one value."""

from datetime import date
from typing import Any

from flask_babel import gettext
from wtforms import Field


class Composite(Field):
    """Several inputs that make one value; ``read`` sees the whole posted form."""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Keep what was posted, good or bad, and read it."""
        self.process_errors: list[str] = []
        self.posted = formdata or None
        self.data = self.read(formdata) if formdata else ()

    def read(self, posted: Any) -> Any:
        """The value of the posted inputs; wrong ones are named in ``process_errors``."""
        raise ValueError(f"{type(self).__name__} reads nothing")

    def typed(self, name: str, default: Any = "") -> Any:
        """What was typed into one of the inputs."""
        return self.posted.get(name, "") if self.posted is not None else default

    def day_of(self, name: str, what: str) -> date | None:
        """A day that was typed; one that is none is named by ``what``."""
        return self.day_in((self.posted.get(name, "") if self.posted else "").strip(), what)

    def day_in(self, text: str, what: str) -> date | None:
        """The day of a text; none for an empty one, and one that is no day is named by ``what``."""
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.process_errors.append(gettext("%(what)s: “%(text)s” is not a day.", what=what, text=text))
            return None
