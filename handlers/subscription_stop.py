"""Fewer announcements or none: at once and at one word, each place, each topic, urgent news apart."""

from __future__ import annotations

from core.audience import Audience
from core.audience_words import topic_names
from core.messages import Choice
from handlers import subscription_choices as choices_of
from handlers.subscription_choices import WHOLE_WARD, area_name, area_names, owner_of, read_choices
from handlers.turn import Turn
from storage.announcements import unsubscribe

FLOW = "subscription"


def stop(turn: Turn) -> None:
    """No more announcements, at once and without a question; what was asked for of danger to life is told apart."""
    leave_flow(turn)
    ended = unsubscribe(turn.session, owner_of(turn), turn.now)
    again = turn.choice("subscription.choose_again", "subscription.ask")
    menu = turn.choice("welcome.choose_menu", "menu")
    if read_choices(turn).urgent:
        off = turn.choice("subscription.choose_all_urgent", "subscription.urgent_off")
        return turn.say("subscription.stopped_but_urgent", choices=[off, again, menu])
    return turn.say("subscription.stopped" if ended else "subscription.none", choices=[again, menu])


def ask_which(turn: Turn) -> None:
    """«Dừng»: which of them; with a single one there is nothing to ask."""
    now = read_choices(turn)
    topics = [topic for topic in turn.house.ward.topics if now.areas and topic.key in now.topics]
    if len(now.areas) + len(topics) + now.urgent <= 1:
        return set_urgent(turn, False) if now.urgent else stop(turn)
    things = [(area_name(turn, area), f"subscription.stop_area:{area}") for area in now.areas]
    things += [(topic.name, f"subscription.stop_topic:{topic.key}") for topic in topics]
    choices = [Choice(f"{title[:1].upper()}{title[1:]}", action) for title, action in things]
    if now.urgent:
        choices.append(turn.choice("subscription.choose_urgent_name", "subscription.urgent_off"))
    choices.insert(0, turn.choice("subscription.choose_stop_all", "subscription.off"))
    choices.append(turn.choice("subscription.choose_keep", "subscription.leave"))
    leave_flow(turn)
    return turn.say("subscription.ask_which", choices=choices)


def stop_of(turn: Turn, about: Audience) -> None:
    """«Dừng điện nước», «dừng tổ 5», «dừng tin khẩn»; «dừng toàn phường» stops the news of the whole ward."""
    leave_flow(turn)
    if about.urgent:
        return set_urgent(turn, False)
    if about.topics:
        return stop_topics(turn, about.topics)
    return stop_areas(turn, about.areas or (WHOLE_WARD,))


def stop_topics(turn: Turn, topics: tuple[str, ...]) -> None:
    goes_on = choices_of.stop_topics(turn, topics)
    menu = turn.choice("welcome.choose_menu", "menu")
    name = topic_names(topics, turn.house.ward)
    if goes_on and not read_choices(turn).is_empty:
        show = turn.choice("subscription.choose_list", "subscription.list")
        return turn.say("subscription.topic_stopped", choices=[show, menu], topic=name)
    again = turn.choice("subscription.choose_all_topics", "subscription.all_topics")
    return turn.say("subscription.last_topic_stopped", choices=[again, menu], topic=name)


def stop_areas(turn: Turn, areas: tuple[str, ...]) -> None:
    name = area_names(turn, areas)
    ended = unsubscribe(turn.session, owner_of(turn), turn.now, areas)
    left = read_choices(turn).areas
    menu = turn.choice("welcome.choose_menu", "menu")
    if not ended:
        show = turn.choice("subscription.choose_list", "subscription.list")
        return turn.say("subscription.area_not_received", choices=[show, menu], name=name)
    if left:
        return turn.say("subscription.area_stopped", choices=[menu], name=name, left=area_names(turn, left))
    return stop(turn) if read_choices(turn).urgent else turn.say("subscription.stopped", choices=[menu])


def set_urgent(turn: Turn, wanted: bool) -> None:
    leave_flow(turn)
    menu = turn.choice("welcome.choose_menu", "menu")
    if wanted:
        choices_of.start_urgent(turn)
        return turn.say("subscription.urgent_started", choices=[menu])
    choices_of.stop_urgent(turn)
    return turn.say("subscription.urgent_stopped", choices=[menu])


def leave_flow(turn: Turn) -> None:
    if turn.in_flow(FLOW):
        turn.end()
