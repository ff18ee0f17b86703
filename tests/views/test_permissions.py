"""The table of permissions, and what the panel takes from Flask-Admin and what it leaves out."""

import inspect

import pytest
from flask_admin import expose
from flask_admin.contrib.sqla.form import AdminModelConverter
from flask_admin.contrib.sqla.view import ModelView

from models import Benefit, Household
from policy.vocabulary import Role
from tests.signing_in import browser_of, settle
from tests.views.leaned_on import LEANED_ON
from views import base
from views.page import PanelPage
from views.panel.fields import PanelConverter
from views.permissions import PUBLIC, ROUTES, may
from workflows.actor import SEES_CASES

STOCK = (
    "/{}/action/", "/{}/ajax/lookup/?name=household&query=a", "/{}/ajax/update/", "/{}/delete/", "/{}/details/?id=1",
    "/{}/export/csv/", "/{}/edit/?id=1", "/{}/new/",
)  # fmt: skip


def ours():
    """Every class that stands between the panel's views and Flask-Admin's."""
    return [cls for cls in base.PanelView.__mro__ if cls.__module__.startswith("views.")] + [PanelConverter]


def listed(cls):
    upstream = AdminModelConverter if cls is PanelConverter else ModelView
    own = {name: value for name, value in vars(cls).items() if inspect.isfunction(value)}
    written = {name for name, value in own.items() if value.__module__ == cls.__module__}
    return {name for name in written if hasattr(upstream, name)}, upstream


@pytest.mark.parametrize("cls", ours(), ids=lambda cls: cls.__name__)
def test_every_method_of_flask_admin_that_we_override_is_listed(cls):
    overridden, upstream = listed(cls)
    assert overridden <= set(LEANED_ON[upstream])


@pytest.mark.parametrize(
    ("cls", "name", "parameters"),
    [(cls, name, parameters) for cls, methods in LEANED_ON.items() for name, parameters in methods.items()],
    ids=lambda value: getattr(value, "__name__", value if isinstance(value, str) else ""),
)
def test_flask_admin_still_has_the_methods_we_lean_on(cls, name, parameters):
    assert tuple(inspect.signature(getattr(cls, name)).parameters) == parameters


def test_a_route_nobody_listed_answers_403_to_everybody(make_app):
    app = make_app()
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    for id in settle(app).values():
        assert browser_of(app, id).get("/forgotten").status_code == 403


def test_a_role_outside_the_table_may_do_nothing():
    assert not may(None, "household.index_view")
    assert not may(Role.SUPERVISOR, "no.such_route")
    assert all(may(None, endpoint) for endpoint in PUBLIC)


def test_administrators_of_the_system_see_no_case():
    families = ("household", "member", "benefit", "visit", "case", "owed_paper")
    of_cases = [endpoint for endpoint in ROUTES if endpoint.split(".")[0] in families]
    assert of_cases
    assert not [e for e in of_cases for role in set(Role) - SEES_CASES if may(role, e)]


def test_an_auditor_edits_nothing():
    assert not [e for e in ROUTES if e.endswith(("edit_view", "create_view", "remove_view")) and may(Role.AUDITOR, e)]


@pytest.mark.parametrize("table", ["household", "member", "benefit", "visit", "audit"])
def test_flask_admins_own_routes_do_not_exist(table, app):
    browser = browser_of(app, settle(app)["supervisor"])
    for where in STOCK:
        for send in (browser.get, browser.post):
            assert send(where.format(table)).status_code in (404, 405), where


def test_none_of_flask_admins_templates_or_files_can_be_reached(app):
    names = app.jinja_env.list_templates()
    own = {name for name in names if name.startswith("admin/")}
    assert own == {"admin/model/create.html", "admin/model/edit.html", "admin/model/list.html"}
    assert not [rule.rule for rule in app.url_map.iter_rules() if "admin" in rule.rule]


@pytest.mark.parametrize(
    ("model", "columns"),
    [(Benefit, ("stage",)), (Benefit, ("monthly_fen",)), (Household, ("address", "row_version"))]
    + [(Household, ("village_code",)), (Household, ())],
)
def test_a_form_of_what_only_steps_may_write_is_refused_when_the_app_is_made(model, columns, app):
    class Open(base.PanelView):
        table, title = model, "x"
        routes = ("index_view", "edit_view")
        form_columns = columns

    with app.app_context(), pytest.raises(base.ClosedForm):
        Open("open")


def test_a_view_says_itself_how_a_table_without_division_codes_is_scoped(app):
    from models import AuditEntry

    class Unscoped(base.PanelView):
        table, title = AuditEntry, "x"

    with app.test_request_context(), pytest.raises(TypeError, match="must say how"):
        Unscoped("unscoped").get_one("1")


def test_a_fault_inside_a_view_is_raised_once_and_as_itself(app):
    calls = []

    class Faulty(PanelPage):
        title = "x"

        @expose("/")
        def index(self):
            calls.append(1)
            raise TypeError("its own fault")

    with app.test_request_context(), pytest.raises(TypeError, match="its own fault"):
        Faulty("faulty")._run_view(Faulty.index.__wrapped__)
    assert calls == [1]


def test_home_leads_everybody_to_a_page_that_is_open_to_them(app):
    for login, id in settle(app).items():
        answer = browser_of(app, id).get("/", follow_redirects=True)
        assert answer.status_code == 200, login
