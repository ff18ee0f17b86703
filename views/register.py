"""Which page families and commands there are, and what templates borrow of modules: one line here for each.

A family is a module with ``register(app)``. Nothing of it is loaded at the start: ``views.late`` knows its addresses
from ``addresses.txt``, which ``python -m views.register > views/addresses.txt`` writes anew after a route was added.
"""

from importlib import import_module

from flask import Flask

from views import shell
from views.addresses import Panel
from views.i18n import init_i18n
from views.late import LateCommands, borrowed, table

FAMILIES: tuple[str, ...] = (
    "login",
    "saved_views",
    "account",
    "users",
    "divisions",
    "desk",
    "first_day",
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
    "import_again",
    "import_undo",
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
COMMANDS = {
    "init": "views.commands.init",
    "migrate": "views.commands.migrate",
    "backup": "views.commands.backup",
    "restore": "views.commands.restore",
    "tick": "views.commands.tick",
    "revision": "views.commands.revision",
    "reset-password": "views.commands_account.reset_password",
    "verify-audit": "views.commands_audit.verify_audit",
    "demo": "views.commands_demo.demo",
    "import": "views.commands_exchange.import_",
    "work": "views.commands_work.work",
    "assess": "views.commands_assess.assess",
}
FUNCTIONS = {
    "age_of": "views.member_words.age",
    "available_papers": "views.papers_kinds.available_papers",
    "bulk_offered": "views.bulk_form.offered",
    "condition_of": "views.member_words.condition",
    "documents_of": "views.attachments.documents_of",
    "due_day": "views.panel.cells.due_day",
    "export_url": "views.exporting.export_url",
    "finding_facts": "views.finding_words.facts",
    "help_url": "views.help.help_url",
    "mask": "views.panel.masked.mask",
    "palette_pages": "views.palette.pages",
    "paper_title": "views.papers_text.title_of",
    "papers_aside": "views.papers_aside.of_case",
    "set_of": "views.papers_fit.set_of",
    "to_recheck": "views.visiting.to_recheck",
    "unmarked": "policy.compare.unmarked",
    "views_of": "views.saved_views.of_page",
}
FILTERS = {
    "amount": "views.finding_words.amount",
    "figure_name": "views.finding_words.figure_name",
    "figure_value": "views.finding_words.figure_value",
    "figures_named": "views.finding_words.figures_named",
    "grouped": "views.finding_words.grouped",
    "headed": "views.case_words.headed",
    "listed": "views.case_words.listed",
    "named": "views.finding_words.named",
    "noted": "views.case_words.noted",
    "said": "views.finding_words.said",
    "told": "views.finding_words.told",
    "tone": "views.finding_words.tone",
}


def register_all(app: Panel) -> None:
    """Give the app its frame, and the names of everything that is loaded when it is asked for."""
    shell.register(app)
    app.expect(table())
    app.cli = LateCommands(COMMANDS)
    app.jinja_env.globals.update({name: borrowed(where) for name, where in FUNCTIONS.items()})
    app.jinja_env.filters.update({name: borrowed(where) for name, where in FILTERS.items()})


def addresses() -> str:
    """The table of addresses as the families themselves have it; loads them all."""
    app = Flask("doudi")
    init_i18n(app)
    shell.register(app)
    lines: list[str] = []
    standing = len(list(app.url_map.iter_rules()))
    for family in FAMILIES:
        import_module(f"views.{family}").register(app)
        for rule in list(app.url_map.iter_rules())[standing:]:
            methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            lines.append(f"{family:<21} {rule.endpoint:<34} {methods:<8} {rule.rule}\n")
        standing = len(list(app.url_map.iter_rules()))
    return "".join(lines)


if __name__ == "__main__":
    print(addresses(), end="")
