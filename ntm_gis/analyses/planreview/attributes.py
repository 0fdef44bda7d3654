"""Rules about the rows of zones: rings, repeated vertices, blanks, land-use codes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.columns import shapes, texts
from ntm_gis.analyses.coverage.covered import hectares
from ntm_gis.analyses.planreview.case import PLANS, ZONES
from ntm_gis.analyses.planreview.outcomes import Outcome, some
from ntm_gis.layers.values import FILE, ROW, STATE, USED
from ntm_gis.results import Words, sentence
from ntm_gis.rules.codes import code_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.analyses.planreview.case import Case
    from ntm_gis.rules.codes import Code
    from ntm_gis.rules.planning_cards import Rule

_DRAWINGS = (".dxf", ".dgn")
_UNSOUND = frozenset({"GEOMETRY_INVALID", "GEOMETRY_GAP", "GEOMETRY_ZERO", "GEOMETRY_EMPTY"})


def invalid_ring(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield zones and extents whose outline is not valid: set aside when the file was checked."""
    for name in (PLANS, ZONES):
        layer = case.layers[name]
        for told in layer.findings:
            if told.code in _UNSOUND:
                feature = told.feature or told.row
                yield Outcome(
                    rule, rule.breach, f"{name}/{told.file}/{feature}",
                    geometry=_of_row(case, name, told.file, told.row),
                    file=told.file, line=told.row,
                    params={"source": told.file, "line": told.row, "why": told.message},
                )  # fmt: skip


def _of_row(case: Case, name: str, file: str | None, row: int | None) -> shapely.Geometry | None:
    """Return the middle of an outline that is not used, as the place to look at."""
    frame = case.layers[name].frame
    if row is None or STATE not in frame:
        return None
    of = frame[(frame[FILE] == file) & (frame[ROW] == row) & (frame[STATE] != USED)]
    for shape in of.geometry:
        if shape is not None and not shape.is_empty:
            return shapely.box(*shape.bounds).centroid
    return None


