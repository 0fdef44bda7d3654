"""Road works by class of road and for the commune: kilometres against the length of the class."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.chainage.axis import CM_PER_KM
from ntm_gis.analyses.columns import texts
from ntm_gis.analyses.progress.claims import LAYER as REPORTS
from ntm_gis.analyses.progress.judged import ACCEPTED, POURED
from ntm_gis.analyses.progress.works import LAYER as WORKS
from ntm_gis.analyses.words import in_sentence
from ntm_gis.results import Contribution, Evidence, Measure, Note, Words, spans
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ntm_gis.analyses.progress.tally import Tally
    from ntm_gis.analyses.progress.works import Work
    from ntm_gis.layers.values import Layers
    from ntm_gis.results.spans import Spans

ALL = "all"
ROADS = "roads"
KINDS = (POURED, ACCEPTED)


@dataclass
class Ground:
    """What the works of one class cover of one kind of length.

    Parameters
    ----------
    low_cm, high_cm : int, int or None
        Each centimetre of a road once, whichever works it belongs to.
    credit : dict
        By work, what it alone brings, in order of the rows.
    """

    low_cm: int = 0
    high_cm: int | None = 0
    credit: dict[str, int] = field(default_factory=dict)


def of_classes(
    layers: Layers,
    works: Sequence[Work],
    tallies: Mapping[str, Mapping[str, Tally]] | None,
    measures: Iterable[Measure],
    why: Note,
) -> Iterator[Measure]:
    """Yield km designed, poured and accepted by class of road and of all, with shares.

    Parameters
    ----------
    tallies : mapping or None
        By work and kind of length; None: there are neither reports nor a record, and `why` says
        so.
    measures : iterable of Measure
        Those of the roads: `roads.length_km.CLASS`.

    Notes
    -----
    Works on a road whose class is not known are in `high` of every class. The share is of the
    whole length of the class, its own unknown parts included, within 0 and 100.
    """
    if not works:
        return
    class_of = dict(
        zip(texts(layers[ROADS].used, "road_id"), texts(layers[ROADS].used, "road_class"),
            strict=True)
    )  # fmt: skip
    lengths = {measure.id: measure for measure in measures}
    titles = {code.code: code.title.words for code in code_list("road_class").codes}
    there = {class_of.get(work.road_id) for work in works}
    codes = [code for code in titles if code in there]
    every = [lengths.get(f"roads.length_km.{code}") for code in (*titles, "unknown")]
    for code in (*codes, ALL):
        known = [w for w in works if code == ALL or class_of.get(w.road_id) == code]
        perhaps = [w for w in works if code != ALL and class_of.get(w.road_id) is None]
        title = _title(titles.get(code))
        of = every if code == ALL else [lengths.get(f"roads.length_km.{code}")]
        yield _planned(layers, _named("planned_km", code, title), known, perhaps)
        for kind in KINDS:
            names = [_named(f"{kind}_{what}", code, title) for what in ("km", "share")]
            if tallies is None:
                inputs = figures.files((layers[WORKS],))
                yield from (figures.unknown(name, (why,), inputs) for name in names)
                continue
            ground = covered(known, perhaps, tallies, kind)
            yield _length(layers, names[0], ground)
            yield _share(layers, names[1], ground, of)


def _title(title: Words | None) -> Words:
    return Words("đường toàn xã", "roads of the commune") if title is None else in_sentence(title)


def _named(what: str, code: str, title: Words) -> Named:
    return named(f"progress.by_class.CLASS.{what}", CLASS=code, road_class=title)


def covered(
    known: Sequence[Work],
    perhaps: Sequence[Work],
    tallies: Mapping[str, Mapping[str, Tally]],
    kind: str,
) -> Ground:
    """Return what works cover together; ground of two works on one road counts once."""
    low: dict[str, Spans] = defaultdict(tuple)
    high: dict[str, Spans] = defaultdict(tuple)
    out = Ground()
    for work in known:
        found = tallies[work.id][kind]
        road = work.road_id or f"\x00{work.id}"  # of an unknown road: for itself
        new = spans.difference(found.low, low[road])
        out.credit[work.id] = spans.length(new)
        low[road] = spans.union([*low[road], *new])
    for work in (*known, *perhaps):
        found = tallies[work.id][kind]
        road = work.road_id or f"\x00{work.id}"
        high[road] = spans.union([*high[road], *found.high])
        if found.endless:
            out.high_cm = None
    out.low_cm = sum(map(spans.length, low.values()))
    if out.high_cm is not None:
        out.high_cm = sum(map(spans.length, high.values()))
    return out


def _planned(
    layers: Layers, name: Named, known: Sequence[Work], perhaps: Sequence[Work]
) -> Measure:
    """Return the length designed; ground that two works of one road share counts once."""
    features, more = [], list[float | None]()
    taken: dict[str, Spans] = defaultdict(tuple)
    for work in known:
        km = work.planned_km
        if km is not None and work.span is not None and work.road_id is not None:
            again = spans.intersection([work.span], taken[work.road_id])
            taken[work.road_id] = spans.union([*taken[work.road_id], work.span])
            km = max(0.0, (round(km * CM_PER_KM) - spans.length(again)) / CM_PER_KM)
        features.append(Contribution(WORKS, work.id, km or 0.0, unknown=km is None))
        more += [None] if km is None else []
    for work in perhaps:
        features.append(Contribution(WORKS, work.id, 0.0, unknown=True, weight=work.planned_km))
        more.append(work.planned_km)
    most = None if None in more else sum(x for x in more if x is not None)
    return figures.summed(
        name, features, (layers[WORKS], layers[ROADS]), more=most, method=figures.LIST
    )


def _features(ground: Ground) -> tuple[Contribution, ...]:
    return tuple(Contribution(WORKS, key, cm / CM_PER_KM) for key, cm in ground.credit.items())


def _length(layers: Layers, name: Named, ground: Ground) -> Measure:
    low = ground.low_cm / CM_PER_KM
    high = None if ground.high_cm is None else ground.high_cm / CM_PER_KM
    return Measure(
        name.id, name.title, name.unit, low, low, high,
        Evidence(name.method, _features(ground), _files(layers)),
        numerator=low, method=figures.LIST,
    )  # fmt: skip


def _share(layers: Layers, name: Named, ground: Ground, of: Sequence[Measure | None]) -> Measure:
    low = ground.low_cm / CM_PER_KM
    high = None if ground.high_cm is None else ground.high_cm / CM_PER_KM
    parts = [measure for measure in of if measure is not None and measure.value is not None]
    whole = sum(measure.value or 0.0 for measure in parts)
    least = sum(measure.low or 0.0 for measure in of if measure is not None)
    ends = [measure.high for measure in of if measure is not None]
    most = None if not ends or None in ends else sum(x for x in ends if x is not None)
    known = whole > 0
    value = min(100.0, 100 * low / whole) if known else None
    return Measure(
        name.id, name.title, name.unit, value,
        min(100.0, 100 * low / most) if most else 0.0,
        100.0 if high is None or least <= 0 else min(100.0, 100 * high / least),
        Evidence(name.method, _features(ground), _files(layers)),
        numerator=low if known else None, denominator=whole if known else None,
        method=figures.BOTH,
    )  # fmt: skip


def _files(layers: Layers) -> tuple[str, ...]:
    return figures.files((layers[REPORTS], layers[WORKS], layers[ROADS]))
