"""/canhbao and /sothat: the officers' list of numbers and addresses that are warned of, or really the ward's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.calendar import local_date, spoken_date
from core.messages import Content, MessageKind
from core.private_numbers import cover, find_private_numbers
from faq.scam.links import LinkKind, find_links, is_disguised, load_sites, unfold
from handlers.desk_reading import words_after
from handlers.scam_marks import seal_hosts, seal_numbers, shown_number, ward_hotlines
from handlers.turn import Turn
from storage.inbox import redact
from storage.models import ScamMark, Staff
from storage.scam import NewMark, list_marks, record_mark, remove_mark
from storage.staff import get_staff
from storage.statuses import ScamVerdict, StaffRole

_COMMANDS: Final = {"scam_list.typed.warn": ScamVerdict.WARNED, "scam_list.typed.ours": ScamVerdict.OURS}
_MOST_SHOWN: Final = 15
_SHORTEST_REASON, _LONGEST_REASON = 5, 150
_FEWEST_DIGITS: Final = 6
_DIGITS_FIRST: Final = re.compile(r"\+?\d(?:[ .-]?\d)*")
_BETWEEN: Final = " \t\n:;,.-–—|"


@dataclass(frozen=True, slots=True)
class _Target:
    """What is noted: its seal, how the list shows it, and the rest of the command."""

    seal: str
    shown: str
    rest: str


class _Refused(Exception):
    """Nothing was changed; `key` is the sentence for whoever tried."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def applies(turn: Turn) -> bool:
    """True for the two commands from somebody of the office; for others they are texts like any other."""
    is_command = turn.message.kind is MessageKind.TEXT and turn.text.startswith("/")
    return turn.staff is not None and is_command and _order(turn) is not None


def respond(turn: Turn) -> None:
    """Add, remove or show. The message is blanked: the number in it is kept nowhere but under its seal."""
    order = _order(turn)
    if order is None:
        return
    verdict, rest = order
    try:
        staff = _need_officer(turn)
        _act(turn, verdict, rest)(staff)
    except _Refused as refused:
        turn.say(refused.key)
    if rest:
        redact(turn.session, turn.inbox_id)


def _act(turn: Turn, verdict: ScamVerdict, rest: str) -> Callable[[Staff], None]:
    removed = words_after(turn, rest, "scam_list.typed.remove") if rest else None
    if not rest:
        return lambda _staff: _show(turn)
    if removed is not None:
        return lambda staff: _remove(turn, staff, removed)
    return lambda staff: _add(turn, staff, verdict, rest)


def _add(turn: Turn, staff: Staff, verdict: ScamVerdict, text: str) -> None:
    target = _target(turn, text, verdict)
    reason = cover(" ".join(target.rest.split()), turn.words("report.masked_number")).text.strip(_BETWEEN)
    if len(reason) < _SHORTEST_REASON:
        raise _Refused("scam_list.no_reason")
    mark = NewMark(target.seal, target.shown, verdict, reason[:_LONGEST_REASON], staff.id or 0)
    number = record_mark(turn.session, mark, turn.now)
    if number is None:
        raise _Refused("scam_list.known")
    turn.say(f"scam_list.added_{verdict}", shown=target.shown, reason=mark.reason, number=number)


def _remove(turn: Turn, staff: Staff, number: str) -> None:
    digits = number.strip(_BETWEEN + "#")
    mark = remove_mark(turn.session, int(digits), staff.id or 0, turn.now) if digits.isdecimal() else None
    if mark is None:
        raise _Refused("scam_list.no_mark")
    turn.say("scam_list.removed", number=mark.id, shown=mark.shown)


def _show(turn: Turn) -> None:
    marks = list_marks(turn.session, _MOST_SHOWN)
    head = turn.words("scam_list.head", count=len(marks)) if marks else turn.words("scam_list.none")
    lines = [head, *(_line(turn, mark) for mark in marks), turn.words("scam_list.how")]
    turn.reply(Content("\n".join(lines)))


def _line(turn: Turn, mark: ScamMark) -> str:
    return turn.words(
        f"scam_list.line_{mark.verdict}",
        number=mark.id,
        shown=mark.shown,
        reason=mark.reason,
        name=get_staff(turn.session, mark.added_by).name,
        date=spoken_date(local_date(mark.added_at)),
    )


def _target(turn: Turn, text: str, verdict: ScamVerdict) -> _Target:
    """The address or number that a command names. What is the state's or the ward's own cannot be warned of."""
    links, _ = find_links(unfold(text), load_sites(), disguised=is_disguised(text))
    if links:
        return _host_target(turn, text, links[0].host, links[0].kind, verdict)
    found = next(iter(find_private_numbers(text)), None)
    span = (found.start, found.end) if found else None
    first = _DIGITS_FIRST.match(text)
    span = span or (first.span() if first else None)
    digits = "".join(filter(str.isdecimal, text[span[0] : span[1]])) if span else ""
    if span is None or len(digits) < _FEWEST_DIGITS:
        raise _Refused("scam_list.what")
    if verdict is ScamVerdict.WARNED and ward_hotlines(turn.house, [digits]):
        raise _Refused("scam_list.ours_already")
    [seal] = seal_numbers(turn.house, [digits])
    return _Target(seal, shown_number(digits), f"{text[: span[0]]} {text[span[1] :]}")


def _host_target(turn: Turn, text: str, host: str, kind: LinkKind, verdict: ScamVerdict) -> _Target:
    if kind in (LinkKind.CHAT, LinkKind.SHORTENED):
        raise _Refused("scam_list.shared")
    if verdict is ScamVerdict.WARNED and kind is LinkKind.OFFICIAL:
        raise _Refused("scam_list.official")
    [seal] = seal_hosts(turn.house, [host])
    rest = " ".join(word for word in text.split() if host not in unfold(word))
    # With the dot in brackets nobody taps it by mistake.
    return _Target(seal, host.replace(".", "[.]"), rest)


def _need_officer(turn: Turn) -> Staff:
    if turn.staff is None or turn.staff.role == StaffRole.MEMBER:
        raise _Refused("scam_list.no_right")
    return turn.staff


def _order(turn: Turn) -> tuple[ScamVerdict, str] | None:
    text = unicodedata.normalize("NFC", turn.text)
    for key, verdict in _COMMANDS.items():
        rest = words_after(turn, text, key)
        if rest is not None:
            return verdict, rest
    return None
