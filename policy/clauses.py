"""Clauses that refusals and endings most often rest on; what is chosen is kept with the decision as written here."""

from datetime import date

from policy.vocabulary import PERSONAL, SUBSIDIES, Scheme, Stage, Word

LAW57 = "民发〔2021〕57号 "
LAW43 = "民发〔2021〕43号 "
LAW23 = "民发〔2018〕23号 "
LAW14 = "国发〔2016〕14号"
BEFORE57 = "民发〔2012〕220号"
BEFORE43 = "民发〔2016〕178号"
EDGE_RULE = "国办发〔2023〕39号 "
EDGE_SINCE = date(2023, 10, 8)
"""The day of 国办发〔2023〕39号; before it 低保边缘家庭 rest on 民发〔2021〕57号 第八条 alone."""
LAW52 = "国发〔2015〕52号 "
LAW62 = "民发〔2019〕62号 "
LAW54 = "国办发〔2010〕54号"
RIGID_RULE = "《刚性支出困难家庭认定办法》"
RIGID_TERM = f"{RIGID_RULE}（时限同{LAW57}第二十二条）"
"""Its 30 and 45 working days are those of 民发〔2021〕57号; in which of its own articles they stand is not at hand."""
NEW_RULES = date(2021, 7, 1)
"""The first day of 民发〔2021〕57号 and 43号."""


class Clause(Word):
    """A clause of the rules and what it says, in short."""

    INCOME = LAW57 + "第十三条", "Income above the standard"
    PROPERTY = LAW57 + "第十四条", "Property beyond the rules"
    MEMBERS = LAW57 + "第七条", "Members counted wrongly"
    PLACE = LAW57 + "第四、五条", "Not the right place to apply"
    NO_COOPERATION = LAW57 + "第二十九条", "The family does not cooperate"
    NO_LONGER = "国务院令第649号 第十三条", "No longer within the rules"
    URGENT = LAW23 + "二", "Not an emergency of the rules"
    SPENDING = LAW23 + "支出型救助", "Income, property or spending outside the rule"
    EDGE = LAW57 + "第八条", "Outside the line of edge families"
    RIGID = RIGID_RULE + "第四条", "Income, property or spending outside the rule"
    DISABLED = LAW52 + "二（一）", "Not among those whom the subsidy is for"
    DISABLED_OTHER = LAW52 + "二（四）", "Other aid stands in place of the subsidy"
    CHILD_PARENTS = LAW62 + "一", "A parent can raise the child, or the child is grown"
    CHILD_OTHER = LAW62 + "三（一）", "Has as much from other aid"
    ORPHAN = LAW54, "Not an orphan, or grown"
    TEKUN_LABOUR = LAW43 + "第五条", "Able to work"
    TEKUN_SOURCE = LAW43 + "第六、七条", "Has a source of living, or property beyond the rules"
    TEKUN_OBLIGOR = LAW43 + "第八条", "An obligor is able to support"
    TEKUN_CHILD = LAW43 + "第九条", "Chose the support of orphans or of children without carers"
    TEKUN_NO_COOPERATION = LAW43 + "第十三条", "The applicant does not cooperate"


def law(on: date, article: str = "") -> str:
    """The national rule of 低保 on a day, with the article of 民发〔2021〕57号 where that one holds ("第七条")."""
    return f"{LAW57}{article}".rstrip() if on >= NEW_RULES else BEFORE57


def in_force(clause: str, on: date) -> str:
    """A clause as it stood on a day: before 2021-07-01 民发〔2012〕220号 in place of an article of 民发〔2021〕57号."""
    if clause.startswith(EDGE_RULE.strip()) and on < EDGE_SINCE:
        return law(on, "第八条")
    if on < NEW_RULES and clause.startswith(LAW43):
        return BEFORE43
    return clause if on >= NEW_RULES or not clause.startswith(LAW57) else BEFORE57


def law_tekun(on: date, article: str = "") -> str:
    """The national rule of 特困 on a day, with the article of 民发〔2021〕43号 where that one holds ("第五条")."""
    return f"{LAW43}{article}".rstrip() if on >= NEW_RULES else BEFORE43


_OF_PERSONS = {
    **dict.fromkeys(SUBSIDIES, (Clause.DISABLED, Clause.DISABLED_OTHER)),
    Scheme.UNSUPPORTED_CHILD: (Clause.CHILD_PARENTS, Clause.CHILD_OTHER), Scheme.ORPHAN: (Clause.ORPHAN,),
}  # fmt: skip


