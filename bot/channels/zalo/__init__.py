"""The Zalo channel: citizens reached through the ward's official account."""

from bot.channels.zalo.channel import WINDOW, ZaloChannel

__all__ = ["WINDOW", "ZaloChannel"]
