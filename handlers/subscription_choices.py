"""What somebody receives, as it stands and as it changes: topics, urgent news, age group, household business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.audience import AgeGroup
from core.audience_words import topic_names
from core.messages import Choice, Content
from handlers.turn import Turn
from storage.announcements import drop_unwanted, list_subscriptions, lock_choices, subscribe, unsubscribe
from storage.persons import home_of
from storage.preferences import choose, forget, list_preferences
from storage.statuses import PreferenceKind

WHOLE_WARD = ""
_CHOSEN = "✓ "


@dataclass(frozen=True, slots=True)
class Choices:
    """The living wishes of a person. Without a topic in `topics` everything but `declined` is meant."""

    areas: tuple[str, ...]
    topics: tuple[str, ...]
    declined: tuple[str, ...]
    urgent: bool
    no_urgent: bool
    business: bool
    age: AgeGroup | None

    @property
    def is_empty(self) -> bool:
        """True for somebody who gets no announcement at all."""
        return not self.areas and not self.urgent


def read_choices(turn: Turn) -> Choices:
    """As they stand now."""
    owner = owner_of(turn)
    rows = list_preferences(turn.session, owner)

    def keys(kind: PreferenceKind, wanted: bool) -> tuple[str, ...]:
        return tuple(row.key for row in rows if row.kind == kind and row.wanted is wanted)

    known = {topic.key for topic in turn.house.ward.topics}
    ages = [key for key in keys(PreferenceKind.AGE, True) if key in list(AgeGroup)]
    return Choices(
        areas=tuple(row.area for row in list_subscriptions(turn.session, owner)),
        topics=tuple(key for key in keys(PreferenceKind.TOPIC, True) if key in known),
        declined=tuple(key for key in keys(PreferenceKind.TOPIC, False) if key in known),
        urgent=bool(keys(PreferenceKind.URGENT, True)),
        no_urgent=bool(keys(PreferenceKind.URGENT, False)),
        business=bool(keys(PreferenceKind.BUSINESS, True)),
        age=AgeGroup(ages[-1]) if ages else None,
    )


def owner_of(turn: Turn) -> int:
    """Whose wishes these are: of linked channels they are kept at one of them."""
    return home_of(turn.session, turn.contact.id or 0)


# ------------------------------------------------------------------------------------------ screens


def show(turn: Turn, lead: str = "") -> None:
    """All that somebody receives, line by line, with what can be changed in a tap each."""
    now = read_choices(turn)
    lines = [lead, *_lines(turn, now)]
    choices = [
        turn.choice("subscription.choose_topics", "subscription.topics"),
        turn.choice(
            "subscription.choose_no_urgent" if now.urgent else "subscription.choose_urgent",
            "subscription.urgent_off" if now.urgent else "subscription.urgent_on",
        ),
        turn.choice(
            "subscription.choose_no_shop" if now.business else "subscription.choose_shop",
            "subscription.shop_off" if now.business else "subscription.shop_on",
        ),
        turn.choice("subscription.choose_age", "subscription.ages"),
        turn.choice("subscription.choose_area", "subscription.ask"),
    ]
    if not now.is_empty:
        choices.append(turn.choice("subscription.choose_which", "subscription.which"))
    choices.append(turn.choice("welcome.choose_menu", "menu"))
    turn.reply(Content("\n".join(line for line in lines if line), tuple(choices)))


def show_topics(turn: Turn) -> None:
    """All topics, those that were chosen with a tick."""
    now = read_choices(turn)
    ticks = [
        Choice(f"{_CHOSEN if topic.key in now.topics else ''}{topic.name}", f"subscription.topic:{topic.key}")
        for topic in turn.house.ward.topics
    ]
    if now.topics or now.declined:
        ticks.append(turn.choice("subscription.choose_all_topics", "subscription.all_topics"))
    back = turn.choice("subscription.choose_done", "subscription.list")
    key = "subscription.ask_topics_more" if now.topics else "subscription.ask_topics"
    turn.say(key, choices=[*ticks, back])


def show_ages(turn: Turn) -> None:
    """The groups to choose from; nobody has to."""
    groups = [Choice(turn.words(f"audience.age.{age}"), f"subscription.age:{age}") for age in AgeGroup]
    groups.append(turn.choice("subscription.choose_no_age", "subscription.age:"))
    turn.say("subscription.ask_age", choices=groups)


def narrowed_line(turn: Turn) -> list[str]:
    """What an earlier choice of topics leaves of the news; nothing where everything is received."""
    now = read_choices(turn)
    narrowed = now.topics or now.declined
    return [turn.words("subscription.list_topics", topics=_topics_said(turn, now))] if narrowed else []


def _lines(turn: Turn, now: Choices) -> list[str]:
    if now.is_empty:
        lines = [turn.words("subscription.none")]
    else:
        places = area_names(turn, now.areas) or turn.words("subscription.no_place")
        lines = [turn.words("subscription.list_head"), turn.words("subscription.list_areas", areas=places)]
    if now.areas:
        lines.append(turn.words("subscription.list_topics", topics=_topics_said(turn, now)))
    told = "on" if now.urgent else "off" if now.no_urgent or not now.areas else "with_others"
    lines.append(turn.words(f"subscription.list_urgent_{told}"))
    if now.business:
        lines.append(turn.words("subscription.list_shop"))
    if now.age:
        lines.append(turn.words("subscription.list_age", age=turn.words(f"audience.age.{now.age}")))
    return lines


def _topics_said(turn: Turn, now: Choices) -> str:
    if now.topics:
        return "; ".join(_names(turn, now.topics))
    if now.declined:
        return turn.words("subscription.all_but", topics="; ".join(_names(turn, now.declined)))
    return turn.words("subscription.all_topics")


def _names(turn: Turn, keys: Sequence[str]) -> list[str]:
    return [
        topic_names([topic.key], turn.house.ward) for topic in turn.house.ward.topics if topic.key in keys
    ]


def area_names(turn: Turn, areas: Sequence[str]) -> str:
    """The places by name."""
    return ", ".join(area_name(turn, area) for area in areas)


def area_name(turn: Turn, area: str) -> str:
    """A place by name; "" is the whole ward."""
    found = turn.house.ward.find_area(area) if area else None
    return found.name if found else turn.words("subscription.whole_ward")


# ------------------------------------------------------------------------------------------ changes


def start_area(turn: Turn, area: str) -> None:
    """From now on the news of a place."""
    subscribe(turn.session, owner_of(turn), area, turn.inbox_id, turn.now)
    if area:
        turn.contact.area = area
        turn.session.add(turn.contact)


def start_topics(turn: Turn, topics: Sequence[str], *, only: bool = False) -> None:
    """Hear of these as well; `only`: of nothing else. Whoever got nothing so far gets these alone."""
    now = read_choices(turn)
    only = only or not now.areas
    if not now.areas:
        start_area(turn, turn.contact.area or WHOLE_WARD)
    if only:
        forget(turn.session, owner_of(turn), PreferenceKind.TOPIC)
    if only or now.topics:
        for topic in topics:
            _choose(turn, PreferenceKind.TOPIC, topic, wanted=True)
        drop_unwanted(turn.session, owner_of(turn), turn.now)
        return
    for topic in topics:
        forget(turn.session, owner_of(turn), PreferenceKind.TOPIC, topic)


def stop_topics(turn: Turn, topics: Sequence[str]) -> bool:
    """Hear no more of these, at once. False when that was all there was, so that nothing is received any more."""
    lock_choices(turn.session, owner_of(turn))
    before = read_choices(turn)
    for topic in topics:
        _choose(turn, PreferenceKind.TOPIC, topic, wanted=False)
    after = read_choices(turn)
    all_declined = len(after.declined) == len(turn.house.ward.topics)
    if (before.topics and not after.topics) or all_declined:
        # Without a chosen topic one hears of all others: the last one stopped must not bring them.
        unsubscribe(turn.session, owner_of(turn), turn.now)
        return False
    drop_unwanted(turn.session, owner_of(turn), turn.now)
    return True


def all_topics(turn: Turn) -> None:
    """No choice among the topics any more; whoever had stopped with the last topic hears again."""
    forget(turn.session, owner_of(turn), PreferenceKind.TOPIC)
    if not read_choices(turn).areas:
        start_area(turn, turn.contact.area or WHOLE_WARD)


def start_urgent(turn: Turn) -> None:
    """Danger to life is told whatever else is stopped; for the places that are subscribed, or the person's own."""
    now = read_choices(turn)
    forget(turn.session, owner_of(turn), PreferenceKind.URGENT)
    for area in now.areas or (turn.contact.area or WHOLE_WARD,):
        _choose(turn, PreferenceKind.URGENT, area, wanted=True)


