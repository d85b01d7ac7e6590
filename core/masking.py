"""Covers numbers in what people write, wherever their words are kept apart from them: no number is needed there."""

from __future__ import annotations

import re
from typing import Final

COVER: Final = "***"
"""Stands in the place of what was covered, where nobody reads it aloud."""
MASKED: Final = "[số đã che]"
"""The same for people: the sentence report.masked_number. It is no word of the text: nothing is understood by it."""

# Four digits or more, with or without signs between them: telephone, identity, card and account numbers, one-time
# codes, dates of birth, plates. A year or a price goes as well; for learning how people ask neither is needed.
_NUMBER = re.compile(r"(?<!\d)\+?\d(?:[ .,:/()–-]{0,2}\d){3,}(?!\d)")
_ADDRESS = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+", re.IGNORECASE)


def mask_numbers(text: str) -> str:
    """The text with every number of four digits or more, every link and every mail address covered.

    Small numbers stay: "con 14 tuổi", "30 ngày". What was covered before stays covered.
    """
    return _NUMBER.sub(COVER, _ADDRESS.sub(COVER, text))
