"""Hand-made layers for tests of analyses: rows as dicts, typed as the checks type them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from ntm_gis.analyses.question import Question
from ntm_gis.layers.values import (
    FILE,
    LOCATED_BY,
    ROW,
    STATE,
    TABLE,
    USED,
    Account,
    Answer,
    Grid,
    Layer,
    Layers,
    Origin,
)
from ntm_gis.rules.commune import Commune, SourceEntry
from ntm_gis.rules.schema import Field, schema

if TYPE_CHECKING:
    from ntm_gis.analyses.question import Analysis
    from ntm_gis.results import Finding, Measure

CRS = "EPSG:9205"
WEST, SOUTH = 570_000.0, 2_455_000.0
AS_OF = dt.date(2025, 12, 31)

Row = Mapping[str, Any]


def commune(**changes: Any) -> Commune:
    """A commune in special difficulty in the northern mountains."""
    identity = {
        "code": "03601", "name": "Mường Khoa", "province": "Lai Châu", "crs": CRS,
        "as_of": AS_OF, "region": "northern-midlands-mountains", "special_difficulty": True,
        **changes,
    }  # fmt: skip
    return Commune.model_validate({"commune": identity})


def layers(
    commune_: Commune | None = None, elevation: Grid | None = None, **rows: Sequence[Row] | None
) -> Layers:
    """Layers of a commune: a list of rows for each layer that is given.

    Where it is not among them, the boundary is 5 km away on every side of a square of 10 km;
    `boundary=None` leaves it out.
    """
    rows.setdefault("boundary", ground(box(-5000, -5000, 15_000, 15_000)))
    made = {name: layer(name, given) for name, given in rows.items() if given is not None}
    return Layers(commune_ or commune(), MappingProxyType(made), elevation)


def ask(
    analysis: Analysis,
    commune_: Commune | None = None,
    *,
    measures: Sequence[Measure] = (),
    **rows: Any,
) -> Answer:
    """What one analysis answers of the layers made of some rows."""
    return analysis.answer(Question(layers(commune_, **rows), measures=tuple(measures)))


def ground(*shapes: shapely.Geometry) -> list[Row]:
    """Rows of the boundary."""
    return [{"unit_code": "03601", "name": "Mường Khoa", "geometry": shape} for shape in shapes]


def layer(name: str, rows: Sequence[Row], findings: Sequence[Finding] = ()) -> Layer:
    """A checked layer; rows without geometry have none, `@state` is used unless said."""
    found = schema(name)
    file = f"sources/{name}.gpkg"
    columns: dict[str, Any] = {
        field.name: typed(field, [row.get(field.name) for row in rows]) for field in found.fields
    }
    extra = dict.fromkeys(k for row in rows for k in row if k not in columns)
    for key in extra:
        if key not in {"geometry", STATE}:
            columns[key] = pd.Series([row.get(key) for row in rows], dtype=object)
    columns.setdefault(LOCATED_BY, pd.Series([None] * len(rows), dtype=object))
    columns |= {
        ROW: pd.Series(range(1, len(rows) + 1), dtype="int64"),
        FILE: pd.Series([row.get(FILE, file) for row in rows], dtype=object),
        TABLE: pd.Series([None] * len(rows), dtype=object),
        STATE: pd.Series([row.get(STATE, USED) for row in rows], dtype=object),
    }
    geometry = gpd.GeoSeries([row.get("geometry") for row in rows], crs=CRS)
    frame = gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS)
    states = frame[STATE].tolist()
    origin = Origin(file, name, SourceEntry(layer=name, file=file), sha256="0" * 64)
    account = Account(
        file, None, "0" * 64, name, len(rows), states.count(USED), len(rows) - states.count(USED), 0
    )
    return Layer(found, frame, (origin,), (account,), tuple(findings))


def typed(field: Field, values: list[Any]) -> pd.Series[Any]:
    """A column as the checks leave it."""
    kinds = {"number": "float64", "integer": "Int64", "boolean": "boolean"}
    if field.type == "date":
        return pd.Series(pd.to_datetime(values), dtype="datetime64[s]")
    return pd.Series(values, dtype=kinds.get(field.type, object))


def at(x: float, y: float) -> shapely.Point:
    """A point, metres from the commune's corner."""
    return shapely.Point(WEST + x, SOUTH + y)


def line(*points: tuple[float, float]) -> shapely.LineString:
    """A line, metres from the commune's corner."""
    return shapely.LineString([(WEST + x, SOUTH + y) for x, y in points])


def box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    """A rectangle, metres from the commune's corner."""
    return shapely.box(WEST + x0, SOUTH + y0, WEST + x1, SOUTH + y1)


def by_id(answer: Answer) -> dict[str, Measure]:
    """The measures of an answer."""
    return {measure.id: measure for measure in answer.measures}


def codes(answer: Answer) -> list[str]:
    """The codes of an answer's findings, in order."""
    return [finding.code for finding in answer.findings]


def check_evidence(answer: Answer) -> None:
    """What holds for every measure: the evidence adds up, the bounds hold the value."""
    for measure in answer.measures:
        known = [part for part in measure.evidence.features if not part.unknown]
        if measure.numerator is not None:
            assert sum(p.amount for p in known) == pytest.approx(
                measure.numerator, rel=1e-9, abs=1e-12
            ), measure.id
        assert all(p.amount == 0 for p in measure.evidence.features if p.unknown), measure.id
        if measure.value is not None:
            slack = 1e-9 * max(1.0, abs(measure.value))
            assert measure.low is None or measure.low <= measure.value + slack, measure.id
            assert measure.high is None or measure.value <= measure.high + slack, measure.id
