"""The profile of the ward that the settings name; apart from the House, which takes a second to build."""

from __future__ import annotations

from bot.settings import PREFIX, Settings, WrongSetting
from core.ward import Ward, list_wards, load_ward
from core.wards import WardError


def read_ward(settings: Settings) -> Ward:
    """The ward of the settings. Raises WrongSetting."""
    try:
        return load_ward(settings.ward)
    except WardError as error:
        known = ", ".join(list_wards())
        raise WrongSetting(
            f"{PREFIX}WARD: không dùng được hồ sơ này ({error}). Hồ sơ có sẵn: {known}."
        ) from None
