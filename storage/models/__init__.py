"""All tables in one import, so that the metadata is complete wherever it is used."""

from storage.models.announcing import AnnouncementEvent
from storage.models.digest import DigestPlan, DigestSlot
from storage.models.knowledge import KnowledgeRevision
from storage.models.learning import AskedQuestion, QuestionCluster
from storage.models.machinery import Alarm, Credential, Cursor, Download, HouseFact, JobRun, Lease
from storage.models.people import (
    Contact,
    ContactLink,
    Conversation,
    Invite,
    LinkCode,
    Preference,
    Staff,
    StaffGroup,
    Subscription,
    WebSession,
)
from storage.models.plan import IndicatorValue
from storage.models.public import PublicCase
from storage.models.reminders import OwnReminder, Reminder, ReminderAnswer, ReminderTold
from storage.models.reports import ReportBook
from storage.models.scam import ScamMark
from storage.models.traffic import Delivery, InboxItem, StoredFile
from storage.models.work import (
    Absence,
    Announcement,
    CalendarDay,
    CannedReply,
    Ticket,
    TicketEvent,
    TicketFollower,
    TicketWord,
)

__all__ = [
    "Absence",
    "Alarm",
    "Announcement",
    "AnnouncementEvent",
    "AskedQuestion",
    "CalendarDay",
    "CannedReply",
    "Contact",
    "ContactLink",
    "Conversation",
    "Credential",
    "Cursor",
    "Delivery",
    "DigestPlan",
    "DigestSlot",
    "Download",
    "HouseFact",
    "InboxItem",
    "IndicatorValue",
    "Invite",
    "JobRun",
    "KnowledgeRevision",
    "Lease",
    "LinkCode",
    "OwnReminder",
    "Preference",
    "PublicCase",
    "QuestionCluster",
    "Reminder",
    "ReminderAnswer",
    "ReminderTold",
    "ReportBook",
    "ScamMark",
    "Staff",
    "StaffGroup",
    "StoredFile",
    "Subscription",
    "Ticket",
    "TicketEvent",
    "TicketFollower",
    "TicketWord",
    "WebSession",
]
