"""One person, several channels: a short code from one, typed on the other; then an announcement comes only once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from core.messages import Choice, Content, MessageKind
from handlers.desk_reading import words_after
from handlers.phrases import is_said
from handlers.turn import Turn
from storage.links import CODE_LIFE, MOST, claim_code, find_giver, is_code, link, make_code, unlink
from storage.models import Contact
from storage.persons import list_channels
from storage.staff import find_staff

FLOW = "link"
MAX_TRIES = 5
_WINDOW = timedelta(hours=1)
_FRESH = timedelta(minutes=30)
# One code in sixty means something; so many draws never all do.
_DRAWS = 20


def applies(turn: Turn) -> bool:
    """True for our buttons, the words for it, and a code where we asked for one."""
    if turn.action is not None:
        return turn.action.name.startswith("link.")
    if turn.message.kind is not MessageKind.TEXT or turn.message.in_group:
        return False
    asked = turn.in_flow(FLOW) and turn.now - turn.conversation.updated_at <= _FRESH
    return _wish(turn) is not None or _typed_code(turn) is not None or (asked and is_code(turn.whole_text))


def respond(turn: Turn) -> None:
    """Explain, give a code, take one, ask whether it is right, link, part."""
    if turn.chat.is_group:
        return turn.say("link.private")
    if turn.staff is not None:
        return turn.say("link.staff")
    if turn.action is not None:
        return _tap(turn, turn.action.name.removeprefix("link."), turn.action.args)
    code = _typed_code(turn)
    if code is not None or (turn.in_flow(FLOW) and is_code(turn.whole_text)):
        return _take(turn, code or turn.whole_text)
    return _part(turn) if _wish(turn) == "part" else _explain(turn)


def _wish(turn: Turn) -> str | None:
    return next(
        (one for one in ("part", "start") if is_said(turn.text, turn.words(f"link.typed.{one}"))), None
    )


def _typed_code(turn: Turn) -> str | None:
    """«liên kết 7K3M-9QX»; what else begins so is a sentence like any other."""
    rest = words_after(turn, turn.whole_text, "link.typed.with_code", glued=False)
    return rest if rest and is_code(rest) else None


def _tap(turn: Turn, verb: str, args: tuple[str, ...]) -> None:
    taps: dict[str, Callable[[], None]] = {
        "give": lambda: _give(turn),
        "have": lambda: _ask_code(turn),
        "yes": lambda: _confirm(turn, args[0] if args else ""),
        "part": lambda: _part(turn),
        "leave": lambda: _leave(turn),
    }
    taps.get(verb, lambda: _explain(turn))()


def _explain(turn: Turn) -> None:
    """What is shared and what is not, before anything is."""
    others = _others(turn)
    choices = [
        turn.choice("link.choose_give", "link.give"),
        turn.choice("link.choose_have", "link.have"),
    ]
    lines = [turn.words("link.explain")]
    if others:
        lines.insert(0, turn.words("link.with_now", channels=_named(turn, others)))
        choices.append(turn.choice("link.choose_part", "link.part"))
    turn.reply(Content("\n".join(lines), (*choices, turn.choice("link.choose_leave", "link.leave"))))


def _give(turn: Turn) -> None:
    """A code for the other channel; the one given before is worth nothing any more."""
    if len(_others(turn)) + 1 >= MOST:
        return turn.say("link.too_many", choices=[_menu(turn)])
    code = _plain_code(turn)
    minutes = int(CODE_LIFE.total_seconds() // 60)
    return turn.say("link.code", choices=[_menu(turn)], code=code, minutes=minutes)


def _plain_code(turn: Turn) -> str:
    """A code whose letters are nobody's short form: typed with «TC» in it the wish was taken for a denunciation."""
    code = ""
    for _ in range(_DRAWS):
        code = make_code(turn.session, turn.contact.id or 0, turn.now)
        # As people type it: with tone marks and without, in capitals or not.
        if not any(_means_more(turn, text) for text in (f"liên kết {code}", f"lien ket {code.lower()}")):
            break
    return code


