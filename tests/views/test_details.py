"""The twenty details that clerks notice, each with the tests that hold it: DETAILS is the list."""

import ast
import re
from functools import cache

import pytest

from tests.tree import ROOT

SMALLEST_REM = 0.75
"""12 px, of 16 to the rem."""
DETAILS: dict[int, tuple[str, tuple[str, ...]]] = {
    1: ("the queue is grouped, each head counted, empty groups hidden", (
        "views/test_desk.py::test_the_queue_is_grouped_by_lateness_with_counts_and_hides_empty_groups",
        "views/test_desk.py::test_one_group_holds_as_many_as_its_tab_says",
    )),
    2: ("a row names the next verb; three clicks to a saved step", (
        "views/test_desk.py::test_each_row_names_a_verb_whose_dialog_can_be_sent_at_once",
        "views/test_desk.py::test_from_an_overdue_row_to_a_saved_step_takes_three_clicks",
    )),
    3: ("every tile, badge and bar equals the list it opens", (
        "views/test_desk.py::test_every_tile_equals_the_list_it_opens",
        "views/test_desk.py::test_every_number_of_a_place_equals_the_list_it_opens",
        "views/test_lists.py::test_a_number_in_the_menu_equals_the_list_behind_it",
        "views/test_recalculation.py::test_every_bar_of_the_chart_stands_in_the_table_and_leads_to_its_list",
    )),
    4: ("after a step: what happened, what comes next, the next one", (
        "views/test_case.py::test_after_a_step_the_page_says_what_happened_and_offers_the_next_one",
        "browser/test_case_dialogs.py::test_a_step_is_taken_in_its_dialog_and_the_page_says_what_happened",
    )),
    5: ("/ searches; exact opens; one character wrong gives near hits", (
        "browser/test_kit_in_browser.py::test_a_slash_leads_to_the_search_but_stays_a_slash_in_a_field",
        "views/test_search.py::test_what_is_typed_opens_the_one_record_it_fits",
        "views/test_search.py::test_a_case_number_opens_the_case",
        "views/test_search.py::test_a_number_with_one_wrong_character_finds_its_neighbours",
        "views/test_search.py::test_a_case_number_with_one_wrong_digit_finds_its_neighbours",
    )),
    6: ("back restores filter, page, scroll and the focused row", (
        "browser/test_kit_in_browser.py::test_back_returns_to_the_row_and_the_place",
    )),
    7: ("filters live in the address, as removable chips, within the reader's scope", (
        "views/test_lists.py::test_filters_in_use_are_chips_each_with_the_list_without_it",
        "views/test_lists.py::test_a_village_of_another_township_is_no_filter",
        "views/test_saved_views.py::test_only_a_supervisor_shares_and_everybody_sees_their_own_division_through_it",
    )),
    8: ("a refused action lists all reasons, each with its place and who can act; the button stays focusable", (
        "views/test_case.py::test_lawful_steps_are_links_and_the_unlawful_ones_say_why_with_the_way_there",
        "views/test_case.py::test_a_reason_that_another_role_clears_says_who",
        "views/test_kit.py::test_an_unlawful_act_stays_reachable_and_tells_its_reasons",
    )),
    9: ("a refused form returns with every value, the focus on the first error, chosen files kept", (
        "views/test_steps.py::test_the_form_comes_back_with_what_was_typed_and_every_problem_at_once",
        "browser/test_kit_in_browser.py::test_a_refused_dialog_comes_back_with_the_focus_on_the_error",
        "browser/test_chosen_files.py::test_a_refused_file_is_told_and_the_chosen_ones_stay_chosen",
        "browser/test_on_the_road.py::test_photos_are_added_one_by_one_taken_out_again_and_kept_when_the_form_is_refused",
    )),
    10: ("days left show date, unit and clause; kinds of days are never mixed", (
        "views/test_case.py::test_days_left_carry_date_unit_and_clause",
        "views/test_case.py::test_a_notice_is_counted_in_days_of_the_calendar",
        "views/test_kit.py::test_time_left_tells_date_unit_and_clause_to_who_reaches_it_with_the_keyboard",
    )),
    11: ("dialogs restate; the button repeats verb and amount", (
        "views/test_steps.py::test_a_dialog_restates_family_scheme_amount_and_month",
        "views/test_steps.py::test_the_button_repeats_verb_and_amount",
        "browser/test_case_dialogs.py::test_the_button_follows_the_amount_that_is_typed",
    )),
    12: ("a double click, or Back and resubmit, is one event and says so", (
        "views/test_steps.py::test_a_double_click_makes_one_event_and_says_so",
        "browser/test_case_dialogs.py::test_going_back_to_a_step_that_was_taken_says_so_instead_of_offering_it_again",
    )),
    13: ("the conflict page: field, opened, by whom and when, typed; nothing is lost", (
        "views/test_edit.py::test_a_stale_form_shows_both_sides_and_saves_nothing",
        "views/test_edit.py::test_each_field_of_the_conflict_says_who_changed_it_and_when",
        "views/test_edit.py::test_what_only_the_other_changed_is_kept_unless_chosen_otherwise",
        "views/test_edit.py::test_the_choice_is_saved_and_nothing_that_was_typed_is_lost",
        "views/test_steps.py::test_a_stale_form_shows_what_the_other_person_did_and_keeps_what_was_typed",
    )),
    14: ("import preview: counted kinds, old and new cells, errors with row, column, value, remedy", (
        "views/test_importing.py::test_a_roster_goes_through_preview_import_and_undo",
        "views/test_importing.py::test_a_changed_cell_shows_old_and_new_and_sealed_numbers_stay_masked",
        "views/test_importing.py::test_a_refusal_says_row_column_value_and_what_to_do_but_not_a_sensitive_value",
    )),
    15: ("refused rows download in their layout; the mended file touches nothing else", (
        "views/test_importing.py::test_refused_rows_come_as_a_file_that_can_be_mended_and_handed_in_again",
        "browser/test_import_journey.py::test_a_dirty_roster_is_imported_mended_from_its_report_and_undone",
    )),
    16: ("the batch page says what can be undone and names the row that blocks it", (
        "views/test_importing.py::test_rows_touched_since_are_listed_with_who_when_and_what_and_stay",
    )),
    17: ("a whole list can be ticked; the preview's counts add up", (
        "views/test_bulk.py::test_the_list_offers_ticks_all_and_only_the_steps_of_the_role",
        "views/test_bulk.py::test_a_preview_says_for_whom_a_step_is_possible_and_for_whom_not_and_why_and_the_counts_add_up",
    )),
    18: ("the timeline groups by day; steps, corrections, looks; documents open from it", (
        "views/test_case.py::test_the_story_goes_day_by_day_with_who_what_and_opinion",
        "views/test_case.py::test_corrections_and_looks_have_their_own_view",
        "views/test_case.py::test_papers_open_from_the_step_that_they_state",
    )),
    19: ("the phone: no sideways scroll, thumbs, keyboards, drafts, acts first, menu without script", (
        "browser/test_phone.py::test_nothing_scrolls_sideways",
        "browser/test_phone.py::test_every_target_of_the_visit_form_is_large_enough_for_a_thumb",
        "browser/test_phone.py::test_the_menu_opens_and_leads_on_without_script",
        "views/test_kit.py::test_a_phone_brings_up_the_right_keyboard",
        "views/test_kit.py::test_the_choice_of_last_time_is_marked",
        "browser/test_kit_in_browser.py::test_what_was_typed_survives_a_reload_and_is_gone_once_saved",
        "browser/test_kit_in_browser.py::test_without_network_nothing_is_sent_or_lost",
        "browser/test_on_the_road.py::test_what_was_typed_on_the_road_is_there_again_after_the_page_was_lost",
        "browser/test_on_the_road.py::test_an_answer_that_never_came_is_asked_for_again_and_the_visit_stands_once",
        "browser/test_kit_in_browser.py::test_logging_out_forgets_what_was_typed",
        "browser/test_case_dialogs.py::test_on_a_phone_the_lawful_steps_come_right_after_the_stages",
    )),
    20: ("a full number takes a reason, hides after a minute, is in the audit at once", (
        "views/test_edit_lines.py::test_a_number_is_shown_in_full_for_a_reason_and_that_is_on_record",
        "browser/test_kit_in_browser.py::test_a_full_number_hides_again_after_a_minute",
    )),
}  # fmt: skip


@cache
def named_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_there_are_twenty_of_them():
    assert list(DETAILS) == list(range(1, 21))


@pytest.mark.parametrize("number", DETAILS)
def test_each_detail_is_held_by_tests_that_exist(number):
    what, named = DETAILS[number]
    assert named, what
    places = [name.split("::") for name in named]
    assert [name for file, name in places if name not in named_in(file)] == [], what


def test_no_text_is_smaller_than_twelve_pixels():
    sizes = re.compile(r"font-size:\s*([\d.]+)(rem|px)")
    small = [
        (path.name, value + unit)
        for path in sorted((ROOT / "views" / "static").glob("*.css"))
        for value, unit in sizes.findall(path.read_text(encoding="utf-8"))
        if float(value) < (SMALLEST_REM if unit == "rem" else 12)
    ]
    assert small == []
