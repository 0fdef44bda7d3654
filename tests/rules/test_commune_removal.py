"""commune.toml without a source: nothing else changes."""

from __future__ import annotations

import tomllib

import pytest

from ntm_gis.rules.commune import SourceEntry
from ntm_gis.rules.commune_removal import removed

HEAD = '# Hồ sơ\n[commune]\nname = "Thử"  # tên\n\n'
ROADS = '[[source]]\nlayer = "roads"\nfile = "sources/a.shp"  # đường\n\n'
FUNDS = '# vốn năm 2025\n[[source]]\nlayer = "funds"\nfile = "sources/von.xlsx"\n'
ENTRIES = (
    SourceEntry(layer="roads", file="sources/a.shp"),
    SourceEntry(layer="funds", file="sources/von.xlsx"),
)


@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_the_first_goes_and_the_remark_of_the_next_stays(line):
    text = (HEAD + ROADS + FUNDS).replace("\n", line)
    assert removed(text, ENTRIES[0]) == (HEAD + FUNDS).replace("\n", line)


def test_the_last_goes():
    out = removed(HEAD + ROADS + FUNDS, ENTRIES[1])
    assert out is not None
    assert tomllib.loads(out)["source"] == [{"layer": "roads", "file": "sources/a.shp"}]
    assert out.startswith(HEAD + ROADS)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        (HEAD + ROADS, ENTRIES[1]),  # not there
        (HEAD + 'source = [{ layer = "roads", file = "sources/a.shp" }]\n', ENTRIES[0]),
    ],
)
def test_what_lines_cannot_do_is_left_to_a_person(text, entry):
    assert removed(text, entry) is None