def _means_more(turn: Turn, text: str) -> bool:
    found = turn.house.matcher.match(text)
    return found.route is not None or turn.house.doors.find(text) is not None


def _ask_code(turn: Turn) -> None:
    turn.go(FLOW, "code")
    turn.say("link.ask_code", choices=[turn.choice("link.choose_leave", "link.leave")])
    turn.ask_freely()


def _take(turn: Turn, code: str) -> None:
    """Whose code it is, and whether that is the same person; only a tap links."""
    if len(_tries(turn)) >= MAX_TRIES:
        return turn.say("link.too_often", choices=[_menu(turn)])
    giver = find_giver(turn.session, code, turn.now)
    if giver is None:
        turn.remember(link_tries=[*_tries(turn), turn.now.isoformat()])
        return turn.say("link.wrong", choices=[turn.choice("link.choose_leave", "link.leave")])
    if giver.id == turn.contact.id:
        return turn.say("link.own_code", choices=[_menu(turn)])
    _end(turn)
    choices = [
        turn.choice("link.choose_yes", f"link.yes:{code.strip()}"),
        turn.choice("link.choose_no", "link.leave"),
    ]
    return turn.say("link.ask_yes", choices=choices, channel=_named(turn, [giver]))


def _confirm(turn: Turn, code: str) -> None:
    """Link them, and tell both, so that whoever was tricked reads it on the own telephone."""
    giver = find_giver(turn.session, code, turn.now) if is_code(code) else None
    if giver is None or giver.id == turn.contact.id:
        return turn.say("link.code_over", choices=[turn.choice("link.choose_have", "link.have"), _menu(turn)])
    if find_staff(turn.session, giver.id or 0) is not None:
        return turn.say("link.staff")
    claimed = claim_code(turn.session, code, turn.now)
    if claimed is None or not link(turn.session, claimed, turn.contact.id or 0, turn.now):
        return turn.say("link.not_possible", choices=[_menu(turn)])
    part = turn.choice("link.choose_part", "link.part")
    turn.say("link.done", choices=[part, _menu(turn)], channels=_named(turn, _others(turn)))
    told = Content(turn.words("link.told", channel=_named(turn, [turn.contact])), (part,))
    return turn.notify(giver, told, "link", f"link:{turn.inbox_id}")


def _part(turn: Turn) -> None:
    """This channel alone again; the wishes stay on both sides."""
    others = _others(turn)
    if not unlink(turn.session, turn.contact.id or 0, turn.now):
        return turn.say("link.none", choices=[turn.choice("link.choose_give", "link.give"), _menu(turn)])
    turn.say("link.parted", choices=[_menu(turn)])
    for other in others:
        told = Content(turn.words("link.told_parted", channel=_named(turn, [turn.contact])))
        turn.notify(other, told, "link", f"unlink:{turn.inbox_id}")
    return None


def _leave(turn: Turn) -> None:
    _end(turn)
    turn.say("link.left", choices=[_menu(turn)])


def _end(turn: Turn) -> None:
    if turn.in_flow(FLOW):
        turn.end()


def _others(turn: Turn) -> list[Contact]:
    return [one for one in list_channels(turn.session, turn.contact.id or 0) if one.id != turn.contact.id]


def _named(turn: Turn, contacts: list[Contact]) -> str:
    """By the channel and the name there, as the person knows it: «Telegram (Lan)»."""
    return ", ".join(_name(turn, contact) for contact in contacts)


def _name(turn: Turn, contact: Contact) -> str:
    channel = turn.words(f"officer.channel.{contact.channel}")
    return f"{channel} ({contact.name})" if contact.name else channel


def _menu(turn: Turn) -> Choice:
    return turn.choice("welcome.choose_menu", "menu")


def _tries(turn: Turn) -> list[str]:
    since = turn.now - _WINDOW
    return [at for at in turn.memory.get("link_tries", []) if datetime.fromisoformat(at) > since]
