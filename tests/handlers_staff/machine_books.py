"""What must be true of the books after every step of the machine, whoever did what in whatever order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from storage.held import snapshot
from storage.models import Delivery, Ticket, TicketEvent, TicketFollower
from storage.statuses import OPEN_TICKETS, TICKET_MOVES, DeliveryStatus, EventKind, Rating, TicketStatus

Row = dict[str, Any]
# Kinds of events of which whoever filed or joined a ticket is told, when somebody of the office is their author.
TOLD = frozenset(
    {
        *(EventKind.ANSWERED, EventKind.ASKED, EventKind.FORWARDED, EventKind.RESOLVED, EventKind.REJECTED),
        *(EventKind.REOPENED, EventKind.EXTENDED, EventKind.PROMISED, EventKind.PAUSED, EventKind.RESUMED),
        *(EventKind.SENT_OUT, EventKind.MERGED, EventKind.PARTED),
    }
)
_ENDS = (EventKind.RESOLVED, EventKind.REJECTED)
_ENDED = (TicketStatus.RESOLVED, TicketStatus.REJECTED)
# What may change of a ticket only together with its version: an officer's old view must not pass for a new one.
_GUARDED = ("status", "officer_id", "department", "due_at", "answer", "parent_id", "paused_at", "closed_at")
_GUARDED_TOO = ("evidence", "evidence_kind")
# What a merged ticket has of its parent, whatever its own was.
_SHARED = (
    "status",
    "answer",
    "closed_at",
    "due_at",
    "told_due_at",
    "officer_id",
    "evidence",
    "evidence_kind",
)


@dataclass(frozen=True)
class Books:
    """Everything that stands written about tickets at one moment."""

    tickets: Mapping[int, Row]
    events: Sequence[Row]
    followers: Sequence[Row]
    deliveries: Sequence[Row]

    def children(self, ticket_id: int) -> list[Row]:
        return [row for row in self.tickets.values() if row["parent_id"] == ticket_id]


def read_ledger(session: Session) -> Books:
    """Copy the books."""

    def rows(table: Any) -> list[Row]:
        return [row.model_dump() for row in session.exec(select(table).order_by(col(table.id))).all()]

    return Books(
        {row["id"]: row for row in rows(Ticket)}, rows(TicketEvent), rows(TicketFollower), rows(Delivery)
    )


def check_step(before: Books, after: Books) -> None:
    """One transaction lies between the two."""
    assert after.events[: len(before.events)] == before.events, "an event was changed or deleted"
    for number, row in after.tickets.items():
        old = before.tickets.get(number)
        new = [e for e in after.events[len(before.events) :] if e["ticket_id"] == number]
        if old is None:
            assert [e["kind"] for e in new][:1] == [EventKind.FILED]
            continue
        _check_version(old, row, new)
        if old["parent_id"] is None and row["parent_id"] is None:
            _check_moves(TicketStatus(old["status"]), TicketStatus(row["status"]), new)
        for event in new:
            if event["kind"] == EventKind.UNDONE and event["to_status"] is not None:
                _check_undone(before, after, event)
    for event in after.events[len(before.events) :]:
        _check_hearers(before, after, event)
        if event["ticket_id"] in before.tickets:
            _check_voices(before, after, event)


def check_books(books: Books) -> None:
    """At any moment."""
    keys = Counter(row["dedupe_key"] for row in books.deliveries)
    assert all(count == 1 for count in keys.values())
    _check_silence(books)
    for number, row in books.tickets.items():
        status = TicketStatus(row["status"])
        assert (row["closed_at"] is None) == (status in OPEN_TICKETS)
        assert row["paused_at"] is None or status in OPEN_TICKETS, "the clock of a closed ticket stands still"
        _check_rating(books, number, row)
        if row["parent_id"] is not None:
            _check_child(row, books.tickets[row["parent_id"]])
        elif not any(e["kind"] == EventKind.MERGED for e in books.events if e["ticket_id"] == number):
            assert row["answer"] == _last_answer(books, number), "the answer is not the last one given"


def _last_answer(books: Books, number: int) -> str | None:
    """What the ticket's history says was answered last, of what was not taken back."""
    texts: list[str | None] = [None]
    for event in books.events:
        if event["ticket_id"] != number:
            continue
        if event["kind"] in _ENDS:
            texts.append(event["text"])
        elif event["kind"] == EventKind.UNDONE and event["from_status"] in _ENDED:
            texts.pop()
    return texts[-1]


