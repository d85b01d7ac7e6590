"""The channels that are set up: adding one to the product is one line in this table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.channels.contract import Channel
from bot.channels.webchat import WebChatChannel
from bot.channels.zalo import WINDOW as ZALO_WINDOW
from bot.channels.zalo import ZaloChannel
from bot.credentials import Keyring, StoredTokens
from bot.settings import Settings
from core.messages import Limits
from core.reach import Window
from storage.database import Database


@dataclass(frozen=True)
class Supplies:
    """What a channel may need to be made."""

    settings: Settings
    database: Database
    keyring: Keyring
    clock: Callable[[], datetime]
    owner: str
    media: Path
    incoming: Path
    notify_page: Callable[[str], None]


def make_channels(supplies: Supplies) -> dict[str, Channel]:
    """Every channel that is set up, by name."""
    made = [make(supplies) for is_set_up, make, _ in _TABLE if is_set_up(supplies.settings)]
    return {channel.name: channel for channel in made}


def read_windows(settings: Settings) -> dict[str, Window]:
    """When the channels that shut their door let us write, and what this installation has arranged for then."""
    return {
        "webchat": Window(rings=False),
        "zalo": replace(ZALO_WINDOW, pays=settings.zalo_paid, has_template=bool(settings.zalo_template_id)),
    }


def list_limits(settings: Settings) -> dict[str, Limits]:
    """What a message may carry on every channel that is set up, by name."""
    return dict(told() for is_set_up, _, told in _TABLE if is_set_up(settings))


def _webchat(s: Supplies) -> Channel:
    return WebChatChannel(s.incoming, s.notify_page, s.settings.base_url, media=s.media)


def _telegram(s: Supplies) -> Channel:
    # Here, because a ward without Telegram would pay for its library at every start.
    from bot.channels.telegram import TelegramChannel

    given = s.settings
    secret = given.telegram_secret.get_secret_value() or s.keyring.derive_text("telegram-webhook")
    return TelegramChannel(
        given.telegram_token.get_secret_value(),
        base_url=given.telegram_base_url.rstrip("/"),
        mode=given.telegram_mode,
        secret=secret,
        webhook_url=f"{given.base_url}/webhooks/telegram",
        media=s.media,
        per_second=given.telegram_per_second,
    )


def _zalo(s: Supplies) -> Channel:
    given = s.settings
    name = ("zalo", given.zalo_oa_id)
    return ZaloChannel(
        app_id=given.zalo_app_id,
        app_secret=given.zalo_app_secret.get_secret_value(),
        oa_id=given.zalo_oa_id,
        oa_secret=given.zalo_oa_secret.get_secret_value(),
        first_refresh_token=given.zalo_refresh_token.get_secret_value() or None,
        vault=StoredTokens(s.database, s.keyring, s.clock, s.owner, name),
        media=s.media,
        openapi_url=given.zalo_openapi_url.rstrip("/"),
        oauth_url=given.zalo_oauth_url.rstrip("/"),
        media_hosts=given.zalo_media_hosts,
        per_minute=given.zalo_per_minute,
        template_id=given.zalo_template_id,
        template_field=given.zalo_template_field,
    )


def _telegram_kind() -> tuple[str, Limits]:
    from bot.channels.telegram import TelegramChannel

    return TelegramChannel.name, TelegramChannel.limits


_Row = tuple[Callable[[Settings], bool], Callable[[Supplies], Channel], Callable[[], tuple[str, Limits]]]
_TABLE: tuple[_Row, ...] = (
    (lambda settings: settings.has_zalo, _zalo, lambda: (ZaloChannel.name, ZaloChannel.limits)),
    (lambda settings: settings.has_telegram, _telegram, _telegram_kind),
    (lambda _: True, _webchat, lambda: (WebChatChannel.name, WebChatChannel.limits)),
)
