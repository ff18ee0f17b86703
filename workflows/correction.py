"""What a direct correction of a record takes with it: the causes of a household, the name that heads a family."""

from collections.abc import Iterable

from sqlalchemy.orm.attributes import flag_modified, instance_state

from models import Household, HouseholdCause, HouseholdTag, Member
from policy.vocabulary import Cause, Relation, Tag


def set_causes(household: Household, causes: Iterable[Cause]) -> None:
    """Let these be the household's causes of difficulty; its version moves on when they change."""
    known, wanted = {row.cause: row for row in household.causes}, set(causes)
    if known.keys() != wanted:
        household.causes = [known.get(cause) or HouseholdCause(cause=cause) for cause in sorted(wanted)]
        touch(household)


def set_tags(household: Household, tags: Iterable[Tag]) -> None:
    """Let these be the marks of the household; its version moves on when they change."""
    known, wanted = {row.tag: row for row in household.tags}, set(tags)
    if known.keys() != wanted:
        household.tags = [known.get(tag) or HouseholdTag(tag=tag) for tag in sorted(wanted)]
        touch(household)


def touch(row: Household | Member) -> None:
    """Move a record to its next version because something that hangs on it changed; the history tells of that alone."""
    if instance_state(row).persistent and row.row_key:  # a new record begins with its first version anyway
        flag_modified(row, "row_key")


def follow_head(member: Member) -> None:
    """The household carries its head's name."""
    if member.relation == Relation.HEAD and member.present and member.household.head_name != member.name:
        member.household.head_name = member.name
