"""The steps of a report: what each one asks, and what it makes of an answer."""

from __future__ import annotations

from dataclasses import replace

from core.area_match import suggest_area
from core.categories_match import suggest_categories
from core.messages import Ask, Choice, Content, MessageKind
from core.ward import OTHER
from handlers.phrases import count_words, is_said
from handlers.privacy import mask
from handlers.report_draft import MAX_PHOTOS, MAX_PLACE, ReportDraft, with_more_text, with_text
from handlers.report_guess import sure_category
from handlers.report_landmark import LANDMARK_STEP, with_told_landmark, with_typed_landmark
from handlers.report_spoken import listen_choices, spoken_notes, with_recordings
from handlers.report_taken import Step, Taken, leave_choices, shorten
from handlers.turn import Turn
from storage.models import StoredFile
from storage.statuses import AttachmentStatus

# More areas than this are asked for in words: nobody reads a list of thirty on a telephone.
_FEW_AREAS = 6
_MOST_MISSES = 2


def infer(turn: Turn, draft: ReportDraft) -> ReportDraft:
    """Fill in what the text already tells, so that it is not asked again: a sure category, a named area."""
    ward = turn.house.ward
    if draft.text and not draft.category:
        draft = replace(draft, category=sure_category(ward, draft.text))
    if draft.text and not draft.placed:
        area = suggest_area(ward, draft.text)
        if area is not None:
            draft = replace(draft, area=area.key, placed=True)
    return with_told_landmark(ward, draft)


def absorb(turn: Turn, draft: ReportDraft) -> Taken:
    """Photos, recordings and a pin are welcome at any step."""
    lead: list[str] = []
    spot = turn.message.location
    if spot is not None:
        draft = replace(draft, latitude=spot.latitude, longitude=spot.longitude, placed=True)
        lead.append(turn.words("report.got_pin"))
    lead += spoken_notes(turn, draft)
    draft = with_recordings(turn, draft)
    if photos := [file for file in turn.files if file.kind != MessageKind.VOICE]:
        stored = [file.id or 0 for file in photos if is_photo(file)]
        room = MAX_PHOTOS - len(draft.files)
        files = (*draft.files, *stored[:room])
        draft = replace(draft, files=files, pictured=draft.pictured or len(files) >= MAX_PHOTOS)
        lead += _photo_notes(turn, draft, len(stored), len(photos) - len(stored), room)
    return Taken(draft, "\n".join(lead))


def is_photo(file: StoredFile) -> bool:
    """True for a picture that was fetched and kept, also when it was sent as a file."""
    pictured = file.kind == MessageKind.PHOTO or (file.media_type or "").startswith("image/")
    return pictured and file.status == AttachmentStatus.STORED


def _photo_notes(turn: Turn, draft: ReportDraft, stored: int, failed: int, room: int) -> list[str]:
    notes = []
    if stored and room > 0:
        notes.append(turn.words("report.got_photos", count=len(draft.files)))
    if failed:
        notes.append(turn.words("report.photo_failed"))
    if stored > room:
        notes.append(turn.words("report.photo_extra", limit=MAX_PHOTOS))
    return notes


def _say(turn: Turn, lead: str, key: str, choices: list[Choice], ask: Ask = Ask.NOTHING) -> None:
    text = turn.words(key)
    turn.reply(Content(f"{lead}\n{text}" if lead else text, tuple(choices), ask=ask))


# ------------------------------------------------------------------------------------------------ text


def _ask_text(turn: Turn, draft: ReportDraft, lead: str) -> None:
    key = "report.ask_text_for_photos" if draft.files and not draft.text else "report.ask_text"
    if listen := listen_choices(turn, draft):
        key = "report.ask_text_for_recording"
    _say(turn, lead, key, [*listen, *leave_choices(turn, draft)])


def _read_text(turn: Turn, draft: ReportDraft) -> Taken:
    if count_words(turn.text) < 2 and draft.misses < _MOST_MISSES:
        return Taken(replace(draft, misses=draft.misses + 1), turn.words("report.text_too_short"))
    told = with_text(draft, turn, turn.text)
    return Taken(infer(turn, told), noted(turn, told))


def noted(turn: Turn, draft: ReportDraft) -> str:
    """What was understood, and what was cut or covered."""
    lines = [turn.words("report.noted", text=shorten(draft.text, 80))]
    if draft.cut:
        lines.append(turn.words("report.text_cut"))
    if draft.masked:
        lines.append(turn.words("report.masked"))
    return "\n".join(lines)


# -------------------------------------------------------------------------------------------- category


