"""Everything at once: whole, the same each time, and one fault keeps nothing else from it."""

from __future__ import annotations

import hashlib
import time
import zipfile

import pytest
from defusedxml import ElementTree

from ntm_gis import outputs
from ntm_gis.errors import OutputError
from ntm_gis.outputs import tables, webmap


def digests(folder):
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


@pytest.fixture
def everything(answer, layers, tmp_path):
    out = tmp_path / "out"
    return out, outputs.write_all(answer, layers, layers.commune, out)


def test_all_that_the_contract_names_is_there(everything, answer):
    out, written = everything
    names = {"results.json", "tables.xlsx", "commune.gpkg", "commune.qgz", "index.html"}
    names |= {"report.docx", "report.pdf", "brief.pdf"}
    names |= {"cards/overview.png", "cards/money.png", "cards/loi-dan.txt"}
    names |= {"forms.xlsx", "dossier/muc_luc.html", "dossier/muc_luc.xlsx"}
    names |= {f"village_forms/phieu_ban_{n:02}.xlsx" for n in range(1, 4)}
    names.add("village_forms/DOC_TRUOC.txt")
    names.add("internal/dong-gop-ho-dan.xlsx")  # households stand there alone
    kinds = ("html", "pdf", "png")
    names |= {f"maps/{name}.{kind}" for name in webmap.available(answer) for kind in kinds}
    names |= {"maps/chairman.pdf", "maps/chairman.png"}
    assert set(digests(out)) == names
    assert {p.relative_to(out).as_posix() for p in written} == names
    assert written[-1].name == "index.html"


def test_same_bytes_a_second_later_elsewhere(everything, answer, layers, tmp_path):
    out, _ = everything
    time.sleep(1.1)
    outputs.write_all(answer, layers, layers.commune, tmp_path / "chỗ khác")
    assert digests(tmp_path / "chỗ khác") == digests(out)


def test_over_itself_nothing_changes(everything, answer, layers):
    out, _ = everything
    before = digests(out)
    outputs.write_all(answer, layers, layers.commune, out)
    assert digests(out) == before


def test_what_is_no_longer_made_goes(everything, answer, layers):
    out, _ = everything
    stale, own = out / "maps" / "tea.html", out / "maps" / "của xã.html"
    stale.write_text("old", encoding="utf-8")
    own.write_text("kept", encoding="utf-8")
    outputs.write_all(answer, layers, layers.commune, out)
    assert not stale.exists()
    assert own.exists()


def test_some_can_be_asked_for(answer, layers, tmp_path):
    said = []
    only = frozenset({"maps/roads", "results.json"})
    written = outputs.write_all(
        answer, layers, layers.commune, tmp_path, only=only, progress=said.append
    )
    assert sorted(digests(tmp_path)) == ["maps/roads.html", "results.json"]
    assert len(written) == 2
    assert said == ["outputs", "results.json", "maps/roads"]


@pytest.mark.parametrize(
    "fault", [OutputError("OUTPUT_IN_USE", file="tables.xlsx"), ZeroDivisionError("x")]
)
def test_one_that_fails_is_told_and_the_others_are_made(
    answer, layers, tmp_path, monkeypatch, fault
):
    def broken(*_args, **_kw):
        raise fault

    monkeypatch.setattr(tables, "write", broken)
    with pytest.raises(OutputError) as caught:
        outputs.write_all(answer, layers, layers.commune, tmp_path)
    assert "tables.xlsx" in caught.value.say("vi")
    # A file that is open in Excel is nobody's fault; an exception of ours is kept for a report.
    ours = caught.value.__cause__
    assert (ours is None) == isinstance(fault, OutputError)
    assert ours is None or ours.exceptions == (fault,)
    assert {"commune.gpkg", "index.html", "maps/overview.html"} <= set(digests(tmp_path))
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "Chưa tạo được" in page


def test_no_path_of_the_machine_is_written(everything, tmp_path):
    out, _ = everything
    for path in out.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    content = b"".join(archive.read(name) for name in archive.namelist())
            assert str(tmp_path).encode() not in content
            assert b"/work/" not in content
            assert b"/tmp/" not in content


def test_the_project_leads_to_the_geopackage_beside_it(everything):
    out, _ = everything
    with zipfile.ZipFile(out / "commune.qgz") as archive:
        assert archive.namelist() == ["commune.qgs"]
        root = ElementTree.fromstring(archive.read("commune.qgs"))
    layers = {layer.findtext("id"): layer.findtext("datasource") for layer in root.iter("maplayer")}
    # The relief is the only picture in the file: GDAL takes the file for it.
    assert layers.pop("commune_gpkg_relief") == "./commune.gpkg"
    assert all(source.startswith("./commune.gpkg|layername=") for source in layers.values())
    in_tree = {node.get("id") for node in root.iter("layer-tree-layer")}
    assert in_tree == {*layers, "commune_gpkg_relief"}
    assert root.findtext("projectCrs/spatialrefsys/authid") == "EPSG:9205"
    assert not list(root.iter("macros"))


def test_english_is_english(answer, layers, tmp_path):
    outputs.write_all(answer, layers, layers.commune, tmp_path, lang="en")
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "Source files" in page
    assert "Tệp nguồn" not in page
