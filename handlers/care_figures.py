"""The table of figures in a chat: found by words or by the own entries, shown with source and with what uses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.calendar import local_date
from core.messages import Choice, Content
from faq.entry import Entry
from faq.figures import Figure, Figures
from faq.normalize import fold
from faq.overlay import periods_from_json, with_figures
from handlers.care_rights import LEADERS, CareRefused, caretaker, list_deciders, owner_key
from handlers.care_show import FLOW
from handlers.steps_guide import say_entries
from handlers.turn import Turn
from storage.knowledge import find_newest, list_proposals_about
from storage.models import KnowledgeRevision, Staff
from storage.statuses import KnowledgeKind, StaffRole

SEARCH = "figure_search"
_OFFERED, _ENTRIES = 8, 8
_NEWS = "knowledge_news"


def open_figures(turn: Turn, words: str = "") -> None:
    """The figures that fit some words, or those of the own entries; the next words are looked for too."""
    staff = need_office(turn)
    turn.end()
    turn.go(FLOW, SEARCH)
    keys = _find(turn, words) if words else _own(turn, staff)
    new = turn.choice("care.button.new_figure", "care.new_figure")
    choices = [Choice(name_of(turn, key), f"care.figure:{key}") for key in keys[:_OFFERED]]
    key = "care.figures_found" if words else "care.figures"
    if words and not keys:
        key = "care.figures_none"
    return turn.say(key, choices=[*choices, new], count=len(keys))


def show_figure(turn: Turn, key: str) -> None:
    """Its value, since when, on what ground, and which answers tell it. Raises CareRefused."""
    staff = need_office(turn)
    turn.end()
    periods, number = standing_periods(turn, key)
    lines = [periods[0].name, *listed(turn, period_lines(turn, periods))]
    lines += [turn.words("care.entry_version", number=number, confidence=_sure(turn, periods))]
    lines += user_lines(turn, "care.figure_used", key)
    waiting = len(list_proposals_about(turn.session, KnowledgeKind.FIGURE, key))
    lines += [turn.words("care.entry_waiting", count=waiting)] if waiting else []
    names = ["change_figure"] if may_propose(turn, staff, key) else []
    choices = [turn.choice(f"care.button.{name}", f"care.{name}:{key}") for name in names]
    choices.append(turn.choice("care.button.history", f"care.figure_history:{key}"))
    turn.reply(Content("\n".join(lines), tuple(choices)))


def standing_periods(turn: Turn, key: str) -> tuple[tuple[Figure, ...], int]:
    """The rows of a figure by the books, and the number of their version. Raises CareRefused."""
    newest = find_newest(turn.session, KnowledgeKind.FIGURE, key)
    if newest is not None:
        return periods_of(newest), newest.number or 0
    periods = turn.house.library.figures.list_periods(key)
    if not periods:
        raise CareRefused("care.no_figure")
    return periods, 0


def periods_of(revision: KnowledgeRevision) -> tuple[Figure, ...]:
    """The rows of a figure that a revision holds."""
    return periods_from_json(revision.subject, revision.row.get("periods"))


def figures_with(turn: Turn, key: str, periods: tuple[Figure, ...]) -> Figures:
    """The table as it would be with these rows."""
    return with_figures(turn.house.library.figures, {key: periods})


def period_lines(turn: Turn, periods: Sequence[Figure]) -> list[str]:
    """Each period on a line: value, days, source, when it was checked."""
    return [
        turn.words(
            "care.figure_period",
            value=row.value or turn.words("care.figure_no_value"),
            since=_day(turn, row.since, "since"),
            until=turn.words("care.figure_until", day=f"{row.until:%d/%m/%Y}") if row.until else "",
            source=row.source,
            checked=f"{row.checked_on:%d/%m/%Y}",
        )
        for row in periods
    ]


def listed(turn: Turn, lines: Sequence[str]) -> list[str]:
    """Lines as a list for the eye."""
    return [turn.words("care.figure_line", text=line) for line in lines]


def user_lines(turn: Turn, head: str, key: str) -> list[str]:
    """Which answers tell the figure, under a head that counts them."""
    users = turn.house.library.list_using(key)
    if not users:
        return [turn.words("care.figure_unused")]
    return [turn.words(head, count=len(users)), *_question_lines(turn, users)]


def _question_lines(turn: Turn, entries: Sequence[Entry]) -> list[str]:
    """The questions of entries, a line each, the first few."""
    lines = [turn.words("care.figure_entry", question=entry.question) for entry in entries[:_ENTRIES]]
    more = len(entries) - _ENTRIES
    return [*lines, turn.words("care.figure_more", count=more)] if more > 0 else lines


def name_of(turn: Turn, key: str) -> str:
    """What a figure is called."""
    return standing_periods(turn, key)[0][0].name


def keeper_of(turn: Turn, key: str, own: str = LEADERS) -> str:
    """Who decides: the one department whose entries use it, else the leaders; `own` for one that nobody uses."""
    owners = {owner_key(turn.house, entry) for entry in turn.house.library.list_using(key)}
    return (owners or {own}).pop() if len(owners) <= 1 else LEADERS


def may_propose(turn: Turn, staff: Staff, key: str) -> bool:
    """Leaders, and officers of a department with an entry that uses it."""
    if staff.role == StaffRole.LEADER:
        return True
    users = turn.house.library.list_using(key)
    owners = {owner_key(turn.house, entry) for entry in users}
    return staff.role == StaffRole.OFFICER and staff.department in owners


def need_office(turn: Turn) -> Staff:
    """Whoever writes, if of the office. Raises CareRefused."""
    staff = caretaker(turn)
    if staff.role == StaffRole.MEMBER:
        raise CareRefused("care.member")
    return staff


def tell_owners(turn: Turn, revision: KnowledgeRevision) -> int:
    """Everybody who looks after an answer with this figure learns that it must be read again; how many answers."""
    users = turn.house.library.list_using(revision.subject)
    by_owner: dict[str, list[Entry]] = {}
    for entry in users:
        by_owner.setdefault(owner_key(turn.house, entry), []).append(entry)
    periods = periods_of(revision)
    current = Figures(periods).find(revision.subject, local_date(turn.now)) or periods[-1]
    for department, entries in by_owner.items():
        text = turn.words(
            "care.told_figure", name=current.name, value=periods[-1].value, count=len(entries),
            since=_day(turn, periods[-1].since, "since"),
        )  # fmt: skip
        choices = tuple(Choice(entry.question, f"care.show:{entry.id}") for entry in entries[:_ENTRIES])
        for _, contact in list_deciders(turn.session, department, 0):
            if contact.id != turn.contact.id:
                turn.notify(contact, Content(text, choices), _NEWS, f"knowledge:{revision.id}:figure")
    return len(users)


def citizen_texts(turn: Turn, key: str, periods: tuple[Figure, ...]) -> list[str]:
    """The first answer that tells the figure, as citizens would read it today."""
    users = turn.house.library.list_using(key)
    if not users:
        return []
    entry, reference = users[0], f"{{figure:{key}}}"
    saying = replace(say_entries(turn), figures=figures_with(turn, key, periods))
    fields = {name for name, text in entry.texts if reference in text}
    card = saying.card(entry) if fields - {"answer", "steps"} else None
    steps = [n for n, text in enumerate(entry.steps, start=1) if reference in text]
    texts = [saying.answer(entry)] if "answer" in fields else []
    return [*texts, *([card] if card else []), *(saying.step(entry, number) for number in steps)]


def _find(turn: Turn, words: str) -> list[str]:
    """Figures in whose name or value all the words stand."""
    wanted = fold(words).split()
    figures = turn.house.library.figures
    said = {
        key: fold(" ".join([key, *(f"{row.name} {row.value or ''}" for row in figures.list_periods(key))]))
        for key in figures.keys
    }
    return [key for key, text in said.items() if all(word in text for word in wanted)]


def _own(turn: Turn, staff: Staff) -> list[str]:
    return [key for key in turn.house.library.figures.keys if may_propose(turn, staff, key)]


def _sure(turn: Turn, periods: tuple[Figure, ...]) -> str:
    today = local_date(turn.now)
    current = Figures(periods).find(periods[0].key, today) or periods[-1]
    return turn.words(f"care.confidence.{current.confidence}")


def _day(turn: Turn, day: date | None, name: str) -> str:
    return turn.words(f"care.figure_{name}", day=f"{day:%d/%m/%Y}") if day else ""
