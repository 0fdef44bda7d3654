"""The report set by typst: very long words, and faults of the library itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest

from ntm_gis.analyses.listing import listing
from ntm_gis.analyses.tasks import LIST
from ntm_gis.errors import OutputError
from ntm_gis.outputs.report import pdf
from ntm_gis.outputs.report.build import build
from tests.outputs import pdfs


def test_a_word_longer_than_a_page_is_set_whole(answer, layers):
    """Cells of 3,000 letters under heads of groups: nothing leaves the page, nothing is lost."""
    rows = [
        (f"N{k}", f"II.{k}", f"II.{k}", float(k), "W" * 3_000, "Phòng", None, None, None, None,
         None, dt.date(2026, 1, 1), 1.0, "doing", "due", "x" * 900)
        for k in (1, 2)
    ]  # fmt: skip
    frames = {**answer.frames, "task_list": listing(LIST, rows, "EPSG:9205")}
    told = build(replace(answer, frames=MappingProxyType(frames)), layers)
    shown = pdfs.text(pdf.document(told))
    # Once under its head and once in the annex, of each task.
    assert shown.count("W") >= 4 * 3_000
    assert shown.count("\u200b") == 0


def test_what_panics_in_typst_ends_no_run(monkeypatch, answer, layers):
    import typst

    class PanicException(BaseException):
        pass

    real, asked = typst.compile, []

    def compiled(*args, **options):
        asked.append(options["pdf_tags"])
        if options["pdf_tags"]:
            raise PanicException
        return real(*args, **options)

    monkeypatch.setattr(typst, "compile", compiled)
    assert pdf.document(build(answer, layers)).startswith(b"%PDF")
    assert asked == [True, False]

    def broken(*_, **__):
        raise PanicException

    monkeypatch.setattr(typst, "compile", broken)
    with pytest.raises(OutputError) as caught:
        pdf.document(build(answer, layers))
    assert caught.value.code == "PDF_NOT_SET"
