"""What the desk makes of labelled messages: warned of, taken, the right kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.scam.sets import Labelled
from faq.decision import Decision
from faq.library import Library
from faq.matcher import Matcher
from faq.scam.desk import Finding, is_ours, look
from faq.scam.judge import Level

FRAUD = "lua_dao"


@dataclass(frozen=True, slots=True)
class Reaction:
    """What happens to one message: whether the desk answers, how it judges, or which entry answers instead."""

    taken: bool
    warned: bool
    kind: str | None
    entry_warns: bool


@dataclass
class Figures:
    """Counts over one half."""

    frauds: int = 0
    warned: int = 0
    warned_anywhere: int = 0
    named: int = 0
    right_kind: int = 0
    genuine: int = 0
    alarmed: int = 0

    def rows(self) -> dict[str, float]:
        """The figures in per cent."""
        return {
            "recall": 100 * self.warned / max(1, self.frauds),
            "recall with entries on fraud": 100 * self.warned_anywhere / max(1, self.frauds),
            "kind named": 100 * self.named / max(1, self.warned),
            "right of those": 100 * self.right_kind / max(1, self.named),
            "false alarms": 100 * self.alarmed / max(1, self.genuine),
        }


def make_reaction(library: Library, matcher: Matcher) -> Callable[[str], Reaction]:
    """How the product reacts: the desk first, else the knowledge base."""

    def react(text: str) -> Reaction:
        finding = look(text)
        match = matcher.match(text)
        answered = match.decision is Decision.ANSWER
        taken = is_ours(finding, answered=answered)
        topic = library.get(match.ranked[0][0]).topic if answered else ""
        return Reaction(taken, taken and _warns(finding), _kind(finding), not taken and topic == FRAUD)

    return react


def score(messages: Iterable[Labelled], react: Callable[[str], Reaction]) -> Figures:
    """The figures over some messages."""
    figures = Figures()
    for one in messages:
        seen = react(one.text)
        if one.kind is None:
            figures.genuine += 1
            figures.alarmed += seen.warned
        else:
            figures.frauds += 1
            figures.warned += seen.warned
            figures.warned_anywhere += seen.warned or seen.entry_warns
            figures.named += seen.warned and seen.kind is not None
            figures.right_kind += seen.warned and seen.kind == one.kind
    return figures


def share_taken(questions: Iterable[str], react: Callable[[str], Reaction]) -> float:
    """How many per cent of ordinary questions the desk takes from the knowledge base."""
    taken = [react(text).taken for text in questions]
    return 100 * sum(taken) / max(1, len(taken))


def _warns(finding: Finding) -> bool:
    return finding.judgement.level is not Level.UNSEEN


def _kind(finding: Finding) -> str | None:
    return finding.judgement.kind.id if finding.judgement.kind else None
