"""Commands of documents: `report`, `close`, `fill` as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from ntm_gis import cli, pipeline
from tests.test_closing import commune  # noqa: F401 - a fixture


@pytest.fixture(autouse=True)
def few_outputs(monkeypatch):
    """Two outputs instead of all."""
    real = pipeline.run
    few = {"only": frozenset({"results.json", "report.docx"})}
    monkeypatch.setattr(pipeline, "run", lambda *a, **k: real(*a, **{**k, **few}))


def test_report_says_where_it_lies_and_that_it_is_a_draft(commune, capsys):  # noqa: F811
    assert cli.main(["report", str(commune)]) == 0
    said = capsys.readouterr().out
    assert "report.docx" in said
    assert "dự thảo" in said
    assert (commune / "out" / "report.docx").is_file()


def test_a_broken_template_is_said_and_the_report_is_made(commune):  # noqa: F811
    (commune / "templates").mkdir()
    (commune / "templates" / "report.docx").write_bytes(b"x")
    assert cli.main(["report", str(commune)]) == 0
    results = json.loads((commune / "out" / "results.json").read_text(encoding="utf-8"))
    (found,) = (f for f in results["findings"] if f["code"] == "REPORT_TEMPLATE_UNUSABLE")
    assert "mẫu của chương trình" in found["message"]["vi"]
    assert (commune / "out" / "report.docx").stat().st_size > 5_000


def test_a_period_is_closed_once(commune, capsys):  # noqa: F811
    assert cli.main(["close", str(commune), "2025-Q3", "--by", "Páo"]) == 0
    assert "Đã chốt kỳ 2025-Q3" in capsys.readouterr().out
    assert cli.main(["close", str(commune), "2025-Q3"]) == 2
    assert "đã chốt, không ghi lại được" in capsys.readouterr().err
    assert cli.main(["close", str(commune), "2025-Q3", "--number", "45/BC-UBND"]) == 0
    assert cli.main(["close", str(commune), "quý 3"]) == 2
    assert cli.main(["record", str(commune), "verify"]) == 0


def test_a_form_is_filled(commune, tmp_path: Path, capsys):  # noqa: F811
    book = openpyxl.Workbook()
    rows = (("TT", "Nội dung", "Kết quả", "Ghi chú"), (1, "Chiều dài đường thôn, bản", None, None))
    for row in rows:
        book.active.append(row)
    book.active.title = "Biểu"
    form = tmp_path / "Biểu đường.xlsx"
    book.save(form)
    assert cli.main(["fill", str(commune), str(form)]) == 0
    assert "Chưa ô nào được gắn" in capsys.readouterr().out
    tie = "Biểu/C2=roads.length_km.village"
    assert cli.main(["fill", str(commune), str(form), "--tie", tie, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["filled"], document["file"]) == (1, "bieu-duong.xlsx")
    made = openpyxl.load_workbook(commune / "out" / "filled" / "bieu-duong.xlsx")
    assert made["Biểu"]["C2"].value == 2.0
    assert cli.main(["fill", str(commune), str(tmp_path / "không có.xlsx")]) == 2


def test_new_folders_hold_template_and_texts_and_keep_what_is_there(tmp_path, capsys):
    from ntm_gis.outputs import folders
    from ntm_gis.outputs.report import template, texts

    folder = tmp_path / "xã mới"
    made = ["new", str(folder), "--code", "03601", "--name", "Thử", "--province", "Lai Châu"]
    assert cli.main(made) == 0
    assert (folder / "templates" / "report.docx").read_bytes() == template.default()
    assert texts.read(folder) == (texts.NONE, ())
    (folder / "texts.toml").write_text('["IV"]\ntext = "x"\n', encoding="utf-8")
    folders.write_report_files(folder)
    assert texts.read(folder)[0].of("IV").text == "x"
    written = folders.write_sample(tmp_path / "mẫu")
    names = {path.relative_to(tmp_path / "mẫu").as_posix() for path in written}
    assert {"templates/report.docx", "texts.toml"} <= names
    found, findings = texts.read(tmp_path / "mẫu")
    assert findings == ()
    assert found.of("II.2").difficulties
