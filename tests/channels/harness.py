"""What the contract suite needs to drive one channel against its fake provider, the same for all channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.channels.contract import Channel, SendError
from core.messages import Address, Envelope, MessageKind


@dataclass(frozen=True)
class Shown:
    """One message of ours as the person sees it."""

    text: str
    choices: tuple[str, ...] = ()
    pictures: int = 0
    external_id: str = ""


class Harness(Protocol):
    """A channel, started against a fake provider on loopback, and a person on the other side."""

    name: str
    channel: Channel
    citizen: Address

    async def does(self, kind: MessageKind, **fields: object) -> Sequence[Envelope]:
        """The person does something; returns the envelopes that the channel made of it.

        Fields: text, action, start, photos (list of bytes), latitude, longitude, phone, reply_to.
        An album gives several envelopes (or one) that share an `album`.
        """

    def shown(self) -> list[Shown]:
        """Everything of ours on the person's screen, oldest first."""

    async def fail_next(self, error: type[SendError]) -> bool:
        """Make the provider answer the next send so that the channel must raise `error`.

        False when this provider cannot produce that error.
        """

    async def forge(self) -> tuple[dict[str, str], bytes] | None:
        """Headers and body of a webhook call by somebody else than the provider; None without webhook."""

    async def close(self) -> None:
        """Stop channel and fake."""
