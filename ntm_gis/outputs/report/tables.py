"""Tables of the sections on roads, targets, money and villages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ntm_gis import numbers
from ntm_gis.outputs.progress.chapter import Table as ChapterTable
from ntm_gis.outputs.progress.chapter import chapter as road_chapter
from ntm_gis.outputs.report.model import BODY, ITEM, Block, Grid, Line, Para, line
from ntm_gis.outputs.report.telling import DASH, Teller
from ntm_gis.outputs.rows import Value, plain
from ntm_gis.results import shown
from ntm_gis.rules.schema import code_list
from ntm_gis.rules.terms import term

if TYPE_CHECKING:
    import pandas as pd

    from ntm_gis.results import Measure

Row = dict[str, Value]

_CENTS = 2


def records(frame: pd.DataFrame | None, names: Sequence[str]) -> list[Row]:
    """Return rows of a frame as plain values; what it lacks is None."""
    if frame is None or not len(frame):
        return []
    count = len(frame)
    columns = {
        name: plain(frame[name]) if name in frame.columns else [None] * count for name in names
    }
    return [{name: columns[name][k] for name in names} for k in range(count)]


def cell(value: Any, lang: str, digits: int | None = None) -> Line:
    """Return a plain value as a cell: numbers and days by the rules of the language."""
    if value is None:
        return line(DASH)
    if isinstance(value, dt.date):
        return line(numbers.format_date_vi(value))
    if isinstance(value, bool):
        return line(term("yes" if value else "no").of(lang))
    if isinstance(value, int | float):
        show = numbers.format_en if lang == "en" else numbers.format_vi
        return line(show(float(value), "", digits))
    return line(str(value))


def count_column(n: int) -> Line:
    """Return the number of a row."""
    return line(str(n))


# --- roads ----------------------------------------------------------------------------------------


def roads(teller: Teller) -> Iterator[Block]:
    """Yield lengths by class and by surface."""
    rows: list[tuple[Line, ...]] = []
    for code in code_list("road_class").codes:
        length = teller.by_id.get(f"roads.length_km.{code.code}")
        if length is None or not teller.known(length) or not (length.high or length.value):
            continue
        rows.append((
            line(code.title.words.of(teller.lang)),
            teller.figure(length, unit=False),
            teller.figure(teller.by_id.get(f"roads.paved_share.{code.code}"), unit=False),
            teller.figure(teller.by_id.get(f"roads.hardened_share.{code.code}"), unit=False),
        ))  # fmt: skip
    heads = ("class", "length_km", "paved", "hardened")
    if rows:
        yield grid(teller, "roads", heads, rows, (64, 30, 33, 33), right={1, 2, 3})
    surfaces = [
        (line(code.title.words.of(teller.lang)), teller.figure(length, unit=False))
        for code in code_list("surface").codes
        if (length := teller.by_id.get(f"roads.surface_km.{code.code}")) is not None
        and teller.known(length)
        and (length.high or length.value)
    ]
    unknown = teller.by_id.get("roads.surface_km.unknown")
    if unknown is not None and unknown.value:
        surfaces.append((line(teller.say("surface_unknown")), teller.figure(unknown, unit=False)))
    if surfaces:
        yield grid(teller, "surfaces", ("surface", "length_km"), surfaces, (110, 50), right={1})


def road_works(teller: Teller) -> Iterator[Block]:
    """Yield the chapter on road works: its sentences and its table of lengths."""
    found = road_chapter(teller.answer, teller.layers, teller.lang)
    if not any(table.rows for table in found.tables):
        return
    for number, text in enumerate(found.paragraphs):
        yield Para(line(text), ITEM if number else BODY)
    # Money and shares by class are wide: they stand in the annex of works.
    for table in found.tables[:1]:
        yield chapter_grid(table)


def road_works_money(teller: Teller) -> Iterator[Block]:
    """Yield the wide tables of the chapter on road works."""
    for table in road_chapter(teller.answer, teller.layers, teller.lang).tables[1:]:
        yield chapter_grid(table)


def chapter_grid(table: ChapterTable) -> Grid:
    """Return a table of the chapter on road works as one of the report."""
    # Ids are short, names long, numbers alike.
    widths = tuple(
        20.0 if k in table.numbers else 15.0 if k == 0 and len(table.heads) > 6 else 30.0
        for k in range(len(table.heads))
    )
    rows = tuple(tuple(line(text) for text in row) for row in table.rows)
    return Grid(table.title, table.heads, rows, widths, right=table.numbers)


# --- targets --------------------------------------------------------------------------------------

_TARGET = ("id", "name", "measure", "unit", "direction", "target", "due_on")


def targets(teller: Teller) -> Iterator[Block]:
    """Yield the plan's targets against what was reached."""
    rows: list[tuple[Line, ...]] = []
    for row in records(teller.answer.frames.get("target_progress"), _TARGET):
        measure = teller.by_id.get(str(row["measure"]))
        share = teller.by_id.get(f"target.{row['id']}.achieved_share")
        sign = {"at_least": "≥", "at_most": "≤"}.get(str(row["direction"]), "")
        wanted = _plain(cell(row["target"], teller.lang))
        aim = f"{sign}\u00a0{wanted}" if sign else wanted
        rows.append((
            count_column(len(rows) + 1), cell(row["name"], teller.lang),
            line(_target_unit(teller, row, measure)), line(aim),
            teller.figure(measure, unit=False), _with_baseline(teller, row, share),
        ))  # fmt: skip
    heads = ("order", "target", "unit", "wanted", "reached", "reached_share")
    if rows:
        yield grid(
            teller, "targets", heads, rows, (9, 43, 23, 21, 35, 29), right={3, 4, 5}, middle={0, 2}
        )


