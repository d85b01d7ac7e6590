"""Logs that help an operator and tell nobody's secrets: no citizens' texts, no phone numbers, no tokens."""

from __future__ import annotations

import logging
import re
import sys

from bot.settings import Settings

_TOKEN_LIKE = re.compile(r"\d{5,20}:[A-Za-z0-9_-]{20,}|(?<=bot)\d{5,20}:[^/\s]+")
_PHONE_LIKE = re.compile(r"(?<!\d)(?:\+?84|0)\d{8,10}(?!\d)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# At INFO these write whole addresses, and Telegram's addresses hold the bot's token.
QUIET = ("httpx", "httpcore", "apscheduler", "alembic", "asyncio", "aiohttp", "telegram")


class Redaction(logging.Filter):
    """The last net: what looks like a token or a phone number is blanked, control letters are removed."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the finished line in place; tracebacks are dropped, their texts may hold anything."""
        line = record.getMessage()
        for secret in self._secrets:
            line = line.replace(secret, "•••")
        line = _PHONE_LIKE.sub("•••", _TOKEN_LIKE.sub("•••", line))
        record.msg, record.args = _CONTROL.sub(" ", line), ()
        if record.exc_info and record.exc_info[0] is not None:
            record.msg = f"{record.msg} ({record.exc_info[0].__name__})"
        record.exc_info, record.exc_text, record.stack_info = None, None, None
        return True


def set_up_logging(settings: Settings) -> None:
    """One line an event on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    handler.addFilter(Redaction(_secrets(settings)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Libraries warn their developers with the very words they stumbled over: a file name, a header.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)


def _secrets(settings: Settings) -> tuple[str, ...]:
    return (
        settings.secret_key.get_secret_value(),
        settings.telegram_token.get_secret_value(),
        settings.telegram_secret.get_secret_value(),
        settings.zalo_app_secret.get_secret_value(),
        settings.zalo_oa_secret.get_secret_value(),
        settings.zalo_refresh_token.get_secret_value(),
    )
