"""`nghedan zalo-connect`: prints the link by which an administrator of the official account lets us in."""

from __future__ import annotations

import argparse
import sys

from bot.credentials import Keyring, load_secret
from bot.settings import PREFIX, Settings, WrongSetting
from bot.web.zalo_connect import connect_link


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Everything comes from the settings."""


def execute(settings: Settings, _given: argparse.Namespace) -> int:
    """Print the link, good for ten minutes. Raises WrongSetting when Zalo is not set up."""
    if not settings.has_zalo:
        raise WrongSetting(f"{PREFIX}ZALO_APP_ID: chưa điền, nên chưa có kênh Zalo để kết nối.")
    keyring = Keyring(load_secret(settings.secret_key.get_secret_value(), settings.data_dir))
    sys.stdout.write(
        "Quản trị viên OA mở đường dẫn này trong 10 phút và bấm Cho phép:\n"
        f"{connect_link(keyring, settings.base_url)}\n"
    )
    return 0
