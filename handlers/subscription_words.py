"""Wishes about announcements as people type them: «nhận tin y tế», «dung dien nuoc», «tôi là hộ kinh doanh»."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from core.audience import AgeGroup, Audience
from core.audience_words import read_audience
from core.messages import MessageKind
from handlers.desk_reading import words_after
from handlers.phrases import is_said
from handlers.turn import Turn

# Longer texts are stories or questions, whatever they begin with.
_LONGEST = 80


class Verb(StrEnum):
    """What somebody wants to do; the words are in core/wording/subscription.toml, table `typed`."""

    START = "start"
    STOP = "stop"
    STOP_SOME = "stop_some"
    LIST = "list"
    START_OF = "start_of"
    STOP_OF = "stop_of"
    ONLY_OF = "only_of"
    BUSINESS = "business"
    NO_BUSINESS = "no_business"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Wish:
    """A verb, and what it is about: places, topics, urgent news, an age group."""

    verb: Verb
    about: Audience = field(default_factory=Audience)


_WHOLE = (Verb.START, Verb.STOP, Verb.STOP_SOME, Verb.LIST, Verb.BUSINESS, Verb.NO_BUSINESS)
_WITH_OBJECT = (Verb.STOP_OF, Verb.ONLY_OF, Verb.START_OF)


def read_wish(turn: Turn) -> Wish | None:
    """What the text asks for, with tone marks or without; None for everything that is not only such a wish."""
    text = turn.text
    # Under a card «dừng» is the word of an officer; under an announcement «tắt thông báo» means what it says.
    under_card = turn.message.reply_to is not None and turn.staff is not None
    if turn.message.kind is not MessageKind.TEXT or under_card or len(text) > _LONGEST:
        return None
    for verb in _WHOLE:
        if is_said(text, turn.words(f"subscription.typed.{verb}")):
            return Wish(verb)
    for age in AgeGroup:
        if is_said(text, turn.words(f"subscription.typed.{age}")):
            return Wish(Verb.AGE, Audience(ages=(age,)))
    for verb in _WITH_OBJECT:
        rest = words_after(turn, text, f"subscription.typed.{verb}", glued=False)
        about = read_news(turn, rest) if rest else None
        if about is not None:
            return Wish(verb, about)
    return None


def read_news(turn: Turn, text: str) -> Audience | None:
    """Places, topics or urgent news that the whole text names; None where a word means something else."""
    read = read_audience(text, turn.house.ward, turn.house.words)
    about = read.audience
    if not read.found or read.unknown or about.roles != Audience().roles or about.ages or about.business:
        return None
    return about
