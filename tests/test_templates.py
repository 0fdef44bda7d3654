"""Templates of `new`: one for every list, an example that fits and never counts, drop-downs."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from ntm_gis import adding, founding, pipeline
from ntm_gis.outputs import layer_guide, templates
from ntm_gis.rules import examples
from ntm_gis.rules.schema import layer_names, schema

POINTS = {"stakes", "crossings", "environment", "buildings"}


@pytest.fixture
def commune(tmp_path: Path) -> Path:
    founding.new(tmp_path / "xa", "03601", "Mường Khoa", "Lai Châu")
    return tmp_path / "xa"


def opened(name: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(templates.template(name)))


def test_every_layer_has_a_template_or_stands_in_the_guide() -> None:
    assert set(templates.FILLED_BY_HAND) | set(layer_guide.layers()) == set(layer_names())
    listed = {n for n in layer_names() if not schema(n).geometry} | POINTS
    assert listed <= set(templates.FILLED_BY_HAND)
    page = layer_guide.guide()
    assert all(f'id="{name}"' in page for name in layer_guide.layers())
    assert set(examples.layers()) == set(templates.FILLED_BY_HAND)


@pytest.mark.parametrize("name", templates.FILLED_BY_HAND)
def test_a_template_says_what_it_takes_in_vietnamese(name: str) -> None:
    sheet = opened(name).worksheets[0]
    rules = sheet.data_validations.dataValidation
    lists = [rule for rule in rules if rule.type == "list"]
    wanted = [f for f in schema(name).fields if f.type in ("choice", "boolean")]
    assert len(lists) == len(wanted)
    assert all("danh sách" in rule.prompt for rule in lists)
    assert all(rule.error for rule in lists)
    assert sheet.freeze_panes == "B5"
    # Nothing is offered or checked in the example row.
    assert all(area.min_row == 6 for rule in rules for area in rule.sqref.ranges)
    first = sheet.cell(templates.EXAMPLE_ROW + 1, 1).value
    assert first.startswith(templates.EXAMPLE)
    heads = [c.value for c in sheet[templates.HEAD_ROW + 1]]
    starred = [k for k, head in enumerate(heads) if head.endswith("*")]
    row = [c.value for c in sheet[templates.EXAMPLE_ROW + 1]]
    assert all(row[k] is not None for k in starred)


def typed(name: str, place: Path) -> Path:
    """Type the example of a template once more as a row, as a person may do."""
    book = opened(name)
    sheet = book.worksheets[0]
    for k, cell in enumerate(sheet[templates.EXAMPLE_ROW + 1], 1):
        value = cell.value
        plain = value.removeprefix(templates.EXAMPLE) if isinstance(value, str) else value
        sheet.cell(templates.EXAMPLE_ROW + 2, k, plain)
    book.save(place / templates.file_name(name))
    return place / templates.file_name(name)


def test_the_examples_typed_as_rows_fit_each_other(commune: Path, tmp_path: Path) -> None:
    files = [typed(name, tmp_path) for name in templates.FILLED_BY_HAND]
    added = adding.add(commune, files, ask=founding.nobody)
    assert added.status == 0
    _, layers = pipeline.check(commune)
    assert {n: len(layers[n].frame) for n in templates.FILLED_BY_HAND} == dict.fromkeys(
        templates.FILLED_BY_HAND, 1
    )
    # A list has no place, and the photo of a report is not handed in.
    without_map = {"NOT_LOCATED", "PLACE_NOT_FOUND", "PHOTO_NOT_HANDED_IN", "BOUNDARY_MISSING"}
    found = [(f.code, f.layer, f.field, f.value) for f in layers.findings
             if f.code not in {*without_map, "EXAMPLE_ROW"}]  # fmt: skip
    assert found == []
    rows = [f.row for f in layers.findings if f.code == "EXAMPLE_ROW"]
    assert rows == [templates.EXAMPLE_ROW + 1] * len(files)


def test_an_empty_template_gives_no_row(commune: Path) -> None:
    file = commune / "templates" / templates.file_name("villages")
    added = adding.add(commune, [file], ask=founding.nobody)
    assert added.entries == []
    assert "không có dòng dữ liệu" in added.lines[-1].vi


@pytest.mark.parametrize("name", templates.FILLED_BY_HAND)
def test_heads_are_locked_and_all_below_them_is_open(name: str) -> None:
    sheet = opened(name).worksheets[0]
    assert sheet.protection.sheet
    for allowed in ("formatCells", "insertRows", "deleteRows", "sort", "autoFilter"):
        # The file says what is forbidden.
        assert not getattr(sheet.protection, allowed)
    width = len([c for c in sheet[templates.HEAD_ROW + 1] if c.value])
    for column in range(1, width + 1):
        for row in (templates.HEAD_ROW + 1, templates.EXAMPLE_ROW + 1):
            assert sheet.cell(row, column).protection.locked
        assert not sheet.cell(templates.EXAMPLE_ROW + 2, column).protection.locked
    # Also far below the drawn rows: the look of whole columns.
    assert all(not one.protection.locked for one in sheet.column_dimensions.values())
    assert sheet.print_area.endswith(f"${templates.EXAMPLE_ROW + 1 + templates.LINED}")
    assert sheet.oddFooter.center.text


@pytest.mark.parametrize("name", templates.FILLED_BY_HAND)
def test_every_head_can_be_read_in_its_column(name: str) -> None:
    from openpyxl.utils import get_column_letter

    sheet = opened(name).worksheets[0]
    for cell in sheet[templates.HEAD_ROW + 1]:
        if cell.value:
            width = sheet.column_dimensions[get_column_letter(cell.column)].width
            assert max(map(len, str(cell.value).split())) <= width, cell.value
            assert len(str(cell.value)) <= 3 * width, cell.value


def test_wrong_values_pasted_over_the_checks_are_said(commune: Path, tmp_path: Path) -> None:
    """Pasting passes over drop-downs and limits: what comes back is checked again."""
    book = opened("roads")
    sheet = book.worksheets[0]
    at = {c.value: c.column for c in sheet[templates.HEAD_ROW + 1]}
    heads = {name: templates.heading(schema("roads").field(name)) for name in (
        "road_id", "road_class", "surface", "width_m", "built_year", "declared_length_m")}  # fmt: skip
    rows = [
        {"road_id": "A1", "road_class": "Đường thôn, bản", "surface": "Bê tông siêu bền",
         "width_m": "rộng lắm", "declared_length_m": 1200},
        {"road_id": "A2", "road_class": "Đường cao tốc liên hành tinh", "surface": "Đất",
         "width_m": 3000, "built_year": 3019, "declared_length_m": -5},
        {"road_id": "A3", "road_class": "Đường thôn, bản", "declared_length_m": "=1/0"},
    ]  # fmt: skip
    for n, row in enumerate(rows, templates.EXAMPLE_ROW + 2):
        for name, value in row.items():
            sheet.cell(n, at[heads[name]], value)
    path = tmp_path / templates.file_name("roads")
    book.save(path)
    adding.add(commune, [path], ask=founding.nobody)
    _, layers = pipeline.check(commune)
    said = {(f.row, f.field) for f in layers.findings if f.layer == "roads" and f.row}
    first = templates.EXAMPLE_ROW + 2
    wrong = {
        (first, "surface"), (first, "width_m"), (first + 1, "road_class"), (first + 1, "width_m"),
        (first + 1, "declared_length_m"),
    }  # fmt: skip
    assert wrong <= said
    # Of a formula without a result it is the cell that is named.
    assert first + 2 in {row for row, _ in said}
    frame = layers["roads"].frame.set_index("road_id")
    assert frame.loc["A1", ["surface", "width_m"]].isna().all()
    assert frame.loc["A3", ["surface", "declared_length_m"]].isna().all()
