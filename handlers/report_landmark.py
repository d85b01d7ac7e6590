"""«Có phải gần Nhà văn hóa tổ 5 không ạ?»: a place told in words, found among those of the ward, asked in one tap."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from core.area_match import suggest_area
from core.landmarks import find_landmark
from core.messages import Content
from core.ward import Ward
from handlers.phrases import is_said
from handlers.privacy import mask
from handlers.report_draft import MAX_PLACE, ReportDraft
from handlers.report_taken import Step, Taken, leave_choices, shorten
from handlers.turn import Turn

YES, NO = "yes", "no"
_INSTEAD: Final = re.compile(
    r"(?i)(?:[àaừưdạ]{1,2}[ ,]+)?(?:không|khong|ko|k)(?: phải| phai)?(?: đâu| dau)?[ ,.:]+"
)


def with_told_landmark(ward: Ward, draft: ReportDraft) -> ReportDraft:
    """The draft with the landmark of its text, while nothing else says where it is."""
    if draft.placed or draft.landmark or not draft.text:
        return draft
    told = _with_sight(ward, draft, draft.text, by_kind=False)
    landmark = ward.find_landmark(told.landmark)
    # A street alone does not say where along it: then «ở đâu?» is asked after all.
    return told if landmark is not None and landmark.area is not None else draft


def with_typed_landmark(ward: Ward, draft: ReportDraft, words: str) -> ReportDraft:
    """The draft with the landmark that an answer to «ở đâu?» names."""
    return _with_sight(ward, replace(draft, landmark="", near=""), words, by_kind=True)


def _with_sight(ward: Ward, draft: ReportDraft, words: str, *, by_kind: bool) -> ReportDraft:
    sight = find_landmark(ward, words, by_kind=by_kind)
    if sight is None:
        return draft
    area = suggest_area(ward, words)
    if area is not None and sight.landmark.area not in (None, area.key):
        # "Gần chợ, tổ 9": the person knows better than the list.
        return draft
    found = replace(draft, landmark=sight.landmark.key)
    return answered(ward, found, YES) if sight.exact else found


def answered(ward: Ward, draft: ReportDraft, said: str) -> ReportDraft:
    """With a yes the place is that landmark and lies in its area; words that were typed stay beside it."""
    landmark = ward.find_landmark(draft.landmark)
    if said != YES or landmark is None:
        return replace(draft, near=NO)
    told = draft.place if draft.place and draft.place.casefold() != landmark.name.casefold() else ""
    place = f"{told} ({landmark.name})" if told and landmark.name not in told else told or landmark.name
    return replace(draft, near=YES, place=place, area=draft.area or landmark.area or "", placed=True)


def _ask(turn: Turn, draft: ReportDraft, lead: str) -> None:
    landmark = turn.house.ward.find_landmark(draft.landmark)
    text = turn.words("report.ask_near", name=landmark.name if landmark else draft.place)
    choices = (
        turn.choice("report.choose_near", f"report.near:{YES}"),
        turn.choice("report.choose_not_near", f"report.near:{NO}"),
        *leave_choices(turn, draft),
    )
    turn.reply(Content(f"{lead}\n{text}" if lead else text, choices))


def _read(turn: Turn, draft: ReportDraft) -> Taken:
    """Yes, no, or where it is instead."""
    ward = turn.house.ward
    if is_said(turn.text, turn.words("report.typed.near")):
        return Taken(answered(ward, draft, YES))
    refused = replace(draft, near=NO)
    words = (turn.words(f"report.typed.{key}") for key in ("not_near", "skip", "done"))
    if any(is_said(turn.text, one) for one in words):
        return Taken(refused)
    area = ward.find_area(turn.text) or suggest_area(ward, turn.text)
    # "À không, ở tổ 9" takes the place of what was told; a further word stands beside it.
    instead = not draft.place or bool(_INSTEAD.match(turn.text))
    told = _INSTEAD.sub("", turn.text) if instead else f"{draft.place}, {turn.text}"
    place = mask(shorten(told, MAX_PLACE), turn.words("report.masked_number"))
    return Taken(replace(refused, place=place, area=area.key if area else draft.area, placed=True))


LANDMARK_STEP = Step(
    "near",
    lambda draft: not draft.landmark or bool(draft.near),
    _ask,
    _read,
    lambda draft: replace(draft, near=""),
)
