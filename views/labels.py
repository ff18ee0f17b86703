"""What columns and tables are called, once: lists, forms and the history use the same words."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from models import Base
from models.base import Coded
from policy.vocabulary import Word
from views.formats import label, yuan

TABLES: dict[str, Any] = {
    "household": _l("Household"),
    "member": _l("Member"),
    "benefit": _l("Benefit"),
    "visit": _l("Visit"),
    "visitor": _l("Visitor"),
    "visit_change": _l("Change found"),
    "household_cause": _l("Cause of difficulty"),
    "household_tag": _l("Mark of the family"),
    "income_line": _l("Income"),
    "spending_line": _l("Spending"),
    "asset": _l("Property"),
    "obligor": _l("Obligor"),
    "attachment": _l("Document"),
    "near_relative": _l("Near relative of staff"),
    "user": _l("User"),
    "division": _l("Division"),
    "county": _l("County"),
    "county_figure": _l("Figure of the county"),
    "figure_check": _l("Figure compared with its document"),
    "owed_paper": _l("Paper owed"),
    "issued_paper": _l("Issued paper"),
    "paper_office": _l("Word in the numbers of papers"),
    "paper_template": _l("Word template of a letter"),
    "instalment": _l("Staged payment"),
    "watch": _l("Watch list"),
    "objection": _l("Objection"),
    "crosscheck": _l("Cross-check"),
    "finding": _l("Calculation"),
    "import_batch": _l("Import"),
    "event": _l("Step"),
}

COLUMNS: dict[str, Any] = {
    "head_name": _l("Head"),
    "id_no": _l("ID number"),
    "last4": _l("Last four of ID"),
    "persons": _l("Persons"),
    "area": _l("Urban or rural"),
    "address": _l("Address"),
    "certificate_no": _l("Certificate number"),
    "bank": _l("Bank"),
    "account_name": _l("Account holder"),
    "account": _l("Bank account"),
    "one_card": _l("One-card account"),
    "phone": _l("Phone"),
    "registered_on": _l("Registered on"),
    "dissolved_on": _l("Dissolved on"),
    "note": _l("Note"),
    "cause": _l("Cause of difficulty"),
    "causes": _l("Cause of difficulty"),
    "township_code": _l("Township"),
    "village_code": _l("Village or community"),
    "village": _l("Village or community"),
    "place": _l("Address"),
    "name": _l("Name"),
    "relation": _l("Relation"),
    "sex": _l("Sex"),
    "birth": _l("Birth"),
    "age": _l("Age"),
    "ethnicity": _l("Ethnicity"),
    "marital": _l("Marital status"),
    "schooling": _l("Schooling"),
    "political": _l("Political status"),
    "employment": _l("Employment"),
    "workplace": _l("Workplace"),
    "school": _l("School"),
    "disability_kind": _l("Kind of disability"),
    "disability_level": _l("Level of disability"),
    "disability_cert": _l("Disability certificate"),
    "illness": _l("Illness"),
    "illness_name": _l("Name of illness"),
    "labour": _l("Ability to work"),
    "health": _l("Health"),
    "insurance": _l("Insurance"),
    "registered_poor": _l("Registered as poor"),
    "cohabiting": _l("Lives in the home"),
    "study": _l("Attends"),
    "study_full_time": _l("Full time"),
    "absence": _l("Away"),
    "cares_for_id": _l("Stays at home to care for"),
    "cares_for": _l("Stays at home to care for"),
    "needs_care": _l("Needs care because"),
    "self_care_unmet": _l("Unmet items of self-care (of six)"),
    "refused_work": _l("Refused work, times in a row"),
    "clergy_years_away": _l("Years away as clergy"),
    "support_mode": _l("Wish for support"),
    "tags": _l("Marks of the family"),
    "tag": _l("Mark of the family"),
    "dishonest_until": _l("May not apply until (dishonesty)"),
    "business": _l("Earns the living"),
    "agreed_month_fen": _l("Agreed or ordered a month"),
    "agreed_month": _l("Agreed or ordered a month"),
    "supports": _l("Must support, persons in all"),
    "receives": _l("Receives aid"),
    "property_ok": _l("Property within the rules"),
    "tier": _l("Tier"),
    "rise_cause": _l("Why income rose"),
    "event_kind": _l("What struck the family"),
    "event_degree": _l("How hard it struck"),
    "loss_fen": _l("Loss"),
    "own_cost_fen": _l("Cost borne by the family"),
    "joined_on": _l("Joined on"),
    "left_on": _l("Left on"),
    "leave_reason": _l("Reason for leaving"),
    "household": _l("Household"),
    "household_id": _l("Household"),
    "member_id": _l("Member"),
    "benefit_id": _l("Benefit"),
    "kind": _l("Kind"),
    "year_fen": _l("Amount a year"),
    "quantity": _l("Number"),
    "area_m2": _l("Floor area (㎡)"),
    "value_fen": _l("Value"),
    "household_size": _l("Persons in their home"),
    "income_month_fen": _l("Income a month"),
    "pays_month_fen": _l("Pays a month"),
    "able": _l("Able to support"),
    "case_no": _l("Case number"),
    "scheme": _l("Scheme"),
    "stage": _l("Stage"),
    "stage_since": _l("In this stage since"),
    "unit": _l("Unit"),
    "waiting_role": _l("Waiting for"),
    "step_due_on": _l("Step due"),
    "decide_by": _l("Decide by"),
    "monthly_fen": _l("Monthly amount"),
    "one_off_fen": _l("One-off amount"),
    "requested_fen": _l("Requested amount"),
    "applied_on": _l("Applied on"),
    "accepted_on": _l("Accepted on"),
    "decided_on": _l("Decided on"),
    "review_due_on": _l("Review due"),
    "review_class": _l("Review class"),
    "grace_until": _l("Grace until"),
    "valid_until": _l("Holds until"),
    "renew_from": _l("Renewal from"),
    "follows_id": _l("Goes on from"),
    "home_place": _l("Registered elsewhere (home place)"),
    "nth": _l("No."),
    "amount_fen": _l("Amount"),
    "stopped_on": _l("Stopped on"),
    "why": _l("Difficulty"),
    "since_on": _l("On the list since"),
    "next_on": _l("Next look"),
    "settled_on": _l("Off the list"),
    "settled_by": _l("Taken off by"),
    "notice_from": _l("Notice from"),
    "notice_until": _l("Notice until"),
    "ended_on": _l("Ended on"),
    "taken_over": _l("Taken over"),
    "due_on": _l("Due on"),
    "done_on": _l("Done on"),
    "met": _l("Person met"),
    "at_home": _l("Found at home"),
    "consistent": _l("Facts agree with the file"),
    "found": _l("What was found"),
    "visitors": _l("Visitors"),
    "code": _l("Code"),
    "parent_code": _l("Belongs to"),
    "valid_from": _l("Valid from"),
    "valid_to": _l("Valid until"),
    "login": _l("Login name"),
    "role": _l("Role"),
    "division_code": _l("Division"),
    "active": _l("Active"),
    "at": _l("Time"),
    "actor_name": _l("Who"),
    "action": _l("What"),
    "table_name": _l("Record"),
    "reason": _l("Reason"),
    "paper": _l("Paper"),
    "file_name": _l("File"),
    "rows": _l("Rows"),
    "reviews": _l("Review due"),
    "urgent": _l("Emergency, paid first"),
    "special": _l("Special circumstances"),
    "near_relative": _l("Concerns a near relative of staff"),
    "complaint_open": _l("Complaint open"),
    "authority": _l("Who may confirm"),
    "pledged_on": _l("Pledge signed on"),
    "authorised_on": _l("Authorisation signed on"),
    "pays_from": _l("Paid from"),
    "paid_on": _l("Paid on"),
    "first_month": _l("First month of support"),
    "told_on": _l("Told on"),
    "filed_on": _l("Handed in on"),
    "stored": _l("Kept as"),
    "media": _l("Kind of file"),
    "size": _l("Size in bytes"),
    "sha256": _l("Checksum"),
    "uploaded_at": _l("Uploaded at"),
    "uploaded_by": _l("Uploaded by account"),
    "withdrawn_at": _l("Withdrawn at"),
    "withdrawn_why": _l("Why it was withdrawn"),
    "document": _l("Document and its number"),
    "clause": _l("Clause"),
    "value": _l("Figure value"),
    "measure": _l("Counted in"),
    "place_code": _l("Division code"),
    "status": _l("How sure"),
    "ends_id": _l("Ends the figure of number"),
    "added_by_id": _l("Added by account"),
    "added_at": _l("Added at"),
    "checked_on": _l("Compared on"),
    "staff_name": _l("Staff member"),
    "staff_post": _l("Post"),
    "password_changed_at": _l("Password changed"),
    "must_change_password": _l("Must change the password"),
    "totp_on": _l("Second factor"),
    "language": _l("Language"),
    "created_by_id": _l("Made by account"),
    "complaint": _l("Is a complaint"),
    "by_name": _l("Raised by"),
    "text": _l("What was said"),
    "received_on": _l("Received on"),
    "answered_on": _l("Answered on"),
    "answer": _l("Answer"),
    "source": _l("Source"),
    "asked_on": _l("Asked on"),
    "back_on": _l("Back on"),
    "doubtful": _l("Doubtful"),
    "actor_id": _l("Account number"),
    "layout": _l("Roster layout"),
    "state": _l("State"),
    "applied_at": _l("Imported at"),
    "undone_at": _l("Undone at"),
    "digest": _l("Digest"),
    "sample": _l("Sample county"),
    "started_on": _l("In use since"),
    "second_factor_roles": _l("Roles that need a second factor"),
    "password_profile": _l("Password rules"),
    "change": _l("Change found"),
    "field": _l("Number shown"),
}

COLUMNS_OF: dict[tuple[str, str], Any] = {("watch", "checked_on"): _l("Last look")}
"""By table and column: what is called otherwise there than in other tables."""

ACTIONS: dict[str, Any] = {
    "insert": _l("Added"),
    "update": _l("Changed"),
    "delete": _l("Removed"),
    "bulk": _l("Changed in bulk"),
    "reveal": _l("Full number viewed"),
    "export": _l("Exported"),
    "login": _l("Logged in"),
    "logout": _l("Logged out"),
    "login_failed": _l("Login failed"),
    "login_shut": _l("Login shut after failures"),
    "failures_forgotten": _l("Failed logins forgotten"),
    "unlock": _l("Account unlocked"),
    "end_sessions": _l("Sessions ended"),
    "sessions_ended": _l("Sessions ended"),
    "refused": _l("Access refused"),
    "download": _l("Document opened"),
    "print": _l("Printed"),
    "import": _l("Import"),
    "undo": _l("Import undone"),
    "restore": _l("Backup restored"),
    "heads_anew": _l("Chain of the record begun anew"),
}

CHANNELS: dict[str, Any] = {
    "web": _l("Browser"),
    "cli": _l("Command line"),
    "import": _l("Import"),
    "system": _l("the system"),
}


def column(name: str, of: str = "") -> str:
    """What a column is called in the table ``of``, if told; its own name where nobody gave it another."""
    return str(COLUMNS_OF.get((of, name)) or COLUMNS.get(name, name))


def table(name: str) -> str:
    """What a table is called."""
    return str(TABLES.get(name, name)) if name else ""


def action(name: str) -> str:
    """What happened, in a word."""
    return str(ACTIONS.get(name, name))


def channel(name: str) -> str:
    """Which way somebody came."""
    return str(CHANNELS.get(name, name))


def who(entry: Any) -> str:
    """Who did what an entry of the record tells; time alone and the command line have no user."""
    return str(entry.actor_name if entry.actor_id else CHANNELS["system"])


def in_words(table_name: str, name: str, value: Any) -> Any:
    """A value of the history as a person reads it; None for nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if name == "field":
        return column(str(value))
    if name.endswith("_fen") and isinstance(value, int):
        return yuan(value)
    words = _words(table_name, name)
    if words is not None and value in set(words):
        return label(words(value))
    return value if isinstance(value, (str, int)) else str(value)


def _words(table_name: str, name: str) -> type[Word] | None:
    found = Base.metadata.tables.get(table_name)
    kind = found.c[name].type if found is not None and name in found.c else None
    return kind.words if isinstance(kind, Coded) else None
