"""The verbs of cases; everybody takes them from ``policy.vocabulary``, where all words stand."""

from policy.word import Word


class Action(Word):
    """Verbs that may happen to a benefit; the label is what the button says."""

    APPLY = "apply", "Register application"
    TAKE_OVER = "take_over", "Take over from roster"
    TELL_MISSING = "tell_missing", "Tell missing papers"
    FILE_PAPER = "file_paper", "File a paper"
    ACCEPT = "accept", "Accept"
    START_REVIEW = "start_review", "Start the home survey"
    RECORD_SURVEY = "record_survey", "Record survey result"
    RECORD_CROSSCHECK = "record_crosscheck", "Record cross-check"
    GIVE_OPINION = "give_opinion", "Give first opinion"
    POST_NOTICE = "post_notice", "Post public notice"
    OBJECT = "object", "Record an objection"
    CLOSE_NOTICE = "close_notice", "Close the notice"
    SUBMIT_REFUSAL = "submit_refusal", "Propose refusal"
    COUNTY_OPINION = "county_opinion", "Give county opinion"
    COUNTY_VISIT = "county_visit", "Record county visit"
    RETURN = "return", "Send back to review"
    CONFIRM = "confirm", "Confirm"
    REFUSE = "refuse", "Do not confirm"
    TELL_REFUSAL = "tell_refusal", "Record refusal told"
    WITHDRAW = "withdraw", "Withdraw application"
    RECORD_COMPLAINT = "record_complaint", "Record a complaint"
    ANSWER_COMPLAINT = "answer_complaint", "Answer the complaint"
    START_RECHECK = "start_recheck", "Start a recheck"
    KEEP = "keep", "Keep unchanged"
    RAISE = "raise", "Raise the amount"
    CUT = "cut", "Cut the amount"
    START_GRACE = "start_grace", "Move into grace period"
    SUSPEND = "suspend", "Suspend"
    RESUME = "resume", "Resume payment"
    EXIT = "exit", "End the benefit"
    END_GRACE = "end_grace", "End the grace period"
    LEAVE = "leave", "Leave by own wish"
    UNDO_LEAVE = "undo_leave", "Take the leaving back"
    END_ON_DEATH = "end_on_death", "End: nobody of it is left"
    PAY_FIRST = "pay_first", "Pay first"
    RECORD_PAYMENT = "record_payment", "Record payment"
    TAKE_BACK = "take_back", "Undo the take-over"
    PAPERS_OVERDUE = "papers_overdue", "Papers are overdue"
    RECALCULATE = "recalculate", "Adjust to new figures"
    UNDO_RECALCULATION = "undo_recalculation", "Undo the adjustment"
    ASSESS_SELF_CARE = "assess_self_care", "Assess self-care"
    RECORD_WISH = "record_wish", "Record the wish for support"
    SIGN_AGREEMENT = "sign_agreement", "Record the guardianship agreement"
    PLACE_IN_HOME = "place_in_home", "Record the move into a home"
    REFER_ELSEWHERE = "refer_elsewhere", "Refer to a suitable institution"
    LEAVE_HOME = "leave_home", "Record the return from the home"
    REPORT_CHANGE = "report_change", "Report changed self-care"
    CHANGE_SUPPORT = "change_support", "Change the support"
    PLAN_REVIEW = "plan_review", "Plan a review"
    POST_END_NOTICE = "post_end_notice", "Post the notice of ending"
    CLOSE_END_NOTICE = "close_end_notice", "Close the notice of ending"
    EXPIRE = "expire", "End at the end of its term"
    RENEWED = "renewed", "Replaced by its renewal"
    WATCH = "watch", "Put on the watch list"
    PASS_UP = "pass_up", "Pass to the county"
    RECORD_MINUTES = "record_minutes", "Record the minutes"
    NOTIFY_HOME = "notify_home", "Notify the home place"
    PAY_INSTALMENT = "pay_instalment", "Record an instalment"
    STOP_INSTALMENTS = "stop_instalments", "Stop the remaining instalments"
    REVIEW_MEETING = "review_meeting", "Record the democratic review"
    REFER = "refer", "Refer to another body"
    RECORD_REPLY = "record_reply", "Record the reply to a referral"
    FAMILY_CHANGED = "family_changed", "Note a change in the family"


STATING_LETTERS = frozenset(
    {Action.TELL_MISSING, Action.ACCEPT, Action.CONFIRM, Action.PAY_FIRST, Action.REFUSE, Action.RAISE, Action.CUT}
    | {Action.CHANGE_SUPPORT, Action.START_GRACE, Action.SUSPEND, Action.RESUME, Action.UNDO_LEAVE, Action.EXIT}
    | {Action.END_GRACE, Action.LEAVE, Action.END_ON_DEATH, Action.EXPIRE, Action.STOP_INSTALMENTS}
)
"""Steps that are told to the family by a letter."""

AGAINST_THE_FAMILY = frozenset(
    {Action.REFUSE, Action.CUT, Action.START_GRACE, Action.SUSPEND, Action.EXIT, Action.END_GRACE, Action.LEAVE}
    | {Action.EXPIRE, Action.STOP_INSTALMENTS}
)
"""Decisions to refuse, to pay less or to end aid, which must be told in writing (国务院令第649号 第十一条、第十三条).

The term to contest one runs from the day on which the family knows of it (行政复议法 第二十条, 行政诉讼法 第四十六条).
"""
