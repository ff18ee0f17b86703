"""The words of the field, once: stored value, English message id as label; Chinese lives in the catalogues."""

# isort: off
# Words of one topic stand in modules of their own and are imported from here like all others.
from policy.action_words import Action as Action
from policy.calculation_words import (
    Absence as Absence, CareNeed as CareNeed, Degree as Degree, EventKind as EventKind, KinRelation as KinRelation,
    Mode as Mode, Outcome as Outcome, ParentKind as ParentKind, ParentState as ParentState, RiseCause as RiseCause,
    StudyLevel as StudyLevel, Subject as Subject, Tag as Tag, Work as Work,
)  # fmt: skip
from policy.event_words import Happening as Happening, Need as Need, Reply as Reply, ReportState as ReportState
from policy.tekun_words import EndReason as EndReason, HomeGround as HomeGround, SelfCare as SelfCare
from policy.word import Word as Word
# isort: on


class Scheme(Word):
    """Kinds of aid (社会救助 schemes)."""

    DIBAO = "dibao", "Subsistence allowance"
    TEKUN = "tekun", "Extreme-poverty support"
    TEMPORARY = "temporary", "Temporary assistance"
    EDGE = "edge", "Low-income edge family"
    RIGID = "rigid", "Rigid-expenditure family"
    LIVING_SUBSIDY = "living_subsidy", "Living subsidy for disabled people"
    CARE_SUBSIDY = "care_subsidy", "Care subsidy for severely disabled people"
    UNSUPPORTED_CHILD = "unsupported_child", "Child without carers in fact"
    ORPHAN = "orphan", "Orphan"


SUBSIDIES = (Scheme.LIVING_SUBSIDY, Scheme.CARE_SUBSIDY)
"""残疾人两项补贴."""
CHILDREN = (Scheme.UNSUPPORTED_CHILD, Scheme.ORPHAN)
CLASSES = (Scheme.EDGE, Scheme.RIGID)
"""Recognised for a term, without monthly money."""
PERSONAL = SUBSIDIES + CHILDREN
"""Schemes under which one person is entitled, not the household."""
MONTHLY = (Scheme.DIBAO, Scheme.TEKUN, *PERSONAL)
"""Schemes that pay each month."""
NOT_TEMPORARY = tuple(scheme for scheme in Scheme if scheme is not Scheme.TEMPORARY)


class Stage(Word):
    """Where a benefit stands between application and exit."""

    APPLIED = "applied", "Applied"
    ACCEPTED = "accepted", "Accepted"
    REVIEW = "review", "Under review"
    NOTICE = "notice", "On public notice"
    APPROVAL = "approval", "Awaiting confirmation"
    ACTIVE = "active", "Receiving"
    RECHECK = "recheck", "Being rechecked"
    GRACE = "grace", "Grace period"
    SUSPENDED = "suspended", "Suspended"
    REFUSED = "refused", "Not confirmed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXITED = "exited", "Exited"


UNDECIDED = (Stage.APPLIED, Stage.ACCEPTED, Stage.REVIEW, Stage.NOTICE, Stage.APPROVAL)
RUNNING = (Stage.ACTIVE, Stage.RECHECK)
"""While aid runs as it was decided: neither coming to an end nor held back."""
PAID = (*RUNNING, Stage.GRACE)
"""While money goes out each month."""
IN_FORCE = (*PAID, Stage.SUSPENDED)
OPEN = UNDECIDED + IN_FORCE
ENDED = (Stage.REFUSED, Stage.WITHDRAWN, Stage.EXITED)


class Role(Word):
    """Who may do what; a person has one role."""

    VILLAGE_WORKER = "village_worker", "Village worker"
    TOWNSHIP_OFFICER = "township_officer", "Township officer"
    TOWNSHIP_APPROVER = "township_approver", "Township approver"
    COUNTY_REVIEWER = "county_reviewer", "County reviewer"
    COUNTY_APPROVER = "county_approver", "County approver"
    SUPERVISOR = "supervisor", "Supervisor"
    AUDITOR = "auditor", "Auditor"
    SYSTEM_ADMIN = "system_admin", "System administrator"
    SECURITY_ADMIN = "security_admin", "Security administrator"


class Area(Word):
    """城乡: which standard applies."""

    URBAN = "urban", "Urban"
    RURAL = "rural", "Rural"