def _target_unit(teller: Teller, row: Row, measure: Measure | None) -> str:
    """Return a target's unit as the office wrote it; its own name in another language."""
    own = "" if measure is None else shown.unit_name(measure.unit, teller.lang)
    return own if own and teller.lang != "vi" else str(row["unit"] or "")


def _with_baseline(teller: Teller, row: Row, share: Measure | None) -> Line:
    """Return how much of a target is reached; what was to be brought down says from where."""
    figure = teller.figure(share, unit=False)
    if share is None or row["direction"] != "at_most" or not isinstance(row["target"], int | float):
        return figure
    if share.numerator is None or share.denominator is None:
        return figure
    said = [
        _plain(cell(round(number, _CENTS), teller.lang))
        for number in (row["target"] + share.denominator, share.numerator, share.denominator)
    ]
    told = teller.say("note_brought_down", baseline=said[0], done=said[1], whole=said[2])
    return tuple(replace(span, note=f"{told} {span.note}".strip()) for span in figure)


# --- money ----------------------------------------------------------------------------------------

_FUND = ("id", "name", "depth")


def funds(teller: Teller, deepest: int = 1) -> Iterator[Block]:
    """Yield the funds down to a depth, with what was paid."""
    rows: list[tuple[Line, ...]] = []
    bold: set[int] = set()
    for row in records(teller.answer.frames.get("funds_tree"), _FUND):
        depth = int(float(str(row["depth"] or 0)))
        if depth > deepest:
            continue
        if depth == 0:
            bold.add(len(rows))
        name = f"{'– ' * depth}{row['name'] or row['id']}"
        rows.append((
            line(name), teller.figure(teller.by_id.get(f"fund.{row['id']}"), unit=False),
            teller.figure(teller.by_id.get(f"fund.{row['id']}.paid"), unit=False),
        ))  # fmt: skip
    heads = ("fund", "planned_million", "paid_million")
    if rows:
        yield grid(
            teller, "funds", heads, rows, (94, 33, 33), right={1, 2}, bold=bold, unit="million đồng"
        )


def funds_full(teller: Teller) -> Iterator[Block]:
    """Yield all funds."""
    yield from funds(teller, deepest=99)


