"""Headline figures, and the table of all figures with the evidence behind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from ntm_gis.layers.values import Answer
from ntm_gis.outputs import wording
from ntm_gis.outputs.features import OVERVIEW, Feature, Features, map_of, map_of_measure, ordered
from ntm_gis.results import Contribution, Finding, Measure, Severity, shown
from ntm_gis.rules.terms import term

MOST_FEATURES = 12

HEADLINES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("commune.area_ha", ()),
    ("commune.population", ("commune.households", "villages.count")),
    ("roads.hardened_share.village", ()),
    ("roads.paved_share.commune", ()),
    ("villages.with_cultural_house_share", ()),
    ("schools.facility_level_1_share", ()),
    ("tea.area_ha", ("tea.harvest_ha", "tea.declared_ha")),
    ("funds.total", ()),
)
"""The measures of the first card, each with the ones told below it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A share as a bar: solid up to `low`, slanted up to `high`, in per cent of its width."""

    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True)
class Headline:
    """One cell of the first card."""

    id: str
    title: str
    value: str
    unit: str
    below: tuple[str, ...]
    bar: Bar | None
    provisional: bool
    unknown: bool


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """One feature in the evidence of a figure."""

    label: str
    href: str | None
    amount: str
    unknown: bool
    where: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table of figures, with its evidence."""

    id: str
    title: str
    value: str
    unit: str
    range: str
    certainty: str
    bar: Bar | None
    provisional: bool
    unknown: bool
    method: str
    fraction: str
    features: tuple[FeatureRow, ...]
    more: int
    files: tuple[str, ...]
    notes: tuple[str, ...]
    findings: tuple[int, ...]
    more_findings: int
    href: str | None


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Figures of one kind, under one head."""

    name: str
    title: str
    figures: tuple[Figure, ...]


class Teller:
    """Puts the measures of an answer into the words and bars of the page.

    Parameters
    ----------
    answer : Answer
    features : Features
        Rows behind the measures.
    items : sequence of (int, Finding)
        Numbered findings.
    maps_made : set of str
        Maps that links may lead to.
    lang : str
    """

    def __init__(
        self,
        answer: Answer,
        features: Features,
        items: Sequence[tuple[int, Finding]],
        maps_made: frozenset[str],
        lang: str,
    ) -> None:
        self._measures = answer.measures
        self._features = features
        self._maps = maps_made
        self._lang = lang
        self._touching = _by_measure(items)
        blocking = [f for _, f in items if f.severity in {Severity.STOP, Severity.BLOCK}]
        self._provisional = {name for finding in blocking for name in finding.affects}

    def headlines(self) -> tuple[Headline, ...]:
        """Return the cells of the first card; measures that are not there are left out."""
        by_id = {measure.id: measure for measure in self._measures}
        return tuple(
            self._headline(by_id[name], [by_id[b] for b in below if b in by_id])
            for name, below in HEADLINES
            if name in by_id
        )

    def groups(self) -> tuple[FigureGroup, ...]:
        """Return all figures, grouped."""
        return tuple(
            FigureGroup(
                name,
                term(f"group.{name}").of(self._lang),
                tuple(self._figure(measure) for measure in members),
            )
            for name, members in wording.grouped(self._measures).items()
        )

    def _headline(self, measure: Measure, below: Sequence[Measure]) -> Headline:
        lines = [
            f"{m.title.of(self._lang)}: {wording.value_words(m, self._lang)}\u00a0"
            f"{shown.unit_name(m.unit, self._lang)}"
            for m in below
            if m.value is not None
        ]
        certainty = wording.bounds_words(measure, self._lang)
        return Headline(
            id=measure.id,
            title=measure.title.of(self._lang),
            value=wording.value_words(measure, self._lang),
            unit=self._unit(measure),
            below=tuple([certainty, *lines] if certainty else lines),
            bar=self._bar(measure),
            provisional=measure.id in self._provisional,
            unknown=wording.nothing_known(measure),
        )

    def _figure(self, measure: Measure) -> Figure:
        chosen = ordered(measure)
        touching = self._touching.get(measure.id, [])
        return Figure(
            id=measure.id,
            title=measure.title.of(self._lang),
            value=wording.value_words(measure, self._lang),
            unit=self._unit(measure),
            range="" if measure.value is None else shown.bounds(measure, self._lang),
            certainty=wording.bounds_words(measure, self._lang),
            bar=self._bar(measure),
            provisional=measure.id in self._provisional,
            unknown=wording.nothing_known(measure),
            method=measure.evidence.method.of(self._lang).rstrip("."),
            fraction=wording.fraction_words(measure, self._lang),
            features=tuple(self._row(measure, part) for part in chosen[:MOST_FEATURES]),
            more=max(len(chosen) - MOST_FEATURES, 0),
            files=tuple(wording.short_file(name) for name in measure.evidence.inputs),
            notes=tuple(note.text.of(self._lang) for note in measure.notes),
            findings=tuple(touching[:MOST_FEATURES]),
            more_findings=max(len(touching) - MOST_FEATURES, 0),
            href=self._measure_link(measure),
        )

    def _unit(self, measure: Measure) -> str:
        return "" if wording.nothing_known(measure) else shown.unit_name(measure.unit, self._lang)

    def _bar(self, measure: Measure) -> Bar | None:
        if measure.unit != "%" or wording.nothing_known(measure):
            return None
        if measure.low is None or measure.high is None:
            return None
        if not 0 <= measure.low <= measure.high <= 100:
            return None
        words = wording.bounds_words(measure, self._lang)
        value = wording.value_words(measure, self._lang)
        label = f"{measure.title.of(self._lang)}: {value}\u00a0%{', ' if words else ''}{words}"
        return Bar(round(measure.low, 2), round(measure.high, 2), label)

    def _row(self, measure: Measure, part: Contribution) -> FeatureRow:
        feature = self._features.find(part.layer, part.id)
        name = feature.name if feature.name and feature.name != part.id else None
        return FeatureRow(
            label=f"{part.id} · {name}" if name else part.id,
            href=self._feature_link(feature),
            amount=self._amount(measure, part),
            unknown=part.unknown,
            where=wording.place_words(feature.file, None, feature.row, self._lang),
        )

    def _amount(self, measure: Measure, part: Contribution) -> str:
        """Return what a feature puts in; of an unknown one what it could be."""
        amount = part.weight if part.unknown else part.amount
        return "" if amount is None else wording.amount_words(measure, amount, self._lang)

    def _map(self, layer: str | None) -> str | None:
        for name in (map_of(layer), OVERVIEW):
            if layer is not None and name is not None and name in self._maps:
                return name
        return None

    def _feature_link(self, feature: Feature) -> str | None:
        name = self._map(feature.layer) if feature.placed else None
        state = urlencode({"feature": feature.id, "layer": feature.layer})
        return f"maps/{name}.html#{state}" if name else None

    def _measure_link(self, measure: Measure) -> str | None:
        """Return the map that lights up the features of a measure, or those of its layer."""
        if not measure.evidence.features:
            return None
        shown_on = map_of_measure(measure.id)
        if shown_on in self._maps:
            return f"maps/{shown_on}.html#{urlencode({'measure': measure.id})}"
        layer = measure.evidence.features[0].layer
        name = self._map(layer)
        return f"maps/{name}.html#{urlencode({'layer': layer})}" if name else None


def _by_measure(items: Sequence[tuple[int, Finding]]) -> Mapping[str, list[int]]:
    out: dict[str, list[int]] = {}
    for number, finding in items:
        for name in finding.affects:
            out.setdefault(name, []).append(number)
    return out
