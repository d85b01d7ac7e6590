"""Which answers offer to remind the citizen before something runs out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from core.calendar import spoken_date
from core.messages import Choice
from core.wording import Wording
from handlers.turn import Turn
from storage.statuses import OwnTopic

OFFERED: Final[Mapping[str, OwnTopic]] = {
    "cu-tru-dang-ky-tam-tru": OwnTopic.RESIDENCE,
    "cu-tru-gia-han-tam-tru": OwnTopic.RESIDENCE,
    "bhyt-gia-han": OwnTopic.INSURANCE,
    "bhyt-mua-ho-gia-dinh": OwnTopic.INSURANCE,
    "can-cuoc-do-tuoi": OwnTopic.IDENTITY,
    "can-cuoc-phat-qua-han": OwnTopic.IDENTITY,
}
ENTRY_OF: Final[Mapping[OwnTopic, str]] = {
    OwnTopic.RESIDENCE: "cu-tru-gia-han-tam-tru",
    OwnTopic.INSURANCE: "bhyt-gia-han",
    OwnTopic.IDENTITY: "can-cuoc-do-tuoi",
}
"""The answer that tells how to renew it."""


def is_whole_year(topic: str, day: date) -> bool:
    """True where only a year of birth was given: then the day is the first of the year that counts."""
    return topic == OwnTopic.IDENTITY and (day.day, day.month) == (1, 1)


def say_own_day(words: Wording, topic: str, day: date) -> str:
    """The date as people say it; for a bare year of birth the year in which the card is exchanged."""
    if is_whole_year(topic, day):
        return words.text("own_reminders.in_year", year=day.year)
    return spoken_date(day)


def own_reminder_choices(turn: Turn, entry: str) -> list[Choice]:
    """The offer under an answer that concerns a date; none in a group, where the date would be everybody's."""
    topic = OFFERED.get(entry)
    if topic is None or turn.message.in_group:
        return []
    return [turn.choice("own_reminders.choose_start", f"own.start:{topic}")]
