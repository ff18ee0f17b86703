"""Form fields of the panel: words of the vocabulary, money in 元, days, and numbers that are never shown back."""

from collections.abc import Callable, Iterable
from typing import Any

from flask_admin.contrib.sqla.form import AdminModelConverter
from flask_admin.model.form import converts
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField, DateField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField,
    ValidationError, validators, widgets,
)  # fmt: skip

from policy.money import BadMoney, parse_yuan, yuan
from policy.vocabulary import Word


def strip(text: Any) -> Any:
    """Text without blanks around it."""
    return text.strip() if isinstance(text, str) else text


def none_if_empty(value: Any) -> Any:
    """None for nothing typed."""
    return None if value == "" else value


class WordField(SelectField):
    """One word of a vocabulary; ``blank`` allows none."""

    def __init__(self, label: Any = None, words: Iterable[Word] = (), blank: bool = False, **kwargs: Any) -> None:
        self.words, self.blank = tuple(words), blank
        kinds = {word.value: word for word in self.words}
        super().__init__(label, coerce=lambda v: kinds.get(str(v), v) if v else None, choices=self._choices, **kwargs)

    def _choices(self) -> list[tuple[str, str]]:
        blank = [("", "—")] if self.blank else []
        return blank + [(word.value, gettext(word.label)) for word in self.words]

    def iter_choices(self) -> Any:
        chosen = "" if self.data is None else str(self.data)
        for value, text in self._choices():
            yield value, text, value == chosen, {}

    def pre_validate(self, form: Any) -> None:
        if self.data is None and self.blank:
            return
        if self.data not in self.words:
            raise ValidationError(gettext("Choose one of the list."))


class WordsField(SelectMultipleField):
    """Several words of a vocabulary, as boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def __init__(self, label: Any = None, words: Iterable[Word] = (), **kwargs: Any) -> None:
        self.words = tuple(words)
        kinds = {word.value: word for word in self.words}
        super().__init__(label, coerce=lambda v: kinds.get(str(v), v), choices=self._choices, **kwargs)

    def _choices(self) -> list[tuple[str, str]]:
        return [(word.value, gettext(word.label)) for word in self.words]


class YesNoField(WordField):
    """Yes, no, or not known."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        SelectField.__init__(self, label, coerce=self._read, choices=self._choices, **kwargs)

    def _choices(self) -> list[tuple[str, str]]:
        return [("", "—"), ("yes", gettext("Yes")), ("no", gettext("No"))]

    @staticmethod
    def _read(value: Any) -> bool | None:
        return {"yes": True, "no": False, "True": True, "False": False}.get(str(value))

    def iter_choices(self) -> Any:
        chosen = {True: "yes", False: "no"}.get(self.data, "")  # type: ignore[arg-type]
        for value, text in self._choices():
            yield value, text, value == chosen, {}

    def pre_validate(self, form: Any) -> None:
        return None


class YuanField(StringField):
    """An amount typed in 元, kept in 分."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else yuan(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        try:
            self.data = parse_yuan(text) if text else None
        except BadMoney as error:
            self.data = None
            raise ValueError(gettext(BadMoney.MESSAGES[error.code], **error.args_by_name)) from None
        if self.data is not None and self.data >= 2**31:
            self.data = None
            raise ValueError(gettext("The amount is too large."))


class SealedField(StringField):
    """A number kept encrypted: empty means unchanged; what is kept is shown masked beside it, never filled in."""

    def __init__(self, label: Any = None, read: Callable[[str], str] = str, **kwargs: Any) -> None:
        super().__init__(label, filters=[strip, none_if_empty], **kwargs)
        self.read = read

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ""

    def process_data(self, value: Any) -> None:
        self.data = None

    def pre_validate(self, form: Any) -> None:
        if self.data:
            self.data = self.read(self.data)

    def populate_obj(self, obj: Any, name: str) -> None:
        if self.data:
            setattr(obj, name, self.data)


class SmallIntegerField(IntegerField):
    """A whole number that every database can keep."""

    def __init__(self, label: Any = None, least: int = 0, most: int = 1_000_000, **kwargs: Any) -> None:
        bounds = validators.NumberRange(least, most, _l("Between %(min)s and %(max)s."))
        super().__init__(label, validators=[*kwargs.pop("validators", ()), bounds], **kwargs)


class PanelConverter(AdminModelConverter):
    """From column types to the fields above."""

    @converts("models.base.Coded")
    def conv_coded(self, column: Any, field_args: dict[str, Any], **extra: Any) -> WordField:
        """A vocabulary word."""
        field_args.pop("default", None)
        return WordField(words=column.type.words, blank=column.nullable, **field_args)

    @converts("Date")
    def convert_date(self, field_args: dict[str, Any], **extra: Any) -> DateField:
        """A day, in the browser's own picker."""
        return DateField(**field_args)

    @converts("Boolean")
    def conv_boolean(self, column: Any, field_args: dict[str, Any], **extra: Any) -> Any:
        """Yes or no; yes, no or not known where the column may be empty."""
        return YesNoField(**field_args) if column.nullable else BooleanField(**field_args)

    @converts("Integer")
    def handle_integer_types(self, column: Any, field_args: dict[str, Any], **extra: Any) -> Any:
        """Money where the name says so, else a count."""
        return YuanField(**field_args) if column.name.endswith("_fen") else SmallIntegerField(**field_args)

    @converts("Text")
    def conv_text(self, column: Any, field_args: dict[str, Any], **extra: Any) -> TextAreaField:
        """Several lines."""
        field_args["filters"] = [strip]
        field_args["validators"].append(validators.Length(max=2000))
        return TextAreaField(**field_args)

    @converts("String")
    def conv_string(self, column: Any, field_args: dict[str, Any], **extra: Any) -> StringField:
        """One line, no longer than the column."""
        field_args["filters"] = [strip, none_if_empty] if column.nullable else [strip]
        field_args["validators"].append(validators.Length(max=column.type.length))
        return StringField(**field_args)
