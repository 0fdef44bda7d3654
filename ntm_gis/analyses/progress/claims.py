"""Reports of road works as claims: of the layer `road_reports` and of the record, each once."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from typing import TYPE_CHECKING

from ntm_gis.analyses.chainage.axis import CM, centimetres
from ntm_gis.analyses.columns import amounts, days, ids, texts
from ntm_gis.layers.decisions import Claim, Place
from ntm_gis.layers.values import FILE, ROW, TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ntm_gis.layers.values import Layer

LAYER = "road_reports"

_MM_PER_CM = 10


def claims_of(reports: Layer) -> tuple[Claim, ...]:
    """Return the used rows of `road_reports` as claims, in the order of the rows.

    Whoever takes reports into the record makes them by this too: then a row is the same claim
    whichever way it came in.

    Parameters
    ----------
    reports : Layer
        The layer `road_reports`, checked.
    """
    used = reports.used
    digests = {origin.file: origin.sha256 for origin in reports.origins}
    said = zip(
        ids(reports), texts(used, "work_id"),
        map(centimetres, amounts(used, "from_m").tolist()),
        map(centimetres, amounts(used, "to_m").tolist()),
        texts(used, "stage"), days(used, "reported_on"), texts(used, "reported_by"),
        texts(used, "verified_by"), texts(used, "minute_no"),
        map(centimetres, amounts(used, "width_m").tolist()),
        map(_millimetres, amounts(used, "thickness_cm").tolist()),
        texts(used, "photo"),
        strict=True,
    )  # fmt: skip
    places = (
        Place(file, digests.get(file), table, int(row))
        for file, table, row in zip(used[FILE], texts(used, TABLE), used[ROW], strict=True)
    )
    return tuple(
        replace(Claim("", *row), place=place) for row, place in zip(said, places, strict=True)
    )


def _millimetres(thickness_cm: float) -> int | None:
    return None if math.isnan(thickness_cm) else math.floor(round(thickness_cm * _MM_PER_CM, 6))


def once(recorded: Iterable[Claim], given: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return each claim once, whichever way and however often it came in.

    Parameters
    ----------
    recorded : iterable of Claim
        Of the record.
    given : iterable of Claim
        Of sources; where a claim stands in both, it keeps its entry in the record and the
        place in the source, which can be opened.

    Returns
    -------
    tuple of Claim
        In an order of their own (`order`), whatever the order of the input.
    """
    kept: dict[tuple[object, ...], Claim] = {}
    for claim in sorted(recorded, key=lambda c: (order(c), c.entry)):
        kept.setdefault(claim.content, claim)
    for claim in sorted(given, key=lambda c: (order(c), _where(c))):
        known = kept.setdefault(claim.content, claim)
        if known.entry and known is not claim:
            kept[claim.content] = replace(known, place=claim.place or known.place)
    return tuple(sorted(kept.values(), key=order))


def order(claim: Claim) -> tuple[object, ...]:
    """Sort key: by day, undated last; then by id and what is said."""
    return (
        claim.reported_on or dt.date.max,
        claim.report_id,
        *("" if part is None else f"{part!s:>12}" for part in claim.content[1:]),
    )


def _where(claim: Claim) -> tuple[str, str, int]:
    place = claim.place
    return ("", "", 0) if place is None else (place.file, place.table or "", place.row or 0)


def width_m(claim: Claim) -> float | None:
    """Return the width of a claim in metres."""
    return None if claim.width_cm is None else claim.width_cm / CM
