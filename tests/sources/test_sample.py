"""The sample commune, which is made as an office would have it."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from ntm_gis import shipped, sources
from ntm_gis.rules import commune as communes

FOLDER = shipped.root() / "data" / "sample"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="no sample commune in this checkout")


@pytest.fixture(scope="module")
def commune():
    return communes.read(FOLDER)


@pytest.fixture(scope="module")
def inputs(commune):
    return sources.read(FOLDER, commune)


def test_every_source_gives_its_rows_and_nothing_is_refused(commune, inputs):
    named = {(e.layer, e.file or e.files) for e in commune.sources if e.layer != "elevation"}
    assert len(inputs.raws) >= len(named)
    assert all(raw.origin.sha256 and len(raw.frame) and not raw.refused for raw in inputs.raws)
    assert len(inputs.grids) == 1
    assert not {f.severity.value for raw in inputs.raws for f in raw.findings} & {"stop", "block"}


def test_rows_of_each_layer(inputs):
    rows = Counter()
    for raw in inputs.raws:
        rows[raw.origin.layer] += len(raw.frame)
    assert rows["boundary"] == 1
    assert rows["villages"] == 20
    assert rows["former_communes"] == 2
    assert rows["schools"] == 23  # 22 campuses and one written twice; the total is no row
    assert rows["cultural_houses"] == 19
    assert rows["tracks"] == 3


def test_totals_are_told_and_add_up(inputs):
    told = Counter(f.code for raw in inputs.raws for f in raw.findings)
    assert told["TOTAL_ROW"] == 2
    assert "TOTAL_ROW_WRONG" not in told


def test_letters_are_found_without_being_told(commune, inputs):
    bare = [e.model_copy(update={"encoding": None}) for e in commune.sources]
    layers = frozenset({"roads", "tea_areas", "crop_areas", "facilities", "loudspeakers"})
    found = sources.read(FOLDER, commune.model_copy(update={"sources": tuple(bare)}), only=layers)
    told = [raw for raw in inputs.raws if raw.origin.layer in layers]
    assert len(found.raws) == len(told)
    for mine, theirs in zip(found.raws, told, strict=True):
        left, right = (r.frame.drop(columns="geometry").to_dict("list") for r in (mine, theirs))
        assert left == right, mine.origin.file
        # Three words, the only letters of their table, are read rightly and asked about.
        doubts = [f.field for f in mine.findings if f.code.startswith(("LETTERS", "TEXT"))]
        assert doubts == (["GIAI_DOAN"] if mine.origin.layer == "tea_areas" else [])


def test_a_system_that_is_left_out_is_proposed(commune):
    bare = [e.model_copy(update={"crs": None}) for e in commune.sources]
    layers = frozenset({"schools", "cultural_houses", "stakes"})
    found = sources.read(FOLDER, commune.model_copy(update={"sources": tuple(bare)}), only=layers)
    for raw in found.raws:
        (asked,) = [f for f in raw.findings if f.code.startswith("CRS")]
        assert asked.code == "CRS_NOT_SAID"
        assert "103°00'" in asked.message.vi
        assert "--crs EPSG:9205" in asked.repair.vi


def test_the_whole_is_read_in_time(commune):
    start = time.perf_counter()
    sources.read(FOLDER, commune)
    # Well under three seconds on an idle machine; the bound leaves room for a busy one.
    assert time.perf_counter() - start < 6


def test_every_file_can_be_looked_at():
    from ntm_gis.sources.looking import look_with
    from ntm_gis.sources.opening import opening
    from ntm_gis.sources.placing import Ground

    members = (".shx", ".dbf", ".prj", ".dat", ".map", ".id")
    files = [p for p in sorted((FOLDER / "sources").rglob("*")) if p.is_file()]
    with opening(None) as opener:
        for path in files:
            tables = look_with(opener, path, Ground("EPSG:9205"))
            if path.suffix in members and path.suffix != ".dbf":
                assert [f.code for f in tables[0].findings] == ["FORMAT_MEMBER"]
            else:
                assert all(table.kind for table in tables), path.name
