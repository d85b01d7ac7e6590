"""Makes a written notice one to read aloud over the loudspeaker: short sentences, no figures, no abbreviations."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.number_words import date_words, decimal_words, digit_words, hour_words, number_words

# A calm announcer: about 150 syllables a minute, and a breath after each sentence.
_SYLLABLES_A_SECOND, _BREATH = 2.5, 0.8
# More syllables than this are out of breath; the sentence is parted at a comma.
_LONGEST, _SHORTEST = 22, 5
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w.-]+@[\w.-]+\.\w+|\b(?:[\w-]+\.)+(?:vn|com|net|org|gov|edu)(?:/\S*)?\b"
)
_ENDS = re.compile(r"(?<=[.!?;:])\s+|\n+")
_Change = Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class Script:
    """Sentences in order, and how long they take to read once, in seconds."""

    lines: tuple[str, ...]
    seconds: int


def read_aloud(text: str, short_forms: Mapping[str, str], link: str) -> Script:
    """The text as it is read. `short_forms`: what abbreviations stand for; `link` is said in place of an address."""
    said = _LINK.sub(link, text)
    for pattern, change in _RULES:
        said = pattern.sub(change, said)
    for short in sorted(short_forms, key=len, reverse=True):
        said = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)", short_forms[short], said)
    said = re.sub(r"\d+", lambda found: _number(found[0]), said)
    said = re.sub(r"[*_#“”\"()\[\]•–—…]+", " ", said).replace("/", " ")
    lines = [line for sentence in _ENDS.split(said) for line in _breathe(sentence)]
    return Script(tuple(lines), seconds_of(lines))


def read_short_forms(lines: str) -> dict[str, str]:
    """«UBND = Ủy ban nhân dân», one a line."""
    pairs = (line.partition("=") for line in lines.splitlines())
    return {short.strip(): full.strip() for short, sign, full in pairs if sign}


def seconds_of(lines: list[str] | tuple[str, ...]) -> int:
    """How long somebody reads them, once."""
    return round(sum(len(line.split()) / _SYLLABLES_A_SECOND + _BREATH for line in lines))


def _breathe(sentence: str) -> list[str]:
    """A long sentence in several, parted at commas where each part still says something."""
    words = " ".join(sentence.split()).strip(" .;:,!?-")
    if not words:
        return []
    lines, line = [], ""
    for part in words.split(", "):
        longer = f"{line}, {part}" if line else part
        if (
            line
            and len(longer.split()) > _LONGEST
            and len(line.split()) >= _SHORTEST
            and len(part.split()) >= _SHORTEST
        ):
            lines.append(line)
            line = part
        else:
            line = longer
    return [f"{one[:1].upper()}{one[1:]}." for one in [*lines, line]]


def _number(digits: str) -> str:
    # A leading nought or very many digits are a number to dial or to write down.
    return (
        digit_words(digits)
        if len(digits) > 12 or (len(digits) > 1 and digits[0] == "0")
        else number_words(int(digits))
    )


def _date(found: re.Match[str]) -> str:
    day, month, year = int(found["day"]), int(found["month"]), found["year"]
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return found[0]
    return date_words(day, month, int(year) if year else None)


def _days(found: re.Match[str]) -> str:
    last = date_words(int(found["last"]), int(found["month"]))
    return f"ngày {number_words(int(found['first']))} đến {last}"


def _hour(found: re.Match[str]) -> str:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    return hour_words(hour, minute) if hour < 25 and minute < 60 else found[0]


def _thousands(found: re.Match[str]) -> str:
    return number_words(int(found[0].replace(".", "")))


def _decimal(found: re.Match[str]) -> str:
    return decimal_words(int(found["whole"]), found["behind"])


def _dialled(found: re.Match[str]) -> str:
    return f"{found['lead']}{digit_words(found['number'])}"


_RULES: tuple[tuple[re.Pattern[str], _Change], ...] = (
    # «gọi 113», «số 1022», «0912 345 678», «1900 0368»: digit by digit
    (
        re.compile(r"(?P<lead>\b(?:[Gg]ọi|máy|thoại|đài|nóng|số)(?: số)?:? )(?P<number>1\d{2,3})(?![\d/.])"),
        _dialled,
    ),
    (
        re.compile(
            r"(?P<lead>)(?<![\d/])(?P<number>0\d{2,3}[ .-]?\d{3}[ .-]?\d{3,4}|1[89]00[ .-]?\d{4,6})(?!\d)"
        ),
        _dialled,
    ),
    (
        re.compile(
            r"(?:[Nn]gày )?(?<![\d/])(?P<first>\d{1,2}) ?[-–] ?(?P<last>\d{1,2})/(?P<month>\d{1,2})(?![\d/])"
        ),
        _days,
    ),
    (
        re.compile(
            r"(?:[Nn]gày )?(?<![\d/])(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}))?(?![\d/])"
        ),
        _date,
    ),
    (
        re.compile(r"\btháng (?P<month>\d{1,2})/(?P<year>\d{4})"),
        lambda f: f"tháng {f['month']} năm {f['year']}",
    ),
    (re.compile(r"(?<=\w) ?[-–] ?(?=\d)"), lambda _: " đến "),
    (re.compile(r"\b(?P<hour>\d{1,2}) ?(?:h|g|:)(?P<minute>\d{2})?(?![\w])"), _hour),
    (re.compile(r"(?<=\d)\s?(?:VNĐ|VND|đồng|đ)(?!\w)"), lambda _: " đồng"),
    (re.compile(r"\d{1,3}(?:\.\d{3})+(?!\d)"), _thousands),
    (re.compile(r"(?P<whole>\d+),(?P<behind>\d+)"), _decimal),
    (re.compile(r"(?<=\d) ?%"), lambda _: " phần trăm"),
    (re.compile(r"(?<=\d) ?m[2²]\b"), lambda _: " mét vuông"),
    (re.compile(r"(?<=\d) ?km\b"), lambda _: " ki lô mét"),
    (re.compile(r"(?<=\d) ?kg\b"), lambda _: " ki lô gam"),
    (re.compile(r"(?<=\d) ?ha\b"), lambda _: " héc ta"),
    (re.compile(r"(?<=\d) ?cm\b"), lambda _: " xăng ti mét"),
    (re.compile(r"(?<=\d) ?m\b"), lambda _: " mét"),
    (re.compile(r"(?<=\d) ?°C"), lambda _: " độ"),
    (re.compile(r"(?<=\d)(?=[A-ZĐ]\b)"), lambda _: " "),
    (
        re.compile(r"\b(?P<lead>[Qq]uý|[Kk]hóa|[Kk]ỳ|thứ|[Cc]ấp|[Ll]oại|[Cc]hương) (?P<roman>[IVX]{1,4})\b"),
        lambda f: f"{f['lead']} {_ROMAN.get(f['roman'], f['roman'])}",
    ),
    (re.compile(r"&"), lambda _: "và"),
)
