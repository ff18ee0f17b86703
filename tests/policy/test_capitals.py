"""Amounts as receipts write them."""

import pytest

from policy.capitals import capitals


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "人民币零元整"),
        (1, "人民币壹分"),
        (10, "人民币壹角整"),
        (79000, "人民币柒佰玖拾元整"),
        (79005, "人民币柒佰玖拾元零伍分"),
        (79050, "人民币柒佰玖拾元伍角整"),
        (79055, "人民币柒佰玖拾元伍角伍分"),
        (100000, "人民币壹仟元整"),
        (100100, "人民币壹仟零壹元整"),
        (101000, "人民币壹仟零壹拾元整"),
        (1000000, "人民币壹万元整"),
        (1000100, "人民币壹万零壹元整"),
        (1050000, "人民币壹万零伍佰元整"),
        (1100000, "人民币壹万壹仟元整"),
        (10000000100, "人民币壹亿零壹元整"),
        (10500000000, "人民币壹亿零伍佰万元整"),
    ],
)
def test_an_amount_reads_as_a_clerk_would_write_it(fen, words):
    assert capitals(fen) == words


def test_there_is_no_negative_amount_on_a_receipt():
    with pytest.raises(ValueError):
        capitals(-1)
