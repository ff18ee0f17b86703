"""Which page families and commands there are: each module has ``register(app)`` and one line here."""

from importlib import import_module

from flask import Flask

PAGES: tuple[str, ...] = (
    "login",
    "shell",
    "saved_views",
    "account",
    "users",
    "divisions",
    "desk",
    "first_day",
    "finding_words",
    "case",
    "household",
    "member",
    "lines",
    "benefit",
    "bulk",
    "visit",
    "application",
    "household_events",
    "household_tasks",
    "household_coming",
    "attachments",
    "visiting",
    "importing",
    "import_undo",
    "import_again",
    "import_reading",
    "matching",
    "matching_work",
    "leads",
    "rounds",
    "entitlement",
    "watch_list",
    "exporting",
    "export_jobs",
    "bundle",
    "papers",
    "audit",
    "search",
    "palette",
    "help",
    "near_relatives",
    "county_checks",
    "figures",
    "figure_entry",
    "comparison",
    "trial",
    "recalculation",
    "recalculation_export",
    "simulation",
)
COMMANDS: tuple[str, ...] = (
    "commands",
    "account_commands",
    "commands_audit",
    "commands_demo",
    "commands_exchange",
    "work",
    "commands_assess",
)


def register_all(app: Flask) -> None:
    """Give the app every page family and every command."""
    for name in PAGES + COMMANDS:
        import_module(f"views.{name}").register(app)
