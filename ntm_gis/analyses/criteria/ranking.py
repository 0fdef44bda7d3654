"""What to survey or settle first: what decides whole criteria, then field work, then desk work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ntm_gis.analyses.listing import listing
from ntm_gis.results import Verdict, Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd

    from ntm_gis.analyses.criteria.measures import Card
    from ntm_gis.results import Finding

FRAME = "survey_first"

COLUMNS: dict[str, type] = {
    "id": str, "rank": float, "criterion": str, "decides_vi": str, "decides_en": str,
    "do_vi": str, "do_en": str, "state": str,
}  # fmt: skip

FIELD, DESK = "field", "desk"
_ORDER = {
    "CRITERIA_SURVEY": 0, "CRITERIA_SURVEY_ALL": 1, "CRITERIA_SETTLE": 2,
    "CRITERIA_FIGURE_SEX": 3, "CRITERIA_FIGURE_NUMBER": 3, "CRITERIA_FIGURE_MISSING": 3,
    "CRITERIA_PARTS_OPEN": 4,
}  # fmt: skip
"""Findings that say what would decide an indicator, field work first."""
_IN_THE_FIELD = ("CRITERIA_SURVEY", "CRITERIA_SURVEY_ALL")
_CLOSED = (Verdict.MET, Verdict.NOT_APPLICABLE)


def frame(card: Card | None, decides: Mapping[str, Finding], zone: str) -> gpd.GeoDataFrame:
    """Return the frame `survey_first`: a row an undetermined indicator, the first to do first.

    Parameters
    ----------
    card : Card or None
        The commune's own set, scored; None where no set is named.
    decides : mapping of str to Finding
        By code of an undetermined indicator, what would decide it.
    zone : str

    Notes
    -----
    `rank` counts from 1. `criterion` is the one that the indicator decides alone, because all
    else of it is met or not asked; blank where it decides none. `state`: field or desk.
    """
    return listing(COLUMNS, () if card is None else _rows(card, decides), zone)


def _rows(card: Card, decides: Mapping[str, Finding]) -> Iterator[tuple[object, ...]]:
    alone = deciding(card)
    ranked = sorted(
        decides, key=lambda code: (code not in alone, _ORDER[decides[code].code], _natural(code))
    )
    for rank, code in enumerate(ranked, 1):
        found = decides[code]
        do = found.repair or Words("", "")
        state = FIELD if found.code in _IN_THE_FIELD else DESK
        yield (
            code, rank, alone.get(code), found.message.vi, found.message.en, do.vi or None,
            do.en or None, state,
        )  # fmt: skip


def deciding(card: Card) -> dict[str, str]:
    """Return indicators that alone stand between a criterion and its verdict, and that one."""
    out = {}
    for criterion, codes in card.score.of_criterion.items():
        verdicts = {code: card.score.indicators[code].verdict for code in codes}
        others = [code for code, verdict in verdicts.items() if verdict not in _CLOSED]
        if len(others) == 1 and verdicts[others[0]] == Verdict.UNDETERMINED:
            out[others[0]] = criterion
    return out


def _natural(code: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", code))
