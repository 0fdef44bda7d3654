"""Headings are recognised in one way: by `add`, by checks, by shapefiles that cut them."""

from __future__ import annotations

import pytest

from ntm_gis import text
from ntm_gis.layers.fields import name_columns
from ntm_gis.layers.recognise import guesses
from ntm_gis.layers.remarks import Remarks
from ntm_gis.layers.values import Origin
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.rules.schema import layer_names, schema


def _by_checks(layer: str, headings: list[str]) -> dict[str, str]:
    entry = SourceEntry(layer=layer, file="sources/a.shp")
    naming = name_columns(headings, schema(layer), Origin("sources/a.shp", layer, entry), Remarks())
    return {name: headings[i] for name, i in naming.columns.items()}


def _headings(layer: str) -> list[str]:
    """Return every spelling, and what a shapefile leaves of it."""
    out: list[str] = []
    for field in schema(layer).fields:
        for spelling in field.spellings:
            out += [spelling, text.fold(spelling).replace(" ", "_").upper()[:10]]
    return out


@pytest.mark.parametrize("layer", layer_names())
def test_add_and_run_recognise_the_same_columns(layer: str) -> None:
    for heading in _headings(layer):
        assert schema(layer).recognise([heading]) == _by_checks(layer, [heading]), heading
    together = list(dict.fromkeys(_headings(layer)))
    assert schema(layer).recognise(together) == _by_checks(layer, together)


def test_a_name_cut_short_is_neither_missing_nor_unknown() -> None:
    columns = {"fund_id": ["V1"], "name": ["Vốn A"], "million_vn": [12.5]}
    (funds,) = [g for g in guesses(["nguon_von"], columns, None) if g.layer == "funds"]
    assert funds.fields["million_vnd"] == "million_vn"
    assert funds.missing == ()
    assert funds.unknown == ()


def test_a_cut_name_that_two_fields_share_is_nobodys() -> None:
    from ntm_gis.rules.columns import Headings

    known = Headings.of({"a": ("chieu_dai_a",), "b": ("chieu_dai_b",), "c": ("be_rong_mat",)})
    assert known.meant("CHIEU_DAI_") is None
    assert known.meant("BE_RONG_MA") == "c"
    assert known.candidates(["be_rong_ma", "x", "Bề rộng mặt"]) == {"a": [], "b": [], "c": [2, 0]}
