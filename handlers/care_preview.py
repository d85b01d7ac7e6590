"""A change seen as citizens will read it, with what may go wrong, before it is sent to a second person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.calendar import local_date
from core.messages import Choice, Content
from faq.decision import Decision
from faq.differences import differences
from faq.entry import Entry
from faq.exchange.checking import plain_problem
from faq.lint import Rule, lint
from handlers.care_draft import (
    ANSWER,
    PREVIEW,
    QUESTION,
    WAYS,
    drafted,
    drop_choice,
    is_drafting,
)
from handlers.care_rights import CareRefused, caretaker, keeper_name, list_deciders, owner_key
from handlers.care_show import FLOW
from handlers.steps_guide import say_entries
from handlers.turn import Turn
from storage.statuses import RevisionVerb

# What whoever writes an answer in a chat can do something about.
_CHECKED = frozenset(
    {
        Rule.SENTENCE,
        Rule.LENGTH,
        Rule.ABBREVIATION,
        Rule.MANNERS,
        Rule.FIGURE,
        Rule.LINK,
        Rule.UNKNOWN,
        Rule.PROCEDURE,
    }
)


def preview(turn: Turn) -> None:
    """Show it; nothing has left yet. What would change nothing is said at once."""
    if not is_drafting(turn):
        raise CareRefused("care.no_draft")
    old, new = drafted(turn)
    verb = RevisionVerb(turn.data["verb"])
    if verb != RevisionVerb.RETIRE and not _says_more(turn, old, new):
        turn.end()
        raise CareRefused("care.nothing_new")
    turn.go(FLOW, PREVIEW, shown=turn.inbox_id, id=new.id)
    for text in citizen_texts(turn, old, new):
        turn.reply(Content(text))
    lines = [turn.words(f"care.preview.{verb}", question=new.question, of=turn.data.get("of", ""))]
    lines += [
        turn.words("care.preview_change", name=turn.words(f"care.field.{field}"), new=after)
        for field, _, after in shown_differences(turn, old, new)
        # The answer stands in the message above, as citizens read it.
        if field != "answer" and after
    ]
    lines += [
        turn.words("care.preview_gone", name=turn.words(f"care.field.{field}"), old=before)
        for field, before, after in shown_differences(turn, old, new)
        if before and not after and field not in ("alternatives", "keywords")
    ]
    lines += [turn.words("care.warning", text=text) for text in _warnings(turn, old, new)]
    lines += ["", _who(turn, new)]
    turn.reply(Content("\n".join(lines), tuple(_choices(turn, verb))))


def citizen_texts(turn: Turn, old: Entry | None, new: Entry) -> list[str]:
    """What citizens will read of it: the card, the steps and the answer, as far as the change touches them."""
    saying = say_entries(turn)
    changed = {field for field, _, _ in differences(old, new)}
    card = saying.card(new) if changed & {"bring", "fee", "time", "place"} else None
    steps = (
        [saying.step(new, number) for number in range(1, len(new.steps) + 1)] if "steps" in changed else []
    )
    texts = [text for text in (card, "\n".join(steps)) if text]
    return [saying.answer(new), *texts] if "answer" in changed or not texts else texts


def shown_differences(turn: Turn, old: Entry | None, new: Entry) -> list[tuple[str, str, str]]:
    """What changes, with units and topics by their names; what follows from something else is left out."""
    found = differences(old, new)
    names = {field for field, _, _ in found}
    implied = {"reviewed_on"} if "review_by" in names else set()
    implied |= {"topic"} if old is None else set()
    return [
        (field, _named(turn, field, gone), _named(turn, field, put))
        for field, gone, put in found
        if field not in implied
    ]


def _named(turn: Turn, field: str, value: str) -> str:
    if field == "owner":
        department = turn.house.ward.find_owner(value)
        return department.name if department else value
    key = f"exchange.topic.{value}"
    return turn.words(key) if field == "topic" and turn.house.words.has(key) else value


def _says_more(turn: Turn, old: Entry | None, new: Entry) -> bool:
    """Whether anything but the date of review is another now."""
    changed = any(field not in ("review_by", "reviewed_on") for field, _, _ in differences(old, new))
    return changed or turn.data["verb"] == RevisionVerb.RESTORE


def _choices(turn: Turn, verb: RevisionVerb) -> list[Choice]:
    choices = [turn.choice("care.button.send", f"care.send:{turn.inbox_id}")]
    steps: Sequence[str] = {RevisionVerb.ALIAS: (WAYS,), RevisionVerb.ADD: (QUESTION, WAYS, ANSWER)}.get(
        verb, ()
    )
    if verb is RevisionVerb.EDIT:
        steps = (str(turn.data.get("part", QUESTION)),)
    for step in steps:
        key = f"care.button.again_{step}" if step in (QUESTION, WAYS, ANSWER) else "care.button.again"
        choices.append(turn.choice(key, f"care.again:{step}"))
    if verb is RevisionVerb.EDIT:
        choices.append(turn.choice("care.button.parts_more", "care.parts:"))
    return [*choices, drop_choice(turn)]


def _who(turn: Turn, entry: Entry) -> str:
    """Who would be asked, so that nobody waits for a second person who is not there."""
    staff = caretaker(turn)
    people = list_deciders(turn.session, owner_key(turn.house, entry), staff.id or 0)
    if not people:
        return turn.words("care.no_decider", owner=keeper_name(turn.house, owner_key(turn.house, entry)))
    return turn.words("care.deciders", names=", ".join(one.name for one, _ in people))


def _warnings(turn: Turn, old: Entry | None, new: Entry) -> Iterator[str]:
    if old is None or old.texts != new.texts or old.links != new.links:
        library = replace(turn.house.library, entries=(new,))
        for finding in lint(library, local_date(turn.now)):
            if finding.entry_id == new.id and finding.rule in _CHECKED:
                field = turn.words(f"care.field.{finding.field}")
                problem = plain_problem(finding, turn.house.words)
                yield turn.words("care.warn.lint", field=field, problem=problem)
    known = set(old.phrasings) if old else set()
    for way in (way for way in new.phrasings if way not in known):
        yield from _elsewhere(turn, new, way)


def _elsewhere(turn: Turn, entry: Entry, way: str) -> Iterator[str]:
    """Whether a way to ask leads somewhere else today, so surely that it may go on doing so."""
    match = turn.house.matcher.match(way)
    if match.route is not None:
        yield turn.words("care.warn.route", way=way, route=turn.words(f"care.route.{match.route}"))
    elif match.decision is Decision.ANSWER and match.ranked[0][0] != entry.id:
        other = turn.house.library.get(match.ranked[0][0])
        yield turn.words("care.warn.elsewhere", way=way, question=other.question)
