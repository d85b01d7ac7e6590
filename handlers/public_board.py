"""`/congkhai`: leaders and heads look at what citizens agreed to, put it into words, and publish it or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.calendar import local_date, spoken_date
from core.messages import Choice, Content, MessageKind, Picture
from handlers.cards import area_name, category_name, citizen_photos
from handlers.desk_reading import is_typed
from handlers.privacy import mask
from handlers.turn import Action, Turn
from storage.models import PublicCase, Ticket
from storage.public_cases import list_published, list_waiting, lock_public
from storage.statuses import PublicStatus, StaffRole
from storage.tickets import list_photos

FLOW: Final = "public_board"
PREFIX: Final = "board."
PATH: Final = "/viec-da-lam"
MAX_WORDS: Final = 500
_LISTED: Final = 8
_EDITS: Final = ("text", "answer")


def applies(turn: Turn) -> bool:
    """True for the command, our buttons and the words that we wait for, from somebody of the office."""
    if turn.staff is None or turn.chat.is_group:
        return False
    if turn.action is not None:
        return turn.action.name.startswith(PREFIX)
    if turn.message.kind is MessageKind.TEXT and is_typed(turn, "public.typed.board"):
        return turn.text.startswith("/") or _may(turn)
    return turn.in_flow(FLOW) and not turn.text.startswith("/")


def respond(turn: Turn) -> None:
    """Lists, a preview, the decision; the right is asked at each step."""
    if not _may(turn):
        if turn.in_flow(FLOW):
            turn.end()
        return turn.say("public.board.no_right")
    if turn.action is not None:
        return _tap(turn, turn.action)
    if turn.in_flow(FLOW) and not is_typed(turn, "public.typed.board"):
        return _take_words(turn)
    return _show_waiting(turn)


def _may(turn: Turn) -> bool:
    staff = turn.staff
    return staff is not None and (staff.role == StaffRole.LEADER or staff.is_head)


def _department(turn: Turn) -> str | None:
    """Heads see their own department, leaders all."""
    staff = turn.staff
    return None if staff is None or staff.role == StaffRole.LEADER else staff.department


def _tap(turn: Turn, action: Action) -> None:
    name = action.name.removeprefix(PREFIX)
    number, seen = ([int(arg) for arg in action.args if arg.isdecimal()] + [0, 0])[:2]
    if turn.in_flow(FLOW):
        turn.end()
    if name == "published":
        return _show_published(turn)
    held = _hold(turn, number)
    if held is None:
        return _show_waiting(turn) if name == "list" else turn.say("public.board.over")
    found, ticket = held
    if name in _EDITS:
        return _ask_words(turn, found, name)
    if name in ("publish", "bare", "refuse", "down"):
        return _decide(turn, found, ticket, name, seen)
    return _preview(turn, found, ticket)


def _hold(turn: Turn, ticket_id: int) -> tuple[PublicCase, Ticket] | None:
    """What waits or is shown, and this person may decide about."""
    found, ticket = lock_public(turn.session, ticket_id), turn.session.get(Ticket, ticket_id)
    if found is None or ticket is None or found.status not in (PublicStatus.AGREED, PublicStatus.PUBLISHED):
        return None
    own = _department(turn)
    return None if own is not None and ticket.department != own else (found, ticket)


def _show_waiting(turn: Turn) -> None:
    if not turn.house.ward.public_cases:
        return turn.say("public.board.off")
    waiting = list_waiting(turn.session, _department(turn), _LISTED)
    shown = list_published(turn.session, _department(turn), 100)
    key = "public.board.head" if waiting else "public.board.nothing"
    lines = [turn.words(key, count=len(waiting)), *_lines(turn, waiting)]
    choices = _choices(turn, waiting)
    if shown:
        lines.append(turn.words("public.board.published", count=len(shown)))
        choices.append(turn.choice("public.board.see_published", f"{PREFIX}published"))
    if turn.house.public_url:
        lines.append(turn.words("public.board.page", link=f"{turn.house.public_url}{PATH}"))
    turn.reply(Content("\n".join(lines), tuple(choices)))


def _show_published(turn: Turn) -> None:
    shown = list_published(turn.session, _department(turn), _LISTED)
    head = turn.words("public.board.published_head" if shown else "public.board.published_nothing")
    turn.reply(Content("\n".join([head, *_lines(turn, shown)]), tuple(_choices(turn, shown))))


def _lines(turn: Turn, cases: Sequence[tuple[PublicCase, Ticket]]) -> list[str]:
    return [
        turn.words(
            "public.board.line",
            number=number,
            code=ticket.code,
            category=category_name(turn, ticket),
            where=_where(turn, ticket),
        )
        for number, (_, ticket) in enumerate(cases, start=1)
    ]


def _choices(turn: Turn, cases: Sequence[tuple[PublicCase, Ticket]]) -> list[Choice]:
    return [
        turn.choice("public.board.see", f"{PREFIX}see:{ticket.id}", code=ticket.code) for _, ticket in cases
    ]


def _where(turn: Turn, ticket: Ticket) -> str:
    name = area_name(turn, ticket)
    return f", {name}" if name else ""


def _preview(turn: Turn, found: PublicCase, ticket: Ticket) -> None:
    """The words and pictures as they would be seen by everybody."""
    text, answer = _words_of(turn, found, ticket)
    before, after = _photos(turn, ticket)
    counted = turn.words("public.board.photos", before=len(before), after=len(after))
    shown = turn.words(
        "public.board.preview",
        category=category_name(turn, ticket),
        where=_where(turn, ticket),
        filed=spoken_date(local_date(ticket.created_at)),
        closed=spoken_date(local_date(ticket.closed_at or turn.now)),
        text=text,
        answer=answer or turn.words("public.board.no_answer"),
        photos=counted if before or after else turn.words("public.board.photos_none"),
    )
    alt = turn.words("cards.photo_alt")
    pictures = tuple(Picture(name, alt) for name in [*before, *after])
    turn.reply(Content(shown, tuple(_decisions(turn, found, ticket, bool(pictures))), pictures))


def _decisions(turn: Turn, found: PublicCase, ticket: Ticket, pictured: bool) -> list[Choice]:
    if found.status == PublicStatus.PUBLISHED:
        verbs = ["take_down"]
    else:
        verbs = ["publish", *(["publish_bare"] if pictured else []), "edit_text", "edit_answer", "refuse"]
    names = {"take_down": "down", "publish_bare": "bare", "edit_text": "text", "edit_answer": "answer"}
    return [
        turn.choice(f"public.board.{verb}", f"{PREFIX}{names.get(verb, verb)}:{ticket.id}:{found.seen}")
        for verb in verbs
    ]


def _decide(turn: Turn, found: PublicCase, ticket: Ticket, name: str, seen: int) -> None:
    if seen != found.seen:
        turn.say("public.board.changed")
        return _preview(turn, found, ticket)
    staff = turn.staff
    found.decided_by, found.seen = staff.id if staff else None, found.seen + 1
    if name in ("refuse", "down"):
        found.status = PublicStatus.REFUSED.value
        found.text, found.answer, found.before, found.after = "", "", [], []
        turn.session.add(found)
        return turn.say("public.board.refused" if name == "refuse" else "public.board.down")
    if found.status == PublicStatus.PUBLISHED:
        return turn.say("public.board.over")
    # What was looked at is what is shown, whatever the ticket says tomorrow.
    found.text, found.answer = _words_of(turn, found, ticket)
    found.before, found.after = ([], []) if name == "bare" else _photos(turn, ticket)
    found.status, found.published_at = PublicStatus.PUBLISHED.value, turn.now
    turn.session.add(found)
    menu = turn.choice("public.board.see_published", f"{PREFIX}published")
    return turn.say("public.board.done", choices=[menu])


def _words_of(turn: Turn, found: PublicCase, ticket: Ticket) -> tuple[str, str]:
    covered = turn.words("report.masked_number")
    text, answer = found.text or ticket.text, found.answer or ticket.answer or ""
    return mask(text, covered)[:MAX_WORDS], mask(answer, covered)[:MAX_WORDS]


def _photos(turn: Turn, ticket: Ticket) -> tuple[list[str], list[str]]:
    """Names of the pictures before (the citizen's) and after (the office's)."""
    before = {file.id for file in citizen_photos(turn, ticket)}
    files = [file for file in list_photos(turn.session, ticket.id or 0) if file.kind == "photo" and file.name]
    return (
        [file.name or "" for file in files if file.id in before],
        [file.name or "" for file in files if file.id not in before],
    )


def _ask_words(turn: Turn, found: PublicCase, which: str) -> None:
    turn.go(FLOW, which, ticket=found.ticket_id)
    leave = turn.choice("public.board.leave", f"{PREFIX}see:{found.ticket_id}")
    turn.say(f"public.board.ask_{which}", choices=[leave], limit=MAX_WORDS)


def _take_words(turn: Turn) -> None:
    number, which = int(turn.data.get("ticket", 0)), str(turn.conversation.step)
    held = _hold(turn, number)
    if held is None or which not in _EDITS:
        turn.end()
        return turn.say("public.board.over")
    found, ticket = held
    leave = turn.choice("public.board.leave", f"{PREFIX}see:{number}")
    if turn.message.kind is not MessageKind.TEXT or not turn.text:
        return turn.say("public.board.only_words", choices=[leave])
    if is_typed(turn, "public.typed.cancel"):
        turn.end()
        turn.say("public.board.left")
        return _preview(turn, found, ticket)
    if len(turn.text) > MAX_WORDS:
        return turn.say("public.board.too_long", choices=[leave], limit=MAX_WORDS, length=len(turn.text))
    setattr(found, which, turn.text)
    found.seen += 1
    turn.session.add(found)
    turn.end()
    return _preview(turn, found, ticket)
