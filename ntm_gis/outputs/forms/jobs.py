"""The outputs of this folder, each with what makes it, and what of them an earlier run left."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.forms import dossier, reminders, village_sheets, workbook
from ntm_gis.outputs.report.periods import Period

Job = tuple[str, Callable[[], Path]]


def jobs(
    answer: Answer,
    layers: Layers,
    out: Path,
    lang: str,
    record_head: str | None,
    closed: tuple[Period, ...] = (),
) -> Iterator[Job]:
    """Yield the forms, the reminders and the forms of villages."""
    yield (
        workbook.FILE_NAME,
        lambda: workbook.write(answer, layers, out, lang, record_head, closed),
    )
    if reminders.available(answer):
        yield reminders.FILE_NAME, lambda: reminders.write(answer, layers, out, lang)
    if village_sheets.available(layers):
        yield from village_sheets.jobs(answer, layers, out, lang)


def last(
    answer: Answer, layers: Layers, out: Path, lang: str, stays: Callable[[str], bool]
) -> Iterator[Job]:
    """Yield the dossier, which leads to all that lies under `out/` and stays there."""
    if dossier.available(layers):
        yield from dossier.jobs(answer, layers, out, lang, stays)


def clear_stale(out: Path, written: Collection[Path], failed: Collection[str]) -> None:
    """Take away what an earlier run made and this one has nothing for."""
    names = [reminders.FILE_NAME, dossier.FILE_NAME, f"{dossier.FOLDER}/{dossier.SHEET}"]
    folder = village_sheets.FOLDER
    if not any(name.startswith(folder) for name in failed):
        names += [f"{folder}/{path.name}" for path in village_sheets.files(out)]
        names.append(f"{folder}/{village_sheets.NOTE}")
    for name in names:
        if out / name not in written and name not in failed:
            (out / name).unlink(missing_ok=True)
