"""The Telegram channel: citizens and groups reached through a bot of the Bot API."""

from bot.channels.telegram.channel import TelegramChannel

__all__ = ["TelegramChannel"]
