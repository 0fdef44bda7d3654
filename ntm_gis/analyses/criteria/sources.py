"""What is known of each indicator of a set: from a measure of the product, else from figures."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.analyses import figures as building
from ntm_gis.analyses.columns import ids, texts
from ntm_gis.analyses.criteria.figures import Figure, figure_of
from ntm_gis.analyses.criteria.roads import RoadShare, road_shares
from ntm_gis.analyses.criteria.rows import LAYER, Sorted, files_of, touched
from ntm_gis.analyses.criteria.survey import Open
from ntm_gis.analyses.criteria.villages import Villages, by_village, features_of, units_of
from ntm_gis.analyses.places import at_row
from ntm_gis.results import Contribution, Finding, Measure, share
from ntm_gis.rules.criteria_verdicts import NOTHING, Amount

if TYPE_CHECKING:
    from ntm_gis.analyses.question import Question
    from ntm_gis.layers.values import Layers
    from ntm_gis.rules.criteria import CriteriaSet
    from ntm_gis.rules.criteria_model import Indicator


@dataclass(frozen=True)
class Known:
    """What is known of one indicator, and from where.

    Parameters
    ----------
    open : tuple of Open or None
        What a survey could settle; None: nobody can say piece by piece.
    sharp : bool
        The open things make the bounds together.
    """

    amount: Amount = NOTHING
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    features: tuple[Contribution, ...] = ()
    inputs: tuple[str, ...] = ()
    method: str = building.LIST
    measure: Measure | None = None
    figure: Figure | None = None
    open: tuple[Open, ...] = ()


def known_of(
    question: Question, found: CriteriaSet, given: Sorted
) -> tuple[dict[str, Known], dict[str, Amount], list[Finding]]:
    """Return what is known of every line and part, amounts of conditions, and findings.

    A measure of the product comes first; where its layer is not given, figures do. Where both
    are there and contradict each other, a finding says so.
    """
    measures = {m.id: m for m in question.measures}
    lines = found.indicators.values()
    roads = road_shares(question.layers, [line.measure or "" for line in lines])
    decided = {d.subject: d for d in question.decisions.decided}
    by_code = {v.code: v for v in by_village(question.layers, given)}
    out: dict[str, Known] = {}
    findings: list[Finding] = []
    for line in lines:
        figure, said = figure_of(
            line.code, line.unit, given, question.layers[LAYER], digits=line.rounding,
            per_sex=line.per_sex, less_is_better=line.better == "less", decided=decided,
        )  # fmt: skip
        findings += [*said, *_fraction(question.layers, line, figure)]
        measured = _measured(question.layers, line, measures, roads)
        forms = by_code.get(line.code)
        if measured is None and not figure.known and forms is not None and forms.rows:
            measured = _of_villages(question.layers, line, forms)
        out[line.code] = _of_figure(question.layers, figure) if measured is None else measured
        if measured is not None and figure.known and _apart(measured.amount, figure.amount):
            findings.append(_contradicts(line, measured, figure))
    asked = {line.applies.of for line in lines if line.applies is not None}
    conditions = {of: _condition(of, measures, given, question.layers) for of in sorted(asked)}
    return out, {of: amount for of, amount in conditions.items() if amount != NOTHING}, findings


def _fraction(layers: Layers, line: Indicator, figure: Figure) -> Iterator[Finding]:
    """Yield a share that may be a part of one: 0.85 where 85 % is meant."""
    value = figure.value
    if line.unit != "%" or line.better == "less" or value is None or figure.denominator is not None:
        return
    if figure.rows and 0 < value <= 1:
        yield at_row(
            "FIGURE_FRACTION", layers[LAYER], figure.rows[0].at, field="value", value=value,
            indicator=line.code, number=value, meant=100 * value,
        ).affecting(touched(line.code))  # fmt: skip


def _condition(of: str, measures: Mapping[str, Measure], given: Sorted, layers: Layers) -> Amount:
    """Return what is known of what a condition asks for: a measure, or "figure.CODE"."""
    measure = measures.get(of)
    if measure is not None:
        return Amount(measure.low, measure.high)
    family, _, code = of.partition(".")
    if family != "figure":
        return NOTHING
    figure, _ = figure_of(code, "", given, layers[LAYER])
    if figure.amount.low is None and figure.amount.assessed is not None:
        there = float(figure.amount.assessed)
        return Amount(there, there, figure.amount.assessed)
    return figure.amount


def _measured(
    layers: Layers,
    line: Indicator,
    measures: Mapping[str, Measure],
    roads: Mapping[str, RoadShare],
) -> Known | None:
    of_roads = roads.get(line.measure or "")
    if of_roads is not None:
        return _of_roads(layers, of_roads)
    measure = measures.get(line.measure or "")
    if measure is None or (measure.value is None and not measure.evidence.features):
        return None
    return Known(
        Amount(measure.low, measure.high),
        measure.value,
        measure.numerator,
        measure.denominator,
        measure.evidence.features,
        measure.evidence.inputs,
        measure.method,
        measure,
        open=_open(layers, measure),
    )


def _of_roads(layers: Layers, found: RoadShare) -> Known:
    share = found.share
    some = share.value is not None
    return Known(
        Amount(share.low, share.high),
        share.value,
        share.numerator if some else None,
        share.denominator if some else None,
        found.features,
        building.files((layers["roads"], layers["boundary"])),
        building.method_of(drawn=True, listed=found.listed),
        open=found.open,
    )


def _of_villages(layers: Layers, line: Indicator, found: Villages) -> Known | None:
    """Return what villages alone gave: a share of sums, or a sum; None of what does not add up."""
    inputs = files_of(layers[LAYER], found.rows)
    if line.unit == "%":
        units = units_of(found)
        of_all = share(units)
        some = of_all.value is not None
        asked = [*(row.village or "" for row in found.rows), *found.missing]
        open_ones = tuple(
            Open("villages", (village,), unit.ways, 1.0, "")
            for village, unit in zip(asked, units, strict=True)
            if len(unit.ways) > 1
        )
        return Known(
            Amount(of_all.low, of_all.high),
            of_all.value,
            of_all.numerator if some else None,
            of_all.denominator if some else None,
            features_of(found, part=True),
            inputs,
            figure=Figure(rows=found.rows),
            open=open_ones,
        )
    if line.unit != "houses":
        return None
    high = found.total if found.whole else None
    # Of a village that sent nothing the number may be any.
    waiting = tuple(
        Open("villages", (village,), ((0.0, 0.0), (math.inf, 0.0)), 1.0, "")
        for village in found.missing
    )
    return Known(
        Amount(found.total, high), found.total, found.total, None,
        features_of(found, part=False), inputs, figure=Figure(rows=found.rows), open=waiting,
    )  # fmt: skip


def _of_figure(layers: Layers, figure: Figure) -> Known:
    return Known(
        figure.amount,
        figure.value,
        figure.numerator,
        figure.denominator,
        figure.features,
        files_of(layers[LAYER], figure.rows),
        figure=figure,
    )


def _open(layers: Layers, measure: Measure) -> tuple[Open, ...]:
    """Return what a survey could settle of a measure, from its evidence.

    Campuses of one school go together, parcels of one work whose state is not known by the work.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[Contribution]] = defaultdict(list)
    owner = _owners(layers, measure)
    for part in measure.evidence.features:
        if part.unknown:
            groups[owner.get((part.layer, part.id), (part.layer, (part.id,)))].append(part)
    out = []
    for (layer, names), parts in groups.items():
        weight = sum(part.weight or 0.0 for part in parts)
        unit = "ha" if parts[0].layer == "farmland" else ""
        ways = ((0.0, round(weight, 9)), (round(weight, 9), round(weight, 9)))
        out.append(Open(layer, names, ways, weight if unit else float(len(names)), unit))
    return tuple(out)


