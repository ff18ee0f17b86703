"""What each screen is for and how to work with it; the part of an endpoint before the dot leads to its topic."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l


class Topic(NamedTuple):
    """One help page: its title, what the screen is for, how one works with it, and the words it uses."""

    title: Any
    purpose: Any
    how: tuple[Any, ...]
    terms: tuple[str, ...] = ()


TOPICS: Mapping[str, Topic] = {
    "desk": Topic(
        _l("Desk"),
        _l("What must be done today, most urgent first."),
        (
            _l("Every number opens the list it counts. A row names the next step; a click on it opens its dialog."),
            _l("After a step the page says what happened and offers the next case in the same order."),
        ),
        ("recheck", "notice", "missing"),
    ),
    "application": Topic(
        _l("New application"),
        _l("Takes an application down: family, people, income, property, obligors and signed papers."),
        (
            _l("Look for the family first; a family on file fills the form. Drafts are kept sealed, only for you."),
            _l("What is wrong stands beside its field; nothing typed is lost. Two clicks make one case."),
        ),
        ("head", "member", "obligor", "crosscheck"),
    ),
    "case": Topic(
        _l("Case"),
        _l("Everything about one application: where it stands, who the people are, the calculation, what may be done."),
        (
            _l("Lawful steps are buttons. Others stay visible with everything that is still needed and who can do it."),
            _l(
                "Calculate before an opinion or a decision; the amount comes from the calculation. Another one takes reason and clause."
            ),
            _l("If somebody was quicker, the page shows what they did and keeps what you typed."),
        ),
        ("survey", "crosscheck", "opinion", "notice", "confirm", "gap", "special", "recheck", "grace", "aid_first"),
    ),
    "household": Topic(
        _l("Households"),
        _l("The families of your division, what they receive and when somebody was last there."),
        (
            _l("Filters stand in the address: a pasted link shows the same list within the reader's own division."),
            _l(
                "A supervisor corrects a record with a reason. If two people changed it, both versions stand side by side."
            ),
        ),
        ("head", "member", "obligor"),
    ),
    "member": Topic(
        _l("Members"),
        _l("People, with their ties, work, health and schooling."),
        (
            _l("Numbers are masked. A full number takes a reason, hides again after 60 seconds and is on record."),
            _l("A birth, death, marriage or move is recorded as a dated event; nobody is deleted."),
        ),
        ("member", "head", "obligor"),
    ),
    "events": Topic(
        _l("Changes in families"),
        _l("Births, deaths, marriages, splits and moves, and what each calls for in open cases."),
        (
            _l("An event never edits an amount: it starts the recheck, or lists what somebody must do by when."),
            _l("A family that moves to another township stays with yours until the other one accepts it."),
        ),
        ("member", "head", "recheck"),
    ),
    "benefit": Topic(
        _l("Benefits and steps in bulk"),
        _l("All cases by scheme, stage, who must act and what falls due."),
        (
            _l(
                "Tick rows, or choose the whole list, then a step: the preview says for whom it is possible and why not for the rest."
            ),
            _l("Each case is taken by itself. Opinions, amounts and refusals are never given in bulk."),
            _l("A filtered list can be kept under a name; a supervisor may share it with the office."),
        ),
        ("dibao", "tekun", "temporary", "edge", "rigid"),
    ),
    "visit": Topic(
        _l("Visits"),
        _l("Visits to make and visits made."),
        (
            _l("On a phone most answers are one tap: as last time. Photos are made smaller before they are sent."),
            _l("What changed leads to the recheck it needs; the visit itself changes no amount."),
        ),
        ("survey", "recheck"),
    ),
    "leads": Topic(
        _l("Leads, watch list and people left out"),
        _l("People who may need help and receive none."),
        (
            _l("Go and ask, then say what became of it: applied, not in need, cannot be found."),
            _l("Refused families with remaining hardship stay on the watch list until their due day."),
        ),
        ("lead", "watch"),
    ),
    "papers": Topic(
        _l("Printed papers"),
        _l("Letters, forms and notices to print, numbered and kept as they were issued."),
        (
            _l("A paper is a draft until it is issued; then it has its number and prints the same for ever."),
            _l("A letter that need not go out any more is set aside with a reason; that can be taken back."),
            _l("A public notice never shows ID number, address, illness or disability."),
        ),
        ("notice", "publish", "missing", "confirm"),
    ),
    "documents": Topic(
        _l("Documents"),
        _l("Scans and photos that belong to a family, a visit or a case."),
        (_l("A document opened is on record. A withdrawn one leaves the page and stays in the history."),),
        ("missing",),
    ),
    "trial": Topic(
        _l("Trial calculation"),
        _l("Calculates an invented or anonymous family by the rules of any place and day."),
        (
            _l("Change one fact and calculate again: the lines that changed are marked. Nothing is stored."),
            _l("Neither a name nor an ID number is asked."),
        ),
        ("gap", "uplift", "obligor", "grace"),
    ),
    "adjustment": Topic(
        _l("Adjustments and simulations"),
        _l("What new figures make of every family that is paid; looked at first, then carried out as one batch."),
        (
            _l("No sum cuts anybody: a family newly over the line falls due for a recheck and keeps its amount."),
            _l("A batch can be undone until the new amounts are paid. A simulation changes nothing at all."),
        ),
        ("gap", "recheck"),
    ),
    "figures": Topic(
        _l("Policy figures"),
        _l("Dated numbers of the rules with the clause each rests on."),
        (
            _l(
                "The longest division wins, then the day. Entering a value takes document, clause and a look at what it changes."
            ),
            _l("Placeholders must be replaced before a letter rests on them."),
        ),
        ("placeholder", "gap", "uplift"),
    ),
    "import": Topic(
        _l("Import"),
        _l("Brings rosters in: recognised, checked, previewed, then written as a whole or not at all."),
        (
            _l("The preview counts new, changed, unchanged and refused rows and shows changed cells old and new."),
            _l("Refused rows come as a file with the reason; mend it and hand it in again."),
            _l("An approved amount is never edited by a sheet: it starts a recheck."),
        ),
        ("batch", "recheck"),
    ),
    "export": Topic(
        _l("Export"),
        _l("Takes a list along as it is shown, or a roster of a place and a month, with a purpose on record."),
        (
            _l("Numbers are masked unless role and reason allow more. Large files are made beside your work."),
            _l("A list of an earlier month puts who moved since under the township of today: keep each month's file."),
        ),
        ("audit",),
    ),
    "matching": Topic(
        _l("Match lists"),
        _l("Matches departments' lists against your people, and finds who was left out."),
        (
            _l("Each hit is settled with a reason by its due day; a run closes when all are settled."),
            _l("Without the family's authorisation only the fact of a hit is shown."),
        ),
        ("crosscheck", "lead"),
    ),
    "near_relative": Topic(
        _l("Near relatives"),
        _l("The register of relatives of staff and village committee members."),
        (_l("An applicant on it is noticed by number; the county visits before the case is confirmed."),),
        ("near_relative",),
    ),
    "county_checks": Topic(
        _l("County checks"),
        _l("Cases the county draws and looks at itself."),
        (_l("The draw follows the share the rules ask for; its result is recorded on the case."),),
        ("tekun", "self_care"),
    ),
    "users": Topic(
        _l("Users"),
        _l("Accounts, roles and divisions of people."),
        (
            _l("The system administrator makes accounts, the security administrator grants roles: it takes both."),
            _l("Administrators see no case."),
        ),
    ),
    "division": Topic(
        _l("Divisions"),
        _l("Townships and villages with their official codes."),
        (_l("A code decides who sees what: it is the prefix of everything under it."),),
    ),
    "audit": Topic(
        _l("Audit"),
        _l("Who did and looked at what, when and why."),
        (_l("Filter by person, record or day; every change shows before and after."),),
        ("audit",),
    ),
    "account": Topic(
        _l("My account"),
        _l("Password, second factor, language and open sessions."),
        (_l("A new password logs other browsers out. Recovery codes are shown once: print them."),),
    ),
    "search": Topic(
        _l("Search"),
        _l("One box for names, initials, ID numbers, case numbers and phones."),
        (
            _l("/ goes to the box. Ctrl+K goes to pages, people and the steps of the case at hand."),
            _l("An exact number opens its record; one mistyped by one character finds its neighbours."),
        ),
    ),
    "stages": Topic(
        _l("Stages and steps"),
        _l("The whole way of a case under each scheme: what may follow what, who may do it, on which clause."),
        (_l("What does not stand in this table is refused by the program."),),
        ("notice", "publish", "confirm", "recheck", "grace"),
    ),
}
OF_FAMILY: Mapping[str, str] = {
    "account": "account", "application": "application", "asset": "household", "attachments": "documents",
    "audit": "audit", "benefit": "benefit", "bulk": "benefit", "bundle": "export", "case": "case",
    "comparison": "figures", "county_checks": "county_checks", "desk": "desk", "division": "division",
    "entitlement": "leads", "export_jobs": "export", "exporting": "export", "figure_entry": "figures",
    "figures": "figures", "first_day": "desk", "help": "stages", "home": "desk", "household": "household",
    "household_events": "events", "household_tasks": "events", "household_coming": "events",
    "import_reading": "import", "import_undo": "import", "import_again": "import", "importing": "import", "income_line": "member", "issued_paper": "papers", "leads": "leads", "matching": "matching",
    "matching_work": "matching", "member": "member", "member_facts": "member", "near_relative": "near_relative",
    "obligor": "household", "owed_paper": "benefit", "palette": "search", "papers": "papers", "people": "events",
    "recalculation": "adjustment", "recalculation_export": "adjustment", "rounds": "visit", "saved_views": "benefit",
    "search": "search", "simulation": "adjustment", "spending_line": "member", "trial": "trial", "users": "users",
    "visit": "visit", "visiting": "visit", "watch": "leads", "watch_look": "leads",
}  # fmt: skip
"""Family of pages → topic."""


def topic_of(endpoint: str | None) -> str:
    """The topic of a route's page; nothing where there is none."""
    return OF_FAMILY.get((endpoint or "").split(".")[0], "")
