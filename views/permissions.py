"""Who may call which route. Closed by default: a route that is not in the table answers 403 to everybody.

To add a route
  1. write it (``@expose`` in a Flask-Admin view, named in its ``routes``, or a blueprint's route);
  2. add ``"<endpoint>": WHO`` to ROUTES below, under the family of its page (PUBLIC: also without a login);
  3. ``python -m views.register > views/addresses.txt``: the family is loaded when the address is asked for;
  4. where the address holds an id, tell the tests how to make one that is in reach and one that is not:
     ``SAMPLES["<endpoint>"]`` in tests/views/samples.py.
The table says *who may come in at all*; which rows they meet there is ``workflows.actor.scoped``, and which steps
are lawful is ``workflows.machine``. Tests walk the application's address map and fail for a route without a line.
"""

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue

from policy.vocabulary import Role
from views.context import reader
from workflows import actor as roles

Who = frozenset[Role | None]

SIGNED_IN: Who = frozenset((*Role, None))  # None: somebody whose role has not been granted yet
READERS: Who = roles.SEES_CASES
WORKERS: Who = READERS - {Role.AUDITOR}
CALCULATORS: Who = frozenset(roles.CALCULATORS)
SUPERVISOR: Who = frozenset({Role.SUPERVISOR})
SURVEYORS: Who = SUPERVISOR | {Role.TOWNSHIP_OFFICER}  # what a survey found is recorded before it is calculated
OVERSEERS: Who = frozenset({Role.SUPERVISOR, Role.AUDITOR})
FIELD: Who = frozenset(roles.FIELD)
IMPORTERS: Who = frozenset(roles.IMPORTERS)
BUNDLERS: Who = frozenset({Role.COUNTY_REVIEWER, Role.SUPERVISOR})
MATCH_READERS: Who = READERS - {Role.VILLAGE_WORKER}
PREVIEWERS: Who = frozenset(roles.PREVIEWERS)
ADJUSTERS: Who = frozenset(roles.ADJUSTERS)
POLICY_READERS: Who = PREVIEWERS | {Role.AUDITOR}
PAPER_OFFICES: Who = SUPERVISOR | {Role.SYSTEM_ADMIN}
SYSTEM_ADMIN: Who = frozenset({Role.SYSTEM_ADMIN})
SECURITY_ADMIN: Who = frozenset({Role.SECURITY_ADMIN})
ADMINS: Who = SYSTEM_ADMIN | SECURITY_ADMIN
NOBODY: Who = frozenset()

PUBLIC = frozenset(
    {"static", "bootstrap.static", "language.choose"}
    | {"login.index", "login.code", "login.password", "login.enrol", "login.logout"}
)

