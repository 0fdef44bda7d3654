"""The measures `progress.WORK.*`: designed, reported, poured, accepted, surveyed, added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.chainage.axis import CM_PER_KM
from ntm_gis.analyses.progress.claims import LAYER as REPORTS
from ntm_gis.analyses.progress.judged import ACCEPTED, KINDS
from ntm_gis.analyses.progress.works import LAYER as WORKS
from ntm_gis.results import Contribution, Evidence, Measure, Note, spans

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from ntm_gis.analyses.chainage.lengths import Lengths
    from ntm_gis.analyses.progress.tally import Tally
    from ntm_gis.analyses.progress.works import Work
    from ntm_gis.layers.decisions import Survey
    from ntm_gis.layers.values import Layers
    from ntm_gis.results.spans import Spans

TRACKS = "tracks"
M_PER_KM = 1000.0


def measure_id(work: str, what: str) -> str:
    """Return the id of a measure of a work.

    Examples
    --------
    >>> measure_id("CT 01", "accepted_km")
    'progress.CT%2001.accepted_km'
    """
    return f"progress.{text.segment(work)}.{what}"


def touched(work: str) -> tuple[str, ...]:
    """Return the measures of a work that its reports enter."""
    return tuple(measure_id(work, what) for what in (*(f"{k}_km" for k in KINDS), "accepted_share"))


def lengths_of_road(work: str) -> tuple[str, ...]:
    """Return the measures of a work that are lengths of its road."""
    return tuple(measure_id(work, f"road_{how}_km") for how in ("map", "slope", "tape"))


@dataclass(frozen=True)
class Found:
    """What is known of one work on the day of the figures.

    Parameters
    ----------
    tallies : mapping
        By kind of length; None: there are neither reports nor a record that can be read.
    why : Note
        Says so, where there are none.
    unread : bool
        There is a record that cannot be read: it may credit more than tracks of sources.
    lengths : Lengths or None
        Of its road.
    """

    work: Work
    tallies: Mapping[str, Tally] | None
    surveyed: Surveyed
    why: Note
    unread: bool = False
    lengths: Lengths | None = None


def of_work(layers: Layers, found: Found) -> Iterator[Measure]:
    """Yield the measures of one work."""
    work, files = found.work, figures.files((layers[REPORTS], layers[WORKS]))
    inputs = figures.files((layers[WORKS],))
    names = {what: _named(layers, work, what) for what in WHAT}
    yield _planned(layers, work, names["planned_km"])
    for kind in KINDS:
        name = names[f"{kind}_km"]
        if found.tallies is None:
            yield figures.unknown(name, (found.why,), inputs)
        else:
            yield _counted(name, found.tallies[kind], files)
    yield _surveyed(layers, names["surveyed_km"], found)
    if found.tallies is None:
        yield figures.unknown(names["accepted_share"], (found.why,), inputs)
    else:
        yield _share(names["accepted_share"], work, found.tallies[ACCEPTED], files)
        for kind in KINDS:
            yield _added_up(names[f"{kind}_added_km"], found.tallies[kind], files)
    yield from _lengths(layers, work, found.lengths)


WHAT = (
    "planned_km", *(f"{kind}_km" for kind in KINDS), "surveyed_km", "accepted_share",
    *(f"{kind}_added_km" for kind in KINDS),
)  # fmt: skip
"""What is measured of a work, but for the lengths of its road."""


def _named(layers: Layers, work: Work, what: str) -> Named:
    return named(
        f"progress.WORK.{what}", subject=work.id, WORK=work.id, name=work.name,
        as_of=layers.commune.commune.as_of, min_width=_width(work),
    )  # fmt: skip


def _width(work: Work) -> float:
    return 0.0 if work.min_width_cm is None else work.min_width_cm / 100


def _planned(layers: Layers, work: Work, name: Named) -> Measure:
    km = work.planned_km
    part = Contribution(WORKS, work.id, km or 0.0, unknown=km is None)
    return figures.summed(
        name, (part,), (layers[WORKS],),
        more=0.0 if km is not None else None, method=figures.LIST,
    )  # fmt: skip


def _counted(name: Named, found: Tally, files: tuple[str, ...]) -> Measure:
    """Return a length; whole centimetres are divided once, so that it reads the same always."""
    value = found.low_cm / CM_PER_KM
    high, known = found.high_cm, _informed(found)
    notes: tuple[Note, ...] = ()
    if found.added_up > found.low_cm:
        added = found.added_up / CM_PER_KM
        notes = (Note.of("REPORTS_ADDED_UP", added=added, counted=value),)
    return Measure(
        name.id, name.title, name.unit,
        value if known else None, value,
        None if high is None else high / CM_PER_KM,
        Evidence(name.method, parts(found), files),
        subject=name.subject,
        numerator=value if known else None, method=figures.LIST, notes=notes,
    )  # fmt: skip


def _informed(found: Tally) -> bool:
    """Say whether something is known, if only that nothing is reported."""
    return bool(found.credit) or not found.open


def parts(found: Tally) -> tuple[Contribution, ...]:
    """Return what each report puts in, and what those not certain may add."""
    sure = [Contribution(REPORTS, key, cm / CM_PER_KM) for key, cm in found.credit]
    may = [
        Contribution(REPORTS, key, 0.0, unknown=True, weight=None if cm is None else cm / CM_PER_KM)
        for key, cm in found.open
    ]
    return (*sure, *may)


def _share(name: Named, work: Work, found: Tally, files: tuple[str, ...]) -> Measure:
    if not work.planned_cm:
        # Where the design also says where the work ends, it cannot be more than all of it.
        high = 100.0 if work.end_cm is None else None
        return Measure(
            name.id, name.title, name.unit, None, 0.0, high,
            Evidence(name.method, parts(found), files), subject=name.subject, method=figures.LIST,
        )  # fmt: skip
    planned, known = work.planned_cm, _informed(found)
    low, high_cm = 100 * found.low_cm / planned, found.high_cm
    return Measure(
        name.id, name.title, name.unit, low if known else None, low,
        None if high_cm is None else 100 * high_cm / planned,
        Evidence(name.method, parts(found), files),
        subject=name.subject, numerator=found.low_cm / CM_PER_KM if known else None,
        denominator=planned / CM_PER_KM if known else None, method=figures.LIST,
    )  # fmt: skip


def _added_up(name: Named, found: Tally, files: tuple[str, ...]) -> Measure:
    km = found.added_up / CM_PER_KM
    return Measure(
        name.id, name.title, name.unit, km, km, km, Evidence(name.method, (), files),
        subject=name.subject, method=figures.LIST, more_is_better=name.more_is_better,
    )  # fmt: skip


@dataclass(frozen=True)
class Surveyed:
    """What tracks credit of a work: for sure, with those without a day, and by track."""

    low: Spans
    high: Spans
    credit: tuple[tuple[str, int], ...]
    open: tuple[tuple[str, int], ...]


def surveyed(work: Work, surveys: Sequence[Survey], day: dt.date) -> Surveyed:
    """Return what of a work's span tracks have credited up to a day, each centimetre once.

    A track without a day may be of a later one: it is in `high` only.
    """
    mine = [s for s in surveys if s.work_id == work.id]
    mine.sort(key=lambda s: (s.recorded_on is None, str(s.recorded_on), s.track_id, s.entry))
    dated = [
        (s.track_id, work.clipped(span))
        for s in mine if s.recorded_on is not None and s.recorded_on <= day
        for span in s.credited
    ]  # fmt: skip
    undated = [
        (s.track_id, work.clipped(span))
        for s in mine if s.recorded_on is None
        for span in s.credited
    ]  # fmt: skip
    low = spans.union(span for _, span in dated)
    credit = {owner: spans.length(own) for owner, own in spans.credited(dated).items()}
    may = {
        owner: spans.length(spans.difference(own, low))
        for owner, own in spans.credited(undated).items()
    }
    high = spans.union([*low, *(span for _, span in undated)])
    return Surveyed(low, high, tuple(credit.items()), tuple(may.items()))


def _surveyed(layers: Layers, name: Named, of: Found) -> Measure:
    inputs, found = figures.files((layers[TRACKS], layers[WORKS])), of.surveyed
    if of.unread:
        low, parts = spans.length(found.low) / CM_PER_KM, dict(found.credit)
        sure = tuple(Contribution(TRACKS, key, cm / CM_PER_KM) for key, cm in parts.items())
        return Measure(
            name.id, name.title, name.unit, None, low, None, Evidence(name.method, sure, inputs),
            subject=name.subject, method=figures.MAP, notes=(of.why,),
        )  # fmt: skip
    if not found.credit and not found.open and figures.missing(layers, TRACKS):
        return figures.not_given(name, layers, TRACKS, inputs=(WORKS,))
    value = spans.length(found.low) / CM_PER_KM
    features = [Contribution(TRACKS, key, cm / CM_PER_KM) for key, cm in found.credit]
    features += [
        Contribution(TRACKS, key, 0.0, unknown=True, weight=cm / CM_PER_KM)
        for key, cm in found.open
    ]
    known = bool(found.credit) or not found.open
    return Measure(
        name.id, name.title, name.unit, value if known else None, value,
        spans.length(found.high) / CM_PER_KM,
        Evidence(name.method, tuple(features), inputs),
        subject=name.subject, numerator=value if known else None, method=figures.MAP,
    )  # fmt: skip


def _lengths(layers: Layers, work: Work, lengths: Lengths | None) -> Iterator[Measure]:
    """Yield the three lengths of the work's road."""
    step = 0.0 if lengths is None or lengths.step_m is None else lengths.step_m
    found = (
        ("road_map_km", None if lengths is None else lengths.on_map),
        ("road_slope_km", None if lengths is None else lengths.slope),
        ("road_tape_km", None if lengths is None else lengths.tape),
    )
    for what, metres in found:
        name = named(
            f"progress.WORK.{what}", subject=work.id, WORK=work.id, name=work.name,
            road=work.road_id or "–", step=step,
        )  # fmt: skip
        km = None if metres is None else metres / M_PER_KM
        part = Contribution("roads", work.road_id or "", km or 0.0, unknown=km is None)
        yield figures.summed(
            name, (part,) if work.road_id else (), (layers["roads"],),
            more=0.0 if km is not None else None, known=km is not None,
        )  # fmt: skip
