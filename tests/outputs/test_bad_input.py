"""Bad input from end to end: it is said in words, and all other outputs are made.

A map without features, a village with a name of 200 letters, a boundary in two parts, no
elevation, photos that are no pictures, a template that is no document, a folder that is read-only
or full.
"""

from __future__ import annotations

import dataclasses
import errno
import json
from types import MappingProxyType
from typing import NamedTuple

import pyogrio
import pypdf
import pytest
import shapely

from ntm_gis import pipeline
from ntm_gis.errors import OutputError
from ntm_gis.outputs import files, webmap, write_all
from ntm_gis.outputs.folders import write_sample
from ntm_gis.outputs.printmap import How, Printer

NAME = "Bản Có Tên Rất Dài " * 11
NAME = NAME[:200]
NO_PRINT = How(kinds=())
MUST = {
    "index.html", "results.json", "tables.xlsx", "commune.gpkg", "commune.qgz", "report.docx",
    "report.pdf", "brief.pdf", "scorecard.html", "maps/overview.html", "maps/villages.html",
    "forms.xlsx", "cards/overview.png",
}  # fmt: skip


def split_boundary(path) -> None:
    """Cut the boundary in two parts that lie 600 m from each other."""
    held = json.loads(path.read_text(encoding="utf-8"))
    (feature,) = held["features"]
    whole = shapely.from_geojson(json.dumps(feature["geometry"]))
    west, south, east, north = whole.bounds
    middle, half = (west + east) / 2, 0.003
    cut = whole.difference(shapely.box(middle - half, south - 1, middle + half, north + 1))
    feature["geometry"] = json.loads(shapely.to_geojson(shapely.MultiPolygon(polygons(cut))))
    path.write_text(json.dumps(held), encoding="utf-8")


def polygons(shape):
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("commune") / "xa"
    write_sample(folder)
    sources = folder / "sources"
    (sources / "do_cao_30m.tif").unlink()
    split_boundary(sources / "ranh_gioi_xa.geojson")
    villages = pyogrio.read_dataframe(sources / "ban.gpkg", layer="ban")
    villages.loc[3, "TEN_BAN"] = NAME
    pyogrio.write_dataframe(villages, sources / "ban.gpkg", layer="ban", driver="GPKG")
    photos = sources / "anh"
    photos.mkdir()
    (photos / "chu.jpg").write_text("đây là chữ", encoding="utf-8")
    (photos / "cut.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 40)
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / "report.docx").write_bytes(b"no document")
    toml = folder / "commune.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(f'{text}\n[[source]]\nlayer = "photos"\nfile = "sources/anh"\n',
                    encoding="utf-8")  # fmt: skip
    found, written = pipeline.run(folder, printing=NO_PRINT)
    return folder, found, written


def test_all_outputs_are_made(run):
    folder, _, written = run
    names = {path.relative_to(folder / "out").as_posix() for path in written}
    assert names >= MUST


def test_each_fault_is_said(run):
    _, found, _ = run
    said = {finding.code: finding for finding in found.findings}
    assert said["REPORT_TEMPLATE_UNUSABLE"].message.vi
    of_photos = [f for f in found.findings if f.layer == "photos"]
    assert any("chu.jpg" in f.message.vi for f in of_photos)
    assert any("do_cao_30m.tif" in f.message.vi for f in found.findings)
    for finding in found.findings:
        assert finding.message.vi
        assert finding.message.en


def test_a_boundary_in_two_parts_is_one_commune(run):
    _, found, _ = run
    shape = found.answer.frames["boundary"].geometry.iloc[0]
    assert len(polygons(shape)) >= 2
    by_id = {measure.id: measure for measure in found.answer.measures}
    # A strip of 600 m is gone from some 16,883 ha.
    assert 14_000 < by_id["commune.area_ha"].value < 16_883


def test_sheets_are_drawn_without_heights_and_with_the_long_name(run, tmp_path):
    _, found, _ = run
    printer = Printer(found.answer, found.layers, found.commune)
    for name in ("overview", "villages"):
        (path,) = printer.write(name, tmp_path, How("A4", ("pdf",)))
        said = "".join(pypdf.PdfReader(path).pages[0].extract_text().split())
        assert "BảnCóTênRấtDài" in said, name


def test_the_long_name_is_whole_in_tables_and_layers(run):
    folder, _, _ = run
    frame = pyogrio.read_dataframe(folder / "out" / "commune.gpkg", layer="villages")
    assert NAME.strip() in {name.strip() for name in frame["name"]}


# --- nothing at all -------------------------------------------------------------------------------


def test_a_map_without_features_is_a_map(answer, layers, tmp_path):
    bare = dataclasses.replace(answer, frames=MappingProxyType({}), grids=MappingProxyType({}))
    (page,) = write_all(bare, layers, layers.commune, tmp_path, only=frozenset({"maps/tea"}))
    assert page.stat().st_size > 1000
    assert webmap.available(bare) == ("overview",)
    printer = Printer(bare, layers, layers.commune)
    for path in printer.write("tea", tmp_path, How("A4", ("pdf", "png", "svg"))):
        assert path.stat().st_size > 1000


def test_everything_is_made_of_nothing(layers, answer, tmp_path):
    bare = dataclasses.replace(
        answer, measures=(), findings=(), frames=MappingProxyType({}), grids=MappingProxyType({})
    )
    written = write_all(bare, layers, layers.commune, tmp_path, printing=NO_PRINT)
    names = {path.relative_to(tmp_path).as_posix() for path in written}
    assert {"index.html", "report.docx", "report.pdf", "brief.pdf", "tables.xlsx"} <= names


# --- a folder that cannot be written to -----------------------------------------------------------


class Usage(NamedTuple):
    """What the system says of a disk."""

    total: int
    used: int
    free: int


def test_a_read_only_folder_is_said_at_once(answer, layers, tmp_path, monkeypatch):
    def refused(*_args, **_kw):
        raise PermissionError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(files.Path, "touch", refused)
    with pytest.raises(OutputError) as caught:
        write_all(answer, layers, layers.commune, tmp_path / "out")
    assert caught.value.code == "OUTPUT_FOLDER_NOT_ALLOWED"
    assert "out" in caught.value.say("vi")


def test_on_a_disk_that_runs_full_what_fits_is_made(answer, layers, tmp_path, monkeypatch):
    asked = files.require_room

    def small(path, expected):
        # Room for half a megabyte: pages with fonts and pictures find none.
        monkeypatch.setattr(files.shutil, "disk_usage", lambda _: Usage(1, 1, 500_000))
        asked(path, expected)

    monkeypatch.setattr(files, "require_room", small)
    with pytest.raises(OutputError) as caught:
        write_all(answer, layers, layers.commune, tmp_path, printing=NO_PRINT)
    assert caught.value.__cause__ is None
    assert "maps/overview" in caught.value.say("vi")
    assert (tmp_path / "results.json").is_file()
    assert (tmp_path / "tables.xlsx").is_file()
    assert not list(tmp_path.rglob(".ntm-*"))


def test_a_disk_that_is_full_while_a_file_is_written(answer, layers, tmp_path, monkeypatch):
    def full(*_args, **_kw):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "_to_disk", full)
    with pytest.raises(OutputError) as caught:
        write_all(answer, layers, layers.commune, tmp_path, printing=NO_PRINT)
    assert caught.value.__cause__ is None
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