def doubled_vertex(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield once for each plan the zones with vertices that all but repeat the one before.

    Notes
    -----
    Zones put together from a drawing are not looked at: their vertices are not the file's.
    """
    least = rule.tolerance.get("length_m", 0.0)
    zones, files = case.zones, case.layers[ZONES].places.files
    there = [k for k, shape in enumerate(zones.shapes)
             if shape is not None and not files[k].lower().endswith(_DRAWINGS)]  # fmt: skip
    rings, owner = shapely.get_rings(zones.shapes[there], return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    step = np.hypot(*np.diff(xy, axis=0).T)
    close = np.flatnonzero((ring[1:] == ring[:-1]) & (step <= least))
    of_zone = [there[owner[ring[vertex]]] for vertex in close]
    for plan, rows in _by_plan(case, of_zone).items():
        points = close[[k for k, zone in enumerate(of_zone) if zones.plan[zone] == plan]]
        yield Outcome(
            rule, rule.breach, plan or "–", _plans(plan), ZONES, rows[0],
            shapely.multipoints(xy[points]), measured=float(len(points)),
            params={"plan": plan, "zones": some(zones.ids[k] for k in rows),
                    "count": len(points), "mm": least * 1000},
        )  # fmt: skip


def attribute_missing(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield once for each plan and field the zones that lack a value that every zone needs.

    Notes
    -----
    So too ids that stand in several rows: none of these can be reviewed.
    """
    yield from _keys_twice(case, rule)
    fields = rule.parameters.get("fields", ())
    layer = case.layers[ZONES]
    unknown = _unknown_codes(case)
    for name in fields if isinstance(fields, tuple) else ():
        if name not in layer.schema.names:
            continue
        # A code that no list has is another fault, and told as such.
        blank = [k for k, value in enumerate(texts(layer.used, name))
                 if value is None and not (name == "land_use" and k in unknown)]  # fmt: skip
        for plan, rows in _by_plan(case, blank).items():
            yield Outcome(
                rule, rule.breach, f"{plan or '–'}/{name}", _plans(plan), ZONES, rows[0],
                _together(case, rows), measured=float(len(rows)),
                params={"plan": plan, "count": len(rows),
                        "zones": some(case.zones.ids[k] for k in rows),
                        "lacking": layer.schema.field(name).title.words},
            )  # fmt: skip


def _keys_twice(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield ids of zones and plans that rows with other content share, with their ground."""
    for name in (PLANS, ZONES):
        layer = case.layers[name]
        told = {
            (found.file, found.row) for found in layer.findings if found.code == "DUPLICATE_KEY"
        }
        if not told or STATE not in layer.frame:
            continue
        frame = layer.frame[layer.frame[STATE] != USED]
        by_key: dict[tuple[str | None, str], list[int]] = defaultdict(list)
        plans = texts(frame, "plan_id") if name == ZONES else [None] * len(frame)
        keys = texts(frame, layer.schema.key or "")
        where = zip(frame[FILE].tolist(), frame[ROW].tolist(), strict=True)
        for n, (place, plan, key) in enumerate(zip(where, plans, keys, strict=True)):
            if place in told and key is not None:
                by_key[plan, key].append(n)
        ground = shapes(frame)
        for (plan, key), rows in by_key.items():
            drawn = [ground[n] for n in rows if ground[n] is not None]
            whole = shapely.union_all(shapely.make_valid(drawn)) if drawn else None
            m2 = 0.0 if whole is None else _hectares(case, whole) * 10_000.0
            of = sentence("PLAN_KEY_TWICE_OF", {"plan": plan}) if plan else Words("", "")
            yield Outcome(
                rule, rule.breach, f"{plan or name}/{key}/twice", _plans(plan), None, None, whole,
                None if whole is None else float(whole.area), m2, measured=float(len(rows)),
                code="key_twice", file=str(frame[FILE].iloc[rows[0]]),
                line=int(frame[ROW].iloc[rows[0]]),
                params={"key": key, "what": layer.schema.title.words, "count": len(rows),
                        "of": of, "ha": m2 / 10_000.0},
            )  # fmt: skip


def _hectares(case: Case, ground: shapely.Geometry) -> float:
    return float(hectares(np.array([ground], dtype=object), case.zone)[0])


def code_unknown(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield codes that no list, or not the list of their plan, has, and where they stand.

    Notes
    -----
    A plan of which no list is stated cannot be judged: once for each plan `no_data`.
    """
    written: dict[tuple[str | None, str], list[int]] = defaultdict(list)
    for k, code in _unknown_codes(case).items():
        written[case.zones.plan[k], code].append(k)
    for (plan_id, code), rows in written.items():
        yield _of_code(
            case, rule, plan_id, code, rows, "code_nowhere", {},
        )  # fmt: skip
    codes = {entry.code: entry for entry in code_list("land_use").codes}
    unstated: dict[str, list[int]] = defaultdict(list)
    for plan_id, code, rows in _by_code(case):
        plan = case.plans.get(plan_id or "")
        if plan is None:
            continue
        if plan.code_list is None:
            unstated[plan.id] += rows
        elif code in codes and not codes[code].flag(plan.code_list):
            title = {"list": _list_title(plan.code_list)}
            yield _of_code(case, rule, plan_id, code, rows, "code_unknown", title)
    for name, rows in unstated.items():
        yield Outcome(
            rule, "no_data", f"{name}/–", (name,), PLANS, case.plans[name].row,
            case.extent(case.plans[name]), code="list_unstated",
            params={"plan": name, "count": len(rows)},
        )  # fmt: skip


def code_old(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield codes that the list in force no longer has, with what took their place."""
    current = str(rule.parameters.get("current", ""))
    codes = {entry.code: entry for entry in code_list("land_use").codes}
    for plan_id, code, rows in _by_code(case):
        entry: Code | None = codes.get(code)
        if entry is None or entry.flag(current):
            continue
        successor = entry.flags.get("successor") or None
        yield _of_code(
            case, rule, plan_id, code, rows, "code_old" if successor else "code_gone",
            {"list": _list_title(current), "successor": successor},
        )  # fmt: skip


def _of_code(
    case: Case, rule: Rule, plan: str | None, code: str, rows: Sequence[int], words: str,
    more: dict[str, object],
) -> Outcome:  # fmt: skip
    return Outcome(
        rule, rule.breach, f"{plan or '–'}/{code}", _plans(plan), ZONES, rows[0],
        _together(case, rows), measured=float(len(rows)), code=words,
        params={"plan": plan, "land_use": code, "count": len(rows),
                "zones": some(case.zones.ids[k] for k in rows), **more},
    )  # fmt: skip


def _unknown_codes(case: Case) -> dict[int, str]:
    """Return zones whose land use was written in a way that no list has, and how."""
    layer = case.layers[ZONES]
    told = {
        (found.file, found.row): str(found.value)
        for found in layer.findings
        if found.code == "CODE_UNKNOWN" and found.field == "land_use" and found.value
    }
    if not told:
        return {}
    where = zip(layer.places.files, layer.places.rows, strict=True)
    return {k: told[place] for k, place in enumerate(where) if place in told}


def _by_code(case: Case) -> list[tuple[str | None, str, list[int]]]:
    """Return land-use codes by plan with the positions of their zones."""
    found: dict[tuple[str | None, str], list[int]] = defaultdict(list)
    for k, (plan, code) in enumerate(zip(case.zones.plan, case.zones.land_use, strict=True)):
        if code is not None:
            found[plan, code].append(k)
    return [(plan, code, zones) for (plan, code), zones in found.items()]


def _by_plan(case: Case, rows: Sequence[int]) -> dict[str | None, list[int]]:
    """Return zones by plan, each once."""
    found: dict[str | None, list[int]] = defaultdict(list)
    for k in dict.fromkeys(rows):
        found[case.zones.plan[k]].append(k)
    return found


def _together(case: Case, rows: Sequence[int]) -> shapely.Geometry | None:
    """Return the ground of zones as one geometry, as it was drawn."""
    shapes = [case.zones.shapes[k] for k in rows if case.zones.shapes[k] is not None]
    if len(shapes) <= 1:
        return shapes[0] if shapes else None
    parts = shapely.get_parts(shapes)
    polygons = parts[shapely.get_dimensions(parts) == 2]
    return shapely.multipoints(shapely.point_on_surface(polygons)) if len(polygons) else None


def _list_title(name: str) -> object:
    entry = next((c for c in code_list("code_list").codes if c.code == name), None)
    return name if entry is None else entry.title.words


def _plans(plan: str | None) -> tuple[str, ...]:
    return () if plan is None else (plan,)
