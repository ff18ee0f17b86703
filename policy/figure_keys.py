"""Every figure the rules may ask for: its key, its unit, what it means, and which words it may hold."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from policy.vocabulary import PERSONAL, Authority, DisabilityKind, HomeGround, IncomeKind, ParentState, Word


class Measure(Word):
    """In what a figure is counted; money is entered in yuan and kept in fen."""

    FEN = "fen", "Yuan"
    MONTHS = "months", "Months"
    WORKING_DAYS = "working_days", "Working days"
    DAYS = "days", "Calendar days"
    DAY_OF_MONTH = "day_of_month", "Day of the month"
    TIMES = "times", "Times"
    NUMBER = "number", "Number"
    YEARS = "years", "Years of age"
    PERCENT = "percent", "Percent"
    MULTIPLE = "multiple", "Times the standard"
    WORD = "word", "Word"
    WORDS = "words", "Words"

    @property
    def written(self) -> str:
        """The unit as files and people write it: money in yuan."""
        return "yuan" if self is Measure.FEN else self.value


class Status(Word):
    """How sure a figure is; anything but official is shown to people."""

    OFFICIAL = "official", "Official"
    DERIVED = "derived", "Derived"
    PLACEHOLDER = "placeholder", "Placeholder"


class KnownKey(NamedTuple):
    """A key of the rules with its unit, English message id, and the words it may hold."""

    key: str
    unit: Measure
    label: str
    words: tuple[str, ...] = ()
    """What a figure of unit "word" may be, or each entry of one of unit "words"."""


def _said(name: str) -> str:
    return name.replace("_", " ")


_M = Measure
_LEVELS = (Authority.TOWNSHIP, Authority.COUNTY)
_COUNTED = ("counted", "exempt")
_ACTUAL = ("none", "actual")
_CLASSES = ("elderly", "minor", "severe_disability", "major_illness")
"""Who may have an uplift (分类施保)."""

# "limb_2": a limb disability of level 1 or 2; "severe_disability": any kind of level 1 or 2.
_DISABILITIES = tuple(f"{kind}_{level}" for kind in DisabilityKind for level in range(1, 5))
_SINGLE = ("severe_disability", "major_illness", "elderly", "minor", "clergy", "jobless_severe_disability")
_EVENTS = ("fire", "accident", "illness", "disaster", "education", "job_loss", "other")
_TIERS = ("none", "partial", "full")
_MODES = ("central", "home")
# Income whose counting an office may settle by a figure; wage, business, property, support and other always count.
_EXEMPTABLE = (
    IncomeKind.PENSION_BASIC, IncomeKind.VETERAN_BENEFIT, IncomeKind.BIRTH_POLICY_AWARD, IncomeKind.SCHOLARSHIP,
    IncomeKind.HERO_AWARD, IncomeKind.GOVERNMENT_AID, IncomeKind.RELIEF, IncomeKind.GRAIN_SUBSIDY,
    IncomeKind.VOLUNTEER_SUBSIDY,
)  # fmt: skip

_KNOWN = (
    # Who confirms, and until when
    KnownKey("delegate.dibao", _M.WORD, "Who confirms subsistence allowance", _LEVELS),
    KnownKey("delegate.tekun", _M.WORD, "Who confirms extreme-poverty support", _LEVELS),
    KnownKey("delegate.temporary", _M.WORD, "Who confirms temporary assistance", _LEVELS),
    KnownKey("delegate.edge", _M.WORD, "Who confirms low-income edge families", _LEVELS),
    KnownKey("delegate.rigid", _M.WORD, "Who confirms rigid-expenditure families", _LEVELS),
    *(KnownKey(f"delegate.{scheme}", _M.WORD, f"Who confirms: {scheme.label}", _LEVELS) for scheme in PERSONAL),
    KnownKey("notice.days", _M.DAYS, "Length of the public notice"),
    KnownKey("notice.county_days", _M.DAYS, "Length of the county's own public notice"),
    KnownKey("survey.working_days", _M.WORKING_DAYS, "Time to finish the home survey, from acceptance"),
    KnownKey("review_meeting.required", _M.WORD, "Democratic review of every application", ("yes", "no")),
    KnownKey("review_meeting.working_days", _M.WORKING_DAYS, "Time to hold the democratic review, from the survey"),
    KnownKey("review_meeting.delegates_of_three", _M.NUMBER, "Villagers' delegates among every three at the review"),
    KnownKey("county.visit_percent", _M.PERCENT, "Homes the county visits itself, of all applications"),
    KnownKey("complaint.answer_days", _M.DAYS, "Time to answer a complaint"),
    KnownKey("decide.working_days", _M.WORKING_DAYS, "Time to decide"),
    KnownKey("decide.special", _M.WORKING_DAYS, "Time to decide in special cases"),
    KnownKey("decide.delegated", _M.WORKING_DAYS, "Time to decide where the township confirms"),
    KnownKey("decide.rigid", _M.WORKING_DAYS, "Time to decide on rigid-expenditure families"),
    KnownKey("decide.rigid.special", _M.WORKING_DAYS, "Time to decide on rigid-expenditure families in special cases"),
    KnownKey("survey.start_working_days", _M.WORKING_DAYS, "Time to start the home survey"),
    KnownKey("county.working_days", _M.WORKING_DAYS, "Time for the county to decide"),
    KnownKey("refusal.tell_working_days", _M.WORKING_DAYS, "Time to tell a refusal"),
    KnownKey("review.months.stable", _M.MONTHS, "Review interval when little changes"),
    KnownKey("review.months.changing", _M.MONTHS, "Review interval when income changes"),
    KnownKey("review.death_months", _M.MONTHS, "Time to look into a case after a death"),
    KnownKey("review.change_months", _M.MONTHS, "Time to look into a case after another change in the family"),
    KnownKey("review.told_months", _M.MONTHS, "Time in which a family tells a change"),
    KnownKey("decide.handover", _M.WORKING_DAYS, "Time to answer a family's move from another township"),
    KnownKey("review.months.changing.urban", _M.MONTHS, "Review interval when income changes, urban"),
    KnownKey("review.months.half_yearly", _M.MONTHS, "Review interval when little changes in the short run"),
    KnownKey("review.months.subsidies", _M.MONTHS, "Review interval of the subsidies for disabled people"),
    KnownKey("review.months.children", _M.MONTHS, "Review interval of children's money"),
    KnownKey("review.months.tekun", _M.MONTHS, "Review interval of extreme-poverty support"),
    KnownKey("visit.per_quarter", _M.TIMES, "Visits each quarter"),
    KnownKey("pay.by_day", _M.DAY_OF_MONTH, "Day of the month by which money is paid"),
    # Standards and what they are checked against
    KnownKey("dibao.standard", _M.FEN, "Subsistence standard, a person a month"),
    KnownKey("dibao.standard.urban", _M.FEN, "Urban subsistence standard, a person a month"),
    KnownKey("dibao.standard.rural", _M.FEN, "Rural subsistence standard, a person a month"),
    KnownKey("wage.minimum", _M.FEN, "Minimum wage, a month"),
    KnownKey("income.disposable.urban", _M.FEN, "Disposable income of last year, urban, a person a year"),
    KnownKey("income.disposable.rural", _M.FEN, "Disposable income of last year, rural, a person a year"),
    KnownKey("check.urban_income_percent", _M.PERCENT, "Least urban standard, of last year's urban income"),
    KnownKey("check.wage_percent_min", _M.PERCENT, "Least standard, of the minimum wage"),
    KnownKey("check.wage_percent_max", _M.PERCENT, "Highest standard, of the minimum wage"),
    # Subsistence allowance
    KnownKey("dibao.amount_rule", _M.WORD, "How the allowance is found", ("gap", "tier")),
    *(KnownKey(f"dibao.tier.{tier}", _M.FEN, f"Allowance of tier {tier}, a person a month") for tier in "ABCD"),
    KnownKey("dibao.gap_floor_percent", _M.PERCENT, "Least allowance, of the standard"),
    KnownKey(
        "dibao.rounding", _M.WORD, "How the allowance is rounded", ("up_yuan", "half_up_yuan", "half_up_fen", "none")
    ),
    *(
        KnownKey(f"dibao.uplift.{name}.percent", _M.PERCENT, f"Uplift of the standard: {_said(name)}")
        for name in _CLASSES
    ),
    *(KnownKey(f"dibao.uplift.{name}.amount", _M.FEN, f"Uplift a month: {_said(name)}") for name in _CLASSES),
    KnownKey("dibao.uplift.stack", _M.WORD, "Several uplifts of one person", ("highest", "sum")),
    KnownKey("expenditure.admits", _M.WORD, "Whom rigid spending admits", ("none", "household", "causer")),
    KnownKey("expenditure.percent", _M.PERCENT, "Rigid spending that admits, of the income"),
    KnownKey("single.classes", _M.WORDS, "Who may enter as a single person", (*_SINGLE, *_DISABILITIES)),
    KnownKey("single.requires_obligor_test", _M.WORD, "Single person: obligors must be poor too", ("yes", "no")),
    KnownKey("single.requires_tag", _M.WORD, "Single person: mark the family must bear", ("none", "fupin")),
    KnownKey("single.income_multiple", _M.MULTIPLE, "Single person: family income up to, in standards"),
    KnownKey(
        "single.amount_rule", _M.WORD, "Single person: how the amount is found", ("gap", "full", "percent", "split")
    ),
    KnownKey("single.percent", _M.PERCENT, "Single person: amount, of the standard"),
    KnownKey("single.split_multiple", _M.MULTIPLE, "Single person: family income up to which all is paid"),
    KnownKey("edge.income_multiple", _M.MULTIPLE, "Edge family: income below, in standards"),
    KnownKey("rigid.spending_percent", _M.PERCENT, "Rigid-expenditure family: spending, of the income"),
    KnownKey("rigid.valid_months", _M.MONTHS, "Rigid-expenditure family: how long it holds"),
    KnownKey("edge.valid_months", _M.MONTHS, "Edge family: how long it holds"),
    KnownKey("renew.days", _M.DAYS, "Days before its end from which a recognition may be renewed"),
    KnownKey("watchlist.after_refusal", _M.WORD, "Watch list after a refusal", ("yes", "no")),
    KnownKey("lead.working_days", _M.WORKING_DAYS, "Time to look into a lead"),
    KnownKey("watchlist.check_months", _M.MONTHS, "Watch list: how often a family is looked at again"),
    # Income
    KnownKey("deduct.work_cost", _M.WORD, "Work cost taken off wages", _ACTUAL),
    KnownKey("deduct.work_cost.percent", _M.PERCENT, "Work cost, of the wage"),
    KnownKey("deduct.work_cost.cap", _M.FEN, "Most work cost, a person a month"),
    KnownKey("deduct.rigid", _M.WORD, "Rigid spending taken off income", _ACTUAL),
    KnownKey("deduct.rigid.cap", _M.FEN, "Most rigid spending taken off, a family a month"),
    KnownKey("impute.wage", _M.FEN, "Wage counted for the able and jobless, a month"),
    KnownKey("impute.exempt", _M.WORDS, "Whose carers have no wage counted", ("ill", "disabled", "elder", "infant")),
    KnownKey("impute.infant_under_years", _M.YEARS, "Infant whose carer has no wage counted, up to"),
    *(KnownKey(f"exempt.{kind}", _M.WORD, f"Whether it counts: {kind.label}", _COUNTED) for kind in _EXEMPTABLE),
    KnownKey(
        "support.formula", _M.WORD, "Support of obligors: formula", ("none", "SC", "H", "D20", "D30", "R50", "L5040")
    ),
    KnownKey("age.adult", _M.YEARS, "Age of an adult"),
    KnownKey("age.elderly", _M.YEARS, "Age of the elderly"),
    # Property
    KnownKey("property.financial_months", _M.MULTIPLE, "Most financial property a person, in monthly standards"),
    KnownKey(
        "property.financial_months_hardship",
        _M.MULTIPLE,
        "Most financial property a person with severe illness or disability, in monthly standards",
    ),
    KnownKey("property.financial_exempt_illness", _M.FEN, "Financial property left aside in major illness"),
    KnownKey("property.vehicle_value", _M.FEN, "Most a vehicle that earns nothing may be worth"),
    KnownKey("property.vehicle_months", _M.MULTIPLE, "Most a vehicle may be worth, in monthly standards"),
    KnownKey("property.houses", _M.NUMBER, "Most houses"),
    KnownKey("property.house_area", _M.NUMBER, "Most living space a person, in square metres"),
    KnownKey("property.companies", _M.NUMBER, "Most companies"),
    # Extreme-poverty support
    KnownKey("tekun.minor_age", _M.YEARS, "Minors: under"),
    KnownKey("tekun.minor_keep_until", _M.YEARS, "Minors keep support until"),
    KnownKey(
        "tekun.keep_in_school",
        _M.WORDS,
        "Schools in which support is kept after that age",
        ("compulsory", "high", "vocational"),
    ),
    KnownKey(
        "tekun.labour.disabilities",
        _M.WORDS,
        "Disabilities without ability to work",
        ("severe_disability", *_DISABILITIES),
    ),
    KnownKey(
        "tekun.obligor.disabilities",
        _M.WORDS,
        "Disabilities of an obligor without ability",
        ("severe_disability", *_DISABILITIES),
    ),
    KnownKey("tekun.obligor.dibao_age", _M.YEARS, "Obligor on allowance without ability, from"),
    KnownKey("tekun.obligor.income_age", _M.YEARS, "Obligor of small income without ability, from"),
    KnownKey("tekun.basic.central", _M.FEN, "Basic living, central, a person a month"),
    KnownKey("tekun.basic.home", _M.FEN, "Basic living, at home, a person a month"),
    KnownKey("tekun.base_multiple", _M.MULTIPLE, "Basic living standard of extreme-poverty support, in standards"),
    KnownKey("tekun.base_year", _M.WORD, "Whose year's standard that is", ("same", "prior")),
    *(
        KnownKey(f"tekun.care.{mode}.{tier}", _M.FEN, f"Care, {mode}, tier {tier}, a month")
        for mode in _MODES
        for tier in _TIERS
    ),
    *(
        KnownKey(f"tekun.care_percent.{mode}.{tier}", _M.PERCENT, f"Care, {mode}, tier {tier}, of the minimum wage")
        for mode in _MODES
        for tier in _TIERS
    ),
    KnownKey("tekun.care_year", _M.WORD, "Whose year's minimum wage that is", ("same", "prior")),
    KnownKey("tekun.self_care_partial", _M.NUMBER, "Unmet items from which self-care is partly lost"),
    KnownKey("tekun.self_care_none", _M.NUMBER, "Unmet items from which self-care is wholly lost"),
    KnownKey("tekun.opinion_working_days", _M.WORKING_DAYS, "Extreme-poverty support: time for survey and opinion"),
    KnownKey("tekun.notice_days", _M.DAYS, "Extreme-poverty support: length of the public notice"),
    KnownKey(
        "tekun.resurvey_working_days",
        _M.WORKING_DAYS,
        "Extreme-poverty support: time for a new survey and opinion after an objection",
    ),
    KnownKey("tekun.county_working_days", _M.WORKING_DAYS, "Extreme-poverty support: time for the county to decide"),
    KnownKey("tekun.county_check_percent", _M.PERCENT, "Extreme-poverty support: least share the county visits itself"),
    KnownKey("tekun.refusal_tell_working_days", _M.WORKING_DAYS, "Extreme-poverty support: time to tell a refusal"),
    KnownKey(
        "tekun.reassess_working_days",
        _M.WORKING_DAYS,
        "Extreme-poverty support: time to assess a reported change of self-care",
    ),
    KnownKey("tekun.end_notice_days", _M.DAYS, "Extreme-poverty support: length of the notice of ending"),
    KnownKey(
        "tekun.end_objection_working_days",
        _M.WORKING_DAYS,
        "Extreme-poverty support: time to decide after the notice of ending, or an objection to it",
    ),
    KnownKey(
        "tekun.school_review_month", _M.NUMBER, "Month that begins after the school year of who is kept in school"
    ),
    KnownKey(
        "tekun.home_bar",
        _M.WORDS,
        "Illnesses that homes may not take in",
        tuple(ground.value for ground in HomeGround if ground is not HomeGround.NONE),
    ),
    # Subsidies for disabled people, and children nobody raises
    *(
        KnownKey(f"{scheme}.{level}_working_days", _M.WORKING_DAYS, f"Time of the {level}: {scheme.label}")
        for scheme in PERSONAL
        for level in _LEVELS
    ),
    KnownKey("living_subsidy.amount", _M.FEN, "Living subsidy, a person a month"),
    KnownKey(
        "living_subsidy.families",
        _M.WORDS,
        "Whose disabled have the living subsidy",
        ("dibao", "edge", "rigid", "fupin", "fupin_out", "watch"),
    ),
    KnownKey("care_subsidy.amount", _M.FEN, "Care subsidy, a person a month"),
    *(
        KnownKey(f"care_subsidy.amount.{level}", _M.FEN, f"Care subsidy of level {level}, a month")
        for level in range(1, 5)
    ),
    KnownKey(
        "care_subsidy.disabilities",
        _M.WORDS,
        "Disabilities with the care subsidy",
        ("severe_disability", *_DISABILITIES),
    ),
    KnownKey("care_subsidy.long_care", _M.WORD, "Care subsidy: long need of care must be found", ("yes", "no")),
    KnownKey("orphan.amount.home", _M.FEN, "Orphan outside an institution, a month"),
    KnownKey("orphan.amount.institution", _M.FEN, "Orphan in an institution, a month"),
    KnownKey("unsupported_child.amount", _M.FEN, "Child without carers in fact, a month, where not the orphan's"),
    KnownKey(
        "unsupported_child.parent_states",
        _M.WORDS,
        "What keeps a parent from raising a child",
        tuple(state.value for state in ParentState if state is not ParentState.ABLE),
    ),
    KnownKey("unsupported_child.months_least", _M.MONTHS, "Custody or lost contact counts from"),
    KnownKey(
        "children.keep_in_school",
        _M.WORDS,
        "Schools in which children's money is kept after that age",
        ("compulsory", "high", "vocational", "bachelor"),
    ),
    # Temporary assistance
    KnownKey("temporary.township_limit", _M.FEN, "Most a township may confirm as temporary assistance"),
    KnownKey("temporary.ceiling", _M.FEN, "Most temporary assistance at one time"),
    KnownKey("temporary.papers_working_days", _M.WORKING_DAYS, "Time to hand in papers after paying first"),
    KnownKey(
        "temporary.amount_rule",
        _M.WORD,
        "How temporary assistance is found",
        ("requested", "multiple", "multiple_per_person"),
    ),
    *(
        KnownKey(f"temporary.standard_multiples.{one}", _M.MULTIPLE, f"Temporary assistance in standards: {_said(one)}")
        for one in _EVENTS
    ),
    KnownKey("temporary.multiple_min", _M.MULTIPLE, "Least temporary assistance, in standards"),
    KnownKey("temporary.multiple_max", _M.MULTIPLE, "Most temporary assistance, in standards"),
    KnownKey("temporary.while_pending", _M.WORD, "Aid while another application is pending", ("yes", "no")),
    KnownKey("temporary.at_place", _M.WORD, "Aid at the place of the emergency", ("yes", "no")),
    KnownKey("temporary.follow_up_days", _M.DAYS, "Days after bridging aid until the family is visited again"),
    KnownKey("temporary.staged", _M.WORD, "Staged payments under one approval", ("yes", "no")),
    KnownKey("referral.reply_days", _M.DAYS, "Days after a referral until its reply is asked after"),
    # Review and exit
    KnownKey("grace.months_min", _M.MONTHS, "Shortest grace period"),
    KnownKey("grace.months_max", _M.MONTHS, "Longest grace period"),
    KnownKey("grace.income_cap_multiple", _M.MULTIPLE, "Income up to which grace is possible, in standards"),
    KnownKey("grace.cause", _M.WORD, "Why income must have risen for grace", ("any", "work", "work_or_aid")),
    KnownKey("exit.money_months_min", _M.MONTHS, "Least exit money, in months"),
    KnownKey("exit.money_months_max", _M.MONTHS, "Most exit money, in months"),
    KnownKey("work.refusals", _M.TIMES, "Refusals of work in a row that cost one's own share"),
    # Price subsidy
    KnownKey("price.cpi_trigger", _M.PERCENT, "Rise of prices that starts the price subsidy"),
    KnownKey("price.food_trigger", _M.PERCENT, "Rise of food prices that starts the price subsidy"),
    KnownKey("price.amount_rule", _M.WORD, "Index of the price subsidy", ("cpi", "trigger")),
    KnownKey("price.schemes", _M.WORDS, "Who receives the price subsidy", ("dibao", "tekun", "edge")),
)

KNOWN_KEYS: Mapping[str, KnownKey] = MappingProxyType({known.key: known for known in _KNOWN})
