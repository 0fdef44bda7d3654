"""Workbooks whose packages are written otherwise than Excel writes them."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from ntm_gis.errors import OutputError
from ntm_gis.outputs.report.patching import patched


def book(change) -> bytes:
    """Return a small workbook with its parts passed through a function of name and content."""
    made = openpyxl.Workbook()
    made.active.title = "Biểu"
    made.active.append(["Nội dung", "Kết quả"])
    held, out = io.BytesIO(), io.BytesIO()
    made.save(held)
    with zipfile.ZipFile(held) as source, zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            archive.writestr(*change(name, source.read(name)))
    return out.getvalue()


def test_names_of_parts_are_told_apart_by_no_case():
    def upper(name, content):
        return name.replace("xl/workbook.xml", "xl/Workbook.xml"), content

    with zipfile.ZipFile(io.BytesIO(patched(book(upper), {("Biểu", "B2"): 7.0}))) as archive:
        (sheet,) = [n for n in archive.namelist() if n.endswith("sheet1.xml")]
        assert b"7.0" in archive.read(sheet)


def test_the_strict_kind_is_refused_with_the_next_step():
    def strict(name, content):
        main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        return name, content.replace(main, b"http://purl.oclc.org/ooxml/spreadsheetml/main")

    with pytest.raises(OutputError) as caught:
        patched(book(strict), {("Biểu", "B2"): 7.0})
    assert caught.value.code == "FORM_STRICT"
    assert "Excel Workbook (*.xlsx)" in caught.value.say("vi")