class Unit(Word):
    """整户 or 单人户."""

    HOUSEHOLD = "household", "Whole household"
    SINGLE = "single", "Single person"


class Sex(Word):
    """GB/T 2261.1."""

    MALE = "male", "Male"
    FEMALE = "female", "Female"


class Relation(Word):
    """Relation to the head of the household (GB/T 4761, grouped)."""

    HEAD = "head", "Head"
    SPOUSE = "spouse", "Spouse"
    SON = "son", "Son"
    DAUGHTER = "daughter", "Daughter"
    CHILD_IN_LAW = "child_in_law", "Child-in-law"
    PARENT = "parent", "Parent"
    PARENT_IN_LAW = "parent_in_law", "Parent-in-law"
    GRANDCHILD = "grandchild", "Grandchild"
    GRANDPARENT = "grandparent", "Grandparent"
    SIBLING = "sibling", "Sibling"
    OTHER = "other", "Other"


class Marital(Word):
    """GB/T 2261.2."""

    SINGLE = "single", "Never married"
    MARRIED = "married", "Married"
    WIDOWED = "widowed", "Widowed"
    DIVORCED = "divorced", "Divorced"
    UNKNOWN = "unknown", "Not stated"


class Schooling(Word):
    """Education reached (GB/T 4658, grouped)."""

    NONE = "none", "No schooling"
    PRIMARY = "primary", "Primary school"
    JUNIOR = "junior", "Junior secondary"
    SENIOR = "senior", "Senior secondary"
    VOCATIONAL = "vocational", "Secondary vocational"
    COLLEGE = "college", "Junior college"
    BACHELOR = "bachelor", "Bachelor"
    POSTGRADUATE = "postgraduate", "Postgraduate"


class Employment(Word):
    """What a member does (GB/T 2261.4, grouped)."""

    FARMING = "farming", "Farming"
    EMPLOYED = "employed", "Employed"
    FLEXIBLE = "flexible", "Flexible work"
    SELF_EMPLOYED = "self_employed", "Self-employed"
    STUDENT = "student", "Student"
    RETIRED = "retired", "Retired"
    UNEMPLOYED = "unemployed", "Unemployed"
    NONE = "none", "Not of working age or ability"


class DisabilityKind(Word):
    """GB/T 26341-2010; order gives the type digit of the certificate number."""

    VISION = "vision", "Vision"
    HEARING = "hearing", "Hearing"
    SPEECH = "speech", "Speech"
    LIMB = "limb", "Limb"
    INTELLECTUAL = "intellectual", "Intellectual"
    MENTAL = "mental", "Mental"
    MULTIPLE = "multiple", "Multiple"


class Illness(Word):
    """How grave an illness is for the rules."""

    MAJOR = "major", "Major illness"
    CHRONIC = "chronic", "Chronic illness"


class Labour(Word):
    """Labour ability as the monthly report counts it."""

    ABLE = "able", "Able to work"
    PARTIAL = "partial", "Partly able to work"
    LOST = "lost", "Lost ability to work"
    NONE = "none", "No ability to work"


class Health(Word):
    """GB/T 2261.3."""

    GOOD = "good", "Healthy"
    FAIR = "fair", "Fair or weak"
    CHRONIC = "chronic", "Chronically ill"
    DISABLED = "disabled", "Disabled"


class Cause(Word):
    """困难原因; several may hold for one household."""

    ILLNESS = "illness", "Illness"
    DISABILITY = "disability", "Disability"
    SCHOOLING = "schooling", "Cost of schooling"
    DISASTER = "disaster", "Disaster"
    NO_LABOUR = "no_labour", "Lack of labour"
    OTHER = "other", "Other cause"


class LeaveReason(Word):
    """Why a member left the household."""

    DEATH = "death", "Death"
    MARRIAGE = "marriage", "Marriage"
    SPLIT = "split", "Household split"
    MERGE = "merge", "Households merged"
    MOVE = "move", "Moved away"
    PRISON = "prison", "In prison"
    CORRECTION = "correction", "Entered by mistake"


