"""Understands what somebody of the office wrote: which verb, which ticket, and the words that are left."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import islice

from core.calendar import local_date
from core.codes import CodeTypo, parse_code
from core.dates import read_day
from core.messages import MessageKind
from core.wards import fold
from handlers.turn import Action, Turn
from storage.models import Delivery, Staff
from storage.outbox import find_delivery
from storage.screen import find_message_behind, find_newest
from storage.staff import list_staff

# Kinds of deliveries: a card or other news for officers, and news for whoever filed a ticket.
CARD, DESK, TICKET = "card", "desk", "ticket"

_WORD = re.compile(r"[^\W_]+")
_NOT_YET = frozenset({"chưa", "chua"})
_BETWEEN = " \t\n:;,.-–—"
# A code is one to three groups as people type it; longer heads are ordinary words.
_CODE_WORDS = 5


class Verb(StrEnum):
    """What can be said to the desk. The words for each are in core/wording/officer.toml, table `typed`."""

    # Before the claim: «nhân sự», written as two words, begins like «nhận».
    PEOPLE = "people"
    CLAIM = "claim"
    RELEASE = "release"
    # Before the answer: «trả lời chung» begins like it.
    ANSWER_ALL = "answer_all"
    ANSWER = "answer"
    ASK = "ask"
    # Before the forwarding within the office: both begin with «chuyển».
    OUTSIDE = "outside"
    FORWARD = "forward"
    EXTEND = "extend"
    PROMISE = "promise"
    PAUSE = "pause"
    RESUME = "resume"
    ASSIGN = "assign"
    MERGE = "merge"
    PART = "part"
    RESOLVE = "resolve"
    REJECT = "reject"
    REOPEN = "reopen"
    UPHOLD = "uphold"
    NOTE = "note"
    SHOW = "show"
    HISTORY = "history"
    LIST = "list"
    FIND = "find"
    HELP = "help"
    MENU = "menu"
    LEAVE = "leave"
    HEAD = "head"
    ABSENT = "absent"
    BACK = "back"
    EXPORT = "export"
    RENAME = "rename"


# These need no ticket.
PLAIN = frozenset(
    {
        *(Verb.LIST, Verb.FIND, Verb.HELP, Verb.MENU, Verb.LEAVE, Verb.RENAME),
        *(Verb.PEOPLE, Verb.HEAD, Verb.ABSENT, Verb.BACK, Verb.EXPORT, Verb.ANSWER_ALL),
    }
)
# Without slash and without code these count only as the whole message: «việc» is also an everyday word.
_BARE = frozenset({Verb.LIST, Verb.HELP, Verb.MENU})
# Under a card these are complete by themselves: «nhận được tin của bác …» is an answer, «nhận» is not.
_ALONE = frozenset({Verb.CLAIM, Verb.RELEASE, Verb.SHOW, Verb.HISTORY, Verb.RESUME, Verb.PART})


@dataclass(frozen=True, slots=True)
class Order:
    """A verb with the ticket it names, if any, and the rest of the text as written."""

    verb: Verb
    code: str | CodeTypo | None
    rest: str


def read_command(turn: Turn) -> Order | None:
    """A command with a slash, or in a private chat the same words without one where they cannot be mistaken."""
    text = unicodedata.normalize("NFC", turn.text)
    slash = text.startswith("/")
    for verb in Verb:
        rest = words_after(turn, text, f"officer.typed.{verb}", glued=slash)
        if rest is None:
            continue
        code, words = (None, rest) if verb in PLAIN else split_code(rest)
        if slash or code is not None or (verb in _BARE and not rest):
            return Order(verb, code, words if verb is Verb.FIND else _sentence(words))
    # «Tìm việc làm ở đâu» is a question of anybody; only with the word for tickets it is ours without a slash.
    sought = words_after(turn, text, "officer.typed.find_tickets", glued=False)
    if sought is not None:
        return Order(Verb.FIND, None, sought)
    code, words = split_code(text)
    return Order(Verb.SHOW, code, "") if isinstance(code, str) and not words else None


def misses_code(turn: Turn) -> bool:
    """True for a verb of the desk, typed without slash, that needs a ticket and names none."""
    text = unicodedata.normalize("NFC", turn.text)
    verbs = (f"officer.typed.{verb}" for verb in Verb if verb not in PLAIN)
    return any(words_after(turn, text, key, glued=False) is not None for key in verbs)


def read_reply(turn: Turn) -> Order:
    """What somebody wrote under a card. Without one of the known words at its start it is an answer."""
    text = unicodedata.normalize("NFC", turn.text)
    for verb in Verb:
        rest = (
            None
            if verb in PLAIN
            else words_after(turn, text, f"officer.typed.{verb}", glued=text.startswith("/"))
        )
        if rest is None or (verb in _ALONE and rest):
            continue
        if rest and not _fits(turn, verb, rest):
            continue
        return Order(verb, None, _sentence(rest))
    said = words_after(turn, text, "officer.typed.said_done", glued=False)
    return Order(Verb.RESOLVE if said is not None else Verb.ANSWER, None, text)


def _fits(turn: Turn, verb: Verb, rest: str) -> bool:
    """False where the first word is that of a verb and the sentence is none: «hẹn gặp bác», «giao thông ở đây»."""
    if verb is Verb.FORWARD:
        return _department(turn, rest) is not None
    if verb in (Verb.EXTEND, Verb.PROMISE):
        return read_day(rest, local_date(turn.now))[0] is not None
    if verb is Verb.OUTSIDE:
        return split_outside(turn, rest) is not None
    if verb is Verb.MERGE:
        return isinstance(parse_code(rest), str)
    if verb is Verb.ASSIGN:
        return any(is_called(staff, rest) for staff, _ in list_staff(turn.session))
    return True


def split_day(turn: Turn, text: str) -> tuple[date | None, str]:
    """The day that a text begins with and the words behind it, as a sentence."""
    day, words = read_day(text, local_date(turn.now))
    return day, _sentence(words)


def split_outside(turn: Turn, text: str) -> tuple[str, date, str] | None:
    """Agency, day and reason of «Điện lực Đồng Xoài 30/11: chờ sửa trạm»; None when one is missing."""
    head, colon, reason = text.partition(":")
    words = head.split()
    for count in range(1, len(words)):
        day, rest = read_day(" ".join(words[count:]), local_date(turn.now))
        if day is not None and not rest and colon and reason.strip():
            return " ".join(words[:count]).strip(" ,;-"), day, _sentence(reason.strip())
    return None


def is_called(staff: Staff, text: str) -> bool:
    """True when a text begins with somebody's full or last name."""
    said, name = f"{fold(text)} ", fold(staff.name)
    return said.startswith(f"{name} ") or said.startswith(f"{name.split()[-1]} ")


