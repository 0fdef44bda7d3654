"""Old letter codes in tables: found by column, settled for the table, nothing lost."""

from __future__ import annotations

import commune_kit as kit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from table_writers import dbf, write_shapefile

from ntm_gis import text
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.sources import letters, telling
from ntm_gis.sources.readers.parsed import Column, Parsed, Told

SURFACES = ["Bê tông", "Đất", "Nhựa", "Cấp phối", "BTXM", "Đá dăm"]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources").mkdir()
    return tmp_path


def _shapefile(folder, code, *, cpg=None, ldid=0):
    rows = [
        (
            f"D{i}".encode(),
            text.encode(kit.VILLAGES[i], code),
            text.encode(SURFACES[i % 6], code),
            b"3.5",
        )
        for i in range(12)
    ]
    fields = [
        (b"MA", "C", 10, 0),
        (b"TEN", "C", 60, 0),
        (b"KET_CAU", "C", 30, 0),
        (b"RONG", "N", 8, 2),
    ]
    write_shapefile(folder / "sources/duong.shp", kit.INSIDE, fields, rows, cpg=cpg, ldid=ldid)
    return SourceEntry(layer="roads", file="sources/duong.shp")


@pytest.mark.parametrize("code", ["tcvn3", "vni", "windows-1258", "utf-8"])
def test_a_table_without_a_word_on_its_letters(folder, code):
    raw = kit.read_one(folder, _shapefile(folder, code))
    assert raw.frame["TEN"].tolist() == kit.VILLAGES
    assert raw.frame["KET_CAU"].tolist() == SURFACES * 2
    assert raw.frame["RONG"].tolist() == [3.5] * 12
    assert kit.codes(raw) == []


def test_a_finding_on_a_personal_column_does_not_say_what_stands_in_it():
    """By its heading, by what commune.toml calls it; other columns say it."""
    told = [
        Told("TEXT_CUT", row=3, field=name, value="Lò Văn A") for name in ("Hộ", "Cột 3", "Loại")
    ]
    named = {"household": "Cột 3"}
    found = telling.findings(told, file="a.dbf", layer="contributions", named=named)
    assert [f.value for f in found] == ["", "", "Lò Văn A"]
    assert ["Lò" in f.message.vi for f in found[:2]] == [False, False]
    nowhere = telling.findings([Told("TEXT_CUT", row=3, field="CMND", value="04512")], file="a.dbf")
    assert "04512" not in str(nowhere)


@pytest.mark.parametrize("code", ["tcvn3", "vni", "windows-1258"])
def test_an_entry_says_the_code(folder, code):
    entry = _shapefile(folder, code).model_copy(update={"encoding": code.upper()})
    assert kit.read_one(folder, entry).frame["TEN"].tolist() == kit.VILLAGES


def test_an_unknown_code_is_told_and_the_letters_found_all_the_same(folder):
    entry = _shapefile(folder, "tcvn3").model_copy(update={"encoding": "tcvn4"})
    raw = kit.read_one(folder, entry)
    assert raw.frame["TEN"].tolist() == kit.VILLAGES
    assert kit.codes(raw) == ["ENCODING_UNKNOWN"]
    assert raw.findings[0].value == "tcvn4"


def test_a_lying_cpg_does_not_matter(folder):
    raw = kit.read_one(folder, _shapefile(folder, "tcvn3", cpg="UTF-8"))
    assert raw.frame["TEN"].tolist() == kit.VILLAGES


def test_the_soft_hyphen_is_a_letter(folder):
    entry = _shapefile(folder, "tcvn3")
    content = (folder / "sources/duong.dbf").read_bytes()
    assert b"M\xad\xeang Khoa" in content
    assert "Bản Mường Khoa" in kit.read_one(folder, entry).frame["TEN"].tolist()


def test_utf8_cut_inside_a_letter_by_the_width_of_its_column(folder):
    names = [name.encode()[:13] for name in kit.VILLAGES]
    rows = [(name, b"") for name in names]
    write_shapefile(
        folder / "sources/d.shp", kit.INSIDE, [(b"TEN", "C", 13, 0), (b"X", "C", 2, 0)], rows
    )
    raw = kit.read_one(folder, SourceEntry(layer="roads", file="sources/d.shp"))
    assert raw.frame["TEN"].tolist() == [n.decode("utf-8", "ignore").strip() for n in names]
    cut = [i + 1 for i, name in enumerate(names) if name.decode("utf-8", "ignore").encode() != name]
    assert cut
    assert [f.row for f in raw.findings if f.code == "TEXT_CUT"] == cut


def test_old_letters_in_a_workbook_and_its_headings(folder):
    import openpyxl

    def old(value):
        return text.surface(text.encode(value, "tcvn3"))

    book = openpyxl.Workbook()
    book.active.append([old(h) for h in ("Mã bản", "Tên bản", "Số hộ", "Ghi chú")])
    for i, name in enumerate(kit.VILLAGES):
        book.active.append([f"MK{i}", old(name), 10 + i, None])
    book.active.append([None, old("Tổng cộng"), sum(10 + i for i in range(12)), None])
    book.save(folder / "sources/ban.xlsx")
    raw = kit.read_one(folder, SourceEntry(layer="villages", file="sources/ban.xlsx"))
    assert list(raw.frame.columns[:3]) == ["Mã bản", "Tên bản", "Số hộ"]
    assert raw.frame["Tên bản"].tolist() == kit.VILLAGES
    assert kit.codes(raw) == ["TOTAL_ROW"]