ROUTES: dict[str, Who] = {
    # desk and case
    "desk.index": SIGNED_IN,
    "desk.queue": WORKERS,
    "case.page": READERS,
    "case.step": WORKERS,
    "case.finding": READERS,
    "case.calculate": CALCULATORS,
    # applications
    "application.index": FIELD,
    "application.remove_draft": FIELD,
    # what happens in a family, and what waits because of it
    "household_events.menu": FIELD,
    "household_events.event": FIELD,
    "household_events.leave": FIELD,
    "household_events.done": READERS,
    "household_events.undo": frozenset({Role.TOWNSHIP_OFFICER}),
    "household_tasks.index": READERS,
    "household_tasks.move": READERS,
    "household_tasks.decide": frozenset({Role.TOWNSHIP_OFFICER}),
    "household_tasks.report": READERS,
    "household_tasks.turn_down": frozenset({Role.TOWNSHIP_OFFICER}),
    "household_coming.page": READERS,
    "household_coming.give_up": frozenset({Role.TOWNSHIP_OFFICER}),
    # visits made
    "visiting.new": WORKERS,
    "visiting.record": WORKERS,
    "visiting.settle": frozenset({Role.TOWNSHIP_OFFICER}),
    # documents
    "attachments.index": READERS,
    "attachments.add": WORKERS,
    "attachments.download": READERS,
    "attachments.view": READERS,
    "attachments.withdraw": WORKERS,
    # papers for print
    "papers.page": READERS,
    "papers.full": READERS,
    "papers.delivery": READERS,
    "papers.notice": READERS,
    "papers.issue": WORKERS,
    "papers.issued": READERS,
    "papers.print_again": READERS,
    "papers.word": READERS,
    "papers.style": READERS,
    "papers.numbering": READERS,
    "papers.lists": READERS,
    "papers.list_page": READERS,
    "papers.list_issue": WORKERS,
    "papers.list_full": READERS,
    "papers.many": WORKERS,
    "papers.issue_many": WORKERS,
    "papers.aside": WORKERS,
    "papers.set_aside": WORKERS,
    "papers.take_back": WORKERS,
    "papers.together": READERS,
    "papers.templates": SUPERVISOR,
    "papers.add_template": SUPERVISOR,
    "papers.try_template": SUPERVISOR,
    "papers.activate_template": SUPERVISOR,
    "papers.retire_template": SUPERVISOR,
    "papers.template_file": SUPERVISOR,
    "papers.offices": PAPER_OFFICES,
    "papers.choose_word": PAPER_OFFICES,
    "issued_paper.index_view": READERS,
    # one's own account
    "account.index": SIGNED_IN,
    "account.password": SIGNED_IN,
    "account.begin_second_factor": SIGNED_IN,
    "account.turn_on": SIGNED_IN,
    "account.turn_off": SIGNED_IN,
    "account.recovery_codes": SIGNED_IN,
    "account.end_session": SIGNED_IN,
    "account.forget_browser": SIGNED_IN,
    "account.forget_browsers": SIGNED_IN,
    "account.language": SIGNED_IN,
    # people and divisions
    "users.index": ADMINS,
    "users.page": ADMINS,
    "users.new": SYSTEM_ADMIN,
    "users.manage": SYSTEM_ADMIN,
    "users.reset": SYSTEM_ADMIN,
    "users.grant": SECURITY_ADMIN,
    "users.reset_second_factor": SECURITY_ADMIN,
    "users.rules": SECURITY_ADMIN,
    "users.end_sessions": ADMINS,
    "division.index_view": SYSTEM_ADMIN,
    "division.page": SYSTEM_ADMIN,
    "division.add": SYSTEM_ADMIN,
    "division.rename": SYSTEM_ADMIN,
    # frame and search
    "home.index": SIGNED_IN,
    "search.index": READERS,
    "search.page": SIGNED_IN,
    "palette.entries": SIGNED_IN,
    "palette.find": READERS,
    "help.machine": SIGNED_IN,
    "help.page": SIGNED_IN,
    "first_day.go": SIGNED_IN,
    "first_day.lay_aside": SIGNED_IN,
    "first_day.again": SIGNED_IN,
    # what the rules come to
    "trial.index": READERS,
    # the register of near relatives
    "county_checks.index": MATCH_READERS,
    "near_relative.index": READERS,
    "near_relative.add": frozenset({Role.COUNTY_REVIEWER}),
    "near_relative.paste": frozenset({Role.COUNTY_REVIEWER}),
    "near_relative.strike": frozenset({Role.COUNTY_REVIEWER}),
    # figures of the rules
    "figures.index": READERS,
    "figures.page": READERS,
    "figures.confirm": SUPERVISOR,
    "figures.withdraw": SUPERVISOR,
    "figure_entry.new": SUPERVISOR,
    "figure_entry.add": SUPERVISOR,
    "comparison.index": READERS,
    # families and people
    "household.index_view": READERS,
    "household.page": READERS,
    "household.history_view": READERS,
    "household.reveal_view": READERS,
    "household.edit_view": SUPERVISOR,
    "member.index_view": READERS,
    "member.page": READERS,
    "member.history_view": READERS,
    "member.reveal_view": READERS,
    "member.edit_view": SUPERVISOR,
    "member_facts.edit_view": SURVEYORS,
    "income_line.create_view": SURVEYORS,
    "income_line.edit_view": SURVEYORS,
    "income_line.remove_view": SURVEYORS,
    "spending_line.create_view": SURVEYORS,
    "spending_line.edit_view": SURVEYORS,
    "spending_line.remove_view": SURVEYORS,
    "asset.create_view": SURVEYORS,
    "asset.edit_view": SURVEYORS,
    "asset.remove_view": SURVEYORS,
    "obligor.create_view": SURVEYORS,
    "obligor.edit_view": SURVEYORS,
    "obligor.remove_view": SURVEYORS,
    # benefits and papers
    "benefit.index_view": READERS,
    "owed_paper.index_view": READERS,
    "watch.index_view": READERS,
    "watch_look.page": READERS,
    "watch_look.record": FIELD,
    # lists kept under a name
    "saved_views.index": READERS,
    "saved_views.save": READERS,
    "saved_views.rename": READERS,
    "saved_views.remove": READERS,
    "saved_views.set_usual": READERS,
    "saved_views.share": SUPERVISOR,
    # one step for many cases
    "bulk.index": WORKERS,
    "bulk.take": WORKERS,
    "bulk.page": WORKERS,
    "bulk.resume": WORKERS,
    # visits
    "visit.index_view": READERS,
    "visit.page": READERS,
    "visit.history_view": READERS,
    "visit.edit_view": SUPERVISOR,
    # rosters in
    "importing.index": IMPORTERS,
    "importing.upload": IMPORTERS,
    "importing.page": IMPORTERS,
    "importing.apply": IMPORTERS,
    "import_undo.page": IMPORTERS,
    "import_undo.undo": IMPORTERS,
    "importing.report": IMPORTERS,
    "importing.resume": IMPORTERS,
    "importing.villages": IMPORTERS,
    "importing.choose": IMPORTERS,
    "import_again.show": IMPORTERS,
    "import_reading.page": IMPORTERS,
    "import_reading.decide": IMPORTERS,
    "import_reading.drop": IMPORTERS,
    "import_reading.plain": IMPORTERS,
    # adjustment to new figures, and what-if
    "recalculation.index": POLICY_READERS,
    "recalculation.page": POLICY_READERS,
    "recalculation_export.download": POLICY_READERS,
    "recalculation.begin": PREVIEWERS,
    "recalculation.drop": PREVIEWERS,
    "recalculation.resume": PREVIEWERS,
    "recalculation.apply": ADJUSTERS,
    "recalculation.undo": ADJUSTERS,
    "simulation.index": POLICY_READERS,
    "simulation.page": POLICY_READERS,
    "simulation.begin": PREVIEWERS,
    "simulation.resume": PREVIEWERS,
    "simulation.export": POLICY_READERS,
    # departments' lists against our people
    "matching.index": MATCH_READERS,
    "matching.upload": IMPORTERS,
    "matching.page": MATCH_READERS,
    "matching_work.page": IMPORTERS,
    "matching_work.resume": IMPORTERS,
    "matching.close": IMPORTERS,
    "matching.line": MATCH_READERS,
    "matching.settle": IMPORTERS,
    "matching.authorise": IMPORTERS,
    "entitlement.index": READERS,
    "entitlement.export": READERS - {Role.VILLAGE_WORKER},
    "leads.index": READERS,
    "leads.new": WORKERS,
    "rounds.index": FIELD,
    "leads.settle": FIELD | {Role.COUNTY_REVIEWER},
    # lists and rosters out
    "export_jobs.page": READERS,
    "export_jobs.resume": READERS,
    "export_jobs.file": READERS,
    "exporting.index": READERS,
    "exporting.roster": READERS,
    "exporting.roster_download": READERS,
    "exporting.page": READERS,
    "exporting.download": READERS,
    "bundle.page": BUNDLERS,
    "bundle.download": BUNDLERS,
    # oversight
    "audit.index_view": OVERSEERS,
    "audit.page": OVERSEERS,
}


def may(role: Role | None, endpoint: str) -> bool:
    """Whether a signed-in person of this role may call the route."""
    return endpoint in PUBLIC or role in ROUTES.get(endpoint, NOBODY)


def allowed(endpoint: str) -> bool:
    """Whether whoever sends this request may call the route; templates ask it before they show a link."""
    if endpoint in PUBLIC:
        return True
    who = reader()
    return bool(who and who.is_authenticated) and may(who.role, endpoint)


def guard() -> ResponseReturnValue | None:
    """Let a request in, send it to the login page, or answer 403; runs before every view."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC:
        return None
    user = reader()
    if not user.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    if not may(user.role, endpoint):
        current_app.logger.warning("refused %s to user %s", endpoint, user.get_id())
        abort(403)
    return None


def init_permissions(app: Flask) -> None:
    """Put the guard before every view and give templates ``allowed(endpoint)``."""
    app.before_request(guard)
    app.jinja_env.globals["allowed"] = allowed
