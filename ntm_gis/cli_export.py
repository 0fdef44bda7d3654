"""The command `export FOLDER [LAYER …]`: layers for other programs."""

from __future__ import annotations

from typing import Annotated

import typer

from ntm_gis.cli_talk import AsOf, Folder, Json, Lang, day, progress, speak, tell
from ntm_gis.text import typed


def export(
    folder: Folder,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="LỚP", help="Tên lớp như trong commune.gpkg")
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
        found = pipeline.review(folder, as_of=day(as_of), progress=step)
        formats = [name.strip() for name in to.split(",") if name.strip()]
        out = folder / pipeline.OUT
        written = exports.write(found.answer, found.layers, out, formats, names or (), lang)
    tell("EXPORTED", json, count=len(written), folder=typed(out / exports.FOLDER))
