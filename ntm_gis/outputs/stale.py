"""Files of an earlier run that this one has nothing for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ntm_gis.outputs.making import MAPS
from ntm_gis.outputs.printmap.how import KINDS

_SET_FILE = re.compile(r"-\d+(?=\.\w+$)")


def clear(out: Path, written: Sequence[Path], failed: set[str]) -> None:
    """Take away pages that an earlier run made and this one has nothing for.

    What lies under `out/` is what a run into an empty folder would have made.

    Parameters
    ----------
    written : sequence of Path
        The files of this run.
    failed : set of str
        Outputs that could not be made: what stands under their names stays.
    """
    from ntm_gis.outputs.forms import jobs as forms
    from ntm_gis.outputs.planreview import database

    if database.files(out)[0] not in written:
        for path in () if database.NAME in failed else database.files(out):
            path.unlink(missing_ok=True)
    for name, page in _pages(out).items():
        if page not in written and name not in failed:
            page.unlink(missing_ok=True)
    for path in _of_sets(out):
        path.unlink(missing_ok=True)
    forms.clear_stale(out, written, failed)
    _clear_exports(out)


def _clear_exports(out: Path) -> None:
    """Take away layers exported on an earlier day: nothing in them says that they are old."""
    from ntm_gis.outputs import exports

    for path in exports.files(out):
        path.unlink(missing_ok=True)


def _of_sets(out: Path) -> list[Path]:
    """Return the pictures of sets of sheets: a run prints each map on one sheet."""
    from ntm_gis.rules import maps

    there = sorted((out / MAPS).glob("*-*.*"))
    known = {f"{name}.{kind}" for name in maps.names() for kind in KINDS}
    return [path for path in there if _SET_FILE.sub("", path.name) in known]


def _pages(out: Path) -> dict[str, Path]:
    """Return the files of all outputs that a run may have nothing for, by their names."""
    from ntm_gis.outputs import atlas, threshold_sheets
    from ntm_gis.outputs.brief import phone
    from ntm_gis.outputs.planreview import letters, to_decide
    from ntm_gis.outputs.planreview import page as record
    from ntm_gis.outputs.priorities import page as priorities
    from ntm_gis.outputs.progress import households
    from ntm_gis.outputs.progress import page as roadworks
    from ntm_gis.outputs.scorecard import page as scorecard
    from ntm_gis.rules import maps

    alone = [
        module.FILE_NAME
        for module in (
            roadworks, households, to_decide, letters, record, priorities, scorecard,
            threshold_sheets,
        )
    ]  # fmt: skip
    # An atlas of an earlier day must not pass for one of this run.
    alone += [atlas.FILE_NAME, atlas.FILE_NAME_BW]
    alone += [f"{atlas.CHAIRMAN}.{kind}" for kind in atlas.KINDS]
    alone += [f"{MAPS}/{name}.{kind}" for name in maps.names() for kind in KINDS]
    pages = {f"{MAPS}/{name}": out / MAPS / f"{name}.html" for name in maps.names()}
    pages |= {name: out / name for name in alone}
    return pages | {path.relative_to(out).as_posix(): path for path in phone.files(out)}
