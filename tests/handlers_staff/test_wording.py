"""Every sentence that the officers' side asks for exists, and every family of keys is complete."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.audience import Audience
from core.replies import Act
from faq.differences import FIELDS
from faq.entry import CONFIDENCES
from faq.routes import Route
from handlers import care_draft, care_figure_draft
from handlers.announce_audience import may_reach
from handlers.announce_outputs import BOARD, PLACES
from handlers.canned import Layer
from handlers.care_draft import PARTS
from handlers.desk_reading import PLAIN, Verb
from handlers.officer_evidence import REASONS as WITHOUT
from handlers.officer_prompts import REASONS, SENDS
from storage.models import Staff
from storage.statuses import (
    AnnouncementStatus,
    AnnouncementStep,
    ClusterStatus,
    EventKind,
    EvidenceKind,
    Reason,
    RevisionStatus,
    RevisionVerb,
    StaffRole,
    TicketStatus,
)
from tests.stage import LIMITS, sample_house

WORDS = sample_house().words
OURS = ("canned", "desk", "cards", "officer", "invite", "groups", "announce", "care")
FILES = sorted(
    path for path in (Path(__file__).parents[2] / "handlers").glob("*.py") if path.stem.split("_")[0] in OURS
)
_KEY = re.compile(r'"((?:canned|officer|cards|tickets|announce|invite|broadcast|care|learn)\.[a-z_.]+)"')


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_literal_keys(path: Path) -> None:
    actions = re.compile(
        r'"((?:canned|officer|announce|care)\.(?:list|open|again|leave|cancel|edit|help|menu|start|drop|whole|who|preview|people|new|words|due|pending|back|figures|new_figure|figure_today|again_figure|unanswered|asked|learn_next|many_all|many_edit|mine|when|test|look|more))"'
    )
    for key in _KEY.findall(path.read_text(encoding="utf-8")):
        assert WORDS.has(key) or actions.fullmatch(f'"{key}"') or key.endswith("."), key


def test_families() -> None:
    wanted = [f"tickets.status.{one}" for one in TicketStatus] + [f"tickets.event.{one}" for one in EventKind]
    wanted += [f"officer.typed.{verb}" for verb in Verb]
    wanted += [f"{table}.reason.{one}" for table in ("officer", "tickets") for one in REASONS]
    wanted += [f"officer.ask.{one}" for one in Verb if one not in (*PLAIN, *_WORDLESS)]
    wanted += [f"officer.confirm.{verb}" for verb in SENDS]
    wanted += [f"officer.button.send_{how}" for ways in SENDS.values() for how in ways]
    wanted += [f"invite.joined_{role}" for role in StaffRole]
    done = set(EventKind) - {EventKind.FILED, EventKind.ADDED, EventKind.COMPLETED, EventKind.WITHDRAWN}
    done -= {EventKind.EVIDENCED}
    wanted += [f"officer.done.{one}" for one in done]
    wanted += [f"tickets.evidence.{one}" for one in EvidenceKind]
    for demand, reasons in WITHOUT.items():
        wanted += [f"officer.{table}.{demand}" for table in ("evidence", "why")]
        wanted += [f"officer.button.without_{demand}", *(f"officer.without.{one}" for one in reasons)]
    wanted += [f"care.verb.{one}" for one in RevisionVerb] + [f"care.status.{one}" for one in RevisionStatus]
    previewed = set(RevisionVerb) - {RevisionVerb.SHIPPED, RevisionVerb.REVIEW}
    wanted += [f"care.preview.{one}" for one in previewed] + [f"care.route.{one}" for one in Route]
    wanted += [f"care.confidence.{one}" for one in (*CONFIDENCES, "none")]
    wanted += [f"care.ask.{one}" for one in (*PARTS, *care_draft.FIELDS, *care_figure_draft.PARTS)]
    wanted += [f"care.field.{one}" for one in (*FIELDS, "words", "figure")]
    wanted += [f"learn.status.{one}" for one in ClusterStatus] + [f"learn.reason.{one}" for one in Reason]
    wanted += [f"learn.topic.{one}" for one in (*sample_house().library.topics, "none")]
    wanted += [f"announce.step.{one}" for one in AnnouncementStep]
    wanted += [f"announce.status.{one}" for one in AnnouncementStatus]
    added = ("pictures", "link", "until")
    wanted += [f"announce.note.{one}" for one in (*added, "no_pictures", "no_link", "no_until")]
    wanted += [f"announce.button.{one}" for one in (*added, "no_pictures", "no_link", "no_until")]
    wanted += [f"announce.ask_{one}" for one in added]
    wanted += [f"officer.channel.{name}" for name in LIMITS]
    wanted += [f"announce.place.{one}" for one in (*PLACES, BOARD)]
    wanted += [f"canned.act.{act}" for act in Act] + [f"canned.whose.{layer.name.lower()}" for layer in Layer]
    assert [key for key in wanted if not WORDS.has(key)] == []


_WORDLESS = (Verb.CLAIM, Verb.RELEASE, Verb.SHOW, Verb.HISTORY, Verb.RESUME, Verb.PART)


def test_no_two_verbs_share_a_phrase() -> None:
    phrases = [line for verb in Verb for line in WORDS.text(f"officer.typed.{verb}").splitlines() if line]
    assert len(phrases) == len(set(phrases))


def test_what_the_sending_job_asks_for() -> None:
    assert WORDS.fields_of("announce.result") == {"sent", "total", "unreachable", "unknown", "waiting"}
    assert WORDS.fields_of("announce.progress") == {"sent", "total", "unreachable", "unknown", "waiting"}


@pytest.mark.parametrize(
    ("role", "area", "areas", "may"),
    [
        (StaffRole.MEMBER, "tdp-3", ["tdp-3"], True),
        (StaffRole.MEMBER, "tdp-3", ["tdp-5"], False),
        (StaffRole.MEMBER, "tdp-3", ["tdp-3", "tdp-5"], False),
        (StaffRole.MEMBER, "tdp-3", [], False),
        (StaffRole.MEMBER, None, [], False),
        (StaffRole.OFFICER, None, [], True),
        (StaffRole.LEADER, None, ["tdp-5"], True),
    ],
)
def test_who_may_reach_whom(role: StaffRole, area: str | None, areas: list[str], may: bool) -> None:
    joined_at = datetime(2026, 1, 1, tzinfo=UTC)
    staff = Staff(contact_id=1, role=role, name="Mai", area=area, joined_at=joined_at)
    assert may_reach(staff, Audience(tuple(areas))) is may
