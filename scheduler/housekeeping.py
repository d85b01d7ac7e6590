"""Forgets what is no longer needed: raw messages, sent texts, recordings that were never sent, documents that nobody
may read any more, idle web sessions, settled alarms, old runs."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import Executable, String, cast, delete, update
from sqlmodel import Session, col, select

from core.calendar import local_date
from core.messages import Content
from core.serial import content_to_json
from handlers import question_record
from handlers.house import House
from handlers.turn import MEMORY
from storage.announcement_documents import forget_unused_documents
from storage.digests import forget_slots
from storage.files import forget_loose_recordings
from storage.inbox import REDACTED
from storage.models import (
    Alarm,
    AskedQuestion,
    Conversation,
    Delivery,
    Download,
    InboxItem,
    JobRun,
    QuestionCluster,
    WebSession,
)
from storage.statuses import RESTING_DELIVERIES, UNSETTLED_DELIVERIES, DeliveryStatus, InboxStatus

KEEP = timedelta(days=30)
KEEP_COUNTS = timedelta(days=400)
"""What was asked, without words: a year and a month, so that a month can be compared with the one a year before."""
# A run is proof that its slot was taken; no slot is taken after more than some hours.
_KEEP_RUNS = timedelta(days=3)
# A slot of the monthly digest is asked for during its month.
_KEEP_SLOTS = timedelta(days=70)
# The first night after a large announcement must not hold up the writer for long; the rest comes next time.
_AT_ONCE = 5_000
FORGOTTEN = content_to_json(Content(""))


def run(session: Session, _house: House, now: datetime) -> dict[str, int]:
    """Forget what is older than its time. Source of the times: docs/privacy.md."""
    before = now - KEEP
    return {
        "inbox": _redact_inbox(session, before),
        "waiting": _give_up_waiting(session, before),
        "deliveries": _redact_deliveries(session, before),
        "sessions": _delete_sessions(session, before),
        # What was said and never sent; the gateway deletes the bytes behind it.
        "recordings": forget_loose_recordings(session, before),
        "documents": forget_unused_documents(session, now),
        **_forget_asked(session, now),
        "alarms": _rows(session, delete(Alarm).where(col(Alarm.settled_at) < before)),
        # Who took which sheet out, when: kept as long as the counts.
        "downloads": _rows(session, delete(Download).where(col(Download.created_at) < now - KEEP_COUNTS)),
        "digest_slots": forget_slots(session, local_date(now - _KEEP_SLOTS)),
        "runs": _rows(session, delete(JobRun).where(col(JobRun.ran_at) < now - _KEEP_RUNS)),
    }


def _redact_inbox(session: Session, before: datetime) -> int:
    """The row stays: it is what makes a repeated event known."""
    old = (
        select(InboxItem.id)
        .where(col(InboxItem.received_at) < before, col(InboxItem.raw) != REDACTED)
        .where(col(InboxItem.status) != InboxStatus.NEW)
        .limit(_AT_ONCE)
    )
    return _rows(session, update(InboxItem).where(col(InboxItem.id).in_(old)).values(raw=REDACTED))


def _give_up_waiting(session: Session, before: datetime) -> int:
    """Whoever has not written for so long would only wonder what an old message is about."""
    old = col(Delivery.status).in_(RESTING_DELIVERIES) & (col(Delivery.created_at) < before)
    return _rows(
        session, update(Delivery).where(old).values(status=DeliveryStatus.CANCELLED.value, error="old")
    )


def _redact_deliveries(session: Session, before: datetime) -> int:
    """The row stays: its dedupe key keeps the occasion from being told again, its state is counted."""
    old = (
        select(Delivery.id)
        .where(col(Delivery.created_at) < before, cast(Delivery.content, String) != json.dumps(FORGOTTEN))
        .where(col(Delivery.status).not_in([*UNSETTLED_DELIVERIES, *RESTING_DELIVERIES]))
        .limit(_AT_ONCE)
    )
    return _rows(session, update(Delivery).where(col(Delivery.id).in_(old)).values(content=FORGOTTEN))


def _delete_sessions(session: Session, before: datetime) -> int:
    return _rows(session, delete(WebSession).where(col(WebSession.last_seen_at) < before))


def _forget_asked(session: Session, now: datetime) -> dict[str, int]:
    """The words of questions go with the messages they came in; the counts stay for a year, clusters as features.

    Four weekly lists have shown a question by then: whoever has not dealt with it will not.
    """
    asked, cluster = AskedQuestion, QuestionCluster
    worded = (col(asked.words).is_not(None) | col(asked.remark).is_not(None)) & (
        col(asked.asked_at) < now - KEEP
    )
    shown = (cast(cluster.examples, String) != "[]") & (col(cluster.last_at) < now - KEEP)
    return {
        "words": _rows(session, update(asked).where(worded).values(words=None, remark=None)),
        "examples": _rows(session, update(cluster).where(shown).values(examples=[])),
        "asked": _rows(session, delete(asked).where(col(asked.asked_at) < now - KEEP_COUNTS)),
        "threads": _cut_threads(session, now),
    }


def _cut_threads(session: Session, now: datetime) -> int:
    """What leads from a conversation to the questions asked in it is of no more use after a day."""
    told = cast(Conversation.data, String).like(f'%"{question_record.KEY}"%')
    idle = select(Conversation).where(told, col(Conversation.updated_at) < now - question_record.OPEN)
    rows = session.exec(idle.limit(_AT_ONCE)).all()
    for row in rows:
        memory = dict(row.data.get(MEMORY, {}))
        memory.pop(question_record.KEY, None)
        row.data = {**row.data, MEMORY: memory}
        session.add(row)
    session.flush()
    return len(rows)


def _rows(session: Session, statement: Executable) -> int:
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
