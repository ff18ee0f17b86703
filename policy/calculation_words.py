"""The words of facts and findings; everybody takes them from ``policy.vocabulary``, where all words stand."""

from policy.word import Word


class Subject(Word):
    """What a calculation is asked about: the schemes, and the price subsidy."""

    DIBAO = "dibao", "Subsistence allowance"
    TEKUN = "tekun", "Extreme-poverty support"
    TEMPORARY = "temporary", "Temporary assistance"
    EDGE = "edge", "Low-income edge family"
    RIGID = "rigid", "Rigid-expenditure family"
    PRICE_SUBSIDY = "price_subsidy", "Price subsidy"
    LIVING_SUBSIDY = "living_subsidy", "Living subsidy for disabled people"
    CARE_SUBSIDY = "care_subsidy", "Care subsidy for severely disabled people"
    UNSUPPORTED_CHILD = "unsupported_child", "Child without carers in fact"
    ORPHAN = "orphan", "Orphan"


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
    REHAB = "rehab", "In compulsory drug rehabilitation"


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


class ParentKind(Word):
    """Which parent of a child."""

    FATHER = "father", "Father"
    MOTHER = "mother", "Mother"


class ParentState(Word):
    """Why a parent does not raise the child (民发〔2019〕62号; 国办发〔2010〕54号), or that the parent can."""

    DEAD = "dead", "Dead, or declared dead"
    MISSING = "missing", "Declared missing by the court"
    NOT_FOUND = "not_found", "Cannot be found out who it is"
    DISABLED = "disabled", "Severely disabled (level 1 or 2, mental or intellectual also 3 or 4)"
    ILL = "ill", "Gravely ill"
    PRISON = "prison", "In prison or custody"
    REHAB = "rehab", "In compulsory drug rehabilitation"
    RESTRAINED = "restrained", "Liberty restricted otherwise"
    LOST_CONTACT = "lost_contact", "Out of contact"
    REMOVED = "removed", "Deprived of guardianship by the court"
    DEPORTED = "deported", "Sent out of the country"
    ABLE = "able", "Able to raise the child"
