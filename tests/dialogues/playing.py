"""Holds the dialogues with the product, and judges every turn after the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from faq.followup_table import Field
from faq.matcher import Matcher
from faq.normalize import fold
from handlers.house import House
from storage.models import Conversation
from tests.dialogues.reading import Dialogue, Turn, sample_library
from tests.stage import Sent, Stage, sample_house

FIELDS: Final = {"phí": "fee", "hạn": "time", "nơi": "place", "giấy": "bring", "mạng": "online"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a turn was answered with: entries in full or in part, choices, and the first words."""

    answered: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    text: str = ""
    actions: tuple[str, ...] = ()
    route: str = ""
    fields: frozenset[str] = frozenset()

    @property
    def outcome(self) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """What matters when two ways of asking are compared."""
        return self.answered, self.offered, self.text


@dataclass
class Score:
    """Turns by kind: judged, understood (answered right, or offered), answered right at once; what was missed."""

    judged: Counter[str] = field(default_factory=Counter)
    understood: Counter[str] = field(default_factory=Counter)
    outright: Counter[str] = field(default_factory=Counter)
    bent: int = 0
    missed: list[str] = field(default_factory=list)

    def share(self, kind: str | None = None) -> float:
        """The share of the turns of one kind, or of all, that was understood."""
        judged = self.judged[kind] if kind else self.judged.total()
        return (self.understood[kind] if kind else self.understood.total()) / max(1, judged)


def sample_dialogue_house() -> House:
    """The sample ward over the library of the dialogues."""
    library = sample_library()
    return replace(sample_house(), library=library, matcher=Matcher(library))


def hold(dialogues: Iterable[Dialogue]) -> Score:
    """Hold the dialogues, each with a person of its own."""
    score = Score()
    stage = Stage(house=sample_dialogue_house())
    try:
        for number, dialogue in enumerate(dialogues):
            _hold(stage, dialogue, f"Người {number}", score)
    finally:
        stage.close()
    return score


def _hold(stage: Stage, dialogue: Dialogue, who: str, score: Score) -> None:
    stage.welcome(who)
    before = Seen()
    for number, turn in enumerate(dialogue.turns):
        stage.now += turn.pause
        offered_before = before.offered
        seen = _look(stage, who, turn.said)
        right, near = _judge(stage, who, turn, seen, before, offered_before)
        # The first turn only sets the scene, unless it is the thing itself.
        if number or dialogue.kind == "nhieu-cau":
            score.judged[dialogue.kind] += 1
            score.outright[dialogue.kind] += right
            score.understood[dialogue.kind] += right or near
            if not (right or near):
                score.missed.append(
                    f"{dialogue.kind}/{dialogue.name}: «{turn.said}» chờ {turn.meant}, gặp {seen.route} "
                    f"{seen.answered or seen.offered or seen.text[:60]}"
                )
                score.bent += turn.meant == "như mới"
        before = seen


def _look(stage: Stage, who: str, said: str) -> Seen:
    sent = [one for one in stage.says(who, said) if one.to == who]
    answered = [name for one in sent for name in _answered(stage, one)]
    offers = [action.action for one in sent for action in one.content.choices if action.action]
    shown = [action.split(":", 1)[1] for action in offers if action.startswith("question.show:")]
    text = "\n".join(one.content.text for one in sent)
    return Seen(
        answered=tuple(dict.fromkeys(answered)),
        offered=tuple(name for name in shown if name not in answered),
        text=text,
        actions=tuple(offers),
        route=stage.routes[-1],
        fields=_fields(stage, sent) if len(set(answered)) == 1 else frozenset(),
    )


def _fields(stage: Stage, sent: list[Sent]) -> frozenset[str]:
    """The fields that an answer under the name of a question tells of; all, if it says that it does not know."""
    words, table = stage.house.words, stage.house.followups.table
    labels = {"fee": "Lệ phí:", "time": "Thời gian:", "place": "Nơi làm:", "bring": "Nhớ mang theo:"}
    head, *lines = sent[-1].content.text.split("\n")
    if not head.startswith("Về “"):
        return frozenset()
    if words.text("question.field_unknown") in lines:
        return frozenset(FIELDS.values())
    told = {field.value for field in Field if any(table.tells(field, line) for line in lines)}
    return frozenset(told | {name for name, label in labels.items() if any(label in line for line in lines)})


def _answered(stage: Stage, sent: Sent) -> list[str]:
    """The entries that a message answers with: known by its buttons, or by their questions as headings."""
    actions = [choice.action for choice in sent.content.choices]
    named = [
        action.split(":", 1)[1]
        for action in actions
        if action.startswith(("question.right:", "question.wrong:"))
    ]
    heads = {line.split(". ", 1)[-1] for line in sent.content.text.split("\n")}
    numbered = [entry.id for entry in stage.house.library if entry.question in heads]
    return named or numbered


def _judge(
    stage: Stage, who: str, turn: Turn, seen: Seen, before: Seen, offered: tuple[str, ...]
) -> tuple[bool, bool]:
    """Whether it was understood outright, and whether the right thing was at least offered."""
    meant = turn.meant
    if meant == "như mới":
        alone = f"{who} hỏi riêng {fold(turn.said)[:20]}"
        stage.welcome(alone)
        return _look(stage, alone, turn.said).outcome == seen.outcome, False
    if meant.startswith("?"):
        others = bool(seen.offered) and not (set(seen.offered) & set(before.answered))
        return (others if meant == "? khác" else bool(seen.offered)), False
    if meant.startswith("chọn "):
        at = int(meant.removeprefix("chọn ")) - 1
        return seen.answered == offered[at : at + 1] != (), False
    if meant == "không biết":
        return "person.said" in seen.actions and not seen.answered and not seen.offered, False
    if meant in ("xong", "thôi", "người") or meant.startswith(("thẻ ", "bước ")):
        return any(_is_step(stage, who, one.strip(), seen) for one in meant.split("|")), False
    return _judge_entries(meant, seen)


def _judge_entries(meant: str, seen: Seen) -> tuple[bool, bool]:
    wanted = [[one.strip() for one in part.split("|")] for part in meant.split("+")]
    right = all(any(_is_answered(one, seen) for one in part) for part in wanted)
    right = right and (len(wanted) > 1 or len(seen.answered) == 1)
    near = all(
        any(one.split(".")[0] in (*seen.offered, *seen.answered) for one in part) for part in wanted
    ) and len(seen.answered) < len(wanted)
    return right, near


def _is_answered(one: str, seen: Seen) -> bool:
    name, _, asked = one.partition(".")
    return name in seen.answered and (not asked or FIELDS[asked] in seen.fields)


def _is_step(stage: Stage, who: str, one: str, seen: Seen) -> bool:
    contact = stage.contact(who)
    found = stage.read(lambda session: session.get(Conversation, (contact.id, contact.id)))
    flow, data = (found.flow, found.data) if found else (None, {})
    if one == "người":
        return "person.said" in seen.actions and flow == "steps"
    if one in ("xong", "thôi"):
        return seen.route == "steps" and flow is None
    if one.startswith("bước "):
        return seen.route == "steps" and flow == "steps" and data.get("number") == int(one.split()[1])
    if one.startswith("thẻ "):
        return seen.route == "steps" and data.get("number") == 0 and data.get("entry") == one.split()[1]
    return seen.answered == (one,)
