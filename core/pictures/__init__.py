"""Pictures that we draw ourselves: charts as values; `core.pictures.bars` makes PNG of them."""

from __future__ import annotations

from core.pictures.charts import Bar, BarChart, Series, Tone, chart_from_json, chart_to_json

__all__ = ["Bar", "BarChart", "Series", "Tone", "chart_from_json", "chart_to_json"]
