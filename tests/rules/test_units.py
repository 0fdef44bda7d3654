"""The shipped tables of communes, against the resolution, the map and the national list."""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
from collections import defaultdict
from pathlib import Path

import pyogrio
import pytest

from ntm_gis import shipped, text
from ntm_gis.errors import RuleError
from ntm_gis.rules import csv_tables, units
from ntm_gis.rules.carrying import figures

FOLDER = shipped.path("data", "units")
TABLE = FOLDER / "lineage-lai-chau.csv"
HEADING = (
    "old_code,old_kind,old_name,new_code,new_kind,new_name,extent,share,valid_from,decided_on,"
    "document,place,status,source"
)
MERGER, EVE = dt.date(2025, 7, 1), dt.date(2025, 6, 30)
REAL = os.environ.get("NTM_GIS_TEST_DATA")

needs_data = pytest.mark.skipif(not REAL, reason="NTM_GIS_TEST_DATA is not set")


def real(name: str) -> Path:
    return Path(str(REAL)) / "vietnam" / name


def table(tmp_path: Path, *lines: str, heading: str = HEADING) -> Path:
    path = tmp_path / "lineage-test.csv"
    path.write_text("\n".join([heading, *lines, ""]), encoding="utf-8")
    return path


def line(old: str, new: str, *, extent: str = "whole", share: str = "1", **other: str) -> str:
    cells = {
        "old_code": old, "old_kind": "commune", "old_name": f"Xã {old}", "new_code": new,
        "new_kind": "commune", "new_name": f"Mới {new}", "extent": extent, "share": share,
        "valid_from": "2025-07-01", "decided_on": "2025-06-16", "document": "1/NQ", "place": "1.1",
        "status": "cited", "source": "X", **other,
    }  # fmt: skip
    return ",".join(cells[name] for name in HEADING.split(","))


# --- The shipped table ----------------------------------------------------------------------------


def test_lai_chau_is_whole():
    """106 former communes became 38; 36 were made by the resolution and two stayed."""
    rows = units.read(TABLE).rows
    assert len({row.old_code for row in rows}) == len(rows) == 106
    assert len({row.new_code for row in rows}) == 38
    assert sum(row.new_kind == "ward" for row in {r.new_code: r for r in rows}.values()) == 2
    stayed = [row for row in rows if row.place == "1.37"]
    assert [(row.old_name, row.new_name) for row in stayed] == [
        ("Mù Cả", "Mù Cả"), ("Tà Tổng", "Tà Tổng"),
    ]  # fmt: skip
    assert {row.place for row in rows} == {f"1.{n}" for n in range(1, 38)}
    assert {(row.document, row.decided_on, row.valid_from) for row in rows} == {
        ("1670/NQ-UBTVQH15", dt.date(2025, 6, 16), MERGER)
    }
    assert {row.status for row in rows} == {"cited"}
    assert all(row.source and row.checked_with for row in rows)


def test_sources_are_described():
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    for row in units.units().rows:
        for source in (*row.source, *row.checked_with):
            assert f"| {source} |" in told
    for name in units.Row.model_fields:
        assert f"`{name}`" in told or f"{name.split('_')[0]}_" in told


@needs_data
def test_every_row_stands_in_the_resolution():
    said = real("1670_NQ-UBTVQH15.md").read_text(encoding="utf-8")
    article = text.nfc(said).split("**Điều 1.")[1].split("**Điều 2.")[0]
    parts = re.split(r"\n(\d+)\\?\.\s*", article)
    clauses = {
        number: re.sub(r"\s+", "", body).casefold()
        for number, body in zip(parts[1::2], parts[2::2], strict=True)
    }
    for row in units.read(TABLE).rows:
        clause = clauses[row.place.removeprefix("1.")]
        assert row.old_name.replace(" ", "").casefold() in clause, row
        assert row.new_name.replace(" ", "").casefold() in clause, row


@needs_data
def test_every_row_is_what_the_map_of_the_state_publisher_says():
    """The list of predecessors there was made by others, from the same acts."""
    there = pyogrio.read_dataframe(real("lai_chau_38_communes_2025.gpkg"), read_geometry=False)
    kinds = {"commune": "xã", "ward": "phường", "township": "thị trấn"}
    ours: dict[str, set[str]] = defaultdict(set)
    called = {}
    for row in units.read(TABLE).rows:
        ours[row.new_code].add(f"{kinds[row.old_kind]} {row.old_name}".casefold())
        called[row.new_code] = f"{kinds[row.new_kind]} {row.new_name}".casefold()
    assert set(there["code"]) == set(ours)
    for code, name, made_of in zip(
        there["code"], there["fullName"], there["merged_from"], strict=True
    ):
        assert text.nfc(name).casefold() == called[code]
        if made_of == "giữ nguyên":
            assert ours[code] == {called[code]}
        else:
            assert {p.strip().casefold() for p in text.nfc(made_of).split(",")} == ours[code]


