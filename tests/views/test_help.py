"""The machine's picture and table say what the rules say."""

from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from policy.vocabulary import Action, Scheme, Stage
from views.help import DRAWN
from views.machine_picture import BOX, LINE, Patch, picture, width_of
from workflows import machine_table
from workflows.machine import RULES

DOC = Path(__file__).parents[2] / "docs" / "machine.md"


def test_the_printed_table_is_the_one_in_the_code() -> None:
    assert DOC.read_text(encoding="utf-8") == machine_table.markdown()


def test_the_table_names_every_stage_that_a_step_may_lead_to() -> None:
    for rule, line in zip(RULES, machine_table.lines(), strict=True):
        assert len(line.to) == (rule.to is not None) + len(rule.back_to), rule
    [back] = [line.to for line in machine_table.lines() if line.action == Action.UNDO_LEAVE.label]
    assert back == (Stage.ACTIVE.label, Stage.GRACE.label, Stage.SUSPENDED.label)


def test_every_step_between_two_stages_is_drawn(app: Flask) -> None:
    with app.test_request_context():
        drawn = picture(Scheme.DIBAO)
    words = [word for arrow in drawn.arrows for word in arrow.words]
    words += [note for box in drawn.boxes for note in box.notes]
    moves = [rule for rule in RULES if Scheme.DIBAO in rule.schemes and rule.to is not None]
    wanted = sum(1 if len(rule.from_) >= 4 else sum(stage is not None for stage in rule.from_) for rule in moves)
    assert len(words) == wanted
    assert {box.stage for box in drawn.boxes} == set(Stage)


@pytest.mark.parametrize("language", ["en", "zh_Hans_CN"])
def test_words_of_the_picture_cover_no_box_and_no_other_words(app: Flask, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        drawn = {scheme: picture(scheme) for scheme in DRAWN}
    for scheme, seen in drawn.items():
        assert seen.arrows
        patches = [Patch(box.x, box.y, box.x + BOX[0], box.y + BOX[1]) for box in seen.boxes]
        for arrow in seen.arrows:
            wide, top = max(map(width_of, arrow.words)) / 2, arrow.y - 12
            words = Patch(arrow.x - wide, top, arrow.x + wide, top + LINE * len(arrow.words))
            assert not any(map(words.shared, patches)), (scheme, arrow.words)
            patches.append(words)


def test_every_condition_has_a_chinese_sentence(app: Flask) -> None:
    from flask_babel import gettext

    needs = {need for line in machine_table.lines() for need in line.needs}
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        assert [need for need in needs if gettext(need) == need] == []
