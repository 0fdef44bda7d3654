"""forms.xlsx: the annexes of the plan, the periodic reports, the worksheets, each on a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.forms import capital, periodic, resources, scorecard, tasks, worksheets
from ntm_gis.outputs.forms.grid import book
from ntm_gis.outputs.forms.model import Form, Head, Line
from ntm_gis.outputs.forms.reading import Reading
from ntm_gis.outputs.report.periods import Period
from ntm_gis.outputs.sheets import sheet_names
from ntm_gis.rules.terms import say, term

FILE_NAME = "forms.xlsx"


def write(
    answer: Answer,
    layers: Layers,
    out: Path,
    lang: str = "vi",
    record_head: str | None = None,
    closed: tuple[Period, ...] = (),
) -> Path:
    """Write `forms.xlsx` into the folder `out`.

    Raises
    ------
    OutputError
        It cannot be written, for instance because it is open in Excel.
    """
    return atomic_write(out / FILE_NAME, workbook(answer, layers, lang, record_head, closed))


def workbook(
    answer: Answer,
    layers: Layers,
    lang: str = "vi",
    record_head: str | None = None,
    closed: tuple[Period, ...] = (),
) -> bytes:
    """Return all forms as the bytes of an XLSX file.

    Parameters
    ----------
    answer : Answer
        Measures, findings, and the frames of money, tasks and criteria.
    layers : Layers
    lang : str
        "vi" or "en": the language of headings and words.
    record_head : str, optional
        Check code of the record, on the sheet of contents; None where there is no record.
    closed : tuple of Period
        Closed periods: what was handed in for the year before stands beside today's.
    """
    read = Reading(answer, layers, lang, closed)
    who = read.who
    office = read.word("office", name=who.name.upper())
    plain = forms(read)
    made = [_marked(read, form) for form in (_contents(read, plain, record_head), *plain)]
    names = sheet_names([form.name for form in made])
    made[0] = replace(made[0], links=dict(enumerate(names[1:])))
    named = [replace(form, name=name) for form, name in zip(made, names, strict=True)]
    return book(named, office, who.as_of, say("commune_of", lang, name=who.name), lang)


def forms(read: Reading) -> list[Form]:
    """Return the forms there is something for, in the order of the sheets."""
    every = [
        tasks.form(read), resources.form(read), capital.investment(read), capital.recurrent(read),
        scorecard.periods(read), periodic.resources(read), periodic.contents(read),
        periodic.central_investment(read), scorecard.own_set(read), worksheets.criterion(read),
        worksheets.by_village(read), worksheets.sums(read), worksheets.reminders(read),
    ]  # fmt: skip
    return [form for form in every if form is not None]


def _marked(read: Reading, form: Form) -> Form:
    """Return a form of the sample commune with the word that its data are invented."""
    if not read.who.sample:
        return form
    sample = term("sample").of(read.lang)
    return replace(form, mark=f"{form.mark} · {sample}" if form.mark else sample)


def _contents(read: Reading, made: Sequence[Form], record_head: str | None) -> Form:
    word = read.word
    heads = (
        Head(word("sheet"), 30), Head(word("form_title"), 70), Head(word("status"), 52),
        Head(word("lines"), 12, "number"),
    )  # fmt: skip
    lines = [Line((form.name, form.about, form.mark, len(form.lines))) for form in made]
    notes = [word("note_blank"), word("note_reference")]
    if record_head:
        notes.append(say("record_head", read.lang, code=record_head))
    return Form(
        word("contents_sheet"), "", word("contents_title"),
        word("reported", name=read.who.name, on=read.as_of), heads, lines, notes=notes, frozen=1,
    )  # fmt: skip