def is_doubtful(text: str) -> bool:
    """True for «xong» that may mean the opposite, such as «xong phần đường, đèn thì chưa»: ask first."""
    words = {word.group() for word in _WORD.finditer(unicodedata.normalize("NFC", text).lower())}
    return not words.isdisjoint(_NOT_YET)


def split_code(text: str) -> tuple[str | CodeTypo | None, str]:
    """The ticket code at the start of a text and what follows; (None, text) when it starts otherwise."""
    words = list(re.finditer(r"\S+", text))[:_CODE_WORDS]
    for word in words:
        code = parse_code(text[: word.end()])
        if isinstance(code, str):
            # A code further inside is part of the sentence, not the address of the command.
            inside = word is not words[0] and parse_code(text[words[1].start() : word.end()]) == code
            return (None, text) if inside else (code, text[word.end() :].lstrip(_BETWEEN).rstrip())
    typo = parse_code(words[0].group()) if words else None
    return (typo, text[words[0].end() :].lstrip(_BETWEEN).rstrip()) if typo else (None, text)


def split_department(turn: Turn, text: str) -> tuple[str | None, str]:
    """The department that a text begins with, and the comment behind it."""
    found = _department(turn, text)
    return found or (None, text)


def no_words(turn: Turn) -> bool:
    """True for a message that brings neither words nor a photo, such as a sticker or a voice message."""
    return not turn.text and turn.message.kind is not MessageKind.PHOTO