class IncomeKind(Word):
    """Income lines of a member (民发〔2021〕57号 art.13)."""

    WAGE = "wage", "Wage"
    BUSINESS = "business", "Business income"
    PROPERTY = "property", "Property income"
    TRANSFER = "transfer", "Transfer income"
    SUPPORT = "support", "Support payment"
    PENSION_BASIC = "pension_basic", "Basic pension"
    PENSION_OTHER = "pension_other", "Other pension"
    VETERAN_BENEFIT = "veteran_benefit", "Veteran benefit"
    BIRTH_POLICY_AWARD = "birth_policy_award", "Birth-policy award"
    SCHOLARSHIP = "scholarship", "Scholarship"
    HERO_AWARD = "hero_award", "Award for bravery"
    GOVERNMENT_AID = "government_aid", "Government aid"
    RELIEF = "relief", "Relief"
    GRAIN_SUBSIDY = "grain_subsidy", "Grain subsidy"
    VOLUNTEER_SUBSIDY = "volunteer_subsidy", "Volunteer subsidy"
    OTHER = "other", "Other income"


class SpendingKind(Word):
    """Rigid spending and work cost of a member."""

    MEDICAL = "medical", "Medical"
    DISABILITY = "disability", "Disability care"
    EDUCATION = "education", "Education"
    WORK = "work", "Work cost"
    LIVING = "living", "Living"


class AssetKind(Word):
    """Property of a household (民发〔2021〕57号 art.14)."""

    DEPOSIT = "deposit", "Deposit"
    SECURITY = "security", "Securities"
    INSURANCE = "insurance", "Commercial insurance"
    HOUSE = "house", "House"
    VEHICLE = "vehicle", "Vehicle"
    MACHINE = "machine", "Large farm machine"
    COMPANY = "company", "Company"
    LIVESTOCK = "livestock", "Livestock"
    OTHER = "other", "Other property"


class VisitKind(Word):
    """Why somebody goes to a home."""

    SURVEY = "survey", "Home survey"
    COUNTY = "county", "County visit"
    QUARTERLY = "quarterly", "Quarterly visit"
    RECHECK = "recheck", "Recheck visit"
    FOLLOW_UP = "follow_up", "Follow-up visit"


class Change(Word):
    """What a visitor found changed since the last visit."""

    INCOME = "income", "Income changed"
    PEOPLE = "people", "People changed"
    HEALTH = "health", "Health changed"
    HOUSING = "housing", "Housing changed"
    PROPERTY = "property", "Property changed"
    WORK = "work", "Work changed"


class Source(Word):
    """Where an economic cross-check asks (核对)."""

    VEHICLES = "vehicles", "Vehicles"
    HOUSEHOLD_REGISTER = "household_register", "Household register"
    BANK = "bank", "Bank deposits"
    SECURITIES = "securities", "Securities"
    BUSINESS = "business", "Business register"
    INSURANCE = "insurance", "Social insurance"
    HOUSING_FUND = "housing_fund", "Housing fund"
    TAX = "tax", "Tax"
    REAL_ESTATE = "real_estate", "Real estate"
    MACHINERY = "machinery", "Farm machinery"


class Paper(Word):
    """Papers an application or a step needs."""

    APPLICATION = "application", "Application form"
    PLEDGE = "pledge", "Honesty pledge"
    AUTHORISATION = "authorisation", "Cross-check authorisation"
    HOUSEHOLD_BOOK = "household_book", "Household booklet"
    ID_CARD = "id_card", "Identity cards"
    DISABILITY_CARD = "disability_card", "Disability certificate"
    DIAGNOSIS = "diagnosis", "Diagnosis"
    INCOME_PROOF = "income_proof", "Income proof"
    SPENDING_PROOF = "spending_proof", "Spending receipts"
    SIGNATURES = "signatures", "Signatures and seals"
    EXIT_FORM = "exit_form", "Voluntary exit form"
    AGREEMENT = "agreement", "Guardianship agreement"
    PHOTO = "photo", "Photo"
    OTHER = "other", "Other paper"


class WatchEnd(Word):
    """How a family's time on the watch list (潜在救助对象) ends."""

    APPLIED = "applied", "Applied again"
    BETTER = "better", "No longer in difficulty"
    GONE = "gone", "Moved away or died"


class ReviewClass(Word):
    """How often a benefit is looked at again (民发〔2021〕57号 art.31)."""

    STABLE = "stable", "Little change (yearly)"
    CHANGING = "changing", "Changing income (half-yearly)"
    HALF_YEARLY = "half_yearly", "Little change in the short run (half-yearly, before July 2021)"


class Authority(Word):
    """Who may confirm."""

    TOWNSHIP = "township", "Township"
    COUNTY = "county", "County"
    COUNTY_GOVERNMENT = "county_government", "County government"