@needs_data
def test_every_row_is_in_the_national_list():
    with real("old_to_new_communes.csv").open(encoding="utf-8") as file:
        links = {
            (row["old_code"], row["new_code"], row["type"])
            for row in csv.DictReader(file)
            if row["prov"] == "12"
        }
    rows = units.read(TABLE).rows
    assert {(row.old_code, row.new_code, "full") for row in rows} == links
    with real("old_commune_points.csv").open(encoding="utf-8-sig") as file:
        names = {
            r["wardCode"]: r["ward"] for r in csv.DictReader(file) if r["provinceCode"] == "12"
        }
    assert {row.old_code for row in rows} == set(names)
    for row in rows:
        spellings = {text.fold(name) for name in (row.old_name, *row.old_also)}
        assert (
            text.fold(names[row.old_code].split(" ", 2 if row.old_kind == "township" else 1)[-1])
            in spellings
        )


@needs_data
def test_a_national_table_of_the_same_columns_is_read(tmp_path: Path):
    """10,604 links of the whole country; parts of which the share is not known among them."""
    kinds = {
        "Xã": "commune", "Phường": "ward", "Thị trấn": "township", "Đặc khu": "special_zone",
        "Huyện": "district",
    }  # fmt: skip

    def called(name: str) -> tuple[str, str]:
        begin = next((k for k in kinds if name.startswith(f"{k} ")), "Xã")
        return kinds[begin], name.removeprefix(begin).strip()

    path = tmp_path / "lineage-national.csv"
    with (
        real("old_to_new_communes.csv").open(encoding="utf-8") as file,
        path.open("w", encoding="utf-8", newline="") as out,
    ):
        written = csv.writer(out)
        written.writerow(HEADING.split(","))
        for row in csv.DictReader(file):
            whole = row["type"] == "full"
            written.writerow([
                row["old_code"], *called(row["old_name"]), row["new_code"],
                *called(row["new_name"]), "whole" if whole else "part", "1" if whole else "",
                "2025-07-01", "2025-06-16", "60-NQ/TW", "1.1", "unverified", "dvhcvn",
            ])  # fmt: skip
    national = units.read(path)
    assert len(national.rows) == 10_604
    assert len({row.old_code for row in national.rows}) == 10_052
    assert len({row.new_code for row in national.rows}) == 3_321
    trieu = national.became("00004", MERGER)
    assert [part.unit.name for part in trieu] == ["Ba Đình"]
    parts = national.became("00016", MERGER)
    assert len(parts) > 1
    assert all((part.low, part.high) == (0.0, 1.0) for part in parts)
    assert [p.unit.name for p in national.made_of("03601", MERGER)] == ["Mường Khoa", "Phúc Khoa"]


# --- Questions ------------------------------------------------------------------------------------


def test_what_muong_khoa_is_made_of():
    found = units.units()
    assert [(p.unit.code, p.unit.name, p.share) for p in found.made_of("03601", MERGER)] == [
        ("03601", "Mường Khoa", 1.0), ("03602", "Phúc Khoa", 1.0),
    ]  # fmt: skip
    assert [p.unit.name for p in found.became("03602", MERGER)] == ["Mường Khoa"]
    assert [p.unit.name for p in found.became("03602", EVE)] == ["Phúc Khoa"]
    act = found.rows_into("03601")[0].act
    assert act.vi == "Nghị quyết 1670/NQ-UBTVQH15 ngày 16/06/2025, Điều 1 khoản 8"


@pytest.mark.parametrize(
    ("words", "on", "first", "how"),
    [
        ("phuc khoa", None, "03602", "key"),
        ("Phúc Khoa", None, "03602", "exact"),
        ("xã Phúc Khoa", None, "03602", "exact"),
        ("03602", None, "03602", "code"),
        ("Tông Qua Lìn", None, "03565", "also"),
        ("Tung Qua Lìn", None, "03565", "exact"),
        ("kan ho", None, "03469", "key"),
        ("thị trấn Than Uyên", None, "03595", "exact"),
        ("Phúc Khao", None, "03602", "close"),
        ("Xã Bản Bo", MERGER, "03424", "exact"),
    ],
)  # fmt: skip
def test_a_commune_is_found_by_old_and_new_names(words, on, first, how):
    hit = units.units().find(words, on=on)[0]
    assert (hit.unit.code, hit.how) == (first, how)


@pytest.mark.parametrize(
    ("words", "on", "expected"),
    [
        ("Phúc Khoa", None, "Phúc Khoa"), ("phuc khoa", None, None), ("Phúc Khao", None, None),
        ("Mường Khoa", None, None), ("Mường Khoa", MERGER, "Mường Khoa"),
        ("03618", EVE, "Phúc Than"), ("03618", MERGER, "Mường Than"), ("03618", None, None),
        ("Than Uyên", EVE, "Than Uyên"), ("xã Than Uyên", EVE, None), ("Hô Tra", None, None),
    ],
    ids=["by its name", "without diacritics", "a letter apart", "old and new", "on a day",
         "code of the old", "code of the new", "code of both", "kind not said",
         "kind said wrongly", "no commune"],
)  # fmt: skip
def test_only_what_is_sure_is_decided(words, on, expected):
    found = units.units().one(words, on=on)
    assert (found.name if found else None) == expected


