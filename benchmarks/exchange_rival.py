"""The same roster through django-import-export, as its guide has it: a model, a resource, import_data, rows checked.

Runs in an environment of its own, with the roster and a folder for the database as arguments.
"""

import json
import resource
import sys
from pathlib import Path
from time import process_time

import django
from django.conf import settings

SHEET, HOME = Path(sys.argv[1]), Path(sys.argv[2])
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(HOME / "rival.sqlite3")}},
    INSTALLED_APPS=["django.contrib.contenttypes", "import_export"], DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=False,
)  # fmt: skip
django.setup()

import tablib  # noqa: E402
from django.core.exceptions import ValidationError  # noqa: E402
from django.db import connection, models  # noqa: E402
from import_export import resources  # noqa: E402

from policy.identity import BadIdNumber, parse_id_number  # noqa: E402


def valid(number: str) -> None:
    """The check digit, as any office would ask for."""
    try:
        parse_id_number(number)
    except BadIdNumber as bad:
        raise ValidationError(bad.message) from None


def main() -> None:
    """Import, and print what it took."""
    data = tablib.Dataset().load(SHEET.read_text(encoding="utf-8-sig"), format="csv")
    headers = list(data.headers)
    data.headers = [f"c{n}" for n in range(len(headers))]
    number = f"c{headers.index('身份证号')}"
    fields: dict[str, object] = {name: models.CharField(max_length=200, blank=True) for name in data.headers}
    fields[number] = models.CharField(max_length=18, unique=True, validators=[valid])
    member = type("Member", (models.Model,), {**fields, "__module__": __name__, "Meta": type("Meta", (), {"app_label": "contenttypes"})})  # fmt: skip  # noqa: E501
    with connection.schema_editor() as editor:
        editor.create_model(member)
    options = {"model": member, "import_id_fields": [number], "skip_unchanged": True, "clean_model_instances": True}
    resource_class = type("Members", (resources.ModelResource,), {"Meta": type("Meta", (), options)})
    began = process_time()
    found = resource_class().import_data(data, dry_run=False, raise_errors=True, use_transactions=True)
    took = process_time() - began
    assert found.totals["new"] == len(data), found.totals
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"steps": {"import": took}, "megabytes": peak}))


main()
