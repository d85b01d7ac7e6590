"""The Turn: one message of one person with everything a handler may need to answer it, and the pen to do so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlmodel import Session

from core.codes import parse_code
from core.doors import Door, Verdict
from core.messages import Ask, Choice, Content, IncomingMessage, MessageKind, Picture
from core.private_numbers import NumberKind
from faq.decision import Decision
from faq.matcher import Match
from faq.normalize import fold
from faq.routes import Route
from handlers.arrival import covered
from handlers.house import House
from storage.contacts import record_contact, record_interaction
from storage.conversations import load_conversation
from storage.models import Contact, Conversation, Delivery, Staff, StoredFile
from storage.outbox import Draft, enqueue, wake_waiting
from storage.staff import find_staff
from storage.statuses import AfterDoubt, Lane, StaffRole
from storage.tickets import Actor

MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Action:
    """What a tapped or typed choice means: a name from the router's table and its arguments."""

    name: str
    args: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Action:
        """From "name:arg:arg"; any text gives an action, the router knows which names exist."""
        name, *args = text.split(":")
        return cls(name, tuple(args))


@dataclass
class Turn:
    """A handler reads from it and answers through it; nothing it does leaves the transaction."""

    session: Session
    now: datetime
    house: House
    message: IncomingMessage
    contact: Contact
    chat: Contact
    conversation: Conversation
    staff: Staff | None
    files: Sequence[StoredFile]
    inbox_id: int
    action: Action | None = None
    is_first: bool = False
    changed_knowledge: bool = False
    # Kept apart from `staff`: for every desk an overseer is a citizen, whatever role a desk forgets to ask for.
    overseer: Staff | None = None
    written: str = ""
    covered: frozenset[NumberKind] = frozenset()
    caution: str = field(default="", init=False)
    _spoken: int = field(default=0, init=False)
    _last: int | None = field(default=None, init=False)
    _match: Match | None = field(default=None, init=False)

    @property
    def text(self) -> str:
        """What the person wrote; private numbers of citizens are covered, so that every route may keep it."""
        return self.message.text.strip()

    @property
    def whole_text(self) -> str:
        """With the numbers as they were written: for comparing with something, never for keeping."""
        return (self.written or self.message.text).strip()

    @property
    def folded(self) -> str:
        """The text in lower case without tone marks, for comparing."""
        return fold(self.message.text)

    @property
    def taken_over(self) -> bool:
        """True while a person of the office talks to this contact by the provider's own tool."""
        until = self.contact.paused_until
        return until is not None and until > self.now

    @property
    def match(self) -> Match:
        """What the knowledge base makes of the text; computed once, because several routes ask."""
        if self._match is None:
            self._match = self.house.matcher.match(self.whole_text)
        return self._match

    @property
    def actor(self) -> Actor:
        """The person as the author of a TicketEvent."""
        return Actor(self.contact.channel, self.contact.id, self.staff.id if self.staff else None)

    @cached_property
    def verdict(self) -> Verdict:
        """What the keeper of the doors makes of the text; worked out once, because several routes ask."""
        return self.house.doors.judge(self.whole_text)

    @cached_property
    def door(self) -> Door | None:
        """The door that the text belongs to, unless the knowledge base is sure of an answer, or a ticket is named.

        Grave danger has its door though an answer is known: how to report a theft is no help against a knife.
        """
        known = self.match.decision is Decision.ANSWER and not self.verdict.is_grave
        if known or self.match.route in (Route.HUMAN, Route.SMALLTALK):
            return None
        return None if parse_code(self.whole_text) is not None else self.verdict.door

    def say(
        self,
        key: str,
        /,
        *,
        choices: Sequence[Choice] = (),
        ask: Ask = Ask.NOTHING,
        pictures: Sequence[Picture] = (),
        ticket_id: int | None = None,
        **fields: object,
    ) -> None:
        """Answer in this chat with a sentence of the wording."""
        text = self.house.words.text(key, **fields)
        self.reply(Content(text, tuple(choices), tuple(pictures), ask), ticket_id=ticket_id)

    def reply(self, content: Content, *, ticket_id: int | None = None) -> None:
        """Answer in this chat. What can be tapped can also be typed: the choices are remembered."""
        self._spoken += 1
        self.conversation.choices = [[c.title, c.action] for c in content.choices if c.action]
        self.session.add(self.conversation)
        draft = Draft(
            contact=self.chat,
            content=content,
            kind="reply",
            dedupe_key=f"reply:{self.inbox_id}:{self._spoken}",
            inbox_id=self.inbox_id,
            ticket_id=ticket_id,
        )
        self._last = enqueue(self.session, draft, self.now)

    def say_caution(self) -> None:
        """Put the caution under the last answer of this turn; where nothing was answered it stays unsaid."""
        last = self.session.get(Delivery, self._last) if self.caution and self._last is not None else None
        if last is not None:
            last.content = {**last.content, "text": f"{last.content['text']}\n{self.caution}"}
            self.session.add(last)

    def ask_freely(self) -> None:
        """The next message is words, even if it is a bare number: "3" may be an area or a house.

        Call it after the reply. Titles can then be typed only as far as the handler knows them.
        """
        self.conversation.choices = []
        self.session.add(self.conversation)

    def notify(
        self,
        contact: Contact,
        content: Content,
        kind: str,
        dedupe_key: str,
        ticket_id: int | None = None,
        ready_at: datetime | None = None,
    ) -> None:
        """Tell somebody else, from `ready_at` on. `dedupe_key` names the occasion, so that nobody is told twice."""
        draft = Draft(
            contact=contact,
            content=content,
            kind=kind,
            lane=Lane.REPLY,
            after_doubt=AfterDoubt.RESEND,
            dedupe_key=f"{dedupe_key}:{contact.id}",
            inbox_id=self.inbox_id,
            ticket_id=ticket_id,
            ready_at=ready_at,
        )
        enqueue(self.session, draft, self.now)

    def words(self, key: str, /, **fields: object) -> str:
        """A sentence of the wording."""
        return self.house.words.text(key, **fields)

    def choice(self, key: str, action: str, /, **fields: object) -> Choice:
        """A thing to tap, titled by the wording."""
        return Choice(self.house.words.text(key, **fields), action)

    @property
    def data(self) -> dict[str, Any]:
        """What the flow has gathered so far; change it only through `go` and `keep`."""
        return dict(self.conversation.data)

    def in_flow(self, flow: str) -> bool:
        """True when this person is in the midst of that flow, in this chat."""
        return self.conversation.flow == flow

    def go(self, flow: str, step: str, **data: object) -> None:
        """Stand at a step of a flow; `data` is added to what was gathered."""
        kept = self.conversation.data if self.conversation.flow == flow else self._lasting()
        self.conversation.flow, self.conversation.step = flow, step
        # A new dictionary each time: changes inside a stored one are not noticed by the session.
        self.conversation.data = {**kept, **data}
        self.conversation.choices = []
        self.conversation.updated_at = self.now
        self.session.add(self.conversation)

    def keep(self, **data: object) -> None:
        """Remember something without a change of step, also outside of any flow."""
        self.conversation.data = {**self.conversation.data, **data}
        self.conversation.updated_at = self.now
        self.session.add(self.conversation)

    def end(self) -> None:
        """Leave the flow and forget what was gathered."""
        self.conversation.flow, self.conversation.step = None, None
        self.conversation.data, self.conversation.choices = self._lasting(), []
        self.conversation.updated_at = self.now
        self.session.add(self.conversation)

    @property
    def memory(self) -> dict[str, Any]:
        """What is remembered beyond the end of a flow, such as wrong tries in the last hour."""
        return dict(self.conversation.data.get(MEMORY, {}))

    def remember(self, **values: object) -> None:
        """Keep something that no flow may wipe out; small and harmless values only."""
        self.keep(**{MEMORY: {**self.memory, **values}})

    def _lasting(self) -> dict[str, Any]:
        return {MEMORY: self.memory} if self.memory else {}


