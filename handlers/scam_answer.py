"""The verdict in words: how much it looks like a fraud, by which signs, what the office knows of it, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from core.calendar import local_date, spoken_date
from core.messages import Choice, Content
from core.private_numbers import NumberKind, cover
from faq.scam.desk import Finding, Purpose, look
from faq.scam.judge import Judgement, Level
from faq.scam.likeness import compare
from faq.scam.links import LinkKind
from handlers.announce_content import whole_text
from handlers.arrival import caution_key
from handlers.scam_marks import Known, look_up
from handlers.turn import Turn
from storage.announcements import list_announced_since
from storage.inbox import redact
from storage.models import Announcement

_RECENT: Final = timedelta(days=60)
_MOST_ANNOUNCED: Final = 60
_MOST_SIGNS: Final = 3
_MOST_SITES: Final = 2


@dataclass(frozen=True, slots=True)
class _Case:
    """A message with everything that the office knows of it."""

    finding: Finding
    known: Known
    announced: Announcement | None

    @property
    def judgement(self) -> Judgement:
        return self.finding.judgement


def answer(turn: Turn, finding: Finding) -> None:
    """Say what is to be thought of the message, and keep it without its numbers."""
    case = _case(turn, finding)
    covered = keep_safely(turn)
    lines = [*_verdict(turn, case), *_known(turn, case), *_sites(turn, case), *_care(turn, case)]
    turn.reply(Content("\n".join([*lines, *covered]), _choices(turn, case)))


def tell(turn: Turn) -> None:
    """Somebody tells of a fraud: whose matter it is, and the offer to record it."""
    lines = [turn.words("scam.tell"), *keep_safely(turn)]
    choices = (
        turn.choice("scam.choose_mishap", "scam.mishap"),
        turn.choice("scam.choose_record", "report.said:ANTT"),
        turn.choice("person.choose_person", "person.said"),
        turn.choice("welcome.choose_menu", "menu"),
    )
    turn.reply(Content("\n".join(lines), choices))


def keep_safely(turn: Turn) -> list[str]:
    """Remember what was written without its private numbers, and blank the recorded message if it had any.

    A citizen's are covered on arrival; the office's other numbers here. Returns what is to be said: at most one line.
    """
    safe = cover(turn.text, turn.words("report.masked_number"))
    turn.keep(said=safe.text, near="")
    if not safe.kinds:
        return []
    redact(turn.session, turn.inbox_id)
    turn.caution = ""
    return [turn.words(caution_key(safe.kinds | turn.covered))]


def _case(turn: Turn, finding: Finding) -> _Case:
    known = look_up(turn, finding.reading)
    rows = list_announced_since(turn.session, turn.now - _RECENT, _MOST_ANNOUNCED)
    likeness = compare(finding.reading, [whole_text(turn.house, row) for row in rows])
    announced = rows[likeness.at] if likeness else None
    extra = ["bi_canh_bao"] if known.warned else []
    if likeness is not None and likeness.changed:
        extra.append("sua_thong_bao")
        announced = None
    return _Case(look(turn.whole_text, extra) if extra else finding, known, announced)


def _verdict(turn: Turn, case: _Case) -> Iterator[str]:
    """The level, and for a suspicion the signs and what to do. A true announcement needs no suspicion."""
    judgement, purpose = case.judgement, case.finding.purpose
    if case.announced is not None:
        date = spoken_date(local_date(case.announced.confirmed_at or case.announced.created_at))
        yield turn.words("scam.announced", date=date)
        yield turn.words("scam.announced_care")
    elif judgement.level is Level.UNSEEN:
        if purpose is not Purpose.BARE or (case.finding.reading.links and not case.known.is_ours_alone):
            yield turn.words("scam.unseen")
    else:
        kind = judgement.kind
        if kind is not None:
            yield turn.words(f"scam.{judgement.level}_kind", kind=kind.name)
        else:
            yield turn.words(f"scam.{judgement.level}")
        yield from (turn.words("scam.sign", sign=sign.told) for sign in judgement.signs[:_MOST_SIGNS])
        yield kind.advice.format_map(turn.house.words.always) if kind else turn.words("scam.advice")
        if kind is not None and kind.quotes_danger:
            yield turn.words("scam.danger_after_all")


def _known(turn: Turn, case: _Case) -> Iterator[str]:
    """What the officers' list and the ward's own telephones say."""
    known = case.known
    yield from (turn.words("scam.listed", reason=mark.reason) for mark in known.warned[:1])
    yield from (turn.words("scam.listed_ours", reason=mark.reason) for mark in known.ours[:1])
    yield from (turn.words("scam.hotline", label=label) for label in known.hotlines[:1])
    if known.is_ours_alone:
        yield turn.words("scam.ours_care")
    elif case.finding.purpose is Purpose.BARE and not known.warned and _has_telephone(case.finding):
        yield turn.words("scam.number_unknown")


def _has_telephone(finding: Finding) -> bool:
    return bool(finding.reading.numbers_of(NumberKind.PHONE, NumberKind.ACCOUNT, NumberKind.CARD))


def _sites(turn: Turn, case: _Case) -> Iterator[str]:
    """Which of the addresses are real. A bad one is not repeated: nobody shall tap it in our answer."""
    for link in case.finding.reading.links[:_MOST_SITES]:
        if link.kind is LinkKind.OFFICIAL:
            yield turn.words("scam.site_official", host=link.host)
        elif link.kind is LinkKind.KNOWN:
            yield turn.words("scam.site_known", host=link.host)


def _care(turn: Turn, case: _Case) -> Iterator[str]:
    if case.finding.reading.numbers_of(NumberKind.IDENTITY) and case.finding.purpose is Purpose.BARE:
        yield turn.words("scam.own_identity")


def _choices(turn: Turn, case: _Case) -> tuple[Choice, ...]:
    choices = [
        turn.choice("scam.choose_mishap", "scam.mishap"),
        turn.choice("person.choose_person", "person.said"),
    ]
    if case.finding.purpose is Purpose.PASTED:
        choices.append(turn.choice("scam.choose_not_so", "question.said"))
    return (*choices, turn.choice("welcome.choose_menu", "menu"))
