"""The reading process: its death, its silence and its surroundings are no harm to us."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.sources import child as children
from ntm_gis.sources import wire
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
        import threading

        threading.Timer(0.2, child._process.kill).start()
        with pytest.raises(Refusal) as caught:
            _ask_csv(child, tmp_path)
        assert caught.value.code == "SOURCE_CRASHED"
        assert _ask_csv(child, tmp_path)[0]["tables"]
        assert child.started == 3


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="the system cannot halt a process")
def test_a_process_that_says_nothing_is_given_up(tmp_path):
    with Child(tmp_path, seconds=0.4) as child:
        child.start()
        os.kill(child._process.pid, signal.SIGSTOP)
        start = time.monotonic()
        with pytest.raises(Refusal) as caught:
            _ask_csv(child, tmp_path)
        assert caught.value.code == "SOURCE_TIMEOUT"
        assert time.monotonic() - start < 3
    assert child._process is None


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
    banned = {
        "VRT",
        "OGR_VRT",
        "GDALG",
        "GTI",
        "HTTP",
        "WFS",
        "OAPIF",
        "OGCAPI",
        "WMS",
        "WMTS",
        "WCS",
        "CSW",
        "EEDA",
        "EEDAI",
        "NGW",
        "PLSCENES",
        "PLMOSAIC",
        "STACIT",
        "STACTA",
        "AmigoCloud",
        "Carto",
        "Elasticsearch",
        "DAAS",
        "ADBC",
        "GPSBabel",
        "MRF",
        "ESRIC",
        "PDF",
        "XLSX",
    }
    for drivers in found.values():
        assert not banned & set(drivers)
    assert {"ESRI Shapefile", "MapInfo File", "DXF", "DGN", "FlatGeobuf", "GPKG"} <= set(
        found["pyogrio"]
    )
    assert {"GTiff", "SRTMHGT"} <= set(found["rasterio"])


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
        Sheet([(1, {3: rows[0][0]})], [(1, 2, 3, 4)], [5], [(1, 2)], [(2, 3, "#REF!")])
        if rows
        else None,
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
