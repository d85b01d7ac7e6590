"""What becomes of a message after an error: the policy, in one place."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bot.channels import contract
from bot.channels.contract import SendError
from storage.claims import Outgoing
from storage.statuses import AfterDoubt, DeliveryStatus

_LONGEST_BACK_OFF = 300.0
_GIVE_UP_ATTEMPTS = 60
_DOUBTS = 3
_SET_UP_PAUSE = 60.0


@dataclass(frozen=True)
class Ruling:
    """What becomes of a message after an error: a status, or another try after some seconds."""

    status: DeliveryStatus | None
    again_in: float = 0.0
    alarm: str | None = None
    shut_for: float = 0.0


def rule(error: SendError, outgoing: Outgoing) -> Ruling:
    """The error policy, in one place. Source: docs/architecture.md 5."""
    back_off = min(2.0 ** min(outgoing.attempt, 9), _LONGEST_BACK_OFF) * random.uniform(0.8, 1.2)
    match error:
        case contract.RecipientGone():
            return Ruling(DeliveryStatus.FAILED)
        case contract.WindowClosed():
            return Ruling(DeliveryStatus.WAITING)
        case contract.RecipientMoved():
            return Ruling(None, again_in=0.0)
        case contract.Throttled(seconds=seconds):
            return Ruling(None, again_in=seconds, shut_for=seconds)
        case contract.CredentialExpired():
            return Ruling(None, again_in=2.0, shut_for=2.0)
        case contract.Misconfigured():
            return Ruling(None, again_in=_SET_UP_PAUSE, alarm="channel_down", shut_for=_SET_UP_PAUSE)
        case contract.Rejected():
            return Ruling(DeliveryStatus.FAILED, alarm="message_rejected")
        case contract.Ambiguous():
            if outgoing.after_doubt is AfterDoubt.PARK or outgoing.attempt >= _DOUBTS:
                return Ruling(DeliveryStatus.UNKNOWN)
            return Ruling(None, again_in=back_off)
        case _ if outgoing.attempt >= _GIVE_UP_ATTEMPTS:
            return Ruling(DeliveryStatus.FAILED, alarm="message_given_up")
        case _:
            return Ruling(None, again_in=back_off)