def works_money(teller: Teller) -> Iterator[Block]:
    """Yield the money of works, then that of road works with what people gave."""
    rows: list[tuple[Line, ...]] = []
    for row in records(teller.answer.frames.get("money_works"), ("id", "name", "funds")):
        of = {
            kind: teller.by_id.get(f"money.{row['id']}.{kind}")
            for kind in ("planned_million", "paid_million", "paid_share")
        }
        rows.append((
            count_column(len(rows) + 1), cell(row["name"] or row["id"], teller.lang),
            cell(row["funds"], teller.lang),
            *(teller.figure(measure, unit=False) for measure in of.values()),
        ))  # fmt: skip
    heads = ("order", "work", "from_funds", "planned_million", "paid_million", "paid_share")
    if rows:
        yield grid(
            teller, "works_money", heads, rows, (10, 90, 40, 36, 36, 30), right={3, 4, 5},
            middle={0}, unit="million đồng",
        )  # fmt: skip
    yield from road_works_money(teller)


# --- villages -------------------------------------------------------------------------------------

_VILLAGE = (
    "village_id", "name", "former_commune", "households", "population", "poor_households",
    "near_poor_households", "cultural_standard",
)  # fmt: skip


def villages(teller: Teller) -> Iterator[Block]:
    """Yield a row a village; the sums are the measures."""
    formers = {p.id: p.name for p in teller.layers.commune.predecessors}
    houses = _with_house(teller)
    rows: list[tuple[Line, ...]] = []
    for row in records(teller.layers["villages"].used, _VILLAGE):
        former = str(row["former_commune"] or "")
        rows.append((
            count_column(len(rows) + 1), cell(row["name"] or row["village_id"], teller.lang),
            line(formers.get(former, former) or DASH),
            *(cell(row[name], teller.lang, 0) for name in _VILLAGE[3:7]),
            cell(row["cultural_standard"], teller.lang),
            line(houses.get(str(row["village_id"]), DASH)),
        ))  # fmt: skip
    if not rows:
        return
    sums = [teller.by_id.get(f"commune.{name}") for name in ("households", "population")]
    rows.append((
        line(""), line(teller.say("whole_commune")), line(""),
        *(teller.figure(one, unit=False) for one in sums), line(""), line(""), line(""), line(""),
    ))  # fmt: skip
    heads = ("order", "village", "former", "households", "people", "poor", "near_poor",
             "standard", "house")  # fmt: skip
    yield grid(
        teller, "villages", heads, rows, (10, 46, 46, 20, 22, 20, 24, 26, 28),
        right={3, 4, 5, 6}, middle={0, 7, 8}, bold={len(rows) - 1},
    )  # fmt: skip


def _with_house(teller: Teller) -> dict[str, str]:
    """Return of each village whether it has a house of the size asked for."""
    measure = teller.by_id.get("villages.with_cultural_house_share")
    if measure is None:
        return {}
    yes, no = (term(key).of(teller.lang) for key in ("yes", "no"))
    unknown = term("unknown").of(teller.lang)
    return {
        part.id: unknown if part.unknown else yes if part.amount else no
        for part in measure.evidence.features
    }


def _plain(cell_: Line) -> str:
    return "".join(span.text for span in cell_)


def grid(
    teller: Teller,
    name: str,
    heads: Sequence[str],
    rows: Sequence[tuple[Line, ...]],
    widths: tuple[float, ...],
    *,
    right: frozenset[int] | set[int] = frozenset(),
    middle: frozenset[int] | set[int] = frozenset(),
    bold: frozenset[int] | set[int] = frozenset(),
    unit: str = "",
) -> Grid:
    """Return a table whose caption and heads are terms of the report, all in one `unit`."""
    named = teller.say("in_unit", unit=shown.unit_name(unit, teller.lang)) if unit else ""
    return Grid(
        teller.say(f"table_{name}"),
        tuple(teller.say(f"head_{key}") for key in heads),
        tuple(rows), widths, frozenset(right), frozenset(middle), frozenset(bold), named,
    )  # fmt: skip


def unit_of(unit: str, lang: str) -> str:
    """Return a unit as a column shows it; what is assessed has none."""
    return shown.unit_name(unit, lang) or DASH
