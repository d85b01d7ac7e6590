"""What shows that a ticket is done: a photo, a document's number or basis in law, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.documents import find_document
from core.ward import OTHER
from core.wards import EvidenceDemand, fold
from handlers.desk_files import photos_of
from handlers.desk_rules import Caller, Refused, Speaker, step
from storage.evidence import count_shown_photos
from storage.models import StoredFile, Ticket
from storage.statuses import EventKind, EvidenceKind

MAX_SAID = 200
# «125» for a document's number, «căn cứ quy chế của chợ» for a basis: in the answer to our question that is clear.
_BARE_WORDS = 3
_BASIS = ("can cu ", "theo ")


@dataclass(frozen=True, slots=True)
class Evidence:
    """`text` is how many photos, the document as the officer named it, or the reason why there is neither."""

    kind: EvidenceKind
    text: str


class EvidenceNeeded(Refused):
    """The category asks for evidence and none was given; `demand` says which. Nothing changed."""

    def __init__(self, demand: EvidenceDemand, code: str) -> None:
        super().__init__(f"officer.evidence.{demand}", code=code)
        self.demand = demand


def demanded(caller: Speaker, ticket: Ticket) -> EvidenceDemand:
    """What the ticket's category asks for."""
    ward = caller.house.ward
    return (ward.find_category(ticket.category) or ward.get_category(OTHER)).evidence


def find_evidence(
    caller: Caller, ticket: Ticket, text: str, files: Sequence[StoredFile], said: str
) -> Evidence | None:
    """The evidence of an answer with its photos; `said` is what was typed when asked for it.

    Raises EvidenceNeeded when the category demands some and there is none. Any words are taken as a reason.
    """
    if photos := photos_of(files):
        return Evidence(EvidenceKind.PHOTO, str(len(photos)))
    demand = demanded(caller, ticket)
    if named := find_document(text):
        return Evidence(EvidenceKind.DOCUMENT, named)
    if said.strip():
        return judge(caller, said, demand)
    if shown := count_shown_photos(caller.session, ticket.id or 0):
        return Evidence(EvidenceKind.PHOTO, str(shown))
    if demand != "none":
        raise EvidenceNeeded(demand, ticket.code)
    return None


def judge(caller: Speaker, said: str, demand: EvidenceDemand) -> Evidence:
    """Whether words typed instead of a photo name a document, or tell why there is nothing."""
    said = " ".join(said.split())
    plain = fold(said)
    bare = len(plain.split()) <= _BARE_WORDS and any(letter.isdigit() for letter in plain)
    named = find_document(said) or (demand == "document" and (bare or plain.startswith(_BASIS)))
    if named and said.isdigit():
        said = caller.words("tickets.evidence.number", text=said)
    return Evidence(EvidenceKind.DOCUMENT if named else EvidenceKind.REASON, said)


def record_evidence(caller: Caller, ticket: Ticket, evidence: Evidence | None) -> None:
    """Keep it with the ticket and in its history. The citizen sees what shows the work, not an inner reason."""
    ticket.evidence = evidence.text if evidence else None
    ticket.evidence_kind = evidence.kind.value if evidence else None
    caller.session.add(ticket)
    if evidence is not None:
        seen = evidence.kind is not EvidenceKind.REASON
        step(caller, ticket, None, EventKind.EVIDENCED, evidence_words(caller, ticket), citizen_sees=seen)


def evidence_words(caller: Speaker, ticket: Ticket) -> str:
    """The evidence of a ticket in words; nothing while there is none."""
    if ticket.evidence_kind is None:
        return ""
    return caller.words(f"tickets.evidence.{ticket.evidence_kind}", text=ticket.evidence)


def citizen_lines(caller: Speaker, ticket: Ticket) -> list[str]:
    """What the citizen reads of it under the answer: a document that the answer itself does not name."""
    said = ticket.evidence or ""
    if ticket.evidence_kind != EvidenceKind.DOCUMENT or said in (ticket.answer or ""):
        return []
    return [caller.words("tickets.evidence.document", text=said)]
