"""Refusals of logins and accounts as sentences: what is wrong, and what to do."""

from typing import Any

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from policy.vocabulary import Word
from views.formats import label
from workflows.reason import Reason, Refused

SENTENCES: dict[str, LazyString] = {
    "login_failed": _l("Login name or password is wrong. Check both, small and capital letters too."),
    "login_shut": _l(
        "Five attempts failed. Try again after %(until)s, or ask the system administrator to unlock. A browser in which"
        " you have logged in before lets you in meanwhile."
    ),
    "browser_shut": _l("Five attempts failed. Try again after %(until)s, or ask the system administrator to unlock."),
    "account_disabled": _l("This account is disabled. Ask the system administrator."),
    "one_use_expired": _l(
        "This first password was not used within %(days)s days and no longer counts. Ask the system administrator for"
        " a new one."
    ),
    "code_wrong": _l("The code is wrong or was used before. Wait for the next one and type its six digits."),
    "session_over": _l("You are no longer logged in. Log in to go on."),
    "password_wrong": _l("The present password is wrong."),
    "password_short": _l("The new password has %(have)s characters; it needs at least %(least)s."),
    "password_long": _l("The new password has more than %(most)s characters."),
    "password_kinds": _l(
        "The new password needs %(least)s of these four: small letters, capital letters, digits, other signs."
    ),
    "password_common": _l("This password is among the first that are guessed. Choose another."),
    "password_name": _l("The new password holds your name, your login name or the county's name."),
    "password_used": _l("This was one of your last %(count)s passwords. Choose a new one."),
    "password_differs": _l("The two new passwords are not the same."),
    "second_factor_on": _l("The second factor is on already."),
    "second_factor_required": _l("The county requires a second factor of your role; it stays on."),
    "no_such_browser": _l("That browser is not on your list any more."),
    "no_such_session": _l("This session does not exist or is not yours."),
    "role_may_not": _l("Your role does not allow this step."),
    "no_such_person": _l("There is no such account in your county."),
    "login_shape": _l("A login name has 2 to 40 letters or digits; dot, hyphen and underline are allowed."),
    "login_taken": _l("The login name %(login)s is taken. Choose another."),
    "name_missing": _l("Enter the person's name (at most 40 characters)."),
    "division_outside": _l("Choose a division that is in the county or contains it."),
    "role_needs_level": _l("A %(role)s needs a division of another level: %(levels)s."),
    "grant_self": _l("Nobody grants a role to themselves; another security administrator must do it."),
    "grant_own_account": _l("Who made the account cannot grant its role; it takes two people."),
    "same_role": _l("The person has this role already."),
    "same_division": _l("The person works in this division already."),
    "reason_missing": _l("Say why; the reason stays on record."),
    "last_admin": _l("This is the last active %(role)s. Grant the role to somebody else first."),
    "already_disabled": _l("The account is disabled already."),
    "already_active": _l("The account is active already."),
    "not_yourself": _l("You cannot do this to your own account; another administrator must."),
    "reset_admin": _l("An administrator's password is reset on the server itself, from the command line."),
    "no_second_factor": _l("The person has no second factor."),
    "no_county": _l("This database has no county yet. Set it up on the server first."),
    "rules_unchanged": _l("These rules hold already."),
    "profile_unknown": _l("Choose one of the password rules."),
    "no_such_division": _l("There is no such division in your county."),
    "division_shape": _l("The code has %(digits)s digits and begins with %(parent)s."),
    "division_taken": _l("There is a division of this code, or of this name in the same place, already."),
    "division_name": _l("Enter the division's name (at most 60 characters)."),
}
LEVEL_NAMES: dict[int, LazyString] = {
    2: _l("Province"), 4: _l("City"), 6: _l("County"), 9: _l("Township"), 12: _l("Village"),
}  # fmt: skip


def sentence(reason: Reason) -> str:
    """A refusal in the reader's language."""
    text = SENTENCES.get(reason.code)
    return gettext("This step is not possible.") if text is None else str(text) % _words(reason.args)


def sentences(refused: Refused) -> list[str]:
    """Every reason of a refusal."""
    return [sentence(reason) for reason in refused.reasons]


def _words(args: dict[str, Any]) -> dict[str, Any]:
    return {name: _word(value) for name, value in args.items()}


def _word(value: Any) -> Any:
    if isinstance(value, Word):
        return label(value)
    if hasattr(value, "strftime"):
        return value.strftime("%H:%M")
    if isinstance(value, tuple):
        from views.case_words import listed  # loaded only when needed: every start loads this module

        return listed(LEVEL_NAMES[level] for level in value)
    return value
