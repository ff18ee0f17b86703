"""What policy says in English, the panel can say in Chinese."""

from pathlib import Path

from babel.messages.pofile import read_po

from policy.facts_json import BadFacts
from policy.figure_keys import KNOWN_KEYS, Measure, Status
from policy.figures import BadFigure, MissingFigure
from policy.identity import BadIdNumber
from policy.money import BadMoney
from views.figure_words import TOPICS, topic_of, word_label

CATALOGUES = Path(__file__).parents[2] / "views" / "translations" / "zh_Hans_CN"


def translations():
    return {m.id: m.string for path in CATALOGUES.glob("*.po") for m in read_po(path.open("rb")) if m.id}


def test_every_message_and_label_of_policy_has_its_chinese():
    labels = [word.label for word in (*Measure, *Status, *KNOWN_KEYS.values())]
    messages = [text for error in (BadFacts, BadFigure, BadIdNumber, BadMoney) for text in error.MESSAGES.values()]
    known = translations()
    assert [text for text in (*labels, *messages, MissingFigure.message) if not known.get(text)] == []


def test_every_word_that_a_figure_may_hold_has_a_label(app):
    with app.test_request_context():
        bare = [
            (key, word) for key, known in KNOWN_KEYS.items() for word in known.words if word_label(key, word) == word
        ]
    assert bare == []


def test_every_figure_belongs_to_a_topic():
    assert {topic_of(key) for key in KNOWN_KEYS} <= set(range(len(TOPICS)))


def test_no_label_of_a_figure_holds_a_word_of_the_code():
    assert [known.label for known in KNOWN_KEYS.values() if "_" in known.label] == []