def test_splits_say_how_much_went_where(tmp_path: Path):
    path = table(
        tmp_path,
        line("00001", "00011", extent="part", share="0.25"),
        line("00001", "00012", extent="part", share=""),
        line("00002", "00012"),
    )
    found = units.read(path)
    assert [(p.unit.code, p.share) for p in found.became("00001", MERGER)] == [
        ("00012", 0.75), ("00011", 0.25),
    ]  # fmt: skip
    assert [(p.unit.code, p.share) for p in found.made_of("00012", MERGER)] == [
        ("00001", 0.75), ("00002", 1.0),
    ]  # fmt: skip


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([line("00001", "00011"), line("00001", "00011")], "UNITS_OVER"),
        ([line("00001", "00011", extent="part", share="0.5"),
          line("00001", "00011", extent="part", share="0.5")], "UNITS_TWICE"),
        ([line("00001", "00011", extent="part", share="0.7"),
          line("00001", "00012", extent="part", share="0.6")], "UNITS_OVER"),
        ([line("00001", "00011", extent="part", share="0.7")], "UNITS_OPEN"),
        ([line("00001", "00002", old_name="A", new_name="B"),
          line("00002", "00001", old_name="B", new_name="A")], "UNITS_ROUND"),
        ([line("00001", "00011"), line("00001", "00012", valid_from="2026-01-01")], "UNITS_GONE"),
        ([line("00001", "00011"), line("00002", "00011", new_name="Khác")], "UNITS_NAMED"),
        ([line("00001", "00011", share="1.2")], "VALUE_WRONG"),
        ([line("00001", "00011", share="0")], "VALUE_WRONG"),
        ([line("00001", "00011", share="nan")], "VALUE_WRONG"),
        ([line("00001", "00011", share="0.5")], "VALUE_WRONG"),
        ([line("00001", "00011", extent="part", share="1")], "VALUE_WRONG"),
        ([line("1", "00011")], "VALUE_WRONG"),
        ([line("00001", "00011", old_kind="huyện")], "VALUE_WRONG"),
        ([line("00001", "00011", valid_from="01/07/2025")], "VALUE_WRONG"),
        ([line("00001", "00011", decided_on="2025-08-01")], "VALUE_WRONG"),
        ([line("", "00011")], "KEY_MISSING"),
        ([line("00001", "00011") + ",thừa"], "TABLE_CELLS"),
        (['"00001,00011'], "TABLE_QUOTES"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_so_are_refused(tmp_path, lines, code):
    with pytest.raises(RuleError) as refused:
        units.read(table(tmp_path, *lines))
    assert refused.value.code == code
    for lang in ("vi", "en"):
        said = refused.value.say(lang)
        assert "{" not in said
        assert "lineage-test.csv" in said


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        (HEADING + ",shares", "KEY_UNKNOWN_MEANT"),
        (HEADING + ",dân số", "KEY_UNKNOWN"),
        (HEADING + ",share", "TABLE_COLUMN_TWICE"),
        (HEADING.replace("new_code,", ""), "KEY_MISSING"),
        ("", "KEY_MISSING"),
    ],
)
def test_columns_that_are_not_known_are_refused(tmp_path, heading, code):
    with pytest.raises(RuleError) as refused:
        units.read(table(tmp_path, heading=heading))
    assert refused.value.code == code


def test_two_tables_of_one_row_are_refused(tmp_path: Path):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    for path in (first, second):
        path.write_text(TABLE.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(RuleError) as refused:
        units.read(first, second)
    assert "a.csv" in refused.value.say()
    assert "b.csv" in refused.value.say()


def test_a_missing_table_is_named(tmp_path: Path):
    with pytest.raises(RuleError, match=r"lineage-none\.csv"):
        units.read(tmp_path / "lineage-none.csv")


# --- How figures are carried ----------------------------------------------------------------------


def test_each_indicator_of_the_set_is_marked():
    """57 indicators by the count of the reference, and each says one of three ways."""
    known = figures("vn-2021-2025")
    indicators = [code for code in known if code[0].isdigit()]
    assert len(indicators) == 57
    assert {known[code].carry for code in indicators} == {"add", "ratio", "none"}
    for figure in known.values():
        assert (figure.why is not None) == (figure.carry == "none")
        assert figure.scale == (100.0 if figure.unit == "%" else 1.0)
    assert set(figures()) < set(known)
    assert not any(code[0].isdigit() for code in figures("vn-2026-2030"))


def test_a_table_of_figures_is_strict(tmp_path: Path):
    from ntm_gis.rules.carrying import Figure

    path = tmp_path / "figures.csv"
    for cells in ("a,A,A,%,none,,", "a,A,A,%,ratio,population,", "a,A,A,%,add,nowhere,"):
        path.write_text(f"figure,vi,en,unit,carry,field,whole\n{cells}\n", encoding="utf-8")
        with pytest.raises(RuleError, match="dòng 2"):
            csv_tables.rows(path, Figure)
