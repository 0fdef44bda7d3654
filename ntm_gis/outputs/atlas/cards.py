"""What a page of a village is made of: its houses, the roads around it, its form with last values.

The lines of the form are those of `village_forms/phieu_ban_NN.xlsx`, in the same order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import numbers
from ntm_gis.outputs.atlas.facts import rows
from ntm_gis.outputs.forms import village_sheets
from ntm_gis.outputs.forms.reading import Reading
from ntm_gis.outputs.rows import Value
from ntm_gis.results import village_word
from ntm_gis.rules.carrying import ROWS, figures
from ntm_gis.rules.terms import say, term

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.page import Shapes
    from ntm_gis.outputs.printmap.printer import Printer

_GIVEN = ("value", "numerator", "denominator", "passed", "as_of", "document")

_CALLED = tuple(f"{word} " for word in (*village_word.KNOWN, "tổ", "phố"))

Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Last:
    """What is known already for a line of a form, and since when or from where."""

    value: str
    since: str


@dataclass(frozen=True, slots=True)
class Received:
    """What a village has sent in: rows, the last day that they are of, the files."""

    rows: int
    day: dt.date | None
    files: tuple[str, ...]


@dataclass(frozen=True)
class Village:
    """A village: the number of its form, its key, name and place."""

    number: int
    id: str
    name: str
    at: shapely.Point | None

    def called(self, lang: str) -> str:
        """Return its name with "Bản", or the commune's own word, before it, once.

        Examples
        --------
        >>> Village(4, "MK04", "Hô Tra", None).called("vi")
        'Bản Hô Tra'
        >>> Village(4, "MK04", "Bản Hô Tra", None).called("vi")
        'Bản Hô Tra'
        """
        if lang == "vi" and self.name.casefold().startswith(_CALLED):
            return self.name
        return say("atlas.card_village", lang, name=self.name)

    @property
    def file(self) -> str:
        """The name of its form as a workbook."""
        return village_sheets.file_name(self.number)


class Villages:
    """The villages of an answer with what their pages show."""

    def __init__(self, printer: Printer) -> None:
        if printer.layers is None:
            message = "village pages need the layers"
            raise ValueError(message)
        self.printer, self.layers = printer, printer.layers
        self.read = Reading(printer.answer, printer.layers, printer.lang)

    @cached_property
    def every(self) -> tuple[Village, ...]:
        """The villages in the order of their list: that of the workbooks."""
        if not village_sheets.available(self.layers):
            return ()
        places, found = self._places, list(village_sheets.villages(self.read))
        return tuple(
            Village(n, key, name, places.get(key)) for n, (key, name) in enumerate(found, 1)
        )

    @cached_property
    def _places(self) -> dict[str, shapely.Point]:
        frame = self.printer.library.context.villages
        if frame is None:
            return {}
        points = shapely.point_on_surface(frame.geometry.to_numpy())
        there = np.isfinite(shapely.bounds(points)).all(axis=1)
        keys = frame["id"].to_list()
        return {str(keys[i]): points[i] for i in np.flatnonzero(there)}

    @cached_property
    def asked(self) -> list[village_sheets.Line]:
        """The lines of every form."""
        return village_sheets.lines(self.read)

    # --- last values ------------------------------------------------------------------------------

    @cached_property
    def _sent(self) -> dict[tuple[str, str], Row]:
        """The last row of each village and indicator."""
        out: dict[tuple[str, str], Row] = {}
        for row in self.read.used("figures", "village_id", "indicator", *_GIVEN):
            if row["village_id"] is None:
                continue
            key = (str(row["village_id"]), str(row["indicator"]))
            if key not in out or _day(row) >= _day(out[key]):
                out[key] = row
        return out

    @cached_property
    def _listed(self) -> dict[str, Row]:
        """The rows of the list of villages, by key."""
        names = [f.name for f in self.layers["villages"].schema.fields]
        found = self.read.used("villages", *names)
        return {str(row["village_id"]): row for row in found}

    def last(self, village: Village, line: village_sheets.Line) -> Last | None:
        """Return the last value for a line: as sent, else of the list; None where there is none."""
        row = self._sent.get((village.id, line.code))
        if row is not None and (said := self._said(row)):
            day = row["as_of"]
            since = numbers.format_date_vi(day) if isinstance(day, dt.date) else ""
            return Last(said, since)
        figure = figures(self.read.who.criteria_set or "").get(line.code)
        field = None if figure is None else figure.field
        value = self._listed.get(village.id, {}).get(field) if field not in (None, ROWS) else None
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        return Last(self._number(value), say("atlas.from_list", self.read.lang))

    def _said(self, row: Row) -> str:
        part, whole, value, passed = (
            row[k] for k in ("numerator", "denominator", "value", "passed")
        )
        if part is not None and whole is not None:
            return f"{self._number(part)}/{self._number(whole)}"
        if value is not None:
            return self._number(value)
        if passed is not None:
            return term("yes" if passed else "no").of(self.read.lang)
        return ""

    def _number(self, value: Value) -> str:
        if not isinstance(value, int | float):
            return str(value)
        show = numbers.format_en if self.read.lang == "en" else numbers.format_vi
        return show(value)

    # --- forms received ---------------------------------------------------------------------------

    @cached_property
    def received(self) -> dict[str, Received]:
        """What each village has sent in, by key; villages that sent nothing are left out."""
        names = ("id", "rows_sent", "as_of_on", "files_sent", "state")
        return {
            str(row["id"]): Received(
                int(_number(row["rows_sent"])),
                row["as_of_on"] if isinstance(row["as_of_on"], dt.date) else None,
                tuple(str(row["files_sent"] or "").split("; ")),
            )
            for row in rows(self.printer.library.context, "forms_received", names)
            if row["state"] == "received"
        }

    # --- ground -----------------------------------------------------------------------------------

    def houses(self, village: Village) -> Shapes:
        """Return the places of the houses of a village, in the order of their list."""
        frame = self.printer.answer.frames.get("buildings")
        if frame is None or not len(frame):
            return np.empty(0, dtype=object)
        own = frame[(frame["village_id"] == village.id).to_numpy() & frame.geometry.notna()]
        points: Shapes = shapely.point_on_surface(own.geometry.to_numpy())
        return points

    def facts(self, village: Village) -> list[tuple[str, str]]:
        """Return what the list of villages says of a village: titles and values."""
        row = self._listed.get(village.id, {})
        out = []
        for field in self.layers["villages"].schema.fields:
            value = row.get(field.name)
            if field.type in ("integer", "number") and value is not None:
                out.append((field.title.words.of(self.read.lang), self._number(value)))
        return out


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _day(row: Row) -> dt.date:
    day = row["as_of"]
    return day if isinstance(day, dt.date) else dt.date.min
