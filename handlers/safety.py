"""Danger before everything else, and the right door for what a chat must not take: denunciation, complaint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.codes import parse_code
from core.doors import GRAVE, Door
from core.messages import Choice, Content
from faq.decision import Decision
from faq.routes import Route
from faq.scam.desk import look
from faq.scam.judge import Level
from handlers.office import hotline_line
from handlers.phrases import says
from handlers.report_behalf import is_behalf
from handlers.report_spoken import forget_sent
from handlers.turn import Turn
from storage.contacts import TAKEOVER
from storage.inbox import redact
from storage.machinery import find_fact, save_fact

DENUNCIATIONS = "turned_away:denunciation"


@dataclass(frozen=True, slots=True)
class Danger:
    """A kind of danger: how it is recognised, what is said, whose number is added, where it is recorded."""

    signs: str
    sentence: str
    hotline: str
    category: str


# What the words must weigh to be calm whatever phrase stands in them, and to be no question whatever is asked. Of 267
# learned calls for help with a phrase of danger none weighed less when it was left out of what is learned; of 51
# ordinary messages with one, 30 did. Words of dying are heeded always.
_CALM, _ALARMED = -15.0, 4.0

# The first that fits speaks: fire before injury, because its sentence names both numbers.
DANGERS = (
    Danger("safety.signs.fire", "safety.fire", "cong_an", "PCCC"),
    Danger("safety.signs.electric", "safety.electric", "dien", "DIEN_NUOC"),
    Danger("safety.signs.medical", "safety.medical", "tram_y_te", "ANTT"),
    Danger("safety.signs.crime", "safety.crime", "cong_an", "ANTT"),
)
CRIME = DANGERS[-1]
# Somebody who speaks of dying, or of one who does.
DESPAIR = Danger("safety.signs.despair", "safety.despair", "tram_y_te", "ANTT")
CHILD = Danger("", "safety.child", "cong_an", "ANTT")
# What the knowledge base takes for an emergency in words that no list of ours knows.
ANY_DANGER = Danger("", "safety.any", "cong_an", "ANTT")


def is_emergency(turn: Turn) -> bool:
    """True for words of present danger from somebody outside the office, unless they calmly ask about rules."""
    return _speaks_freely(turn) and _find_danger(turn) is not None


def answer_emergency(turn: Turn) -> None:
    """The number to call, before any other word; then the offer to record what happened."""
    danger = _find_danger(turn)
    if danger is None:
        return
    lines = [*_numbers(turn, danger), turn.words("safety.after")]
    choices = [turn.choice("safety.choose_record", f"report.said:{danger.category}")]
    if turn.in_flow("report"):
        choices.append(turn.choice("safety.choose_resume", "report.again"))
    turn.keep(said=turn.text)
    turn.reply(Content("\n".join(lines), tuple(choices)))


def warn_amid_takeover(turn: Turn) -> None:
    """Only the numbers to call, and once for each kind of danger: whoever took over leads the conversation.

    Nothing to tap, because a tap would not be answered until the person of the office has done.
    """
    danger = _find_danger(turn) if _speaks_freely(turn) else None
    if danger is None:
        return
    told: dict[str, str] = turn.memory.get("warned", {})
    last = told.get(danger.sentence)
    if last is not None and turn.now - datetime.fromisoformat(last) < TAKEOVER:
        return
    turn.remember(warned={**told, danger.sentence: turn.now.isoformat()})
    turn.reply(Content("\n".join(_numbers(turn, danger))))


def is_denunciation(turn: Turn) -> bool:
    """True for an accusation against somebody in office: Law on Denunciation 25/2018/QH14, article 2."""
    if not _speaks_freely(turn):
        return False
    named = says(turn.text, turn.words("safety.signs.denunciation"))
    return named or _route(turn) is Route.DENUNCIATION or turn.door is Door.DENUNCIATION


def answer_denunciation(turn: Turn) -> None:
    """Name the right door and forget what was written: only a count stays, in no connection with a person."""
    redact(turn.session, turn.inbox_id)
    # What was said just before is most likely the same.
    forget_sent(turn)
    save_fact(turn.session, DENUNCIATIONS, str(int(find_fact(turn.session, DENUNCIATIONS) or 0) + 1))
    turn.keep(said="")
    _show_door(turn, "safety.denunciation", [turn.choice("safety.choose_other", "report.start")])


def is_complaint(turn: Turn) -> bool:
    """True for a complaint against a decision: Law on Complaints 02/2011/QH13, article 2."""
    if not _speaks_freely(turn):
        return False
    return says(turn.text, turn.words("safety.signs.complaint")) or turn.door is Door.COMPLAINT


def answer_complaint(turn: Turn) -> None:
    """Name the right door; the citizen may say that an ordinary report was meant."""
    turn.keep(said=turn.text)
    _show_door(turn, "safety.complaint", [turn.choice("safety.choose_not_so", "report.said")])


def is_secret(turn: Turn) -> bool:
    """True for offers of, or wishes for, state secrets and personnel files: Law 29/2018/QH14, article 5."""
    if not _speaks_freely(turn):
        return False
    return says(turn.text, turn.words("safety.signs.secret")) or turn.door is Door.SECRET


def answer_secret(turn: Turn) -> None:
    """Refuse it and keep nothing: a chat is no place for it, whatever the intention."""
    redact(turn.session, turn.inbox_id)
    forget_sent(turn)
    turn.keep(said="")
    _show_door(turn, "safety.secret", [turn.choice("safety.choose_other", "report.start")])


def find_door(turn: Turn) -> Callable[[Turn], None] | None:
    """What must be answered in the place of a report, for whoever begins one by a command that comes first."""
    doors = (
        (is_emergency, answer_emergency),
        (is_denunciation, answer_denunciation),
        (is_complaint, answer_complaint),
        (is_secret, answer_secret),
    )
    return next((answer for applies, answer in doors if applies(turn)), None)


def _show_door(turn: Turn, key: str, choices: list[Choice]) -> None:
    ward = turn.house.ward
    lines = [turn.words(key)]
    if ward.address:
        lines.append(turn.words("safety.door_office", address=ward.address))
    else:
        lines.append(turn.words("safety.door_office_unknown"))
    if ward.reception_day:
        lines.append(turn.words("safety.door_day", day=ward.reception_day))
    choices.append(turn.choice("welcome.choose_menu", "menu"))
    turn.reply(Content("\n".join(lines), tuple(choices)))


def _numbers(turn: Turn, danger: Danger) -> list[str]:
    """What is said of a danger, with the ward's own number if it is known."""
    line = hotline_line(turn, danger.hotline)
    return [turn.words(danger.sentence), *([line] if line else [])]


