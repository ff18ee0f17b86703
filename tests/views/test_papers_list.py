"""docs/papers.md, the names of papers and the kinds there are tell of the same papers."""

import re

from policy.letters import TITLES_OF
from tests.tree import ROOT
from views.formats import label
from views.papers_kinds import KINDS
from views.papers_lists import ROLLS

TEXT = (ROOT / "docs" / "papers.md").read_text(encoding="utf-8")
OF_CASES, OF_PLACES = (part.split("\n## ")[0] for part in TEXT.split("## Papers of a ")[1:])
CLAUSE = re.compile(r"〔\d{4}〕\d+号|国务院令第\d+号")


def rows(part: str) -> dict[str, list[str]]:
    """The cells of each row by its code."""
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("| `")
    ]
    return {cells[0].strip("`"): cells for cells in lines}


def test_every_kind_is_in_the_list_with_the_clause_that_requires_it():
    found = rows(OF_CASES)
    assert set(found) == set(KINDS)
    assert [code for code, cells in found.items() if not CLAUSE.search(cells[-1])] == []


def test_every_paper_of_a_place_is_in_the_list_with_its_clause():
    found = rows(OF_PLACES)
    assert set(found) == set(ROLLS)
    assert [code for code, cells in found.items() if not CLAUSE.search(cells[-1])] == []


def test_the_list_says_rightly_what_is_a_letter_and_what_is_served():
    for code, cells in rows(OF_CASES).items():
        kind = KINDS[code]
        assert (cells[2] == "文书", cells[3] == "✓") == (kind.numbered, kind.served), code


def test_every_paper_has_a_name_and_no_name_is_left_over():
    assert set(TITLES_OF) == set(KINDS) | set(ROLLS) | {"second_notice", "leaving_undone"}


def test_every_kind_has_a_template_and_states_a_step(app):
    known = app.jinja_env.list_templates()
    assert [code for code in (*KINDS, *ROLLS) if f"papers/{code}.html" not in known] == []
    assert [kind.code for kind in KINDS.values() if not kind.actions] == []


def test_every_step_after_which_a_paper_is_printed_is_named_as_its_button(app):
    with app.test_request_context():
        for code, cells in rows(OF_CASES).items():
            names = {label(action) for action in KINDS[code].actions}
            if code != "minutes":  # of any step that was decided singly
                assert [name for name in names if name not in cells[4]] == [], (code, cells[4])
