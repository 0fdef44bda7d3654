"""`scripts/look_qgis.py` without QGIS: what it finds, what it says, what it reckons by."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis import crs

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"


@pytest.fixture(scope="module")
def look():
    return loaded("look_qgis")


def loaded(name):
    sys.path.insert(0, str(SCRIPTS))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(SCRIPTS))


def test_the_project_is_found_in_a_commune_or_its_outputs(look, tmp_path):
    assert look.project_of(tmp_path) is None
    out = tmp_path / "Xã Mường Khoa" / "out"
    out.mkdir(parents=True)
    (out / "commune.qgz").write_bytes(b"")
    assert look.project_of(out.parent) == look.project_of(out) == out / "commune.qgz"


@pytest.mark.parametrize("arguments", [[], ["a", "b", "c"], ["no such folder"]])
def test_wrong_use(look, arguments, capsys):
    assert look.main(arguments) == 2
    assert capsys.readouterr().out


def test_a_machine_without_qgis_is_told(look, tmp_path, monkeypatch, capsys):
    (tmp_path / "commune.qgz").write_bytes(b"")
    for python in (tmp_path / "no python here", tmp_path):
        monkeypatch.setenv("QGIS_PYTHON", str(python))
        assert look.main([str(tmp_path)]) == 3
        assert "QGIS_PYTHON" in capsys.readouterr().out


def test_our_own_environment_does_not_reach_qgis(look, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    given_on = look.surroundings()
    assert "PYTHONPATH" not in given_on
    assert given_on["QT_QPA_PLATFORM"] == "offscreen"


@given(
    st.sampled_from([("EPSG:9205", 103.0), ("EPSG:9208", 104.75), ("EPSG:9218", 108.5)]),
    st.floats(420_000, 580_000),
    st.floats(950_000, 2_580_000),
)
def test_the_formulas_agree_with_proj_within_a_tenth_of_a_millimetre(zone, east, north):
    code, meridian = zone
    formulas = loaded("_vn2000")
    found = formulas.vn2000_to_wgs84(east, north, meridian, 0.9999)
    # The official set everywhere: PROJ left alone takes another one in the Mekong delta.
    expected = crs.transformer(code, "EPSG:4326").transform(east, north)
    assert found == pytest.approx(expected, abs=1e-9)
