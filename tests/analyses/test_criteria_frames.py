"""The scorecard as a table, sets side by side, thresholds period by period; bad input end to end."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import build as b
import geopandas as gpd
import openpyxl
import pytest
import shapely

from ntm_gis import pipeline
from ntm_gis.analyses.criteria import analysis as criteria
from ntm_gis.analyses.criteria.frames import frames
from ntm_gis.analyses.criteria.limits import limits
from ntm_gis.analyses.question import Question
from ntm_gis.layers.values import Answer
from ntm_gis.rules.criteria import Where, criteria_set, read_set

HOME = Path(__file__).parents[1] / "rules" / "criteria_sets"
SET = "vn-2021-2025"
DAY = dt.date(2025, 12, 31)


def question(set_: str = SET, *figures: dict, compare: tuple[str, ...] = ()) -> Question:
    here = b.commune(criteria_set=set_, compare_sets=compare, commune_group=3)
    rows = [{"as_of": DAY, "document": "88/BC", **row} for row in figures]
    return Question(b.layers(here, figures=rows))


def test_the_table_says_what_the_measures_say() -> None:
    answer = criteria.answer(question(
        SET, {"indicator": "10", "value": 52.0}, {"indicator": "4.1", "passed": True},
        {"indicator": "12.1", "sex": "male", "value": 75.0}, compare=("vn-2026-2030",),
    ))  # fmt: skip
    table = answer.frames["scorecard"]
    measures = b.by_id(answer)
    known = table[table["id"].isin(measures)]
    assert len(known) >= 19 + 57 + 10 + 3
    for row in known.to_dict("records"):
        measure = measures[row["id"]]
        assert measure.judged is not None
        assert row["verdict"] == row["state"] == measure.judged.verdict.value
        assert (row["official"] == "yes") == measure.judged.official
        assert row["value"] == pytest.approx(measure.value, nan_ok=True) or measure.value is None
    by_id = table.set_index("id")
    assert by_id.loc["indicator.10", ["comparator", "limit_value"]].tolist() == ["at_least", 48.0]
    assert by_id.loc["indicator.2.2", "comparator"] == "delegated"
    assert "nữ" in by_id.loc["indicator.12.1", "decides_vi"]
    # Every undetermined indicator says what would decide it, and no other does.
    lines = table[table["kind"] == "indicator"]
    undecided = lines["verdict"] == "undetermined"
    assert (lines["decides_vi"].notna() == undecided).all()
    assert not table["id"].duplicated().any()


def test_sets_without_a_confirmed_mapping_are_not_compared() -> None:
    answer = criteria.answer(question(compare=("vn-2026-2030",)))
    pairs = answer.frames["compare_sets"]
    assert set(pairs["state"]) == {"not_comparable"}
    assert len(pairs) == 19 + 57 + 10 + 3
    assert (pairs["old_set"].isna() ^ pairs["new_set"].isna()).all()
    assert pairs["says_vi"].str.startswith("Không so sánh được").all()
    assert criteria.answer(question()).frames["compare_sets"].empty


def test_a_confirmed_mapping_stands_side_by_side() -> None:
    asked = question(SET, {"indicator": "2.1", "value": 47.0})
    old = criteria._scored(asked, read_set(HOME, "country"), main=True)[0]
    new = criteria._scored(asked, read_set(HOME, "province"), main=False)[0]
    pairs = frames((old, new), "EPSG:9205")["compare_sets"]
    both = pairs[pairs["state"] == "compared"]
    mapped = {(r["old_code"], r["new_code"]) for r in both.to_dict("records")}
    lines = read_set(HOME, "province").indicators.values()
    said = {(old_code, line.code) for line in lines for old_code in line.maps_to}
    assert mapped == {(o.rpartition(":")[2], n) for o, n in said}
    assert mapped
    rest = pairs[(pairs["state"] != "compared") & (pairs["kind"] == "indicator")]
    assert not set(rest["old_code"].dropna()) & {o for o, _ in mapped}


def test_every_period_has_its_threshold() -> None:
    found = criteria_set(SET)
    where = Where("northern-midlands-mountains")
    every = limits(found, (), where)
    assert len({one.key for one in every}) == len(every)
    for one in every:
        assert one.used == found.resolved(one.line.code, where, one.since)
    income = [(x.since.year, x.used.limit) for x in every if x.line.code == "10" and x.used]
    assert income == [(2022, 39.0), (2023, 42.0), (2024, 45.0), (2025, 48.0)]
    # A line that is judged by its parts alone has none of its own.
    assert {x.line.code for x in every} >= {"7.a", "7.b"}


# --- From files to verdicts ------------------------------------------------------------------------

TOML = """
[commune]
code = "03601"
name = "Mường Khoa"
province = "Lai Châu"
crs = "EPSG:9205"
criteria_set = "vn-2021-2025"
region = "northern-midlands-mountains"
as_of = 2025-12-31

[[source]]
layer = "boundary"
file = "sources/xa.gpkg"

[[source]]
layer = "villages"
file = "sources/ban.csv"

[[source]]
layer = "figures"
files = "sources/phieu/*"

[[source]]
layer = "funds"
file = "sources/von.csv"

