"""From a figure to its cases: as many as it says, each one tap away; for overseers without anything to open."""

from __future__ import annotations

from core.messages import Choice, Content
from handlers.figures import Report
from handlers.figures_rights import Sight
from handlers.turn import Turn
from storage.figures import By, Fact, Measure, trace

_PAGE = 7


def list_figures(turn: Turn, report: Report, args: str) -> None:
    """The figures that have cases, each to be picked by a tap or a number."""
    total = report.counts.total
    choices = [
        Choice(
            turn.words(
                "figures.which_line", figure=turn.words(f"figures.figure.{figure}"), count=total[figure]
            ),
            f"figures.trace:{args}:{figure}",
        )
        for figure in Measure
        if total[figure]
    ]
    turn.reply(Content(turn.words("figures.which", name=report.name, place=report.place), tuple(choices)))


def show_cases(turn: Turn, report: Report, name: str, offset: int, sight: Sight, args: str) -> None:
    """A page of the cases behind a figure."""
    figure = next((one for one in Measure if one == name), None)
    if figure is None:
        return list_figures(turn, report, args)
    facts = trace(report.facts, figure)
    page = facts[offset : offset + _PAGE]
    told = {"figure": turn.words(f"figures.figure.{figure}"), "name": report.name, "place": report.place}
    back = turn.choice("figures.button.back", f"figures.show:{args}")
    if not page:
        return turn.reply(Content(turn.words("figures.traced_none", **told), (back,)))
    lines = [turn.words("figures.traced", count=len(facts), **told)]
    choices = []
    for fact in page:
        line = case_line(report, fact)
        if sight.opens:
            choices.append(Choice(line, f"officer.show:{fact.ticket_id}"))
        else:
            lines.append(f"• {line}")
    if offset + _PAGE < len(facts):
        action = f"figures.trace:{args}:{figure}:{offset + _PAGE}"
        choices.append(turn.choice("figures.button.more", action))
    choices.append(back)
    return turn.reply(Content("\n".join(lines), tuple(choices)))


def case_line(report: Report, fact: Fact) -> str:
    """A case by its code, what it is about, and where: nothing that anybody wrote."""
    names = {by: report.name_of(by, fact.key(by)) for by in (By.CATEGORY, By.AREA)}
    key = "traced_masked" if fact.area else "traced_line"
    line = report.words(key, code=fact.code, category=names[By.CATEGORY], area=names[By.AREA])
    return line if len(line) <= 60 else line[:59].rstrip() + "…"
