"""For whom an announcement is, as one frozen value: kinds are joined by «and», what stands within a kind by «or»."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

# What an announcement without a topic counts as: news that belongs to no subject, such as a meeting.
GENERAL = "chung"


class Role(StrEnum):
    """Who is meant: people who asked for announcements, or those who serve the ward."""

    CITIZEN = "citizen"
    MEMBER = "member"
    OFFICER = "officer"
    LEADER = "leader"


class AgeGroup(StrEnum):
    """The group that a person chose. Nobody is asked for a date of birth.

    Youth is 16 to 30 (Law on Youth 2020, article 1), the elderly are 60 and older (Law on the Elderly 2009,
    article 2). Below 16 a parent would have to consent, so there is no group for it.
    """

    YOUTH = "youth"
    MIDDLE = "middle"
    SENIOR = "senior"


class Kind(StrEnum):
    """The ways in which an audience can be narrowed down."""

    AREA = "area"
    ROLE = "role"
    TOPIC = "topic"
    BUSINESS = "business"
    AGE = "age"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Audience:
    """Empty areas mean the whole ward, empty topics general news, empty ages everybody.

    `urgent` is danger to life: it passes over the choice of topics, but not over who wants no urgent news.
    """

    areas: tuple[str, ...] = ()
    roles: tuple[Role, ...] = (Role.CITIZEN,)
    topics: tuple[str, ...] = ()
    business: bool = False
    ages: tuple[AgeGroup, ...] = ()
    urgent: bool = False

    @property
    def staff_roles(self) -> tuple[Role, ...]:
        """The roles of those who serve the ward: they hear by duty, not by subscription."""
        return tuple(role for role in self.roles if role is not Role.CITIZEN)

    @property
    def for_citizens(self) -> bool:
        """True when subscribers are meant, alone or among others."""
        return Role.CITIZEN in self.roles

    @property
    def wanted_topics(self) -> tuple[str, ...]:
        """The topics by which people are asked; without one the announcement is general news."""
        return self.topics or (GENERAL,)

    @property
    def beside_areas(self) -> dict[str, Any]:
        """All but the areas, as JSON; empty for the plain audience, so that old rows and new ones look alike."""
        plain = Audience()
        told: dict[str, Any] = {
            "roles": [role.value for role in self.roles],
            "topics": list(self.topics),
            "business": self.business,
            "ages": [age.value for age in self.ages],
            "urgent": self.urgent,
        }
        return told if replace(self, areas=()) != plain else {}


def audience_from(areas: Sequence[str], beside: Mapping[str, Any]) -> Audience:
    """The audience as it was stored. Raises ValueError for a role or an age that does not exist."""
    return Audience(
        areas=tuple(areas),
        roles=tuple(Role(one) for one in beside.get("roles", ())) or (Role.CITIZEN,),
        topics=tuple(beside.get("topics", ())),
        business=bool(beside.get("business", False)),
        ages=tuple(AgeGroup(one) for one in beside.get("ages", ())),
        urgent=bool(beside.get("urgent", False)),
    )


class Clash(StrEnum):
    """What cannot be meant together: it would reach nobody, or be read in two ways."""

    # Officers and leaders belong to the whole ward.
    AREAS_OF_OFFICE = "areas_of_office"
    # Duties have no age and no shop; what somebody chose as a citizen is not for the office to use.
    TRAITS_OF_STAFF = "traits_of_staff"
    # Danger to life concerns whoever is there, whatever they like to read about.
    URGENT_TOPIC = "urgent_topic"


def find_clash(audience: Audience) -> Clash | None:
    """Why this audience makes no sense; None when it does."""
    if audience.areas and {Role.OFFICER, Role.LEADER} & set(audience.roles):
        return Clash.AREAS_OF_OFFICE
    if audience.staff_roles and (audience.business or audience.ages):
        return Clash.TRAITS_OF_STAFF
    return Clash.URGENT_TOPIC if audience.urgent and audience.topics else None


@dataclass(frozen=True, slots=True)
class Reading:
    """What words say of an audience, and the words that say nothing to us."""

    audience: Audience = field(default_factory=Audience)
    found: bool = False
    unknown: tuple[str, ...] = ()
