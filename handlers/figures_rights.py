"""Who may see which figures: leaders and overseers of the whole ward, heads of their department, nobody else."""

from __future__ import annotations

from dataclasses import dataclass

from storage.models import Staff
from storage.statuses import StaffRole


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees: `department` None is the whole ward; `opens`: may open the cases behind a figure."""

    department: str | None
    opens: bool

    def reaches(self, department: str | None) -> bool:
        """True for figures that this person may see."""
        return self.department is None or self.department == department


def sight_of(staff: Staff | None) -> Sight | None:
    """What this person of the office, or overseer, may see; None for nothing."""
    if staff is None or not staff.active:
        return None
    if staff.role == StaffRole.LEADER:
        return Sight(None, True)
    if staff.role == StaffRole.OVERSEER:
        return Sight(None, False)
    if staff.role == StaffRole.OFFICER and staff.is_head:
        return Sight(staff.department or "", True)
    return None
