"""What villages sent in: the sum of each figure beside the commune's own, and who sent nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ntm_gis.analyses.columns import days, ids, texts
from ntm_gis.analyses.criteria.rows import Given, sorted_rows
from ntm_gis.analyses.criteria.villages import Villages, by_village
from ntm_gis.analyses.listing import listing
from ntm_gis.layers.values import FILE, Answer
from ntm_gis.rules.carrying import figures
from ntm_gis.rules.criteria import criteria_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question
    from ntm_gis.layers.values import Layers
    from ntm_gis.results import Words

READS: Reads = {}

SUMS: dict[str, type] = {
    "id": str, "title": str, "title_en": str, "unit": str, "village_total": float,
    "commune_value": float, "difference": float, "villages": float, "villages_all": float,
    "missing": str, "state": str,
}  # fmt: skip

FILES = "; "
"""Between the files of a village."""

RECEIVED: dict[str, type] = {
    "id": str, "name": str, "rows_sent": float, "as_of_on": dt.date, "files_sent": str,
    "state": str,
}  # fmt: skip

_SLACK = 1e-6


def answer(question: Question) -> Answer:
    """Return the frames `village_forms`, a row a figure, and `forms_received`, a row a village.

    Notes
    -----
    `village_total` is over the villages that sent it; `difference`, the sum less the commune's
    figure, is told only where all have. Shares add up to nothing: of them the numerators do.
    `state`: open, agrees, differs, alone (the commune has none of its own).

    A form is received where a used row of `figures` is of the village; of it the rows, the last
    day that they are of, and the files they came in.
    """
    layers = question.layers
    name = layers.commune.commune.criteria_set
    titles: dict[str, tuple[Words, str]] = {}
    if name is not None:
        found = criteria_set(name)
        titles = {code: (line.title.words, line.unit) for code, line in found.indicators.items()}
    titles |= {code: (f.title, f.unit) for code, f in figures(name or "").items()}
    given = sorted_rows(layers, {code: unit for code, (_, unit) in titles.items()}, name or "")
    frame = listing(
        SUMS,
        (_row(layers, one, given.own, titles) for one in by_village(layers, given)),
        layers.commune.commune.crs,
    )
    sent = listing(RECEIVED, _received(layers), layers.commune.commune.crs)
    return Answer(frames={"village_forms": frame, "forms_received": sent})


def _received(layers: Layers) -> Iterator[tuple[Any, ...]]:
    """Yield what each village sent in, in the order of the list of villages."""
    found = layers["figures"].used
    sent = defaultdict[str, list[tuple[dt.date | None, str | None]]](list)
    columns = texts(found, "village_id"), days(found, "as_of"), texts(found, FILE)
    for village, day, file in zip(*columns, strict=True):
        if village is not None:
            sent[village].append((day, file))
    for key, name in zip(ids(layers["villages"]), _names(layers), strict=True):
        own = sent.get(key, [])
        last = max((day for day, _ in own if day is not None), default=None)
        files = dict.fromkeys(file for _, file in own if file is not None)
        state = "received" if own else "missing"
        yield key, name, len(own), last, FILES.join(files) or None, state


def _row(
    layers: Layers,
    one: Villages,
    own: Mapping[tuple[str, str | None], list[Given]],
    titles: Mapping[str, tuple[Words, str]],
) -> tuple[Any, ...]:
    words, unit = titles.get(one.code, (None, ""))
    parts = [r.numerator if r.value is None or r.numerator is not None else r.value
             for r in one.rows]  # fmt: skip
    known = [x for x in parts if x is not None]
    summed = sum(known) if known and not (unit == "%" and _shares(one)) else None
    stated = _stated(own.get((one.code, None), []), unit)
    whole = not one.missing and None not in parts
    off = round(summed - stated, 6) if whole and summed is not None and stated is not None else None
    names = dict(zip(ids(layers["villages"]), _names(layers), strict=True))
    return (
        one.code, one.code if words is None else words.vi, one.code if words is None else words.en,
        unit, summed, stated, off, len(one.rows), len(one.rows) + len(one.missing),
        ", ".join(names[key] for key in one.missing), _state(off, stated, summed),
    )  # fmt: skip


def _shares(one: Villages) -> bool:
    """Whether a village gave a share without what it is made of."""
    return any(row.numerator is None for row in one.rows)


def _stated(rows: list[Given], unit: str) -> float | None:
    """Return what the commune says: of a share its numerator."""
    if not rows:
        return None
    latest = max(rows, key=lambda row: row.rank)
    if latest.numerator is not None:
        return latest.numerator
    return None if unit == "%" else latest.value


def _state(off: float | None, stated: float | None, summed: float | None) -> str:
    if off is not None:
        return "agrees" if abs(off) <= _SLACK else "differs"
    return "alone" if stated is None and summed is not None else "open"


def _names(layers: Layers) -> Iterator[str]:
    villages = layers["villages"]
    for key, name in zip(ids(villages), texts(villages.used, "name"), strict=True):
        yield name or key
