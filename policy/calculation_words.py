"""The words of facts and findings; everybody takes them from ``policy.vocabulary``, where all words stand."""

from policy.word import Word


class Subject(Word):
    """What a calculation is asked about: the five schemes, and the price subsidy."""

    DIBAO = "dibao", "Subsistence allowance"
    TEKUN = "tekun", "Extreme-poverty support"
    TEMPORARY = "temporary", "Temporary assistance"
    EDGE = "edge", "Low-income edge family"
    RIGID = "rigid", "Rigid-expenditure family"
    PRICE_SUBSIDY = "price_subsidy", "Price subsidy"


class Outcome(Word):
    """What a calculation comes to."""

    ELIGIBLE = "eligible", "Fits the rules"
    NOT_ELIGIBLE = "not_eligible", "Does not fit the rules"
    GRACE = "grace", "Grace period"
    SPECIAL_DECISION = "special_decision", "Needs a decision on the single case"
    INCOMPLETE = "incomplete", "Facts are missing"


class KinRelation(Word):
    """Relation to the head, as calculations tell them apart."""

    HEAD = "head", "Head"
    SPOUSE = "spouse", "Spouse"
    CHILD = "child", "Child"
    CHILD_IN_LAW = "child_in_law", "Child-in-law"
    PARENT = "parent", "Parent"
    PARENT_IN_LAW = "parent_in_law", "Parent-in-law"
    GRANDCHILD = "grandchild", "Grandchild"
    GRANDPARENT = "grandparent", "Grandparent"
    SIBLING = "sibling", "Sibling"
    OTHER = "other", "Other"


class StudyLevel(Word):
    """What a student attends."""

    COMPULSORY = "compulsory", "Compulsory school"
    HIGH = "high", "Senior secondary"
    VOCATIONAL = "vocational", "Secondary vocational"
    BACHELOR = "bachelor", "Bachelor"
    POSTGRADUATE = "postgraduate", "Postgraduate"


class Work(Word):
    """Labour ability as calculations count it."""

    ABLE = "able", "Able to work"
    PARTIAL = "partial", "Partly able to work"
    NONE = "none", "No ability to work"


class Absence(Word):
    """Why a member of the family on paper does not count while it lasts (民发〔2021〕57号 art.7)."""

    PRISON = "prison", "In prison"
    MISSING = "missing", "Missing"
    REHAB = "rehab", "In compulsory rehabilitation"


class CareNeed(Word):
    """Why somebody needs another's care at home."""

    DISABLED = "disabled", "Disabled and helpless"
    ILL = "ill", "Ill and helpless"
    ELDER = "elder", "Old and helpless"
    INFANT = "infant", "Infant"


class Mode(Word):
    """供养方式: by the person's own choice."""

    HOME = "home", "Support at home"
    CENTRAL = "central", "Support in a home"


class Tag(Word):
    """Marks of a family that rules ask for."""

    FUPIN = "fupin", "Registered poor"
    FUPIN_OUT = "fupin_out", "Out of registered poverty"
    WATCH = "watch", "Watched against falling back"
    DISASTER = "disaster", "Struck by disaster"
    COVID = "covid", "Hit by the epidemic"


class EventKind(Word):
    """What struck a family that asks for temporary assistance."""

    FIRE = "fire", "Fire"
    ACCIDENT = "accident", "Accident"
    ILLNESS = "illness", "Sudden illness"
    DISASTER = "disaster", "Disaster"
    EDUCATION = "education", "Cost of schooling"
    JOB_LOSS = "job_loss", "Loss of work"
    OTHER = "other", "Other cause"


class Degree(Word):
    """How hard it struck."""

    LIGHT = "light", "Light"
    MODERATE = "moderate", "Moderate"
    SEVERE = "severe", "Severe"


class RiseCause(Word):
    """Why a family's income rose."""

    WORK = "work", "Work"
    ENTERPRISE = "enterprise", "Enterprise"
    AID = "aid", "Help that worked"
    OTHER = "other", "Other cause"
