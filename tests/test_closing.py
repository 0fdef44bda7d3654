"""`close`: a period is frozen whole, once, and later figures are held against it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from ntm_gis import closing, pipeline, record, reporting
from ntm_gis.errors import RecordError, UsageError
from ntm_gis.outputs.folders import write_sample
from ntm_gis.outputs.report import periods
from ntm_gis.outputs.report.telling import Previous

TODAY = dt.date(2025, 10, 5)
GROUND = shapely.box(570000, 2450000, 580000, 2460000)


@pytest.fixture
def commune(tmp_path: Path) -> Path:
    """An outline and two roads, one of unknown surface."""
    folder = tmp_path / "Xã Thử Nghiệm ấế"
    (folder / "sources").mkdir(parents=True)
    lines = [shapely.LineString([(572000 + i, 2452000), (572000 + i, 2453000)]) for i in (0, 500)]
    roads = gpd.GeoDataFrame(
        {"MA_DUONG": ["D1", "D2"], "CAP": "ĐB", "KET_CAU": ["BTXM", None]},
        geometry=lines, crs="EPSG:9205",
    )  # fmt: skip
    roads.to_file(folder / "sources" / "đường.shp", encoding="utf-8")
    outline = gpd.GeoDataFrame({"ma_xa": ["1"], "ten_xa": ["Thử"]}, geometry=[GROUND])
    outline.set_crs("EPSG:9205").to_file(folder / "sources" / "ranh.gpkg", layer="ranh")
    (folder / "commune.toml").write_text(
        '[commune]\ncode = "1"\nname = "Thử"\nprovince = "Lai Châu"\ncrs = "EPSG:9205"\n'
        "as_of = 2025-09-30\n\n"
        '[[source]]\nlayer = "boundary"\nfile = "sources/ranh.gpkg"\n\n'
        '[[source]]\nlayer = "roads"\nfile = "sources/đường.shp"\n',
        encoding="utf-8",
    )
    return folder


@pytest.fixture(autouse=True)
def few_outputs(monkeypatch):
    """Two outputs instead of all: what is closed is whatever lies there."""
    real = pipeline.run
    few = {"only": frozenset({"results.json", "report.docx"})}
    monkeypatch.setattr(pipeline, "run", lambda *a, **k: real(*a, **{**k, **few}))


def digests(place: Path) -> dict[str, str]:
    return {
        path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(place.rglob("*"))
        if path.is_file()
    }


def test_inputs_results_and_outputs_are_frozen(commune):
    done = closing.close(commune, "2025-Q3", by="Páo", today=TODAY)
    head = json.loads((done.place / "period.json").read_text(encoding="utf-8"))
    frozen = digests(done.place)
    outputs = {one["file"]: one["sha256"] for one in head["outputs"]}
    assert {name: sha for name, sha in frozen.items() if name != "period.json"} == outputs
    assert outputs == digests(commune / "out")
    assert done.files == len(frozen)
    inputs = {one["file"]: one["sha256"] for one in head["inputs"]}
    ends = {"dbf", "prj", "shp", "shx", "cpg", "gpkg", "toml"}
    assert {name.rpartition(".")[2] for name in inputs} == ends
    for name, sha in inputs.items():
        (kept,) = (commune / "store").glob(f"{sha}*")
        assert kept.read_bytes() == (commune / name).read_bytes()


def test_the_record_says_so_and_still_proves(commune):
    closing.close(commune, "2025-Q3", by="Páo", number="45/BC-UBND", today=TODAY)
    (line,) = record.history(commune / record.FILE_NAME)
    assert (line.value.subject, line.value.choice) == ("period:2025-Q3", "close")
    assert dict(line.value.details)["number"] == "45/BC-UBND"
    assert record.verify(commune / record.FILE_NAME).whole


def test_a_closed_period_is_never_written_again(commune):
    place = closing.close(commune, "2025-Q3", today=TODAY).place
    before = digests(place)
    with pytest.raises(UsageError) as caught:
        closing.close(commune, "2025-Q3", today=TODAY)
    assert caught.value.code == "PERIOD_CLOSED"
    assert digests(place) == before


def test_the_signed_copy_is_filed_later(commune, tmp_path):
    place = closing.close(commune, "2025-Q3", today=TODAY).place
    before = digests(place)
    scan = tmp_path / "đã ký.pdf"
    scan.write_bytes(b"%PDF-1.4 scan")
    done = closing.close(commune, "2025-Q3", number="45/BC-UBND", signed=scan, today=TODAY)
    assert done.files == 0
    assert digests(place) == before
    last = record.history(commune / record.FILE_NAME)[-1]
    assert (last.value.choice, dict(last.value.details)["number"]) == ("sign", "45/BC-UBND")
    assert (commune / "store" / last.entry.files[0]).read_bytes() == scan.read_bytes()


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "Q3", "2025/Q3", "2025-Quý 3", "2025-" + "x" * 40]
)
def test_what_names_no_period_is_said(commune, name):
    with pytest.raises(UsageError) as caught:
        closing.close(commune, name, today=TODAY)
    assert caught.value.code.startswith("PERIOD_NAME")
    assert not (commune / "periods").exists()


def test_where_the_record_cannot_be_written_nothing_is_there(commune, monkeypatch):
    def refuse(*_, **__):
        raise RecordError("RECORD_VALUE_UNFIT", field="x", value="y")

    monkeypatch.setattr(record.Ledger, "append", refuse)
    with pytest.raises(RecordError):
        closing.close(commune, "2025-Q3", today=TODAY)
    assert not (commune / "periods" / "2025-Q3").exists()
    monkeypatch.undo()
    assert closing.close(commune, "2025-Q3", today=TODAY).files


def test_later_figures_carry_what_was_closed(commune):
    closing.close(commune, "2025-Q3", today=TODAY)
    found, _ = pipeline.run(
        commune, as_of=dt.date(2025, 12, 31), only=frozenset({"results.json", "report.docx"})
    )
    results = json.loads((commune / "out" / "results.json").read_text(encoding="utf-8"))
    by_id = {one["id"]: one for one in results["measures"]}
    length = by_id["roads.length_km.village"]
    assert length["previous"] == {"period": "2025-Q3", "value": length["value"]}
    assert found.previous["roads.length_km.village"].value == pytest.approx(length["value"])
    # Its own figures are not held against themselves.
    again, _ = pipeline.run(commune, only=frozenset({"results.json"}))
    assert dict(again.previous) == {}


def test_a_period_changed_after_closing_is_a_finding(commune):
    place = closing.close(commune, "2025-Q3", today=TODAY).place
    results = place / "results.json"
    results.chmod(0o600)
    results.write_bytes(results.read_bytes().replace(b'"value": 2.0', b'"value": 3.0'))
    found, findings = periods.read(commune)
    assert found == ()
    assert [f.code for f in findings] == ["PERIOD_UNREADABLE"]
    (place / "period.json").chmod(0o600)
    (place / "period.json").write_text("[" * 100_000, encoding="utf-8")
    assert [f.code for f in periods.read(commune)[1]] == ["PERIOD_UNREADABLE"]


def test_dated_figures_that_read_otherwise_now_are_corrections(tmp_path):
    folder = tmp_path / "xa"
    write_sample(folder)
    _, layers = pipeline.check(folder)
    day = dt.date(2025, 9, 30)
    nothing = periods.Period("2025-Q3", day, {}, {})
    then = {
        m.id: m.value
        for m in pipeline.analyses.answer(
            replace(layers, commune=layers.commune.at(day)), only=reporting.DATED
        ).measures
    }
    same = replace(nothing, values=then)
    assert list(reporting.corrections(folder, layers, same)) == []
    changed = {**then, "progress.CT01.poured_km": 1.25, "funds.total": 1.0}
    (found,) = reporting.corrections(folder, layers, replace(nothing, values=changed))
    assert (found[0].id, found[1]) == ("progress.CT01.poured_km", 1.25)
    assert found[0].value == then["progress.CT01.poured_km"]
    told = reporting._told(same, (found,), reporting.Since())
    assert told[0][0].startswith("Điều chỉnh số kỳ trước (2025-Q3): Đã đổ bê tông")
    assert "đã báo cáo 1,25\u00a0km, nay tính lại " in told[0][0]


def test_the_last_period_before_a_day():
    days = [dt.date(2025, 3, 31), dt.date(2025, 6, 30)]
    found = tuple(
        periods.Period(f"2025-Q{n}", day, {"a": 1.0}, {}) for n, day in enumerate(days, 1)
    )
    assert periods.before(found, dt.date(2025, 6, 30)).name == "2025-Q1"
    assert periods.before(found, dt.date(2025, 7, 1)).previous == {"a": Previous("2025-Q2", 1.0)}
    assert periods.before(found, dt.date(2025, 3, 31)) is None
