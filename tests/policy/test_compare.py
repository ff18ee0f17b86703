"""What changed between two findings: rows are found again by what they are about, removed ones keep their place."""

from policy.compare import Mark, compare, unmarked


def line(label: str, value: str = "1.00") -> dict[str, object]:
    return {"label": label, "formula": "", "value": value, "clause": "甲"}


def marks(before: list[str | tuple[str, str]], after: list[str | tuple[str, str]]) -> list[tuple[str, str]]:
    rows = [[line(*([x] if isinstance(x, str) else x)) for x in side] for side in (before, after)]
    found = compare({"lines": rows[0]}, {"lines": rows[1]}).rows["lines"]
    return [(str(one.row["label"]), one.mark.value) for one in found]


def test_the_same_finding_has_nothing_marked():
    finding = {"outcome": "eligible", "monthly": "1.00", "lines": [line("a")], "figures_used": {"k": {"value": "1"}}}
    found = compare(finding, finding)
    assert found.count == 0
    assert found == unmarked(finding)


def test_a_line_that_came_is_added_and_one_that_went_is_removed_where_it_stood():
    assert marks(["a", "b", "c"], ["a", "c", "d"]) == [("a", ""), ("b", "removed"), ("c", ""), ("d", "added")]


def test_a_line_that_stood_first_and_went_stays_first():
    assert marks(["a", "b"], ["b"]) == [("a", "removed"), ("b", "")]


def test_a_line_with_another_value_is_changed_and_keeps_the_old_one():
    found = compare({"lines": [line("a", "1.00")]}, {"lines": [line("a", "2.00")]}).rows["lines"]
    assert [(one.mark, one.old["value"], one.row["value"]) for one in found] == [(Mark.CHANGED, "1.00", "2.00")]


def test_lines_that_changed_places_are_neither_added_nor_removed():
    assert marks(["a", "b"], ["b", "a"]) == [("b", ""), ("a", "")]


def test_two_lines_of_one_label_are_told_apart_by_their_order():
    assert marks([("a", "1"), ("a", "2")], [("a", "1"), ("a", "3")]) == [("a", ""), ("a", "changed")]
    assert marks([("a", "1"), ("a", "2")], [("a", "1")]) == [("a", ""), ("a", "removed")]


def test_income_is_found_again_by_person_and_kind():
    wage, pension = ({"ref": "m1", "kind": kind, "month": "10.00"} for kind in ("wage", "pension_basic"))
    found = compare({"income": [wage]}, {"income": [pension, {**wage, "month": "9.00"}]}).rows["income"]
    assert [(one.row["kind"], one.mark) for one in found] == [("pension_basic", Mark.ADDED), ("wage", Mark.CHANGED)]


def test_obligors_are_found_again_by_their_place():
    found = compare({"obligors": [{"able": True}]}, {"obligors": [{"able": False}]}).rows["obligors"]
    assert [one.mark for one in found] == [Mark.CHANGED]


def test_fields_that_differ_keep_what_they_were():
    found = compare({"monthly": "1.00", "review_months": 6}, {"monthly": "2.00", "review_months": 6, "grace": {"a": 1}})
    assert found.old == {"monthly": "1.00", "grace": None}
    assert found.count == 2


def test_figures_are_found_again_by_key():
    one, two, three = ({"value": number} for number in "123")
    found = compare({"figures_used": {"x": one}}, {"figures_used": {"x": two, "y": three}})
    assert [(one.row["key"], one.mark) for one in found.rows["figures_used"]] == [("x", "changed"), ("y", "added")]


def test_findings_that_lack_a_section_compare_all_the_same():
    assert [one.mark for one in compare({}, {"reasons": [{"code": "a"}]}).rows["reasons"]] == [Mark.ADDED]
