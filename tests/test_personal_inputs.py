"""Personal data planted in every file that an office hands in: none of it goes beyond the office.

Here up to what outputs are made of; `tests/outputs/test_hostile.py` goes on from there into every
file that is written.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from ntm_gis import pipeline
from ntm_gis.layers.values import OWN
from ntm_gis.outputs.folders import write_sample
from ntm_gis.outputs.results_json import finding_entry
from ntm_gis.rules.schema import public_fields

NAME, CARD, PHONE, PARCEL = "Zqxkin Thị Bí Mật", "040199887766", "0987654321", "Qzx98765"
HEADS = {"Họ và tên chủ hộ": NAME, "Số CCCD": CARD, "Điện thoại liên hệ": PHONE}
MARKS = ("Zqxkin", PARCEL, CARD, PHONE, CARD.lstrip("0"), PHONE.lstrip("0"))
DIRTY = (
    "Zqx\u200bkin", "Zqxkin " * 900, '=HYPERLINK("http://Zqxkin")', "Zqxkin §­êng b¶n",
    "Zqxkin\u202e", " Zqxkin  ", "Zqxkin\nZqxkin",
)  # fmt: skip
"""What checks have something to say about: it must not be said with the words themselves."""

HEADINGS = {"Mã", "Mã công trình", "Mã báo cáo", "Mã vốn", "Mã chỉ tiêu", "Mã quy hoạch", "Mã cũ",
            "Mã điểm", "Mã NVH"}  # fmt: skip


def _into_workbook(path: Path) -> int:
    book, planted = openpyxl.load_workbook(path), 0
    for sheet in book:
        lines = list(sheet.iter_rows(max_row=12))
        head = next(
            (n for n, row in enumerate(lines, 1) if HEADINGS & {c.value for c in row}), None
        )
        if head is None:
            continue
        width = max(c.column for c in sheet[head] if c.value)
        for k, title in enumerate(HEADS, 1):
            sheet.cell(head, width + k, title)
        for row in range(head + 1, sheet.max_row + 1):
            for k, value in enumerate(HEADS.values(), 1):
                sheet.cell(row, width + k, value)
                planted += 1
        if sheet.title == "Đóng góp":
            _into_gifts(sheet, head, width)
    book.save(path)
    return planted


def _into_gifts(sheet, head: int, width: int) -> None:
    """Plant in the personal fields of the schema, and add rows that checks complain about."""
    at = {c.value: c.column for c in sheet[head]}
    for row in range(head + 1, sheet.max_row + 1):
        for title, value in (("Hộ", NAME), ("Thửa đất", PARCEL), ("Văn bản", f"Đơn hộ {NAME}")):
            sheet.cell(row, at[title], value)
    first = [sheet.cell(head + 1, column).value for column in range(1, width + 1)]
    changes = [
        {}, {"Hộ": "Zqxkin khác"}, {"Mã": None, "Mã công trình": "KHONGCO"},
        {"Mã": "Z1", "Ngày": "31/02/2025", "Loại": "lạ", "Quy đổi (triệu đồng)": "-7"},
        *({"Mã": f"Z{k}", "Hộ": text} for k, text in enumerate(DIRTY, 2)),
    ]  # fmt: skip
    for change in changes:
        row = sheet.max_row + 1
        for column, value in enumerate(first, 1):
            sheet.cell(row, column, value)
        for title, value in change.items():
            cell = sheet.cell(row, at[title])
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"


def _into_csv(path: Path) -> int:
    raw = path.read_bytes()
    try:
        text, code = raw.decode("utf-8-sig"), "utf-8-sig"
    except UnicodeDecodeError:
        text, code = raw.decode("cp1258"), "cp1258"
    lines = text.splitlines()
    sign = ";" if ";" in lines[0] else ","
    heads = sign.join(("HO_TEN", "CCCD", "DIEN_THOAI"))
    values = sign.join(("Zqxkin", CARD, PHONE))
    out = [f"{line}{sign}{values if k else heads}" for k, line in enumerate(lines) if line.strip()]
    path.write_bytes("\r\n".join(out).encode(code))
    return len(out)


def _into_geopackage(path: Path) -> int:
    planted = 0
    with sqlite3.connect(path) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        kept = list(triggers)
        for name, _ in kept:
            db.execute(f'DROP TRIGGER "{name}"')
        for (table,) in list(db.execute("SELECT table_name FROM gpkg_contents")):
            for head, value in (("HO_TEN", NAME), ("CCCD", CARD), ("SDT", PHONE)):
                db.execute(f'ALTER TABLE "{table}" ADD COLUMN "{head}" TEXT')
                planted += db.execute(f'UPDATE "{table}" SET "{head}" = ?', (value,)).rowcount  # noqa: S608 - names of the sample's own tables
        for _, sql in kept:
            db.execute(sql)
    return planted


def _into_geojson(path: Path) -> int:
    document = json.loads(path.read_text("utf-8"))
    for feature in document["features"]:
        feature["properties"] |= HEADS
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return len(document["features"])


PLANTING = {
    ".xlsx": _into_workbook, ".csv": _into_csv, ".gpkg": _into_geopackage,
    ".geojson": _into_geojson,
}  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> pipeline.Review:
    folder = tmp_path_factory.mktemp("personal") / "xa"
    write_sample(folder)
    planted = {
        path.name: PLANTING[path.suffix](path)
        for path in sorted((folder / "sources").rglob("*"))
        if path.suffix in PLANTING
    }
    assert min(planted.values()) > 0
    return pipeline.review(folder)


def marked(text: str) -> list[str]:
    return [mark for mark in MARKS if mark in text.replace("\u200b", "")]


def test_what_was_planted_was_read(found):
    gifts = found.layers["contributions"].frame
    assert gifts["household"].astype(str).str.contains("Zqxkin").any()
    private = {n for n in found.layers.by_name if any(_private(found.layers[n].frame))}
    assert {"villages", "schools", "facilities", "boundary", "works"} <= private


def _private(frame) -> Iterator[str]:
    return (name for name in frame.columns if str(name).startswith("@personal:"))


def test_no_finding_says_what_a_personal_cell_holds(found):
    assert any(f.layer == "contributions" and f.field == "household" for f in found.findings)
    for finding in found.findings:
        said = json.dumps(finding_entry(finding), ensure_ascii=False)
        assert marked(said) == [], finding.code


def test_no_public_column_holds_it(found):
    for name, layer in found.layers.by_name.items():
        public = {field.name for field in public_fields(layer.schema)}
        personal = {field.name for field in layer.schema.fields} - public
        for column in layer.frame.columns:
            if column in personal or str(column).startswith("@") or column == "geometry":
                continue
            if column in OWN:
                continue
            texts = layer.frame[column].dropna().astype(str)
            assert not any(marked(t) for t in texts.unique()), (name, column)


def test_no_measure_and_no_drawing_holds_it(found):
    for measure in found.answer.measures:
        assert marked(repr(measure)) == [], measure.id
    for name, frame in found.answer.frames.items():
        for column in frame.columns:
            if str(column).startswith("@") or column == "geometry":
                continue
            layer = found.layers.by_name.get(name)
            fields = () if layer is None else layer.schema.fields
            if any(field.name == column and field.personal for field in fields):
                continue
            texts = frame[column].dropna().astype(str)
            assert not any(marked(t) for t in texts.unique()), (name, column)