def stop_urgent(turn: Turn) -> None:
    """Not even danger to life."""
    lock_choices(turn.session, owner_of(turn))
    forget(turn.session, owner_of(turn), PreferenceKind.URGENT)
    _choose(turn, PreferenceKind.URGENT, WHOLE_WARD, wanted=False)
    drop_unwanted(turn.session, owner_of(turn), turn.now)


def set_business(turn: Turn, wanted: bool) -> None:
    """«Tôi là hộ kinh doanh», or no longer."""
    if wanted:
        return _choose(turn, PreferenceKind.BUSINESS, "", wanted=True)
    forget(turn.session, owner_of(turn), PreferenceKind.BUSINESS)
    drop_unwanted(turn.session, owner_of(turn), turn.now)
    return None


def set_age(turn: Turn, age: AgeGroup | None) -> None:
    """One group, or none any more."""
    forget(turn.session, owner_of(turn), PreferenceKind.AGE)
    if age is not None:
        _choose(turn, PreferenceKind.AGE, age, wanted=True)
    drop_unwanted(turn.session, owner_of(turn), turn.now)


def _choose(turn: Turn, kind: PreferenceKind, key: str, *, wanted: bool) -> None:
    choose(turn.session, owner_of(turn), kind, key, turn.inbox_id, turn.now, wanted=wanted)
