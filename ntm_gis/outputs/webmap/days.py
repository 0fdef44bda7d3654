"""Rows that change from day to day: the days of a page, and who reported what on a stretch."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

from ntm_gis import numbers
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.progress.model import GPS, TOLD, Report, Work
from ntm_gis.outputs.progress.pictures import photo_line
from ntm_gis.outputs.progress.reading import Frames, named
from ntm_gis.outputs.progress.said import told, track_words, walked
from ntm_gis.outputs.rows import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.outputs.webmap.context import Context
    from ntm_gis.outputs.webmap.sheets import Sheet
    from ntm_gis.outputs.webmap.table import Table
    from ntm_gis.rules.maps import Style

_KM = 1000.0
_DECIMETRES = 1


UNTIL = "@until"
"""The last day, as its number, on which a row of a frame by days still stands as it is."""


def compact(frame: gpd.GeoDataFrame, style: Style, context: Context) -> gpd.GeoDataFrame:
    """Return the rows of a style by days, each once for the days in a row on which it is the same.

    Every work has a row a stretch for every day on which anything about any work changed: most
    of them say again what the day before said.
    """
    if style.day_by is None or style.day_by not in frame:
        return frame
    number = {day: i for i, day in enumerate(context.days)}
    days = [number.get(day, -1) for day in plain(frame[style.day_by])]  # type: ignore[arg-type]  # None is no day
    names = [c for c in frame.columns if c not in (style.day_by, frame.geometry.name)]
    content = zip(*(plain(frame[name]) for name in names), strict=True)
    until: dict[int, int] = {}
    open_rows: dict[tuple[object, ...], int] = {}
    order = sorted(zip(days, range(len(frame)), content, strict=True), key=lambda one: one[:2])
    for day, row, key in order:
        first = open_rows.get(key)
        if first is None or until[first] != day - 1:
            first = open_rows[key] = row
        until[first] = day
    kept = sorted(until)
    return frame.iloc[kept].assign(**{UNTIL: [until[row] for row in kept]})


def given(table: Table, style: Style, context: Context) -> dict[str, Any]:
    """Return what a layer has by day: the days of each row, or the day from which on it is there.

    Parameters
    ----------
    table : Table
        Of a frame that `compact` made.
    """
    if style.day_by is not None and style.day_by in table:
        number = {day: i for i, day in enumerate(context.days)}
        return {
            "day": [number.get(day, -1) for day in plain(table[style.day_by])],  # type: ignore[arg-type]  # None is no day
            "until": [int(day) for day in table[UNTIL]],
            **_stretches(table, context),
        }
    if style.since_by is not None and style.since_by in table:
        return {"since": [_since(day, context) for day in plain(table[style.since_by])]}
    return {}


def _since(day: object, context: Context) -> int:
    """Return the first day on which a row is shown; one without a day always is."""
    return bisect_left(context.days, day) if isinstance(day, dt.date) else 0


def _stretches(table: Table, context: Context) -> dict[str, Any]:
    """Return work, ends and reports of each stretch."""
    frames = Frames(context.answer, context.lang)
    keys = [str(key) for key in plain(table["work_id"])]
    by_id = {key: {r.key: r for r in frames.of(key)["reports"]} for key in dict.fromkeys(keys)}
    works = list(dict.fromkeys(table.texts("work_id")))
    place = {key: i for i, key in enumerate(works)}
    ends = list(zip(table["from_m"], table["to_m"], strict=True))
    said = zip(keys, table["reports"], table["not_counted"], strict=True)
    return {
        "work": [place[key] for key in table.texts("work_id")],
        "span": [[round(a, _DECIMETRES), round(b, _DECIMETRES)] for a, b in ends],
        "metres": [round(b - a, 2) for a, b in ends],
        "told": [
            [text_for_html(r.key) for joined in (counted, aside) for r in named(joined, by_id[key])]
            for key, counted, aside in said
        ],
    }


def of_page(sheets: Sequence[Sheet], context: Context) -> dict[str, Any]:
    """Return the days of a page and the works on it; nothing where no layer has days."""
    timed = [sheet for sheet in sheets if "day" in sheet.given]
    if not timed or not context.days:
        return {}
    return {
        "days": [numbers.format_date_vi(day) for day in context.days],
        "works": [work for sheet in timed for work in _works(sheet, context)],
    }


def _works(sheet: Sheet, context: Context) -> Iterator[dict[str, Any]]:
    table = sheet.table
    frames = Frames(context.answer, context.lang)
    last, lang = len(context.days) - 1, context.lang
    names = table.texts("name")
    ids = table.texts("work_id")
    for key in dict.fromkeys(plain(table["work_id"])):
        rows = [i for i, one in enumerate(ids) if one == text_for_html(str(key))]
        now = [i for i in rows if sheet.given["until"][i] == last]
        parts = frames.of(str(key))
        work = Work(id=str(key), name="", **parts)
        ends = [sheet.given["span"][i] for i in now]
        yield {
            "id": text_for_html(str(key)),
            "name": names[rows[0]] or text_for_html(str(key)),
            "span": [min(a for a, _ in ends), max(b for _, b in ends)] if ends else None,
            "reports": {
                text_for_html(r.key): {k: text_for_html(v) for k, v in _told(work, r, lang).items()}
                for r in work.reports
            },
            "tracks": [
                [t.from_m, t.to_m, _since(t.on, context), text_for_html(track_words(t, lang))]
                for t in walked(work)
            ],
            "photos": [
                [round(p.at_m, _DECIMETRES), _since(p.on, context), text_for_html(p.name), p.state]
                for p in work.photos
                if p.at_m is not None and p.state in (GPS, TOLD)
            ],
            "posts": list(_posts(sheet, now, context)),
        }


def _told(work: Work, report: Report, lang: str) -> dict[str, str]:
    return told(report, lang, photo_line(work, report, lang))


def _posts(sheet: Sheet, rows: Sequence[int], context: Context) -> Iterator[list[float]]:
    """Yield the whole kilometres of a work that are drawn: where they stand, and their number."""
    west, south = context.origin
    known: set[int] = set()
    for i in rows:
        from_m, to_m = sheet.given["span"][i]
        shape = sheet.table.geometry[i]
        if shape is None or shape.is_empty or shape.geom_type != "LineString" or to_m <= from_m:
            continue
        for km in range(int(-(-from_m // _KM)), int(to_m // _KM) + 1):
            if km in known:
                continue
            known.add(km)
            share = (km * _KM - from_m) / (to_m - from_m)
            point = shapely.line_interpolate_point(shape, share, normalized=True)
            yield [round(point.x - west), round(point.y - south), km]