def _speaks_freely(turn: Turn) -> bool:
    # Whoever writes for a neighbour brings that neighbour's words.
    by_citizen = turn.staff is None or is_behalf(turn)
    return by_citizen and turn.action is None and bool(turn.text)


def _find_danger(turn: Turn) -> Danger | None:
    """What a phrase, the knowledge base or the words as a whole say, unless all the words together are calm.

    Phrases alone take «sợ cháy», «năm ngoái có tai nạn» for danger, and «hồ sơ» for calm.
    """
    weight = turn.verdict.danger
    if weight < _ALARMED and says(turn.text, turn.words("safety.signs.calm")):
        return None
    if says(turn.text, turn.words(DESPAIR.signs)):
        return DESPAIR
    if weight < _CALM:
        return None
    known = next((danger for danger in DANGERS if says(turn.text, turn.words(danger.signs))), None)
    # «máy bị trộm rồi, khóa định danh ở đâu»: a crime that is over, and a question that has its answer.
    over = known is CRIME and weight < _ALARMED and turn.match.decision is Decision.ANSWER
    if known is not None and not over:
        return known
    # Its signs are read without marks: «sử dụng xe công» is one of «đụng xe».
    hinted = _route(turn) is Route.EMERGENCY and turn.door not in (Door.DENUNCIATION, Door.COMPLAINT)
    if hinted:
        return ANY_DANGER
    return None if _is_only_told(turn) else _BY_DOOR.get(turn.door)


def _is_only_told(turn: Turn) -> bool:
    """True where a fraud tells of need («cứu giúp cháu bé bị bỏng, gửi về momo …»): the scam desk answers that."""
    light = turn.verdict.danger < GRAVE and turn.door is not Door.CHILD
    return light and look(turn.whole_text).judgement.level is Level.LIKELY


def _route(turn: Turn) -> Route | None:
    """Where the knowledge base sends the text. The letters of a ticket code may be anybody's short form."""
    return None if isinstance(parse_code(turn.whole_text), str) else turn.match.route


_BY_DOOR: dict[Door | None, Danger] = {Door.EMERGENCY: ANY_DANGER, Door.CRIME: CRIME, Door.CHILD: CHILD}
