"""Numbers, dates, hours and telephone numbers as they are read aloud in Vietnamese."""

from __future__ import annotations

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu", "tỷ")
_MOST = 10 ** (3 * len(_GROUPS))


def number_words(number: int) -> str:
    """105 → «một trăm linh năm», 2026 → «hai nghìn không trăm hai mươi sáu». Raises ValueError beyond 999 tỷ."""
    if not 0 <= number < _MOST:
        raise ValueError(f"{number} is not read aloud")
    if number == 0:
        return _DIGITS[0]
    groups: list[int] = []
    while number:
        number, rest = divmod(number, 1000)
        groups.append(rest)
    words: list[str] = []
    for at in range(len(groups) - 1, -1, -1):
        if groups[at]:
            # Behind a larger group the hundreds are said even when there are none.
            words += [_under_thousand(groups[at], full=at < len(groups) - 1), _GROUPS[at]]
    return " ".join(word for word in words if word)


def digit_words(text: str) -> str:
    """Digit by digit, in the groups in which a telephone number is written: «không chín một hai, ba bốn năm»."""
    groups = [
        "".join(letter for letter in part if letter.isdigit()) for part in text.replace("-", ".").split(".")
    ]
    if len(groups) == 1:
        groups = [part for part in text.split() if part]
    return ", ".join(
        " ".join(_DIGITS[int(one)] for one in group if one.isdigit()) for group in groups if group
    )


def decimal_words(whole: int, behind: str) -> str:
    """1,5 → «một phẩy năm»."""
    rest = number_words(int(behind)) if behind[0] != "0" else " ".join(_DIGITS[int(one)] for one in behind)
    return f"{number_words(whole)} phẩy {rest}"


def date_words(day: int, month: int, year: int | None = None) -> str:
    """«ngày hai mươi lăm tháng mười một năm …»; April is called «tháng tư»."""
    named = "tư" if month == 4 else number_words(month)
    words = f"ngày {number_words(day)} tháng {named}"
    return words if year is None else f"{words} năm {number_words(year)}"


def hour_words(hour: int, minute: int = 0) -> str:
    """7:30 → «bảy giờ ba mươi»; a full hour has no minutes."""
    return f"{number_words(hour)} giờ" + (f" {number_words(minute)}" if minute else "")


def _under_thousand(number: int, *, full: bool) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_DIGITS[hundreds]} trăm"] if hundreds or full else []
    if rest:
        words.append(_under_hundred(rest, behind_hundreds=bool(words)))
    return " ".join(words)


def _under_hundred(number: int, *, behind_hundreds: bool) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return f"linh {_DIGITS[ones]}" if behind_hundreds else _DIGITS[ones]
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if ones == 0:
        return head
    if ones == 5:
        return f"{head} lăm"
    if tens > 1 and ones in (1, 4):
        return f"{head} {'mốt' if ones == 1 else 'tư'}"
    return f"{head} {_DIGITS[ones]}"
