"""The cast of a day, drawn from one seed: who lives in the ward, who works in its office, who writes what when."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench.questions.noise import LAYERS
from bench.reports.sets import Labelled, load_labelled
from core.calendar import LOCAL
from handlers.house import House
from storage.staff import Duty
from storage.statuses import StaffRole
from tests.day.citizens import Citizen, Wish
from tests.day.officers import Officer
from tests.day.phones import Provider
from tests.day.telling import Reader
from tests.props import LIMITS

DAY = datetime(2026, 11, 24, tzinfo=LOCAL)
OPENS, ENDS = 6.0, 21.5
_FLOOD_AT, _FLOOD_HOURS = 8.2, 1.5
# Shares of those who are not in the flood.
_WISHES = {Wish.REPORT: 55, Wish.QUESTION: 33, Wish.DOOR: 4, Wish.CHAT: 8}
_NOISY = 0.35
_QUESTIONS = (
    "làm khai sinh cho con cần giấy tờ gì",
    "mất căn cước thì làm lại ở đâu",
    "đăng ký tạm trú online thế nào",
    "phường làm việc mấy giờ",
    "thẻ bảo hiểm y tế hết hạn thì sao",
    "chứng thực bản sao mất bao nhiêu tiền",
    "con tôi 5 tuổi có làm được vneid không",
    "nhận được cuộc gọi báo cập nhật vneid có phải lừa đảo không",
    "xin xác nhận độc thân ở đâu",
    "đăng ký hộ kinh doanh cần gì",
)
_CHATS = ("chào em", "cảm ơn em nhé", "alo", "menu", "phiếu của tôi", "🙂", "ok", "gặp cán bộ")
_FLOOD_SPOTS = ("ngõ 17", "hẻm 17", "đầu ngõ 17", "ngo 17")
_FLOOD_WORDS = (
    "{spot} tổ 4 ngập tới đầu gối, cống tắc nước không rút",
    "nước ngập {spot} tổ 4, nước tràn vào nhà rồi",
    "mưa lớn {spot} tổ 4 ngập nặng, cống không thoát kịp",
    "{spot} to 4 ngap nang qua xe khong di duoc",
    "cống tắc ở {spot} tổ 4, ngập lênh láng từ sáng",
    "ngập {spot} tổ dân phố 4, nước chưa rút, cho người thông cống giúp",
    "nuoc ngap {spot} to 4 chua rut, cong tac",
)
_LANES = ("đường số", "ngõ", "hẻm", "đường")
# Of twelve officers; with fewer the first ones, of whom one leads and so has the cards of departments without any.
# Two are of the busiest department, and one is on duty at night.
_OFFICE = ("KT", "", "CA", "VP", "VHXH", "TYT", "TTPVHCC", "KT", "KT", "CA", "VHXH", "VP")


@dataclass(frozen=True)
class Cast:
    """Everybody, and who begins when. The first officer of the busiest department is named its head."""

    citizens: list[tuple[datetime, Citizen]]
    officers: list[tuple[Duty, Officer]]


def hour(value: float) -> datetime:
    """A moment of the day, in UTC."""
    return (DAY + timedelta(hours=value)).astimezone(UTC)


def draw_cast(provider: Provider, house: House, seed: int, citizens: int, officers: int) -> Cast:
    """`citizens` people, a fifth of whom report one and the same flood, and `officers` officers."""
    dice, reader = random.Random(f"cast {seed}"), Reader(house.words)
    channels = list(LIMITS)
    office = []
    for number in range(officers):
        place = _OFFICE[number % len(_OFFICE)]
        duty = Duty(StaffRole.OFFICER, place) if place else Duty(StaffRole.LEADER)
        phone = provider.add(dice.choice(channels), f"Cán bộ {number + 1}")
        one = Officer(phone, house.words, reader, random.Random(f"officer {seed} {number}"), department=place)
        one.on_duty, one.is_leader = place == "CA", not place
        office.append((duty, one))
    people = []
    said = load_labelled("categories")
    doors = [
        one.text for one in load_labelled("gate") if one.label in ("denunciation", "complaint", "emergency")
    ]
    for number in range(citizens):
        phone = provider.add(dice.choice(channels), f"Người dân {number + 1}")
        own = random.Random(f"citizen {seed} {number}")
        citizen = Citizen(phone, house.words, reader, own)
        is_flood = number < citizens // 5
        citizen.wish = Wish.FLOOD if is_flood else dice.choices(list(_WISHES), list(_WISHES.values()))[0]
        begins = _FLOOD_AT + own.random() * _FLOOD_HOURS if is_flood else _daytime(own)
        _give_words(citizen, house, said, doors)
        people.append((hour(begins), citizen))
    if people:
        # Somebody blocks the assistant after the first answer.
        people[-1][1].phone.is_gone = True
    return Cast(people, office)


def _daytime(dice: random.Random) -> float:
    """Two humps, in the morning and after lunch, and a storm at half past nine."""
    if dice.random() < 0.15:
        return 9.5 + dice.random() * 0.05
    return min(max(dice.choice((dice.gauss(9, 1.5), dice.gauss(15, 2), dice.uniform(6.5, 20.5))), 6.2), 20.5)


def _give_words(citizen: Citizen, house: House, said: Sequence[Labelled], doors: list[str]) -> None:
    dice, ward = citizen.dice, house.ward
    area = dice.choice(ward.areas).name if ward.areas else ward.name
    citizen.place = f"{dice.choice(_LANES)} {dice.randint(18, 99)} {area}"
    text = dice.choice(_CHATS)
    if citizen.wish is Wish.FLOOD:
        text = dice.choice(_FLOOD_WORDS).format(spot=dice.choice(_FLOOD_SPOTS))
        citizen.category, citizen.place = ward.get_category("NGAP").name, "ngõ 17 tổ 4"
    elif citizen.wish is Wish.REPORT:
        one = dice.choice(said)
        found = ward.find_category(one.label)
        text, citizen.category = one.text, (found or ward.get_category("KHAC")).name
    elif citizen.wish is Wish.QUESTION:
        text = dice.choice(_QUESTIONS)
    elif citizen.wish is Wish.DOOR:
        text = dice.choice(doors)
    if dice.random() < _NOISY and citizen.wish not in (Wish.DOOR, Wish.CHAT):
        layer = dice.choice(("nodia", "typo1", "teencode", "space", "nodia_typo"))
        text = LAYERS[layer](text)
    citizen.says = text
