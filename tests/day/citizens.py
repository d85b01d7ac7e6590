"""Citizens: they report, join, ask, add what the office wants to know, rate, dispute, tap what they should not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from core.messages import MessageKind
from tests.day.people import Person, Step
from tests.day.phones import Act, Seen
from tests.day.telling import Told

# A person who is asked the same thing over and over gives up.
_PATIENCE = 25


class Wish(StrEnum):
    """Why somebody writes today."""

    REPORT = "report"
    FLOOD = "flood"
    QUESTION = "question"
    DOOR = "door"
    CHAT = "chat"


@dataclass
class Citizen(Person):
    """One citizen. `says` are the first words; `place` is told when asked."""

    wish: Wish = Wish.CHAT
    says: str = ""
    category: str = ""
    place: str = ""
    codes: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    steps: int = 0
    tries: int = 0
    sent_photo: bool = False
    tries_to_withdraw: int = 0

    @property
    def is_served(self) -> bool:
        """True when the person has the code of a ticket."""
        return bool(self.codes or self.joined)

    def begins(self) -> Iterator[Step]:
        """The first message of the day, with the errors of a hurried hand."""
        first = Act(text=self.says, times=2 if self.dice.random() < 0.05 else 1)
        luck = self.dice.random()
        if luck < 0.06 and self.wish is not Wish.DOOR:
            yield timedelta(), Act(text="/phanánh" if luck < 0.02 else "chào em")
            yield self.soon(), first
        else:
            yield timedelta(), first

    def reacts(self, seen: Seen, told: Told | None) -> Iterator[Step]:
        """News of the own tickets first, then whatever the report needs next."""
        if told is not None and (step := self._news(seen, told)) is not None:
            yield from step
            return
        if not self.looks_at_last:
            return
        if (mark := self._rates(seen)) is not None:
            yield self.soon(), mark
            return
        if self.tries_to_withdraw:
            self.tries_to_withdraw -= 1
            yield from self._maybe(self.choose(seen, "lookup.choose_withdraw_now", "lookup.choose_withdraw"))
            return
        if self.wish not in (Wish.REPORT, Wish.FLOOD):
            yield from self._chats(seen)
            return
        self.steps += 1
        act = None if self.is_served or self.steps > _PATIENCE else self._next(seen)
        if act is not None:
            yield self.soon(), act
            if act.kind == MessageKind.CHOICE and self.dice.random() < 0.05:
                yield self.soon(16, 20), act  # the second tap of an impatient finger

    # --------------------------------------------------------------------------------------- the report

    def _next(self, seen: Seen) -> Act | None:
        if self.wish is Wish.FLOOD or self.place in seen.text:
            same = self.choose(seen, "report.choose_same") or self._choose_likest(seen)
            if same is not None:
                return same
        for act in (
            self.choose(seen, "report.choose_other_matter"),
            self._sends(seen),
            self._category(seen),
            self._photo(seen),
            self._tells_place(seen),
            self.choose(
                seen,
                *("question.choose_report", "safety.choose_not_so", "safety.choose_other"),
                *("report.choose_go_on", "lookup.choose_other", "report.choose_back"),
            ),
        ):
            if act is not None:
                return act
        return self._again(seen)

    def _choose_likest(self, seen: Seen) -> Act | None:
        start = self.title("report.choose_same_as", code="")
        title = next((one for one in seen.titles() if one.startswith(start)), None)
        return None if title is None else self.choose_title(seen, title)

    def _sends(self, seen: Seen) -> Act | None:
        luck = self.dice.random()
        if luck < 0.05 and (edit := self.choose(seen, "report.choose_edit")) is not None and self.tries < 2:
            self.tries += 1
            return edit  # the wrong button; «Quay lại» is found then
        act = self.choose(seen, "report.choose_send")
        if act is not None and act.kind == MessageKind.CHOICE and luck > 0.95:
            return replace(act, times=2)
        return act

    def _category(self, seen: Seen) -> Act | None:
        if self.title("report.ask_category") not in seen.text:
            return None
        offered = [title for title in seen.titles() if title == self.category]
        return self.choose_title(seen, offered[0]) if offered else Act(text=self.category)

    def _photo(self, seen: Seen) -> Act | None:
        done = self.choose(seen, "report.choose_done")
        if done is not None:
            return done
        none = self.choose(seen, "report.choose_no_photo")
        if none is not None and not self.sent_photo and self.dice.random() < 0.15:
            self.sent_photo = True
            return Act(kind=MessageKind.PHOTO.value, photos=1)
        return none

    def _tells_place(self, seen: Seen) -> Act | None:
        if self.title("report.choose_skip") not in seen.titles():
            return None
        return Act(text=self.place) if self.dice.random() < 0.8 else self.choose(seen, "report.choose_skip")

    def _again(self, seen: Seen) -> Act | None:
        """It was not understood as a report: say so in so many words, then tell it once more."""
        if self.title("report.ask_text").split("\n")[0] in seen.text:
            return Act(text=self.says)
        self.tries += 1
        return Act(text="phản ánh") if self.tries <= 4 else None

    # ------------------------------------------------------------------------------------ what comes back

    def _news(self, seen: Seen, told: Told) -> list[Step] | None:
        """None for what is no news of a ticket."""
        name = told.key.rsplit(".", 1)[-1]
        if told.key == "report.filed":
            self.codes.append(told.code)
            return self._looks(seen)
        if told.key == "tickets.own.joined":
            self.joined.append(told.code)
            return []
        if told.key in ("lookup.ask_reopening", "lookup.ask_dispute"):
            now = ("lookup.choose_reopening_now", "lookup.choose_dispute_now")
            act = self.choose(seen, *now) if self.dice.random() < 0.5 else None
            return [(self.soon(), act or Act(text=f"chỗ {self.place} vẫn còn như cũ"))]
        if told.key == "lookup.ask_addition":
            return [(self.soon(), Act(text=f"ở {self.place}, ngay đầu ngõ, nhà số 12"))]
        if told.key == "public.ask":
            return self._maybe(self.choose(seen, "public.choose_yes", "public.choose_no"), 0.7)
        if told.key == "lookup.ask_because":
            return self._maybe(self.choose(seen, "lookup.because.slow", "lookup.because.vague"))
        if not told.key.startswith("tickets.tell."):
            return [] if told.key.startswith(("tickets.", "lookup.rated")) else None
        return self._answers(seen, name)

    def _looks(self, seen: Seen) -> list[Step]:
        if self.dice.random() < 0.06 and (show := self.choose(seen, "lookup.choose_show")) is not None:
            self.tries_to_withdraw = 4
            return [(self.soon(), show)]
        if self.dice.random() < 0.1:
            return [(self.soon(60, 600), Act(text="phiếu của tôi"))]
        return self._maybe(self.choose(seen, "lookup.choose_show"), 0.1)

    def _answers(self, seen: Seen, name: str) -> list[Step]:
        luck, later = self.dice.random(), self.soon(120, 2400)
        if name == "asked":
            button = self.choose(seen, "tickets.button.add")
            typed = Act(text=f"ở {self.place} đó em", reply_to=seen.external_id)
            return [(later, button if button is not None and luck < 0.5 else typed)]
        if name == "rejected":
            return self._maybe(self.choose(seen, "tickets.button.review"), 0.15, later)
        if name not in ("resolved", "still_done"):
            return []
        # In a crowd most leave it to the others to say that it is not done.
        if self.wish is Wish.FLOOD and luck < 0.07:
            return []
        if luck < 0.08:
            return self._maybe(
                self.choose(seen, "tickets.button.reopen", "tickets.button.dispute"), 1.0, later
            )
        if luck < 0.12:
            return [(later, Act(text="cảm ơn em nhiều"))]
        return self._maybe(self.choose(seen, "tickets.button.fixed"), 0.6, later)

    def _rates(self, seen: Seen) -> Act | None:
        if self.title("lookup.rating.great") not in seen.titles():
            return None
        mark = self.dice.choices(("great", "good", "fair", "bad"), (3, 4, 2, 1))[0]
        return self.choose(seen, f"lookup.rating.{mark}")

    def _maybe(self, act: Act | None, chance: float = 1.0, after: timedelta | None = None) -> list[Step]:
        if act is None or self.dice.random() >= chance:
            return []
        return [(after or self.soon(), act)]

    # ------------------------------------------------------------------------------------- other wishes

    def _chats(self, seen: Seen) -> Iterator[Step]:
        act = (
            self.choose(seen, "question.choose_right", "question.choose_wrong")
            if self.dice.random() < 0.3
            else None
        )
        if act is not None and self.tries < 2:
            self.tries += 1
            yield self.soon(), act
