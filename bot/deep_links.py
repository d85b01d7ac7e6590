"""Deep links for commands that run beside the program: one for every channel that is set up."""

from __future__ import annotations

import httpx

from bot.settings import Settings

_SECONDS = 5.0


def deep_links(settings: Settings, start: str) -> dict[str, str]:
    """Channel title → link. Telegram is asked for the bot's name; unreachable, it is simply left out."""
    links = {"Web": f"{settings.base_url}/chat?start={start}"}
    if settings.has_telegram and (name := _telegram_name(settings)):
        links["Telegram"] = f"https://t.me/{name}?start={start}"
    if settings.has_zalo:
        links["Zalo"] = f"https://zalo.me/{settings.zalo_oa_id}"
    return links


def _telegram_name(settings: Settings) -> str | None:
    base, token = settings.telegram_base_url.rstrip("/"), settings.telegram_token.get_secret_value()
    try:
        answer = httpx.get(f"{base}/bot{token}/getMe", timeout=_SECONDS, trust_env=False)
        name = answer.json()["result"]["username"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
    return name if isinstance(name, str) else None
