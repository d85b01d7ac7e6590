"""A rule as a row keeps it: plain JSON, so that a better reading of words never changes what was agreed on."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from core.recurrence.rule import Rule

_RULE: TypeAdapter[Rule] = TypeAdapter(Rule)


def rule_to_json(rule: Rule) -> dict[str, Any]:
    """For a column, or for the memory of a conversation."""
    stored: dict[str, Any] = _RULE.dump_python(rule, mode="json")
    return stored


def rule_from_json(stored: dict[str, Any]) -> Rule:
    """What `rule_to_json` gave. Raises ValueError for anything else."""
    return _RULE.validate_python(stored)
