"""Every status word of the tables, the moves that are allowed, and the sets that queries ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class InboxStatus(StrEnum):
    """Where a recorded event stands; a claimed one is still `new`, its lease says so."""

    NEW = "new"
    DONE = "done"
    PARKED = "parked"


class DeliveryStatus(StrEnum):
    """Where an outgoing message stands. `waiting`: the provider's window is shut until the person writes.

    `held`: an announcement that is paused, or has run into quiet hours; it blocks nothing else to the person.
    """

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WAITING = "waiting"
    HELD = "held"
    CANCELLED = "cancelled"


UNSETTLED_DELIVERIES = frozenset({DeliveryStatus.QUEUED, DeliveryStatus.CLAIMED})
# What no sender has in its hands and what may still leave one day.
RESTING_DELIVERIES = frozenset({DeliveryStatus.WAITING, DeliveryStatus.HELD})


class Lane(StrEnum):
    """Replies overtake bulk."""

    REPLY = "reply"
    BULK = "bulk"


class AfterDoubt(StrEnum):
    """What to do with a message that may or may not have arrived."""

    RESEND = "resend"
    PARK = "park"


class StaffRole(StrEnum):
    """Who somebody of the office, of a community team or of an overseeing body is."""

    OFFICER = "officer"
    MEMBER = "member"
    LEADER = "leader"
    # Of the Fatherland Front or the People's Council: sees figures and masked cases, does nothing.
    OVERSEER = "overseer"


class TicketStatus(StrEnum):
    """The states of a ticket; the words for people are in core/wording/tickets.toml."""

    NEW = "moi"
    NEEDS_INFO = "yc_bo_sung"
    ACCEPTED = "tiep_nhan"
    IN_PROGRESS = "dang_xu_ly"
    EXTENDED = "gia_han"
    FORWARDED = "chuyen_cap"
    RESOLVED = "da_xu_ly"
    REJECTED = "tu_choi"
    REOPENED = "mo_lai"
    COMPLETED = "hoan_thanh"
    WITHDRAWN = "rut"


_S = TicketStatus


@dataclass(frozen=True, slots=True)
class TicketState:
    """A row of the table of states: where a ticket may go from here, and what the office owes meanwhile.

    `waits`: somebody must take it up first. `again`: the same step may be taken again, such as a second answer.
    """

    moves: frozenset[TicketStatus] = frozenset()
    is_open: bool = True
    waits: bool = False
    again: bool = False


_ANSWERS = frozenset({_S.RESOLVED, _S.REJECTED, _S.NEEDS_INFO, _S.FORWARDED, _S.WITHDRAWN})
# The names are in core/wording/tickets.toml, `status`; docs/can-bo.md shows all three together, kept true by a test.
# Beyond the states' natural order an officer may answer a ticket at once: in a ward most reports are
# settled by a look out of the window, and a forced «accept» first would only teach people to tap twice.
# Taking an answer back within its minute is no move: it restores the state before, whichever that was.
TICKET_STATES: Mapping[TicketStatus, TicketState] = {
    _S.NEW: TicketState(_ANSWERS | {_S.ACCEPTED, _S.IN_PROGRESS}, waits=True),
    _S.NEEDS_INFO: TicketState((_ANSWERS | {_S.NEW, _S.IN_PROGRESS}) - {_S.NEEDS_INFO}, again=True),
    _S.ACCEPTED: TicketState(_ANSWERS | {_S.IN_PROGRESS}),
    _S.IN_PROGRESS: TicketState(_ANSWERS | {_S.EXTENDED}, again=True),
    _S.EXTENDED: TicketState(_ANSWERS | {_S.IN_PROGRESS}, again=True),
    # Forwarded once more is a move: another department, or another agency, has it now.
    _S.FORWARDED: TicketState(_ANSWERS | {_S.IN_PROGRESS, _S.ACCEPTED}, waits=True),
    _S.RESOLVED: TicketState(frozenset({_S.COMPLETED, _S.REOPENED}), is_open=False),
    _S.REJECTED: TicketState(frozenset({_S.REOPENED}), is_open=False),
    _S.REOPENED: TicketState(_ANSWERS | {_S.IN_PROGRESS}, waits=True),
    _S.COMPLETED: TicketState(is_open=False),
    _S.WITHDRAWN: TicketState(is_open=False),
}
TICKET_MOVES = {status: state.moves for status, state in TICKET_STATES.items()}
OPEN_TICKETS = frozenset(status for status, state in TICKET_STATES.items() if state.is_open)
UNCLAIMED_TICKETS = frozenset(status for status, state in TICKET_STATES.items() if state.waits)


class EventKind(StrEnum):
    """What a TicketEvent tells."""

    FILED = "filed"
    CLAIMED = "claimed"
    RELEASED = "released"
    ANSWERED = "answered"
    ASKED = "asked"
    ADDED = "added"
    NOTED = "noted"
    FORWARDED = "forwarded"
    RESOLVED = "resolved"
    REJECTED = "rejected"
    REOPENED = "reopened"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"
    LEFT = "left"
    RATED = "rated"
    EXTENDED = "extended"
    PROMISED = "promised"
    PAUSED = "paused"
    RESUMED = "resumed"
    HANDED = "handed"
    SENT_OUT = "sent_out"
    MERGED = "merged"
    PARTED = "parted"
    EVIDENCED = "evidenced"
    UNDONE = "undone"
    # Of those who joined: it is not done, it is; and the office, having looked, lets the end stand.
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    UPHELD = "upheld"


class EvidenceKind(StrEnum):
    """What shows that a ticket is done. `reason`: nothing does, the officer said why."""

    PHOTO = "photo"
    DOCUMENT = "document"
    REASON = "reason"


class Privacy(StrEnum):
    """Who learns the name behind a ticket. Nobody is named in public who did not choose it."""

    NAMED = "named"
    HIDDEN_PUBLIC = "hidden_public"
    HIDDEN_UNIT = "hidden_unit"


class PublicStatus(StrEnum):
    """How a case stands with the public board. `withdrawn`: by its citizen; `refused`: by the office."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class Source(StrEnum):
    """How a case reached the ward. `hotline` is 1022, `portal` the national public service portal, `book`
    a tracking sheet that does not say."""

    CHAT = "chat"
    PHONE = "phone"
    PAPER = "paper"
    FANPAGE = "fanpage"
    HOTLINE = "hotline"
    PORTAL = "portal"
    FRONT = "front"
    COUNTER = "counter"
    BOOK = "book"


