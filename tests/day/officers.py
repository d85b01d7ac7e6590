"""Officers: they take cards in turn, answer by quoting or by buttons, and err: old cards, wrong buttons, no marks."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from core.calendar import LOCAL
from core.codes import parse_code
from core.messages import MessageKind
from faq.normalize import fold, strip_marks
from tests.day.people import Person, Step
from tests.day.phones import Act, Seen
from tests.day.telling import Told

_MORNING, _NOON, _AFTER, _EVENING = time(7, 30), time(11, 30), time(13, 30), time(17, 0)
_ON_DUTY_UNTIL = time(21, 0)
_DONE = (
    "Tổ công tác đã tới xử lý xong lúc {hour} giờ, bà con xem lại giúp",
    "Đã cho người khắc phục trong buổi, hiện trường sạch sẽ, an toàn",
    "Đã kiểm tra tại chỗ và sửa xong, cảm ơn bà con đã báo",
)
_INTERIM = "Đã xuống xem, đang chờ vật tư để làm tiếp"
# What an officer does with a card, and how often in a hundred.
_WAYS = {
    "done": 44,
    "reply": 14,
    "bare": 8,
    "reject": 9,
    "ask": 8,
    "forward": 5,
    "promise": 4,
    "extend": 3,
    "pause": 2,
    "outside": 1,
    "leave": 2,
    "slip": 3,
}
# What a category may ask for at the end: how it is shown in words, if not by a photo, and why it cannot be.
_EVIDENCE = {
    "photo": ("", "Trời tối quá, chụp không rõ"),
    "document": ("45/TB-UBND", "Bà con chỉ cần nghe trả lời"),
}
# How often an officer takes an answer back that has just been given.
_REGRETS = 0.12
# The flood that half the quarter reports: its tickets are put together, and answered when the water is gone.
_FLOOD = re.compile(r"ngap.*17|17.*ngap", re.DOTALL)
_WATER_GONE = time(10, 40)


@dataclass
class Officer(Person):
    """One officer; `on_duty` also works in the evening."""

    department: str = ""
    on_duty: bool = False
    is_leader: bool = False
    cards: deque[tuple[str, Seen]] = field(default_factory=deque)
    flood: str = ""

    def works_at(self, moment: datetime) -> bool:
        """True in office hours, and until the night for whoever is on duty."""
        clock = moment.astimezone(LOCAL).time()
        return (
            _MORNING <= clock < _NOON
            or _AFTER <= clock < _EVENING
            or (self.on_duty and _EVENING <= clock < _ON_DUTY_UNTIL)
        )

    def works(self, now: datetime) -> Iterator[Step]:
        """Take the oldest card and begin with it."""
        if not self.works_at(now) or not self.cards or (self.is_leader and self.dice.random() < 0.7):
            return
        code, card = self.cards.popleft()
        if now.astimezone(LOCAL).time() < _WATER_GONE and _FLOOD.search(fold(card.text)):
            yield from self._gather(code, card, now)
            return
        if self.dice.random() < 0.7 and (claim := self.choose(card, "officer.button.claim")) is not None:
            if claim.kind != MessageKind.CHOICE:
                claim = Act(text="nhận", reply_to=card.external_id)
            yield timedelta(), claim
            if self.dice.random() < 0.05:
                yield timedelta(seconds=2), claim
        way = self.dice.choices(list(_WAYS), list(_WAYS.values()))[0]
        if way != "leave":
            yield self.soon(120, 1500), self._act(way, card, now)
        if way == "pause":
            yield timedelta(minutes=40), Act(text="tiếp tục", reply_to=card.external_id)
        if way in ("promise", "pause", "extend") and self.dice.random() < 0.5:
            yield timedelta(minutes=70), self._act("done", card, now)

    def _gather(self, code: str, card: Seen, now: datetime) -> Iterator[Step]:
        """One ticket for one flood: the first that this officer sees; the others are merged into it."""
        if self.flood and self.flood != code:
            yield self.soon(), Act(text=f"gộp {self.flood}", reply_to=card.external_id)
            return
        self.flood = code
        gone = datetime.combine(now.astimezone(LOCAL).date(), _WATER_GONE, LOCAL)
        yield gone - now + self.soon(), self._act("done", card, gone)

    def reacts(self, seen: Seen, told: Told | None) -> Iterator[Step]:
        """Keep cards for later; finish what was begun; answer what a citizen added."""
        code = _code_in(seen.text)
        if told is not None and told.key == "officer.done.claimed":
            self.cards = deque((own, card) for own, card in self.cards if own != told.code)
            return
        if told is not None and told.key == "officer.citizen.added_text":
            yield self.soon(120, 1200), self._act("done", seen, seen.at)
            return
        if code and self.title("officer.button.claim") in seen.titles():
            self.cards.append((code, seen))
            return
        # Most see the slip at once, some when it is too late.
        if self.dice.random() < _REGRETS and (undo := self.choose(seen, "officer.button.undo")) is not None:
            yield self.soon(5, 50), undo
            return
        act = self._shows(seen) or self._finish(seen)
        if act is not None:
            yield self.soon(), act

    def _act(self, way: str, card: Seen, now: datetime) -> Act:
        hour = now.astimezone(LOCAL).hour
        said = self.dice.choice(_DONE).format(hour=hour)
        day = self._day(now)
        texts = {
            "done": f"xong: {said}",
            "bare": said,
            "ask": "hỏi: Bà con cho biết rõ số nhà, ngõ nào ạ?",
            "forward": f"chuyển {'VP' if self.department != 'VP' else 'KT'}: nhờ đơn vị xem giúp",
            "promise": f"hẹn {day}: {_INTERIM}",
            "extend": f"gia hạn {self._day(now, 21)}: {_INTERIM}",
            "pause": f"tạm dừng: {_INTERIM}",
            "slip": f"/xog {said}",
            "outside": f"chuyển ngoài Điện lực khu vực {day}: lưới điện do bên ấy quản lý",
        }
        if way in ("reply", "reject"):
            key = f"officer.button.{way}"
            button = self.choose(card, key)
            if button is not None and button.kind == MessageKind.CHOICE:
                return button
            texts |= {"reply": said, "reject": "từ chối"}
        text = texts[way]
        if self.dice.random() < 0.3 and way not in ("bare", "reply"):
            text = strip_marks(text)
        return Act(text=text, reply_to=card.external_id, times=2 if self.dice.random() < 0.05 else 1)

    def _day(self, now: datetime, ahead: int = 1) -> str:
        day = now.astimezone(LOCAL).date() + timedelta(days=ahead)
        while day.weekday() >= 5:
            day += timedelta(days=1)
        return f"{day.day}/{day.month}/{day.year}"

    def _shows(self, seen: Seen) -> Act | None:
        """What shows that it is done: a photo, a document's number, a usual reason, or one in own words."""
        reasons = ("nothing", "private", "gone", "told", "signing", "needless")
        if act := self.choose(seen, *(f"officer.without.{one}" for one in reasons)):
            return act
        for demand, (said, why) in _EVIDENCE.items():
            without = self.choose(seen, f"officer.button.without_{demand}")
            if without is None:
                continue
            luck = self.dice.random()
            if luck < 0.5:
                return Act(text=said) if said else Act(kind=MessageKind.PHOTO.value, photos=1)
            return Act(text=why) if luck < 0.65 else without
        return None

    def _finish(self, seen: Seen) -> Act | None:
        """The next step of what was begun; sometimes by the wrong button, which is then done again."""
        if self.dice.random() < 0.05 and (wrong := self.choose(seen, "officer.button.cancel")) is not None:
            return wrong
        first = "officer.button.send_answer" if self.dice.random() < 0.2 else "officer.button.send_resolve"
        if act := self.choose(seen, first, "officer.button.send_reject"):
            return act
        reasons = ("unclear", "outside", "not_ours", "done_before")
        if act := self.choose(seen, f"officer.reason.{self.dice.choice(reasons)}"):
            return act
        if self._prompt() in seen.text:
            return Act(text=self.dice.choice(_DONE).format(hour=seen.at.astimezone(LOCAL).hour))
        return None

    def _prompt(self) -> str:
        return self.words.sentences["officer.ask.answer"].split("{")[0]


def _code_in(text: str) -> str:
    found = parse_code(text)
    return found if isinstance(found, str) else ""