def common(scheme: Scheme, ends: bool = False) -> tuple[Clause, ...]:
    """The clauses to choose from: for a refusal, or (``ends``) for suspending or ending what is being received."""
    if scheme is Scheme.TEMPORARY:
        return (Clause.URGENT, Clause.SPENDING)
    if scheme is Scheme.EDGE:
        return (Clause.EDGE, Clause.PROPERTY, Clause.MEMBERS, Clause.PLACE, Clause.NO_COOPERATION)
    if scheme is Scheme.RIGID:
        return (Clause.RIGID, Clause.MEMBERS, Clause.PLACE, Clause.NO_COOPERATION)
    if scheme is Scheme.TEKUN:
        return (
            Clause.TEKUN_LABOUR, Clause.TEKUN_SOURCE, Clause.TEKUN_OBLIGOR, Clause.TEKUN_CHILD,
            Clause.TEKUN_NO_COOPERATION,
        )  # fmt: skip
    if scheme in PERSONAL:
        return _OF_PERSONS[scheme]
    if ends:
        return (Clause.NO_LONGER, Clause.INCOME, Clause.PROPERTY, Clause.NO_COOPERATION)
    return (Clause.INCOME, Clause.PROPERTY, Clause.MEMBERS, Clause.PLACE, Clause.NO_COOPERATION)


TERMS = {
    Stage.ACCEPTED: LAW57 + "第十五条",
    Stage.REVIEW: LAW57 + "第二十二条",
    Stage.NOTICE: LAW57 + "第十九条",
    Stage.APPROVAL: LAW57 + "第二十、二十二条",
    Stage.RECHECK: LAW57 + "第三十一条",
    Stage.REFUSED: LAW57 + "第二十一条",
    Stage.GRACE: LAW57 + "第三十三条",
}
"""The clause that sets the term of a stage."""
TEKUN_TERMS = {
    Stage.ACCEPTED: LAW43 + "第十三条",
    Stage.REVIEW: LAW43 + "第十三、十五条",
    Stage.NOTICE: LAW43 + "第十五条",
    Stage.APPROVAL: LAW43 + "第十六条",
    Stage.ACTIVE: LAW43 + "第二十三条",
    Stage.RECHECK: LAW43 + "第二十五条",
    Stage.REFUSED: LAW43 + "第十八条",
}
"""The same for 特困."""


_WHOLE_RULE = {
    Scheme.EDGE: EDGE_RULE.strip(), Scheme.RIGID: RIGID_RULE, Scheme.TEMPORARY: LAW23.strip(),
    **dict.fromkeys(SUBSIDIES, f"{LAW52}三"), Scheme.UNSUPPORTED_CHILD: f"{LAW62}二", Scheme.ORPHAN: LAW54,
}  # fmt: skip
"""Schemes whose terms are told by their own rule as a whole, or by the part of it on how a case goes."""


def term_clause(scheme: Scheme, stage: Stage) -> str:
    """The clause that sets the term of a stage under a scheme; empty where none does."""
    if scheme is Scheme.RIGID and stage in (Stage.REVIEW, Stage.APPROVAL):
        return RIGID_TERM
    if scheme is Scheme.RIGID and stage is Stage.ACTIVE:
        return f"{RIGID_RULE}第十条"
    if scheme in _WHOLE_RULE:
        return _WHOLE_RULE[scheme] if stage in TERMS or stage is Stage.ACTIVE else ""
    return (TEKUN_TERMS if scheme is Scheme.TEKUN else TERMS).get(stage, "")


def notice_clause(scheme: Scheme, on: date) -> str:
    """The clause on which a public notice before the decision rests under a scheme, on a day."""
    if scheme is Scheme.TEKUN:
        return law_tekun(on, "第十五条")
    if scheme is Scheme.RIGID:
        return f"{RIGID_RULE}第十三条"
    return _whole_rule(scheme, on) or law(on, "第十九条")


def publication_clause(scheme: Scheme, on: date) -> str:
    """The clause by which the recipients of a scheme are made public, on a day."""
    if scheme is Scheme.TEKUN:
        return law_tekun(on, "第十七条")
    return _whole_rule(scheme, on) or law(on, "第二十四条")


def _whole_rule(scheme: Scheme, on: date) -> str:
    return in_force(_WHOLE_RULE.get(scheme, ""), on)


def whole_case(scheme: Scheme) -> str:
    """The clause that says by when a whole case is decided."""
    if scheme is Scheme.TEKUN:
        return f"{LAW43}第十三、十五、十六条"
    if scheme is Scheme.RIGID:
        return RIGID_TERM
    return _WHOLE_RULE.get(scheme, f"{LAW57}第二十二条")
