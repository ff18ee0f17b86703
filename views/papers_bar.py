"""What stands above a paper on the screen and never on the sheet, in the language of the reader."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import render_template
from markupsafe import Markup

from models import IssuedPaper, SetAsidePaper
from views.panel.masked import WHY
from workflows import keys
from workflows.issuing import number_of


class Bar(NamedTuple):
    """``issue`` is where a draft is issued (``after``: in place of which issue), ``ask`` where whole numbers are asked.

    ``kept`` is the issued paper that is shown; it is printed again by a button that leaves a record.
    """

    back: str
    links: Sequence[tuple[str, str]] = ()
    ask: str = ""
    issue: str = ""
    after: int | None = None
    kept: IssuedPaper | None = None
    later: IssuedPaper | None = None
    """What was issued in place of ``kept``, which holds no more."""
    word: str = ""
    """Where the draft is issued in the office's own wording, as a Word file."""
    aside: SetAsidePaper | None = None
    """How the draft was set aside."""
    may_take_back: bool = False
    """Whether the reader may take that back."""

    def markup(self) -> Markup:
        """The bar."""
        later_no = number_of(self.later) if self.later else None
        told = {"bar": self, "later_no": later_no, "why": WHY, "key": keys.new_key()}
        return Markup(render_template("papers/bar.html", **told))
