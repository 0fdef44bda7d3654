"""CSDL_QH/: our layers as classes of the planning database of Thông tư 16/2025/TT-BXD.

A thin mapping: names and the six minimum fields are changed, no geometry but outlines and label
points. The class list was never held against the legal text; the folder's first file says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from ntm_gis import crs
from ntm_gis.layers.values import FILE, Layer, Layers
from ntm_gis.outputs import rows, wording
from ntm_gis.outputs.feature_tables import KINDS, GpkgTable, column_of
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.gates import plain
from ntm_gis.outputs.geopackage import write_to
from ntm_gis.outputs.qgis.qml import Kind
from ntm_gis.rules.planning_database import Database, PlanClass, database
from ntm_gis.rules.terms import say

NAME = "CSDL_QH"
README = "DOC_TRUOC.txt"
HOME = ("CSDL_QH", "HoSoGIS")
SETS = ("HienTrang", "QuyHoach")

_LAW = "land_use"
"""The list whose codes are those of the law."""

_ENDINGS: dict[str, Kind] = {"A": "polygon", "L": "line", "P": "point"}


@dataclass(frozen=True)
class Exported:
    """A class of the package: its table, and how many rows have no place of its kind."""

    of: PlanClass
    table: GpkgTable
    left: int


def files(out: Path) -> tuple[Path, ...]:
    """Return every file that the package may have."""
    return (out / NAME / README, *(out.joinpath(*HOME, f"{name}.gpkg") for name in SETS))


def write(layers: Layers, out: Path) -> Path:
    """Write the package into the folder `out`; return the file to be read first.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    made = {name: tuple(exported(layers, name)) for name in SETS}
    for name, classes in made.items():
        path = out.joinpath(*HOME, f"{name}.gpkg")
        if classes:
            write_to(path, [one.table for one in classes], layers)
        else:
            path.unlink(missing_ok=True)
    return atomic_write(out / NAME / README, _readme(layers, made).encode("utf-8"))


def exported(layers: Layers, data_set: str) -> Iterator[Exported]:
    """Yield the classes of a set ("HienTrang", "QuyHoach") that have features, in order."""
    rules = database()
    for of in rules.classes:
        if of.layer is None or data_set not in of.filled:
            continue
        found = _class(layers[of.layer], of, rules)
        if found is not None:
            yield found


def _class(layer: Layer, of: PlanClass, rules: Database) -> Exported | None:
    used = layer.used
    for column, value in of.where.items():
        given = used[column].tolist()
        default = "planned" if column == "period" else None
        keep = [(v if isinstance(v, str) else default) == value for v in given]
        used = used[np.array(keep, dtype=bool)]
    shapes = np.array([_as(shape, of) for shape in used.geometry], dtype=object)
    there = np.array([shape is not None for shape in shapes], dtype=bool)
    if not there.any():
        return None
    kept = used[there]
    size = len(kept)
    key, name = layer.schema.key, "name" if "name" in kept else None
    texts = {
        "maThongTinQH": [None] * size, "maHoSoQH": [None] * size,
        "maDoiTuong": rows.plain(kept[key]) if key else [None] * size,
        "tenDoiTuong": (
            rows.plain(kept[name]) if name
            else _plan_names(layer, kept) if of.layer == "plans"
            else [None] * size
        ),
        "phanLoai": _kinds(layer, of, rows.plain(kept[of.kind])) if of.kind else [None] * size,
        "ghiChu": _remarks(kept),
    }  # fmt: skip
    columns = tuple(
        column_of(
            f.name,
            [None if v is None else _cut(str(v), f.length) for v in texts[f.name]],
            f.title.vi,
            "text",
        )
        for f in rules.fields
    )
    kind = _ENDINGS[of.name[-1]]
    table = GpkgTable(
        of.name, of.layer or "", f"{of.group}/{of.name}", columns, shapes[there], KINDS[kind][1]
    )
    return Exported(of, table, len(used) - size)


def _as(shape: shapely.Geometry | None, of: PlanClass) -> shapely.Geometry | None:
    """Return a shape as its class holds it: areas, their outlines, a point on them."""
    if shape is None or shape.is_empty:
        return None
    size = shapely.get_dimensions(shape)
    flat = shapely.force_2d(shape)
    if of.geometry == "polygon":
        return shapely.multipolygons(shapely.get_parts(flat)) if size == 2 else None
    if of.geometry == "line":
        if of.layer == "boundary":
            flat, size = shapely.boundary(flat), 1
        return shapely.multilinestrings(shapely.get_parts(flat)) if size == 1 else None
    if of.layer == "boundary":
        flat, size = shapely.point_on_surface(flat), 0
    return shapely.multipoints(shapely.get_parts(flat)) if size == 0 else None


def _plan_names(layer: Layer, kept: gpd.GeoDataFrame) -> list[rows.Value]:
    """Return what plans are called: their kind and decision."""
    kinds = rows.shown(layer.schema.field("kind"), rows.plain(kept["kind"]), "vi")
    out: list[rows.Value] = []
    for kind, number, on in zip(
        kinds, rows.plain(kept["decision_no"]), rows.plain(kept["approved_on"]), strict=True
    ):
        if kind is None or number is None:
            out.append(kind)
        else:
            out.append(say("plan_database.plan_name", "vi", kind=kind, decision=number,
                           on=on if on is not None else "…"))  # fmt: skip
    return out


def _kinds(layer: Layer, of: PlanClass, codes: list[rows.Value]) -> list[rows.Value]:
    """Return what codes are called; before it those that the law itself writes: "ONT - Đất ở …".

    Codes of other lists are this program's own and say nothing to whoever receives the package.
    """
    field = layer.schema.field(of.kind or "")
    shown = rows.shown(field, codes, "vi")
    if field.codes != _LAW:
        return list(shown)
    return [
        None if code is None else f"{code} - {title}" if str(code) != str(title) else code
        for code, title in zip(codes, shown, strict=True)
    ]


def _remarks(kept: gpd.GeoDataFrame) -> list[rows.Value]:
    files_of = rows.plain(kept[FILE])
    plans = rows.plain(kept["plan_id"]) if "plan_id" in kept else [None] * len(files_of)
    return [
        "; ".join(
            part
            for part in (
                say("plan_database.remark_plan", "vi", plan=plan) if plan else "",
                say("plan_database.remark_file", "vi", file=wording.short_file(str(file))),
            )
            if part
        )
        for plan, file in zip(plans, files_of, strict=True)
    ]


def _cut(value: str, length: int) -> str:
    return plain(value)[:length]


def _readme(layers: Layers, made: dict[str, tuple[Exported, ...]]) -> str:
    who, rules = layers.commune.commune, database()

    def word(key: str, **params: object) -> str:
        return plain(say(f"plan_database.{key}", "vi", **params))

    lines = [
        word("readme_title", name=who.name), "", word("readme_status", source=rules.source),
        word("readme_crs", zone=crs.meridian_label(who.crs), on=who.as_of),
        word("readme_blank"), word("readme_absent"), "", word("readme_classes"),
        *(
            word("readme_class", set=name, group=one.of.group, name=one.of.name,
                 n=one.table.rows, left=one.left)
            for name, classes in made.items()
            for one in classes
        ),
    ]  # fmt: skip
    # Windows' own editor wants both signs at the end of a line.
    return "\ufeff" + "\r\n".join(lines) + "\r\n"
