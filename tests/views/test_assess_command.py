"""The command for other programs: facts in, findings out, refusals by their path; and its documentation."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event

from policy import facts_json
from policy.assess import assess
from policy.facts_json import read_family
from policy.figures import Figures
from policy.vocabulary import Outcome
from views.db import db

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "assess.md").read_text(encoding="utf-8")
FACTS = {
    "place": "511526",
    "on": "2020-07-01",
    "scheme": "dibao",
    "figures": {"dibao.standard": 717, "dibao.rounding": "half_up_yuan"},
    "members": [
        {"relation": "head", "income": [{"kind": "wage", "amount": "15491.88", "per": "year"}]},
        {"relation": "spouse"},
        {"relation": "child"},
    ],
}
CODED = re.compile(r'(?:reason|advise|Against|append)\(\(?\s*"([a-z_]+)"|\.date\([^"\n]*"([a-z_]+)"')


@pytest.fixture
def run(app):
    """Run the command on facts; returns exit code, standard output and standard error."""

    def run(facts, name="-"):
        given = facts if isinstance(facts, (str, bytes)) else json.dumps(facts)
        result = app.test_cli_runner().invoke(args=("assess", name), input=given)
        return result.exit_code, result.stdout, result.stderr

    return run


def refused(answer):
    """The first line of a refusal: nothing on standard output, exit code 2."""
    code, out, err = answer
    assert (code, out) == (2, "") and "Traceback" not in err
    return err.splitlines()[0]


def example():
    told, found = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    return json.loads(told), json.loads(found)


def test_facts_come_to_a_finding(run):
    code, out, err = run(FACTS)
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert (found["outcome"], found["monthly"], found["persons"]) == ("eligible", "860.00", 3)
    assert "家庭" in out


def test_an_array_comes_to_an_array_in_the_same_order(run):
    other = {**FACTS, "scheme": "price_subsidy"}
    plain = {**FACTS, "on": "2020-06-01", "area": "rural", "figures": {}}
    code, out, _ = run([FACTS, other, plain, plain])
    assert code == 0 and [one["scheme"] for one in json.loads(out)] == ["dibao", "price_subsidy", "dibao", "dibao"]
    assert run([])[:2] == (0, "[]\n")


def test_a_file_is_read_with_or_without_a_byte_order_mark(run, tmp_path):
    for encoding in ("utf-8", "utf-8-sig"):
        (tmp_path / "facts.json").write_text(json.dumps(FACTS), encoding=encoding)
        assert json.loads(run("", str(tmp_path / "facts.json"))[1])["monthly"] == "860.00"


def test_what_is_wrong_is_named_by_its_path_and_then_said_in_chinese(run):
    bad = {**FACTS, "members": [{}, {}, {"birth": "1965/03/02"}]}
    _, _, err = answer = run(bad)
    assert refused(answer) == "members[2].birth: not a date"
    assert err.splitlines()[1] == "不是日期，应写成 2020-07-01"
    assert refused(run([FACTS, bad])) == "[1].members[2].birth: not a date"


def test_a_missing_figure_is_named_by_its_key(run):
    bare = {**FACTS, "place": "99", "figures": {}}
    assert refused(run(bare)).startswith("figures.dibao.standard: No figure")
    assert refused(run([FACTS, bare])).startswith("[1].figures.dibao.standard: ")


def test_a_trial_value_that_is_none_is_named_by_its_key(run):
    assert refused(run({**FACTS, "figures": {"dibao.standard": 717.5}})).startswith("figures.dibao.standard: ")
    assert refused(run({**FACTS, "figures": {"dibao.standart": 717}})).startswith("figures.dibao.standart: ")


@pytest.mark.parametrize(
    "given",
    ["", "{", "[1,", '{"place": "99" "on"}', b"\xff\xfe", "[" * 100_000, '{"place": "99", "place": "51"}'],
)
def test_what_is_no_json_is_refused(run, given):
    assert refused(run(given))


@pytest.mark.parametrize("given", ["7", "null", "[[]]", '"x"', "NaN"])
def test_json_that_holds_no_facts_is_refused(run, given):
    assert refused(run(given)).endswith("not an object")


def test_a_file_that_is_not_there_is_refused(run):
    code, out, err = run("", "nowhere.json")
    assert (code, out) == (2, "") and "nowhere.json" in err


def test_the_database_is_neither_read_nor_written(app, run):
    said = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
        assert run(FACTS)[0] == 0
    assert said == []


def test_it_runs_in_an_empty_folder_where_no_database_was_ever_made(tmp_path):
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(FACTS), encoding="utf-8")
    settings = {**os.environ, "DOUDI_INSTANCE": str(tmp_path / "new"), "PYTHONIOENCODING": "ascii"}
    words = [sys.executable, "-m", "flask", "--app", "app", "assess", str(facts)]
    done = subprocess.run(words, cwd=ROOT, env=settings, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout.decode("utf-8"))["monthly"] == "860.00"


def test_the_example_of_the_guide_is_what_the_engine_finds():
    told, found = example()
    assert assess(read_family(told), Figures.shipped()).as_json() == found


def test_the_example_of_the_guide_does_not_come_out_of_a_bad_reading():
    _told, found = example()
    assert found["parts"] and found["monthly"] != "0.00" and len(found["lines"]) > 5


@pytest.mark.parametrize("shape", ["FAMILY", "PERSON", "KIN", "ESTATE", "VEHICLE", "CONDUCT", "EVENT", "CURRENT",
                                   "PRICES", "INCOME", "SPENDING", "DISABILITY", "STUDY"])  # fmt: skip
def test_the_guide_names_every_key_of_the_facts(shape):
    keys = [field.key for field in getattr(facts_json, shape).fields]
    assert [key for key in keys if f"`{key}`" not in GUIDE] == []


def test_the_guide_names_every_key_and_outcome_of_a_finding():
    keys = assess(read_family(FACTS), Figures.shipped()).as_json()
    assert [word for word in [*keys, *Outcome] if f"`{word}`" not in GUIDE] == []


def test_the_guide_names_every_code_the_rules_give():
    rules = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "policy").glob("*.py"))
    codes = {code for found in CODED.findall(rules) for code in found if code}
    assert len(codes) > 40 and sorted(code for code in codes if f"`{code}`" not in GUIDE) == []
