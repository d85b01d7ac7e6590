"""The ways to answer a question: an entry, a line of one, choices, another office's door, or "I do not know"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.messages import Choice, Content
from faq.entry import Entry
from faq.followup import Followup
from faq.followup_table import Field
from faq.matcher import Match
from handlers.own_reminder_offer import own_reminder_choices
from handlers.phrases import count_words, says
from handlers.question_memory import forget, note
from handlers.question_record import may_judge, record, record_answer
from handlers.steps_guide import resume_choices, say_entries
from handlers.turn import Turn
from storage.statuses import AskedDecision

OFFERED = 3
_MOST_LINKS = 2
_SENTENCE = 5


def answer(
    turn: Turn, entry: Entry, *, named: bool = False, picked: bool = False, match: Match | None = None
) -> None:
    """The whole answer with what can be done next; `named` says first which question it is for.

    `picked` from what was offered, or found by `match`: for the record of what is asked.
    """
    turn.remember(doubts=0)
    note(turn, entry)
    record_answer(turn, entry, picked=picked, match=match)
    text = say_entries(turn).answer(entry)
    if named:
        text = f"{turn.words('question.about', question=entry.question)}\n{text}"
    links = [Choice(turn.words("question.choose_link", site=_site(link)), url=link) for link in entry.links]
    choices = [*resume_choices(turn), *links[:_MOST_LINKS], *guide_choices(turn, entry)]
    # Last: where a channel shows few buttons, the thumbs keep theirs and the offer is taken by its number.
    offered = own_reminder_choices(turn, entry.id)
    turn.reply(Content(text, (*choices, *_verdicts(turn, entry), *offered)))


def guide_choices(turn: Turn, entry: Entry) -> list[Choice]:
    """The guided steps of an entry, or at least the card of what to bring."""
    if entry.steps:
        return [turn.choice("steps.choose_start", f"steps.start:{entry.id}")]
    if entry.bring or entry.fee or entry.time or entry.place:
        return [turn.choice("steps.choose_papers", f"steps.papers:{entry.id}")]
    return []


def answer_followup(turn: Turn, found: Followup, last: Entry) -> None:
    """What a message meant that leaned on the last answer; `last` is the entry of that answer."""
    turn.keep(said=turn.text, near=f"{last.question} {turn.text}")
    if not found.is_sure:
        record(turn, AskedDecision.OFFERED, entry=None, match=turn.match, words=str(turn.data["near"]))
        return offer(turn, found.entries, turn.words("question.suggest"))
    entry = found.entries[0]
    if not found.fields:
        answer(turn, entry, named=True)
        # "Mất bao nhiêu tiền?" after a procedure may be answered by a neighbour; the procedure stays the subject.
        return note(turn, last) if turn.house.followups.fields_of(turn.text) else None
    return _answer_fields(turn, entry, found.fields)


def _answer_fields(turn: Turn, entry: Entry, fields: Sequence[Field]) -> None:
    """The lines that were asked for, under the name of the question."""
    turn.remember(doubts=0)
    note(turn, entry)
    lines = [_field_text(turn, entry, field) for field in fields]
    known = "\n".join(dict.fromkeys(line for line in lines if line))
    decision = AskedDecision.ANSWERED if known else AskedDecision.NONE
    record(turn, decision, entry=entry, words=str(turn.data.get("near", "")))
    whole = turn.choice("question.choose_whole", f"question.show:{entry.id}")
    head = turn.words("question.about", question=entry.question)
    if known:
        choices = [*resume_choices(turn), whole, *guide_choices(turn, entry), *_verdicts(turn, entry)[1:]]
        return turn.reply(Content(f"{head}\n{known}", tuple(choices)))
    person = turn.choice("person.choose_person", "person.said")
    text = f"{head}\n{turn.words('question.field_unknown')}"
    return turn.reply(Content(text, (*resume_choices(turn), whole, person, *_verdicts(turn, entry)[1:])))


def _field_text(turn: Turn, entry: Entry, field: Field) -> str:
    """The line of the card, or what the answer tells of it; nothing where the entry is silent."""
    saying = say_entries(turn)
    if field is not Field.ONLINE and getattr(entry, field.value):
        return saying.card(_only(entry, field)) or ""
    told = turn.house.followups.sentences(entry, field)
    if told:
        return saying.answer(replace(entry, answer=told))
    return saying.answer(entry) if turn.house.followups.tells(entry, field) else ""


def _only(entry: Entry, field: Field) -> Entry:
    """The entry with nothing on its card but one field."""
    return replace(
        entry,
        bring=entry.bring if field is Field.BRING else (),
        fee=entry.fee if field is Field.FEE else None,
        time=entry.time if field is Field.TIME else None,
        place=entry.place if field is Field.PLACE else None,
    )


def offer(turn: Turn, entries: Sequence[Entry], lead: str, more: Sequence[Choice] = ()) -> None:
    """Up to three entries to choose from, under a line that says why; `more` stands between them and «none»."""
    choices = [Choice(entry.question, f"question.show:{entry.id}") for entry in entries]
    if _may_be_report(turn):
        choices.append(turn.choice("question.choose_report", "report.said"))
    choices = [*choices, *more, turn.choice("question.choose_none", "question.none"), *resume_choices(turn)]
    turn.reply(Content(lead, tuple(choices)))


def show_way(turn: Turn, stub: str, text: str) -> None:
    """A matter that is not the ward's: where to go with it."""
    turn.remember(doubts=0)
    forget(turn)
    turn.keep(said=text)
    person = turn.choice("person.choose_person", "person.said")
    choices = (*resume_choices(turn), person, turn.choice("welcome.choose_menu", "menu"))
    turn.reply(Content(turn.house.matcher.stub_answer(stub), choices))


