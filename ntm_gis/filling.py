"""`fill`: figures put into a workbook received from above, which keeps its format.

A cell is tied to a measure by a person, once; what ties there are is kept beside the commune's
folder. Nothing is guessed: words that fit are a proposal, cells that are not tied stay as they
are and are listed.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis import pipeline, text
from ntm_gis.errors import UsageError
from ntm_gis.filling_again import code, set_aside
from ntm_gis.filling_cells import Cells, quiet
from ntm_gis.filling_numbered import numbered
from ntm_gis.filling_recalculated import recalculated
from ntm_gis.filling_sums import Told, sums
from ntm_gis.filling_ties import Heads, of_other_form
from ntm_gis.filling_tying import Confirm, Tying
from ntm_gis.filling_work import Work
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.gates import plain
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

__all__ = ["Confirm", "Filled", "Told", "fill", "nobody"]

FILLED = "filled"


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
    content = numbered(_content(file))
    with quiet():
        form = forms.read(file.name, content)
    cells, heads = Cells(content), Heads(form)
    found = pipeline.review(folder, as_of=as_of, progress=progress)
    speech = Speech(found.answer, lang, found.layers)
    closed, _ = periods.read(folder)
    last = periods.before(closed, found.commune.commune.as_of)
    name = text.slug(file.stem)
    kept = mapping.path_of(folder, name)
    made, said = _kept(folder, name, heads)
    making = Tying(form, cells, heads, speech.by_id)
    made = making.proposed(making.tied(made, ties), accept=accept, confirm=confirm)
    made = made.model_copy(update={"form": made.form or file.name})
    atomic_write(kept, mapping.written(made))
    work = Work(form, speech, {} if last is None else last.previous, made, cells, heads)
    values = work.values()
    told = (
        *said, *work.told, *work.left(values),
        *sums(form, cells, made.totals, values, work.wanted), *_remarks(form, cells),
    )  # fmt: skip
    path = None
    if values:
        path = folder / pipeline.OUT / FILLED / f"{name}{_ending(content)}"
        told = (*_written(path, form, work, values, told, lang), *told)
    return Filled(path, kept, len(values), len(made.proposals), told)


def _written(
    path: Path, form: Form, work: Work, values: Mapping[tuple[str, str], patching.Value],
    told: Sequence[Told], lang: str,
) -> tuple[Told, ...]:  # fmt: skip
    """Write the form and the text beside it; say what was worked on by hand and is kept aside."""
    content = recalculated(form, patching.patched(form.content, values), values)
    notes = path.with_suffix(".txt")
    kept = tuple(set_aside(path, notes, content))
    atomic_write(path, content)
    words = [
        *(one.words.of(lang) for one in (*kept, *told)),
        "", *(one.of(lang) for one in work.log(values)),
        "", sentence("FILL_CODE", {"code": code(content)}).of(lang),
    ]  # fmt: skip
    atomic_write(notes, "".join(("\ufeff", *(f"{plain(line)}\r\n" for line in words))).encode())
    return kept


def _kept(folder: Path, name: str, heads: Heads) -> tuple[Ties, tuple[Told, ...]]:
    """Return the ties of a form: its own, else those of the form that it is by its heads."""
    own = mapping.path_of(folder, name)
    other = None if own.is_file() else of_other_form(folder, name, heads)
    if other is None:
        return mapping.read(own), ()
    made, file = other
    if not made.cells:
        return made, ()
    params = {"file": file, "n": len(made.cells)}
    return made, (Told("FILL_TIES_TAKEN", sentence("FILL_TIES_TAKEN", params)),)


def _ending(content: bytes) -> str:
    """Return the ending that fits what the workbook says it is: Excel opens no other."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        said = archive.read("[Content_Types].xml")
    return ".xlsm" if b"macroEnabled" in said else ".xlsx"


def _content(file: Path) -> bytes:
    try:
        # Of a pipe or a device the reading would never end.
        if not file.is_file():
            raise UsageError("FORM_UNREADABLE", file=file.name)
        if file.stat().st_size > forms.LARGEST:
            raise UsageError("FORM_TOO_BIG", file=file.name, largest_mb=forms.LARGEST / 1e6)
        return file.read_bytes()
    except OSError as cause:
        raise UsageError("FORM_UNREADABLE", file=file.name) from cause


def _remarks(form: Form, cells: Cells) -> Iterable[Told]:
    for remark in form.remarks:
        code = f"FILL_HAS_{remark.upper()}"
        yield Told(code, sentence(code, {}))
    if cells.guarded:
        yield Told("FILL_HAS_GUARD", sentence("FILL_HAS_GUARD", {"sheets": cells.guarded}))