def open_turn(
    session: Session,
    house: House,
    message: IncomingMessage,
    inbox_id: int,
    files: Sequence[StoredFile],
    now: datetime,
) -> Turn:
    """Load who writes, where, and what they are in the midst of; note the interaction."""
    contact = record_contact(session, message.sender, now)
    chat = record_contact(session, message.chat, now, is_group=True) if message.in_group else contact
    # First what is only read: each change before a query would be written by a statement of its own.
    duty = find_staff(session, contact.id or 0)
    oversees = duty is not None and duty.role == StaffRole.OVERSEER
    staff = None if oversees else duty
    conversation = load_conversation(session, contact.id or 0, chat.id or 0, now)
    if message.kind is not MessageKind.LEFT:
        wake_waiting(session, contact, now)
        record_interaction(session, contact, message.sent_at, message.sender_name)
    safe, kinds = covered(message, staff, house.words.text("report.masked_number"))
    turn = Turn(
        session=session,
        now=now,
        house=house,
        message=safe,
        written=message.text,
        covered=kinds,
        contact=contact,
        chat=chat,
        conversation=conversation,
        staff=staff,
        files=files,
        inbox_id=inbox_id,
        is_first=contact.greeted_at is None,
        overseer=duty if oversees else None,
    )
    turn.action = _meant_action(turn)
    return turn


def _meant_action(turn: Turn) -> Action | None:
    """A tap, or a typed number or title of what was offered last."""
    if turn.message.action is not None:
        return Action.parse(turn.message.action)
    if turn.message.kind is not MessageKind.TEXT or turn.message.reply_to:
        return None
    offered = turn.conversation.choices
    typed = turn.folded.rstrip(" .)")
    # isdigit() is true for "²" as well, which int() does not take.
    if typed.isdecimal() and 1 <= int(typed[:3]) <= len(offered):
        return Action.parse(offered[int(typed[:3]) - 1][1])
    for title, action in offered:
        if fold(title) == typed and typed:
            return Action.parse(action)
    return None
