"""Builds the House: everything the handlers need that does not change between two messages."""

from __future__ import annotations

from bot.channel_table import read_windows
from bot.profile import read_ward
from bot.settings import Settings
from core.calendar import load_calendar
from core.wording import load_wording
from faq.scam.desk import read_tables
from faq.shipped import load_knowledge
from handlers.house import House


def build_house(settings: Settings) -> House:
    """Load ward profile, knowledge, calendar and words. Raises WrongSetting for a ward that cannot be read."""
    ward = read_ward(settings)
    read_tables()
    known = load_knowledge()
    house = House(
        ward=ward,
        library=known.library,
        lexicon=known.lexicon,
        matcher=known.matcher,
        calendar=load_calendar(),
        words=load_wording(ward.unit_words),
        windows=read_windows(settings),
    )
    return house.with_doors(known.doors)
