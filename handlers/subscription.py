"""Announcements on request: which news a contact wants, of which place, and no more of them at one word."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.area_match import suggest_area
from core.audience import AgeGroup, Audience
from core.audience_words import topic_names
from core.messages import Choice, Content, MessageKind
from handlers import subscription_choices as choices_of
from handlers.phrases import is_said
from handlers.subscription_choices import WHOLE_WARD, area_name, area_names, owner_of, read_choices
from handlers.subscription_stop import (
    FLOW,
    ask_which,
    leave_flow,
    set_urgent,
    stop,
    stop_areas,
    stop_of,
    stop_topics,
)
from handlers.subscription_words import Verb, Wish, read_news, read_wish
from handlers.turn import Turn
from handlers.welcome import start_word
from storage.announcements import unsubscribe

# More areas than this are asked for in words: nobody reads a list of thirty on a telephone.
_FEW_AREAS = 6
_MAX_MISSES = 2
_LINK = re.compile(r"(?:tin|news)[:_-](.+)", re.IGNORECASE)
_URGENT_LINK = "khan"


def applies(turn: Turn) -> bool:
    """True for our buttons, our question, and the words that start, change, list and stop announcements."""
    if turn.action is not None:
        return turn.action.name.startswith("subscription.")
    if turn.message.kind is not MessageKind.TEXT:
        return False
    if turn.in_flow(FLOW) or linked_news(turn) is not None:
        return True
    wish = read_wish(turn)
    # Amid a report «dừng» is about the report.
    return wish is not None and not (wish.verb is Verb.STOP_SOME and turn.in_flow("report"))


def respond(turn: Turn) -> None:
    """Start, choose, change, list, stop."""
    if turn.action is not None:
        return _tap(turn, turn.action.name.removeprefix("subscription."), turn.action.args)
    linked = linked_news(turn)
    if linked is not None:
        return _offer_news(turn, linked)
    wish = read_wish(turn)
    if wish is not None:
        return _grant(turn, wish)
    return _take_answer(turn)


def names_news(turn: Turn) -> bool:
    """True for a wish that names its news, such as «dừng tin lừa đảo»: no other conversation may take it."""
    wish = read_wish(turn) if turn.action is None else None
    return wish is not None and wish.verb in (Verb.START_OF, Verb.STOP_OF, Verb.ONLY_OF)


def linked_news(turn: Turn) -> str | None:
    """The topic of a poster («tin-y-te»), or our word for urgent news («tin-khan»)."""
    found = _LINK.fullmatch(start_word(turn) or "")
    if found is None:
        return None
    known = found[1] == _URGENT_LINK or turn.house.ward.find_topic(found[1])
    return found[1] if known else None


def ask(turn: Turn) -> None:
    """What is subscribed now, and which area it should be."""
    areas = turn.house.ward.areas
    few = areas if len(areas) <= _FEW_AREAS else ()
    choices = [Choice(area.name, f"subscription.on:{area.key}") for area in few]
    choices.append(turn.choice("subscription.choose_ward", "subscription.on:"))
    wishes = read_choices(turn).areas
    if wishes:
        choices.insert(0, turn.choice("subscription.choose_more", "subscription.list"))
        choices.append(turn.choice("subscription.choose_stop", "subscription.off"))
    choices.append(turn.choice("subscription.choose_leave", "subscription.leave"))
    if not turn.in_flow("report"):
        turn.go(FLOW, "area", misses=0)
    if wishes:
        turn.say("subscription.ask_more", choices=choices, areas=area_names(turn, wishes))
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
    turn.say("subscription.offer", choices=choices, name=area_name(turn, area))


# ------------------------------------------------------------------------------------- what is said


def _grant(turn: Turn, wish: Wish) -> None:
    about = wish.about
    acts: dict[Verb, Callable[[], None]] = {
        Verb.START: lambda: ask(turn),
        Verb.STOP: lambda: stop(turn),
        Verb.STOP_SOME: lambda: ask_which(turn),
        Verb.LIST: lambda: _show(turn),
        Verb.START_OF: lambda: _start(turn, about),
        Verb.STOP_OF: lambda: stop_of(turn, about),
        Verb.ONLY_OF: lambda: _start(turn, about, only=True),
        Verb.BUSINESS: lambda: _set_business(turn, True),
        Verb.NO_BUSINESS: lambda: _set_business(turn, False),
        Verb.AGE: lambda: _set_age(turn, about.ages[0]),
    }
    return acts[wish.verb]()


def _take_answer(turn: Turn) -> None:
    """In the midst of our question: an area in words («tổ 5», its number), topics, urgent news."""
    ward = turn.house.ward
    if is_said(turn.text, turn.words("subscription.typed.leave")):
        return _tap(turn, "leave", ())
    if is_said(turn.text, turn.words("subscription.typed.whole")):
        return _start(turn, Audience())
    about = read_news(turn, turn.text)
    if about is not None:
        return _start(turn, about)
    area = ward.find_area(turn.text) or suggest_area(ward, turn.text)
    if area is not None:
        return _start(turn, Audience((area.key,)))
    misses = int(turn.data.get("misses", 0)) + 1
    choices = [
        turn.choice("subscription.choose_ward", "subscription.on:"),
        turn.choice("subscription.choose_leave", "subscription.leave"),
    ]
    if misses >= _MAX_MISSES:
        leave_flow(turn)
    else:
        turn.keep(misses=misses)
    turn.say("subscription.unclear", choices=choices)
    return turn.ask_freely()


def _start(turn: Turn, about: Audience, *, only: bool = False) -> None:
    """Places, topics, urgent news, as far as they are named; nothing named is the whole ward."""
    leave_flow(turn)
    if about.urgent:
        return set_urgent(turn, True)
    if only and about.areas:
        others = [area for area in read_choices(turn).areas if area not in about.areas]
        unsubscribe(turn.session, owner_of(turn), turn.now, others)
    for area in about.areas or (() if about.topics else (WHOLE_WARD,)):
        choices_of.start_area(turn, area)
    if not about.topics:
        return _say_started(turn, about.areas)
    choices_of.start_topics(turn, about.topics, only=only)
    now = read_choices(turn)
    name = topic_names(about.topics, turn.house.ward)
    menu = turn.choice("welcome.choose_menu", "menu")
    if now.topics:
        more = turn.choice("subscription.choose_topics", "subscription.topics")
        return turn.say("subscription.topic_started", choices=[more, menu], topic=name)
    narrow = turn.choice("subscription.choose_only", f"subscription.only:{about.topics[0]}")
    return turn.say("subscription.topic_among_all", choices=[narrow, menu], topic=name)


def _say_started(turn: Turn, areas: tuple[str, ...]) -> None:
    choices = [
        turn.choice("subscription.choose_topics", "subscription.topics"),
        turn.choice("subscription.choose_urgent", "subscription.urgent_on"),
        turn.choice("welcome.choose_menu", "menu"),
    ]
    text = turn.words("subscription.started", name=area_names(turn, areas or (WHOLE_WARD,)))
    turn.reply(Content("\n".join([text, *choices_of.narrowed_line(turn)]), tuple(choices)))


def _offer_news(turn: Turn, key: str) -> None:
    topic = turn.house.ward.find_topic(key)
    action = f"subscription.topic_on:{key}" if topic else "subscription.urgent_on"
    choices = (turn.choice("subscription.choose_yes", action), turn.choice("subscription.choose_no", "menu"))
    if topic is None:
        return turn.say("subscription.offer_urgent", choices=choices)
    return turn.say("subscription.offer_topic", choices=choices, topic=topic.name)


# -------------------------------------------------------------------------------------------- taps


def _tap(turn: Turn, verb: str, args: tuple[str, ...]) -> None:
    first = args[0] if args else ""
    ward = turn.house.ward
    area = ward.find_area(first) if first else None
    if verb in ("on", "stop_area") and args and (area or first == WHOLE_WARD):
        # The key, not what the button said: an area is found by its bare number too.
        key = area.key if area else WHOLE_WARD
        areas = (key,) if area else ()
        return _start(turn, Audience(areas)) if verb == "on" else stop_areas(turn, (key,))
    if verb in ("topic", "topic_on", "only", "stop_topic") and ward.find_topic(first):
        return _tap_topic(turn, verb, first)
    if verb == "age" and args and first in ("", *AgeGroup):
        return _set_age(turn, AgeGroup(first) if first else None)
    plain: dict[str, Callable[[], None]] = {
        "off": lambda: stop(turn),
        "which": lambda: ask_which(turn),
        "list": lambda: _show(turn),
        "topics": lambda: choices_of.show_topics(turn),
        "ages": lambda: choices_of.show_ages(turn),
        "all_topics": lambda: _all_topics(turn),
        "urgent_on": lambda: set_urgent(turn, True),
        "urgent_off": lambda: set_urgent(turn, False),
        "shop_on": lambda: _set_business(turn, True),
        "shop_off": lambda: _set_business(turn, False),
        "leave": lambda: _leave(turn),
    }
    return plain.get(verb, lambda: ask(turn))()


def _tap_topic(turn: Turn, verb: str, topic: str) -> None:
    chosen = topic in read_choices(turn).topics
    if verb == "stop_topic" or (verb == "topic" and chosen):
        return stop_topics(turn, (topic,))
    if verb == "topic":
        # On the list of topics a first tap means «this one», not «this one too».
        choices_of.start_topics(turn, (topic,), only=not read_choices(turn).topics)
        return choices_of.show_topics(turn)
    return _start(turn, Audience(topics=(topic,)), only=verb == "only")


def _show(turn: Turn, lead: str = "") -> None:
    leave_flow(turn)
    choices_of.show(turn, lead)


def _all_topics(turn: Turn) -> None:
    choices_of.all_topics(turn)
    _show(turn, turn.words("subscription.all_topics_again"))


def _set_business(turn: Turn, wanted: bool) -> None:
    choices_of.set_business(turn, wanted)
    _show(turn, turn.words("subscription.shop_noted" if wanted else "subscription.shop_dropped"))


def _set_age(turn: Turn, age: AgeGroup | None) -> None:
    choices_of.set_age(turn, age)
    _show(turn, turn.words("subscription.age_noted" if age else "subscription.age_dropped"))


def _leave(turn: Turn) -> None:
    leave_flow(turn)
    turn.say("subscription.left", choices=[turn.choice("welcome.choose_menu", "menu")])
