"""The report: a citizen tells what is wrong; this module says how one begins, goes on later, and what buttons do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.messages import MessageKind
from handlers import safety
from handlers.phrases import count_words, has_letters, is_said
from handlers.report_behalf import asked_text, settle
from handlers.report_draft import FLOW, ReportDraft, load_draft, save_draft, with_text
from handlers.report_filing import may_file, say_full, say_sent_before
from handlers.report_guess import sounds_like_report
from handlers.report_landmark import answered
from handlers.report_nearby import STEP as NEARBY
from handlers.report_nearby import join, with_answer
from handlers.report_order import find_step
from handlers.report_spoken import with_recordings
from handlers.report_steps import absorb, infer, is_photo, noted
from handlers.report_summary import EDIT, EDITABLE, PRIVACY, ask_edit, ask_privacy, send, with_privacy
from handlers.report_summary import STEP as SUMMARY
from handlers.report_taken import shorten
from handlers.report_walk import advance, cancel, go_back, let_listen, skip, take
from handlers.turn import Turn
from storage.files import is_recording

_FRESH = timedelta(hours=2)
_RESUME = "resume"
_STORY = 5


def applies(turn: Turn) -> bool:
    """True for our own buttons, in the midst of a report, and for whatever begins one."""
    if turn.action is not None:
        return turn.action.name.startswith("report.")
    return turn.in_flow(FLOW) or begins(turn) or _sends_again(turn)


def begins(turn: Turn) -> bool:
    """True for words, a photo, a recording or a place with which a report starts by itself."""
    shown = any(is_photo(file) or is_recording(file) for file in turn.files)
    if turn.message.location is not None or shown:
        return True
    if turn.message.kind is MessageKind.PHOTO and has_letters(turn.text):
        return True  # the photo did not arrive, but the words did
    if turn.message.kind is not MessageKind.TEXT or not turn.text:
        return False
    return is_asked_for(turn) or sounds_like_report(turn)


def is_asked_for(turn: Turn) -> bool:
    """True for «gửi phản ánh» by itself."""
    return is_said(turn.text, turn.words("report.typed.start"))


def respond(turn: Turn) -> None:
    """Let a button, the step or the beginning answer."""
    if turn.action is not None:
        _tap(turn, turn.action.name.removeprefix("report."), turn.action.args)
    elif turn.in_flow(FLOW):
        _go_on(turn)
    elif _sends_again(turn):
        say_sent_before(turn)
    elif is_asked_for(turn):
        start(turn)
    else:
        start_with(turn, turn.text, recognised=True)


def start(turn: Turn) -> None:
    """A new report from its first step; a draft that waits is offered first."""
    if turn.in_flow(FLOW) and not load_draft(turn).is_empty:
        _ask_resume(turn)
    elif not may_file(turn):
        say_full(turn)
    else:
        turn.end()
        advance(turn, ReportDraft(token=turn.inbox_id))


def asks_behalf(turn: Turn) -> bool:
    """True when somebody of the office begins a report for another person."""
    return asked_text(turn) is not None


def start_behalf(turn: Turn) -> None:
    """A report for somebody else, outside of the daily cap; joining another ticket would lose the person."""
    said = asked_text(turn) or ""
    turn.end()
    draft = ReportDraft(turn.inbox_id, behalf=True, compared=True)
    save_draft(turn, draft, "text")
    door = safety.find_door(turn) if said else None
    if door is not None:
        return door(turn)
    if said:
        draft = infer(turn, with_text(draft, turn, said))
    return advance(turn, draft, turn.words("report.behalf"))


def repeat(turn: Turn) -> None:
    """Ask the present step once more, after something else was answered in between."""
    if turn.conversation.step == _RESUME or is_stale(turn):
        _ask_resume(turn)
    else:
        advance(turn, load_draft(turn), turn.words("report.where_we_were"))


def takes_any_text(turn: Turn) -> bool:
    """True at the step whose answer may be any sentence, so that even a question is an answer."""
    return turn.in_flow(FLOW) and turn.conversation.step in ("text", SUMMARY)


def is_stale(turn: Turn) -> bool:
    """True when a draft was left alone for hours and the person now writes something else than a tap."""
    waiting = turn.in_flow(FLOW) and turn.conversation.step != _RESUME and turn.action is None
    return waiting and turn.now - turn.conversation.updated_at > _FRESH and not load_draft(turn).is_empty


def ask_resume(turn: Turn) -> None:
    """Offer to go on with the draft of earlier; what was written or spoken now is not lost."""
    before = load_draft(turn)
    draft = with_recordings(turn, before)
    heard = [*turn.data.get("heard", []), *draft.spoken[len(before.spoken) :]]
    save_draft(turn, draft, _RESUME)
    turn.keep(said=turn.text, heard=heard)
    _ask_resume(turn)


def may_replace_text(turn: Turn) -> bool:
    """True when a corrected message is the text of the draft, or the text that is being waited for."""
    if not turn.in_flow(FLOW) or not turn.text:
        return False
    ids = {turn.message.external_id, *turn.message.message_ids}
    return turn.conversation.step == "text" or bool(ids & set(load_draft(turn).text_ids))


def replace_text(turn: Turn) -> None:
    """Take the corrected text in the place of the old one."""
    if turn.conversation.step == "text":
        return take(turn)
    draft = load_draft(turn)
    corrected = replace(with_text(draft, turn, turn.text), text_ids=draft.text_ids)
    return advance(turn, corrected, noted(turn, corrected))


def start_with(turn: Turn, text: str, *, recognised: bool = False, category: str = "") -> None:
    """A report from what was said or shown already."""
    behalf = load_draft(turn).behalf
    if not behalf and not may_file(turn):
        return say_full(turn)
    turn.end()
    known = turn.house.ward.find_category(category)
    taken = absorb(turn, ReportDraft(turn.inbox_id, said=text, category=known.key if known else ""))
    # Who begins with photos has sent them; asking for photos afterwards would sound deaf.
    told = replace(taken.draft, behalf=behalf, compared=behalf)
    draft = replace(told, pictured=bool(taken.draft.files), recognised=recognised and bool(text))
    lead = taken.lead
    if text:
        draft = infer(turn, with_text(draft, turn, text))
        lead = "\n".join(part for part in (noted(turn, draft), lead) if part)
    return advance(turn, draft, lead)


def _ask_resume(turn: Turn) -> None:
    draft = load_draft(turn)
    save_draft(turn, draft, _RESUME)
    choices = (
        turn.choice("report.choose_go_on", "report.again"),
        turn.choice("report.choose_new", "report.new"),
        turn.choice("report.choose_drop", "report.cancel"),
    )
    turn.say(
        "report.ask_resume", choices=choices, text=shorten(draft.text, 80) or turn.words("report.no_text")
    )


def _go_on(turn: Turn) -> None:
    if turn.conversation.step != _RESUME:
        return take(turn)
    if is_said(turn.text, turn.words("report.typed.go_on")):
        return advance(turn, load_draft(turn))
    if is_said(turn.text, turn.words("report.typed.cancel")):
        return cancel(turn)
    return ask_resume(turn)


def _sends_again(turn: Turn) -> bool:
    return not turn.in_flow(FLOW) and is_said(turn.text, turn.words("report.typed.send_again"))


def _tap(turn: Turn, verb: str, args: tuple[str, ...]) -> None:
    """What our buttons mean; a button of a draft that is gone says so."""
    said = str(turn.data.get("said", ""))
    if verb == "said" and turn.data.get("heard"):
        return _start_anew(turn, said)
    if verb == "said" and said:
        return start_with(turn, said, category=args[0] if args else "")
    if verb in ("start", "said"):
        return start(turn)
    if verb == "new":
        return _start_anew(turn, said)
    if verb == "send" and not _is_current(turn, args):
        return say_sent_before(turn)
    if not turn.in_flow(FLOW):
        return turn.say("report.gone", choices=[turn.choice("report.choose_start", "report.start")])
    return _tap_in_draft(turn, verb, args[0] if args else "")


def _is_current(turn: Turn, args: tuple[str, ...]) -> bool:
    return turn.in_flow(FLOW) and args == (str(load_draft(turn).token),)


def _start_anew(turn: Turn, said: str) -> None:
    heard = tuple(turn.data.get("heard", ()))
    turn.end()
    # What brought the person back was the new report, unless it was only a word or two.
    if heard and may_file(turn):
        draft = ReportDraft(turn.inbox_id, spoken=heard)
        advance(turn, infer(turn, with_text(draft, turn, said)) if said else draft)
    elif count_words(said) >= _STORY:
        start_with(turn, said)
    else:
        start(turn)


def _tap_in_draft(turn: Turn, verb: str, value: str) -> None:
    draft = load_draft(turn)
    category = turn.house.ward.find_category(value)
    match verb:
        case "send" if turn.conversation.step == SUMMARY:
            send(turn, draft)
        case "back" | "listen":
            go_back(turn, draft) if verb == "back" else let_listen(turn, draft)
        case "cancel":
            cancel(turn)
        case "skip":
            skip(turn, draft, value)
        case "edit" if turn.conversation.step in (SUMMARY, EDIT):
            ask_edit(turn, draft) if value not in EDITABLE else advance(turn, replace(draft, editing=value))
        case "privacy" | "agreed":
            _tap_about_name(turn, draft, verb, value)
        case "same" if turn.conversation.step == NEARBY:
            join(turn, draft, value)
        case "other_matter":
            advance(turn, with_answer(draft))
        case "drop_photos":
            advance(turn, replace(draft, files=()), turn.words("report.photos_dropped"))
        case "category" if category:
            advance(turn, _settled(draft, "category", category=category.key))
        case "area" | "near":
            _tap_about_place(turn, draft, verb, value)
        case _:
            advance(turn, replace(draft, editing=""))


def _tap_about_place(turn: Turn, draft: ReportDraft, verb: str, value: str) -> None:
    """An area of the list, or yes and no to a landmark; an old button only repeats the present question."""
    area = turn.house.ward.find_area(value)
    if verb == "area" and area is not None:
        return advance(turn, _settled(draft, "place", area=area.key, placed=True))
    told = answered(turn.house.ward, draft, value) if turn.conversation.step == "near" else draft
    return advance(turn, replace(told, editing=""))


def _tap_about_name(turn: Turn, draft: ReportDraft, verb: str, value: str) -> None:
    """Who may learn the name, and whether the person agreed; an old button only repeats the present question."""
    if verb == "agreed" and turn.conversation.step == "consent":
        return advance(turn, settle(turn, draft, value))
    if verb == "privacy" and turn.conversation.step in (SUMMARY, PRIVACY):
        return advance(turn, with_privacy(draft, value)) if value else ask_privacy(turn, draft)
    return advance(turn, replace(draft, editing=""))


def _settled(draft: ReportDraft, name: str, **values: object) -> ReportDraft:
    """The draft with an answered step; an edit of that step is over."""
    step = find_step(name)
    opened = step.reopen(draft) if step else draft
    return replace(opened, editing="", recognised=False, misses=0, **values)  # type: ignore[arg-type]
