"""The verdict in one sentence and all criteria in a row, as start page and scorecard show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.scorecard.model import Count, Strip, Tile
from ntm_gis.outputs.scorecard.said import MARKS, number, of_judged, verdict, words
from ntm_gis.outputs.scorecard.tabled import records
from ntm_gis.results import Measure

FRAME = "scorecard"


def strip(answer: Answer, layers: Layers, lang: str, page: str = "") -> Strip:
    """Return the row of criteria of the commune's set.

    Parameters
    ----------
    page : str
        The page that tiles lead to; "" for the page they stand on.
    """
    by_id = {m.id: m for m in answer.measures}
    own = layers.commune.commune.criteria_set
    rows = [
        (row, by_id[row["id"]].judged)
        for row in records(answer, FRAME)
        if row["criteria_set"] == own and row["kind"] == "criterion" and row["id"] in by_id
    ]
    tiles = tuple(
        Tile(
            str(row["code"]), text_for_html(row[f"title_{lang}"]), of_judged(judged, lang),
            f"{page}#tieu-chi-{row['code']}",
        )
        for row, judged in rows
    )  # fmt: skip
    met = by_id.get("score.met")
    official = bool(rows) and all(judged is not None and judged.official for _, judged in rows)
    return Strip(
        number(None if met is None else met.value, 0, lang),
        words("of_criteria", lang, n=len(tiles)), _perhaps(met, lang), _counts(tiles, lang), tiles,
        official,
    )  # fmt: skip


def _perhaps(met: Measure | None, lang: str) -> str:
    """Say how many may be met, once what is unknown is known."""
    if met is None or met.value is None or met.high is None or met.high <= met.value:
        return ""
    return words("perhaps_met", lang, n=met.high)


def _counts(tiles: Sequence[Tile], lang: str) -> tuple[Count, ...]:
    found = Counter(tile.verdict.code for tile in tiles)
    return tuple(
        Count(verdict(code, lang), number(found[code], 0, lang), found[code]) for code in MARKS
    )
