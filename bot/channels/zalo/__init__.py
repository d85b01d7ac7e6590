"""The Zalo channel: citizens reached through the ward's official account."""

from bot.channels.zalo.channel import ZaloChannel

__all__ = ["ZaloChannel"]
