"""What every word of the vocabulary is: a stored code with a label that catalogues translate."""

from enum import StrEnum


class Word(StrEnum):
    """A stored code with a translatable English label: ``NAME = "code", "Label"``."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Word":
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word
