"""Criteria and indicators of the set in their order, with everything behind each number."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import takewhile
from typing import Any

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import wording
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.scorecard.evidence import FIGURES, Evidence
from ntm_gis.outputs.scorecard.model import Bar, Criterion, Indicator, Limit, Verdict
from ntm_gis.outputs.scorecard.said import limit, of_judged, plain, verdict, words
from ntm_gis.outputs.scorecard.sketch import Sketcher
from ntm_gis.outputs.scorecard.strip import FRAME
from ntm_gis.outputs.scorecard.tabled import records
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import Finding, Measure
from ntm_gis.rules.terms import term

MOST_FINDINGS = 8
_SHOWN_ELSEWHERE = frozenset({
    "CRITERIA_REFERENCE_ONLY", "CRITERIA_BEFORE", "CRITERIA_DELEGATED", "CRITERIA_NOT_COMPARABLE",
    "CRITERIA_INCOMPLETE",
})  # fmt: skip
"""Notes that the page says at the threshold, at the count, or in a part of its own."""
_WHY_NONE = {
    "CRITERIA_DELEGATED": "limit_delegated", "CRITERIA_LIMIT_UNKNOWN": "limit_unknown",
    "CRITERIA_NO_ROW": "limit_no_row", "CRITERIA_ASSESSED": "limit_delegated",
    "CRITERIA_BY_PARTS": "limit_parts", "CRITERIA_CONDITION": "limit_condition",
}  # fmt: skip
WHOLE_SET = "CRITERIA_PATCH_UNKNOWN"
"""A finding about the set itself: said once, at the top."""


class Cards:
    """Builds the criteria of the commune's set.

    Parameters
    ----------
    answer : Answer
        Frame `scorecard`, measures `criterion.*` and `indicator.*`.
    items : sequence of (int, Finding)
        Numbered findings.
    """

    def __init__(
        self,
        answer: Answer,
        layers: Layers,
        items: Sequence[tuple[int, Finding]],
        maps_made: Collection[str],
        lang: str,
    ) -> None:
        self._lang = lang
        self._by_id = {m.id: m for m in answer.measures}
        self._speech = Speech(answer, lang, layers)
        self._sketcher = Sketcher(answer)
        self._touching = _touching(items)
        own = layers.commune.commune.criteria_set
        self._rows = [r for r in records(answer, FRAME) if r["criteria_set"] == own]
        self.evidence = Evidence(layers, maps_made, lang)
        self.ground = self._sketcher.ground

    def criteria(self) -> tuple[Criterion, ...]:
        """Return all criteria of the set, in the order of the law."""
        return tuple(
            self._criterion(row, self._by_id[row["id"]])
            for row in self._rows
            if row["kind"] == "criterion" and row["id"] in self._by_id
        )

    def _criterion(self, row: Mapping[str, Any], measure: Measure) -> Criterion:
        code = str(row["code"])
        indicators = tuple(
            self._indicator(line, self._by_id[line["id"]])
            for line in self._rows
            if line["kind"] == "indicator" and line["criterion"] == code
            and line["id"] in self._by_id
        )  # fmt: skip
        counted = [i for i in indicators if i.verdict.code != "not_applicable"]
        met = sum(i.verdict.code == "met" for i in counted)
        key = "count_of" if measure.denominator is not None else "count_known"
        key = key if indicators else "count_none"
        judged = measure.judged
        return Criterion(
            code, f"tieu-chi-{code}", self._title(row), of_judged(judged, self._lang),
            judged is not None and judged.official,
            words(key, self._lang, met=met, n=len(counted)), indicators,
            tuple(n.text.of(self._lang) for n in measure.notes if n.code not in _SHOWN_ELSEWHERE),
        )  # fmt: skip

    def _title(self, row: Mapping[str, Any]) -> str:
        return text_for_html(row[f"title_{self._lang}"])

    def _indicator(self, row: Mapping[str, Any], measure: Measure) -> Indicator:
        speech, lang, code = self._speech, self._lang, str(row["code"])
        touching = self._touching.get(measure.id, [])
        judged = of_judged(measure.judged, lang)
        told = self._limit(row, measure)
        value, known = self._value(measure)
        drawn = self.evidence.drawn(measure, self._sketcher)
        is_number = measure.unit != "verdict"
        return Indicator(
            code=code, anchor=f"chi-tieu-{code}", title=self._title(row),
            value=value, unit=speech.unit(measure) if known and is_number else "",
            known=known, range=speech.range(measure) if is_number else "",
            certainty=self._certainty(measure) if is_number else "",
            fraction=self._fraction(measure),
            bar=self._bar(measure, told, judged.word), limit=told, verdict=judged,
            provisional=measure.id in speech.provisional,
            method=text_for_html(speech.method(measure)),
            parts=self._parts(code),
            files=tuple(wording.short_file(name) for name in measure.evidence.inputs),
            notes=tuple(n.text.of(lang) for n in measure.notes if n.code not in _SHOWN_ELSEWHERE),
            groups=self.evidence.groups(measure), rows=self.evidence.rows(measure, code),
            findings=tuple(touching[:MOST_FINDINGS]),
            more_findings=max(len(touching) - MOST_FINDINGS, 0), drawn=drawn,
        )  # fmt: skip

    def _certainty(self, measure: Measure) -> str:
        """Say the range; of figures the note tells why, of features what is not known of them."""
        if all(part.layer == FIGURES for part in measure.evidence.features):
            return wording.bounds_words(measure, self._lang)
        return self._speech.certainty(measure)

    def _parts(self, code: str) -> tuple[tuple[str, Verdict], ...]:
        """Return the parts that an indicator is made of, with the verdict of each."""
        at = next(k for k, r in enumerate(self._rows) if r["kind"] == "indicator"
                  and r["code"] == code)  # fmt: skip
        rest = takewhile(lambda r: r["kind"] == "part", self._rows[at + 1 :])
        return tuple((self._title(r), verdict(str(r["verdict"]), self._lang)) for r in rest)

    def _value(self, measure: Measure) -> tuple[str, bool]:
        """Return what is printed in the place of the value, and whether it is one number."""
        verdict_of = None if measure.judged is None else measure.judged.verdict.value
        if verdict_of == "not_applicable":
            return term("verdict.not_applicable").of(self._lang).lower(), False
        if measure.unit == "verdict":
            if measure.value is None:
                return term("unknown").of(self._lang), False
            key = "met" if measure.value else "not_met"
            return verdict(key, self._lang).word, True
        return self._speech.value(measure), measure.value is not None

    def _fraction(self, measure: Measure) -> str:
        if measure.unit != "%" or measure.numerator is None or measure.denominator is None:
            return ""
        unit = self.evidence.fraction_unit(measure)
        part, whole = (
            plain(round(v, 2), self._lang) for v in (measure.numerator, measure.denominator)
        )
        return f"{part} / {whole}\u00a0{unit}".rstrip("\u00a0")

    def _limit(self, row: Mapping[str, Any], measure: Measure) -> Limit:
        threshold = None if measure.judged is None else measure.judged.threshold
        if threshold is not None:
            return limit(threshold, measure.unit, self._lang)
        codes = [note.code for note in measure.notes]
        key = next((_WHY_NONE[c] for c in codes if c in _WHY_NONE), None)
        return limit(
            None, measure.unit, self._lang, why=words(key, self._lang) if key else "",
            citation=text_for_html(row["citation"] or ""),
        )  # fmt: skip

    def _bar(self, measure: Measure, told: Limit, word: str) -> Bar | None:
        low, high = measure.low, measure.high
        if measure.unit != "%" or low is None or high is None or not 0 <= low <= high <= 100:
            return None
        if wording.nothing_known(measure):
            low, high = 0.0, 100.0
        threshold = None if measure.judged is None else measure.judged.threshold
        across = None
        if threshold is not None:
            across = next(
                x for x in (threshold.at_least, threshold.at_most, threshold.equals)
                if x is not None
            )  # fmt: skip
        value = self._speech.with_unit(measure)
        sure = self._certainty(measure)
        parts = [value, sure, f"{term('threshold').of(self._lang)} {told.text}", word]
        label = "; ".join(part for part in parts if part)
        return Bar(round(low, 2), round(high, 2), across, label)


def _touching(items: Sequence[tuple[int, Finding]]) -> Mapping[str, list[int]]:
    out: dict[str, list[int]] = {}
    for n, finding in items:
        if finding.code == WHOLE_SET:
            continue
        for name in finding.affects:
            out.setdefault(name, []).append(n)
    return out
