"""What rosters are called, what each of them lists, and the order in which the page offers them."""

from typing import Any

from flask_babel import lazy_gettext as _l

from workflows.exchange.export import BOOKS, ROSTERS

NAMES: dict[str, Any] = {
    **{code: _l(roster.layout.label_en) for code, roster in ROSTERS.items()},
    **{code: _l(book.label_en) for code, book in BOOKS.items()},
}
LISTS: dict[str, Any] = {
    "dibao_households": _l("A row for each family with subsistence allowance in force."),
    "dibao_members": _l("A row for each person of these families."),
    "tekun_members": _l("A row for each person in extreme-poverty support, with mode, cost, self-care and carer."),
    "one_card": _l(
        "Who is paid in a month under any scheme, how much, and into which account; not who is suspended. "
        "As it stands today, whoever was confirmed in this month is on it already: pay from the month in its column on."
    ),
    "temporary_aid": _l("Temporary assistance that was decided in a month, or at any time."),
    "disability_subsidies": _l("Who is paid the living or the care subsidy (in a month, or as it stands), with certificate, level and account."),
    "children_allowance": _l("Orphans and children without carers in fact who are paid (in a month, or as it stands), with school and account."),
    "changes": _l("What changed in a month, as a workbook of five sheets; each of them can be had alone."),
    "changes_new": _l("Everybody of the cases that were confirmed in the month."),
    "changes_stop": _l("Cases whose money was suspended or ended in the month."),
    "changes_amount": _l("Cases whose amount rose or fell in the month, with both amounts and the difference."),
    "changes_death": _l("Who died in the month in a family that receives aid."),
    "changes_end": _l("Who left subsistence allowance or extreme-poverty support, with grace or outright."),
    "plain": _l("Everybody on file in the columns of our own form, to be filled in and imported again."),
}  # fmt: skip
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_l("Families and people"), ("dibao_households", "dibao_members", "tekun_members", "plain")),
    (_l("Money"), ("one_card", "temporary_aid", "disability_subsidies", "children_allowance")),
    (_l("Changes of a month"), ("changes",)),
)  # fmt: skip
PAID_AS_IT_STANDS = ("one_card", "disability_subsidies", "children_allowance")
"""Lists of who is paid, of today unless a month is asked for."""
ANY_MONTH = {"temporary_aid": _l("At any time"), **dict.fromkeys(PAID_AS_IT_STANDS, _l("As it stands today"))}
"""Lists of a month that may be of none, and what they are then."""
