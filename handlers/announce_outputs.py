"""One notice for every output: loudspeaker, sheet for the board, groups and fanpage, public page; ticked off."""

from __future__ import annotations

from typing import Final

from core.aloud import Script, read_aloud, read_short_forms, seconds_of
from core.audience_words import addressed
from core.calendar import spoken_moment
from core.messages import Choice, Content
from handlers.announce_base import find_own, staff_of
from handlers.announce_content import content_of, paste_text, words_of
from handlers.turn import Turn
from storage.announcing import record_step
from storage.audiences import audience_of
from storage.models import Announcement
from storage.postings import list_postings
from storage.statuses import AnnouncementStatus, AnnouncementStep, StaffRole

PATH: Final = "/bang-tin/"
SHEET: Final = "a4.pdf"
BOARD: Final = "board"
# The words for each are in core/wording/announce.toml, table `place`.
PLACES: Final = ("loudspeaker", "notice_board", "zalo_group", "fanpage", "portal")
_S = AnnouncementStatus
# Nothing is read out or hung up that nobody has approved or that was taken back.
_KNOWN = (_S.SCHEDULED, _S.SENDING, _S.PAUSED, _S.SENT)


def show_outputs(turn: Turn, announcement_id: int) -> None:
    """What can be made of it, and where it is known by now."""
    found = _find(turn, announcement_id)
    if found is None:
        return None
    lines = [turn.words("announce.outputs")]
    posted = list_postings(turn.session, announcement_id)
    for place, (event, staff) in posted.items():
        name = staff.name if staff else turn.words("announce.by_clock")
        what = turn.words(f"announce.place.{place}")
        lines.append(turn.words("announce.posted_line", place=what, name=name, when=spoken_moment(event.at)))
    board = "unpublish" if found.on_board_at else "publish"
    # What everybody reads as the ward's word is published by somebody of the office.
    public = (board,) if staff_of(turn).role != StaffRole.MEMBER and _is_public(found) else ()
    names = ("script", "paste", *public, "ticks", "progress")
    choices = tuple(turn.choice(f"announce.button.{name}", f"announce.{name}:{found.id}") for name in names)
    return turn.reply(Content("\n".join(lines), choices))


def show_script(turn: Turn, announcement_id: int) -> None:
    """The text for the announcer, with the time that it takes."""
    found = _find(turn, announcement_id)
    if found is None:
        return None
    script = script_of(turn, found)
    once, twice = (_spoken(turn, script.seconds * times) for times in (1, 2))
    head = turn.words("aloud.head", once=once, twice=twice)
    return turn.reply(Content("\n\n".join([head, "\n".join(script.lines)]), (_back(turn, found),)))


def show_paste(turn: Turn, announcement_id: int) -> None:
    """First how to use it, then the block alone, so that it can be copied whole."""
    found = _find(turn, announcement_id)
    if found is None:
        return None
    turn.say("announce.paste")
    board = board_link(turn.house.public_url, found) if found.on_board_at else ""
    pictures = content_of(turn.house, found).pictures
    return turn.reply(Content(paste_text(turn.house, found, board), (_back(turn, found),), pictures))


def publish(turn: Turn, announcement_id: int) -> None:
    """From now on everybody reads it on the ward's page, and the sheet with its code can be printed."""
    found = _find(turn, announcement_id)
    if found is None:
        return None
    if staff_of(turn).role == StaffRole.MEMBER:
        return turn.say("announce.no_right", choices=[_back(turn, found)])
    if not _is_public(found):
        return turn.say("announce.not_public", choices=[_back(turn, found)])
    if not turn.house.public_url:
        return turn.say("announce.no_address", choices=[_back(turn, found)])
    if found.on_board_at is None:
        found.on_board_at = turn.now
        turn.session.add(found)
        record_step(turn.session, found, AnnouncementStep.POSTED, turn.actor, turn.now, BOARD)
    link = board_link(turn.house.public_url, found)
    return turn.say("announce.published", choices=[_back(turn, found)], link=link, sheet=f"{link}/{SHEET}")


def unpublish(turn: Turn, announcement_id: int) -> None:
    """Off the ward's page; its address tells nothing any more."""
    found = _find(turn, announcement_id)
    if found is None:
        return None
    if found.on_board_at is not None:
        found.on_board_at = None
        turn.session.add(found)
        record_step(turn.session, found, AnnouncementStep.UNPOSTED, turn.actor, turn.now, BOARD)
    return turn.say("announce.unpublished", choices=[_back(turn, found)])


def show_ticks(turn: Turn, announcement_id: int) -> None:
    """Where it has been read out, hung up, pasted; a tap changes it."""
    found = _find(turn, announcement_id)
    if found is None:
        return None
    posted = list_postings(turn.session, announcement_id)
    lines, choices = [turn.words("announce.ticks")], []
    for place in PLACES:
        name = turn.words(f"announce.place.{place}")
        event, staff = posted.get(place, (None, None))
        if event is None:
            lines.append(f"☐ {name}")
        else:
            who = staff.name if staff else turn.words("announce.by_clock")
            line = turn.words("announce.posted_line", place=name, name=who, when=spoken_moment(event.at))
            lines.append(line.replace("•", "☑", 1))
        choices.append(
            Choice(f"{'☑' if event else '☐'} {name}", f"announce.tick:{found.id}:{PLACES.index(place)}")
        )
    return turn.reply(Content("\n".join(lines), (*choices, _back(turn, found))))


def tick(turn: Turn, announcement_id: int, place: int) -> None:
    """It is known there now, or no longer."""
    found = _find(turn, announcement_id)
    if found is None:
        return None
    if place >= len(PLACES):
        return show_ticks(turn, announcement_id)
    is_there = PLACES[place] in list_postings(turn.session, announcement_id)
    kind = AnnouncementStep.UNPOSTED if is_there else AnnouncementStep.POSTED
    record_step(turn.session, found, kind, turn.actor, turn.now, PLACES[place])
    return show_ticks(turn, announcement_id)


def script_of(turn: Turn, found: Announcement) -> Script:
    """The whole reading: greeting, who speaks, the notice, its sender, thanks."""
    short = read_short_forms(turn.words("aloud.short"))
    opening = turn.words(
        "aloud.opening_urgent" if found.urgent else "aloud.opening", place=_meant(turn, found)
    )
    parts = (opening, turn.words("aloud.says"), words_of(found), turn.words("aloud.thanks"))
    lines = [line for part in parts for line in read_aloud(part, short, turn.words("aloud.link")).lines]
    return Script(tuple(lines), seconds_of(lines))


def board_link(public_url: str, found: Announcement) -> str:
    """Where everybody can read it."""
    return f"{public_url}{PATH}{found.id}"


def _is_public(found: Announcement) -> bool:
    """False for what goes to those who serve the ward alone."""
    return audience_of(found).for_citizens


def _meant(turn: Turn, found: Announcement) -> str:
    ward, words = turn.house.ward, turn.house.words
    return addressed(audience_of(found), ward, words) or words.text("audience.whole_ward")


def _spoken(turn: Turn, seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return turn.words("aloud.seconds", seconds=rest)
    return turn.words("aloud.minutes", minutes=minutes, seconds=rest)


def _find(turn: Turn, announcement_id: int) -> Announcement | None:
    found = find_own(turn, announcement_id)
    if found is not None and found.status not in _KNOWN:
        turn.say("announce.not_known_yet")
        return None
    return found


def _back(turn: Turn, found: Announcement) -> Choice:
    return turn.choice("announce.button.back", f"announce.outputs:{found.id}")
