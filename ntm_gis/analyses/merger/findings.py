"""What is wrong with figures of former communes, and with who the former communes are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.analyses.merger.formers import day_of
from ntm_gis.analyses.merger.pieces import of_villages
from ntm_gis.analyses.merger.rows import LAYER, Declared
from ntm_gis.analyses.places import at_row
from ntm_gis.results import Finding, Words
from ntm_gis.rules.commune import FILE_NAME
from ntm_gis.rules.units import units

if TYPE_CHECKING:
    from ntm_gis.analyses.merger.formers import Former
    from ntm_gis.layers.values import Layers
    from ntm_gis.rules.carrying import Figure
    from ntm_gis.rules.commune import Commune
    from ntm_gis.rules.units import Units

_ROUNDED = 0.1
"""Points of a per cent by which a share as written may miss its parts."""

_RATE = 0.01
"""The same of a ratio that is no share, as a part of it."""


def of_figure(
    layers: Layers, figure: Figure, formers: Sequence[Former], rows: Mapping[str, Declared]
) -> Iterator[Finding]:
    """Yield what is to be said of one figure that is declared for former communes."""
    ids = f"merger.{text.segment(figure.figure)}."
    together = f"{ids}{'sum' if figure.carry == 'add' else 'ratio'}"
    first = next(iter(rows.values()))
    if figure.why is not None:
        called = tuple(row.former.name for row in rows.values())
        yield _at(
            layers, first, "MERGER_NOT_CARRIED", figure, why=figure.why, formers=called
        ).affecting(
            tuple(f"{ids}{r.former.segment}" for r in rows.values() if r.value is not None)
        )  # fmt: skip
        return
    for row in rows.values():
        touched = (f"{ids}{row.former.segment}", together)
        for finding in _of_row(layers, figure, row):
            yield finding.affecting(touched)
    there = of_villages(layers, figure)
    without = tuple(f.name for f in formers if f.id not in rows and f.id not in there)
    if without:
        yield _at(layers, first, "MERGER_FORMER_MISSING", figure, without=without).affecting(
            (together,)
        )


def _of_row(layers: Layers, figure: Figure, row: Declared) -> Iterator[Finding]:
    part, whole, value = row.numerator, row.denominator, row.value
    if figure.carry == "add":
        yield from _against_villages(layers, figure, row)
        return
    if part is None or whole is None:
        yield _at(layers, row, "MERGER_PARTS_MISSING", figure)
        return
    if part < 0 or whole <= 0 or (figure.unit == "%" and part > whole):
        yield _at(layers, row, "MERGER_PART_OVER_WHOLE", figure, part=part, whole=whole)
        return
    share = figure.scale * part / whole
    slack = _ROUNDED if figure.unit == "%" else _RATE * abs(share)
    if value is not None and abs(value - share) > slack * (1 + 1e-9):
        yield _at(
            layers, row, "MERGER_VALUE_DIFFERS", figure, written=value, share=round(share, 2),
            part=part, whole=whole,
        )  # fmt: skip


def _against_villages(layers: Layers, figure: Figure, row: Declared) -> Iterator[Finding]:
    """Yield the difference between what is declared and what the villages make, if they can't."""
    piece = of_villages(layers, figure).get(row.former.id)
    if row.value is not None and row.value < 0:
        yield _at(layers, row, "MERGER_NEGATIVE", figure, written=row.value)
    elif piece is not None and row.value is not None and row.former.whole:
        high = piece.high
        if row.value < piece.low or (high is not None and row.value > high):
            yield _at(
                layers, row, "MERGER_COUNT_DIFFERS", figure, written=row.value, counted=piece.low
            )


def _at(layers: Layers, row: Declared, code: str, figure: Figure, **params: object) -> Finding:
    return at_row(
        code, layers[LAYER], row.rows[0].at, field="indicator", value=row.figure,
        figure=_called(figure), former=row.former.name, **params,
    )  # fmt: skip


def _called(figure: Figure) -> Words:
    """Return a figure's title with the code of an indicator before it."""
    if not figure.figure[:1].isdigit():
        return figure.title
    return Words(f"{figure.figure} {figure.vi}", f"{figure.figure} {figure.en}")


def not_listed(layers: Layers, code: str, rows: Mapping[str, Declared]) -> Finding:
    """Return that nothing says how a figure is carried."""
    first = next(iter(rows.values()))
    return at_row(
        "MERGER_FIGURE_UNLISTED", layers[LAYER], first.rows[0].at, field="indicator", value=code
    ).affecting(tuple(f"merger.{text.segment(code)}.{r.former.segment}" for r in rows.values()))


def of_predecessors(commune: Commune, table: Units | None = None) -> Iterator[Finding]:
    """Yield where commune.toml and the table of units differ about the former communes.

    Nothing is said of a commune that the table does not know, or that names none.
    """
    known = units() if table is None else table
    here = commune.commune
    rows = known.rows_into(here.code)
    made_of = {part.unit.code: part for part in known.made_of(here.code, day_of(commune))}
    if not rows or not made_of or not commune.predecessors:
        return
    act = rows[-1].act
    said = {former.code for former in commune.predecessors}
    for code, part in made_of.items():
        if code not in said:
            yield Finding.of(
                "MERGER_PREDECESSOR_MISSING", file=FILE_NAME, unit=code, name=part.unit.name,
                commune=here.name, act=act,
            ).affecting(("merger.*",))  # fmt: skip
        elif not part.whole:
            yield Finding.of(
                "MERGER_PREDECESSOR_IN_PART", file=FILE_NAME, unit=code, name=part.unit.name,
                commune=here.name, act=act,
            ).affecting(("merger.*",))  # fmt: skip
    for former in commune.predecessors:
        if former.code not in made_of:
            yield Finding.of(
                "MERGER_PREDECESSOR_OTHER", file=FILE_NAME, unit=former.code, name=former.name,
                commune=here.name, act=act, known=tuple(
                    f"{part.unit.name} ({code})" for code, part in made_of.items()
                ),
            ).affecting(("merger.*",))  # fmt: skip
