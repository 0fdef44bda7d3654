"""Each output of a run with what makes it, in the order in which they are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis.outputs.making import MAPS, Job, Making
from ntm_gis.outputs.printmap.how import KINDS, How

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap import Press

_PRINTED = tuple(f".{kind}" for kind in KINDS)


def press(making: Making, printing: How) -> Press | None:
    """Return what draws the printed maps that are asked for; None where none is."""
    from ntm_gis.rules import maps

    offered = making.maps
    if making.only is not None:
        kinds = printing.kinds
        asked = (n for n in maps.names() for kind in kinds if making.asked(f"{MAPS}/{n}.{kind}"))
        offered = tuple(dict.fromkeys(asked))
    if not offered or not printing.kinds:
        return None
    from ntm_gis.outputs.printmap import Press

    return Press(making.printer, making.out / MAPS, offered, printing)


def jobs(making: Making, prints: Press | None) -> Iterator[Job]:
    """Return every output but the start page, which leads to all."""
    from ntm_gis.outputs.forms import jobs as forms

    answer, layers, out, lang = making.answer, making.layers, making.out, making.lang
    named: set[str] = set()
    for name, job in _first(making, prints):
        named.add(name)
        yield name, job

    def stays(name: str) -> bool:
        # In part of a run what was made before is of use still.
        own = name in named or name.removesuffix(".html") in named
        return own or making.only is not None

    # The dossier leads to all of these.
    yield from forms.last(answer, layers, out, lang, stays)


def _first(making: Making, prints: Press | None) -> Iterator[Job]:
    """Return every output that leads to no other, in their order."""
    from ntm_gis.outputs.forms import jobs as forms

    answer, layers, out, lang = making.answer, making.layers, making.out, making.lang
    closed = () if making.paper is None else making.paper.closed
    yield from _tables(making)
    yield from _maps(making, _printed(making, prints))
    yield from _pages(making)
    yield from _of_report(making)
    yield from forms.jobs(answer, layers, out, lang, making.head, closed)
    # Late: they are drawn while the others are made.
    yield from _prints(prints, out)


def _tables(making: Making) -> Iterator[Job]:
    """Return results, workbook, GeoPackage and project."""
    from ntm_gis.outputs import geopackage, results_json, tables
    from ntm_gis.outputs.qgis import project

    answer, layers, out, lang = making.answer, making.layers, making.out, making.lang
    previous = None if making.paper is None else making.paper.previous
    yield (
        results_json.FILE_NAME,
        lambda: results_json.write(answer, layers, making.commune, out, making.head, previous),
    )
    yield tables.FILE_NAME, lambda: tables.write(answer, layers, out, lang, making.head)
    yield geopackage.FILE_NAME, lambda: geopackage.write(making.tables, layers, out, lang)
    yield project.FILE_NAME, lambda: project.write(making.tables, layers, out, lang)


def _maps(making: Making, printed: frozenset[str]) -> Iterator[Job]:
    """Return the page of each map."""
    from ntm_gis.outputs import webmap
    from ntm_gis.outputs.files import atomic_write

    @cache
    def atlas() -> webmap.Atlas:
        return webmap.Atlas(
            making.answer, making.commune, making.lang, record_head=making.head, printed=printed
        )

    start = f"{MAPS}/"
    asked = {n.removeprefix(start) for n in making.only or () if n.startswith(start)}
    asked = {name for name in asked if not name.endswith(_PRINTED)}
    for name in (*making.maps, *sorted(asked - set(making.maps))):
        target = making.out / MAPS / f"{name}.html"

        def draw(name: str = name, target: Path = target) -> Path:
            return atomic_write(target, atlas().render(name).encode("utf-8"))

        yield f"{MAPS}/{name}", draw


def _pages(making: Making) -> Iterator[Job]:
    """Return the pages that lead to the maps, and what belongs to them."""
    from ntm_gis.outputs import threshold_sheets
    from ntm_gis.outputs.priorities import page as priorities
    from ntm_gis.outputs.progress import households
    from ntm_gis.outputs.progress import page as roadworks
    from ntm_gis.outputs.scorecard import page as scorecard

    answer, layers, out, lang = making.answer, making.layers, making.out, making.lang
    head = making.head
    if roadworks.available(answer) or making.asked(roadworks.FILE_NAME):
        yield roadworks.FILE_NAME, lambda: roadworks.write(answer, layers, out, lang, head)
    if households.available(layers):
        yield households.FILE_NAME, lambda: households.write(layers, out, lang)
    yield from _of_plans(making)
    if threshold_sheets.available(answer):
        yield threshold_sheets.FILE_NAME, lambda: threshold_sheets.write(answer, layers, out, lang)
    if scorecard.available(answer, layers):
        yield scorecard.FILE_NAME, lambda: scorecard.write(answer, layers, out, lang, head)
    # After the scorecard: it leads to it.
    if priorities.available(answer) or making.asked(priorities.FILE_NAME):
        yield priorities.FILE_NAME, lambda: priorities.write(answer, layers, out, lang, head)


def _of_plans(making: Making) -> Iterator[Job]:
    """Return the outputs of the plan review; the record, which leads to the others, is last."""
    from ntm_gis.outputs.planreview import database, letters, to_decide
    from ntm_gis.outputs.planreview import page as record

    answer, layers, out, lang = making.answer, making.layers, making.out, making.lang
    if record.available(answer, layers):
        yield to_decide.FILE_NAME, lambda: to_decide.write(answer, layers, out, lang)
        yield database.NAME, lambda: database.write(layers, out)
    if letters.available(answer, layers):
        yield letters.FILE_NAME, lambda: letters.write(answer, layers, out, lang)
    if record.available(answer, layers) or making.asked(record.FILE_NAME):
        yield record.FILE_NAME, lambda: record.write(answer, layers, out, lang, making.head)


def _of_report(making: Making) -> Iterator[Job]:
    """Return the report as Word and as PDF, the brief and the cards for phones."""
    from ntm_gis.outputs import report
    from ntm_gis.outputs.brief import pdf as brief
    from ntm_gis.outputs.brief import phone

    answer, layers, out, lang = making.answer, making.layers, making.out, making.lang

    @cache
    def draw(name: str) -> bytes | None:
        return making.printer.figure(name) if name in making.maps else None

    given = replace(making.paper or report.BLANK, draw=draw)
    writing = report.Writing(answer, layers, lang, given, making.head)
    yield report.DOCX, lambda: writing.write(out)
    yield report.PDF, lambda: writing.write_pdf(out)
    yield (
        brief.FILE_NAME,
        lambda: brief.write(answer, layers, out, lang, given, record_head=making.head),
    )
    yield from phone.jobs(answer, layers, out, lang, lambda: making.printer)


def _printed(making: Making, prints: Press | None) -> frozenset[str]:
    """Return the maps whose PDF stands beside their page: made now or, in part of a run, before."""
    from ntm_gis.rules import maps

    made = prints.names if prints is not None and "pdf" in prints.how.kinds else ()
    there = maps.names() if making.only is not None else ()
    files = (making.out / MAPS / f"{name}.pdf" for name in there)
    return frozenset({*made, *(file.stem for file in files if file.is_file())})


def _prints(prints: Press | None, out: Path) -> Iterator[Job]:
    """Return the chairman's sheet and each file of the printed maps, where anything is printed."""
    if prints is None:
        return
    from ntm_gis.outputs import atlas

    yield from atlas.chairman_jobs(lambda: prints.printer, out)
    for name in prints.names:
        for kind in prints.how.kinds:

            def job(name: str = name, kind: str = kind) -> Path:
                return prints.file(name, kind)

            yield f"{MAPS}/{name}.{kind}", job
            for path in prints.further(name, kind):
                yield f"{MAPS}/{name}.{kind}", partial(Path, path)
