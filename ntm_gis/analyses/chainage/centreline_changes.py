"""Roads whose line is not the one that reports were made on, or runs the other way round."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ntm_gis import text
from ntm_gis.analyses.chainage import stakes
from ntm_gis.analyses.chainage.axis import CM
from ntm_gis.analyses.chainage.centrelines import CarryOver, axis_of, by_digest, carry_over, is_same
from ntm_gis.analyses.chainage.stakes import RoadLine, calibrated, stakes_by_road
from ntm_gis.analyses.columns import Floats, shapes, texts
from ntm_gis.analyses.places import at_row
from ntm_gis.analyses.progress.frames import frame
from ntm_gis.results import Words, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import geopandas as gpd

    from ntm_gis.layers.decisions import Centreline, Claim, Decisions
    from ntm_gis.layers.values import Layers
    from ntm_gis.results import Finding

ROADS, VILLAGES = "roads", "villages"

TURNED = 0.5
"""The ends named fit the other way round if that brings them together so much nearer."""

LEAST_M = 100.0
"""… and by so many metres at least."""


@dataclass(frozen=True)
class Change:
    """A road that has been drawn anew since reports were made on an earlier version.

    Parameters
    ----------
    turned : bool
        Today's line is the same ground from the other end; then `carried` is on the line as it
        was meant, from the old start.
    """

    version: Centreline
    old: RoadLine
    new: RoadLine
    carried: CarryOver
    turned: bool

    def new_of(self, official_cm: int) -> int:
        """Return the chainage that a place of the old line has on today's."""
        place = self.carried.new_of(self.old.place_cm(official_cm))
        return self.new.calibration.official_of(place)

    def difference_m(self, official_cm: int) -> float:
        """Return by how many metres the chainage of a place changes."""
        return (self.new_of(official_cm) - official_cm) / CM

    @property
    def largest_m(self) -> float:
        """Greatest change of chainage along the road, with its sign."""
        places = (self.old.calibration.official_of(int(cm)) for cm in self.carried.old_cm)
        return max((self.difference_m(cm) for cm in places), key=abs)


def versions(
    layers: Layers, decisions: Decisions, lines: Mapping[str, RoadLine]
) -> tuple[dict[str, RoadLine], list[Change]]:
    """Return the lines that the record holds by digest, and those that changed since.

    Only versions that a claim or a survey of the record was made on are looked at.
    """
    asked = {claim.centreline for claim in decisions.claims}
    asked |= {survey.centreline for survey in decisions.surveys}
    given, places = stakes_by_road(layers["stakes"]), shapes(layers["stakes"].used)
    known: dict[str, RoadLine] = {}
    changes = []
    for key, version in sorted(by_digest(decisions.centrelines).items()):
        axis = axis_of(version)
        if key not in asked or axis is None or version.zone != layers.commune.commune.crs:
            continue
        road_id = version.road_id
        old = RoadLine(road_id, axis, calibrated(axis, given.get(road_id, []), places)[0])
        known[key] = old
        today = lines.get(road_id)
        if today is None or is_same(axis, today.axis):
            continue
        turned = _is_turned(axis.xy, today.axis.xy)
        meant = today
        if turned:
            back = today.axis.reversed()
            meant = RoadLine(road_id, back, calibrated(back, given.get(road_id, []), places)[0])
        changes.append(Change(version, old, meant, carry_over(axis, meant.axis), turned))
    return known, sorted(changes, key=lambda c: (c.version.road_id, c.version.version))


def _is_turned(old: Floats, new: Floats) -> bool:
    straight = _apart(old[0], new[0]) + _apart(old[-1], new[-1])
    crossed = _apart(old[0], new[-1]) + _apart(old[-1], new[0])
    return crossed < TURNED * straight


def _apart(a: Floats, b: Floats) -> float:
    return float(np.hypot(*(a - b)))


