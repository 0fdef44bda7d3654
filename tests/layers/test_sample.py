"""The sample commune: each fault put into it is named at its row, and no other."""

from __future__ import annotations

import re

import pytest

from ntm_gis import shipped, sources
from ntm_gis.layers.gather import gather
from ntm_gis.rules import commune as communes

# What checking rows has to find; the rest of FAULTS.md is for sources and analyses.
OURS = {
    "ROAD_SURFACE_UNKNOWN", "CODE_UNKNOWN", "DUPLICATE_ROW", "NAME_NOT_NFC", "SIMILAR_NAMES",
    "NOT_LOCATED", "SCHOOL_DISUSED", "FACILITY_LEVEL_UNKNOWN", "HOUSE_SIZE_UNKNOWN",
    "VALUE_MISSING", "RADIUS_UNKNOWN", "CONDITION_UNKNOWN", "REFERENCE_UNKNOWN",
    "OUTSIDE_BOUNDARY", "DRAWING_ASSEMBLED",
}  # fmt: skip
THEIRS = {"TOTAL_ROW", "TRACK_JUMP"}


@pytest.fixture(scope="module")
def layers():
    folder = shipped.path("data", "sample")
    commune = communes.read(folder)
    inputs = sources.read(folder, commune)
    return gather(inputs.raws, inputs.grids, commune, inputs.findings)


def _promised() -> set[tuple[str, str, int | None]]:
    out = set()
    text = shipped.path("data", "sample", "FAULTS.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) < 5 or not cells[0].isdigit() or cells[4].strip("`") not in OURS:
            continue
        row = re.match(r"[0-9]+", cells[2])  # a drawing is named as a whole
        out.add((cells[4].strip("`"), cells[1].split(", ")[0], int(row[0]) if row else None))
    return out


def test_each_fault_is_named_and_nothing_else(layers):
    found = {(f.code, f.file, f.row) for f in layers.findings if f.code not in THEIRS}
    assert len(_promised()) >= 25
    assert found == _promised()


def test_every_row_is_accounted_for(layers):
    for account in layers.accounts:
        assert account.rows_in == account.used + account.set_aside + account.refused
        assert account.refused == 0
    assert len(layers["villages"].used) == 20
    assert layers["villages"].used["population"].sum() == 12_529
    assert layers["villages"].used["households"].sum() == 2_484
    assert len(layers["schools"].used) == 22
    assert layers["buildings"].used["households"].sum() == 2_484


def test_every_reference_leads_somewhere_but_the_one(layers):
    villages = set(layers["villages"].frame["village_id"])
    for name in ("tea_areas", "cultural_houses", "loudspeakers", "buildings", "figures"):
        written = set(layers[name].used["village_id"].dropna())
        assert written - villages == ({"MK15"} if name == "tea_areas" else set())
