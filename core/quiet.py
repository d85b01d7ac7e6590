"""Quiet hours: when nobody is disturbed by what can wait, and when the next morning begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.calendar import LOCAL, at, local_date

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` to `ends`, local time, mostly over midnight; the same hour twice means never."""

    begins: time
    ends: time

    def covers(self, moment: datetime) -> bool:
        """True when people should be left in peace at this moment; the morning's own minute is free again."""
        hour = moment.astimezone(LOCAL).time()
        if self.begins <= self.ends:
            return self.begins <= hour < self.ends
        return hour >= self.begins or hour < self.ends

    def over_at(self, moment: datetime) -> datetime:
        """The moment itself outside of quiet hours, otherwise their end, in UTC."""
        if not self.covers(moment):
            return moment
        today = at(local_date(moment), self.ends)
        return today if today > moment else at(local_date(moment) + _ONE_DAY, self.ends)

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}–{self.ends:%H:%M}"