def _owners(layers: Layers, measure: Measure) -> dict[tuple[str, str], tuple[str, tuple[str, ...]]]:
    """Return what to look at for a feature, where it is not the feature itself."""
    out: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
    shown = {part.layer for part in measure.evidence.features if part.unknown}
    if "farmland" in shown:
        land = layers["farmland"]
        works = texts(land.used, "irrigation_id")
        for parcel, work in zip(ids(land), works, strict=True):
            if work is not None:
                out["farmland", parcel] = ("irrigation", (work,))
    if "schools" in shown:
        layer = layers["schools"]
        by_school: dict[str, list[str]] = defaultdict(list)
        columns = (texts(layer.used, n) for n in ("school_id", "status", "facility_level"))
        rows = list(zip(ids(layer), *columns, strict=True))
        for campus, school, status, level in rows:
            if school is not None and (status is None or (status == "in_use" and level is None)):
                by_school[school].append(campus)
        for campus, school, _, _ in rows:
            if school is not None and by_school[school]:
                out["schools", campus] = ("schools", tuple(sorted(by_school[school])))
    return out


def _apart(one: Amount, other: Amount) -> bool:
    """Whether two amounts cannot both be right."""
    above = one.low is not None and other.high is not None and one.low > other.high + 0.05
    below = one.high is not None and other.low is not None and one.high < other.low - 0.05
    return above or below


def _contradicts(line: Indicator, measured: Known, figure: Figure) -> Finding:
    low, high = measured.amount.low, measured.amount.high
    return Finding.of(
        "FIGURE_AGAINST_MEASURE", feature=line.code, indicator=line.code, title=line.title.words,
        low=low, high=high, figure=figure.amount.low, documents=figure.documents or ("–",),
    ).affecting((f"indicator.{line.code}",))  # fmt: skip
