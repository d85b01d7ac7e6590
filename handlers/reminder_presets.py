"""The duties with dates of the ward's own plans: a leader switches them on by one tap each, or all at once."""

from __future__ import annotations

from typing import Final

from core.calendar import local_date
from core.messages import Choice, Content
from core.recurrence.dates import next_occurrences
from core.recurrence.reading import read_rule
from core.recurrence.result import Understood
from core.recurrence.rule import Rule
from core.recurrence.saying import say_rule
from core.recurrence.stored import rule_to_json
from core.ward import ReminderPreset
from handlers.desk_rules import Refused
from handlers.reminder_people import say_audience
from handlers.reminder_rights import need_staff, next_date
from handlers.reminder_text import capital, first_day
from handlers.turn import Turn
from storage.models import Reminder
from storage.reminders import add_reminder, find_preset
from storage.statuses import StaffRole

_PAGE: Final = 6


class UnreadableRule(ValueError):
    """A preset of a ward profile whose rule cannot be read in one way: a fault of the profile."""


def show_presets(turn: Turn, offset: int) -> None:
    """Some of the presets with their rule and whether they are on."""
    _need_leader(turn)
    presets = turn.house.ward.reminders
    if not presets:
        return turn.say("reminders.presets_none")
    shown = presets[offset : offset + _PAGE]
    lines = [turn.words("reminders.presets_head", count=len(presets))]
    lines += [_line(turn, offset + number, preset) for number, preset in enumerate(shown, start=1)]
    choices = [
        Choice(f"{offset + number}. {preset.what}", f"remind.preset:{preset.key}")
        for number, preset in enumerate(shown, start=1)
    ]
    if offset + _PAGE < len(presets):
        choices.append(turn.choice("reminders.button.more", f"remind.presets:{offset + _PAGE}"))
    choices.append(turn.choice("reminders.button.all_presets", "remind.all_presets"))
    return turn.reply(Content("\n".join(lines), tuple(choices)))


def _line(turn: Turn, number: int, preset: ReminderPreset) -> str:
    rule = rule_of_preset(turn, preset)
    mark = "on" if find_preset(turn.session, preset.key) else "off" if _comes(turn, rule) else "over"
    return turn.words(
        "reminders.presets_line",
        number=number,
        mark=turn.words(f"reminders.mark_{mark}"),
        what=preset.what,
        rule=capital(say_rule(rule, turn.house.words)),
        whom=say_audience(turn.session, turn.house, preset.whom),
        basis=preset.basis,
        check=f" {turn.words('reminders.presets_check')}" if preset.check else "",
    )


def rule_of_preset(turn: Turn, preset: ReminderPreset) -> Rule:
    """Its line, read today. Raises UnreadableRule."""
    reading = read_rule(preset.when, local_date(turn.now))
    if not isinstance(reading, Understood):
        raise UnreadableRule(f"{preset.key}: {preset.when}")
    return reading.rule


def _comes(turn: Turn, rule: Rule) -> bool:
    return bool(next_occurrences(rule, turn.house.calendar, first_day(rule, turn.now), 1))


def switch(turn: Turn, key: str) -> None:
    """On, or off again when it is on."""
    _need_leader(turn)
    preset = next((one for one in turn.house.ward.reminders if one.key == key), None)
    if preset is None:
        raise Refused("reminders.presets_none")
    back = turn.choice("reminders.button.presets", "remind.presets")
    standing = find_preset(turn.session, key)
    if standing is not None:
        standing.ended_at = turn.now
        turn.session.add(standing)
        return turn.say("reminders.preset_off", choices=(back,), what=preset.what)
    if not _comes(turn, rule_of_preset(turn, preset)):
        return turn.say("reminders.preset_over", choices=(back,), what=preset.what)
    made = _switch_on(turn, preset)
    off = Choice(turn.words("reminders.button.drop"), f"remind.preset:{key}")
    date = next_date(turn, made)
    return turn.say("reminders.preset_on", choices=(off, back), number=made.id, what=preset.what, date=date)


def switch_all_on(turn: Turn) -> None:
    """All that are off and have dates to come; those whose dates must be looked up are left to a tap each."""
    _need_leader(turn)
    off = [one for one in turn.house.ward.reminders if find_preset(turn.session, one.key) is None]
    coming = [one for one in off if _comes(turn, rule_of_preset(turn, one))]
    wanted = [one for one in coming if not one.check]
    for preset in wanted:
        _switch_on(turn, preset)
    left = len(coming) - len(wanted)
    back = turn.choice("reminders.button.back", "remind.list")
    counts = {"count": len(wanted), "over": len(off) - len(coming), "checked": left}
    turn.reply(Content(turn.words("reminders.presets_all", **counts), (back,)))


def _switch_on(turn: Turn, preset: ReminderPreset) -> Reminder:
    return add_reminder(
        turn.session,
        Reminder(
            title=preset.what,
            rule=rule_to_json(rule_of_preset(turn, preset)),
            audience=list(preset.whom),
            answer=preset.answer,
            fields=list(preset.fields),
            author_id=need_staff(turn).id,
            preset=preset.key,
            created_at=turn.now,
            since_at=turn.now,
        ),
    )


def _need_leader(turn: Turn) -> None:
    if need_staff(turn).role != StaffRole.LEADER:
        raise Refused("reminders.presets_leader")
