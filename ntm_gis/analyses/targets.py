"""Targets: how much of each the measure that it names has achieved."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.columns import amounts, ids, texts
from ntm_gis.analyses.places import at_row
from ntm_gis.layers.values import Answer, Layer, Layers
from ntm_gis.results import LANGUAGES, Contribution, Evidence, Finding, Measure, Note, Words, shown
from ntm_gis.results.words import sentence
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question

READS: Reads = {
    "target.": {"targets": ("measure", "direction", "value", "baseline")},
}

LAYER = "targets"

FAMILIES = frozenset(
    {
        "commune", "villages", "roads", "progress", "schools", "irrigation", "loudspeakers", "tea",
        "crops", "access", "plan", "merger", "funds", "fund", "money", "figure", "indicator",
        "criterion", "score",
    }
)  # fmt: skip
"""First segments of the ids that measures have."""


@dataclass(frozen=True, slots=True)
class Target:
    """One used row of `targets`; None: not recorded."""

    row: int
    id: str
    name: str
    measure: str | None
    direction: str | None
    value: float | None
    unit: str | None
    baseline: float | None

    def share(self, present: float | None) -> float | None:
        """Return the share achieved at a present value, in per cent.

        Examples
        --------
        >>> Target(0, "T", "", "m", "at_most", 11.0, "%", 15.0).share(12.0)
        75.0
        """
        done, whole = self.done(present), self.whole
        return None if done is None or whole is None else 100 * done / whole

    def done(self, present: float | None) -> float | None:
        """Return what is achieved at a present value, in its unit: what is there, or brought down.

        Examples
        --------
        >>> Target(0, "T", "", "m", "at_most", 11.0, "%", 15.0).done(12.0)
        3.0
        """
        if present is None or self.direction == "at_least":
            return present
        return None if self.baseline is None else self.baseline - present

    @property
    def whole(self) -> float | None:
        """What is to be achieved, in the unit of the measure."""
        if self.value is None or self.direction == "at_least":
            return self.value
        return None if self.baseline is None else self.baseline - self.value


def answer(question: Question) -> Answer:
    """Return the measures `target.*`, of the measures that the other analyses gave."""
    layers, measures = question.layers, question.measures
    by_id = {measure.id: measure for measure in measures}
    # An id of a family of which nothing was worked out may be right: that is no fault of the row.
    idle = FAMILIES - {measure.id.split(".")[0] for measure in measures}
    out, findings = [], list[Finding]()
    for target in _targets(layers[LAYER]):
        measure = by_id.get(target.measure or "")
        achieved = _achieved(layers, target, measure)
        out.append(achieved)
        asked_early = measure is None and (target.measure or "").split(".")[0] in idle
        for finding in () if asked_early else _findings(layers[LAYER], target, measure):
            findings.append(finding.affecting((achieved.id,)))
    return Answer(tuple(out), tuple(findings))


def _targets(layer: Layer) -> Iterator[Target]:
    frame = layer.used
    columns = (
        ids(layer),
        texts(frame, "name"),
        texts(frame, "measure"),
        texts(frame, "direction"),
        amounts(frame, "value").tolist(),
        texts(frame, "unit"),
        amounts(frame, "baseline").tolist(),
    )
    for row, (key, name, measure, way, value, unit, base) in enumerate(zip(*columns, strict=True)):
        yield Target(row, key, name or key, measure, way, _number(value), unit, _number(base))


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _achieved(layers: Layers, target: Target, measure: Measure | None) -> Measure:
    name = _named(target, measure)
    layer = layers[LAYER]
    why = _why_not(target, measure)
    if measure is None or why:
        evidence = Evidence(name.method, (), layer.files)
        return Measure(
            name.id, name.title, name.unit, None, None, None, evidence,
            subject=target.id, method=figures.LIST, notes=why,
        )  # fmt: skip
    done = target.done(measure.value)
    low, high = target.share(measure.low), target.share(measure.high)
    if target.direction == "at_most":
        low, high = high, low
    features = (Contribution(LAYER, target.id, done or 0.0, done is None, weight=target.whole),)
    evidence = Evidence(
        name.method, features, tuple(dict.fromkeys((*layer.files, *measure.evidence.inputs)))
    )
    return Measure(
        name.id, name.title, name.unit, target.share(measure.value), low, high, evidence,
        subject=target.id,
        numerator=done,
        denominator=None if done is None else target.whole,
        method=measure.method,
        notes=measure.notes,
    )  # fmt: skip


def _named(target: Target, measure: Measure | None) -> Named:
    code = "TARGET_AT_MOST" if target.direction == "at_most" else "TARGET_AT_LEAST"
    title: object = target.measure if measure is None else measure.title
    return named(
        "target.TARGET.achieved_share", subject=target.id, TARGET=target.id, name=target.name,
        how=sentence(code, {"target": target.value}), measure=title,
    )  # fmt: skip


def _why_not(target: Target, measure: Measure | None) -> tuple[Note, ...]:
    """Return why there is no share; empty where there is one."""
    if measure is None:
        return (Note.of("TARGET_WITHOUT_MEASURE", measure=target.measure),)
    if target.value is None or target.direction is None:
        return (Note.of("TARGET_INCOMPLETE"),)
    if other_unit(target.unit, measure.unit):
        return (Note.of("TARGET_OTHER_UNIT", unit=target.unit, own=_unit_words(measure.unit)),)
    if target.direction == "at_least":
        return () if target.value > 0 else (Note.of("TARGET_ZERO"),)
    if target.baseline is None:
        return (Note.of("TARGET_WITHOUT_BASELINE"),)
    if target.baseline <= target.value:
        # There was nothing to bring down: a share of it would be no number or a false one.
        return (Note.of("TARGET_BASELINE_WITHIN", baseline=target.baseline, target=target.value),)
    return ()


def _findings(layer: Layer, target: Target, measure: Measure | None) -> Iterator[Finding]:
    if measure is None and target.measure is not None:
        yield at_row(
            "TARGET_MEASURE_UNKNOWN", layer, target.row, field="measure", value=target.measure,
            name=target.name,
        )  # fmt: skip
    if measure is not None and other_unit(target.unit, measure.unit):
        yield at_row(
            "TARGET_UNIT_DIFFERS", layer, target.row, field="unit", value=target.unit,
            name=target.name, unit=_unit_words(measure.unit),
        )  # fmt: skip


def other_unit(written: str | None, unit: str) -> bool:
    """Return whether a unit as written is surely another than the measure's.

    Of a measure for each person many write what is counted alone: "triệu đồng".
    """
    known = None if written is None else _unit_code(written)
    own = {_unit_code(unit), _unit_code(unit.removesuffix("/person"))}
    return known is not None and known not in own


def _unit_code(written: str) -> str | None:
    found: Mapping[str, str] = code_list("unit").spellings
    return found.get(text.fold(written))


def _unit_words(unit: str) -> Words:
    code = _unit_code(unit)
    if code is not None:
        return code_list("unit")[code].title.words
    return Words(*(shown.unit_name(unit, language) for language in LANGUAGES))
