"""Headline figures, and the table of all figures with the evidence behind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from ntm_gis.layers.values import Answer
from ntm_gis.outputs import wording
from ntm_gis.outputs.features import Features, feature_link, map_of_measure, maps_of, ordered
from ntm_gis.outputs.speech import Speech
from ntm_gis.outputs.startpage.parts import (
    Bar,
    FeatureRow,
    Figure,
    FigureGroup,
    Fold,
    Headline,
    Waiting,
)
from ntm_gis.results import Contribution, Finding, Measure
from ntm_gis.rules.terms import say, term

MOST_FEATURES = 12

FOLDED = {
    "funds": (("fund.",), "each_fund"),
    "money": (("money.",), "each_work_money"),
    "contributions": (("contributions.village.", "contributions.work."), "each_contribution"),
}
"""Group -> beginnings of the ids of figures that it shows on demand, and the head they get."""

FOLD_FROM = 4

SHOWN = {"commune": 9, "indicator": 0, "criterion": 0, "target": 0, "figure": 0, "merger": 0}
"""Group -> how many of its figures the page shows at once; those of the first card come first.

The criteria stand on the card above and on their own page; reports and targets are many.
"""

MOST_SHOWN = 3
"""As `SHOWN`, for groups that are not named there."""

WIDE = 50.0
"""Points of a per cent between the bounds from which a share says little: the range is shown."""

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


class Teller:
    """Puts the measures of an answer into the words and bars of the page.

    Parameters
    ----------
    answer : Answer
    speech : Speech
    features : Features
        Rows behind the measures.
    items : sequence of (int, Finding)
        Numbered findings.
    maps_made : set of str
        Maps that links may lead to.
    """

    def __init__(
        self,
        answer: Answer,
        speech: Speech,
        features: Features,
        items: Sequence[tuple[int, Finding]],
        maps_made: frozenset[str],
    ) -> None:
        self._speech = speech
        self._measures = answer.measures
        self._features = features
        self._maps = maps_made
        self._lang = speech.lang
        self._touching = _by_measure(items)

    def headlines(self) -> tuple[Headline, ...]:
        """Return the cells of the first card; measures that are not there are left out."""
        by_id = self._speech.by_id
        return tuple(
            self._headline(by_id[name], [by_id[b] for b in below if b in by_id])
            for name, below in HEADLINES
            if name in by_id
        )

    def groups(self) -> tuple[FigureGroup, ...]:
        """Return all figures, grouped; the main ones are shown, those that wait named alone."""
        return tuple(
            self._group(name, members) for name, members in wording.grouped(self._measures).items()
        )

    def _group(self, name: str, members: Sequence[Measure]) -> FigureGroup:
        waiting = self._waiting(members)
        waits = {measure for line in waiting.values() for measure, _ in line.names}
        there = [measure for measure in members if measure.id not in waits]
        beginnings, head = FOLDED.get(name, ((), ""))
        singles = [measure for measure in there if measure.id.startswith(beginnings)]
        if len(singles) < FOLD_FROM:
            singles = []
        rest = [measure for measure in there if measure not in singles]
        shown = _main(rest, SHOWN.get(name, MOST_SHOWN))
        other = [measure for measure in rest if measure not in shown]
        parts = ((other, "more_figures" if shown else "all_figures"), (singles, head))
        return FigureGroup(
            name,
            term(f"group.{name}").of(self._lang),
            tuple(self._figure(measure) for measure in shown),
            tuple(
                Fold(say(key, self._lang, n=len(found)), tuple(self._figure(m) for m in found))
                for found, key in parts
                if found
            ),
            tuple(waiting.values()),
        )

    def _waiting(self, members: Sequence[Measure]) -> Mapping[str, Waiting]:
        """Return what several figures wait for: a layer not given, an analysis not there."""
        by_reason: dict[str, list[Measure]] = {}
        for measure in members:
            reason = self._speech.waits_for(measure)
            if reason:
                by_reason.setdefault(reason, []).append(measure)
        out = {}
        for reason, found in by_reason.items():
            targets = all(self._speech.pending(measure) for measure in found)
            # One figure alone is one line as it is.
            if len(found) < 2 and not targets:
                continue
            key = "waiting_n" if targets else "waiting_for"
            titles = [measure.title.of(self._lang) for measure in found]
            names = [wording.after_colon(title) if targets else title for title in titles]
            out[reason] = Waiting(
                say(key, self._lang, n=len(found), why=reason.rstrip(".")),
                tuple(zip([measure.id for measure in found], names, strict=True)),
            )
        return out

    def _headline(self, measure: Measure, below: Sequence[Measure]) -> Headline:
        told = (m for m in below if m.value is not None)
        lines = [f"{m.title.of(self._lang)}: {self._speech.with_unit(m)}" for m in told]
        certainty = self._speech.certainty(measure)
        wide = _is_wide(measure)
        known = [term("nothing_known").of(self._lang)] if wide else []
        return Headline(
            id=measure.id,
            title=measure.title.of(self._lang),
            value=self._speech.range(measure) if wide else self._speech.value(measure),
            unit=self._speech.unit(measure),
            below=(*known, *([certainty] if certainty else []), *lines),
            bar=self._bar(measure),
            provisional=measure.id in self._speech.provisional,
            unknown=wide or self._speech.absent(measure),
        )

    def _figure(self, measure: Measure) -> Figure:
        chosen = ordered(measure)
        touching = self._touching.get(measure.id, [])
        open_ = _is_wide(measure) and (measure.low, measure.high) == (0, 100)
        nothing = term("nothing_known").of(self._lang)
        return Figure(
            id=measure.id,
            title=measure.title.of(self._lang),
            value=nothing if open_ else self._speech.value(measure),
            unit="" if open_ else self._speech.unit(measure),
            range=self._speech.range(measure),
            certainty=self._speech.certainty(measure),
            bar=self._bar(measure),
            provisional=measure.id in self._speech.provisional,
            unknown=open_ or self._speech.absent(measure),
            applies=not self._speech.not_applicable(measure),
            method=self._speech.method(measure),
            fraction=self._speech.fraction(measure),
            features=tuple(self._row(measure, part) for part in chosen[:MOST_FEATURES]),
            more=max(len(chosen) - MOST_FEATURES, 0),
            files=tuple(wording.short_file(name) for name in measure.evidence.inputs),
            notes=self._speech.notes(measure),
            findings=tuple(touching[:MOST_FEATURES]),
            more_findings=max(len(touching) - MOST_FEATURES, 0),
            href=self._measure_link(measure),
        )

    def _bar(self, measure: Measure) -> Bar | None:
        if measure.unit != "%" or wording.nothing_known(measure):
            return None
        if measure.low is None or measure.high is None:
            return None
        if not 0 <= measure.low <= measure.high <= 100:
            return None
        words = self._speech.certainty(measure)
        value = self._speech.value(measure)
        label = f"{measure.title.of(self._lang)}: {value}\u00a0%{', ' if words else ''}{words}"
        return Bar(round(measure.low, 2), round(measure.high, 2), label)

    def _row(self, measure: Measure, part: Contribution) -> FeatureRow:
        feature = self._features.find(part.layer, part.id)
        return FeatureRow(
            label=feature.label(self._lang),
            href=feature_link(feature, self._maps),
            amount=self._speech.amount(measure, part),
            unknown=part.unknown,
            where=wording.place_words(feature.file, None, feature.row, self._lang),
        )

    def _map(self, layer: str) -> str | None:
        return next((name for name in maps_of(layer) if name in self._maps), None)

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


def _main(measures: Sequence[Measure], most: int) -> list[Measure]:
    """Return the figures that a group shows at once, in their order; one left over is shown too."""
    if len(measures) <= most + 1 and most:
        return list(measures)
    first = {name for name, below in HEADLINES for name in (name, *below)}
    # Stable: else as they come, what is there before what is not.
    by_weight = sorted(measures, key=lambda m: (m.id not in first, not m.value))
    chosen = {measure.id for measure in by_weight[:most]}
    return [measure for measure in measures if measure.id in chosen]


def _is_wide(measure: Measure) -> bool:
    """Whether the bounds of a share are so far apart that its value alone would mislead."""
    if measure.unit != "%" or None in (measure.value, measure.low, measure.high):
        return False
    return float(measure.high or 0) - float(measure.low or 0) >= WIDE


def _by_measure(items: Sequence[tuple[int, Finding]]) -> Mapping[str, list[int]]:
    out: dict[str, list[int]] = {}
    for number, finding in items:
        for name in finding.affects:
            out.setdefault(name, []).append(number)
    return out
