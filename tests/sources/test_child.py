"""The reading process: its death, its silence and its surroundings are no harm to us."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time

import commune_kit as kit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.sources import child as children
from ntm_gis.sources import limits, wire
from ntm_gis.sources.child import Child
from ntm_gis.sources.readers.parsed import (
    Column,
    Parsed,
    Refusal,
    Sheet,
    Told,
    from_wire,
    to_wire,
)


def _ask_csv(child, folder):
    (folder / "input.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    return child.ask({"do": "read", "kind": "csv", "path": str(folder / "input.csv")})


def test_a_killed_process_is_a_refusal_and_the_next_question_is_answered(tmp_path):
    with Child(tmp_path) as child:
        assert _ask_csv(child, tmp_path)[0]["tables"]
        child._process.kill()
        child._process.wait()
        message, _ = _ask_csv(child, tmp_path)
        assert message["tables"]
        assert child.started == 2
        # Killed while it is at work: a thread does it a moment after the question.
        os.kill(child._process.pid, getattr(signal, "SIGSTOP", signal.SIGTERM))
        threading.Timer(0.2, child._process.kill).start()
        with pytest.raises(Refusal) as caught:
            _ask_csv(child, tmp_path)
        assert caught.value.code == "SOURCE_CRASHED"
        assert _ask_csv(child, tmp_path)[0]["tables"]
        assert child.started == 3


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="the system cannot halt a process")
def test_a_process_that_says_nothing_is_given_up(tmp_path):
    with Child(tmp_path, patience=0.4) as child:
        child.start()
        os.kill(child._process.pid, signal.SIGSTOP)
        start = time.monotonic()
        with pytest.raises(Refusal) as caught:
            _ask_csv(child, tmp_path)
        assert caught.value.code == "SOURCE_TIMEOUT"
        assert time.monotonic() - start < 3
    assert child._process is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes in folders")
def test_a_file_that_takes_too_long_is_given_up(tmp_path):
    os.mkfifo(tmp_path / "input.csv")
    with Child(tmp_path, seconds=0.4) as child:
        with pytest.raises(Refusal) as caught:
            child.ask({"do": "read", "kind": "csv", "path": str(tmp_path / "input.csv")})
        assert (caught.value.code, caught.value.params) == ("SOURCE_TIMEOUT", {"seconds": 0.4})


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="the system cannot halt a process")
def test_a_slow_start_is_not_the_fault_of_a_file(tmp_path):
    with Child(tmp_path, seconds=2.0) as child:
        child.start()
        os.kill(child._process.pid, signal.SIGSTOP)
        again = threading.Timer(3.0, os.kill, (child._process.pid, signal.SIGCONT))
        again.start()
        assert _ask_csv(child, tmp_path)[0]["tables"]
        again.join()
        assert child.started == 1


def test_a_larger_file_has_longer(tmp_path):
    small, large, packed = (tmp_path / name for name in ("a.shp", "b.shp", "c.xlsx"))
    small.write_bytes(b"x")
    large.write_bytes(b"x" * limits.MIB)
    large.with_suffix(".dbf").write_bytes(b"x" * limits.MIB)
    packed.write_bytes(b"x" * limits.MIB)
    with Child(tmp_path) as child:
        allowed = [
            child._allowed({"do": "read", "kind": path.suffix[1:], "path": str(path)})
            for path in (small, large, packed)
        ]
    assert allowed[0] == pytest.approx(limits.SECONDS, abs=0.01)
    assert allowed[1] == limits.SECONDS + 2 * limits.SECONDS_PER_MIB
    assert allowed[2] == limits.SECONDS + limits.SECONDS_PER_PACKED_MIB
    assert limits.seconds("tif", limits.BYTES["raster"]) == limits.SECONDS_MOST


def _good(path):
    """Write a small file of a kind."""
    if path.suffix == ".csv":
        path.write_text("a;b\n1;2\n", encoding="utf-8")
    elif path.suffix == ".kml":
        point = "<Placemark><Point><coordinates>103.7,22.2</coordinates></Point></Placemark>"
        path.write_text(f"<kml><Document>{point}</Document></kml>", encoding="utf-8")
    elif path.suffix == ".jpg":
        from PIL import Image

        Image.new("RGB", (8, 8)).save(path)
    elif path.suffix == ".tif":
        import numpy as np
        import rasterio
        from affine import Affine

        shape = {"width": 3, "height": 3, "count": 1, "dtype": "float32"}
        where = {"crs": "EPSG:9205", "transform": Affine(30, 0, 571_000, 0, -30, 2_456_000)}
        with rasterio.open(path, "w", driver="GTiff", **shape, **where) as out:
            out.write(np.ones((1, 3, 3), "float32"))
    else:
        kit.points().to_file(path, engine="pyogrio")
    return path


@pytest.mark.parametrize("kind", ["csv", "shp", "tif", "jpg", "gpkg", "kml", "tab"])
def test_libraries_are_loaded_before_the_clock_starts(kind, tmp_path):
    code = (
        "import sys\n"
        "from ntm_gis.sources import worker\n"
        "for name in worker._NOT_NEEDED: sys.modules.setdefault(name, None)\n"
        "before = set()\n"
        "def ready(): before.update(m.split('.')[0] for m in sys.modules)\n"
        f"said = worker._answer({{'do': 'read', 'kind': {kind!r}, 'path': sys.argv[1]}}, ready)\n"
        "heavy = {'numpy', 'pyogrio', 'rasterio', 'PIL', 'shapely', 'defusedxml'}\n"
        "print(said[0].get('refused') or list(said[0]),"
        " sorted(({m.split('.')[0] for m in sys.modules} - before) & heavy))"
    )
    path = _good(tmp_path / f"input.{kind}")
    out = subprocess.run(
        [sys.executable, "-P", "-c", code, str(path)],
        capture_output=True, text=True, check=True, env=children._environment(),
    )  # fmt: skip
    assert out.stdout.strip() == "['tables'] []"


def test_a_question_nobody_understands_is_answered_with_a_code(tmp_path):
    with Child(tmp_path) as child:
        for question in ({"do": "read", "kind": "exe", "path": "x"}, {"do": "read"}, {}):
            with pytest.raises(Refusal):
                child.ask(question)
        assert child.started == 1


def test_memory_is_limited(tmp_path):
    pytest.importorskip("resource")
    code = (
        "from ntm_gis.sources import worker, limits\n"
        "worker._limit()\n"
        "try:\n    x = bytearray(limits.MEMORY)\nexcept MemoryError:\n    print('limited')"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "limited"


def test_the_process_loads_little_and_no_network_driver(tmp_path, monkeypatch):
    monkeypatch.setenv("GDAL_DRIVER_PATH", str(tmp_path))
    monkeypatch.setenv("GDAL_HTTP_PROXY", "192.0.2.1")
    monkeypatch.setenv("CPL_CURL_VERBOSE", "YES")
    monkeypatch.setenv("https_proxy", "http://192.0.2.1")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    environment = children._environment()
    assert environment["GDAL_DRIVER_PATH"] == "disable"
    assert not {
        "GDAL_HTTP_PROXY",
        "CPL_CURL_VERBOSE",
        "https_proxy",
        "AWS_SECRET_ACCESS_KEY",
    } & set(environment)
    code = (
        "import json, sys\n"
        "from ntm_gis.sources import worker\n"
        "light = not any(m in sys.modules for m in ('numpy', 'pandas', 'shapely', 'pydantic'))\n"
        "for name in worker._NOT_NEEDED: sys.modules[name] = None\n"
        "import pyogrio, rasterio, fiona\n"
        "found = {'pyogrio': sorted(pyogrio.list_drivers())}\n"
        "with rasterio.Env() as env: found['rasterio'] = sorted(env.drivers())\n"
        "with fiona.Env() as env: found['fiona'] = sorted(env.drivers())\n"
        "print(json.dumps([light, found]))"
    )
    out = subprocess.run(
        [sys.executable, "-P", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=tmp_path,
    )
    light, found = json.loads(out.stdout)
    assert light
    allowed = {"ESRI Shapefile", "MapInfo File", "DXF", "DGN", "FlatGeobuf", "GPKG"}
    for library in ("pyogrio", "fiona"):
        assert set(found[library]) - {"MEM", "Memory"} == allowed
    networked = {"VRT", "GDALG", "GTI", "HTTP", "WMS", "WMTS", "WCS", "DAAS", "EEDAI", "STACTA",
                 "PLMOSAIC", "MRF", "PDF", "OGCAPI", "DERIVED", "MBTiles", "netCDF"}  # fmt: skip
    assert not networked & set(found["rasterio"])
    assert {"GTiff", "SRTMHGT"} <= set(found["rasterio"])


def test_a_raster_is_opened_by_the_driver_of_its_kind_alone(tmp_path):
    from PIL import Image

    from ntm_gis.sources.readers import raster

    path = tmp_path / "input.tif"
    Image.new("L", (4, 4)).save(path, format="PNG")
    with pytest.raises(Refusal):
        raster.read(path, {"kind": "tif"})


def test_a_module_beside_the_files_is_never_imported(tmp_path, monkeypatch):
    for name in ("numpy", "shapely", "csv", "ntm_gis"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken over')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with Child(tmp_path) as child:
        assert child.ask({"do": "hello"})[0] == {"hello": "ntm-gis"}


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.dates(),
    st.datetimes(),
    st.times(),
)


@given(
    st.lists(st.tuples(CELLS, st.one_of(st.none(), st.binary(max_size=20))), max_size=8),
    st.text(max_size=5),
)
def test_tables_cross_unchanged(rows, name):
    table = Parsed(
        name,
        [Column("Mã", [cell for cell, _ in rows], raw=True)],
        list(range(len(rows))),
        [wkb for _, wkb in rows],
        "EPSG:9205",
        [Told("CODE", 3, "Mã", "x", {"n": 1.5})],
        2,
        Sheet([(1, {3: rows[0][0]})], [(1, 2, 3, 4)], [5], [(1, 2)]) if rows else None,
        {"a": [1]},
    )
    plain, blocks = to_wire([table])
    stream = io.BytesIO()
    wire.send(stream, {"tables": plain}, blocks)
    stream.seek(0)
    message, received = wire.receive(stream)
    (back,) = from_wire(message["tables"], received)
    assert back == table


@pytest.mark.parametrize(
    "content", [b"", b"NTM1", b"junk" * 10, b"NTM1" + b"\xff" * 8, b"NTM1" + bytes(7) + b"\x02{}"]
)
def test_nonsense_is_no_message(content):
    with pytest.raises((EOFError, ValueError, KeyError)):
        wire.receive(io.BytesIO(content))


def test_numbers_json_lacks_and_dates():
    (back,) = from_wire(
        *to_wire([Parsed(None, [Column("a", [float("nan"), dt.date(2025, 1, 2)])], [1, 2])])
    )
    assert back.columns[0].cells == [None, dt.date(2025, 1, 2)]
