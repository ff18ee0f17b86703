"""Page families and commands that wait until somebody asks for them: their table is whole, and they come whole."""

import re
from threading import Barrier, Thread

import pytest
from flask import Blueprint, request

from tests.apps import make
from tests.tree import ROOT
from views import late, register
from workflows import listening


@pytest.fixture
def fresh(tmp_path):
    """An app that nobody has asked anything yet."""
    return make(tmp_path)


def test_the_table_holds_every_address_that_the_families_have():
    rest = "python -m views.register > views/addresses.txt"
    assert late.TABLE.read_text(encoding="utf-8") == register.addresses(), f"write it anew: {rest}"


def test_a_family_that_joins_stands_behind_every_address_of_its_own(fresh):
    assert not {one.endpoint for one in late.table()} & set(fresh.view_functions)
    before = len(list(fresh.url_map.iter_rules()))
    fresh.join_all()
    assert {rule.endpoint for rule in fresh.url_map.iter_rules()} == set(fresh.view_functions)
    assert len(list(fresh.url_map.iter_rules())) == before


def test_the_first_request_for_an_address_lets_its_family_alone_join(fresh):
    assert fresh.test_client().get("/desk/").status_code == 302
    assert {"desk.index", "desk.queue"} <= set(fresh.view_functions) and "case.page" not in fresh.view_functions
    assert fresh.test_client().get("/no-such-page").status_code == 404


def test_what_a_family_does_before_each_request_it_does_from_the_first_on(fresh):
    most = []
    fresh.before_request_funcs[None].insert(0, lambda: most.append(request.max_content_length))
    fresh.test_client().post("/import/")
    from views.importing import FORM_BYTES, LIMITS

    assert most == [LIMITS.bytes + FORM_BYTES]


def test_two_who_ask_at_once_let_a_family_join_once(fresh):
    ready, told = Barrier(8), []

    def ask():
        ready.wait()
        told.append(fresh.test_client().get("/case/1/").status_code)

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [302] * 8


def test_a_route_that_the_table_does_not_know_is_refused_with_what_to_do(fresh, monkeypatch):
    pages = Blueprint("desk", __name__)
    pages.add_url_rule("/desk/new", "new", lambda: "")
    monkeypatch.setattr("views.desk.bp", pages)
    with pytest.raises(late.AddressUnknown, match=r"/desk/new .*views\.register"):
        fresh.join("desk")


def test_after_the_first_request_nothing_but_a_family_is_set_up(fresh):
    fresh.test_client().get("/desk/")
    with pytest.raises(AssertionError, match="first request"):
        fresh.add_url_rule("/later", "later", lambda: "")


def test_every_command_stands_where_the_table_says(fresh):
    for name, where in register.COMMANDS.items():
        assert late.found(where).name == name
    runner = fresh.test_cli_runner()
    told = runner.invoke(args=["--help"]).output
    assert all(re.search(rf"^  {name} ", told, re.MULTILINE) for name in register.COMMANDS)
    assert runner.invoke(args=["no-such-command"]).exit_code == 2


@pytest.mark.parametrize("where", sorted({*register.FUNCTIONS.values(), *register.FILTERS.values()}))
def test_what_templates_borrow_is_a_plain_function(where):
    function = late.found(where)
    assert callable(function) and not hasattr(function, "jinja_pass_arg")


def test_whatever_listens_to_every_session_stands_from_the_start():
    listens = re.compile(r"event\.listen(?:s_for)?\((?!connection)")  # one connection's own ends with its work
    found = {file.stem for file in (ROOT / "workflows").rglob("*.py") if listens.search(file.read_text("utf-8"))}
    assert found == {module.__name__.rpartition(".")[2] for module in listening.LISTENERS}
