"""Which tie belongs to which cell of the form at hand: by heads, not by addresses alone.

A form comes again next period under another name, with rows added; ties made once are found by
what stands before and above the cells.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.errors import ConfigError
from ntm_gis.outputs.gates import plain
from ntm_gis.outputs.report import mapping

if TYPE_CHECKING:
    from ntm_gis.filling_cells import Where
    from ntm_gis.outputs.report.forms import Form
    from ntm_gis.outputs.report.mapping import Mapping as Ties
    from ntm_gis.outputs.report.mapping import Tie

_BELOW = " › "
_ENOUGH = 0.8
"""Share of another form's ties that must find their heads before they are taken for this one."""

_LEAST = 3
"""Ties that must find their heads: a form with one "Tổng vốn" is like any other."""


class Heads:
    """What the rows of a form are called: unambiguous also where a name stands twice.

    "Ngân sách xã" under I and again under II becomes "… › Ngân sách xã" with the nearest row
    above it whose name stands once.

    Parameters
    ----------
    form : Form
    """

    def __init__(self, form: Form) -> None:
        self._sheets = form.sheets
        self._row: dict[Where, str] = {}
        self._at: dict[tuple[str, str, str], list[Where]] = {}
        count = Counter((p.sheet, _key(p.row), _key(p.column)) for p in form.places.values())
        above: dict[tuple[str, str], str] = {}
        seen: Counter[tuple[str, str, str]] = Counter()
        for where, place in form.places.items():
            label, column = _plain(place.row), _key(place.column)
            if count[place.sheet, _key(label), column] == 1:
                above[place.sheet, column] = label
            else:
                parent = above.get((place.sheet, column))
                label = f"{parent}{_BELOW}{label}" if parent else label
                seen[place.sheet, label, column] += 1
                n = seen[place.sheet, label, column]
                label = label if n == 1 else f"{label} ({n})"
            self._row[where] = label
            self._at.setdefault((place.sheet, _key(label), column), []).append(where)

    def row(self, where: Where) -> str:
        """Return what the row of a cell is called; empty outside the table."""
        return self._row.get(where, "")

    def where(self, tie: Tie) -> Where | None:
        """Return where a tie points in this form; None where nobody can be sure."""
        own = (tie.sheet, tie.at)
        if not tie.row:
            return own if tie.sheet in self._sheets else None
        row, column = _key(tie.row), _key(tie.column)
        found = self._at.get((tie.sheet, row, column), [])
        if tie.sheet not in self._sheets:
            # The sheet has another name this time: "6 tháng 2025", "6 tháng 2026".
            found = [w for s in self._sheets for w in self._at.get((s, row, column), [])]
        return found[0] if len(found) == 1 else None


# A sheet has few heads and many cells beneath them.
_plain = lru_cache(maxsize=16_384)(plain)


@lru_cache(maxsize=16_384)
def _key(head: str) -> str:
    """Return the key by which heads are compared: however its letters are put together."""
    return " ".join(text.nfc(plain(head)).casefold().split())


def of_other_form(folder: Path, name: str, heads: Heads) -> tuple[Ties, str] | None:
    """Return the ties of the form that this one is by its heads, and its file; None where none is.

    Where every tie finds its heads, and there are some, it is the form of another period; where
    most do, its ties are proposals that wait for a person.

    Parameters
    ----------
    folder : Path
        The commune's folder.
    name : str
        The name under which the ties of this form will lie.
    """
    best: tuple[float, int, str, Ties] | None = None
    for path in sorted((folder / mapping.FOLDER).glob("*.toml")):
        if path.stem == name:
            continue
        try:
            made = mapping.read(path)
        except ConfigError:
            # Said when that form itself is filled.
            continue
        said = [tie for tie in made.cells if tie.row]
        found = sum(heads.where(tie) is not None for tie in said)
        if said and found >= _ENOUGH * len(said):
            rank = (found / len(said), found, path.name, made)
            best = rank if best is None or rank[:2] > best[:2] else best
    if best is None:
        return None
    share, found, file, made = best
    cells = tuple(_moved(tie, heads) for tie in made.cells)
    if share < 1.0 or found < _LEAST:
        proposed = tuple(_proposal(tie) for tie in cells if heads.where(tie) and tie.factor == 1.0)
        return mapping.Mapping(proposal=proposed), file
    # Sums are named by addresses: they hold only where nothing stands elsewhere.
    totals = made.totals if cells == made.cells else ()
    update = {"cells": cells, "totals": totals, "proposals": (), "form": ""}
    return made.model_copy(update=update), file


def _proposal(tie: Tie) -> mapping.Proposal:
    said = tie.model_dump(include={"sheet", "at", "measure", "take", "row", "column"})
    return mapping.Proposal.model_validate(said)


def _moved(tie: Tie, heads: Heads) -> Tie:
    """Return a tie at the place that it has in this form."""
    where = heads.where(tie)
    if where is None or where == (tie.sheet, tie.at):
        return tie
    return tie.model_copy(update={"sheet": where[0], "at": where[1]})
