"""Clauses that refusals and endings most often rest on; what is chosen is kept with the decision as written here."""

from policy.vocabulary import Word

LAW57 = "民发〔2021〕57号 "


class Clause(Word):
    """A clause of the rules and what it says, in short."""

    INCOME = LAW57 + "第十三条", "Income above the standard"
    PROPERTY = LAW57 + "第十四条", "Property beyond the rules"
    MEMBERS = LAW57 + "第七条", "Members counted wrongly"
    PLACE = LAW57 + "第四、五条", "Not the right place to apply"
    NO_COOPERATION = LAW57 + "第二十九条", "The family does not cooperate"
    NO_LONGER = "国务院令第649号 第十三条", "No longer within the rules"
    URGENT = "民发〔2018〕23号 二", "Not an emergency of the rules"
