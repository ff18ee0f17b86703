"""Page numbers of many papers printed in one go: each paper counts its own sheets.

A browser counts pages through the whole print, and no style can set that count back. What it does keep is a counter of
a named page: so the nth paper of the print gets page names and a counter of its own.
"""

from flask import Blueprint, Response

from views.papers_many import MOST_AT_ONCE

BOXES = {
    "letter": ("A4", "37mm 26mm 35mm 28mm", 10),
    "form": ("A4", "18mm 16mm 20mm 18mm", 9),
    "list": ("A4 landscape", "15mm 15mm 18mm", 9),
}
"""By family: sheet, margins (as in print.css), and the size of its numbers in points."""


def add_routes(bp: Blueprint) -> None:
    """The address of the style sheet."""
    bp.add_url_rule("/papers/style/numbers.css", "numbering", numbering)


def numbering() -> Response:
    """The rules for as many papers as are printed at once."""
    rules = [_rule(family, nth) for family in BOXES for nth in range(1, MOST_AT_ONCE + 1)]
    return Response("\n".join(rules), mimetype="text/css")


def _rule(family: str, nth: int) -> str:
    size, margins, points = BOXES[family]
    return (
        f"@page {family}-{nth}{{size:{size};margin:{margins};counter-increment:n{nth};@bottom-center{{"
        f'content:"第 " counter(n{nth}) " 页";font:{points}pt serif}}}}'
        f"html:lang(zh) .many .n{nth}.{family}{{page:{family}-{nth}}}"
    )
