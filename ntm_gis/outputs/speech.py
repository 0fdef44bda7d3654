"""The measures of one answer in words of one language: one way for pages, sheets and terminal.

Value, range, what is certain and why not more, the fraction behind a share, and which figures
are provisional.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from ntm_gis import numbers
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import wording
from ntm_gis.results import Contribution, Finding, Measure, Severity, shown
from ntm_gis.results.words import fill
from ntm_gis.rules.schema import code_list
from ntm_gis.rules.terms import say, sections, term

TARGETS = "targets"

_WAITING = frozenset(("LAYER_NOT_GIVEN", "ANALYSIS_NOT_DONE"))
"""Notes of measures of which nothing is known, for a reason that others share."""
_NO_MEASURE, _MISSPELT = "TARGET_WITHOUT_MEASURE", "TARGET_MEASURE_UNKNOWN"
# Two of one road: what may be drawn twice is not a length that nobody knows.
_DOUBLE = "ROAD_SUSPECTED_DOUBLE"
_KEEPS_BACK = (Severity.STOP, Severity.BLOCK)
_CENTS = 2


def provisional(answer: Answer, layers: Layers | None = None) -> frozenset[str]:
    """Return the ids of the measures that are not for official figures yet.

    Those that a finding of severity stop or block touches, and targets that one of them is put
    against.

    Parameters
    ----------
    answer : Answer
    layers : Layers, optional
        Say which measure a target names; without them targets are as their findings say.
    """
    ids = [measure.id for measure in answer.measures]
    touched = {name for f in answer.findings if f.severity in _KEEPS_BACK for name in f.affects}
    starts = tuple(name[:-1] for name in touched if name.endswith("*"))
    out = {name for name in ids if name in touched or (starts and name.startswith(starts))}
    resting = _rest_on(layers)
    out |= {name for name in ids if resting.get(name) in out}
    return frozenset(out)


def _rest_on(layers: Layers | None) -> dict[str, str]:
    """Id of the measure of a target -> the measure that the target names."""
    layer = None if layers is None else layers.by_name.get(TARGETS)
    if layer is None or layer.schema.key is None:
        return {}
    frame = layer.used
    pairs = zip(frame[layer.schema.key], frame["measure"], strict=True)
    return {
        f"target.{key}.achieved_share": named
        for key, named in pairs
        if isinstance(key, str) and isinstance(named, str)
    }


class Speech:
    """Says the measures of an answer.

    Parameters
    ----------
    answer : Answer
        Measures and all findings.
    lang : str
        "vi" or "en".
    layers : Layers, optional
        What targets are put against.
    """

    def __init__(self, answer: Answer, lang: str, layers: Layers | None = None) -> None:
        self.lang = lang
        self.by_id: Mapping[str, Measure] = {m.id: m for m in answer.measures}
        self.provisional = provisional(answer, layers)
        self._resting = _rest_on(layers)
        self._touching: dict[str, list[Finding]] = {}
        for finding in answer.findings:
            for name in finding.affects:
                self._touching.setdefault(name, []).append(finding)

    # --- values -----------------------------------------------------------------------------------

    def value(self, measure: Measure) -> str:
        """Return a value without its unit; the range, or words, where there is none."""
        if self.not_applicable(measure):
            return term("verdict.not_applicable").of(self.lang).lower()
        if self.pending(measure):
            return term("not_in_this_version").of(self.lang)
        return wording.value_words(measure, self.lang)

    def unit(self, measure: Measure) -> str:
        """Return the unit of a value; none where there is no number."""
        return "" if self.absent(measure) else shown.unit_name(measure.unit, self.lang)

    def with_unit(self, measure: Measure) -> str:
        """Return a value with its unit, which is left out where the title says it."""
        unit = self.unit(measure)
        said = wording.says_unit(measure.title.of(self.lang), unit)
        value = self.value(measure)
        return f"{value}\u00a0{unit}" if unit and not said else value

    def range(self, measure: Measure) -> str:
        """Return the range beside a value; empty where the measure is certain or has none."""
        return "" if measure.value is None else shown.bounds(measure, self.lang)

    def absent(self, measure: Measure) -> bool:
        """Whether there is no number to show."""
        return wording.nothing_known(measure) or self.pending(measure)

    def not_applicable(self, measure: Measure) -> bool:
        """Whether a share is of something that the commune surely does not have."""
        return self._class_without_roads(measure) is not None

    def _class_without_roads(self, measure: Measure) -> str | None:
        family, _, code = measure.id.rpartition(".")
        if measure.value is not None or family not in ("roads.paved_share", "roads.hardened_share"):
            return None
        lengths = [m for name, m in self.by_id.items() if name.startswith("roads.length_km.")]
        length = self.by_id.get(f"roads.length_km.{code}")
        none = length is not None and length.certain and length.value == 0
        # Where no road at all is known the list may be missing.
        return code if none and any(other.value for other in lengths) else None

    def pending(self, measure: Measure) -> bool:
        """Whether a target waits for a part of the figures that is not worked out."""
        if measure.value is not None or _NO_MEASURE not in {note.code for note in measure.notes}:
            return False
        return all(f.code != _MISSPELT for f in self._touching.get(measure.id, ()))

    def waits_for(self, measure: Measure) -> str:
        """Return what a measure waits for, of which nothing at all is known; else empty."""
        if self.pending(measure):
            return term("not_in_this_version").of(self.lang)
        if measure.value is not None or measure.evidence.features:
            return ""
        return next((n.text.of(self.lang) for n in measure.notes if n.code in _WAITING), "")

    # --- what is certain --------------------------------------------------------------------------

    def certainty(self, measure: Measure) -> str:
        """Say what is certain and why not more, or why there is no figure; else empty."""
        code = self._class_without_roads(measure)
        if code is not None:
            title = code_list("road_class")[code].title.words.of(self.lang)
            return say("commune_has_none", self.lang, what=title[:1].lower() + title[1:])
        return wording.bounds_words(measure, self.lang, self.reason(measure))

    def reason(self, measure: Measure) -> str:
        """Say what is unknown behind a measure, by cause; empty where its evidence names nothing.

        A feature's cause is what was found about it; what has none of its own is told by the
        family of the measure.
        """
        unknown = [part for part in measure.evidence.features if part.unknown]
        if not unknown:
            return ""
        causes = self._causes(measure)
        told = {key: causes[key] for part in unknown if (key := (part.layer, part.id)) in causes}
        if not told:
            words = wording.by_beginning("because", measure.id) or term("because.other")
            return fill(words.of(self.lang), self.lang, {"n": len(unknown)})
        counted = Counter(cause for found in told.values() for cause in found)
        out = [
            fill(words.of(self.lang), self.lang, {"n": counted[cause]})
            for cause, words in sections()["cause"].items()
            if counted[cause]
        ]
        # What one half of a pair, or one campus of a school, draws in has no cause of its own.
        rest = len(unknown) - len(told) - counted[_DOUBLE]
        others = sections()["cause_other"].get(unknown[0].layer)
        if others is not None and rest > 0:
            out.append(fill(others.of(self.lang), self.lang, {"n": rest}))
        return ", ".join(dict.fromkeys(out))

    def _causes(self, measure: Measure) -> dict[tuple[str, str], list[str]]:
        """Feature -> keys of section `cause`: what was found about it that touches a measure."""
        known = sections()["cause"]
        out: dict[tuple[str, str], list[str]] = {}
        for finding in self._touching.get(measure.id, ()):
            if finding.layer is None or finding.feature is None:
                continue
            key = f"{finding.layer}.{finding.field}" if finding.field else finding.code
            key = finding.code if finding.code in known else key
            found = out.setdefault((finding.layer, finding.feature), [])
            if key in known and key not in found:
                found.append(key)
        return {place: keys for place, keys in out.items() if keys}

    # --- the fraction behind a share --------------------------------------------------------------

    def fraction(self, measure: Measure) -> str:
        """Return "20,19 trên 35,09 km đã rõ; chưa rõ 5,20 km"; empty where there is none."""
        if measure.numerator is None or measure.denominator is None:
            return ""
        unit = self._fraction_unit(measure)
        digits = wording.fraction_digits(measure)
        left = self._left_open(measure)
        of_ = self._number(measure.denominator, digits)
        text = say(
            "fraction", self.lang, numerator=self._number(measure.numerator, digits),
            denominator=f"{of_}\u00a0{unit}" if unit else of_,
        )  # fmt: skip
        if left is None:
            return text
        number = self._number(left, 0 if float(left).is_integer() else _CENTS)
        amount = f"{number}\u00a0{unit}" if unit else number
        key = "fraction_open_counted" if wording.is_counted(measure) else "fraction_open"
        return say(key, self.lang, fraction=text, amount=amount)

    def _number(self, number: float, digits: int) -> str:
        show = numbers.format_en if self.lang == "en" else numbers.format_vi
        return show(number, "", digits)

    def _fraction_unit(self, measure: Measure) -> str:
        aim = self.by_id.get(self._resting.get(measure.id, ""))
        if aim is not None:
            return shown.unit_name(aim.unit, self.lang)
        words = wording.by_beginning("fraction_unit", measure.id)
        return words.of(self.lang) if words is not None and measure.unit == "%" else ""

    def _left_open(self, measure: Measure) -> float | None:
        """Return how much of the whole is not known; None where nothing is, or nobody can say."""
        causes = self._causes(measure)
        unknown = [
            part
            for part in measure.evidence.features
            if part.unknown and causes.get((part.layer, part.id)) != [_DOUBLE]
        ]
        if measure.unit != "%" or not unknown or any(part.weight is None for part in unknown):
            return None
        left = sum(part.weight for part in unknown if part.weight is not None)
        return round(left, 6) if left > 0 else None

    # --- evidence ---------------------------------------------------------------------------------

    def method(self, measure: Measure) -> str:
        """Return how a measure was made, without its full stop; nothing where it was not."""
        if self.pending(measure):
            return ""
        return measure.evidence.method.of(self.lang).rstrip(".")

    def notes(self, measure: Measure) -> tuple[str, ...]:
        """Return the remarks that go with a measure."""
        if self.pending(measure):
            return (term("not_in_this_version").of(self.lang),)
        return tuple(note.text.of(self.lang) for note in measure.notes)

    def marked(self, measure: Measure) -> str:
        """Return the title of a measure, marked where it is provisional."""
        title = measure.title.of(self.lang)
        return f"{title} {self.mark}" if measure.id in self.provisional else title

    @cached_property
    def mark(self) -> str:
        """The mark of a provisional figure: "(tạm tính)"."""
        return f"({term('provisional').of(self.lang)})"

    def amount(self, measure: Measure, part: Contribution) -> str:
        """Return what a feature puts in; of an unknown one what it could be."""
        amount = part.weight if part.unknown else part.amount
        return "" if amount is None else wording.amount_words(measure, amount, self.lang)

    def titles(self, ids: Sequence[str]) -> list[str]:
        """Return the titles of measures by id, each once, in order."""
        return wording.titles_of(ids, self.by_id, self.lang)
