"""The order of the steps of a report, those of a report for somebody else at the end."""

from __future__ import annotations

from handlers.report_behalf import BEHALF_STEPS
from handlers.report_steps import OWN_STEPS
from handlers.report_taken import Step

STEPS = (*OWN_STEPS, *BEHALF_STEPS)


def find_step(name: str | None) -> Step | None:
    """The step of this name; the summary is none of them."""
    return next((step for step in STEPS if step.name == name), None)
