"""The words of what happens in a family: the verbs, what a case still needs because of one, how a report stands."""

from policy.word import Word


class Happening(Word):
    """家庭变动: what happened in a family on a day (民发〔2021〕57号 第三十条)."""

    BIRTH = "birth", "Birth of a child"
    DEATH = "death", "Death"
    MARRIAGE = "marriage", "Marriage into the family"
    JOINED = "joined", "Joining the family"
    LEFT = "left", "Leaving the family"
    SPLIT = "split", "Household split"
    MERGE = "merge", "Households merged"
    MOVED = "moved", "Move within the township"
    HANDOVER = "handover", "Move to another township"
    MOVED_AWAY = "moved_away", "Move out of the county"
    NEW_HEAD = "new_head", "New head of the family"
    AWAY = "away", "Serving a sentence or away by law"
    RETURNED = "returned", "Return to the family"
    SCHOOL_END = "school_end", "End of school"
    ID_NUMBER = "id_number", "ID number issued"
    UNDONE = "undone", "Entry taken back"


class Need(Word):
    """What a case or a family still needs from somebody because of an event."""

    RECHECK = "recheck", "Recheck the case"
    CALCULATE = "calculate", "Recalculate the application"
    END = "end", "End the case: nobody of it is left"
    CARRY_OUT = "carry_out", "Carry out what a village reported"
    ACCEPT = "accept", "Decide on a family that moves here"
    AWAIT = "await", "A family's move waits for the other township"
    ENTER = "enter", "Enter who comes from another township"
    REPLY = "reply", "Ask how a referral stands and record the reply"


class ReportState(Word):
    """How a report, or a proposed hand-over, stands."""

    OPEN = "open", "Waiting for an answer"
    DONE = "done", "Carried out"
    REFUSED = "refused", "Turned down"
    WITHDRAWN = "withdrawn", "Withdrawn by whoever proposed it"


class Reply(Word):
    """What the body that a family was referred to did, as its slip says."""

    HELPED = "helped", "Help was given"
    PASSED_ON = "passed_on", "Passed on to another body"
    DECLINED = "declined", "No help is given"
