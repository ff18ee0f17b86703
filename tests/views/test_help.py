"""The machine's picture and table say what the rules say."""

from pathlib import Path

from flask import Flask

from policy.vocabulary import Scheme, Stage
from views.machine_picture import picture
from workflows import machine_table
from workflows.machine import RULES

DOC = Path(__file__).parents[2] / "docs" / "machine.md"


def test_the_printed_table_is_the_one_in_the_code() -> None:
    assert DOC.read_text(encoding="utf-8") == machine_table.markdown()


def test_every_step_between_two_stages_is_drawn(app: Flask) -> None:
    with app.test_request_context():
        drawn = picture(Scheme.DIBAO)
    words = [word for arrow in drawn.arrows for word in arrow.words]
    words += [note for box in drawn.boxes for note in box.notes]
    moves = [rule for rule in RULES if Scheme.DIBAO in rule.schemes and rule.to is not None]
    wanted = sum(1 if len(rule.from_) >= 4 else sum(stage is not None for stage in rule.from_) for rule in moves)
    assert len(words) == wanted
    assert {box.stage for box in drawn.boxes} == set(Stage)


def test_every_condition_has_a_chinese_sentence(app: Flask) -> None:
    from flask_babel import force_locale, gettext

    needs = {need for line in machine_table.lines() for need in line.needs}
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        assert [need for need in needs if gettext(need) == need] == []
