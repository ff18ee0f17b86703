"""What is kept: typed tables with their constraints, and nothing that decides."""

from models.aid import Instalment, Watch
from models.base import Base
from models.benefit import Benefit, Crosscheck, Event, Finding, Objection, OwedPaper
from models.bulk import BulkLine, BulkRun
from models.desk import DeskMark, DeskSummary
from models.figure import CountyFigure, FigureCheck
from models.household import Asset, Household, HouseholdCause, HouseholdTag, Obligor
from models.household_event import HouseholdEvent, HouseholdReport, HouseholdTask
from models.issued import IssuedPaper, PaperCounter, PaperOffice, PaperStyle, PaperTemplate, SetAsidePaper
from models.matching import Lead, MatchLine, MatchRun
from models.member import ChildParent, IncomeLine, Member, NameIndex, SpendingLine
from models.office import (
    County,
    Division,
    Draft,
    FirstDay,
    Job,
    KnownBrowser,
    LoginFailure,
    LoginSession,
    NearRelative,
    OneTimeKey,
    SavedView,
    Tick,
    User,
)
from models.recalculation import Recalculation, RecalculationRow
from models.record import AuditEntry, ImportBatch, ImportLot, ImportMapping, ImportRow
from models.tekun import CountyCheck, TekunPerson
from models.visit import Attachment, Visit, VisitChange, Visitor

__all__ = [
    "Asset",
    "Attachment",
    "AuditEntry",
    "Base",
    "Benefit",
    "BulkLine",
    "BulkRun",
    "ChildParent",
    "County",
    "CountyCheck",
    "CountyFigure",
    "Crosscheck",
    "DeskMark",
    "DeskSummary",
    "Division",
    "Draft",
    "Event",
    "FigureCheck",
    "Finding",
    "FirstDay",
    "Household",
    "HouseholdCause",
    "HouseholdEvent",
    "HouseholdReport",
    "HouseholdTag",
    "HouseholdTask",
    "ImportBatch",
    "ImportLot",
    "ImportMapping",
    "ImportRow",
    "IncomeLine",
    "Instalment",
    "IssuedPaper",
    "Job",
    "KnownBrowser",
    "Lead",
    "LoginFailure",
    "LoginSession",
    "MatchLine",
    "MatchRun",
    "Member",
    "NameIndex",
    "NearRelative",
    "Objection",
    "Obligor",
    "OneTimeKey",
    "OwedPaper",
    "PaperCounter",
    "PaperOffice",
    "PaperStyle",
    "PaperTemplate",
    "Recalculation",
    "RecalculationRow",
    "SavedView",
    "SetAsidePaper",
    "SpendingLine",
    "TekunPerson",
    "Tick",
    "User",
    "Visit",
    "VisitChange",
    "Visitor",
    "Watch",
]
