"""What officials are told of a system of coordinates: which fits, how far it moves, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ntm_gis import crs
from ntm_gis.results import Words, sentence
from ntm_gis.sources.readers.parsed import Told

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ntm_gis.crs import Hypothesis


def score(hypothesis: Hypothesis, *, wide: bool) -> float:
    """Return how well a system fits; data that reach beyond the commune fit by its surroundings."""
    share = hypothesis.near_share or 0.0
    return share if wide else (hypothesis.share + share) / 2


def contradiction(
    points: NDArray[np.float64], said: str, other: Hypothesis | None, zone: str
) -> Told:
    """Say that a system cannot be right, which one fits, and how far apart the two lie."""
    if other is None:
        return Told("CRS_IMPOSSIBLE", params={"said": label(said)})
    km = distance_km(points[:1000], said, other, zone)
    far = (
        sentence("CRS_MOVES", {"km": km}) if km is not None else sentence("CRS_NO_PLACE_AT_ALL", {})
    )
    return Told("CRS_CONTRADICTION", params={
        "said": label(said), "system": words(other), "share": 100 * other.share,
        "far": far, "advice": advice(other)})  # fmt: skip


def distance_km(
    points: NDArray[np.float64], said: str, other: Hypothesis, zone: str
) -> float | None:
    """Return how far apart the two readings put points; None where one has no place for them."""
    here = crs.transformer(said, zone).transform(points[:, 0], points[:, 1])
    there = other.to_zone(points[:, 0], points[:, 1], zone)
    apart = np.hypot(here[0] - there[0], here[1] - there[1])
    finite = apart[np.isfinite(apart)]
    return float(np.median(finite)) / 1000 if len(finite) else None


def guess(
    best: Hypothesis | None, ranked: list[Hypothesis], *, wide: bool, ground: bool = True
) -> Words:
    """Say which system fits best, and which others put the points there too.

    Whether points fall inside cannot tell the datum (223 m) nor the scale of the grid (737 m).
    Without the commune's ground nothing can be said.
    """
    if best is None:
        return sentence("CRS_NO_GUESS" if ground else "CRS_NO_GROUND", {})
    share = best.near_share if wide and best.near_share is not None else best.share
    said = {"system": words(best), "share": 100 * share}
    as_well = [
        h
        for h in ranked
        if h is not best and not h.odd_scale and h.swapped == best.swapped
        and score(h, wide=wide) > score(best, wide=wide) - 0.02
    ]  # fmt: skip
    if not as_well:
        return sentence("CRS_GUESS", said)
    others = Words(*("; ".join(h.label(lang) for h in as_well[:3]) for lang in ("vi", "en")))
    return sentence("CRS_GUESS_SEVERAL", {**said, "others": others})


def advice(best: Hypothesis | None) -> Words:
    """Return what to do: a line for commune.toml where that is enough."""
    if best is None:
        return sentence("CRS_ADVICE_ASK", {})
    if best.swapped or best.prefix or best.odd_scale:
        return sentence("CRS_ADVICE_EXPORT", {"system": words(best)})
    return sentence("CRS_ADVICE_LINE", {"code": best.source, "system": words(best)})


def label(system: Any) -> Words:
    """Return the name of a system in words for officials."""
    return Words(crs.meridian_label(system, "vi"), crs.meridian_label(system, "en"))


def words(hypothesis: Hypothesis) -> Words:
    """Return a reading of coordinates in words for officials."""
    return Words(hypothesis.label("vi"), hypothesis.label("en"))
