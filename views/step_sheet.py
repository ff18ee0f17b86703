"""A step of a case about to be taken: what its dialog asks, starts from, restates, and what stands in the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import select
from wtforms import Form

from models import Benefit, Finding, Member, User
from policy.authority import review_months
from policy.calendar import month_after
from policy.division_codes import county_of
from policy.stage_words import stage_of
from policy.vocabulary import CLASSES, PERSONAL, Action, Authority, ReviewClass, Role, Scheme, Stage
from views import places
from views.calculation import changed, verdict
from views.case_file import CaseFile
from views.case_said import say
from views.clearing import FIELDS as FIELD_OF
from views.context import actor, figures, today
from views.db import db
from views.formats import day, label, yuan
from views.reasons import Said
from views.step_ask import Ask
from views.step_asks import ask_of, recheck_ask, without
from views.step_fields import FIELDS
from workflows.actor import CALCULATORS
from workflows.calculated import RESTS_ON_IT
from workflows.calculating import may_calculate, receives, since
from workflows.facts import Facts, Given, Surveyor
from workflows.freshness import as_of_now
from workflows.machine import offered, rules_of
from workflows.reason import Reason
from workflows.watching import next_look

# A survey without people is refused for that alone; with somebody named, for what else is missing.
NEXT_TO_NOTHING = (Given(), Given(surveyors=(Surveyor("?"),)))
MONTHLY = frozenset({Action.GIVE_OPINION, Action.CONFIRM, Action.RAISE, Action.CUT, Action.CHANGE_SUPPORT})
WITHOUT_MONTHS = frozenset({Scheme.TEMPORARY, *CLASSES})
"""Schemes that pay nothing each month."""
CALCULATE = frozenset({"not_calculated", "calculation_stale", "calculation_by_former_rule"})
"""Reasons that a fresh calculation takes away."""
VISITORS = (*CALCULATORS, Role.VILLAGE_WORKER, Role.SUPERVISOR)
FROM_A_MONTH = MONTHLY | {Action.START_GRACE, Action.SUSPEND, Action.EXIT, Action.RESUME}


@dataclass
class Sheet:
    """A step of a case about to be taken: the file, what is asked, and by whom."""

    file: CaseFile
    action: Action

    @property
    def ask(self) -> Ask:
        """What the dialog asks for in the case's present stage."""
        ask = ask_of(self.file.benefit.scheme, self.action)
        assert ask is not None  # the page asks only for steps that have a dialog
        if self.exit_months is None:
            ask = without(ask, "exit_months")
        bars = self.facts.tekun is not None and bool(self.facts.tekun.home_bar)
        if self.action is Action.PLACE_IN_HOME and not bars:
            ask = without(ask, "ground")  # health is asked only where an answer could bar the way
        if not (self.facts.tekun and self.facts.tekun.referred and bars):
            ask = without(ask, "recovered")
        rechecks = self.action is Action.GIVE_OPINION and self.file.benefit.stage is Stage.RECHECK
        return recheck_ask(ask) if rechecks else ask

    @property
    def on(self) -> date:
        """Today."""
        return today()

    @property
    def actor(self) -> Any:
        """Who asks."""
        return actor()

    @cached_property
    def people(self) -> list[tuple[int, str]]:
        """Who may have gone: people of the township and the village, or of the county for its own visit.

        Who keeps the panel or reads its records goes to no family.
        """
        benefit = self.file.benefit
        codes = [benefit.township_code, benefit.village_code]
        if self.action is Action.COUNTY_VISIT:
            codes = [county_of(benefit.township_code)]
        query = select(User.id, User.name).where(User.active, User.role.in_(VISITORS), User.division_code.in_(codes))
        found = [(id, name) for id, name in db.session.execute(query.order_by(User.id))]
        return sorted(found, key=lambda person: person[0] != actor().id)

    @property
    def longest_grace(self) -> int | None:
        """The longest grace period here, in months."""
        return self.file.facts.grace_months[1] if self.file.facts.grace_months else None

    @property
    def longest_months(self) -> int | None:
        """The months a dialog starts from: the longest grace, or the longest term of a recognition."""
        own = self.file.facts.classes
        return own.longest_months if own else self.longest_grace

    @property
    def exit_months(self) -> tuple[int, int] | None:
        """Least and most months of exit money for who leaves here by own wish."""
        return self.file.facts.leaving.months if self.file.facts.leaving else None

    @property
    def next_look(self) -> date | None:
        """When a family on the watch list is looked at again."""
        return next_look(figures(), self.file.benefit.village_code, self.on)

    @property
    def finding(self) -> Finding | None:
        """The calculation of this round, where the step rests on it."""
        seen = self.file.facts.finding
        return self.file.finding if seen is not None and self.action in RESTS_ON_IT else None

    @cached_property
    def changed(self) -> str:
        """What changed since that calculation."""
        if self.finding is None:
            return ""
        benefit = self.file.benefit
        what = since(self.finding, benefit, receives(db.session, benefit), self.on, figures())
        return changed(what, self.finding)

    @cached_property
    def facts(self) -> Facts:
        """What the machine decides on: the file's facts, with a calculation of other facts marked as such."""
        return as_of_now(db.session(), self.file.benefit, self.file.facts, self.action, self.on)

    @property
    def can_calculate(self) -> bool:
        """Whether the step waits for a calculation that the reader may make."""
        asks = any(reason.code in CALCULATE for reason in self.reasons)
        return asks and not may_calculate(self.file.benefit, actor())

    @property
    def review_classes(self) -> tuple[ReviewClass, ...]:
        """How often a case may be looked at again by the rules of today."""
        place = self.file.benefit.village_code
        known = {c: figures().find(f"review.months.{c.value}", place=place, on=self.on) for c in ReviewClass}
        return tuple(c for c, figure in known.items() if figure is not None) or tuple(ReviewClass)

    @property
    def review_class(self) -> ReviewClass:
        """How often it is proposed to look again: as before, unless the calculation says otherwise."""
        benefit, found = self.file.benefit, self.finding.result.get("review_months") if self.finding else None
        place, before = benefit.village_code, benefit.review_class
        if found and (before is None or review_months(figures(), before, benefit.area, place, self.on) != found):
            for one in self.review_classes:
                if review_months(figures(), one, benefit.area, place, self.on) == found:
                    return one
        return before or ReviewClass.CHANGING

    @property
    def person(self) -> Member | None:
        """Whose case it is, where it is one person's."""
        return next((m for m in self.file.members if m.id == self.file.benefit.member_id), None)

    @property
    def parents(self) -> Sequence[Any]:
        """What is known of the parents of the child whose case it is."""
        return self.person.parents if self.person else ()

    @cached_property
    def special(self) -> Mapping[str, Any]:
        """The decision on the single case that the opinion proposed on this very calculation; else nothing."""
        opinion, seen = self.file.last(Action.GIVE_OPINION), self.file.facts.finding
        if self.action is Action.GIVE_OPINION or opinion is None or seen is None or opinion.finding_id != seen.id:
            return {}
        told: Mapping[str, Any] = opinion.data.get("special_decision") or {}
        return told

    def amount_fen(self, action: Action) -> int | None:
        """The amount a dialog starts from: calculated, proposed as a single decision, or applied for."""
        facts = self.file.facts
        if action is Action.PAY_FIRST:
            return self.file.benefit.requested_fen
        if self.file.benefit.scheme is Scheme.TEMPORARY:
            return self._once_fen(action)
        if action not in MONTHLY:
            return None
        if self.special and facts.opinion and facts.opinion.grants:
            return facts.opinion.amount_fen
        return facts.finding.payable_fen or None if facts.finding else None

    def _once_fen(self, action: Action) -> int | None:
        """The amount once that a dialog starts from: as minuted, as proposed, as calculated, as applied for."""
        facts = self.file.facts
        if action is Action.CONFIRM and facts.temporary and facts.temporary.minutes:
            return facts.temporary.minutes.amount_fen
        if action is not Action.GIVE_OPINION and facts.opinion and facts.opinion.grants:
            return facts.opinion.amount_fen
        found = facts.finding.payable_once_fen if facts.finding else 0
        return found or self.file.benefit.requested_fen

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """What stands in the way before anything is typed."""
        offer = next((o for o in offered(self.facts, actor()) if o.action is self.action), None)
        if offer is None:
            return (Reason("not_in_this_stage", action=self.action, stage=stage_of(self.file.benefit)),)
        return offer.reasons

    def form(self, posted: Any = None) -> Form:
        """The dialog's form, as it opens or as it was typed."""
        ask = self.ask
        made = type("StepForm", (Form,), {name: FIELDS[name](ask, self) for name in ask.fields})
        form: Form = made(posted)
        for name in self.required & set(ask.fields):
            form[name].flags.required = True
        return form

    @property
    def required(self) -> set[str]:
        """The fields without which the machine refuses, whatever else is given."""
        rule = next(
            (r for r in rules_of(self.file.facts.scheme, self.file.facts.stage) if r.action is self.action), None
        )
        asked = [check(self.file.facts, given) for given in NEXT_TO_NOTHING for check in (rule.inputs if rule else ())]
        return {FIELD_OF[reason.code] for reason in asked if reason is not None and reason.code in FIELD_OF}

    def said(self, reasons: Any) -> list[Said]:
        """Reasons as sentences with the places that clear them."""
        return [say(reason, self.file.benefit, self.file.facts, actor(), fields=True) for reason in reasons]

    def help_of(self, name: str) -> str:
        """What one should know for a field: the limits that hold here."""
        facts = self.file.facts
        if name == "months" and facts.classes:
            return gettext("At most %(most)s months here.", most=facts.classes.longest_months or 0)
        if name == "goods":
            return gettext("What is given, where it is not money; the amount says what it is worth.")
        if name == "months" and facts.grace_months:
            least, most = facts.grace_months
            return gettext("From %(least)s to %(most)s months here.", least=least, most=most)
        if name == "amount" and self.action is Action.PAY_FIRST and facts.township_limit_fen:
            return gettext("The township pays up to %(amount)s yuan.", amount=yuan(facts.township_limit_fen))
        if name == "amount" and self.action is Action.GIVE_OPINION:
            return gettext("Only with an opinion in favour.")
        return ""

    def about(self) -> list[tuple[str, Any]]:
        """What every dialog restates: who, which scheme, how much, from which month."""
        benefit, opinion = self.file.benefit, self.file.facts.opinion
        persons = ngettext("%(num)s person", "%(num)s persons", benefit.persons)
        rows = [
            (gettext("Family"), benefit.household.head_name + ("" if self.person else f" · {persons}")),
            (gettext("Scheme"), scheme_in_words(benefit)),
            (gettext("Village"), places.where(benefit.village_code)),
        ]
        if self.person:
            rows.insert(0, (gettext("Person"), self.person.name))
        if found := self.finding:
            rows.append((gettext("By the calculation"), f"{verdict(found.result)} · {day(found.at)}"))
        if opinion and opinion.grants and opinion.amount_fen:
            rows.append((gettext("Proposed"), amount_in_words(benefit, opinion.amount_fen)))
        if benefit.monthly_fen:
            rows.append((gettext("Now"), gettext("%(amount)s yuan each month", amount=yuan(benefit.monthly_fen))))
        rows += self._about_aid()
        if self.action in FROM_A_MONTH and benefit.scheme not in WITHOUT_MONTHS:
            rows.append((gettext("In force from"), month_after(self.on).strftime("%Y-%m")))
        return rows

    def _about_aid(self) -> list[tuple[str, Any]]:
        """The term of a recognition, the payment that is due, who decides above the county's ceiling."""
        benefit, facts = self.file.benefit, self.file.facts
        rows: list[tuple[str, Any]] = []
        if benefit.valid_until:
            rows.append((gettext("Holds until"), day(benefit.valid_until)))
        if facts.temporary and facts.temporary.left:
            due = facts.temporary.left[0]
            told = gettext("%(amount)s yuan on %(day)s", amount=yuan(due.amount_fen), day=day(due.due_on))
            rows.append((gettext("Next payment"), told))
        if facts.authority is Authority.COUNTY_GOVERNMENT and facts.stage is Stage.APPROVAL:
            rows.append((gettext("Decided by"), label(facts.authority)))
        return rows


def amount_in_words(benefit: Benefit, fen: int) -> str:
    """An amount as the scheme pays it: once, or each month."""
    if benefit.scheme is Scheme.TEMPORARY:
        return gettext("%(amount)s yuan once", amount=yuan(fen))
    return gettext("%(amount)s yuan each month", amount=yuan(fen))


def scheme_in_words(benefit: Benefit) -> str:
    """Scheme, with urban or rural where the standard depends on it: 农村低保."""
    scheme = label(benefit.scheme)
    if benefit.scheme in (Scheme.TEMPORARY, *PERSONAL):
        return scheme
    return gettext("%(scheme)s (%(area)s)", scheme=scheme, area=label(benefit.area).lower())