def do_not_know(turn: Turn, text: str) -> None:
    """Say so. The second time in a row a person is offered first: nobody is asked a third time."""
    doubts = int(turn.memory.get("doubts", 0)) + 1
    turn.remember(doubts=doubts)
    forget(turn)
    turn.keep(said=text)
    person = turn.choice("person.choose_person", "person.said")
    report = turn.choice("question.choose_report", "report.said")
    choices = (*resume_choices(turn), person, report, turn.choice("welcome.choose_menu", "menu"))
    turn.say("question.unknown_again" if doubts > 1 else "question.unknown", choices=choices)


def offer_others(turn: Turn, wrong: str) -> None:
    """Not what was meant: the next best, and a person."""
    offered = other_entries(turn, wrong)
    if offered:
        offer(turn, offered, turn.words("question.others"))
    else:
        do_not_know(turn, str(turn.data.get("said", "")))


def other_entries(turn: Turn, wrong: str) -> list[Entry]:
    """What else the last question may have meant."""
    near = str(turn.data.get("near", "")) or str(turn.data.get("said", ""))
    return entries_of(turn, turn.house.matcher.match(near), skip=wrong)


def entries_of(turn: Turn, match: Match, skip: str = "") -> list[Entry]:
    """The first entries of a ranking that have an answer, without one that was shown already."""
    found = [turn.house.library.find(name) for name, _ in match.ranked]
    return [entry for entry in found if entry is not None and entry.id != skip and entry.answer][:OFFERED]


def _verdicts(turn: Turn, entry: Entry) -> tuple[Choice, ...]:
    """The two thumbs, as quiet buttons of the answer itself; none where that answer was judged already."""
    if not may_judge(turn, entry.id):
        return ()
    return (
        turn.choice("question.choose_right", f"question.right:{entry.id}"),
        turn.choice("question.choose_wrong", f"question.wrong:{entry.id}"),
    )


def _may_be_report(turn: Turn) -> bool:
    """True for a sentence that does not ask: perhaps nothing was asked at all."""
    asks = "?" in turn.text or says(turn.text, turn.words("question.signs.any"))
    return turn.action is None and count_words(turn.text) >= _SENTENCE and not asks


def _site(link: str) -> str:
    return link.split("//", 1)[-1].split("/", 1)[0].removeprefix("www.")
