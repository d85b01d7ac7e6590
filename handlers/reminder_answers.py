"""Answering a reminder: done, done with figures, or not yet and why; and who has answered and who has not."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Final

from core.calendar import LOCAL, spoken_date
from core.messages import Content
from handlers.case_sheet import Value
from handlers.desk_rules import Refused, Speaker
from handlers.reminder_people import list_targets, may_answer, say_token
from handlers.reminder_rights import need_staff
from handlers.reminder_show import may_see
from handlers.turn import Turn
from storage.downloads import Part, add_download
from storage.models import Reminder, ReminderAnswer
from storage.reminders import find_answer, find_last_due, find_reminder, list_answers
from storage.staff import get_staff
from storage.statuses import StaffRole

FLOW: Final = "remind_answer"
NUMBERS, REASON = "numbers", "reason"
PATH: Final = "/tai-ve/"
_MOST_ROWS: Final = 30
_LEAST_REASON, _MOST_REASON = 3, 300
_EXAMPLES: Final = (2, 30, 5, 12, 1, 8)


def done(turn: Turn, number: int, words: str = "") -> None:
    """«Đã làm»: written down at once, or after the figures that are asked for, unless `words` hold them already."""
    answer, reminder = _need_answer(turn, number)
    numbers = _numbers(words)
    if reminder.fields and len(numbers) == len(reminder.fields):
        return _record(turn, reminder, answer, is_done=True, numbers=numbers)
    if reminder.fields:
        turn.end()
        turn.go(FLOW, NUMBERS, answer=number)
        return _ask_numbers(turn, reminder, "reminders.ask_numbers")
    return _record(turn, reminder, answer, is_done=True)


def not_yet(turn: Turn, number: int, words: str = "") -> None:
    """«Chưa»: the reason is asked for, unless it was said along with it."""
    answer, reminder = _need_answer(turn, number)
    if _is_reason(words):
        return _record(turn, reminder, answer, is_done=False, reason=words)
    turn.end()
    turn.go(FLOW, REASON, answer=number)
    turn.say("reminders.ask_reason")
    return turn.ask_freely()


def take_words(turn: Turn) -> None:
    """The figures or the reason."""
    answer, reminder = _need_answer(turn, int(turn.data.get("answer", 0)))
    if turn.conversation.step == NUMBERS:
        numbers = _numbers(turn.text)
        if len(numbers) != len(reminder.fields):
            return _ask_numbers(turn, reminder, "reminders.wrong_numbers")
        turn.end()
        return _record(turn, reminder, answer, is_done=True, numbers=numbers)
    reason = turn.text
    if not _is_reason(reason):
        turn.say("reminders.short_reason")
        return turn.ask_freely()
    turn.end()
    return _record(turn, reminder, answer, is_done=False, reason=reason)


def _numbers(text: str) -> list[int]:
    """«1.040 người» is one number."""
    return [int(one) for one in re.findall(r"\d{1,9}", re.sub(r"(?<=\d)\.(?=\d{3})", "", text))]


def _is_reason(text: str) -> bool:
    return sum(letter.isalpha() for letter in text) >= _LEAST_REASON


def _ask_numbers(turn: Turn, reminder: Reminder, key: str) -> None:
    fields = ", ".join(reminder.fields)
    example = ", ".join(str(one) for one in _EXAMPLES[: len(reminder.fields)])
    turn.say(key, count=len(reminder.fields), fields=fields, example=example)
    turn.ask_freely()


def _need_answer(turn: Turn, number: int) -> tuple[ReminderAnswer, Reminder]:
    staff = need_staff(turn)
    answer = find_answer(turn.session, number)
    reminder = turn.session.get(Reminder, answer.reminder_id) if answer else None
    if answer is None or reminder is None:
        raise Refused("reminders.lost_draft")
    if not may_answer(staff, answer.who):
        raise Refused("reminders.not_for_you", who=say_token(turn.session, turn.house, answer.who))
    return answer, reminder


def _record(
    turn: Turn,
    reminder: Reminder,
    answer: ReminderAnswer,
    *,
    is_done: bool,
    reason: str = "",
    numbers: Sequence[int] = (),
) -> None:
    before, reason = answer.done, " ".join(reason.split())[:_MOST_REASON]
    answer.done, answer.reason, answer.numbers = is_done, reason, list(numbers)
    answer.staff_id, answer.answered_at = need_staff(turn).id, turn.now
    turn.session.add(answer)
    key = "thanks_not" if not is_done else "thanks_figures" if numbers else "thanks_done"
    who = say_token(turn.session, turn.house, answer.who)
    figures = _figures(turn, reminder, numbers)
    said = turn.words(f"reminders.{key}", who=who, title=reminder.title, reason=reason, figures=figures)
    lines = [said] if before is None else [said, turn.words("reminders.changed_answer")]
    turn.reply(Content("\n".join(lines)))


def _figures(caller: Speaker, reminder: Reminder, numbers: Sequence[int]) -> str:
    pairs = zip(reminder.fields, numbers, strict=False)
    return "; ".join(caller.words("reminders.figure", field=field, number=number) for field, number in pairs)


def show_table(turn: Turn, number: int) -> None:
    """The newest day for which somebody was asked: who has answered, who not, and the sums."""
    reminder = _need_visible(turn, number)
    due = find_last_due(turn.session, number)
    sheet = (
        [turn.choice("reminders.button.excel", f"remind.excel:{number}")] if _may_take(turn, reminder) else []
    )
    if due is None:
        return turn.say("reminders.table_none")
    answers = list_answers(turn.session, number, due)
    count = {state: sum(one.done is state for one in answers) for state in (True, False, None)}
    head = turn.words(
        "reminders.table_head",
        title=reminder.title,
        day=spoken_date(due),
        done=count[True],
        not_done=count[False],
        silent=count[None],
        all=len(answers),
    )
    # Who is silent stands first: that is whom to call.
    ordered = sorted(answers, key=lambda one: ({None: 0, False: 1, True: 2}[one.done], one.id or 0))
    lines = [head, *(_row(turn, reminder, one) for one in ordered[:_MOST_ROWS])]
    if len(ordered) > _MOST_ROWS:
        lines.append(turn.words("reminders.row_more", count=len(ordered) - _MOST_ROWS))
    if reminder.fields and count[True]:
        sums = [
            sum(one.numbers[at] for one in answers if len(one.numbers) > at)
            for at in range(len(reminder.fields))
        ]
        lines.append(turn.words("reminders.table_sum", figures=_figures(turn, reminder, sums)))
    return turn.reply(Content("\n".join(lines), tuple(sheet)))


def _row(turn: Turn, reminder: Reminder, answer: ReminderAnswer) -> str:
    who = say_token(turn.session, turn.house, answer.who)
    if answer.done is None:
        target = list_targets(turn.session, turn.house, [answer.who])
        empty = not any(one.people for one in target)
        return turn.words("reminders.row_absent" if empty else "reminders.row_silent", who=who)
    if not answer.done:
        return turn.words("reminders.row_not", who=who, reason=answer.reason)
    figures = _figures(turn, reminder, answer.numbers)
    return turn.words("reminders.row_figures" if figures else "reminders.row_done", who=who, figures=figures)


def send_link(turn: Turn, number: int) -> None:
    """A link for half an hour to all answers of this reminder as a sheet."""
    reminder, staff = _need_visible(turn, number), need_staff(turn)
    if not _may_take(turn, reminder):
        raise Refused("officer.no_right")
    if not turn.house.public_url:
        return turn.say("reminders.no_link")
    token = secrets.token_urlsafe(32)
    add_download(turn.session, token, staff.id or 0, Part(reminder_id=number), turn.now)
    link = f"{turn.house.public_url}{PATH}{token}"
    return turn.say("reminders.link", title=reminder.title, link=link)


def _may_take(turn: Turn, reminder: Reminder) -> bool:
    """Leaders, heads and whoever set it take the answers out; others read them in the chat."""
    staff = need_staff(turn)
    return staff.role == StaffRole.LEADER or staff.is_head or reminder.author_id == staff.id


def _need_visible(turn: Turn, number: int) -> Reminder:
    """Its answers are read by its author and by leaders, and by those who are asked themselves."""
    reminder = find_reminder(turn.session, number)
    if reminder is None or not may_see(turn, need_staff(turn), reminder):
        raise Refused("reminders.gone", number=number)
    return reminder


def answer_heads(caller: Speaker, reminder: Reminder) -> list[str]:
    """The headings of the sheet."""
    names = ("due", "who", "state", "reason", "name", "at")
    due, who, state, *others = (caller.words(f"reminders.column.{name}") for name in names)
    return [due, who, state, *reminder.fields, *others]


def answer_rows(caller: Speaker, reminder: Reminder) -> list[list[Value]]:
    """A row for everybody who was asked, each day it was due, the newest first."""
    return [_sheet_row(caller, reminder, one) for one in list_answers(caller.session, reminder.id or 0)]


def _sheet_row(caller: Speaker, reminder: Reminder, answer: ReminderAnswer) -> list[Value]:
    state = {True: "done", False: "not_done", None: "silent"}[answer.done]
    numbers: list[Value] = list(answer.numbers[: len(reminder.fields)])
    numbers += [None] * (len(reminder.fields) - len(numbers))
    name = get_staff(caller.session, answer.staff_id).name if answer.staff_id else None
    at = answer.answered_at.astimezone(LOCAL).replace(tzinfo=None) if answer.answered_at else None
    return [
        f"{answer.due_on:%d/%m/%Y}",
        say_token(caller.session, caller.house, answer.who),
        caller.words(f"reminders.state.{state}"),
        *numbers,
        answer.reason or None,
        name,
        at,
    ]
