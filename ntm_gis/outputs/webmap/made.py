"""Columns that analyses made of road works, plans and environment, as a card shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ntm_gis.numbers import format_chainage
from ntm_gis.outputs.webmap import texts
from ntm_gis.rules.terms import sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ntm_gis.outputs.webmap.table import Table
    from ntm_gis.rules.schema import Field

FRAMES = frozenset(
    {"road_progress", "road_reports", "tracks", "photos", "plan_findings"}
    | {"tea_bins", "environment_near"}
)
"""Frames whose columns are all of analyses, none of a file."""

TOLD = frozenset({"on", "reports", "not_counted", "work_id", "road_id", "track_id", "state"})
"""What the page tells of a stretch otherwise."""


def columns(table: Table, fields: Mapping[str, Field], lang: str) -> Iterator[dict[str, Any]]:
    """Yield the columns that an analysis made, under words of ours."""
    for name, words in sections()["frame_column"].items():
        column = f"{name}_en" if lang == "en" and f"{name}_en" in table else name
        if column not in table or name in fields or name in TOLD or not table.filled(column):
            continue
        if name == "photo" and "not_counted" in table:
            continue  # of a stretch: told with each report, and with where it was really taken
        if name in ("from_m", "to_m"):
            written_values = texts.column(table[column], lambda v: format_chainage(float(str(v))))
        elif name.endswith("_m"):
            written_values = texts.column(
                table[column], lambda v: texts.amount(float(str(v)), "m", lang, 1)
            )
        elif name.endswith("_ha"):
            written_values = texts.column(
                table[column], lambda v: texts.amount(float(str(v)), "ha", lang, 4)
            )
        else:
            written_values = texts.column(table[column], lambda v: texts.plain(v, lang))
        yield {"title": words.of(lang), **written_values}
