"""What became of an announcement, counted by channel and area: the only place where its deliveries are summed up."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from sqlalchemy import ColumnElement, case, func, literal
from sqlmodel import Session, col, select

from storage.models import Contact, Delivery, Subscription
from storage.statuses import UNSETTLED_DELIVERIES, DeliveryStatus

# How the sender notes that somebody has blocked us or is gone (bot/sender.py writes the error's name).
_GONE: Final = "RecipientGone"


@dataclass(frozen=True, slots=True)
class Figures:
    """Messages by what became of them. `seen` is a part of `sent`, where the channel tells it.

    `going`: queued, on its way, or held back; `waiting`: the provider's window is shut; `stopped`: recalled, past its
    last day, or the person wants none any more.
    """

    sent: int = 0
    seen: int = 0
    going: int = 0
    waiting: int = 0
    blocked: int = 0
    failed: int = 0
    unknown: int = 0
    stopped: int = 0

    @property
    def written(self) -> int:
        """All of them."""
        return sum(int(getattr(self, one.name)) for one in fields(self)) - self.seen

    @property
    def unreachable(self) -> int:
        """Those that failed for good, whatever the reason."""
        return self.blocked + self.failed

    @property
    def unclear(self) -> int:
        """Those that may have arrived, and those that nobody gets any more."""
        return self.unknown + self.stopped

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            **{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        )


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one announcement: all together, by channel, by area (its key; "" where nobody knows it)."""

    total: Figures
    by_channel: dict[str, Figures]
    by_area: dict[str, Figures]


def make_report(session: Session, announcement_id: int) -> Report:
    """Count the deliveries of an announcement."""
    total, by_channel, by_area = Figures(), dict[str, Figures](), dict[str, Figures]()
    for channel, area, status, gone, seen, count in _rows(session, announcement_id):
        found = _as_figures(status, bool(gone), seen, count)
        total += found
        by_channel[channel] = by_channel.get(channel, Figures()) + found
        by_area[area] = by_area.get(area, Figures()) + found
    return Report(total, dict(sorted(by_channel.items())), by_area)


def _rows(session: Session, announcement_id: int) -> list[tuple[str, str, str, int, int, int]]:
    """One row for each channel, area, state and reason."""
    wished = (
        select(func.min(Subscription.area))
        .where(Subscription.contact_id == Delivery.contact_id, Subscription.area != "")
        .correlate(Delivery)
        .scalar_subquery()
    )
    # Where somebody lives, otherwise the area whose news they asked for.
    area: ColumnElement[str] = func.coalesce(Contact.area, wished, literal(""))
    gone = case((col(Delivery.error).startswith(_GONE), 1), else_=0)
    query = (
        select(
            Delivery.channel,
            area.label("place"),
            Delivery.status,
            gone.label("gone"),
            func.count(col(Delivery.seen_at)),
            func.count(),
        )  # type: ignore[call-overload]
        .join(Contact, col(Contact.id) == Delivery.contact_id)
        .where(Delivery.announcement_id == announcement_id)
        .group_by(Delivery.channel, "place", Delivery.status, "gone")
    )
    return [tuple(row) for row in session.exec(query).all()]


def _as_figures(status: str, gone: bool, seen: int, count: int) -> Figures:
    if status == DeliveryStatus.SENT:
        return Figures(sent=count, seen=seen)
    if status == DeliveryStatus.FAILED:
        return Figures(blocked=count) if gone else Figures(failed=count)
    if status in UNSETTLED_DELIVERIES or status == DeliveryStatus.HELD:
        return Figures(going=count)
    names = {DeliveryStatus.WAITING: "waiting", DeliveryStatus.UNKNOWN: "unknown"}
    return Figures(**{names.get(DeliveryStatus(status), "stopped"): count})
