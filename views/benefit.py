"""Benefits: the list of cases by scheme, stage, who must act and what falls due; and the papers families still owe."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import Flask, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import Benefit, CountyCheck, OwedPaper
from models.aside import Aside
from models.benefit import of_scheme
from policy.vocabulary import ENDED, IN_FORCE, OPEN, UNDECIDED, Role, Scheme, Stage
from views import bulk_form, places, stage_choices
from views.base import PanelView, add_view
from views.column_words import COLUMNS
from views.db import db
from views.formats import label, yuan
from views.links import case_url
from views.panel import cells
from views.panel.filters import DueFilter, FoundFilter, SetFilter, TownshipFilter, VillageFilter, WordFilter, known
from views.panel.seeking import Page
from views.panel.told import OfFamilies, Told
from views.permissions import allowed

STAGES: stage_choices.Choices = {
    "open": (_l("Not ended"), lambda: Benefit.stage.in_(OPEN)),
    "undecided": (_l("Undecided"), lambda: Benefit.stage.in_(UNDECIDED)),
    "in_force": (_l("In force"), lambda: Benefit.stage.in_(IN_FORCE)),
    "ended": (_l("Ended"), lambda: Benefit.stage.in_(ENDED)),
    **stage_choices.EACH,
}
MARKS = {
    "urgent": (_l("Emergency"), lambda: Benefit.urgent),
    "complaint": (_l("Complaint open"), lambda: Benefit.complaint_open),
    "near_relative": (_l("Near relative of staff"), lambda: Benefit.near_relative),
    "taken_over": (_l("Taken over, not recalculated"), lambda: Benefit.taken_over),
    "agreement_missing": (_l("Guardianship agreement missing"), lambda: known(Benefit, "agreement_lacking_since")),
    "drawn": (_l("Drawn for the county's check"), lambda: _drawn()),
}
LINES = OfFamilies(Benefit, (
    "id", "case_no", "household_id", "scheme", "stage", "waiting_role", "step_due_on", "monthly_fen", "applied_on",
    "review_due_on", "township_code", "village_code",
))  # fmt: skip
TO_RENEW = (Benefit.stage == Stage.ACTIVE) & Benefit.renewing_since.is_(None)
WAITING = [role for role in Role if role not in (Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)]


def _drawn() -> Any:
    return Benefit.id.in_(select(CountyCheck.benefit_id).where(CountyCheck.picked))


class BenefitView(PanelView):
    """救助: the cases, found by stage, term, person and place; a row opens the case."""

    table = Benefit
    title = _l("Benefits")
    column_list = (
        "case_no", "household", "scheme", "stage", "waiting_role", "step_due_on", "monthly_fen", "applied_on",
        "review_due_on", "village",
    )  # fmt: skip
    column_labels: ClassVar[dict[str, Any]] = {
        **COLUMNS, "household": _l("Head"), "monthly_fen": _l("Monthly (yuan)"),
    }  # fmt: skip
    column_sortable_list = ("case_no", "applied_on", "review_due_on")
    sort_with: ClassVar[dict[str, str]] = {
        "due": "step_due_on", "waiting": "step_due_on", "review": "review_due_on", "notice": "notice_until",
        "grace": "grace_until", "renewal": "renew_from",
    }  # fmt: skip
    num_columns = frozenset({"monthly_fen"})
    sums: ClassVar[dict[str, Any]] = {"persons": Benefit.persons, "monthly_fen": Benefit.monthly_fen}
    filters = (
        FoundFilter("found", _l("Found"), Benefit.id.in_),
        TownshipFilter("township", _l("Township"), lambda code: Benefit.township_code == code),
        VillageFilter("village", _l("Village or community"), lambda code: Benefit.village_code == code),
        WordFilter("scheme", _l("Scheme"), Scheme, of_scheme).looking(),
        SetFilter("stage", _l("Stage"), STAGES),
        WordFilter("waiting", _l("Waiting for"), WAITING, lambda code: Benefit.waiting_role == code),
        DueFilter("due", _l("Step due"), Benefit.step_due_on, Benefit.waiting_role.is_not(None)),
        DueFilter("review", _l("Recheck due"), Benefit.review_due_on, Aside(Benefit.stage == Stage.ACTIVE)),
        DueFilter("notice", _l("Notice ends"), Benefit.notice_until, Benefit.stage == Stage.NOTICE).aside(),
        DueFilter("renewal", _l("Renewal from"), Benefit.renew_from, Aside(TO_RENEW)).aside(),
        DueFilter("grace", _l("Grace ends"), Benefit.grace_until, Benefit.stage == Stage.GRACE).aside(),
        SetFilter("mark", _l("Marked"), MARKS).looking(),
    )
    cells: ClassVar[dict[str, Any]] = {
        "household": lambda b: cells.link(url_for("household.page", id=b.household_id), b.household.head_name),
        "stage": cells.stage_tag,
        "step_due_on": lambda b: cells.due_day(b.step_due_on, "working"),
        "monthly_fen": lambda b: yuan(b.monthly_fen) if b.monthly_fen else None,
        "review_due_on": lambda b: cells.due_day(b.review_due_on) if b.stage in IN_FORCE else None,
        "village": lambda b: places.name(b.township_code) + places.name(b.village_code),
    }

    def load(self, ids: Sequence[int]) -> list[Told]:
        return LINES.load(db.session, ids)

    def steps_in_bulk(self) -> Sequence[tuple[str, str]]:
        return bulk_form.offered() if allowed("bulk.index") else ()

    def row_url(self, row: Any) -> str:
        return case_url(row.id)

    def total(self, page: Page) -> str:
        if page.capped:
            return gettext("More than %(count)s benefits", count=page.beyond)
        benefits = ngettext("%(num)s benefit", "%(num)s benefits", page.count)
        persons = ngettext("%(num)s person", "%(num)s persons", page.sums["persons"])
        return f"{benefits} · {persons} · {gettext('%(amount)s yuan a month', amount=yuan(page.sums['monthly_fen']))}"


class OwedPaperView(PanelView):
    """待补材料: papers a case still owes, by the day they are due."""

    table = OwedPaper
    title = _l("Papers owed")
    column_list = ("paper", "case_no", "household", "told_on", "due_on", "note", "village")
    column_labels: ClassVar[dict[str, Any]] = {
        **COLUMNS, "household": _l("Head"), "told_on": _l("Told on"),
    }  # fmt: skip
    column_sortable_list = ("due_on",)
    default_sort = "due_on"
    options = staticmethod(lambda: (joinedload(OwedPaper.benefit).joinedload(Benefit.household),))
    filters = (
        TownshipFilter("township", _l("Township"), lambda code: OwedPaper.township_code == code),
        VillageFilter("village", _l("Village or community"), lambda code: OwedPaper.village_code == code),
        DueFilter("due", _l("Due on"), OwedPaper.due_on),
    )
    cells: ClassVar[dict[str, Any]] = {
        "case_no": lambda p: p.benefit.case_no,
        "household": lambda p: p.benefit.household.head_name,
        "due_on": lambda p: cells.due_day(p.due_on, "working"),
        "village": lambda p: places.name(p.township_code) + places.name(p.village_code),
        "paper": lambda p: label(p.paper),
    }

    def clauses(self, want: Any) -> list[Any]:
        return [*super().clauses(want), OwedPaper.filed_on.is_(None)]

    def row_url(self, row: Any) -> str:
        return case_url(row.benefit_id)


def register(app: Flask) -> None:
    """Add the lists of benefits and of papers owed."""
    add_view(app, BenefitView)
    add_view(app, OwedPaperView)
