"""Shows the replies that stand ready: the categories, what each has, and one reply with what may be done to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from core.messages import Choice, Content
from core.replies import Act, Reply, list_blanks
from core.wards import Category, fold
from handlers.canned import KNOWN, Laid, Layer, laid_replies
from handlers.desk_rules import Refused
from handlers.turn import Turn
from storage.models import Staff
from storage.statuses import StaffRole

# Stands in a button for «every category».
ANY: Final = "-"
_PAGE: Final = 4
_ORDER: Final = tuple(Act)


def own_department(turn: Turn) -> str | None:
    """Whose replies this person sees and keeps: those of a department; of the whole ward for leaders."""
    staff = _need_office(turn)
    return None if staff.role == StaffRole.LEADER else staff.department


def is_keeper(turn: Turn) -> bool:
    """True for leaders and heads: they change what others only read."""
    staff = turn.staff
    return staff is not None and staff.active and (staff.role == StaffRole.LEADER or staff.is_head)


def need_keeper(turn: Turn) -> Staff:
    """Raises Refused for everybody but leaders and heads."""
    staff = _need_office(turn)
    if not is_keeper(turn):
        raise Refused("canned.no_right")
    return staff


def open_replies(turn: Turn, lead: str = "") -> None:
    """The categories that this person has to do with; any other is found by its name."""
    department = own_department(turn)
    ours = [one for one in turn.house.ward.categories if department in (None, one.department)]
    _ask_category(turn, ours, lead or turn.words("canned.open"))


def find_replies(turn: Turn, typed: str) -> None:
    """By the name of a category, a part of it, or a word that citizens use for it."""
    _need_office(turn)
    wanted, known = fold(typed), turn.house.ward.categories
    if wanted in ("", fold(turn.words("canned.any"))):
        return show_category(turn, ANY)
    exact = [one for one in known if wanted in (fold(one.key), fold(one.name))]
    named = exact or [one for one in known if f" {wanted} " in f" {fold(one.name)} "]
    found = named or [one for one in known if wanted in map(fold, one.keywords)]
    if len(found) == 1:
        return show_category(turn, found[0].key)
    if found:
        return _ask_category(turn, found, turn.words("canned.several", typed=typed[:40]))
    return open_replies(turn, turn.words("canned.unknown", typed=typed[:40]))


def show_category(turn: Turn, key: str, offset: int = 0) -> None:
    """Every reply of a category with its words; who keeps them also sees those that were taken away."""
    department, keeper = own_department(turn), is_keeper(turn)
    wanted = None if key == ANY else key
    found = [one for one in laid_replies(turn.session, department) if one.reply.category == wanted]
    found = sorted(
        (one for one in found if keeper or not one.is_hidden), key=lambda one: _ORDER.index(one.reply.act)
    )
    page = found[offset : offset + _PAGE]
    count = sum(not one.is_hidden for one in found)
    name = category_name(turn, wanted)
    lines = [turn.words("canned.head" if count else "canned.none", category=name, count=count)]
    lines += [_line(turn, one) for one in page]
    choices = [Choice(one.reply.title, f"canned.show:{one.reply.mark}") for one in page] if keeper else []
    if keeper:
        lines.append(turn.words("canned.how_keeper"))
        choices.append(turn.choice("canned.button.add", f"canned.add:{key}"))
    if len(found) > offset + _PAGE:
        choices.append(turn.choice("canned.button.more", f"canned.of:{key}:{offset + _PAGE}"))
    choices.append(turn.choice("canned.button.others", "canned.open"))
    turn.reply(Content("\n\n".join(lines), tuple(choices)))


def show_reply(turn: Turn, mark: str) -> None:
    """One reply, and for who keeps it the ways to change it."""
    laid = get_laid(turn, mark)
    key = laid.reply.category or ANY
    choices = [turn.choice("canned.button.list", f"canned.of:{key}")]
    if is_keeper(turn):
        choices = [*_ways(turn, laid), *choices]
    fields: dict[str, Any] = {**named(turn, laid.reply), "whose": _whose(turn, laid)}
    if laid.is_hidden:
        return turn.say("canned.one_hidden", choices=choices, **fields)
    text = laid.reply.text
    return turn.say("canned.one", choices=choices, text=text, blanks=blank_words(turn, text), **fields)


def get_laid(turn: Turn, mark: str) -> Laid:
    """What stands under a mark for this person. Raises Refused when nothing does."""
    found = (one for one in laid_replies(turn.session, own_department(turn)) if one.reply.mark == mark)
    laid = next(found, None)
    if laid is None or (laid.is_hidden and not is_keeper(turn)):
        raise Refused("canned.gone")
    return laid


def own_layer(turn: Turn) -> Layer:
    """The layer that this person writes to."""
    return Layer.WARD if own_department(turn) is None else Layer.DEPARTMENT


def category_name(turn: Turn, key: str | None) -> str:
    """The name of a category; «every one» for none, the bare key for one that the ward no longer has."""
    if key is None:
        return turn.words("canned.any")
    found = turn.house.ward.find_category(key)
    return found.name if found else key


def named(turn: Turn, reply: Reply) -> dict[str, Any]:
    """Category, act and title of a reply in words: the fields of a sentence about it."""
    return {
        "category": category_name(turn, reply.category),
        "act": turn.words(f"canned.act.{reply.act}"),
        "title": reply.title,
    }


def blank_words(turn: Turn, text: str) -> str:
    """Which blanks the officer is asked for and which fill themselves, in a line each."""
    blanks = list_blanks(text)
    known = [name for name in blanks if fold(name) in KNOWN]
    asked = [name for name in blanks if name not in known]
    lines = [turn.words("canned.blanks_asked", asked=", ".join(asked))] if asked else []
    lines += [turn.words("canned.blanks_known", known=", ".join(known))] if known else []
    return "\n".join(lines) or turn.words("canned.blanks_none")


def _ask_category(turn: Turn, categories: Sequence[Category], text: str) -> None:
    choices = [turn.choice("canned.any", f"canned.of:{ANY}")]
    choices += [Choice(one.name, f"canned.of:{one.key}") for one in categories]
    turn.reply(Content(text, tuple(choices)))


def _ways(turn: Turn, laid: Laid) -> list[Choice]:
    mark = laid.reply.mark
    ways = [turn.choice("canned.button.change", f"canned.change:{mark}")]
    if not laid.is_hidden:
        ways.append(turn.choice("canned.button.remove", f"canned.remove:{mark}"))
    if laid.covers and laid.layer is own_layer(turn):
        ways.append(turn.choice("canned.button.restore", f"canned.restore:{mark}"))
    return ways


def _line(turn: Turn, laid: Laid) -> str:
    key = "canned.line_hidden" if laid.is_hidden else "canned.line"
    return turn.words(key, **named(turn, laid.reply), text=laid.reply.text, whose=_whose(turn, laid))


def _whose(turn: Turn, laid: Laid) -> str:
    return turn.words(f"canned.whose.{laid.layer.name.lower()}")


def _need_office(turn: Turn) -> Staff:
    if turn.staff is None or not turn.staff.active or turn.staff.role == StaffRole.MEMBER:
        raise Refused("canned.only_office")
    return turn.staff
