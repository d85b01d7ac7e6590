"""Builds the House: everything the handlers need that does not change between two messages."""

from __future__ import annotations

from bot.settings import PREFIX, Settings, WrongSetting
from core.calendar import load_calendar
from core.ward import Ward, list_wards, load_ward
from core.wards import WardError
from core.wording import load_wording
from faq.gate import OneAtATime
from faq.lexicon import load_lexicon
from faq.library import Library
from faq.scam.desk import read_tables
from handlers.house import House


def build_house(settings: Settings) -> House:
    """Load ward profile, knowledge, calendar and words. Raises WrongSetting for a ward that cannot be read."""
    ward = read_ward(settings)
    read_tables()
    library, lexicon = Library.load(), load_lexicon()
    return House(
        ward=ward,
        library=library,
        lexicon=lexicon,
        matcher=OneAtATime(library, lexicon),
        calendar=load_calendar(),
        words=load_wording(ward.unit_words),
    )


def read_ward(settings: Settings) -> Ward:
    """The ward of the settings. Raises WrongSetting."""
    try:
        return load_ward(settings.ward)
    except WardError as error:
        known = ", ".join(list_wards())
        raise WrongSetting(
            f"{PREFIX}WARD: không dùng được hồ sơ này ({error}). Hồ sơ có sẵn: {known}."
        ) from None
