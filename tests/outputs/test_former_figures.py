"""One row a figure: each former commune, together, and why some are not carried."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "analyses"))

import build as b
import mergers as m

from ntm_gis.outputs.planreview import former_figures
from ntm_gis.outputs.speech import Speech


def test_a_row_a_figure_with_its_sum_or_why_there_is_none() -> None:
    rows = [
        m.figure("jobs", "F1", value=100.0), m.figure("jobs", "F2", value=50.0),
        m.figure("criteria_met", "F1", value=12.0), m.figure("criteria_met", "F2", value=15.0),
    ]  # fmt: skip
    layers = b.layers(m.commune(), figures=rows)
    answer = m.asked(*rows)
    heads, found, note = former_figures.table(answer, Speech(answer, "vi", layers))
    assert heads == ("Số liệu", "Mường Khoa (cũ)", "Phúc Khoa", "Xã mới", "Đơn vị")
    by_title = {row[0]: row[1:] for row in found}
    assert by_title["Số lao động được giải quyết việc làm"] == ("100", "50", "150", "người")
    assert by_title["Số tiêu chí đạt"][:3] == ("12", "15", "không gộp được")
    assert note.startswith("Số tiêu chí đạt: ")
    assert "chấm lại" in note


def test_nothing_carried_is_no_table() -> None:
    answer = m.asked()
    assert former_figures.table(answer, Speech(answer, "vi", b.layers(m.commune())))[1] == ()
