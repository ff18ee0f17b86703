"""What somebody is to a new head of the family, where that follows from what both were to the old one."""

from policy.vocabulary import Relation, Sex

R = Relation
CHILD = (R.SON, R.DAUGHTER)
# What the new head was to the old one, then: what another was to the old head → what that person is to the new one.
_KNOWN: dict[Relation, dict[Relation, Relation]] = {
    R.SPOUSE: {
        R.HEAD: R.SPOUSE, R.SON: R.SON, R.DAUGHTER: R.DAUGHTER, R.CHILD_IN_LAW: R.CHILD_IN_LAW,
        R.GRANDCHILD: R.GRANDCHILD, R.PARENT: R.PARENT_IN_LAW, R.PARENT_IN_LAW: R.PARENT,
    },
    R.SON: {R.HEAD: R.PARENT, R.SPOUSE: R.PARENT, R.SON: R.SIBLING, R.DAUGHTER: R.SIBLING, R.PARENT: R.GRANDPARENT},
    R.PARENT: {
        R.SPOUSE: R.CHILD_IN_LAW, R.SON: R.GRANDCHILD, R.DAUGHTER: R.GRANDCHILD, R.PARENT: R.SPOUSE,
        R.CHILD_IN_LAW: R.OTHER, R.GRANDCHILD: R.OTHER,
    },
    R.PARENT_IN_LAW: {R.HEAD: R.CHILD_IN_LAW, R.SON: R.GRANDCHILD, R.DAUGHTER: R.GRANDCHILD, R.PARENT_IN_LAW: R.SPOUSE},
    R.GRANDCHILD: {R.HEAD: R.GRANDPARENT, R.SPOUSE: R.GRANDPARENT},
    R.GRANDPARENT: {R.HEAD: R.GRANDCHILD, R.SIBLING: R.GRANDCHILD, R.GRANDPARENT: R.SPOUSE},
    R.SIBLING: {R.HEAD: R.SIBLING, R.SIBLING: R.SIBLING, R.PARENT: R.PARENT, R.GRANDPARENT: R.GRANDPARENT},
    R.CHILD_IN_LAW: {R.HEAD: R.PARENT_IN_LAW, R.SPOUSE: R.PARENT_IN_LAW},
}  # fmt: skip
_KNOWN[R.DAUGHTER] = _KNOWN[R.SON]


def to_new_head(head_was: Relation, was: Relation, sex: Sex) -> Relation | None:
    """What somebody who was ``was`` to the old head is to a new head who was ``head_was``; None: ask.

    A child's child, a child's spouse and the like may be of either, so they are asked for.
    """
    child = R.SON if sex is Sex.MALE else R.DAUGHTER
    if head_was is R.PARENT and was in (R.HEAD, R.SIBLING):
        return child
    return _KNOWN.get(head_was, {}).get(was)
