"""Outputs: pages, tables and packages made from answers. They draw and write, never compute."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from ntm_gis.errors import OutputError
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.results import LANGUAGES, Words
from ntm_gis.rules.commune import Commune

MAPS = "maps"

Progress = Callable[[str], None]
Job = tuple[str, Callable[[], Path]]


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
        `index.html`, `maps/NAME`. All where left out.
    progress : callable
        Told the name of each output as its making begins.

    Returns
    -------
    tuple of Path
        The files written, in order.

    Raises
    ------
    OutputError
        Some could not be written: the sentence names them and the reason of the first. The
        others are there.
    """
    from ntm_gis.outputs import startpage
    from ntm_gis.outputs.files import sweep

    sweep(out)
    progress("outputs")
    written: list[Path] = []
    faults: list[tuple[str, OutputError]] = []
    for name, job in _jobs(answer, layers, commune, out, lang, only):
        if only is None or name in only:
            progress(name)
            _do(name, job, written, faults)
    if only is None:
        _clear_stale_maps(out, written, {name for name, _ in faults})
    if only is None or startpage.FILE_NAME in only:
        missing = [f"{name}: {fault.say(lang)}" for name, fault in faults]
        _do(
            startpage.FILE_NAME,
            lambda: startpage.write(answer, layers, out, lang, missing=missing),
            written,
            faults,
        )
    if faults:
        names = ", ".join(name for name, _ in faults)
        why = Words(*(faults[0][1].say(language) for language in LANGUAGES))
        raise OutputError("OUTPUT_NOT_MADE", names=names, why=why) from faults[0][1]
    return tuple(written)


def _jobs(
    answer: Answer,
    layers: Layers,
    commune: Commune,
    out: Path,
    lang: str,
    only: frozenset[str] | None,
) -> Iterator[Job]:
    """Return each output with what makes it; the start page, which leads to all, is not here."""
    from ntm_gis.outputs import geopackage, results_json, tables, webmap
    from ntm_gis.outputs.files import atomic_write
    from ntm_gis.outputs.qgis import project

    @cache
    def atlas() -> webmap.Atlas:
        return webmap.Atlas(answer, commune, lang)

    yield results_json.FILE_NAME, lambda: results_json.write(answer, layers, commune, out)
    yield tables.FILE_NAME, lambda: tables.write(answer, layers, out, lang)
    yield geopackage.FILE_NAME, lambda: geopackage.write(answer, layers, out, lang)
    yield project.FILE_NAME, lambda: project.write(answer, layers, out, lang)
    asked = {name.removeprefix(f"{MAPS}/") for name in only or () if name.startswith(f"{MAPS}/")}
    offered = webmap.available(answer)
    for name in (*offered, *sorted(asked - set(offered))):
        target = out / MAPS / f"{name}.html"

        def draw(name: str = name, target: Path = target) -> Path:
            return atomic_write(target, atlas().render(name).encode("utf-8"))

        yield f"{MAPS}/{name}", draw


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
        told = OutputError("OUTPUT_FAILED", file=name, why=f"{type(fault).__name__}: {fault}")
        told.__cause__ = fault
        faults.append((name, told))


def _clear_stale_maps(out: Path, written: Sequence[Path], failed: set[str]) -> None:
    """Take away pages of our maps that an earlier run made and this one has no features for.

    What lies under `out/` is what a run into an empty folder would have made.
    """
    from ntm_gis.rules import maps

    for name in maps.names():
        page = out / MAPS / f"{name}.html"
        if page not in written and f"{MAPS}/{name}" not in failed:
            page.unlink(missing_ok=True)
