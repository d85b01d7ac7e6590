"""Search in the chat: tells filters from words in what an officer typed, and shows what was found page by page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from core.codes import parse_code
from core.messages import Choice, Content
from core.ward import Ward
from core.wards import AREA_WORDS, fold
from handlers.cards import is_open, list_line
from handlers.officer_lists import PAGE, desk_of
from handlers.turn import Turn
from storage.search import Wanted, search_tickets
from storage.statuses import OPEN_TICKETS, UNCLAIMED_TICKETS, TicketStatus

# What stays of the 64 bytes of a button after its name and a page; longer searches are not paged.
_CARRIED: Final = 44
_AREA_WORDS: Final = 4
_DONE: Final = frozenset({TicketStatus.RESOLVED, TicketStatus.COMPLETED})
_Step = Callable[[Wanted], Wanted]


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; the filters in the office's words and the rest as typed tell what was understood."""

    wanted: Wanted
    filters: tuple[str, ...]
    said: str

    @property
    def is_empty(self) -> bool:
        """Nothing was asked for."""
        return not self.filters and not self.wanted.words


def find_tickets(turn: Turn, text: str, offset: int = 0) -> None:
    """The tickets of this person's desk that hold all of what was typed. Raises Refused for who has no desk."""
    department = desk_of(turn)
    search = read_search(turn, text)
    if search.is_empty:
        return turn.say("officer.find_how")
    wanted = search.wanted if department is None else replace(search.wanted, department=department)
    # One more than a page tells whether there is another, without counting years of tickets.
    found = search_tickets(turn.session, wanted, offset, PAGE + 1)
    asked = _spoken(turn, search)
    if not found:
        key = "find_end" if offset else "find_no_words" if search.wanted.words else "find_none"
        return turn.say(f"officer.{key}", asked=asked)
    lines = [
        list_line(turn, ticket, number, with_department=department is None)
        for number, ticket in enumerate(found[:PAGE], start=1)
    ]
    choices = [Choice(ticket.code, f"officer.show:{ticket.id}") for ticket in found[:PAGE]]
    how, carried = turn.words("officer.list_how"), _carried(turn.house.ward, text)
    if len(found) > PAGE:
        if len(carried) <= _CARRIED:
            choices.append(turn.choice("officer.button.more", f"officer.find:{offset + PAGE}:{carried}"))
        else:
            how = "\n".join([how, turn.words("officer.find_narrow")])
    several = sum(is_open(ticket) for ticket in found) > 1
    if several and not turn.chat.is_group and len(carried) <= _CARRIED:
        choices.append(turn.choice("officer.button.many", f"officer.many:0:{carried}"))
    return turn.reply(
        Content("\n".join([turn.words("officer.find_head", asked=asked), *lines, how]), tuple(choices))
    )


def read_search(turn: Turn, text: str) -> Search:
    """Phrases that name a filter become one, the longest first; keys of the ward count in capitals only."""
    code = parse_code(text)
    if isinstance(code, str):
        return Search(Wanted(words=(code,)), (), code)
    ward, wanted, filters = turn.house.ward, Wanted(), []
    tokens, words = text.split(), []
    phrases = _phrases(turn)
    longest = max(len(phrase.split()) for phrase in phrases)
    while tokens:
        for size in range(min(longest, len(tokens)), 0, -1):
            said = " ".join(tokens[:size])
            found = phrases.get(fold(said)) or _area(ward, said) or _key(ward, said)
            if found is not None:
                name, step = found
                wanted = step(wanted)
                filters.append(name)
                tokens = tokens[size:]
                break
        else:
            words.append(tokens.pop(0))
    said = " ".join(words)
    wanted = replace(wanted, words=tuple(fold(said).split()))
    return Search(wanted, tuple(dict.fromkeys(filters)), said)


def _phrases(turn: Turn) -> Mapping[str, tuple[str, _Step]]:
    """Every phrase that is a filter, folded, with its name for people."""
    me = turn.staff.id if turn.staff else None
    table: dict[str, _Step] = {
        "late": lambda wanted: replace(wanted, overdue_at=turn.now),
        "mine": lambda wanted: replace(wanted, officer_id=me),
        "done": lambda wanted: replace(wanted, statuses=_DONE),
        "open": lambda wanted: replace(wanted, statuses=OPEN_TICKETS),
        "without_evidence": lambda wanted: replace(wanted, without_evidence=True),
        "unclaimed": lambda wanted: replace(wanted, statuses=UNCLAIMED_TICKETS),
    }
    found: dict[str, tuple[str, _Step]] = {}
    for category in turn.house.ward.categories:
        found[fold(category.name)] = (category.name, _of_category(category.key))
    for status in TicketStatus:
        name = turn.words(f"tickets.status.{status}")
        found[fold(name)] = (name, _in_status(status))
    for key, step in table.items():
        lines = turn.words(f"officer.filter.{key}").splitlines()
        found |= {fold(line): (lines[0], step) for line in lines}
    return found


def _area(ward: Ward, said: str) -> tuple[str, _Step] | None:
    """«tổ 4», «TDP số 4», the name of an area; a bare number is a house or a lane."""
    plain = fold(said)
    named = any(
        plain.startswith(f"{word} ") or plain.rstrip("0123456789") == word
        for word in AREA_WORDS[ward.area_word]
    )
    area = ward.find_area(said) if len(plain.split()) <= _AREA_WORDS else None
    if area is None or not (named or plain == fold(area.name)):
        return None
    key = area.key
    return area.name, lambda wanted: replace(wanted, area=key)


def _key(ward: Ward, said: str) -> tuple[str, _Step] | None:
    """«RAC» or «KT» as the ward's own tables write them."""
    category = next((one for one in ward.categories if one.key == said), None)
    if category is not None:
        return category.name, _of_category(category.key)
    department = next((one for one in ward.departments if one.key == said), None)
    if department is None:
        return None
    key = department.key
    return department.short_name, lambda wanted: replace(wanted, department=key)


def _of_category(key: str) -> _Step:
    return lambda wanted: replace(wanted, category=key)


def _in_status(status: TicketStatus) -> _Step:
    return lambda wanted: replace(wanted, statuses=frozenset({status}))


def _carried(ward: Ward, text: str) -> str:
    """The search as a button carries it: without marks, keys as they are."""
    return " ".join(word if _key(ward, word) else fold(word) for word in text.split())


def _spoken(turn: Turn, search: Search) -> str:
    """What was understood, in one line."""
    parts = list(search.filters)
    if search.wanted.words:
        parts.insert(0, turn.words("officer.find_words", words=search.said))
    return "; ".join(parts)
