"""What became of an announcement, for whoever sent it: in words, as one picture, by channel and area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.calendar import spoken_moment
from core.messages import Content, Picture
from core.pictures import Bar, BarChart, Series, Tone
from handlers.announce_base import find_own
from handlers.announce_content import short
from handlers.announce_documents import document_link
from handlers.announce_state import choices_of, say_state, state_text
from handlers.turn import Turn
from storage.announcement_figures import Figures, Report, make_report
from storage.models import Announcement
from storage.statuses import AnnouncementStatus

_S = AnnouncementStatus
_SERIES = {
    "sent": Tone.DONE,
    "going": Tone.OPEN,
    "waiting": Tone.SOON,
    "unreachable": Tone.LATE,
    "unclear": Tone.QUIET,
}
# One screen: who wants the rest has the picture and `nghedan announcements --json`.
_MOST_AREAS = 15


def show_progress(turn: Turn, announcement_id: int) -> None:
    """How it stands: while it goes out with one picture, afterwards the whole report."""
    found = find_own(turn, announcement_id)
    if found is None:
        return None
    if found.confirmed_at is None:
        return say_state(turn, found)
    report = make_report(turn.session, announcement_id)
    pictures = _pictures(turn, found, report)
    held = document_link(turn.house.public_url, found)
    withdraw = [turn.choice("announce.button.withdraw", f"announce.withdraw:{found.id}")] if held else []
    if found.status in (_S.SENDING, _S.PAUSED):
        choices = [*choices_of(turn, found), *withdraw]
        return turn.reply(Content(state_text(turn, found), tuple(choices), pictures))
    choices = [one for one in choices_of(turn, found) if one.action != f"announce.progress:{found.id}"]
    choices += withdraw
    if report.total.waiting:
        recall = f"announce.recall:{found.id}"
        choices.insert(0, turn.choice("announce.button.recall", recall, count=report.total.waiting))
    text = "\n".join(_lines(turn, found, report))
    return turn.reply(Content(text, tuple(choices), pictures))


def _lines(turn: Turn, found: Announcement, report: Report) -> Iterator[str]:
    yield turn.words("announce.report_head", short=short(found))
    if found.confirmed_at and found.finished_at:
        key = "report_stopped" if found.status == _S.CANCELLED else "report_time"
        began, ended = spoken_moment(found.confirmed_at), spoken_moment(found.finished_at)
        yield turn.words(f"announce.{key}", began=began, ended=ended)
    yield turn.words("announce.report_total", total=max(found.recipients, report.total.written))
    yield turn.words(
        "announce.report_line", name=turn.words("announce.report_all"), told=_told(turn, report.total)
    )
    if report.by_channel:
        yield turn.words("announce.report_channels")
    for name, figures in report.by_channel.items():
        yield turn.words("announce.report_line", name=_channel(turn, name), told=_told(turn, figures))
    areas = _areas(turn, report.by_area)
    if areas:
        yield turn.words("announce.report_areas")
    for name, figures in areas[:_MOST_AREAS]:
        yield turn.words("announce.report_line", name=name, told=_told(turn, figures))
    if len(areas) > _MOST_AREAS:
        yield turn.words("announce.report_more", count=len(areas) - _MOST_AREAS)
    if report.total.seen:
        yield turn.words("announce.report_seen")


def _told(turn: Turn, figures: Figures) -> str:
    """«80/88 đã nhận, đã xem 40, chờ nhắn lại 5»: what is nothing is left out."""
    parts = [turn.words("announce.told_sent", sent=figures.sent, written=figures.written)]
    names = ("seen", "going", "waiting", "blocked", "failed", "unknown", "stopped")
    parts += [
        turn.words(f"announce.told_{name}", count=getattr(figures, name))
        for name in names
        if getattr(figures, name)
    ]
    return ", ".join(parts)


def _pictures(turn: Turn, found: Announcement, report: Report) -> tuple[Picture, ...]:
    """One chart by channel, another by area where there is more than one to compare."""
    channels = [(_channel(turn, name), one) for name, one in report.by_channel.items()]
    areas = _areas(turn, report.by_area)[:_MOST_AREAS]
    drawn = [_chart(turn, found, "channels", channels)] if channels else []
    drawn += [_chart(turn, found, "areas", areas)] if len(areas) > 1 else []
    return tuple(Picture.drawn(one) for one in drawn)


def _chart(turn: Turn, found: Announcement, group: str, rows: Sequence[tuple[str, Figures]]) -> BarChart:
    # What nobody has is left out of the legend.
    shown = [name for name in _SERIES if any(getattr(figures, name) for _, figures in rows)] or ["sent"]
    bars = [
        Bar(label, tuple(getattr(figures, name) for name in shown), f"{figures.sent}/{figures.written}")
        for label, figures in rows
    ]
    when = turn.words("announce.picture_when", when=spoken_moment(turn.now))
    return BarChart(
        title=short(found),
        subtitle=f"{turn.words(f'announce.picture_{group}')} – {when}",
        series=tuple(Series(turn.words(f"announce.picture_{name}"), _SERIES[name]) for name in shown),
        bars=tuple(bars),
    )


def _areas(turn: Turn, by_area: Mapping[str, Figures]) -> list[tuple[str, Figures]]:
    """In the ward's order; whose area nobody knows come last."""
    known = [(area.name, by_area[area.key]) for area in turn.house.ward.areas if area.key in by_area]
    keys = {area.key for area in turn.house.ward.areas}
    others = [figures for key, figures in by_area.items() if key not in keys]
    rest = [(turn.words("announce.report_nowhere"), sum(others, Figures()))] if others else []
    return [*known, *rest]


def _channel(turn: Turn, name: str) -> str:
    key = f"officer.channel.{name}"
    return turn.words(key) if turn.house.words.has(key) else name
