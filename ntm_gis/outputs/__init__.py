"""Outputs: pages, tables and packages made from answers. They draw and write, never compute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis.errors import OutputError
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.making import MAPS, Making
from ntm_gis.outputs.printmap.how import How
from ntm_gis.results import LANGUAGES, Words
from ntm_gis.rules.commune import Commune

if TYPE_CHECKING:
    from ntm_gis.outputs.progress.chapter import chapter as progress_chapter
    from ntm_gis.outputs.progress.disputed import disputed_sheet
    from ntm_gis.outputs.progress.status import progress_rows, progress_status
    from ntm_gis.outputs.report.build import Paper

__all__ = [
    "disputed_sheet", "progress_chapter", "progress_rows", "progress_status", "write_all",
]  # fmt: skip

BROKEN = "OUTPUT_BROKEN"
"""The code of an output that failed by a fault of the program."""

Progress = Callable[[str], None]


_LATE = {
    "disputed_sheet": ("disputed", "disputed_sheet"),
    "progress_chapter": ("chapter", "chapter"),
    "progress_rows": ("status", "progress_rows"),
    "progress_status": ("status", "progress_status"),
}
"""Names that are loaded when they are asked for: drawing needs libraries that few commands do."""


def __getattr__(name: str) -> object:
    """Return what is said of road works; loaded on demand."""
    if name not in _LATE:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    module, own = _LATE[name]
    return getattr(import_module(f"ntm_gis.outputs.progress.{module}"), own)


def _silent(_: str) -> None:
    """Show no progress."""


def write_all(  # noqa: PLR0913 - called by name
    answer: Answer,
    layers: Layers,
    commune: Commune,
    out: Path,
    *,
    lang: str = "vi",
    only: frozenset[str] | None = None,
    progress: Progress = _silent,
    record_head: str | None = None,
    paper: Paper | None = None,
    printing: How = How(),  # noqa: B008 - frozen
) -> tuple[Path, ...]:
    """Write everything under `out/`, or some of it.

    One output that cannot be written does not keep the others from being made.

    Parameters
    ----------
    answer : Answer
        Measures, findings and frames.
    layers : Layers
        Rows and how they were used.
    commune : Commune
    out : Path
        The folder; made where it is missing.
    lang : str
        "vi" or "en": the language of pages, headings and titles.
    only : frozenset of str, optional
        Names of outputs: `results.json`, `tables.xlsx`, `commune.gpkg`, `commune.qgz`,
        `report.docx`, `report.pdf`, `brief.pdf`, `cards/NAME.png`, `cards/loi-dan.txt`,
        `scorecard.html`, `progress.html`, `priorities.html`, `plan_decisions.xlsx`,
        `plan_letters.html`, `plan_review.html`, `CSDL_QH`, `thresholds.xlsx`, `forms.xlsx`,
        `reminders.html`, `village_forms/NAME`, `dossier/muc_luc.html`, `dossier/muc_luc.xlsx`,
        `index.html`, `maps/NAME` (the page), `maps/NAME.pdf`, `maps/NAME.png`,
        `maps/chairman.pdf`, `maps/chairman.png`. All where left out.
    progress : callable
        Told the name of each output as its making begins.
    record_head : str, optional
        Check code of the record, printed on pages and sheets; None where there is no record.
    paper : Paper, optional
        What the commune's folder gives for its report.
    printing : How
        Paper and formats of the printed maps, `maps/NAME.pdf` and others.

    Returns
    -------
    tuple of Path
        The files written, in order.

    Raises
    ------
    OutputError
        The folder cannot be written to; or some files could not be written: the sentence names
        them and the reason of the first, and the others are there. Where the program itself is
        at fault, its exceptions are the cause, an `ExceptionGroup`.
    """
    from ntm_gis.outputs import jobs, stale, startpage
    from ntm_gis.outputs.files import require_folder
    from ntm_gis.outputs.leftovers import sweep
    from ntm_gis.outputs.planreview.worded import worded

    answer = worded(answer, layers, lang)
    require_folder(out)
    sweep(out)
    progress("outputs")
    written: list[Path] = []
    faults: list[tuple[str, OutputError]] = []
    making = Making(answer, layers, commune, out, lang, record_head, only, paper)
    prints = jobs.press(making, printing)
    try:
        if prints is not None:
            progress(MAPS)
            prints.start()
        for name, job in jobs.jobs(making, prints):
            if only is None or name in only:
                progress(name)
                _do(name, job, written, faults)
    finally:
        if prints is not None:
            prints.close()
    if only is None:
        stale.clear(out, written, {name for name, _ in faults})
    if only is None or startpage.FILE_NAME in only:
        missing = [f"{name}: {fault.say(lang)}" for name, fault in faults]
        _do(
            startpage.FILE_NAME,
            lambda: startpage.write(
                answer, layers, out, lang, missing=missing, record_head=record_head
            ),
            written,
            faults,
        )
    if faults:
        raise _not_made(faults)
    return tuple(written)


def _not_made(faults: Sequence[tuple[str, OutputError]]) -> OutputError:
    """Return the error that names all outputs not made, with our own faults as its cause."""
    names = ", ".join(name for name, _ in faults)
    why = Words(*(faults[0][1].say(language) for language in LANGUAGES))
    told = OutputError("OUTPUT_NOT_MADE", names=names, why=why)
    ours = [
        cause for _, f in faults if f.code == BROKEN and isinstance(cause := f.__cause__, Exception)
    ]
    if ours:
        told.__cause__ = ExceptionGroup("outputs", ours)
    return told


def _do(
    name: str,
    job: Callable[[], Path],
    written: list[Path],
    faults: list[tuple[str, OutputError]],
) -> None:
    try:
        written.append(job())
    except OutputError as fault:
        faults.append((name, fault))
    except Exception as fault:  # noqa: BLE001 - told with its cause; the other outputs are made
        told = OutputError(BROKEN, file=name, what=type(fault).__name__)
        told.__cause__ = fault
        faults.append((name, told))
