"""`fill`: figures put into a workbook received from above, which keeps its format.

A cell is tied to a measure by a person, once; what ties there are is kept beside the commune's
folder. Nothing is guessed: words that fit are a proposal, cells that are not tied stay as they
are and are listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis import pipeline, text
from ntm_gis.errors import UsageError
from ntm_gis.filling_proposals import proposals
from ntm_gis.filling_sums import Told, sums
from ntm_gis.filling_work import Work
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.report import forms, mapping, patching, periods
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import sentence

if TYPE_CHECKING:
    import datetime as dt

    from ntm_gis.outputs.report.forms import Form
    from ntm_gis.outputs.report.mapping import Mapping as Ties
    from ntm_gis.outputs.report.mapping import Proposal
    from ntm_gis.pipeline import Progress
    from ntm_gis.results import Measure

FILLED = "filled"
Confirm = Callable[["Proposal", "Measure"], bool]
"""Asked about a proposal: whether it is right."""


def nobody(_: Proposal, __: Measure) -> bool:
    """Confirm nothing: there is nobody to ask."""
    return False


@dataclass(frozen=True)
class Filled:
    """What `fill` did.

    Parameters
    ----------
    path : Path or None
        The filled-in workbook; None where no cell is tied yet.
    ties : Path
        The mapping.
    filled, proposed : int
        Cells filled in; proposals that wait for a person.
    told : tuple of Told
        Cells not filled, provisional figures, sums that do not agree.
    """

    path: Path | None
    ties: Path
    filled: int
    proposed: int
    told: tuple[Told, ...]


def fill(
    folder: Path,
    file: Path,
    *,
    accept: bool = False,
    ties: Sequence[str] = (),
    confirm: Confirm = nobody,
    as_of: dt.date | None = None,
    lang: str = "vi",
    progress: Progress = pipeline._silent,  # noqa: SLF001 - the pipeline's own silence
) -> Filled:
    """Fill in a form, by the ties that were made.

    Parameters
    ----------
    file : Path
        A workbook (`.xlsx`, `.xlsm`); it is not changed.
    accept : bool
        Take every proposal; a person has looked at them.
    ties : sequence of str
        "Sheet/D8=funds.total", "D8=indicator.2.2:verdict".
    confirm : callable
        Asked about each proposal.

    Raises
    ------
    UsageError
        The file is no workbook, or a tie names no cell or measure.
    ConfigError
        The mapping cannot be read.
    """
    form = forms.read(file.name, _content(file))
    found = pipeline.review(folder, as_of=as_of, progress=progress)
    speech = Speech(found.answer, lang, found.layers)
    closed, _ = periods.read(folder)
    last = periods.before(closed, found.commune.commune.as_of)
    name = text.slug(file.stem)
    kept = mapping.path_of(folder, name)
    made = _tied(mapping.read(kept), form, speech.by_id, ties)
    made = _proposed(made, form, speech.by_id, accept=accept, confirm=confirm)
    made = made.model_copy(update={"form": made.form or file.name})
    atomic_write(kept, mapping.written(made))
    work = Work(form, speech, {} if last is None else last.previous, made)
    values = work.values()
    path = None
    if values:
        ending = ".xlsm" if "macro" in form.remarks else ".xlsx"
        path = folder / pipeline.OUT / FILLED / f"{name}{ending}"
        atomic_write(path, patching.patched(form.content, values))
    told = (*work.told, *work.left(values), *sums(form, made.totals, values), *_remarks(form))
    if path is not None:
        lines = "\r\n".join(one.words.of(lang) for one in told)
        atomic_write(path.with_suffix(".txt"), f"\ufeff{lines}\r\n".encode())
    return Filled(path, kept, len(values), len(made.proposals), told)


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > forms.LARGEST:
            raise UsageError("FORM_TOO_BIG", file=file.name, largest_mb=forms.LARGEST / 1e6)
        return file.read_bytes()
    except OSError as cause:
        raise UsageError("FORM_UNREADABLE", file=file.name) from cause


# --- ties -----------------------------------------------------------------------------------------


def _tied(made: Ties, form: Form, measures: Mapping[str, Measure], ties: Sequence[str]) -> Ties:
    """Add ties as they are typed; one about the same cell takes the place of the older."""
    cells = {(one.sheet, one.at): one for one in made.cells}
    for said in ties:
        where, _, what = said.partition("=")
        # As in a formula, or with a sign that no sheet's name can hold.
        sheet, _, at = where.strip().replace("/", "!").rpartition("!")
        measure, _, take = what.strip().partition(":")
        sheet = sheet.strip("'") or (form.sheets[0] if len(form.sheets) == 1 else "")
        if sheet not in form.sheets or take not in ("", *mapping.TAKES):
            raise UsageError("FILL_TIE_WRONG", value=said, sheets=form.sheets)
        _require_measure(measure, measures)
        place = form.places.get((sheet, at.upper()))
        tie = {
            "sheet": sheet, "at": at.upper(), "measure": measure, "take": take or "value",
            "row": "" if place is None else place.row,
            "column": "" if place is None else place.column,
        }  # fmt: skip
        try:
            cells[sheet, at.upper()] = mapping.Tie.model_validate(tie)
        except ValueError as cause:
            raise UsageError("FILL_TIE_WRONG", value=said, sheets=form.sheets) from cause
    rest = tuple(one for one in made.proposals if (one.sheet, one.at) not in cells)
    return made.model_copy(update={"cells": tuple(cells.values()), "proposals": rest})


def _require_measure(name: str, measures: Mapping[str, Measure]) -> None:
    if name not in measures:
        close = text.suggestions(name, list(measures), 3)
        raise UsageError("MEASURE_UNKNOWN_FORM", measure=name, meant=tuple(close))


def _proposed(
    made: Ties, form: Form, measures: Mapping[str, Measure], *, accept: bool, confirm: Confirm
) -> Ties:
    """Propose ties for cells without one; those confirmed become ties."""
    taken = frozenset((one.sheet, one.at) for one in made.cells)
    old = {(one.sheet, one.at): one for one in made.proposals}
    fresh = {(one.sheet, one.at): one for one in proposals(form.places.values(), measures, taken)}
    cells, waiting = list(made.cells), []
    for where, one in sorted({**fresh, **old}.items(), key=lambda pair: _place_order(pair[0])):
        measure = measures.get(one.measure)
        if where in form.places and measure is not None and (accept or confirm(one, measure)):
            cells.append(one.tie)
        else:
            waiting.append(one)
    return made.model_copy(update={"cells": tuple(cells), "proposals": tuple(waiting)})


def _place_order(where: tuple[str, str]) -> tuple[str, int, str]:
    sheet, at = where
    letters = at.rstrip("0123456789")
    return sheet, int(at[len(letters) :] or 0), letters.rjust(3)


def _remarks(form: Form) -> Iterable[Told]:
    for remark in form.remarks:
        code = f"FILL_HAS_{remark.upper()}"
        yield Told(code, sentence(code, {}))
