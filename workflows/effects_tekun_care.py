"""What is on file of each supported person: self-care, wish, guardianship agreement, home (民发〔2021〕43号)."""

from collections.abc import Sequence

from sqlalchemy import select

from models import Member, TekunPerson
from policy.vocabulary import IN_FORCE, Action, HomeGround, Mode, SelfCare, Stage, Unit
from workflows.clocks_tekun import ready_by
from workflows.effects_referral import await_reply
from workflows.reason import Reason, Refused
from workflows.step import Step

A = Action


def people_of(step: Step) -> list[Member]:
    """The people of the case who are there: the one person, or the whole family."""
    benefit = step.benefit
    query = select(Member).where(Member.household_id == benefit.household_id, Member.left_on.is_(None))
    if benefit.unit is Unit.SINGLE:
        query = query.where(Member.id == benefit.member_id)
    return list(step.session.scalars(query.order_by(Member.id)))


def _whose(step: Step) -> tuple[Member, TekunPerson]:
    """The person a step is about, with the row of their support; Refused where it is not said whose."""
    people = people_of(step)
    named = [one for one in people if one.id == step.given.person] if step.given.person else people
    if len(named) != 1:
        raise Refused([Reason("person_missing")])
    step.data["person"], step.data["name"] = named[0].id, named[0].name
    return named[0], _row(step, named[0])


def _row(step: Step, member: Member) -> TekunPerson:
    row = next((row for row in rows_of(step) if row.member_id == member.id), None)
    if row is None:
        row = step.place_row(TekunPerson(benefit_id=step.benefit.id, member_id=member.id, items=""))
        step.session.add(row)
        step.session.flush()
    return row


def rows_of(step: Step) -> Sequence[TekunPerson]:
    """What is on file of each person's support."""
    query = select(TekunPerson).where(TekunPerson.benefit_id == step.benefit.id)
    return list(step.session.scalars(query.order_by(TekunPerson.id)))


def assess(step: Step) -> None:
    """Somebody's self-care by the six items; a case in payment waits for the amount that follows."""
    member, row = _whose(step)
    answers = dict(step.given.self_care)
    unmet = [item for item in SelfCare if not answers[item]]
    row.unmet, row.items, row.assessed_on = len(unmet), " ".join(unmet), step.given.day
    member.self_care_unmet = len(unmet)
    met = {item.value: answers[item] for item in SelfCare}
    step.data.update(items=met, unmet=len(unmet), assessed_on=_iso(step))
    _wait_for_amount(step)


def wish(step: Step) -> None:
    """Where somebody wishes to be supported, and who asked for them."""
    member, row = _whose(step)
    assert step.given.mode is not None
    row.wish, row.wish_by, row.wished_on = step.given.mode, step.given.by_name.strip(), step.given.day
    member.support_mode = step.given.mode
    step.data.update(mode=step.given.mode.value, by_name=row.wish_by, consented=step.given.form_signed)
    count_agreements(step)
    _wait_for_amount(step)


def _is_mental(member: Member) -> bool:
    return member.disability_kind is not None and member.disability_kind.value == "mental"


def _iso(step: Step) -> str | None:
    return step.given.day.isoformat() if step.given.day else None


def _wait_for_amount(step: Step) -> None:
    """In payment, a new tier or mode waits to be decided within the term of a reported change."""
    if step.benefit.stage is Stage.ACTIVE and step.facts.tekun:
        due = step.facts.tekun.assess_by
        step.benefit.decide_by = due or ready_by(step.figures, A.REPORT_CHANGE, step.place, step.on)


def count_agreements(step: Step) -> None:
    """Since when somebody supported at home lacks a guardianship agreement; nothing before money is paid."""
    benefit = step.benefit
    lacking = benefit.stage in IN_FORCE and any(_lacks(step, member) for member in people_of(step))
    benefit.agreement_lacking_since = (benefit.agreement_lacking_since or step.on) if lacking else None


def _lacks(step: Step, member: Member) -> bool:
    row = next((row for row in rows_of(step) if row.member_id == member.id), None)
    central = (row.wish if row and row.wish else member.support_mode) is Mode.CENTRAL
    return not central and (row is None or row.agreement_on is None)


def agree(step: Step) -> None:
    """Who signed a guardianship agreement for somebody, when, with its paper."""
    _, row = _whose(step)
    row.guardian, row.agreement_on = step.given.by_name.strip(), step.given.day
    row.agreement_file_id = step.given.file_id or row.agreement_file_id
    step.data.update(guardian=row.guardian, signed_on=_iso(step), file_id=row.agreement_file_id)
    step.session.flush()
    count_agreements(step)


def place(step: Step) -> None:
    """Somebody who wished it lives in a home from a day."""
    member, row = _whose(step)
    if row.wish is not Mode.CENTRAL:
        raise Refused([Reason("no_wish_for_home")])
    _let_in(step, member, row)
    row.home, row.home_from, row.home_until = step.given.home.strip(), step.given.day, None
    step.data.update(home=row.home, home_from=_iso(step))


def _let_in(step: Step, member: Member, row: TekunPerson) -> None:
    """Refused for who is known to be mentally ill, or was referred for such an illness, where the place bars these.

    An illness that passed stands in the way no longer once a hospital's certificate is on file.
    """
    rule = step.figures.find("tekun.home_bar", place=step.place, on=step.on)
    if rule is None:
        return
    if HomeGround.MENTAL in rule.words and _is_mental(member):
        raise Refused([Reason("home_barred_by_record", name=member.name, cite=rule.cite)])
    if row.ground in rule.words and not step.given.form_signed:
        raise Refused([Reason("home_barred_since", name=member.name, office=row.referred_to, cite=rule.cite)])
    if row.ground in rule.words:
        row.ground, step.data["certified"] = HomeGround.NONE, True


def refer(step: Step) -> None:
    """The ground is kept apart from the steps, which everybody of the place may read."""
    _, row = _whose(step)
    row.referred_to, row.ground = step.given.home.strip(), step.given.ground or row.ground
    step.data["referred_to"] = row.referred_to
    await_reply(step)


def leave_home(step: Step) -> None:
    """Somebody left a home on a day."""
    _, row = _whose(step)
    row.home_until = step.given.day
    step.data.update(home=row.home, home_until=_iso(step))


def report_change(step: Step) -> None:
    """Somebody's self-care changed, as was told; it is assessed again within the term."""
    _whose(step)
    due = ready_by(step.figures, A.REPORT_CHANGE, step.place, step.on)
    step.data.update(by_name=step.given.by_name.strip(), assess_by=due.isoformat())
