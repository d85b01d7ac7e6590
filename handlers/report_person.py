"""A wish to speak with a person: one line about it becomes a ticket that an officer answers in the chat."""

from __future__ import annotations

from core.messages import Content, MessageKind
from core.ward import OTHER
from faq.routes import Route
from handlers.office import office_lines
from handlers.phrases import count_words, is_said
from handlers.privacy import mask
from handlers.report_draft import FLOW as REPORT
from handlers.report_draft import MAX_TEXT
from handlers.report_filing import Place, file_ticket, may_file, say_filed, say_full
from handlers.turn import Turn

FLOW = "person"
_MAX_MISSES = 2


def applies(turn: Turn) -> bool:
    """True for our buttons, our flow, and for whoever asks for a person."""
    if turn.action is not None:
        return turn.action.name.startswith("person.")
    if turn.in_flow(FLOW):
        return True
    if turn.message.kind is not MessageKind.TEXT or not turn.text:
        return False
    # Inside another conversation only the plain words count: a report may well say "call me back".
    wished = turn.conversation.flow is None and turn.match.route is Route.HUMAN
    return wished or is_said(turn.text, turn.words("person.typed.start"))


def applies_amid_report(turn: Turn) -> bool:
    """True when the wish comes while a report is being written, which leads to a person anyway."""
    return turn.in_flow(REPORT) and applies(turn)


def respond(turn: Turn) -> None:
    """Ask what it is about, and pass it on."""
    if turn.action is not None:
        return _tap(turn, turn.action.name.removeprefix("person."))
    if not turn.in_flow(FLOW):
        return ask(turn)
    if is_said(turn.text, turn.words("report.typed.cancel")):
        return _leave(turn)
    if count_words(turn.text) < 2:
        return _ask_again(turn)
    return _pass_on(turn, turn.text)


def ask(turn: Turn) -> None:
    """Where and when people are met, and the offer to write instead; a report in the making is not given up."""
    if turn.in_flow(REPORT):
        return turn.say("person.amid_report")
    turn.go(FLOW, "about", misses=0)
    text = "\n".join([turn.words("person.ask"), *office_lines(turn)])
    return turn.reply(Content(text, (turn.choice("report.choose_cancel", "person.cancel"),)))


def repeat(turn: Turn) -> None:
    """Ask once more, after something else was answered in between."""
    turn.say("person.ask_again", choices=[turn.choice("report.choose_cancel", "person.cancel")])


def _tap(turn: Turn, verb: str) -> None:
    said = str(turn.data.get("said", ""))
    if verb == "said" and said:
        return _confirm(turn, said)
    if verb == "send" and turn.in_flow(FLOW) and said:
        return _pass_on(turn, said)
    if verb == "send":
        return turn.say("report.gone", choices=[turn.choice("welcome.choose_menu", "menu")])
    if verb == "cancel":
        return _leave(turn)
    return ask(turn)


def _confirm(turn: Turn, said: str) -> None:
    """What was just written needs no second typing, only a yes."""
    turn.go(FLOW, "about", misses=0, said=said)
    choices = (
        turn.choice("report.choose_send", "person.send"),
        turn.choice("person.choose_rewrite", "person.ask"),
        turn.choice("report.choose_cancel", "person.cancel"),
    )
    turn.say("person.confirm", choices=choices, text=" ".join(said.split())[:200])


def _ask_again(turn: Turn) -> None:
    misses = int(turn.data.get("misses", 0)) + 1
    if turn.text and misses > _MAX_MISSES:
        return _pass_on(turn, turn.text)
    turn.keep(misses=misses)
    return repeat(turn)


def _pass_on(turn: Turn, text: str) -> None:
    if not may_file(turn):
        turn.end()
        return say_full(turn)
    # "Something else" lies with the ward's office, which knows whom to pass it to.
    category = turn.house.ward.get_category(OTHER)
    safe = mask(text.strip(), turn.words("report.masked_number"))[:MAX_TEXT]
    ticket = file_ticket(turn, category, turn.words("person.ticket_text", text=safe), Place())
    turn.end()
    return say_filed(turn, ticket, "person.passed_on")


def _leave(turn: Turn) -> None:
    turn.end()
    turn.say("person.cancelled", choices=[turn.choice("welcome.choose_menu", "menu")])
