"""Road works read from an answer: what its frames and measures hold, as values by work.

Nothing is worked out here but what stands beside what.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypedDict

from ntm_gis import text
from ntm_gis.layers.values import FILE, ROW, TABLE, Answer, Layers
from ntm_gis.outputs import rows, wording
from ntm_gis.outputs.progress.model import (
    Day,
    Overlap,
    Payment,
    Photo,
    Report,
    Stretch,
    TrackPart,
    Work,
)
from ntm_gis.outputs.progress.pictures import album
from ntm_gis.results import Measure
from ntm_gis.rules.terms import say, term

_PREFIX = "progress."
_PLANNED = ".planned_km"
_JOINT = ", "
_MADE_OF, _MADE_PARTS = " · ", 3  # between the parts of an id made of content; so often at least

Row = Mapping[str, rows.Value]


class Parts(TypedDict):
    """What frames hold of a work."""

    on: dt.date | None
    now: tuple[Stretch, ...]
    reports: tuple[Report, ...]
    photos: tuple[Photo, ...]
    album: Mapping[str, tuple[Photo, ...]]
    tracks: tuple[TrackPart, ...]
    overlaps: tuple[Overlap, ...]
    history: tuple[Day, ...]


def works(answer: Answer, layers: Layers, lang: str) -> tuple[Work, ...]:
    """Return every road work of an answer, in the order of its measures.

    Parameters
    ----------
    answer : Answer
        Measures `progress.*` say which works there are; frames what is known of each.
    layers : Layers
        Rows of works and payments.
    lang : str
    """
    frames = Frames(answer, lang)
    listed = {str(row["work_id"]): row for row in _rows(layers, "road_works")}
    roads = {str(row["road_id"]): row["name"] for row in _rows(layers, "roads")}
    paid = _by_work(_rows(layers, "payments"))
    by_id = {measure.id: measure for measure in answer.measures}
    out = []
    for name, measure in by_id.items():
        if measure.subject is None or not (name.startswith(_PREFIX) and name.endswith(_PLANNED)):
            continue
        start = name.removesuffix(_PLANNED) + "."
        if start != f"{_PREFIX}{text.segment(measure.subject)}.":
            continue  # a sum of several works
        row = listed.get(measure.subject, {})
        road_id = _text(row.get("road_id"))
        out.append(
            Work(
                id=measure.subject,
                name=_text(row.get("name")) or wording.after_colon(measure.title.of(lang)),
                road_id=road_id,
                road=_text(roads.get(road_id or "")),
                start_on=_day(row.get("start_on")),
                due_on=_day(row.get("due_on")),
                budget=_number(row.get("budget_million_vnd")),
                min_width_m=_number(row.get("min_width_m")),
                measures=_under(by_id, start),
                gifts=_under(by_id, f"contributions.work.{text.segment(measure.subject)}."),
                **frames.of(measure.subject),
                payments=tuple(
                    Payment(
                        _day(one["paid_on"]), _number(one["million_vnd"]), _text(one["document"])
                    )
                    for one in sorted(paid[measure.subject], key=lambda r: str(r["paid_on"]))
                ),
            )
        )
    return tuple(out)


def strays(answer: Answer, found: Sequence[Work], lang: str) -> tuple[tuple[str, Report], ...]:
    """Return the reports of no work that is listed, each with the work it names or ""."""
    known = {work.id for work in found}
    frames = Frames(answer, lang)
    return tuple(
        (key, frames.report(row)) for key, members in frames.reports.items() if key not in known
        for row in members
    )  # fmt: skip


def _under(by_id: Mapping[str, Measure], start: str) -> dict[str, Measure]:
    return {k.removeprefix(start): m for k, m in by_id.items() if k.startswith(start)}


class Frames:
    """The frames of road works by work.

    Parameters
    ----------
    answer : Answer
    lang : str
        "vi" or "en": of the words that analyses give in both.
    """

    def __init__(self, answer: Answer, lang: str) -> None:
        self._answer, self._lang = answer, lang
        self._progress = _by_work(self._of("road_progress", last="on"))
        self._no_id = term("report_no_id").of(lang)
        self.reports = _by_work(self._of("road_reports"))
        self._photos = _by_work(self._of("photos"))
        self._album = album(self._photo(row) for row in self._of("photos"))
        self._tracks = _by_work(self._of("tracks"))
        self._overlaps = _by_work(self._of("road_overlaps"))
        self._history = _by_work(self._of("road_history"))

    def _of(self, name: str, last: str | None = None) -> list[Row]:
        """Return the rows of a frame; of the last day alone where a column of days is named."""
        frame = self._answer.frames.get(name)
        if frame is None or not len(frame):
            return []
        if last is not None:
            frame = frame[frame[last] == frame[last].max()]
        names = [str(c) for c in frame.columns if c != frame.geometry.name]
        columns = (rows.plain(frame[name]) for name in names)
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]

    def of(self, work: str) -> Parts:
        """Return the parts of a work that frames hold."""
        reports = tuple(self.report(row) for row in self.reports[work])
        by_id = {report.key: report for report in reports}
        stretches = [_stretch(row, by_id) for row in self._progress[work]]
        return {
            "on": next((_day(row["on"]) for row in self._progress[work]), None),
            "now": tuple(sorted(stretches, key=lambda s: s.from_m)),
            "reports": reports,
            "photos": tuple(self._photo(row) for row in self._photos[work]),
            "album": self._album,
            "tracks": tuple(self._track(row) for row in self._tracks[work]),
            "overlaps": tuple(_overlap(row, by_id) for row in self._overlaps[work]),
            "history": tuple(_on_day(row) for row in self._history[work]),
        }

    def report(self, row: Row) -> Report:
        """Return a report; one whose id was made of its content is known by its row."""
        found = _report(row)
        if found.key.count(_MADE_OF) < _MADE_PARTS:
            return found
        where = "" if found.row is None else f", {say('row_number', self._lang, n=found.row)}"
        return replace(found, id=f"{self._no_id}{where}")

    def _said(self, row: Row, name: str) -> str:
        return _text(row.get(f"{name}_en" if self._lang == "en" else name)) or ""

    def _photo(self, row: Row) -> Photo:
        return Photo(
            _text(row.get("photo")) or str(row["id"]),
            _number(row.get("at_m")),
            _text(row.get("chainage")),
            _day(row.get("recorded_on")),
            _text(row.get("made_by")),
            _text(row.get("stage")),
            str(row.get("state") or ""),
            self._said(row, "how"),
            _number(row.get("offset_m")),
            _text(row.get("work_id")),
        )

    def _track(self, row: Row) -> TrackPart:
        return TrackPart(
            _text(row.get("track_id")) or str(row["id"]),
            _number(row.get("from_m")),
            _number(row.get("to_m")),
            _day(row.get("recorded_on")),
            _text(row.get("made_by")),
            str(row.get("state") or ""),
            self._said(row, "why"),
        )


def _stretch(row: Row, by_id: Mapping[str, Report]) -> Stretch:
    return Stretch(
        _number(row["from_m"]) or 0.0,
        _number(row["to_m"]) or 0.0,
        str(row["state"]),
        tuple(named(row.get("reports"), by_id)),
        _text(row.get("reported_by")),
        _text(row.get("verified_by")),
        _text(row.get("photo")),
        tuple(named(row.get("not_counted"), by_id)),
    )


def named(joined: rows.Value, by_id: Mapping[str, Report]) -> Iterator[Report]:
    """Yield the reports that a joined text names: ids may hold what joins them."""
    parts = str(joined).split(_JOINT) if joined else []
    start = 0
    while start < len(parts):
        for end in range(len(parts), start, -1):
            found = by_id.get(_JOINT.join(parts[start:end]))
            if found is not None:
                yield found
                start = end - 1
                break
        start += 1


def _report(row: Row) -> Report:
    number = row.get(ROW)
    return Report(
        id=str(row["report_id"]),
        from_m=_number(row["from_m"]),
        to_m=_number(row["to_m"]),
        stage=_text(row["stage"]),
        on=_day(row["reported_on"]),
        by=_text(row["reported_by"]),
        verified_by=_text(row["verified_by"]),
        minute_no=_text(row["minute_no"]),
        width_m=_number(row["width_m"]),
        thickness_cm=_number(row["thickness_cm"]),
        photo=_text(row["photo"]),
        state=str(row["state"]),
        credited_m=_number(row.get("credited_m")),
        file=_text(row.get(FILE)),
        table=_text(row.get(TABLE)),
        row=int(number) if isinstance(number, int | float) else None,
        recorded=bool(row.get("entry")),
        key=str(row["report_id"]),
    )


def _overlap(row: Row, by_id: Mapping[str, Report]) -> Overlap:
    ids = (str(row["first"]), str(row["second"]))
    first, second = (by_id[key].id if key in by_id else key for key in ids)
    return Overlap(
        _number(row["from_m"]) or 0.0, _number(row["to_m"]) or 0.0,
        first, second, _day(row["first_on"]), _day(row["second_on"]),
        _text(row["first_by"]), _text(row["second_by"]),
        _text(row["first_stage"]), _text(row["second_stage"]),
    )  # fmt: skip


def _on_day(row: Row) -> Day:
    return Day(
        on=_day(row["on"]) or dt.date.min,
        due_km=_number(row["due_km"]),
        reported_km=_number(row["reported_km"]),
        poured_km=_number(row["poured_km"]),
        accepted_km=_number(row["accepted_km"]),
        poured_high_km=_number(row["poured_high_km"]),
        accepted_high_km=_number(row["accepted_high_km"]),
        state=str(row["state"]),
    )


def _rows(layers: Layers, name: str) -> list[Row]:
    """Return the used rows of a layer: fields that may leave the office."""
    layer = layers.by_name.get(name)
    if layer is None or not len(layer.used):
        return []
    names = [f.name for f in rows.public_fields(layer) if f.name in layer.used]
    columns = (rows.plain(layer.used[name]) for name in names)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _by_work(found: Sequence[Row]) -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        out[str(row.get("work_id") or "")].append(row)
    return out


def _text(value: rows.Value) -> str | None:
    return None if value is None or value == "" else str(value)


def _number(value: rows.Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _day(value: rows.Value) -> dt.date | None:
    return value if isinstance(value, dt.date) else None
