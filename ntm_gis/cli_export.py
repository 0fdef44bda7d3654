"""The command `export FOLDER [LAYER …]`: layers for other programs."""

from __future__ import annotations

from typing import Annotated

import typer

from ntm_gis.cli_talk import AsOf, Folder, Json, Lang, day, progress, speak, tell
from ntm_gis.errors import RuleError
from ntm_gis.text import typed


def export(
    folder: Folder,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="LỚP", help="Tên lớp, ví dụ roads hoặc đường giao thông"),
    ] = None,
    to: Annotated[
        str, typer.Option("--to", help="geojson, kml, parquet: một hay nhiều / one or several")
    ] = "geojson,kml",
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Write layers as GeoJSON, KML or GeoParquet into `out/exports/`."""
    from ntm_gis import pipeline
    from ntm_gis.outputs import exports

    speak(lang)
    with progress(json) as step:
        formats = [name.strip().lower().lstrip(".") for name in to.split(",") if name.strip()]
        # Before anything is read: a word typed wrong is said at once.
        exports.require_formats(formats or [to])
        found = pipeline.review(folder, as_of=day(as_of), progress=step)
        out = folder / pipeline.OUT
        chosen = [_layer(name) for name in names or ()]
        written = exports.write(found.answer, found.layers, out, formats, chosen, lang)
    tell("EXPORTED", json, count=len(written), folder=typed(out / exports.FOLDER))


def _layer(name: str) -> str:
    """Return the layer that a title names; other names are those of tables, as they are."""
    from ntm_gis.questions import layer_named

    try:
        return layer_named(name)
    except RuleError:
        return name