def findings(
    layers: Layers, decisions: Decisions, changes: Iterable[Change], lines: Mapping[str, RoadLine]
) -> Iterator[Finding]:
    """Yield roads drawn anew, with what that does to chainages, and roads drawn backwards."""
    layer = layers[ROADS]
    row_of = {key: row for row, key in enumerate(texts(layer.used, "road_id"))}
    why: dict[str, list[Words]] = defaultdict(list)
    for change in changes:
        road_id = change.version.road_id
        if change.turned:
            on = change.version.entered_on
            why[road_id].append(sentence("TURNED_BY_RECORD", {"on": on}))
        if change.turned and is_same(change.old.axis, change.new.axis):
            continue
        yield at_row(
            "CENTRELINE_REDRAWN", layer, row_of[road_id],
            on=change.version.entered_on, old_m=change.old.axis.length_m,
            new_m=change.new.axis.length_m, difference=change.largest_m,
            away=change.carried.farthest_m, reports=len(_on(change, decisions.claims)),
        )  # fmt: skip
    for road_id, evidence in stakes.turned(lines):
        why[road_id].append(evidence)
    for road_id, evidence in turned_by_names(layers, lines):
        why[road_id].append(evidence)
    for road_id, evidences in sorted(why.items()):
        yield at_row("ROAD_REVERSED", layer, row_of[road_id], why=tuple(dict.fromkeys(evidences)))


def turned_by_names(layers: Layers, lines: Mapping[str, RoadLine]) -> Iterator[tuple[str, Words]]:
    """Yield roads whose named ends are villages that lie at the other ends.

    Notes
    -----
    Both ends have to be names of one village each that has a place, and to lie nearer by half,
    and by 100 m, if the road is taken from its other end.
    """
    villages = layers[VILLAGES].used
    by_name: dict[str, list[Floats]] = defaultdict(list)
    for name, place in zip(texts(villages, "name"), shapes(villages), strict=True):
        if name is not None and place is not None:
            point = place.representative_point()
            by_name[text.village_key(name)].append(np.array([point.x, point.y]))
    used = layers[ROADS].used
    rows = zip(
        texts(used, "road_id"), texts(used, "start_name"), texts(used, "end_name"), strict=True
    )
    for road_id, start, end in rows:
        line = lines.get(road_id or "")
        if line is None or road_id is None or start is None or end is None or line.axis.is_ring:
            continue
        ends = [by_name.get(text.village_key(name), []) for name in (start, end)]
        if len(ends[0]) != 1 or len(ends[1]) != 1:
            continue
        (a,), (b,) = ends
        first, last = line.axis.xy[0], line.axis.xy[-1]
        straight, crossed = _apart(a, first) + _apart(b, last), _apart(a, last) + _apart(b, first)
        if crossed < TURNED * straight and straight - crossed > LEAST_M:
            yield road_id, sentence("TURNED_BY_NAMES", {"start": start, "end": end})


def _on(change: Change, claims: Iterable[Claim]) -> list[Claim]:
    return [claim for claim in claims if claim.centreline == change.version.digest]


COLUMNS = (
    "id", "road_id", "version", "report_id", "work_id", "old_from_m", "old_to_m", "new_from_m",
    "new_to_m", "difference_m", "state",
)  # fmt: skip


def road_carry_over(
    changes: Iterable[Change], claims: Iterable[Claim], zone: str
) -> gpd.GeoDataFrame:
    """Return the claims made on earlier lines, with the chainages they would have today.

    Returns
    -------
    GeoDataFrame
        `difference_m` is the greater change of the two ends; `state` is "redrawn" or "turned";
        geometry is the stretch on the line that the claim was made on.
    """
    rows: list[tuple[Any, ...]] = []
    drawn = []
    claims = tuple(claims)
    for change in changes:
        for claim in _on(change, claims):
            since, until = claim.from_cm, claim.to_cm
            if since is None or until is None or since >= until:
                continue
            moved = [change.difference_m(cm) for cm in (since, until)]
            rows.append((
                claim.report_id, change.version.road_id, change.version.version, claim.report_id,
                claim.work_id, since / CM, until / CM, since / CM + moved[0],
                until / CM + moved[1], max(moved, key=abs),
                "turned" if change.turned else "redrawn",
            ))  # fmt: skip
            drawn.append(change.old.cut(since, until))
    columns = dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True)) if rows else {}
    return frame(columns or {name: [] for name in COLUMNS}, drawn, zone)
