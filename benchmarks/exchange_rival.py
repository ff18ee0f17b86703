"""The same roster through django-import-export, as its guide has it: families and people, each with a history.

Every number is checked, a family is found by its head or made, every row of both tables leaves a row of history
(django-simple-history), and the sheet is tried before it is taken, as the package's own admin pages do for their
preview. Runs in an environment of its own, with the roster and a folder for the database as arguments.
"""

import json
import resource
import sys
from pathlib import Path
from time import process_time
from typing import Any

import django
from django.conf import settings

SHEET, HOME = Path(sys.argv[1]), Path(sys.argv[2])
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(HOME / "rival.sqlite3")}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "import_export", "simple_history"],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=False,
)
django.setup()

import tablib  # noqa: E402
from django.core.exceptions import ValidationError  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models  # noqa: E402
from import_export import fields, resources, widgets  # noqa: E402
from simple_history.models import HistoricalRecords  # noqa: E402

from policy.identity import BadIdNumber, parse_id_number  # noqa: E402

NUMBER, HEAD = "身份证号", "户主身份证号"
OF_FAMILY = ("开户银行", "银行账户名称", "银行帐号", "户月保障金额", "所属街", "所属社", "家庭地址", "低保证号")
"""What the roster tells of the family on each of its people's rows."""


def valid(number: str) -> None:
    """The check digit, as any office would ask for."""
    try:
        parse_id_number(number)
    except BadIdNumber as bad:
        raise ValidationError(bad.message) from None


def _model(name: str, **columns: Any) -> Any:
    meta = type("Meta", (), {"app_label": "contenttypes"})
    return type(
        name, (models.Model,), {**columns, "history": HistoricalRecords(), "__module__": __name__, "Meta": meta}
    )


def _models(headers: list[str]) -> tuple[Any, Any, dict[str, str]]:
    """The two tables, and in which column of them each header is kept."""
    kept = {header: f"c{n}" for n, header in enumerate(headers)}
    text = {header: models.CharField(max_length=200, blank=True) for header in headers}
    family = _model(
        "Household",
        head=models.CharField(max_length=18, unique=True),
        **{kept[header]: text.pop(header) for header in OF_FAMILY},
    )
    text[NUMBER] = models.CharField(max_length=18, unique=True, validators=[valid])
    home = models.ForeignKey(family, on_delete=models.CASCADE)
    del text[HEAD]
    person = _model("Member", household=home, **{kept[header]: field for header, field in text.items()})
    with connection.schema_editor() as editor:
        for made in (family, person):
            editor.create_model(made)
            editor.create_model(made.history.model)
    return family, person, kept


def _resource(family: Any, person: Any, kept: dict[str, str]) -> Any:
    def before_import_row(self: Any, row: dict[str, str], **_more: Any) -> None:
        told = {kept[header]: row[header] for header in OF_FAMILY}
        family.objects.get_or_create(head=row[HEAD], defaults=told)

    columns: dict[str, Any] = {
        kept[header]: fields.Field(column_name=header, attribute=kept[header])
        for header in kept
        if header != HEAD and header not in OF_FAMILY
    }
    to_head = widgets.ForeignKeyWidget(family, "head")
    columns["household"] = fields.Field(column_name=HEAD, attribute="household", widget=to_head)
    options = {"model": person, "import_id_fields": [kept[NUMBER]], "skip_unchanged": True}
    meta = type("Meta", (), {**options, "clean_model_instances": True, "fields": list(columns)})
    own = {**columns, "before_import_row": before_import_row, "Meta": meta}
    return type("Members", (resources.ModelResource,), own)


def main() -> None:
    """Try the sheet, import it, and print what each took."""
    call_command("migrate", verbosity=0)
    data = tablib.Dataset().load(SHEET.read_text(encoding="utf-8-sig"), format="csv")
    members, steps = _resource(*_models(list(data.headers))), {}
    for step, dry in (("preview", True), ("import", False)):
        began = process_time()
        found = members().import_data(data, dry_run=dry, raise_errors=True, use_transactions=True)
        steps[step] = process_time() - began
        assert found.totals["new"] == len(data), found.totals
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"steps": steps, "megabytes": peak}))


main()