def typed_on_card(turn: Turn) -> Action | None:
    """A number or title of the card that stands last on the screen.

    A card comes unasked, so the conversation does not know its choices; on a channel with few buttons the
    number is the only way to the last of them.
    """
    if turn.message.kind is not MessageKind.TEXT or turn.message.reply_to is not None or turn.chat.is_group:
        return None
    last = find_newest(turn.session, turn.chat.id or 0, turn.now)
    if last is None or last.kind not in (CARD, DESK):
        return None
    return typed_choice(turn, [[title, action] for title, action, _ in last.content.get("choices", [])])


def typed_choice(turn: Turn, choices: Sequence[Sequence[str]] | None = None) -> Action | None:
    """A number or title of what was offered last, also when it was sent as an answer to our message."""
    typed = turn.folded.rstrip(" .)")
    offered = turn.conversation.choices if choices is None else choices
    if typed.isdigit() and 1 <= int(typed[:3]) <= len(offered):
        return Action.parse(offered[int(typed[:3]) - 1][1])
    return next((Action.parse(action) for title, action in offered if typed and fold(title) == typed), None)


def message_behind(turn: Turn) -> Delivery | None:
    """Our message that was answered, if it was one of ours in this chat. A tap answers nothing."""
    if turn.message.reply_to is None or turn.message.kind is MessageKind.CHOICE:
        return None
    chat_id = turn.chat.id or 0
    found = find_delivery(turn.session, chat_id, turn.message.reply_to)
    return found or find_message_behind(turn.session, chat_id, turn.message.reply_to)


def is_typed(turn: Turn, key: str) -> bool:
    """True when the whole text is one of the phrases of a wording key, with or without slash and marks."""
    typed = fold(turn.text).replace(" ", "")
    return bool(typed) and typed in {phrase.replace(" ", "") for phrase in _phrases(turn, key)}


def _sentence(words: str) -> str:
    """What follows «xong:» goes out as a sentence of its own."""
    return words[:1].upper() + words[1:]


def words_after(turn: Turn, text: str, key: str, *, glued: bool = True) -> str | None:
    """What follows one of the phrases of a wording key at the start of a text; None when it starts otherwise.

    `glued` also takes the phrase as one word, as commands are written: "/lienket".
    """
    phrases = _longest_first(turn.words(key))
    longest = max((len(phrase.split()) for phrase in phrases), default=0)
    words = list(islice(_WORD.finditer(text), longest))
    said = [fold(word.group()) for word in words]
    for phrase in phrases:
        wanted = phrase.split()
        if glued and said[:1] == ["".join(wanted)]:
            return text[words[0].end() :].lstrip(_BETWEEN).rstrip()
        if said[: len(wanted)] == wanted:
            return text[words[len(wanted) - 1].end() :].lstrip(_BETWEEN).rstrip()
    return None


def _department(turn: Turn, text: str) -> tuple[str, str] | None:
    """The longest start of a text that names a department, so that «KT: gấp» and «Phòng KT gấp» both work."""
    ends = [word.end() for word in _WORD.finditer(text)][:8]
    for end in reversed(ends):
        found = turn.house.ward.find_department(text[:end])
        if found is not None and len(fold(text[:end])) > 1:
            return found.key, text[end:].lstrip(_BETWEEN).rstrip()
    return None


def _phrases(turn: Turn, key: str) -> tuple[str, ...]:
    return _folded(turn.words(key))


# The lists of the wording never change while we run, and each message is compared with hundreds of their lines.
@lru_cache(maxsize=512)
def _folded(phrases: str) -> tuple[str, ...]:
    return tuple(fold(line) for line in phrases.splitlines() if line.strip())


@lru_cache(maxsize=512)
def _longest_first(phrases: str) -> tuple[str, ...]:
    return tuple(sorted(_folded(phrases), key=len, reverse=True))
