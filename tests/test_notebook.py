"""Communes in a notebook: the example runs cell by cell; maps are safe and need no network."""

from __future__ import annotations

import ast
import html
import json
import re
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from ntm_gis import notebook, pipeline
from ntm_gis.errors import RuleError, UsageError
from ntm_gis.outputs import folium_map
from ntm_gis.outputs.folders import write_sample

EXAMPLE = Path(__file__).parents[1] / "docs" / "notebook.ipynb"
HOSTILE = (
    "{{ cycler.__init__.__globals__.os.popen('echo RAN').read() }}", "{% raw %}", "{# x",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "`${alert(1)}`", "\\u003cb>",
    "</script>", "%}", "a\u202eb", "javascript:alert(1)", "https://example.org/x", "'\"><b>",
)  # fmt: skip


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> pipeline.Review:
    folder = tmp_path_factory.mktemp("commune") / "xa"
    write_sample(folder)
    return pipeline.review(folder)


@pytest.fixture(scope="module")
def commune(reviewed) -> notebook.CommuneView:
    return notebook.CommuneView(reviewed)


def _cells() -> list[str]:
    cells = json.loads(EXAMPLE.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def _run(source: str, names: dict[str, object]) -> object:
    """Run a cell as a notebook does: the value of the last expression comes back."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - our own example
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307


def test_the_example_runs_from_the_first_cell_to_the_last():
    names: dict[str, object] = {}
    shown = [_run(cell, names) for cell in _cells()]
    html = [value._repr_html_() for value in shown if hasattr(value, "_repr_html_")]
    assert len(html) >= 6
    assert any("40,28" in text for text in html)  # km of village roads, the Vietnamese way
    assert isinstance(shown[-1], pd.Series)
    assert not any(cell.get("outputs") for cell in json.loads(EXAMPLE.read_text("utf-8"))["cells"])


def test_figures_in_a_frame_are_those_of_the_review(commune, reviewed):
    table = commune.figures().frame().set_index("id")
    assert len(table) == len(reviewed.answer.measures)
    for measure in reviewed.answer.measures:
        value = table.loc[measure.id, "value"]
        assert pd.isna(value) if measure.value is None else value == measure.value


def test_findings_in_a_cell_name_file_and_row(commune, reviewed):
    shown = commune.findings._repr_html_()
    placed = [f for f in reviewed.findings[:50] if f.file and f.row is not None]
    assert placed
    for found in placed:
        file = html.escape(found.file.removeprefix("sources/"))
        assert re.search(re.escape(file) + rf"[^<]*dòng {found.row}<", shown), found.code


def test_what_is_not_there_is_said(commune):
    with pytest.raises(UsageError, match="tea"):
        commune.measure("tea.aria")
    with pytest.raises(UsageError, match="no_such"):
        commune.frame("no_such")
    with pytest.raises(RuleError):
        commune.map("overvew")


def test_a_frame_handed_out_is_a_copy(commune):
    frame = commune.frame("villages")
    frame["name"] = "x"
    assert "x" not in set(commune.frame("villages")["name"])
    assert isinstance(frame, gpd.GeoDataFrame)


@pytest.mark.parametrize("name", ["overview", "roads", "plans", "plan_findings"])
def test_folium_maps_lead_nowhere(commune, name, tmp_path):
    drawn = commune.to_folium(name)
    drawn.save(str(tmp_path / "map.html"))
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    leads = set(re.findall(r"https?://[^\s\"'\\<>]+", text))
    assert leads <= {"http://www.w3.org/2000/svg"}


def _hostile(answer, text: str):
    frames = {}
    for name, frame in answer.frames.items():
        out = frame.copy()
        for column in out.columns:
            if column in ("name", "start_name", "document", "reported_by") and column in out:
                out[column] = text
        frames[name] = out
    return replace(answer, frames=frames)


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_data_neither_run_nor_become_markup(reviewed, text):
    answer = _hostile(reviewed.answer, text)
    html = folium_map.to_folium(answer, reviewed.commune, "villages").get_root().render()
    assert "RAN" not in html.replace("echo RAN", "")
    for sign in ("{{", "{%", "<img src=x", "<script>alert", "`${alert"):
        assert sign not in html or sign not in text
    cards = notebook.CommuneView(replace(reviewed, answer=answer)).map("villages")._repr_html_()
    assert "<script>alert(1)" not in cards


def test_only_the_rows_with_a_place_are_drawn_and_all_of_them(reviewed):
    html = folium_map.to_folium(reviewed.answer, reviewed.commune, "villages").get_root().render()
    villages = reviewed.answer.frames["villages"]
    placed = villages[villages.geometry.notna()]
    assert all(f"({key})" in html for key in placed["id"])
