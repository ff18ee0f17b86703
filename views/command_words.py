"""Refusals of commands as sentences: what is wrong, where, and what to do."""

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DBAPIError

from views import account_words
from workflows.reason import Reason, Refused

SENTENCES: dict[str, LazyString] = {
    "secrets_missing": _l(
        "%(file)s is missing, but the database holds data sealed with its keys. Put the file back from your copy; new"
        " keys would make every ID and account number unreadable."
    ),
    "not_loopback": _l(
        "Without HTTPS Doudi serves this machine alone, not %(host)s: passwords and ID numbers would cross the network"
        " readable. Put a server with a certificate in front and set DOUDI_HTTPS=1, or unset DOUDI_HOST."
    ),
    "port_number": _l("PORT is %(port)s; give a number below 65536."),
    "port_taken": _l("Doudi cannot listen on %(host)s:%(port)s (%(why)s). Set PORT to another number."),
    "county_exists": _l(
        "This database has a county already. For another one set DOUDI_INSTANCE to another folder, and"
        " DOUDI_DATABASE_URL, where it is set, to another database."
    ),
    "county_code": _l("%(division)s is not the code of a county: six digits, as 511526."),
    "county_name": _l("Enter the name of the county."),
    "file_charset": _l("The file is neither UTF-8 nor GB18030. Save it as CSV UTF-8 and try again."),
    "place_line": _l("Line %(line)s (%(division)s %(name)s): give a code of 9 or 12 digits and a name."),
    "place_elsewhere": _l("Line %(line)s (%(division)s %(name)s) does not lie in the county %(county)s. Take it out."),
    "place_twice": _l("Line %(line)s: the code %(division)s (%(name)s) stands there twice. Keep one."),
    "place_without_township": _l("Line %(line)s (%(division)s %(name)s): township %(township)s is missing. Add it."),
    "other_keys": _l(
        "The secrets in the instance folder are not those the data of %(county)s was sealed with."
        " Put the right secrets.json back; nothing was changed."
    ),
    "no_pg_dump": _l(
        "A backup of PostgreSQL needs the program pg_dump, which is not installed. Install postgresql-client, or make"
        " the backup yourself and then migrate with --without-backup."
    ),
    "pg_dump_failed": _l("pg_dump could not make the backup: %(why)s"),
    "backup_not_found": _l("There is no file %(file)s."),
    "backup_damaged": _l("%(file)s is damaged or is no backup of Doudi (%(why)s). Choose another backup."),
    "backup_of_nothing": _l("%(file)s holds no county. Choose another backup."),
    "backup_of_another": _l("%(file)s is of %(county)s (%(division)s), another county. Choose another backup."),
    "backup_other_keys": _l("%(file)s was sealed with other keys. Put the secrets.json of that time back first."),
    "backup_newer": _l("%(file)s was made by a newer version of Doudi. Install that version first."),
    "restore_by_hand": _l(
        "PostgreSQL restores by itself, into a new database: createdb -T template0 -E UTF8 -l C NAME, then"
        " pg_restore --no-owner --single-transaction -d NAME %(file)s. Let DOUDI_DATABASE_URL name it and start Doudi;"
        " the present database stays as it is."
    ),
    "database_url": _l(
        "DOUDI_DATABASE_URL begins with %(begins)s. Doudi knows postgresql+psycopg://user:password@host/name, and SQLite"
        " where it is not set."
    ),
}


def sentences(error: Exception) -> list[str]:
    """A sentence for each reason; another error speaks for itself."""
    if isinstance(error, Refused):
        return [sentence(reason) for reason in error.reasons]
    if isinstance(error, DBAPIError):
        return [gettext("The database cannot be used: %(why)s", why=str(error.orig).strip())]
    return [gettext("The database was made by a newer version of Doudi. Install that version.")]


def sentence(reason: Reason) -> str:
    """The sentence of a refusal by a command, or by the accounts it makes."""
    words = SENTENCES.get(reason.code)
    return str(words) % reason.args if words else account_words.sentence(reason)