@pytest.mark.parametrize("code", ["windows-1258", "tcvn3", "vni", "utf-8"])
def test_csv_in_old_letters(folder, code):
    lines = ["Mã;Tên bản;Số hộ"] + [f"MK{i};{n};{i}" for i, n in enumerate(kit.VILLAGES)]
    (folder / "sources/ban.csv").write_bytes(b"\r\n".join(text.encode(s, code) for s in lines))
    raw = kit.read_one(folder, SourceEntry(layer="villages", file="sources/ban.csv"))
    assert list(raw.frame.columns[:3]) == ["Mã", "Tên bản", "Số hộ"]
    assert raw.frame["Tên bản"].tolist() == kit.VILLAGES
    assert raw.frame["@row"].tolist() == list(range(2, 14))


def test_mapinfo_that_calls_old_letters_western(folder):
    # What MapInfo wrote in those years: TCVN3 bytes under the name of windows-1252.
    names = "\r\n".join(f'"{text.surface(text.encode(n, "tcvn3"))}"' for n in kit.VILLAGES)
    points = "\r\n".join(f"Point {x} {y}" for x, y in kit.INSIDE)
    for charset in ("WindowsLatin1", "Neutral"):
        head = (
            f'Version 300\r\nCharset "{charset}"\r\nDelimiter ","\r\nCoordSys Earth Projection 8, '
            "9999, 28, -191.90441429, -39.30318279, -111.45032835, 0.00928836, -0.01975479, "
            '0.00427372, 0.252906278, 0, "m", 103, 0, 0.9999, 500000, 0\r\n'
            "Columns 1\r\n  TEN Char(60)\r\nData\r\n\r\n"
        )
        path = folder / f"sources/{charset}.mif"
        path.write_bytes((head + points + "\r\n").encode("ascii"))
        path.with_suffix(".mid").write_bytes(names.encode("cp1252") + b"\r\n")
        raw = kit.read_one(folder, SourceEntry(layer="villages", file=f"sources/{charset}.mif"))
        assert raw.frame["TEN"].tolist() == kit.VILLAGES, charset
        assert raw.origin.crs == kit.ZONE
        assert raw.frame.geometry.iloc[0].distance(kit.points().geometry.iloc[0]) < 0.01


def test_plain_unicode_is_left_letter_by_letter(folder):
    import unicodedata

    frame = kit.points()
    odd = unicodedata.normalize("NFD", "Bản Hô Tra")
    frame.loc[2, "TEN_BAN"] = odd
    frame.loc[3, "TEN_BAN"] = "Bản \u0397ô Tra"
    frame.to_file(folder / "sources/ban.gpkg", driver="GPKG")
    raw = kit.read_one(folder, SourceEntry(layer="villages", file="sources/ban.gpkg"))
    # Checks name them with the feature; nothing is composed or replaced in silence before.
    assert raw.frame["TEN_BAN"].tolist()[2:4] == [odd, "Bản \u0397ô Tra"]


def test_a_column_of_one_word_follows_its_table():
    table = Parsed(
        None,
        [
            Column(
                "TEN", [text.encode(n, "tcvn3").decode("latin-1") for n in kit.VILLAGES], raw=True
            ),
            Column("LOAI", [text.encode("Đất", "tcvn3").decode("latin-1")] * 12, raw=True),
        ],
        list(range(12)),
    )
    found = letters.settle(table)
    assert table.columns[1].cells == ["Đất"] * 12
    assert found.codes == {"TEN": "tcvn3", "LOAI": "tcvn3"}
    assert found.told == []


def test_what_stays_in_doubt_is_asked_with_samples():
    table = Parsed(None, [Column("TEN", ["H\xab"], raw=True)], [1])
    (told,) = letters.settle(table).told
    assert told.code == "LETTERS_DOUBTFUL"
    assert "→" in told.params["samples"]


WORDS = st.lists(
    st.sampled_from([w for n in kit.VILLAGES for w in n.split()]), min_size=1, max_size=4
)


@given(
    st.lists(WORDS.map(" ".join), min_size=6, max_size=20),
    st.sampled_from(["tcvn3", "vni", "windows-1258"]),
)
@settings(max_examples=60, deadline=None)
def test_what_a_code_wrote_comes_back(names, code):
    names += kit.VILLAGES
    table = Parsed(
        None,
        [Column("TEN", [text.encode(n, code).decode("latin-1") for n in names], raw=True)],
        list(range(len(names))),
    )
    letters.settle(table)
    assert table.columns[0].cells == names


def test_numbers_of_a_table_that_are_none_stay_text(folder):
    dbf(
        folder / "sources/a.dbf",
        [(b"MA", "C", 5, 0), (b"DAI", "N", 8, 2), (b"NGAY", "D", 8, 0), (b"CO", "L", 1, 0)],
        [
            (b"D1", b"12.50", b"20251231", b"T"),
            (b"D2", b"12,5", b"20251399", b"?"),
            (b"D3", b"********", b"", b"F"),
        ],
    )
    raw = kit.read_one(folder, SourceEntry(layer="works", file="sources/a.dbf"))
    assert raw.frame["DAI"].tolist() == [12.5, "12,5", "********"]
    assert [str(v) for v in raw.frame["NGAY"]] == ["2025-12-31", "20251399", "None"]
    assert raw.frame["CO"].tolist() == [True, None, False]