def _check_undone(before: Books, after: Books, undone: Row) -> None:
    """Taking back: the ticket is what it was before the answer, and nobody was told or will be."""
    answer = _taken_back(before, undone)
    row = after.tickets[undone["ticket_id"]]
    kept = {name: value for name, value in answer["before"].items() if name != "photos"}
    now = snapshot(Ticket(**row))
    assert now == {name: kept[name] for name in now}, "not as before the answer"
    assert set(kept) - set(now) <= {"together"}
    new = after.events[len(before.events) :]
    back = {
        _taken_back(before, one)["id"] for one in new if one["kind"] == EventKind.UNDONE and one["to_status"]
    }
    assert set(_together(answer)) <= back, "one answer was taken back in part"
    for books, status in ((before, DeliveryStatus.QUEUED), (after, DeliveryStatus.CANCELLED)):
        told = [e["status"] for e in books.deliveries if str(e["dedupe_key"]).startswith(_citizens(answer))]
        assert set(told) <= {status}, "taken back from somebody who has read it"


def _check_silence(books: Books) -> None:
    """What was taken back never leaves afterwards."""
    for event in books.events:
        if event["kind"] == EventKind.UNDONE and event["to_status"] is not None:
            key = _citizens(_taken_back(books, event))
            told = {row["status"] for row in books.deliveries if str(row["dedupe_key"]).startswith(key)}
            assert told <= {DeliveryStatus.CANCELLED}, "an answer was sent although it had been taken back"


def _taken_back(books: Books, undone: Row) -> Row:
    """The last answer before it: only the last can be taken back, and only once."""
    held = [e for e in books.events if e["ticket_id"] == undone["ticket_id"] and e["before"] is not None]
    return next(e for e in reversed(held) if e["id"] < undone["id"])


def _citizens(event: Row) -> str:
    return f"event:{event['id']}:citizen:"


def _check_version(old: Row, new: Row, events: Sequence[Row]) -> None:
    assert new["version"] >= old["version"]
    if any(old[name] != new[name] for name in _GUARDED + _GUARDED_TOO):
        assert new["version"] > old["version"], "changed behind the back of whoever looks at it"
    written = [e for e in events if e["kind"] != EventKind.MERGED]
    if written and new["parent_id"] is None and old["parent_id"] is None:
        assert new["version"] == old["version"] + len(written), "an update was lost"


def _check_moves(status: TicketStatus, now: TicketStatus, events: Sequence[Row]) -> None:
    for event in events:
        if event["to_status"] is None:
            continue
        to = TicketStatus(event["to_status"])
        assert event["from_status"] == status
        # Taking an answer back is no move; `_check_undone` says where it leads.
        assert event["kind"] == EventKind.UNDONE or to in TICKET_MOVES[status], f"{status} -> {to}"
        status = to
    assert status == now, "a state without a line of history"


def _check_rating(books: Books, number: int, row: Row) -> None:
    """A mark is given once a closing, and only for what was answered."""
    if row["rating"] is None:
        return
    assert row["rating"] in set(Rating)
    assert row["status"] in (TicketStatus.RESOLVED, TicketStatus.COMPLETED)
    events = [e for e in books.events if e["ticket_id"] == number]
    last = max((at for at, e in enumerate(events) if e["kind"] == EventKind.REOPENED), default=0)
    marks = [e for e in events[last:] if e["kind"] == EventKind.RATED]
    assert 1 <= len(marks) <= 2, "rated twice"  # the mark, and for a bad one the reason


def _check_child(child: Row, parent: Row) -> None:
    for name in _SHARED:
        assert child[name] == parent[name], f"a merged ticket has another {name} than its parent"
    assert parent["parent_id"] is None, "a grandchild"


def _check_hearers(before: Books, after: Books, event: Row) -> None:
    """Everybody who is owed a word hears it, and nobody hears of one event twice; one answer is one event."""
    events = [one for one in after.events if one["id"] in _together(event)]
    of_event = tuple(f"{kind}:{one['id']}:" for one in events for kind in ("event", "card"))
    told = [row for row in after.deliveries if str(row["dedupe_key"]).startswith(of_event)]
    each = Counter((row["contact_id"], row["kind"] == "ticket") for row in told)
    assert all(count == 1 for count in each.values()), f"told twice of {event['kind']}"
    assert len(events) > 1 or len({row["contact_id"] for row in told}) == len(told), "told in two ways"
    heard = {row["contact_id"] for row in told if row["kind"] == "ticket"}
    owed = set().union(*(_owed(before, after, one) for one in events))
    assert heard == owed, f"hearers of {event['kind']}"


