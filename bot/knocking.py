"""A shut window: the provider's own words tell the person once that an announcement waits for a word from there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.channels import contract
from core.messages import Address, Content
from storage.claims import Outgoing

Knock = Callable[[Address, Content], Awaitable[object]]
# Each one costs money, so nothing else knocks: what concerns one ticket is told by telephone instead.
_KIND = "announcement"


def may_knock(knock: Knock | None, outgoing: Outgoing) -> bool:
    """True for an announcement that did not knock yet, where a template is set up."""
    return knock is not None and outgoing.kind == _KIND and not outgoing.knocked and not outgoing.is_group


async def knock_once(knock: Knock | None, outgoing: Outgoing, seconds: float) -> str | None:
    """Send it; returns what is wrong with the template, None when it went out or may have gone out.

    Raises SendError for what has to do with the line or the person: those have their rules. A doubtful one
    counts as sent, because nobody should pay and be disturbed twice.
    """
    if knock is None:
        return None
    try:
        async with asyncio.timeout(seconds):
            await knock(outgoing.address, outgoing.content)
    except (TimeoutError, contract.Ambiguous):
        return None
    except (contract.Rejected, contract.WindowClosed) as error:
        return f"{type(error).__name__} {error.code}".strip()
    return None
