"""For whom an announcement is: what somebody may reach, and how it is chosen by button, number or words."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from core.audience import AgeGroup, Audience, Clash, Kind, Role, audience_from, find_clash
from core.audience_words import describe, find_topics, read_audience, topic_names
from core.messages import Choice, Content
from handlers.announce_base import AREAS, FLOW, drop_choice, may_reach, own_area
from handlers.announce_reach import reach_lines
from handlers.desk_reading import is_typed
from handlers.turn import Turn
from storage.audiences import measure
from storage.statuses import StaffRole

# More areas than this are typed: nobody scrolls through seventy buttons.
_FEW_AREAS = 8
_CHOSEN = "✓ "
_One = TypeVar("_One")


def as_kept(audience: Audience) -> dict[str, object]:
    """As it is remembered in the conversation, and read again by `chosen_audience`."""
    return {"audience": {"areas": list(audience.areas), **audience.beside_areas}}


def chosen_audience(turn: Turn) -> Audience | None:
    """What was chosen so far in this conversation; a member has the own area before choosing anything."""
    staff, kept = turn.staff, turn.data.get("audience")
    if kept is not None:
        return audience_from(kept["areas"], kept)
    if staff is not None and staff.role == StaffRole.MEMBER:
        return Audience(areas=(staff.area or "",))
    return None if turn.house.ward.areas else Audience()


def names_audience(turn: Turn) -> bool:
    """True for a text that says nothing but for whom something is: no announcement reads like that."""
    read = read_audience(turn.text, turn.house.ward, turn.house.words)
    return read.found and not read.unknown


def take_words(turn: Turn) -> Audience | None:
    """An audience in words, «hộ kinh doanh tổ 3, tổ 5»; None when it was asked for once more."""
    if is_typed(turn, "announce.typed.narrow"):
        show_audience(turn)
        return None
    read = read_audience(turn.text, turn.house.ward, turn.house.words)
    if read.unknown or not read.found:
        ask_audience(
            turn, turn.words("announce.unknown_audience", names=", ".join(read.unknown) or turn.text)
        )
        return None
    audience, staff = read.audience, turn.staff
    if staff is not None and staff.role == StaffRole.MEMBER and not audience.areas:
        audience = replace(audience, areas=(staff.area or "",))
    return _checked(turn, audience)


def take_place(turn: Turn, areas: list[str]) -> Audience | None:
    """A tap on the whole ward ([]) or an area; what was chosen beside the place stays."""
    known = {area.key for area in turn.house.ward.areas}
    if not known.issuperset(areas):
        ask_audience(turn)
        return None
    return _checked(turn, replace(chosen_audience(turn) or Audience(), areas=tuple(areas)))


def ask_audience(turn: Turn, lead: str = "") -> None:
    """For whom; few areas are buttons, everything can be typed."""
    turn.go(FLOW, AREAS)
    choices = []
    if turn.staff is not None and turn.staff.role != StaffRole.MEMBER:
        areas = turn.house.ward.areas
        choices = [turn.choice("announce.button.whole", "announce.whole")]
        if len(areas) <= _FEW_AREAS:
            choices += [Choice(area.name, f"announce.area:{area.key}") for area in areas]
    choices += [turn.choice("announce.button.narrow", "announce.who"), drop_choice(turn)]
    text = turn.words("announce.ask_audience", examples=_examples(turn))
    turn.reply(Content("\n\n".join(part for part in (lead, text) if part), tuple(choices)))
    if not any(one.action.startswith("announce.area:") for one in choices):
        # Every channel draws so few buttons, and a bare "3" is an area.
        turn.ask_freely()


def show_audience(turn: Turn, lead: str = "") -> None:
    """What is chosen now and whom it reaches, and the kinds by which it can be narrowed down."""
    audience = chosen_audience(turn) or Audience()
    turn.go(FLOW, AREAS, **as_kept(audience))
    found = measure(turn.session, audience, turn.house.windows, turn.now)
    text = turn.words(
        "announce.chosen",
        audience=describe(audience, turn.house.ward, turn.house.words),
        total=found.total,
    )
    example = _examples(turn).split(";")[-2].strip()
    lines = [lead, text, *reach_lines(turn, audience, found), turn.words("announce.change", example=example)]
    choices = [turn.choice("announce.button.preview", "announce.preview"), *_kinds(turn, audience)]
    turn.reply(Content("\n".join(line for line in lines if line), (*choices, drop_choice(turn))))


def open_kind(turn: Turn, kind: str) -> None:
    """What can be chosen within one kind; a tick stands before what is chosen, and a second tap takes it off."""
    audience = chosen_audience(turn) or Audience()
    ways: dict[str, list[tuple[str, str, bool]]] = {
        Kind.AREA: [(area.key, area.name, area.key in audience.areas) for area in turn.house.ward.areas],
        Kind.TOPIC: [(one.key, one.name, one.key in audience.topics) for one in turn.house.ward.topics],
        Kind.AGE: [(one, turn.words(f"audience.age.{one}"), one in audience.ages) for one in AgeGroup],
        Kind.ROLE: [(one, turn.words(f"audience.role.{one}"), one in audience.roles) for one in Role],
    }
    if kind not in ways:
        return show_audience(turn)
    if kind == Kind.AREA and len(ways[Kind.AREA]) > _FEW_AREAS:
        return ask_audience(turn)
    turn.go(FLOW, AREAS, **as_kept(audience))
    choices = [
        Choice(f"{_CHOSEN if ticked else ''}{name}", f"announce.set:{kind}:{key}")
        for key, name, ticked in ways[kind]
    ]
    back = turn.choice("announce.button.done", "announce.who")
    return turn.say(f"announce.ask_kind.{kind}", choices=[*choices, back])


def toggle(turn: Turn, kind: str, key: str) -> None:
    """Choose something within a kind, or take it off; then what it comes to."""
    audience = chosen_audience(turn) or Audience()
    changed = _toggled(audience, kind, key, turn)
    checked = _checked(turn, changed) if changed is not None else audience
    if checked is not None:
        turn.go(FLOW, AREAS, **as_kept(checked))
        show_audience(turn)


def _toggled(audience: Audience, kind: str, key: str, turn: Turn) -> Audience | None:
    ward = turn.house.ward
    if kind == Kind.BUSINESS:
        return replace(audience, business=not audience.business)
    if kind == Kind.URGENT:
        # What is urgent has no topic beside it; a tap must not fail for a reason that the tap itself explains.
        return replace(audience, urgent=not audience.urgent, topics=())
    if kind == Kind.AREA and any(area.key == key for area in ward.areas):
        return replace(audience, areas=_flip(audience.areas, key, [area.key for area in ward.areas]))
    if kind == Kind.TOPIC and ward.find_topic(key):
        topics = _flip(audience.topics, key, [topic.key for topic in ward.topics])
        return replace(audience, topics=topics, urgent=False)
    if kind == Kind.AGE and key in list(AgeGroup):
        return replace(audience, ages=_flip(audience.ages, AgeGroup(key), list(AgeGroup)))
    if kind == Kind.ROLE and key in list(Role):
        return replace(audience, roles=_flip(audience.roles, Role(key), list(Role)) or (Role.CITIZEN,))
    return None


def _flip(chosen: tuple[_One, ...], one: _One, order: list[_One]) -> tuple[_One, ...]:
    return tuple(other for other in order if (other in chosen) != (other == one))


def _checked(turn: Turn, audience: Audience) -> Audience | None:
    """The audience, if it makes sense and may be reached; otherwise it is said why not, and None."""
    clash, staff = find_clash(audience), turn.staff
    if clash is not None:
        _explain(turn, clash)
        return None
    if staff is None or not may_reach(staff, audience):
        area = own_area(turn, staff) if staff else None
        show_audience(turn, turn.words("announce.only_own_area", place=area.name if area else ""))
        return None
    return audience


def _explain(turn: Turn, clash: Clash) -> None:
    lead = turn.words(f"announce.clash.{clash}")
    if turn.data.get("audience") is not None:
        return show_audience(turn, lead)
    return ask_audience(turn, lead)


def _kinds(turn: Turn, audience: Audience) -> list[Choice]:
    """The kinds that this person may use, the topics that the words seem to be about first."""
    member = turn.staff is not None and turn.staff.role == StaffRole.MEMBER
    choices = []
    proposed = [
        key for key in find_topics(str(turn.data.get("text", "")), turn.house.ward) if not audience.topics
    ]
    if proposed and not audience.urgent:
        name = topic_names(proposed[:1], turn.house.ward)
        choices.append(turn.choice("announce.button.propose", f"announce.set:topic:{proposed[0]}", name=name))
    kinds = [Kind.TOPIC, Kind.BUSINESS, Kind.AGE, Kind.ROLE]
    if not member:
        kinds = [Kind.AREA, *kinds, Kind.URGENT] if turn.house.ward.areas else [*kinds, Kind.URGENT]
    for kind in kinds:
        at_once = kind in (Kind.BUSINESS, Kind.URGENT)
        ticked = (kind is Kind.BUSINESS and audience.business) or (kind is Kind.URGENT and audience.urgent)
        title = f"{_CHOSEN if ticked else ''}{turn.words(f'announce.kind.{kind}')}"
        choices.append(Choice(title, f"announce.set:{kind}:" if at_once else f"announce.who:{kind}"))
    return choices


def _examples(turn: Turn) -> str:
    ward = turn.house.ward
    if turn.staff is not None and turn.staff.role == StaffRole.MEMBER:
        return turn.words("announce.examples_member")
    names = ", ".join(area.name for area in ward.areas[:2])
    if not names:
        return turn.words("announce.examples_ward")
    return turn.words("announce.examples", places=names, place=ward.areas[0].name)
