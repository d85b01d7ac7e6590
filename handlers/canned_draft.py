"""Heads and leaders write replies for their officers: a new one, other words, away with it, the old one back."""

from __future__ import annotations

from typing import Final

from core.messages import Choice, Content, MessageKind
from core.replies import Act, Reply, is_sound, list_blanks
from handlers.canned import laid_replies
from handlers.canned_show import (
    ANY,
    blank_words,
    category_name,
    get_laid,
    named,
    need_keeper,
    own_department,
    own_layer,
)
from handlers.desk_reading import is_typed
from handlers.desk_rules import MIN_TEXT, Refused, department_name
from handlers.turn import Turn
from storage.canned import lay_reply, retire_reply

FLOW: Final = "canned"
TITLE, TEXT, PREVIEW = "title", "text", "preview"
_SHORTEST_TITLE, _LONGEST_TITLE = 3, 40
# Three of them stand in one message, with their values they must still be a message of their own.
_LONGEST_TEXT, _MOST_BLANKS = 600, 6


def ask_act(turn: Turn, key: str) -> None:
    """A new reply: for which step?"""
    need_keeper(turn)
    category = _category(turn, key)
    choices = [turn.choice(f"canned.act.{act}", f"canned.new:{key}:{act}") for act in Act]
    name = category_name(turn, category)
    turn.say("canned.ask_act", choices=[*choices, _drop_choice(turn)], category=name)


def begin_new(turn: Turn, key: str, act: str) -> None:
    """A new reply: its title is asked for."""
    need_keeper(turn)
    category = _category(turn, key)
    if act not in tuple(Act):
        return ask_act(turn, key)
    turn.end()
    turn.go(FLOW, TITLE, category=category, act=act, title="", old="")
    return _ask(turn)


def begin_change(turn: Turn, mark: str) -> None:
    """Other words for a reply, in this person's own layer."""
    need_keeper(turn)
    reply = get_laid(turn, mark).reply
    turn.end()
    turn.go(FLOW, TEXT, category=reply.category, act=reply.act.value, title=reply.title, old=reply.text)
    _ask(turn)


def take_words(turn: Turn) -> None:
    """What the step waits for; what is no good is asked for again."""
    if is_typed(turn, "officer.typed.cancel"):
        return drop(turn)
    need_keeper(turn)
    if turn.message.kind is not MessageKind.TEXT:
        return _ask(turn, turn.words("officer.no_words_yet"))
    try:
        if turn.conversation.step == TITLE:
            turn.go(FLOW, TEXT, title=_title(turn))
            return _ask(turn)
        text = _text(turn)
    except Refused as refused:
        return _ask(turn, turn.words(refused.key, **refused.fields))
    return _preview(turn, text)


def again(turn: Turn) -> None:
    """The words once more; an old button asks nothing."""
    need_keeper(turn)
    if not turn.in_flow(FLOW) or turn.conversation.step != PREVIEW:
        raise Refused("canned.no_draft")
    turn.go(FLOW, TEXT, old=turn.data["text"])
    _ask(turn)


def save(turn: Turn, draft: int) -> None:
    """Let it stand; an old button saves nothing."""
    staff = need_keeper(turn)
    data = turn.data
    if not turn.in_flow(FLOW) or turn.conversation.step != PREVIEW or data["draft"] != draft:
        raise Refused("canned.no_draft")
    reply = _reply(turn, str(data["text"]))
    turn.end()
    lay_reply(turn.session, reply, own_department(turn), staff.id or 0, turn.now)
    turn.say("canned.saved", choices=_after(turn, reply), title=reply.title)


def remove(turn: Turn, mark: str) -> None:
    """Away with it for this person's layer: an own one is retired, one from beneath is hidden."""
    staff = need_keeper(turn)
    laid = get_laid(turn, mark)
    if laid.is_hidden:
        raise Refused("canned.gone")
    reply, department = laid.reply, own_department(turn)
    if laid.layer is own_layer(turn) and not laid.covers:
        retire_reply(turn.session, reply, department, turn.now)
    else:
        hidden = Reply(reply.act, reply.title, "", reply.category)
        lay_reply(turn.session, hidden, department, staff.id or 0, turn.now)
    turn.say("canned.removed", choices=_after(turn, reply), title=reply.title, text=reply.text)


