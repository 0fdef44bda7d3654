"""A plan that comes as a drawing is taken in by the command alone: asked whose it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ntm_gis import adding, pipeline, shipped
from ntm_gis.errors import UsageError
from ntm_gis.outputs import folders
from ntm_gis.rules import commune as communes

DRAWING = "qh_su_dung_dat_phuc_khoa.dxf"


def nobody(*_: object) -> None:
    return None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the sample commune without its drawing."""
    out = tmp_path / "xa"
    folders.write_sample(out)
    toml = out / "commune.toml"
    head, *entries = toml.read_text("utf-8").split("[[source]]")
    kept = [entry for entry in entries if DRAWING not in entry]
    assert len(kept) == len(entries) - 1
    toml.write_text("[[source]]".join([head, *kept]), encoding="utf-8")
    (out / "sources" / DRAWING).unlink()
    return out


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    target = tmp_path / "nhan" / DRAWING
    target.parent.mkdir()
    shutil.copy(shipped.path("data", "sample", "sources", DRAWING), target)
    return target


def entry(folder: Path) -> communes.SourceEntry:
    return next(e for e in communes.read(folder).sources if e.file and DRAWING in e.file)


def test_whose_drawing_it_is_is_asked_and_its_zones_are_there(folder, drawing):
    asked = []

    def ask(question, answers, _):
        asked.append(question.vi)
        keys = [key for key, _ in answers]
        return next((key for key in ("plan_zones", "P2") if key in keys), None)

    adding.add(folder, [drawing], ask=ask)
    assert any("nói về gì" in question for question in asked)
    assert any("cả tệp" in question for question in asked)
    assert entry(folder).values == {"plan_id": "P2"}
    layers = pipeline.check(folder)[1]
    zones = layers.by_name["plan_zones"].used
    assert (zones["plan_id"] == "P2").sum() == 106


def test_what_is_said_beforehand_is_not_asked(folder, drawing):
    added = adding.add(
        folder, [drawing], layer="plan_zones", values=["plan_id=P2"], crs="EPSG:9205", ask=nobody
    )
    assert added.open == 0
    assert entry(folder).values == {"plan_id": "P2"}


def test_said_later_it_is_written_then(folder, drawing):
    adding.add(folder, [drawing], layer="plan_zones", ask=nobody)
    assert entry(folder).values == {}
    adding.add(folder, [drawing], values=["plan_id=P2"], ask=nobody)
    assert entry(folder).values == {"plan_id": "P2"}


@pytest.mark.parametrize("written", ["plan_id", "plan_id=", "=P2"])
def test_a_value_is_written_as_field_and_value(folder, drawing, written):
    with pytest.raises(UsageError, match="plan_id=P2"):
        adding.add(folder, [drawing], values=[written], ask=nobody)


def test_a_field_that_no_layer_has_is_said_with_what_comes_close(folder, drawing):
    with pytest.raises(UsageError, match="plan_id"):
        adding.add(folder, [drawing], values=["plan_idd=P2"], ask=nobody)
