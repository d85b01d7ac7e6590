"""Everyday words for what the matcher knows under another name: which word, what it means, what would change."""

from __future__ import annotations

from core.messages import Choice
from faq.decision import Decision
from faq.matcher import Match
from faq.normalize import fold, strip_marks, syllables
from faq.routes import Route
from faq.syllables import is_syllable
from handlers.care_decide import submit
from handlers.care_draft import drop_choice
from handlers.care_entries import words_of
from handlers.care_rights import LEADERS, CareRefused, caretaker
from handlers.care_show import FLOW
from handlers.care_texts import read_word
from handlers.turn import Turn
from storage.knowledge import Proposal, find_newest, list_changed, newest_number
from storage.models import KnowledgeRevision, Staff
from storage.statuses import KnowledgeKind, RevisionVerb, StaffRole

WORD, MEANING, PREVIEW = "word", "meaning", "word_preview"
_SYLLABLES = 5
_OFFERED = 8


def open_words(turn: Turn) -> None:
    """Ask for a word; what was added before can be looked at."""
    _need_office(turn)
    turn.end()
    turn.go(FLOW, WORD)
    changed = list_changed(turn.session, KnowledgeKind.WORDS)[:_OFFERED]
    choices = [Choice(_name(turn, one.subject), f"care.words_history:{one.subject}") for one in changed]
    turn.say("care.ask.word", choices=[*choices, drop_choice(turn)])


def take_word(turn: Turn, text: str) -> None:
    """The word that people use. Raises CareRefused for one that is known or would be found everywhere."""
    _need_office(turn)
    word = read_word(text)
    parts = syllables(word)
    if not 1 <= len(parts) <= _SYLLABLES:
        raise CareRefused("care.word_length", limit=_SYLLABLES)
    if len(parts) == 1 and is_syllable(strip_marks(parts[0])):
        raise CareRefused("care.word_common", word=word)
    if turn.house.matcher.match(word).route in (Route.EMERGENCY, Route.DENUNCIATION):
        raise CareRefused("care.word_danger", word=word)
    known = _things(turn, word, whole=True)
    if known and fold(_name(turn, known[0])) == fold(word):
        raise CareRefused("care.word_is_known", word=word)
    if known:
        raise CareRefused("care.word_known", word=word, known=_name(turn, known[0]))
    turn.go(FLOW, MEANING, word=word)
    turn.say("care.ask.meaning", choices=[drop_choice(turn)], word=word)
    turn.ask_freely()


def take_meaning(turn: Turn, text: str) -> None:
    """A word that is known already; where it stands for several things, one is chosen."""
    _need_office(turn)
    found = _things(turn, text, whole=True) or _things(turn, text, whole=False)
    if not found:
        raise CareRefused("care.meaning_unknown", text=" ".join(text.split())[:60])
    if len(found) == 1:
        return choose(turn, found[0])
    choices = [Choice(_some(turn, name), f"care.means:{name}") for name in found[:_OFFERED]]
    return turn.say("care.which_meaning", choices=[*choices, drop_choice(turn)])


def choose(turn: Turn, name: str) -> None:
    """What would change: how the bare word is understood today, and how the known one is."""
    _need_office(turn)
    word = str(turn.data.get("word", ""))
    if not turn.in_flow(FLOW) or not word or name not in turn.house.lexicon.concepts:
        raise CareRefused("care.no_draft")
    known = _name(turn, name)
    base, words = _standing(turn, name)
    turn.go(FLOW, PREVIEW, subject=name, base=base, words=[*words, word], verb=RevisionVerb.ALIAS.value)
    turn.keep(shown=turn.inbox_id)
    matcher = turn.house.matcher
    turn.say(
        "care.word_preview",
        choices=[turn.choice("care.button.send", f"care.send_words:{turn.inbox_id}"), drop_choice(turn)],
        word=word,
        known=known,
        now=_understood(turn, matcher.match(word)),
        then=_understood(turn, matcher.match(known)),
    )


def start_restore_words(turn: Turn, version: KnowledgeRevision) -> None:
    """The words of an earlier version once more, as a new one."""
    _need_office(turn)
    base, words = _standing(turn, version.subject)
    wanted = words_of(version)
    if wanted == words:
        raise CareRefused("care.nothing_new")
    turn.end()
    turn.go(FLOW, PREVIEW, subject=version.subject, base=base, words=wanted, verb=RevisionVerb.RESTORE.value)
    turn.keep(shown=turn.inbox_id)
    turn.say(
        "care.words_restore",
        choices=[turn.choice("care.button.send", f"care.send_words:{turn.inbox_id}"), drop_choice(turn)],
        known=_name(turn, version.subject),
        gone=", ".join(one for one in words if one not in wanted) or "–",
        back=", ".join(one for one in wanted if one not in words) or "–",
    )


def send_words(turn: Turn, shown: int) -> None:
    """To a second person: what a word means changes the answers of all."""
    staff, data = _need_office(turn), turn.data
    if not turn.in_flow(FLOW) or turn.conversation.step != PREVIEW or data.get("shown") != shown:
        raise CareRefused("care.no_draft")
    subject, base = str(data["subject"]), int(data["base"])
    if newest_number(turn.session, KnowledgeKind.WORDS, subject) != base:
        turn.end()
        raise CareRefused("care.changed_meanwhile", question=_name(turn, subject))
    row = {"words": list(data["words"]), "known": _name(turn, subject)}
    verb, department = RevisionVerb(data["verb"]), staff.department or LEADERS
    submit(turn, Proposal(KnowledgeKind.WORDS, subject, verb, row, base, staff.id or 0, department))


def _need_office(turn: Turn) -> Staff:
    staff = caretaker(turn)
    if staff.role == StaffRole.MEMBER:
        raise CareRefused("care.member")
    return staff


def _standing(turn: Turn, name: str) -> tuple[int, list[str]]:
    newest = find_newest(turn.session, KnowledgeKind.WORDS, name)
    return (newest.number or 0 if newest else 0), words_of(newest)


def _things(turn: Turn, text: str, *, whole: bool) -> list[str]:
    """The names of the things that are called so; marks count where they were typed."""
    typed = " ".join(syllables(text))
    wanted, marked = fold(typed), not typed.isascii()
    if not wanted:
        return []
    found = []
    for name, forms in turn.house.lexicon.concepts.items():
        said = [" ".join(form) for form in forms]
        fits = [
            one for one in said if (f" {wanted} " in f" {fold(one)} " if not whole else fold(one) == wanted)
        ]
        if any(not marked or typed in one for one in fits):
            found.append(name)
    return found


def _name(turn: Turn, name: str) -> str:
    forms = turn.house.lexicon.concepts.get(name, ())
    return " ".join(forms[0]) if forms else name


def _some(turn: Turn, name: str) -> str:
    """A thing by its first three names, to tell it from others."""
    return ", ".join(" ".join(form) for form in turn.house.lexicon.concepts[name][:3])


def _understood(turn: Turn, match: Match) -> str:
    if match.route is not None:
        return turn.words(f"care.route.{match.route}")
    found = [turn.house.library.find(entry_id) for entry_id, _ in match.ranked[:3]]
    questions = "; ".join(f"“{entry.question}”" for entry in found if entry is not None)
    if match.decision is Decision.ANSWER and found[0] is not None:
        return turn.words("care.understood.answer", question=found[0].question)
    if match.decision is Decision.SUGGEST and questions:
        return turn.words("care.understood.suggest", questions=questions)
    return turn.words("care.understood.none")
