"""Announcements on request: which area's news a contact wants, and no more news at one word."""

from __future__ import annotations

from core.area_match import suggest_area
from core.messages import Choice, MessageKind
from handlers.phrases import is_said
from handlers.turn import Turn
from storage.announcements import list_subscriptions, subscribe, unsubscribe

FLOW = "subscription"
WHOLE_WARD = ""
# More areas than this are asked for in words: nobody reads a list of thirty on a telephone.
_FEW_AREAS = 6
_MAX_MISSES = 2


def applies(turn: Turn) -> bool:
    """True for our buttons, our question, and the words that start and stop announcements."""
    if turn.action is not None:
        return turn.action.name.startswith("subscription.")
    if turn.message.kind is not MessageKind.TEXT:
        return False
    return turn.in_flow(FLOW) or _stops(turn) or is_said(turn.text, turn.words("subscription.typed.start"))


def respond(turn: Turn) -> None:
    """Start, choose, stop."""
    if turn.action is not None:
        return _tap(turn, turn.action.name.removeprefix("subscription."), turn.action.args)
    if _stops(turn):
        return stop(turn)
    if turn.in_flow(FLOW):
        return _take_area(turn)
    return ask(turn)


def ask(turn: Turn) -> None:
    """What is subscribed now, and which area it should be."""
    areas = turn.house.ward.areas
    few = areas if len(areas) <= _FEW_AREAS else ()
    choices = [Choice(area.name, f"subscription.on:{area.key}") for area in few]
    choices.append(turn.choice("subscription.choose_ward", "subscription.on:"))
    wishes = list_subscriptions(turn.session, turn.contact.id or 0)
    if wishes:
        choices.append(turn.choice("subscription.choose_stop", "subscription.off"))
    choices.append(turn.choice("subscription.choose_leave", "subscription.leave"))
    if not turn.in_flow("report"):
        turn.go(FLOW, "area", misses=0)
    if wishes:
        turn.say("subscription.ask_more", choices=choices, areas=_names(turn))
    elif areas:
        turn.say("subscription.ask", choices=choices)
    else:
        turn.say("subscription.ask_ward", choices=choices)
    if areas and not few:
        turn.ask_freely()


def offer_area(turn: Turn, area: str) -> None:
    """A poster of an area was scanned: remember where the person lives, and offer its news."""
    turn.contact.area = area
    turn.session.add(turn.contact)
    choices = (
        turn.choice("subscription.choose_yes", f"subscription.on:{area}"),
        turn.choice("subscription.choose_no", "menu"),
    )
    turn.say("subscription.offer", choices=choices, name=_name(turn, area))


def stop(turn: Turn) -> None:
    """No more announcements, at once and without a question."""
    _leave_flow(turn)
    ended = unsubscribe(turn.session, turn.contact.id or 0, turn.now)
    choices = (
        turn.choice("subscription.choose_again", "subscription.ask"),
        turn.choice("welcome.choose_menu", "menu"),
    )
    turn.say("subscription.stopped" if ended else "subscription.none", choices=choices)


def _tap(turn: Turn, verb: str, args: tuple[str, ...]) -> None:
    if verb == "on" and args and (args[0] == WHOLE_WARD or turn.house.ward.find_area(args[0])):
        return _start(turn, args[0])
    if verb == "off":
        return stop(turn)
    if verb == "leave":
        _leave_flow(turn)
        return turn.say("subscription.left", choices=[turn.choice("welcome.choose_menu", "menu")])
    return ask(turn)


def _start(turn: Turn, area: str) -> None:
    _leave_flow(turn)
    subscribe(turn.session, turn.contact.id or 0, area, turn.inbox_id, turn.now)
    if area:
        turn.contact.area = area
        turn.session.add(turn.contact)
    menu = turn.choice("welcome.choose_menu", "menu")
    turn.say("subscription.started", choices=[menu], name=_name(turn, area))


def _take_area(turn: Turn) -> None:
    """An area in words: "tổ 5", "khu phố 3", or only its number."""
    ward = turn.house.ward
    if is_said(turn.text, turn.words("subscription.typed.leave")):
        return _tap(turn, "leave", ())
    if is_said(turn.text, turn.words("subscription.typed.whole")):
        return _start(turn, WHOLE_WARD)
    area = ward.find_area(turn.text) or suggest_area(ward, turn.text)
    if area is not None:
        return _start(turn, area.key)
    misses = int(turn.data.get("misses", 0)) + 1
    choices = [
        turn.choice("subscription.choose_ward", "subscription.on:"),
        turn.choice("subscription.choose_leave", "subscription.leave"),
    ]
    if misses >= _MAX_MISSES:
        _leave_flow(turn)
    else:
        turn.keep(misses=misses)
    turn.say("subscription.unclear", choices=choices)
    turn.ask_freely()


def _stops(turn: Turn) -> bool:
    return is_said(turn.text, turn.words("subscription.typed.stop"))


def _leave_flow(turn: Turn) -> None:
    if turn.in_flow(FLOW):
        turn.end()


def _names(turn: Turn) -> str:
    wishes = list_subscriptions(turn.session, turn.contact.id or 0)
    return ", ".join(_name(turn, wish.area) for wish in wishes)


def _name(turn: Turn, area: str) -> str:
    found = turn.house.ward.find_area(area) if area else None
    return found.name if found else turn.words("subscription.whole_ward")
