"""A change in the making: what is asked for it, step by step, until it can be looked at as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.calendar import local_date
from core.messages import Choice, Content
from faq.entry import CONFIDENCES, ContentError, Entry
from faq.overlay import from_json, to_json
from handlers.care_entries import Standing, entry_of, find_standing, new_id, reviewed
from handlers.care_rights import LEADERS, CareRefused, caretaker, keeper_name, need_change, owner_key
from handlers.care_show import FLOW
from handlers.care_texts import read_ways
from handlers.turn import Turn
from storage.models import KnowledgeRevision
from storage.statuses import KnowledgeKind, RevisionVerb, StaffRole

ANSWER, QUESTION, WAYS = "answer", "question", "alternatives"
OWNER, SOURCE, CONFIDENCE, PREVIEW = "owner", "source", "confidence", "preview"
ENOUGH_WAYS = 3
PARTS: tuple[str, ...] = (QUESTION, WAYS, ANSWER, OWNER, SOURCE, CONFIDENCE)
"""What is asked for a new entry, in this order."""
FIELDS: tuple[str, ...] = ("steps", "bring", "fee", "time", "place", "links", "legal_basis")
"""What a procedure has beside its answer; each can be changed by itself."""
LISTS = frozenset({"steps", "bring", "links"})


def start_answer(turn: Turn, entry_id: str) -> None:
    """Other words for the answer; the present ones are shown to be copied."""
    standing = _begin(turn, entry_id, RevisionVerb.EDIT)
    if standing.entry.answer:
        turn.reply(Content(standing.entry.answer))
    ask(turn, ANSWER)


def start_question(turn: Turn, entry_id: str) -> None:
    """Another wording of the question itself."""
    _begin(turn, entry_id, RevisionVerb.EDIT)
    ask(turn, QUESTION)


def start_ways(turn: Turn, entry_id: str) -> None:
    """More ways in which people ask this. Everybody of the office and of the teams may propose them."""
    _begin(turn, entry_id, RevisionVerb.ALIAS)
    ask(turn, WAYS)


def start_way(turn: Turn, entry_id: str, way: str, cluster: list[object]) -> None:
    """A way of asking that is known already, from `cluster`: its number and what it becomes when this is sent."""
    _begin(turn, entry_id, RevisionVerb.ALIAS)
    _keep(turn, cluster=cluster)
    keep_part(turn, WAYS, more_ways(turn, way))


def start_edit(turn: Turn, entry_id: str) -> None:
    """A change of one part or several. Raises CareRefused."""
    _begin(turn, entry_id, RevisionVerb.EDIT)


def start_retire(turn: Turn, entry_id: str) -> None:
    """Take an entry out of use, after a look at what it is."""
    _begin(turn, entry_id, RevisionVerb.RETIRE)
    turn.go(FLOW, PREVIEW)


def start_restore(turn: Turn, version: KnowledgeRevision) -> None:
    """An earlier version once more, as a new one."""
    entry = entry_of(version)
    if entry is None:
        raise CareRefused("care.no_entry")
    _begin(turn, version.subject, RevisionVerb.RESTORE)
    turn.go(FLOW, PREVIEW, row=to_json(entry), of=version.number)


def start_new(
    turn: Turn, lead: str = "", ways: Sequence[str] = (), cluster: list[object] | None = None
) -> None:
    """A new entry: the question first, then how people say it, the answer, and where it comes from.

    `ways` are known already, from `cluster`: its number and what it becomes when the entry is sent.
    """
    staff = caretaker(turn)
    if staff.role == StaffRole.MEMBER:
        raise CareRefused("care.member")
    turn.end()
    # An officer's entries are the own department's; a leader says whose.
    row: dict[str, Any] = {} if staff.role == StaffRole.LEADER else {OWNER: staff.department or LEADERS}
    if ways:
        row[WAYS] = list(ways)
    _keep(turn, verb=RevisionVerb.ADD.value, subject="", base=0, row=row, cluster=cluster)
    turn.reply(Content(lead or turn.words("care.new_head")))
    ask(turn, QUESTION)


def ask(turn: Turn, step: str, lead: str = "") -> None:
    """Ask for one part; `lead` says why it is asked once more."""
    turn.go(FLOW, step)
    is_new = turn.data.get("verb") == RevisionVerb.ADD
    text = turn.words("care.ask.new_ways" if step == WAYS and is_new else f"care.ask.{step}")
    choices: list[Choice] = []
    if step == OWNER:
        departments = turn.house.ward.departments
        choices = [Choice(one.short_name, f"care.owner:{one.key}") for one in departments]
        choices.append(Choice(keeper_name(turn.house, LEADERS), f"care.owner:{LEADERS}"))
    if step == CONFIDENCE:
        choices = [turn.choice(f"care.confidence.{one}", f"care.confidence:{one}") for one in CONFIDENCES]
    if step in FIELDS:
        choices = (
            [turn.choice("care.button.clear", f"care.clear:{step}")]
            if field_text(draft_row(turn), step)
            else []
        )
        choices.append(turn.choice("care.button.back", "care.back"))
    choices.append(drop_choice(turn))
    turn.reply(Content("\n\n".join(part for part in (lead, text) if part), tuple(choices)))
    if step not in (OWNER, CONFIDENCE):
        # "3" may be an answer to the question as well as a choice.
        turn.ask_freely()


def keep_part(turn: Turn, step: str, value: Any) -> bool:
    """Keep one part; nothing leaves it out. True when all is there and can be looked at."""
    row = {**turn.data["row"], step: value}
    _keep(turn, row={name: kept for name, kept in row.items() if kept is not None}, part=step)
    return ask_next(turn)


def more_ways(turn: Turn, text: str) -> list[str]:
    """The ways to ask of the draft with those of a text. Raises CareRefused if none is new."""
    row = draft_row(turn)
    known = [*row.get(WAYS, ())]
    return [*known, *read_ways(text, [*known, str(row.get(QUESTION, ""))])]


def draft_row(turn: Turn) -> dict[str, Any]:
    """The entry in the making, part by part; empty when there is none."""
    return dict(turn.data.get("row", {}))


def field_text(row: Mapping[str, Any], field: str) -> str:
    """A part as it is written, lists line by line."""
    value = row.get(field) or ""
    return value if isinstance(value, str) else "\n".join(value)


def find_base(turn: Turn) -> Mapping[str, Any] | None:
    """The row of the entry as it stands, None for a new one."""
    subject = str(turn.data.get("subject", ""))
    standing = find_standing(turn, subject) if subject else None
    return to_json(standing.entry) if standing else None


def ask_next(turn: Turn) -> bool:
    """Ask for what a new entry still lacks. True when nothing is missing."""
    if turn.data.get("verb") != RevisionVerb.ADD:
        return True
    row = turn.data["row"]
    missing = next((field for field in PARTS if _lacks(row, field)), None)
    if missing is None:
        return True
    ways = len(row.get(WAYS, ()))
    more = turn.words("care.more_ways", count=ways, left=ENOUGH_WAYS - ways) if ways else ""
    ask(turn, missing, more if missing == WAYS else "")
    return False


def _lacks(row: Mapping[str, Any], field: str) -> bool:
    return len(row.get(WAYS, ())) < ENOUGH_WAYS if field == WAYS else field not in row


def ask_again(turn: Turn, step: str) -> None:
    """A part once more, after a look at the whole; the other parts stay. Raises CareRefused."""
    if not is_drafting(turn) or step not in (*PARTS, *FIELDS):
        raise CareRefused("care.no_draft")
    if turn.data["verb"] == RevisionVerb.ALIAS:
        cluster = turn.data.get("cluster")
        start_ways(turn, str(turn.data["subject"]))
        return turn.keep(cluster=cluster)
    if turn.data["verb"] != RevisionVerb.ADD:
        text = field_text(draft_row(turn), step)
        if text and step != QUESTION:
            turn.reply(Content(text))
        return ask(turn, step)
    row = {field: value for field, value in turn.data["row"].items() if field != step}
    _keep(turn, row=row)
    return ask(turn, step)


def drop(turn: Turn) -> None:
    """Throw the draft away."""
    turn.end()
    turn.say("care.dropped")


def drop_choice(turn: Turn) -> Choice:
    """Out of it, with nothing changed."""
    return turn.choice("care.button.drop", "care.drop")


def is_drafting(turn: Turn) -> bool:
    """True in the midst of a change of an entry."""
    return turn.in_flow(FLOW) and "row" in turn.data and "verb" in turn.data


def drafted(turn: Turn) -> tuple[Entry | None, Entry]:
    """The entry as it stands (None for a new one) and as it shall be. Raises CareRefused."""
    data = turn.data
    standing = find_standing(turn, str(data.get("subject", ""))) if data.get("subject") else None
    try:
        entry = from_json(_complete(turn, dict(data["row"])))
    except (ContentError, KeyError):
        raise CareRefused("care.no_draft") from None
    answered = standing is None or standing.entry.answer != entry.answer
    if answered and data["verb"] in (RevisionVerb.ADD, RevisionVerb.EDIT):
        # Whoever writes an answer anew has looked it through.
        entry = reviewed(entry, local_date(turn.now))
    return (standing.entry if standing else None), entry


def _begin(turn: Turn, entry_id: str, verb: RevisionVerb) -> Standing:
    standing = find_standing(turn, entry_id)
    if standing is None:
        raise CareRefused("care.no_entry")
    if standing.retired and verb != RevisionVerb.RESTORE:
        raise CareRefused("care.is_retired")
    if verb == RevisionVerb.ALIAS:
        caretaker(turn)
    else:
        need_change(turn, owner_key(turn.house, standing.entry))
    turn.end()
    entry = standing.entry
    _keep(turn, verb=verb.value, subject=entry.id, base=standing.number, row=to_json(entry))
    return standing


def _keep(turn: Turn, **data: Any) -> None:
    step = turn.conversation.step if turn.in_flow(FLOW) else None
    turn.go(FLOW, step or PREVIEW, kind=KnowledgeKind.ENTRY.value, **data)


def _complete(turn: Turn, row: dict[str, Any]) -> dict[str, Any]:
    """What nobody is asked for: the name of a new entry and its topic, that of the entries beside it."""
    if turn.data["verb"] != RevisionVerb.ADD:
        return row
    near = turn.house.matcher.match(row[QUESTION]).ranked
    beside = turn.house.library.find(near[0][0]) if near else None
    topic = beside.topic if beside else turn.house.library.topics[0]
    return {**row, "id": turn.data.get("id") or new_id(turn, row[QUESTION]), "topic": topic}
