"""Who answers what: the ordered table of all conversations, first match wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.messages import MessageKind
from handlers import (
    announce,
    announce_reply,
    canned_care,
    care,
    digest_plan,
    explain,
    fallback,
    figures_chat,
    groups,
    indicators,
    invite,
    link,
    lookup,
    lookup_dispute,
    lookup_more,
    mistyped,
    officer,
    officer_entry,
    officer_loose,
    overseer,
    own_reminders,
    public_board,
    public_consent,
    question,
    question_memory,
    question_record,
    question_words,
    reminders,
    report,
    report_person,
    safety,
    scam,
    scam_list,
    small_talk,
    steps,
    subscription,
    team,
    welcome,
    work_calendar,
)
from handlers.arrival import caution_key, must_be_forgotten
from handlers.report_draft import FLOW as REPORT
from handlers.turn import Turn
from storage.inbox import redact
from storage.outbox import find_delivery


@dataclass(frozen=True, slots=True)
class Route:
    """A row of the table: when it applies and who answers.

    `greets`: a person who writes for the first time is greeted in one line before the answer. `returns`:
    a report that is being written goes on afterwards with its present question. `keeps_subject`: what was
    answered last stays the subject, so that "mất bao nhiêu tiền?" is understood.
    """

    name: str
    applies: Callable[[Turn], bool]
    respond: Callable[[Turn], None]
    greets: bool = True
    returns: bool = False
    keeps_subject: bool = False


def respond(turn: Turn) -> str:
    """Let the first route that applies answer; returns its name. Every message is answered by some route.

    Only an answer may be silence: after a farewell, among people in a group, and while somebody of the
    office has taken the conversation over.
    """
    route = find_route(turn)
    if turn.is_first and route.greets and turn.staff is None and not turn.message.in_group:
        welcome.greet_shortly(turn)
    if must_be_forgotten(turn.message, turn.covered):
        redact(turn.session, turn.inbox_id)
    if turn.covered:
        turn.caution = turn.words(caution_key(turn.covered))
    if not route.keeps_subject:
        question_memory.forget(turn)
    if turn.conversation.flow is None:
        question_record.record_route(turn, route.name)
    route.respond(turn)
    if route.returns and turn.in_flow(REPORT) and not turn.message.in_group:
        report.repeat(turn)
    turn.say_caution()
    return route.name


def find_route(turn: Turn) -> Route:
    """The first row of the table that applies."""
    return next(route for route in ROUTES if route.applies(turn))


def _is_private_wish(turn: Turn) -> bool:
    """A citizen's tap, command or reply in a group: what concerns one person is not for everybody's eyes.

    Whatever else is said in a group is said among people, and no answer is the right one.
    """
    spoken = turn.message.kind not in (MessageKind.JOINED, MessageKind.LEFT)
    if not turn.message.in_group or not spoken or turn.staff is not None:
        return False
    if turn.message.action is not None:
        return True
    if turn.text.startswith("/"):
        return any(one.applies(turn) for one in (welcome, subscription, lookup, report, report_person))
    replied_to = turn.message.reply_to
    return replied_to is not None and bool(find_delivery(turn.session, turn.chat.id or 0, replied_to))


def _left(turn: Turn) -> bool:
    return turn.message.kind is MessageKind.LEFT and not turn.message.in_group


def _is_hello(turn: Turn) -> bool:
    return welcome.applies(turn) or small_talk.greets(turn)


def _corrects_draft(turn: Turn) -> bool:
    return turn.message.kind is MessageKind.EDITED and report.may_replace_text(turn)


def _asks_amid_report(turn: Turn) -> bool:
    """A question with a sure answer; where any sentence is an answer it must also look like a question."""
    return turn.in_flow(REPORT) and question.is_asked_amid(turn, strict=report.takes_any_text(turn))


def _show_linked_entry(turn: Turn) -> None:
    question.show_entry(turn, welcome.linked_entry(turn) or "")


def _offer_linked_area(turn: Turn) -> None:
    subscription.offer_area(turn, welcome.linked_area(turn) or "")


def _say_nothing(turn: Turn) -> None:
    """Silence is the answer."""


ROUTES: tuple[Route, ...] = (
    Route("left", _left, _say_nothing, greets=False),
    # Two voices would confuse; only danger may not wait until a person has read it.
    Route("taken_over", lambda turn: turn.taken_over, safety.warn_amid_takeover, greets=False),
    Route("invite", invite.applies, invite.respond, greets=False),
    Route("explain", explain.applies, explain.respond, greets=False, keeps_subject=True),
    Route("calendar", work_calendar.applies, work_calendar.respond, greets=False),
    Route("digest_plan", digest_plan.applies, digest_plan.respond, greets=False),
    Route("figures", figures_chat.applies, figures_chat.respond, greets=False),
    Route("team", team.applies, team.respond, greets=False),
    Route("indicators", indicators.applies, indicators.respond, greets=False),
    Route("public_board", public_board.applies, public_board.respond, greets=False),
    Route("overseer", overseer.applies, overseer.respond, greets=False),
    Route("reminders", reminders.applies, reminders.respond, greets=False),
    Route("scam_list", scam_list.applies, scam_list.respond, greets=False),
    Route("canned", canned_care.applies, canned_care.respond, greets=False),
    # Before whatever waits for words: a slip of the finger must not go out to a citizen as the office's answer.
    Route("entry", officer_entry.applies, officer_entry.respond, greets=False),
    Route("report_for_other", report.asks_behalf, report.start_behalf, greets=False),
    Route("mistyped_by_staff", mistyped.applies_to_staff, mistyped.respond_to_staff, greets=False),
    Route("care", care.applies, care.respond),
    Route("officer", officer.applies, officer.respond),
    Route("announce", announce.applies, announce.respond),
    Route("care_words", care.awaits, care.respond),
    Route("canned_words", canned_care.awaits, canned_care.respond, greets=False),
    Route("private_wish_in_group", _is_private_wish, fallback.respond_in_group, greets=False),
    Route("group", groups.applies, groups.respond, greets=False),
    # "Con chị đang cấp cứu, chuyển tiền gấp": the ambulance would miss the point.
    Route("scam_quoting_danger", scam.quotes_danger, scam.respond, returns=True),
    Route("emergency", safety.is_emergency, safety.answer_emergency, greets=False),
    Route("denunciation", safety.is_denunciation, safety.answer_denunciation, greets=False),
    Route("complaint", safety.is_complaint, safety.answer_complaint),
    Route("secret", safety.is_secret, safety.answer_secret, greets=False),
    Route("correction", _corrects_draft, report.replace_text),
    Route(
        "edited",
        lambda turn: turn.message.kind is MessageKind.EDITED,
        fallback.respond_to_edit,
        returns=True,
    ),
    Route(
        "topic_link",
        lambda turn: welcome.linked_entry(turn) is not None,
        _show_linked_entry,
        keeps_subject=True,
    ),
    Route("news_link", lambda turn: subscription.linked_news(turn) is not None, subscription.respond),
    Route("area_link", lambda turn: welcome.linked_area(turn) is not None, _offer_linked_area),
    Route("welcome", lambda turn: turn.is_first and _is_hello(turn), welcome.greet, greets=False),
    Route("menu", welcome.applies, welcome.respond, greets=False),
    Route("own_reminders", own_reminders.applies, own_reminders.respond),
    Route("mistyped", mistyped.applies, mistyped.respond, returns=True),
    Route("link", link.applies, link.respond),
    Route("news_named", subscription.names_news, subscription.respond),
    Route("scam", scam.applies, scam.respond, returns=True),
    Route("question_amid_report", _asks_amid_report, question.answer_amid, returns=True),
    Route("steps", steps.applies, steps.respond, keeps_subject=True),
    Route("question_words", question_words.applies, question_words.respond, keeps_subject=True),
    # Before small talk: «vâng» answers the question whether it shall be passed on.
    Route("notice_answer", announce_reply.answers, announce_reply.respond),
    Route("small_talk", small_talk.applies, small_talk.respond, returns=True, keeps_subject=True),
    Route("subscription", subscription.applies, subscription.respond),
    Route("lookup", lookup.applies, lookup.respond),
    Route("public_consent", public_consent.applies, public_consent.respond),
    # Behind what people can say anywhere («tắt thông báo»), before what would file or answer it without its notice.
    Route("notice_reply", announce_reply.applies, announce_reply.respond),
    Route("report_resume", report.is_stale, report.ask_resume),
    Route("person_amid_report", report_person.applies_amid_report, report_person.respond, returns=True),
    # Before whatever would take the words of a tired officer for a citizen's.
    Route("officer_loose", officer_loose.applies, officer_loose.respond, greets=False),
    Route(
        "dispute", lambda turn: lookup_dispute.find_disputed(turn) is not None, lookup_dispute.offer_reopening
    ),
    Route("addition", lambda turn: lookup_more.find_likely(turn) is not None, lookup_more.offer),
    Route("report", report.applies, report.respond),
    Route("person", report_person.applies, report_person.respond),
    Route("code_missing", mistyped.lacks_code, mistyped.ask_code, keeps_subject=True),
    Route("question", question.applies, question.respond, keeps_subject=True),
    Route("fallback", lambda _turn: True, fallback.respond),
)
