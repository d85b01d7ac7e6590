"""What nobody else takes: recordings, stickers, files, corrections, and signs without words, each declined kindly."""

from __future__ import annotations

from collections.abc import Mapping

from core.messages import MessageKind
from handlers.turn import Turn

_KINDS: Mapping[MessageKind, str] = {
    MessageKind.VOICE: "fallback.voice",
    MessageKind.VIDEO: "fallback.video",
    MessageKind.STICKER: "fallback.sticker",
    MessageKind.FILE: "fallback.file",
    MessageKind.PHONE: "fallback.phone",
    MessageKind.PHOTO: "fallback.photo",
    MessageKind.UNSUPPORTED: "fallback.unsupported",
}


def respond(turn: Turn) -> None:
    """Say what cannot be taken and what can; a button that nobody knows any more leads to the menu."""
    menu = turn.choice("welcome.choose_menu", "menu")
    if turn.action is not None:
        return turn.say("fallback.old_button", choices=[menu])
    person = turn.choice("person.choose_person", "person.ask")
    key = _KINDS.get(turn.message.kind, "fallback.unclear")
    if turn.message.kind is MessageKind.VOICE and turn.files:
        key = "fallback.voice_failed"  # it would have been kept, had it arrived
    return turn.say(key, choices=[menu, person])


def respond_to_edit(turn: Turn) -> None:
    """A corrected message: its first form was answered already."""
    turn.say("fallback.edited", choices=[turn.choice("welcome.choose_menu", "menu")])


def respond_in_group(turn: Turn) -> None:
    """What concerns one person is not talked over before everybody."""
    turn.say("fallback.in_group")
