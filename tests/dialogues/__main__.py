"""`python -m tests.dialogues`: the share understood, by kind and half; misses of the tuning half with `--missed`."""

from __future__ import annotations

import sys

from tests.dialogues.playing import Score, hold
from tests.dialogues.reading import KINDS, load_dialogues


def _table(name: str, score: Score) -> None:
    print(
        f"{name}: {score.share():.1%} understood, {score.outright.total() / score.judged.total():.1%} outright"
    )
    for kind in KINDS:
        judged, outright = score.judged[kind], score.outright[kind] / max(1, score.judged[kind])
        print(f"  {kind:12} {judged:4} turns  {score.share(kind):7.1%} understood  {outright:7.1%} outright")
    print(f"  new questions bent to the last subject: {score.bent} of {score.judged['cau-moi']}")


def main(arguments: list[str]) -> None:
    """Hold all dialogues. What the test half misses is never printed: it is not for tuning."""
    dialogues = load_dialogues()
    tune = hold(one for one in dialogues if one.is_for_tuning)
    _table("tuning half", tune)
    if "--missed" in arguments:
        print("\n".join(tune.missed))
    _table("test half", hold(one for one in dialogues if not one.is_for_tuning))


if __name__ == "__main__":
    main(sys.argv[1:])
