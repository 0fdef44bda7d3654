"""Tables as sources would hand them over, small enough to be read in the test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from ntm_gis.layers.gather import gather as gather_layers
from ntm_gis.layers.values import Grid, Layer, Layers, Origin, Raw
from ntm_gis.results import Finding
from ntm_gis.rules.commune import Commune, SourceEntry
from ntm_gis.rules.schema import LayerSchema

ZONE = "EPSG:9205"
# 20 km by 16 km around 103.70 E 22.20 N.
BOUNDARY = shapely.box(560_000, 2_450_000, 580_000, 2_466_000)


def _raw(
    layer: str,
    data: Mapping[str, Sequence[object]],
    geometry: Sequence[shapely.Geometry | None] | None = None,
    **options: Any,
) -> Raw:
    file = options.pop("file", f"sources/{layer}.gpkg")
    refused = options.pop("refused", 0)
    table = options.pop("table", None)
    first = options.pop("first", 1)
    columns = {
        name: pd.Series(list(values), dtype=options.pop("dtype", None) or _kind(values))
        for name, values in data.items()
    }
    frame = pd.DataFrame(columns)
    rows = len(frame) if columns else len(geometry or ())
    frame["@row"] = range(first, first + rows)
    shapes = gpd.GeoSeries(list(geometry) if geometry is not None else [None] * rows, crs=ZONE)
    entry = SourceEntry(layer=layer, file=file, **options)
    origin = Origin(file, layer, entry, table, "0" * 64, ZONE)
    return Raw(gpd.GeoDataFrame(frame, geometry=shapes), origin, (), refused)


def _kind(values: Sequence[object]) -> Any:
    return None if all(isinstance(value, str) for value in values) else object


def _commune(*predecessors: tuple[str, str]) -> Commune:
    return Commune.model_validate(
        {
            "commune": {
                "code": "03601", "name": "Mường Khoa", "province": "Lai Châu", "crs": ZONE,
                "as_of": "2025-12-31",
            },
            "predecessor": [
                {"id": id_, "code": f"0360{i}", "name": name}
                for i, (id_, name) in enumerate(predecessors, 1)
            ],
        }
    )  # fmt: skip


def _gather(*raws: Raw, grids: Sequence[Grid] = (), boundary: bool = False) -> Layers:
    commune = _commune(("F1", "Mường Khoa (cũ)"), ("F2", "Phúc Khoa"))
    if boundary:
        whole = _raw("boundary", {"unit_code": ["03601"], "name": ["Mường Khoa"]}, [BOUNDARY])
        raws = (whole, *raws)
    return gather_layers(raws, grids, commune)


def _schema(*fields: Mapping[str, Any], **layer: Any) -> LayerSchema:
    """Make a schema: fields as mappings, titles left out."""
    made = []
    for field in fields:
        name = field["name"]
        title = {"vi": f"Cột {name}", "en": f"Column {name}"}
        made.append({"type": "text", "title": title, **field})
    title = {"vi": "Lớp thử", "en": "Test layer"}
    return LayerSchema.model_validate({"name": "test", "title": title, "field": made, **layer})


def _codes(found: Layer | Layers, code: str | None = None) -> Any:
    """Return the codes of findings, or the findings of one code."""
    if code is None:
        return sorted({finding.code for finding in found.findings})
    return [finding for finding in found.findings if finding.code == code]


def _one(found: Layer | Layers, code: str) -> Finding:
    """Return the one finding of a code."""
    (finding,) = _codes(found, code)
    assert isinstance(finding, Finding)
    return finding


@pytest.fixture(scope="session")
def raw() -> Callable[..., Raw]:
    return _raw


@pytest.fixture(scope="session")
def gather() -> Callable[..., Layers]:
    return _gather


@pytest.fixture(scope="session")
def make_schema() -> Callable[..., LayerSchema]:
    return _schema


@pytest.fixture(scope="session")
def codes() -> Callable[..., Any]:
    return _codes


@pytest.fixture(scope="session")
def one() -> Callable[..., Finding]:
    return _one
