"""Outputs: pages, tables and packages made from answers. They draw and write, never compute."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis.errors import OutputError
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.results import LANGUAGES, Words
from ntm_gis.rules.commune import Commune

if TYPE_CHECKING:
    from ntm_gis.outputs.feature_tables import GpkgTable
    from ntm_gis.outputs.progress.chapter import chapter as progress_chapter
    from ntm_gis.outputs.progress.disputed import disputed_sheet
    from ntm_gis.outputs.progress.status import progress_rows, progress_status

__all__ = [
    "disputed_sheet", "progress_chapter", "progress_rows", "progress_status", "write_all",
]  # fmt: skip

MAPS = "maps"
BROKEN = "OUTPUT_BROKEN"
"""The code of an output that failed by a fault of the program."""

Progress = Callable[[str], None]
Job = tuple[str, Callable[[], Path]]


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


def write_all(
    answer: Answer,
    layers: Layers,
    commune: Commune,
    out: Path,
    *,
    lang: str = "vi",
    only: frozenset[str] | None = None,
    progress: Progress = _silent,
    record_head: str | None = None,
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
        `progress.html`, `plan_decisions.xlsx`, `plan_letters.html`, `plan_review.html`,
        `CSDL_QH`, `index.html`, `maps/NAME`. All where left out.
    progress : callable
        Told the name of each output as its making begins.
    record_head : str, optional
        Check code of the record, printed on pages and sheets; None where there is no record.

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
    from ntm_gis.outputs import startpage
    from ntm_gis.outputs.files import require_folder
    from ntm_gis.outputs.leftovers import sweep
    from ntm_gis.outputs.planreview.worded import worded

    answer = worded(answer, layers, lang)
    require_folder(out)
    sweep(out)
    progress("outputs")
    written: list[Path] = []
    faults: list[tuple[str, OutputError]] = []
    for name, job in _jobs(answer, layers, commune, out, (lang, record_head), only):
        if only is None or name in only:
            progress(name)
            _do(name, job, written, faults)
    if only is None:
        _clear_stale(out, written, {name for name, _ in faults})
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


def _jobs(
    answer: Answer,
    layers: Layers,
    commune: Commune,
    out: Path,
    how: tuple[str, str | None],
    only: frozenset[str] | None,
) -> Iterator[Job]:
    """Return each output with what makes it; the start page, which leads to all, is not here."""
    from ntm_gis.outputs import geopackage, results_json, tables, webmap
    from ntm_gis.outputs.files import atomic_write
    from ntm_gis.outputs.progress import households
    from ntm_gis.outputs.progress import page as roadworks
    from ntm_gis.outputs.qgis import project

    lang, head = how

    @cache
    def atlas() -> webmap.Atlas:
        return webmap.Atlas(answer, commune, lang, record_head=head)

    @cache
    def gpkg() -> list[GpkgTable]:
        return geopackage.all_tables(answer, layers, lang)

    yield results_json.FILE_NAME, lambda: results_json.write(answer, layers, commune, out, head)
    yield tables.FILE_NAME, lambda: tables.write(answer, layers, out, lang, head)
    yield geopackage.FILE_NAME, lambda: geopackage.write(gpkg(), layers, out)
    yield project.FILE_NAME, lambda: project.write(gpkg(), layers, out, lang)
    asked = {name.removeprefix(f"{MAPS}/") for name in only or () if name.startswith(f"{MAPS}/")}
    offered = webmap.available(answer)
    for name in (*offered, *sorted(asked - set(offered))):
        target = out / MAPS / f"{name}.html"

        def draw(name: str = name, target: Path = target) -> Path:
            return atomic_write(target, atlas().render(name).encode("utf-8"))

        yield f"{MAPS}/{name}", draw
    # After the maps: it leads to the one of progress.
    if roadworks.available(answer) or roadworks.FILE_NAME in (only or ()):
        yield roadworks.FILE_NAME, lambda: roadworks.write(answer, layers, out, lang, head)
    if households.available(layers):
        yield households.FILE_NAME, lambda: households.write(layers, out, lang)
    yield from _of_plans(answer, layers, out, how, only)


def _of_plans(
    answer: Answer,
    layers: Layers,
    out: Path,
    how: tuple[str, str | None],
    only: frozenset[str] | None,
) -> Iterator[Job]:
    """Return the outputs of the plan review; the record, which leads to the others, is last."""
    from ntm_gis.outputs.planreview import database, letters, to_decide
    from ntm_gis.outputs.planreview import page as record

    lang, head = how
    if record.available(answer, layers):
        yield to_decide.FILE_NAME, lambda: to_decide.write(answer, layers, out, lang)
        yield database.NAME, lambda: database.write(layers, out)
    if letters.available(answer, layers):
        yield letters.FILE_NAME, lambda: letters.write(answer, layers, out, lang)
    if record.available(answer, layers) or record.FILE_NAME in (only or ()):
        yield record.FILE_NAME, lambda: record.write(answer, layers, out, lang, head)


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


def _clear_stale(out: Path, written: Sequence[Path], failed: set[str]) -> None:
    """Take away pages that an earlier run made and this one has nothing for.

    What lies under `out/` is what a run into an empty folder would have made.
    """
    from ntm_gis.outputs.planreview import database, letters, to_decide
    from ntm_gis.outputs.planreview import page as record
    from ntm_gis.outputs.progress.households import FILE_NAME as HOUSEHOLDS
    from ntm_gis.outputs.progress.page import FILE_NAME
    from ntm_gis.rules import maps

    pages = {f"{MAPS}/{name}": out / MAPS / f"{name}.html" for name in maps.names()}
    alone = (FILE_NAME, HOUSEHOLDS, to_decide.FILE_NAME, letters.FILE_NAME, record.FILE_NAME)
    pages |= {name: out / name for name in alone}
    if database.files(out)[0] not in written:
        for path in () if database.NAME in failed else database.files(out):
            path.unlink(missing_ok=True)
    for name, page in pages.items():
        if page not in written and name not in failed:
            page.unlink(missing_ok=True)
