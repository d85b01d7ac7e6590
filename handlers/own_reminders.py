"""A citizen's own reminders: on request, with a date that the person gives, listed and stopped at one word."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from core.calendar import local_date, spoken_date
from core.dates import read_day
from core.messages import Choice, Content, MessageKind
from core.recurrence.dates import list_occurrences
from core.recurrence.rule import Expiry, Lead, Rule, Shift
from handlers.own_reminder_offer import say_own_day
from handlers.phrases import is_said
from handlers.turn import Turn
from storage.own_reminders import add_own, count_own, delete_own, list_own
from storage.statuses import OwnTopic

FLOW, DATE, CONFIRM = "own_reminder", "date", "confirm"
PREFIX: Final = "own."
LEADS: Final = (Lead(30), Lead(7))
AGES: Final = (14, 25, 40, 60)
"""In which the identity card is exchanged: article 21 of the law on identity, 26/2023/QH15."""
_MOST: Final = 10
_FURTHEST: Final = timedelta(days=366 * 26)
_FRESH: Final = timedelta(hours=2)
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_FULL: Final = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")


def rule_for(runs_out_on: date) -> Rule:
    """Thirty and seven days ahead, on whatever day that is."""
    return Rule(Expiry(runs_out_on), LEADS, Shift.KEEP)


def applies(turn: Turn) -> bool:
    """True for our buttons, the date we asked for, and the words that list and stop."""
    if turn.message.in_group:
        return False
    if turn.action is not None:
        return turn.action.name.startswith(PREFIX)
    if turn.message.kind is not MessageKind.TEXT:
        return False
    if is_said(turn.text, turn.words("own_reminders.typed.list")):
        return True
    fresh = turn.now - turn.conversation.updated_at <= _FRESH
    return turn.in_flow(FLOW) and fresh and not turn.text.startswith("/")


def respond(turn: Turn) -> None:
    """Ask, keep, list, stop."""
    if turn.action is None:
        in_flow = turn.in_flow(FLOW) and not is_said(turn.text, turn.words("own_reminders.typed.list"))
        return _take_date(turn) if in_flow else show_list(turn)
    first = turn.action.args[0] if turn.action.args else ""
    number = int(first) if first.isascii() and first.isdigit() and len(first) < 15 else 0
    taps: dict[str, Callable[[], None]] = {
        "start": lambda: _start(turn, first),
        "yes": lambda: _keep(turn),
        "no": lambda: _leave(turn),
        "stop": lambda: _stop(turn, number),
        "stop_all": lambda: _stop(turn, None),
    }
    taps.get(turn.action.name.removeprefix(PREFIX), lambda: show_list(turn))()


def _start(turn: Turn, topic: str) -> None:
    if topic not in set(OwnTopic):
        return show_list(turn)
    if count_own(turn.session, turn.contact.id or 0) >= _MOST:
        return turn.say("own_reminders.too_many", choices=[_list_choice(turn)], most=_MOST)
    turn.end()
    turn.go(FLOW, DATE, topic=topic)
    return _ask(turn, f"own_reminders.ask.{topic}")


def _ask(turn: Turn, key: str) -> None:
    turn.say(key, choices=[turn.choice("own_reminders.choose_no", "own.no")])
    turn.ask_freely()


def _take_date(turn: Turn) -> None:
    if is_said(turn.text, turn.words("own_reminders.typed.leave")):
        return _leave(turn)
    topic, today = OwnTopic(turn.data["topic"]), local_date(turn.now)
    runs_out_on = (
        _exchange_date(turn.text, today) if topic is OwnTopic.IDENTITY else _written_date(turn.text, today)
    )
    if runs_out_on is None:
        over = topic is OwnTopic.IDENTITY and _is_past_all(turn.text, today)
        if over:
            turn.end()
            return turn.say("own_reminders.past_all", choices=[turn.choice("welcome.choose_menu", "menu")])
        return _ask(turn, f"own_reminders.again.{topic}")
    if not today < runs_out_on <= today + _FURTHEST:
        return _ask(turn, f"own_reminders.again.{topic}")
    days = _days_to_come(turn, runs_out_on, today)
    if not days:
        turn.end()
        left = (runs_out_on - today).days
        day = say_own_day(turn.house.words, topic, runs_out_on)
        return turn.say("own_reminders.too_near", choices=[_list_choice(turn)], day=day, left=left)
    turn.go(FLOW, CONFIRM, runs_out_on=runs_out_on.isoformat())
    choices = [
        turn.choice("own_reminders.choose_yes", "own.yes"),
        turn.choice("own_reminders.choose_no", "own.no"),
    ]
    what, day = turn.words(f"own_reminders.topic.{topic}"), say_own_day(turn.house.words, topic, runs_out_on)
    said = " và ".join(days) if len(days) < 3 else ", ".join(days)
    return turn.say(
        "own_reminders.confirm",
        choices=choices,
        what=what,
        day=say_own_day(turn.house.words, topic, runs_out_on),
        days=said,
    )


def _written_date(text: str, today: date) -> date | None:
    found = re.search(r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?", text)
    return read_day(found.group() if found else text, today)[0]


def _exchange_date(text: str, today: date) -> date | None:
    """The next birthday on which the card is exchanged; from a bare year the beginning of that year."""
    full = _FULL.search(text)
    year = _YEAR.search(text)
    if full is not None:
        day, month, born = (int(part) for part in full.groups())
    elif year is not None:
        day, month, born = 1, 1, int(year[1])
    else:
        return None
    for age in AGES:
        try:
            found = date(born + age, month, day)
        except ValueError:
            # Born on the 29th of February: the day after in a year without it.
            found = date(born + age, 3, 1) if (day, month) == (29, 2) else date.min
        if found > today:
            return found
    return None


def _is_past_all(text: str, today: date) -> bool:
    year = _YEAR.search(text)
    return year is not None and today.year - 130 < int(year[1]) <= today.year - AGES[-1]


def _days_to_come(turn: Turn, runs_out_on: date, today: date) -> list[str]:
    found = list_occurrences(
        rule_for(runs_out_on), turn.house.calendar, today + timedelta(days=1), runs_out_on
    )
    return [spoken_date(one.remind_on) for one in found]


def _keep(turn: Turn) -> None:
    if not turn.in_flow(FLOW) or turn.conversation.step != CONFIRM:
        return show_list(turn)
    topic, runs_out_on = turn.data["topic"], date.fromisoformat(turn.data["runs_out_on"])
    turn.end()
    add_own(turn.session, turn.contact.id or 0, topic, runs_out_on, turn.now)
    choices = [_list_choice(turn), turn.choice("welcome.choose_menu", "menu")]
    return turn.say("own_reminders.kept", choices=choices)


def _leave(turn: Turn) -> None:
    if turn.in_flow(FLOW):
        turn.end()
    turn.say("own_reminders.left", choices=[turn.choice("welcome.choose_menu", "menu")])


def show_list(turn: Turn) -> None:
    """What this person is reminded of, each with a way to stop it."""
    if turn.in_flow(FLOW):
        turn.end()
    mine = list_own(turn.session, turn.contact.id or 0)
    if not mine:
        return turn.say("own_reminders.none", choices=[turn.choice("welcome.choose_menu", "menu")])
    lines, choices = [turn.words("own_reminders.head")], []
    for number, one in enumerate(mine, start=1):
        what, day = (
            turn.words(f"own_reminders.topic.{one.topic}"),
            say_own_day(turn.house.words, one.topic, one.runs_out_on),
        )
        lines.append(turn.words("own_reminders.line", number=number, what=what, day=day))
        title = turn.words("own_reminders.choose_stop", number=number, what=what)
        choices.append(Choice(title, f"own.stop:{one.id}"))
    if len(mine) > 1:
        choices.append(turn.choice("own_reminders.choose_stop_all", "own.stop_all"))
    return turn.reply(Content("\n".join(lines), tuple(choices)))


def _stop(turn: Turn, number: int | None) -> None:
    ended = delete_own(turn.session, turn.contact.id or 0, number)
    key = "own_reminders.stopped" if ended else "own_reminders.none"
    left = count_own(turn.session, turn.contact.id or 0)
    choices = [_list_choice(turn)] if left else []
    turn.say(key, choices=[*choices, turn.choice("welcome.choose_menu", "menu")])


def _list_choice(turn: Turn) -> Choice:
    return turn.choice("own_reminders.choose_list", "own.list")