def _together(event: Row) -> Sequence[int]:
    """The events of the answer that this one is part of."""
    kept = event["before"] or {}
    found: Sequence[int] = kept.get("together", (event["id"],))
    return found


def _owed(before: Books, after: Books, event: Row) -> set[int]:
    kind, ticket = EventKind(event["kind"]), after.tickets[event["ticket_id"]]
    if kind is EventKind.UPHELD:
        return {one["contact_id"] for one in _waiting(before, ticket["id"])} & _following(after, ticket["id"])
    if kind is EventKind.REOPENED and event["staff_id"] is None:
        repeats = ticket["parent_id"] is not None and _repeats_parent(after, ticket, event)
        return set() if repeats else _interested(after, ticket, alone=False) - {event["contact_id"]}
    moved_claim = kind is EventKind.CLAIMED and event["to_status"] is not None and event["citizen_sees"]
    if event["staff_id"] is None or not (kind in TOLD or moved_claim):
        return set()
    if (
        ticket["parent_id"] is not None
        and kind is not EventKind.MERGED
        and _repeats_parent(after, ticket, event)
    ):
        return set()
    if kind is EventKind.MERGED and ticket["id"] not in _became_children(before, after):
        return set()  # the line in the parent's history
    return _interested(after, ticket, alone=kind is EventKind.ASKED)


def _against(books: Books, number: int) -> list[Row]:
    """The last words of those who joined, since the case was closed last, that say it is not done."""
    last: dict[int, Row] = {}
    for event in books.events:
        if event["ticket_id"] != number:
            continue
        if event["to_status"] in _ENDED:
            last = {}
        elif event["kind"] in (EventKind.DISPUTED, EventKind.CONFIRMED):
            last[event["contact_id"]] = event
    return [one for one in last.values() if one["kind"] == EventKind.DISPUTED]


def _waiting(books: Books, number: int) -> list[Row]:
    """Those of them at which nobody of the office has looked."""
    if books.tickets[number]["status"] not in _ENDED:
        return []
    looks = [e["id"] for e in books.events if e["ticket_id"] == number and e["kind"] == EventKind.UPHELD]
    return [one for one in _against(books, number) if one["id"] > max(looks, default=0)]


def _check_voices(before: Books, after: Books, event: Row) -> None:
    """One who joined opens nothing alone, and nobody ends a case for others or over a word that waits."""
    number = event["ticket_id"]
    case = before.tickets[before.tickets[number]["parent_id"] or number]
    if event["to_status"] == TicketStatus.COMPLETED:
        assert not _waiting(before, case["id"]), (
            "completed over the head of somebody who says that it is not done"
        )
        assert event["contact_id"] is None or not _following(before, number), "ended for others"
    if event["kind"] == EventKind.REOPENED and event["contact_id"] is not None and event["staff_id"] is None:
        authors = {case["contact_id"], *(child["contact_id"] for child in before.children(case["id"]))}
        earlier = [e for e in after.events if e["id"] < event["id"]]
        against = _against(Books(after.tickets, earlier, (), ()), case["id"])
        assert event["contact_id"] in authors or len({e["contact_id"] for e in against}) >= 2, (
            "opened by one alone"
        )


def _repeats_parent(books: Books, child: Row, event: Row) -> bool:
    """True for the line in a child's history that tells its parent's step: they hear it from there."""
    return any(
        e["ticket_id"] == child["parent_id"] and (e["kind"], e["at"]) == (event["kind"], event["at"])
        for e in books.events
    )


def _became_children(before: Books, after: Books) -> set[int]:
    return {
        number
        for number, row in after.tickets.items()
        if row["parent_id"] is not None and before.tickets[number]["parent_id"] != row["parent_id"]
    }


def _interested(books: Books, ticket: Row, *, alone: bool) -> set[int]:
    left = {
        row["contact_id"]
        for row in books.followers
        if row["ticket_id"] == ticket["id"] and row["left_at"] is not None
    }
    author = {ticket["contact_id"]} - left
    if alone:
        return author
    found = author | _following(books, ticket["id"])
    for child in books.children(ticket["id"]):
        of_child = {child["contact_id"]} | _following(books, child["id"])
        muted = {
            row["contact_id"]
            for row in books.followers
            if row["ticket_id"] == child["id"] and row["left_at"] is not None
        }
        found |= of_child - muted - left
    return found


def _following(books: Books, ticket_id: int) -> set[int]:
    return {
        row["contact_id"]
        for row in books.followers
        if row["ticket_id"] == ticket_id and row["left_at"] is None
    }
