"""What people ask, week by week: the numbers gathered, and said in words for a chat and for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from core.calendar import at, local_date
from core.wording import Wording
from handlers.house import House
from storage.asked_report import Tally, Week, count_weeks, list_top_entries
from storage.clusters import is_open, list_most_asked
from storage.knowledge import find_newest
from storage.statuses import KnowledgeKind

_TOP = 5


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was asked so often; `status` says what the office made of an unanswered one."""

    text: str
    count: int
    status: str = ""


@dataclass(frozen=True, slots=True)
class AskedReport:
    """Weeks from Monday to Sunday, oldest first, the last one still running; the most asked of all of them."""

    weeks: Sequence[Week]
    entries: Sequence[Line]
    unanswered: Sequence[Line]

    @property
    def total(self) -> Tally:
        """All weeks together."""
        return sum((week.total for week in self.weeks), Tally())

    @property
    def topics(self) -> list[tuple[str, Tally]]:
        """The topics of all weeks, the most asked first."""
        names = dict.fromkeys(name for week in self.weeks for name in week.topics)
        sums = {name: sum((week.topics.get(name, Tally()) for week in self.weeks), Tally()) for name in names}
        return sorted(sums.items(), key=lambda pair: (-pair[1].asked, pair[0]))


def make_report(session: Session, house: House, now: datetime, weeks: int) -> AskedReport:
    """The present week and those before it, so many in all. Raises ValueError for less than one."""
    if weeks < 1:
        raise ValueError(weeks)
    today = local_date(now)
    monday = today - timedelta(days=today.weekday() + 7 * (weeks - 1))
    first = at(monday, time())
    entries = list_top_entries(session, first, _TOP)
    clusters = list_most_asked(session, first, _TOP)
    return AskedReport(
        weeks=count_weeks(session, first, weeks),
        entries=[Line(_question(session, house, entry), count) for entry, count in entries],
        unanswered=[
            Line(cluster.examples[0], count, "" if is_open(session, cluster) else cluster.status)
            for cluster, count in clusters
            if cluster.examples
        ],
    )


def report_text(report: AskedReport, words: Wording) -> str:
    """The report in lines that fit a telephone and a terminal alike."""
    total, last = report.total, report.weeks[-1]
    span = {"first": _day(report.weeks[0].begins), "last": _day(last.begins + timedelta(days=6, hours=12))}
    if not total.asked:
        return words.text("learn.report.empty", **span)
    lines = [words.text("learn.report.head", **span), *_counts(total, words)]
    busy = [week for week in report.weeks if week.total.asked]
    if len(report.weeks) > 1:
        lines += ["", words.text("learn.report.weeks"), *(_week_line(week, words) for week in busy)]
    lines += ["", words.text("learn.report.topics")]
    lines += [
        words.text("learn.report.line", name=topic_name(words, name), **_numbers(one))
        for name, one in report.topics
    ]
    for key, found in (("entries", report.entries), ("unanswered", report.unanswered)):
        lines += ["", words.text(f"learn.report.{key}")] if found else []
        lines += [_top_line(number, one, words) for number, one in enumerate(found, start=1)]
    return "\n".join(lines)


def topic_name(words: Wording, topic: str) -> str:
    """A topic as people call it; one that an office invented by its own name."""
    key = f"learn.topic.{topic or 'none'}"
    return words.text(key) if words.has(key) else topic.replace("_", " ")


def _counts(total: Tally, words: Wording) -> list[str]:
    lines = [words.text("learn.report.total", **_numbers(total))]
    if total.good or total.bad:
        lines.append(words.text("learn.report.thumbs", good=total.good, bad=total.bad))
    return lines


def _week_line(week: Week, words: Wording) -> str:
    return words.text("learn.report.line", name=_day(week.begins), **_numbers(week.total))


def _top_line(number: int, line: Line, words: Wording) -> str:
    if not line.status:
        return words.text("learn.report.top", number=number, text=line.text, count=line.count)
    status = words.text(f"learn.status.{line.status}")
    return words.text(
        "learn.report.top_settled", number=number, text=line.text, count=line.count, status=status
    )


def _numbers(tally: Tally) -> dict[str, object]:
    return {
        "asked": tally.asked,
        "found": tally.found,
        "offered": tally.picked + tally.unpicked,
        "picked": tally.picked,
        "sent_on": tally.sent_on,
        "missing": tally.missing,
    }


def _question(session: Session, house: House, entry_id: str) -> str:
    """The question of an entry, also of one that the office wrote and this program has not read yet."""
    known = house.library.find(entry_id)
    newest = find_newest(session, KnowledgeKind.ENTRY, entry_id) if known is None else None
    return known.question if known else str(newest.row.get("question", entry_id)) if newest else entry_id


def _day(moment: datetime) -> str:
    day: date = local_date(moment)
    return f"{day.day}/{day.month}"
