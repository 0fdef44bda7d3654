"""CSV: a quotation mark that is opened in vain swallows no rows, and one that is closed is kept."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.sources.readers.delimited import read

HEAD = "Mã;Tên;Số hộ;Dân số"


def _read(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8", newline="")
    (table,) = read(path, {})
    return table


def _row(i, name):
    return f"B{i};{name};{10 + i};{40 + i}"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("place", [0, 1, 150, 299])
@pytest.mark.parametrize("closed_later", [False, True])
def test_a_mark_without_end_swallows_no_rows(tmp_path, end, place, closed_later):
    names = [f"Bản {i}" for i in range(300)]
    written = list(names)
    written[place] = '"' + written[place]
    if closed_later and place < 250:
        written[place + 40] = f'"{names[place + 40]}"'
    lines = [HEAD, *(_row(i, name) for i, name in enumerate(written))]
    table = _read(tmp_path, end.join(lines) + end)
    rows = dict(table.sheet.rows)
    assert [rows[i + 2][2].strip('"') for i in range(300)] == names
    assert all(len(rows[i + 2]) == 4 for i in range(300))
    assert [(t.code, t.row) for t in table.told] == [("CSV_QUOTES", place + 2)]


def test_a_mark_that_the_next_line_closes_by_chance(tmp_path):
    lines = [HEAD, _row(0, '"Nà An'), _row(1, '"Hô Tra"'), _row(2, "Pá Kim")]
    table = _read(tmp_path, "\n".join(lines))
    assert [cells[2] for _, cells in table.sheet.rows[1:]] == ["Nà An", "Hô Tra", "Pá Kim"]
    assert [t.row for t in table.told] == [2]


def test_a_mark_without_end_before_a_very_long_rest(tmp_path):
    lines = [HEAD, _row(0, '"Nà An'), *(_row(i, f"Bản {i}" * 40) for i in range(1, 9000))]
    table = _read(tmp_path, "\n".join(lines))
    assert len(table.sheet.rows) == 9001
    assert [t.row for t in table.told] == [2]


def test_a_mark_of_inches_is_a_letter(tmp_path):
    table = _read(tmp_path, f'{HEAD}\nB1;ống 5" thép;10;40\nB2;ống 6" thép;11;41\n')
    assert [cells[2] for _, cells in table.sheet.rows[1:]] == ['ống 5" thép', 'ống 6" thép']
    assert table.told == []


def test_notes_of_several_lines_stay_one_cell(tmp_path):
    first = _read(tmp_path, f'{HEAD}\n"B1\nmới";Nà An;10;40\nB2;Hô Tra;11;41\n')
    assert [n for n, _ in first.sheet.rows] == [1, 2, 4]
    table = _read(tmp_path, f'{HEAD}\nB1;"Nà An;\nxem; lại\nba";10;40\nB2;Hô Tra;11;41\n')
    assert [n for n, _ in table.sheet.rows] == [1, 2, 5]
    assert table.sheet.rows[1][1][2] == "Nà An;\nxem; lại\nba"
    assert table.told == []


LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"])
CELL = st.text(LETTERS, min_size=1, max_size=8).filter(
    lambda s: s.strip() == s and s.strip(";,\t| \ufeff") == s
)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6))
def test_what_is_written_well_is_read_as_python_reads_it(tmp_path_factory, rows):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows([("a", "b", "c"), *rows])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    (table,) = read(path, {})
    found = [tuple(cells[i] for i in (1, 2, 3)) for _, cells in table.sheet.rows[1:]]
    assert found == rows
    assert table.told == []