[[source]]
layer = "targets"
file = "sources/muc_tieu.csv"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "Xã"
    (home / "sources" / "phieu").mkdir(parents=True)
    (home / "commune.toml").write_text(TOML, encoding="utf-8")
    ground = shapely.box(571_000, 2_455_000, 573_000, 2_456_000)
    gpd.GeoDataFrame(
        [{"unit_code": "03601", "name": "Mường Khoa", "geometry": ground}], crs="EPSG:9205"
    ).to_file(home / "sources" / "xa.gpkg", driver="GPKG")
    names = "\n".join(f"B{n:02};Bản {n};{50 + n}" for n in range(1, 21))
    text = f"Mã bản;Tên bản;Số hộ\n{names}\n"
    (home / "sources" / "ban.csv").write_text(text, encoding="utf-8")
    (home / "sources" / "von.csv").write_text(
        "fund_id;name;parent_id;million_vnd\nV1;Tổng;;100\nV2;Tự chứa;V2;40\n", encoding="utf-8"
    )
    (home / "sources" / "muc_tieu.csv").write_text(
        "target_id;name;measure;direction;value;unit\n"
        "MT1;Không có số đo;indicator.99.9;at_least;50;%\n"
        "MT2;Thu nhập;indicator.10;at_least;54;triệu đồng/người\n",
        encoding="utf-8",
    )
    return home


def form(folder: Path, name: str, rows: list[tuple]) -> None:
    book = openpyxl.Workbook()
    head = ("indicator", "village_id", "value", "numerator", "denominator", "as_of", "document")
    book.active.append(head)
    for row in rows:
        book.active.append(row)
    book.save(folder / "sources" / "phieu" / f"{name}.xlsx")


def test_twenty_village_forms_fill_one_table(folder: Path) -> None:
    for n in range(1, 21):
        form(folder, f"phieu_{n:02}", [
            ("17.11", f"B{n:02}", None, 10 + n, 50 + n, DAY, "Phiếu bản"),
            ("households", f"B{n:02}", 50 + n, None, None, DAY, "Phiếu bản"),
        ])  # fmt: skip
    form(folder, "xa", [("households", None, 1200, None, None, DAY, "88/BC-UBND")])
    found = pipeline.review(folder)
    measure = b.by_id(found.answer)["indicator.17.11"]
    parts, wholes = sum(10 + n for n in range(1, 21)), sum(50 + n for n in range(1, 21))
    assert (measure.numerator, measure.denominator) == (parts, wholes)
    assert measure.low == measure.high == pytest.approx(100 * parts / wholes)
    assert len(measure.evidence.inputs) == 20
    # The commune wrote 1,200 households, the forms sum to 1,210.
    (told,) = (f for f in found.findings if f.code == "FIGURE_VILLAGES_SUM")
    assert "1.210" in told.message.vi
    assert "1.200" in told.message.vi
    sheet = found.answer.frames["criterion_17"]
    mine = sheet[(sheet["indicator"] == "17.11") & sheet["village_id"].notna()]
    assert (mine["state"] == "received").sum() == 20
    # One form is not in: the share is open, and the village is named.
    (folder / "sources" / "phieu" / "phieu_07.xlsx").unlink()
    found = pipeline.review(folder)
    measure = b.by_id(found.answer)["indicator.17.11"]
    assert (measure.low, measure.high) != (measure.value, measure.value)
    assert any("B07" in f.message.vi for f in found.findings if f.code == "CRITERIA_SURVEY_ALL")


def said(answer: Answer, code: str) -> str:
    judged = b.by_id(answer)[f"indicator.{code}"].judged
    assert judged is not None
    return judged.verdict.value


def test_bad_input_is_named_and_the_rest_stands(folder: Path) -> None:
    form(folder, "xa", [
        ("4.2", None, "gần hết", None, None, DAY, "1/BC"),
        ("9.2", None, 120, None, None, DAY, "1/BC"),
        ("14.2", None, None, 86, 80, DAY, "1/BC"),
        ("17.6", None, 75, None, None, dt.date(2023, 12, 31), "1/BC"),
        ("10", None, 52, None, None, DAY, "1/BC"),
        ("11", None, 10.5, None, None, DAY, "1/BC"),
    ])  # fmt: skip
    found = pipeline.review(folder)
    by_code = {f.code: f for f in found.findings}
    assert {"FIGURE_SHARE", "FIGURE_PART", "FIGURE_OTHER_YEAR"} <= set(by_code)
    text = next(f for f in found.findings if f.value == "gần hết")
    assert (text.row, text.field) == (2, "value")
    assert by_code["FIGURE_SHARE"].row == 3
    assert any("V2" in f.message.vi for f in found.findings if f.layer == "funds")
    assert any("99.9" in f.message.vi for f in found.findings if f.layer == "targets")
    for code in ("4.2", "9.2", "14.2", "17.6"):
        assert said(found.answer, code) == "undetermined"
    assert said(found.answer, "10") == said(found.answer, "11") == "met"
    assert b.by_id(found.answer)["target.MT2.achieved_share"].value == pytest.approx(100 * 52 / 54)
    assert not found.answer.failures