def _ask_category(turn: Turn, draft: ReportDraft, lead: str) -> None:
    ward = turn.house.ward
    likely = suggest_categories(ward, draft.text)
    # Nothing to guess from, or chosen for change by hand: then all of them.
    offered = likely if len(likely) > 1 and not draft.editing else ward.categories
    choices = [Choice(one.name, f"report.category:{one.key}") for one in offered]
    _say(turn, lead, "report.ask_category", choices + leave_choices(turn, draft))


def _read_category(turn: Turn, draft: ReportDraft) -> Taken:
    likely = suggest_categories(turn.house.ward, turn.text)
    if len(likely) >= 2:
        return Taken(replace(draft, category=likely[0].key, misses=0))
    area = suggest_area(turn.house.ward, turn.text)
    if area is not None and not draft.placed:
        # The next question answered in advance.
        return Taken(
            replace(draft, area=area.key, place=turn.text, placed=True), turn.words("report.got_place")
        )
    if draft.misses >= _MOST_MISSES - 1:
        # Asked twice is enough for anybody: an officer sorts it.
        return Taken(replace(draft, category=OTHER, misses=0), turn.words("report.category_other"))
    return Taken(replace(draft, misses=draft.misses + 1), turn.words("report.category_unclear"))


# ----------------------------------------------------------------------------------------------- place


def _ask_place(turn: Turn, draft: ReportDraft, lead: str) -> None:
    areas = turn.house.ward.areas
    few = areas if len(areas) <= _FEW_AREAS else ()
    choices = [Choice(area.name, f"report.area:{area.key}") for area in few]
    choices.append(turn.choice("report.choose_skip", "report.skip:place"))
    _say(turn, lead, "report.ask_place", choices + leave_choices(turn, draft), Ask.LOCATION)
    if not few:
        turn.ask_freely()


def _read_place(turn: Turn, draft: ReportDraft) -> Taken:
    if is_said(turn.text, turn.words("report.typed.skip")):
        return Taken(replace(draft, placed=True))
    whole = turn.house.ward.find_area(turn.text)
    if whole is not None:
        return Taken(replace(draft, area=whole.key, placed=True))
    place = mask(shorten(turn.text, MAX_PLACE), turn.words("report.masked_number"))
    area = suggest_area(turn.house.ward, turn.text)
    told = replace(draft, place=place, area=area.key if area else draft.area, placed=True)
    return Taken(with_typed_landmark(turn.house.ward, told, turn.text))


# ---------------------------------------------------------------------------------------------- photos


def _ask_photos(turn: Turn, draft: ReportDraft, lead: str) -> None:
    if draft.files:
        done = turn.choice("report.choose_done", "report.skip:photos")
        drop = turn.choice("report.choose_no_photos_after_all", "report.drop_photos")
        choices = [done, drop, *leave_choices(turn, draft)]
        return _say(turn, lead, "report.ask_more_photos", choices, Ask.PHOTO)
    skip = turn.choice("report.choose_no_photo", "report.skip:photos")
    return _say(turn, lead, "report.ask_photos", [skip, *leave_choices(turn, draft)], Ask.PHOTO)


def _read_photos(turn: Turn, draft: ReportDraft) -> Taken:
    # Who says «gửi» has no photo: the summary comes next, and asks for the same word.
    done = "\n".join(turn.words(f"report.typed.{key}") for key in ("done", "skip", "send"))
    if is_said(turn.text, done):
        return Taken(replace(draft, pictured=True))
    return add_text(turn, draft)


def add_text(turn: Turn, draft: ReportDraft) -> Taken:
    """Whatever is told late belongs to the report all the same."""
    return Taken(with_more_text(draft, turn, turn.text), turn.words("report.added_text"))


def _reopen_text(draft: ReportDraft) -> ReportDraft:
    """Forget the text, and whatever was only guessed from it."""
    draft = replace(draft, text="", masked=False, cut=False)
    if "category" not in draft.asked:
        draft = replace(draft, category="")
    if "place" not in draft.asked and draft.latitude is None:
        draft = replace(draft, placed=False, place="", area="", landmark="", near="")
    return draft


def _reopen_place(draft: ReportDraft) -> ReportDraft:
    return replace(
        draft, placed=False, place="", area="", latitude=None, longitude=None, landmark="", near=""
    )


OWN_STEPS = (
    Step("text", lambda draft: bool(draft.text), _ask_text, _read_text, _reopen_text),
    Step(
        "category",
        lambda draft: bool(draft.category),
        _ask_category,
        _read_category,
        lambda draft: replace(draft, category=""),
    ),
    # Before the place: a landmark in the tale itself may spare that question.
    LANDMARK_STEP,
    Step("place", lambda draft: draft.placed, _ask_place, _read_place, _reopen_place),
    Step(
        "photos",
        lambda draft: draft.pictured,
        _ask_photos,
        _read_photos,
        lambda draft: replace(draft, pictured=False),
    ),
)
