"""/baocao: the figures of a period in the chat, the cases behind each of them, and its files by a link."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import date, datetime, timedelta
from typing import Final

from core.calendar import local_date
from core.messages import Choice, Content, MessageKind, Picture
from core.periods import Period, month_of
from core.report_periods import read_report_period, state_month_at
from handlers.desk_reading import split_department, words_after
from handlers.figures import Report, moment
from handlers.figures_rights import Sight, sight_of
from handlers.figures_text import chart_of, report_text
from handlers.figures_trace import list_figures, show_cases
from handlers.turn import Turn
from storage.downloads import Part, add_download
from storage.figures_book import close_book, find_book, open_book, reopen_book, span_of
from storage.models import Staff
from storage.statuses import StaffRole

PREFIX: Final = "figures."
PATH: Final = "/tai-ve/"
KINDS: Final = ("docx", "xlsx", "json")


def applies(turn: Turn) -> bool:
    """True for the command and its buttons, from somebody of the office or an overseer."""
    if _reader(turn) is None:
        return False
    if turn.action is not None:
        return turn.action.name.startswith(PREFIX)
    return _order(turn) is not None


def respond(turn: Turn) -> None:
    """Ask for the period, or show what is wanted of it."""
    sight = sight_of(_reader(turn))
    if sight is None:
        return turn.say("figures.leads_nothing")
    if turn.chat.is_group:
        return turn.say("officer.leave_private")
    if turn.action is not None:
        return _tap(turn, sight)
    said = _order(turn) or ""
    anew = words_after(turn, said, "figures.typed.again") if said else None
    named, rest = split_department(turn, said if anew is None else anew)
    if not sight.reaches(named if named is not None else sight.department):
        return turn.say(
            "figures.other", department=turn.house.ward.get_department(sight.department or "").name
        )
    department = named if sight.department is None else sight.department
    period = read_report_period(rest, local_date(turn.now)) if rest.strip() else None
    if period is None:
        return turn.say("figures.how") if rest.strip() else _ask(turn, department)
    return _show(turn, period, department) if anew is None else _again(turn, period)


def _tap(turn: Turn, sight: Sight) -> None:
    """A payload is a wish: what it names is checked like what is typed."""
    action = turn.action
    assert action is not None
    name = action.name.removeprefix(PREFIX)
    first, last, department, figure, page = (*action.args, "", "", "", "", "")[:5]
    period = _period(first, last)
    key = department or sight.department
    if period is None or not sight.reaches(key) or (key and turn.house.ward.find_department(key) is None):
        return _ask(turn, sight.department)
    if name == "files":
        return _send_files(turn, period, key)
    if name == "list":
        return list_figures(turn, _report(turn, period, key), args_of(period, key))
    if name == "trace":
        offset = int(page) if page.isdecimal() and len(page) < 6 else 0
        return show_cases(turn, _report(turn, period, key), figure, offset, sight, args_of(period, key))
    return _show(turn, period, key)


def _ask(turn: Turn, department: str | None) -> None:
    today = local_date(turn.now)
    this, state = month_of(today.year, today.month), state_month_at(today)
    one = timedelta(days=1)
    last = month_of(*((this.first - one).year, (this.first - one).month))
    choices = [
        ("this_month", this),
        ("last_month", last),
        ("this_state", state),
        ("last_state", state_month_at(state.first - one)),
    ]
    buttons = [
        turn.choice(
            f"figures.button.{key}",
            f"{PREFIX}show:{args_of(period, department)}",
            first=f"{period.first.day}/{period.first.month}",
            last=f"{period.last.day}/{period.last.month}",
        )
        for key, period in choices
    ]
    turn.say("figures.ask", choices=buttons)


def _show(turn: Turn, period: Period, department: str | None) -> None:
    report = _report(turn, period, department)
    chart = chart_of(report)
    args = args_of(period, department)
    choices: tuple[Choice, ...] = ()
    if report.facts:
        choices = (
            turn.choice("figures.button.files", f"{PREFIX}files:{args}"),
            turn.choice("figures.button.list", f"{PREFIX}list:{args}"),
        )
    pictures = (Picture.drawn(chart),) if chart is not None else ()
    turn.reply(Content(report_text(report), choices, pictures))


def _again(turn: Turn, period: Period) -> None:
    """Count a period that is over anew, on a leader's word, and say what was kept before."""
    if turn.staff is None or turn.staff.role != StaffRole.LEADER:
        return turn.say("figures.again_no_right")
    before = find_book(turn.session, period)
    if period.last >= local_date(turn.now):
        return turn.say("figures.again_open", name=_report(turn, period, None).name)
    reopen_book(turn.session, period)
    close_book(turn.session, period, turn.now)
    report = _report(turn, period, None)
    old = moment(before.closed_at) if before is not None and before.closed_at else "–"
    turn.say("figures.again", name=report.short_name, before=old, after=moment(report.taken_at))
    return _show(turn, period, None)


def _send_files(turn: Turn, period: Period, department: str | None) -> None:
    """A link for each file, for half an hour."""
    report, reader = _report(turn, period, department), _reader(turn)
    if not turn.house.public_url:
        return turn.say("figures.no_address")
    since, until = span_of(period)
    links = {}
    for kind in KINDS:
        token = secrets.token_urlsafe(32)
        part = Part(since, until, department, report=kind)
        add_download(turn.session, token, reader.id or 0 if reader else 0, part, turn.now)
        links[kind] = f"{turn.house.public_url}{PATH}{token}"
    text = turn.words("figures.files", name=report.name, place=report.place, **links)
    return turn.reply(Content(text))


def _report(turn: Turn, period: Period, department: str | None) -> Report:
    return Report(turn.house, open_book(turn.session, period, turn.now), department, turn.now)


def args_of(period: Period, department: str | None) -> str:
    """A period and a department in the payload of a button."""
    return f"{period.first:%Y%m%d}:{period.last:%Y%m%d}:{department or ''}"


def _period(first: str, last: str) -> Period | None:
    try:
        days = [datetime.strptime(one, "%Y%m%d").date() for one in (first, last)]  # noqa: DTZ007  (a date)
    except ValueError:
        return None
    return Period(*days) if days[0] <= days[1] <= date(2100, 12, 31) else None


def _reader(turn: Turn) -> Staff | None:
    return turn.staff or turn.overseer


def _order(turn: Turn) -> str | None:
    if turn.message.kind is not MessageKind.TEXT or not turn.text.startswith("/"):
        return None
    return words_after(turn, unicodedata.normalize("NFC", turn.text), "figures.typed.command")
