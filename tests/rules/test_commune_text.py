"""commune.toml is changed by lines: what a person wrote around them stays."""

from __future__ import annotations

import pytest

from ntm_gis.rules.commune import SourceEntry
from ntm_gis.rules.commune_text import changed, source

OLD = SourceEntry(layer="roads", file="sources/a.shp")
NEW = OLD.model_copy(update={"crs": "EPSG:9205", "fields": {"name": "Tên"}})


@pytest.mark.parametrize("after", ["", '\n[[source]]\nlayer = "water"\nfile = "b.shp"\n'])
@pytest.mark.parametrize("note", ["", "# chị Lan: xem lại\n", "\n\n"])
def test_only_the_lines_of_one_entry_change(note: str, after: str) -> None:
    text = f'# đầu\n[commune]\nname = "x"\n\n{note}{source(OLD)}{after}'
    out = changed(text, OLD, NEW)
    assert out is not None
    assert [line for line in out.splitlines() if line not in text.splitlines()] == [
        'crs = "EPSG:9205"', 'fields = { name = "Tên" }'
    ]  # fmt: skip
    assert changed(out, NEW, OLD) == text


def test_an_entry_that_spans_lines_is_left_to_a_person() -> None:
    text = '[[source]]\nlayer = "roads"\nfile = "sources/a.shp"\ncrs = """\nEPSG:3405"""\n'
    old = SourceEntry(layer="roads", file="sources/a.shp", crs="EPSG:3405")
    assert changed(text, old, old.model_copy(update={"crs": "EPSG:9205"})) is None