class Rating(StrEnum):
    """How a citizen found the answer; the words are those of the ward's reports."""

    GREAT = "great"
    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


class AnnouncementStatus(StrEnum):
    """Where an announcement stands. `pending`: a second person has to approve it."""

    DRAFT = "draft"
    PENDING = "pending"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"


class AnnouncementStep(StrEnum):
    """What an AnnouncementEvent tells; the words for people are in core/wording/announce.toml, table `step`."""

    WRITTEN = "written"
    CHANGED = "changed"
    SUBMITTED = "submitted"
    REMINDED = "reminded"
    PASSED = "passed"
    TAKEN_BACK = "taken_back"
    APPROVED = "approved"
    RETURNED = "returned"
    EMERGENCY = "emergency"
    SCHEDULED = "scheduled"
    NIGHT = "night"
    STARTED = "started"
    MISSED = "missed"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    DROPPED = "dropped"
    FINISHED = "finished"
    POSTED = "posted"
    UNPOSTED = "unposted"


class ScamVerdict(StrEnum):
    """What officers say of a number or an address."""

    WARNED = "warned"
    OURS = "ours"


class AttachmentStatus(StrEnum):
    """Whether a photo or file could be fetched and kept. `forgotten`: it was, and its bytes are to go or gone."""

    STORED = "stored"
    FAILED = "failed"
    FORGOTTEN = "forgotten"


class KnowledgeKind(StrEnum):
    """What a revision is about: an entry, the words by which people call a thing, or a figure that entries tell."""

    ENTRY = "entry"
    WORDS = "words"
    FIGURE = "figure"


class RevisionVerb(StrEnum):
    """What a revision does to its subject. `shipped` is what the product brought, kept as version 0."""

    SHIPPED = "shipped"
    ADD = "add"
    EDIT = "edit"
    ALIAS = "alias"
    REVIEW = "review"
    RETIRE = "retire"
    RESTORE = "restore"


class RevisionStatus(StrEnum):
    """Where a revision stands."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class RevisionOutcome(StrEnum):
    """What became of a decision: done, somebody decided before, or the subject has a newer version by now."""

    DONE = "done"
    DECIDED = "decided"
    STALE = "stale"


class AskedDecision(StrEnum):
    """How a question was handled. `report` and `human`: it was no question but a report, a wish for a person."""

    ANSWERED = "answered"
    OFFERED = "offered"
    NONE = "none"
    STUB = "stub"
    REPORT = "report"
    HUMAN = "human"


class Verdict(StrEnum):
    """What a person said of an answer."""

    GOOD = "good"
    BAD = "bad"


class Reason(StrEnum):
    """Why an answer was not right; `other` is told in words."""

    NOT_ASKED = "not_asked"
    WRONG = "wrong"
    UNCLEAR = "unclear"
    MISSING = "missing"
    OTHER = "other"


class ClusterStatus(StrEnum):
    """What the office made of unanswered questions: nothing yet, a way of asking, an entry, or not ours."""

    OPEN = "open"
    ALIAS = "alias"
    ENTRY = "entry"
    OUT_OF_SCOPE = "out_of_scope"


class PreferenceKind(StrEnum):
    """What a choice of a person is about; urgent news are chosen by area, like a subscription."""

    TOPIC = "topic"
    BUSINESS = "business"
    AGE = "age"
    URGENT = "urgent"


class ToldStatus(StrEnum):
    """What became of a reminder. `passed`: a newer one, or too much time, had overtaken it."""

    TOLD = "told"
    LATE = "late"
    PASSED = "passed"


class AnswerDemand(StrEnum):
    """What a reminder asks for."""

    NONE = "none"
    DONE = "done"
    FIGURES = "figures"


class OwnTopic(StrEnum):
    """What citizens can be reminded of before it runs out."""

    RESIDENCE = "residence"
    INSURANCE = "insurance"
    IDENTITY = "identity"
