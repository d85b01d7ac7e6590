"""The table of jobs: the only list of what the clock does, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from core.calendar import LOCAL
from scheduler import (
    approvals,
    broadcasts,
    closings,
    deadlines,
    digests,
    disputes,
    housekeeping,
    missing_info,
    own_reminders,
    reminders,
    unanswered,
)
from scheduler.job import Job

# All replicas must compute the same slots, so intervals count from one fixed moment.
_EPOCH = datetime(2026, 1, 1, tzinfo=LOCAL)

# The jobs themselves ask the ward's calendar for working days: some Saturdays are swapped, so no day is
# left out here. A day of the week would be written by name: APScheduler counts numbers from Monday.
JOBS: tuple[Job, ...] = (
    Job(
        name="broadcasts",
        title="Gửi thông báo",
        trigger=IntervalTrigger(seconds=5, start_date=_EPOCH, timezone=LOCAL),
        window=timedelta(seconds=10),
        run=broadcasts.run,
        steady=True,
    ),
    Job(
        # Also at night, for an hour may lie there; whom it wakes is the job's own affair.
        name="approvals",
        title="Thông báo chờ duyệt",
        trigger=CronTrigger(minute="*", timezone=LOCAL),
        window=timedelta(minutes=5),
        run=approvals.run,
    ),
    Job(
        # Each minute, because everybody chooses the own; what is late is a matter of the person, not of the job.
        name="digests",
        title="Bản tin theo giờ từng người chọn",
        trigger=CronTrigger(hour="5-23", minute="*", timezone=LOCAL),
        window=timedelta(minutes=5),
        run=digests.run,
    ),
    Job(
        # Ten minutes behind the digests, which come first on an officer's screen.
        name="unanswered",
        title="Câu hỏi chưa trả lời được trong tuần",
        trigger=CronTrigger(hour=7, minute=40, timezone=LOCAL),
        window=timedelta(hours=4),
        run=unanswered.run,
    ),
    Job(
        # Nobody is reminded at night (21:00 to 7:00), so a missed slot is soon left to the next one.
        name="deadlines",
        title="Nhắc phiếu sắp đến hạn",
        trigger=CronTrigger(hour="7-20", minute="*/15", timezone=LOCAL),
        window=timedelta(minutes=14),
        run=deadlines.run,
    ),
    Job(
        # In the morning, when the digest is read: nobody is asked at night whether a lamp shines.
        name="closings",
        title="Hỏi lại việc đã xử lý",
        trigger=CronTrigger(hour=9, minute=0, timezone=LOCAL),
        window=timedelta(hours=8),
        run=closings.run,
    ),
    Job(
        # An hour before the other questions to citizens: two at once would be answered like one.
        name="missing_info",
        title="Nhắc bổ sung, làm tiếp khi chưa có bổ sung",
        trigger=CronTrigger(hour=8, minute=0, timezone=LOCAL),
        window=timedelta(hours=8),
        run=missing_info.run,
    ),
    Job(
        # Behind the morning's digest, before the questions to citizens.
        name="disputes",
        title="Nhắc xem lại việc có người báo chưa xong",
        trigger=CronTrigger(hour=8, minute=15, timezone=LOCAL),
        window=timedelta(hours=8),
        run=disputes.run,
    ),
    Job(
        # Which reminder is due is a matter of rows, not of slots: whatever was slept through is found again.
        name="reminders",
        title="Nhắc việc có ngày",
        trigger=CronTrigger(hour="7-20", minute="*/5", timezone=LOCAL),
        window=timedelta(minutes=4),
        run=reminders.run,
    ),
    Job(
        # After the questions of the day to citizens, and never at night.
        name="own_reminders",
        title="Nhắc hạn giấy tờ mà bà con tự đặt",
        trigger=CronTrigger(hour=9, minute=30, timezone=LOCAL),
        window=timedelta(hours=8),
        run=own_reminders.run,
    ),
    Job(
        name="housekeeping",
        title="Dọn dữ liệu hết hạn giữ",
        trigger=CronTrigger(hour="1-4", minute="5,25,45", timezone=LOCAL),
        window=timedelta(hours=6),
        run=housekeeping.run,
    ),
)


def next_fire(job: Job, now: datetime) -> datetime | None:
    """When the job runs next; None for one that runs every few seconds."""
    return None if job.steady else job.trigger.get_next_fire_time(None, now)
