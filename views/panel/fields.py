"""Form fields of the panel: words of the vocabulary, money in 元, days, and numbers that are never shown back."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from flask_admin.contrib.sqla.form import AdminModelConverter
from flask_admin.model.form import converts
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
    validators,
    widgets,
)  # fmt: skip

from policy.money import BadMoney, parse_yuan, yuan
from policy.vocabulary import Word


def strip(text: Any) -> Any:
    """Text without blanks around it."""
    return text.strip() if isinstance(text, str) else text


def none_if_empty(value: Any) -> Any:
    """None for nothing typed."""
    return None if value == "" else value


def _choices(words: Iterable[Word]) -> list[SelectChoice]:
    return [SelectChoice(word.value, gettext(word.label)) for word in words]


class WordField(SelectField):
    """One word of a vocabulary; ``blank`` allows none."""

    def __init__(self, label: Any = None, words: Iterable[Word] = (), blank: bool = False, **kwargs: Any) -> None:
        kinds = {word.value: word for word in words}
        choices = [SelectChoice("", "—")] * blank + _choices(kinds.values())
        super().__init__(label, coerce=lambda v: kinds.get(str(v), v) or None, choices=choices, **kwargs)


class WordsField(SelectMultipleField):
    """Several words of a vocabulary, as boxes to tick; a row's value may be rows with the word in attribute ``of``."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def __init__(self, label: Any = None, words: Iterable[Word] = (), of: str = "", **kwargs: Any) -> None:
        self.of, kinds = of, {word.value: word for word in words}
        super().__init__(label, coerce=lambda v: kinds.get(str(v), v), choices=_choices(kinds.values()), **kwargs)

    def process_data(self, value: Any) -> None:
        """Take the words out of the rows."""
        super().process_data([getattr(item, self.of) if self.of else item for item in value or ()])


class YesNoField(SelectField):
    """Yes, no, or not known."""

    READ: ClassVar[dict[str, bool]] = {"yes": True, "no": False, "True": True, "False": False}

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        texts = [("", "—"), ("yes", gettext("Yes")), ("no", gettext("No"))]
        choices = [SelectChoice(*pair) for pair in texts]
        super().__init__(label, coerce=lambda v: self.READ.get(str(v)), choices=choices, **kwargs)


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

    def stands(self, typed: str, kept: str | None) -> bool:
        """Whether the number that was typed is the one that is kept."""
        try:
            return bool(typed.strip()) and self.read(typed.strip()) == kept
        except ValueError:
            return False


class WholeRange(validators.NumberRange):
    """Least and most of a whole number, however many digits were typed; the library would make a float of it first."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is None or not self.min <= field.data <= self.max:
            raise ValidationError(self.message % {"min": self.min, "max": self.max})


class SmallIntegerField(IntegerField):
    """A whole number that every database can keep."""

    def __init__(self, label: Any = None, least: int = 0, most: int = 1_000_000, **kwargs: Any) -> None:
        bounds = WholeRange(least, most, _l("Between %(min)s and %(max)s."))
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