def restore(turn: Turn, mark: str) -> None:
    """What lies beneath this person's layer stands again."""
    need_keeper(turn)
    laid = get_laid(turn, mark)
    if laid.layer is not own_layer(turn) or not laid.covers:
        raise Refused("canned.gone")
    retire_reply(turn.session, laid.reply, own_department(turn), turn.now)
    back = get_laid(turn, mark).reply
    turn.say("canned.restored", choices=_after(turn, back), title=back.title, text=back.text)


def drop(turn: Turn) -> None:
    """Leave the draft; nothing has changed."""
    if turn.in_flow(FLOW):
        turn.end()
    turn.say("canned.dropped")


def _ask(turn: Turn, lead: str = "") -> None:
    """The question of the step that waits."""
    data = turn.data
    lines = [lead] if lead else []
    if turn.conversation.step == TITLE:
        lines.append(turn.words("canned.ask_title"))
    else:
        lines += [turn.words("canned.ask_text_old", text=data["old"])] if data["old"] else []
        lines.append(turn.words("canned.ask_text", title=data["title"]))
    turn.reply(Content("\n\n".join(lines), (_drop_choice(turn),)))
    turn.ask_freely()


def _preview(turn: Turn, text: str) -> None:
    turn.go(FLOW, PREVIEW, text=text, draft=turn.inbox_id)
    department = own_department(turn)
    name = department_name(turn, department) if department else ""
    key = "canned.scope_department" if department else "canned.scope_ward"
    choices = (
        turn.choice("canned.button.save", f"canned.save:{turn.inbox_id}"),
        turn.choice("canned.button.again", "canned.again"),
        _drop_choice(turn),
    )
    turn.say(
        "canned.preview",
        choices=choices,
        **named(turn, _reply(turn, text)),
        text=text,
        blanks=blank_words(turn, text),
        scope=turn.words(key, department=name),
    )


def _title(turn: Turn) -> str:
    title = " ".join(turn.text.split()).strip(" .:")
    fits = _SHORTEST_TITLE <= len(title) <= _LONGEST_TITLE and any(letter.isalnum() for letter in title)
    if not fits or "{" in title or "}" in title:
        raise Refused("canned.bad_title", limit=_LONGEST_TITLE)
    wanted = Reply(Act(turn.data["act"]), title, "", turn.data["category"])
    standing = laid_replies(turn.session, own_department(turn))
    if any(one.reply.mark == wanted.mark and not one.is_hidden for one in standing):
        raise Refused("canned.known_title", title=title)
    return title


def _text(turn: Turn) -> str:
    text = turn.text.strip()
    if sum(letter.isalnum() for letter in text) < MIN_TEXT:
        raise Refused("officer.too_short")
    if len(text) > _LONGEST_TEXT:
        raise Refused("officer.too_long", limit=_LONGEST_TEXT, length=len(text))
    if not is_sound(text):
        raise Refused("canned.bad_braces")
    count = len(list_blanks(text))
    if count > _MOST_BLANKS:
        raise Refused("canned.many_blanks", count=count, limit=_MOST_BLANKS)
    return text


def _reply(turn: Turn, text: str) -> Reply:
    data = turn.data
    return Reply(Act(data["act"]), str(data["title"]), text, data["category"])


def _category(turn: Turn, key: str) -> str | None:
    """The category of a button's key; None for every one. Raises Refused for one that the ward has not."""
    if key != ANY and turn.house.ward.find_category(key) is None:
        raise Refused("canned.gone")
    return None if key == ANY else key


def _after(turn: Turn, reply: Reply) -> list[Choice]:
    choices = [turn.choice("canned.button.list", f"canned.of:{reply.category or ANY}")]
    laid = next(
        (one for one in laid_replies(turn.session, own_department(turn)) if one.reply.mark == reply.mark),
        None,
    )
    if laid is not None and laid.covers and laid.layer is own_layer(turn):
        choices.insert(0, turn.choice("canned.button.restore", f"canned.restore:{reply.mark}"))
    return choices


def _drop_choice(turn: Turn) -> Choice:
    return turn.choice("canned.button.drop", "canned.drop")
