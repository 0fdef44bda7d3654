"""Figures, verdicts and findings as lines of the report, with their footnotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ntm_gis import numbers
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import wording
from ntm_gis.outputs.numbering import numbered
from ntm_gis.outputs.report.model import BODY, ITEM, Line, Para, Span, line
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import Finding, Measure, Severity, Verdict, shown
from ntm_gis.rules.terms import say, term

DASH = "–"
_MOST_NUMBERS = 8
_SURE = (Verdict.MET, Verdict.NOT_MET)
_SCORES = ("score.met", "score.not_met")
_UNJUDGED = ("score.undetermined", "score.no_threshold")


@dataclass(frozen=True, slots=True)
class Previous:
    """The value of a measure in the last closed period; None where it had none."""

    period: str
    value: float | None


def words(key: str, lang: str, /, **params: object) -> str:
    """Return a term of the report, its values put in."""
    return say(f"report_doc.{key}", lang, **params)


class Teller:
    """Says measures, criteria and findings of one answer.

    Parameters
    ----------
    previous : mapping of str to Previous
        Measure's id -> its value in the last closed period.
    """

    def __init__(
        self, answer: Answer, layers: Layers, lang: str, previous: Mapping[str, Previous]
    ) -> None:
        self.answer, self.layers, self.lang = answer, layers, lang
        self.speech = Speech(answer, lang, layers)
        self.by_id = self.speech.by_id
        self.items: Sequence[tuple[int, Finding]] = numbered(answer.findings)
        self._previous = previous
        self._blocking = [
            (n, f) for n, f in self.items if f.severity in (Severity.STOP, Severity.BLOCK)
        ]

    def say(self, key: str, /, **params: object) -> str:
        """Return a term of the report."""
        return words(key, self.lang, **params)

    def _nothing_judged(self) -> bool:
        """Whether no criterion is known to be met or not: counts of 0 would pass for results."""
        return not any(self.by_id[name].value for name in _SCORES if name in self.by_id)

    # --- figures ----------------------------------------------------------------------------------

    def known(self, measure: Measure | None) -> bool:
        """Whether a measure says anything."""
        return measure is not None and not self.speech.absent(measure)

    def figure(self, measure: Measure | None, *, unit: bool = True) -> Line:
        """Return a figure with its mark and footnote; a dash for none.

        Parameters
        ----------
        unit : bool
            Whether the unit stands behind it; no where a column says it.
        """
        if measure is None or not self.known(measure):
            return line(DASH)
        speech = self.speech
        text = self._verdict_value(measure)
        if text is None:
            text = speech.with_unit(measure) if unit else speech.value(measure)
        elif unit and not measure.unit and measure.id in self._units:
            text = f"{text}\u00a0{self._units[measure.id]}"
        if measure.id in speech.provisional:
            text = f"{text} {speech.mark}"
        return line(text, note=self.note(measure))

    def _verdict_value(self, measure: Measure) -> str | None:
        """Return what stands for a number that is none, or has no unit to round it by."""
        value = measure.value
        if measure.unit == "verdict":
            if value in (0.0, 1.0):
                return shown.value(value, measure.unit, self.lang)
            return term("unknown").of(self.lang)
        if not measure.unit and value is not None:
            show = numbers.format_en if self.lang == "en" else numbers.format_vi
            return show(value)
        return None

    def note(self, measure: Measure) -> str:
        """Return the footnote of a figure: what is certain, and why it is provisional."""
        told = "" if measure.unit == "verdict" else self.speech.certainty(measure)
        parts = [_sentence(told)]
        if measure.id in self.speech.provisional:
            found = [n for n, f in self._blocking if _touches(f, measure.id)]
            listed = ", ".join(str(n) for n in found[:_MOST_NUMBERS])
            more = "…" if len(found) > _MOST_NUMBERS else ""
            parts.append(
                self.say("note_provisional", numbers=listed + more)
                if found
                else self.say("note_resting")
            )
        return " ".join(part for part in parts if part)

    def item(self, measure: Measure) -> Para:
        """Return a measure as an item: title, figure, the last period's beside it."""
        title = measure.title.of(self.lang).replace(": ", " – ")
        spans = [Span(f"{title}: "), *self.figure(measure)]
        before = self.previous(measure)
        if before:
            spans.append(Span(f" ({before})"))
        return Para((*spans, Span(".")), ITEM)

    def previous(self, measure: Measure) -> str:
        """Return "kỳ 2025-Q3: 52,1 %"; empty where no period is closed."""
        found = self._previous.get(measure.id)
        if found is None:
            return ""
        value = shown.value(found.value, measure.unit, self.lang, with_unit=True)
        return self.say("previous", period=found.period, value=value)

    def listed(self, names: Sequence[str]) -> list[Para]:
        """Return as items the measures of which something is known, in the order of names.

        A name that ends in "." takes all that begin with it.
        """
        out: list[Para] = []
        if set(_SCORES) <= set(names) and self._nothing_judged():
            left = sum(self.by_id[name].value or 0.0 for name in _UNJUDGED if name in self.by_id)
            return [self.text(self.say("scores_none", n=round(left)))] if left else []
        for name in names:
            if name.endswith("."):
                found = [self.by_id[key] for key in sorted(self.by_id) if key.startswith(name)]
            else:
                found = [self.by_id[name]] if name in self.by_id else []
            out += [self.item(measure) for measure in found if self.known(measure)]
        return out

    @cached_property
    def _units(self) -> dict[str, str]:
        """Units that targets give to figures which came without one: "điểm %"."""
        frame = self.answer.frames.get("target_progress")
        if frame is None or not {"measure", "unit"} <= set(frame.columns):
            return {}
        pairs = zip(frame["measure"], frame["unit"], strict=True)
        return {
            name: unit for name, unit in pairs if isinstance(name, str) and isinstance(unit, str)
        }

    # --- criteria ---------------------------------------------------------------------------------

    def is_judged(self, measure: Measure, lines: Sequence[Measure]) -> bool:
        """Whether a criterion rests on anything: it is judged, or an indicator has a figure."""
        sure = (m.judged is not None and m.judged.verdict in _SURE for m in (measure, *lines))
        return any(sure) or any(self.known(one) for one in lines)

    def verdict(self, measure: Measure) -> str:
        """Return a verdict, "(tham khảo)" behind it where its thresholds are not proven."""
        if measure.judged is None:
            return DASH
        text = term(f"verdict.{measure.judged.verdict}").of(self.lang)
        if measure.judged.verdict in _SURE and not measure.judged.official:
            return f"{text} ({self.say('for_reference')})"
        return text

    def limit(self, measure: Measure) -> str:
        """Return what a measure is held against: "≥ 70 %"; a dash where there is none."""
        found = None if measure.judged is None else measure.judged.threshold
        if found is None:
            return DASH
        signs = (("≥", found.at_least), ("≤", found.at_most), ("=", found.equals))
        for sign, number in signs:
            if number is not None and measure.unit == "verdict":
                return term("verdict.met").of(self.lang)
            if number is not None:
                show = numbers.format_en if self.lang == "en" else numbers.format_vi
                return f"{sign}\u00a0{show(number, shown.unit_name(measure.unit, self.lang))}"
        return DASH

    def criterion(self, measure: Measure, lines: Sequence[Measure]) -> list[Para]:
        """Return a criterion with its verdict, and its indicators that are not met."""
        text = self.say(
            "criterion", code=measure.id.rpartition(".")[2],
            title=wording.after_colon(measure.title.of(self.lang)),
            verdict=_small(self.verdict(measure)),
        )  # fmt: skip
        text = "; ".join(part for part in (text, self._indicators(lines)) if part)
        mark = self.speech.mark if measure.id in self.speech.provisional else ""
        head = Para((Span(text), Span(f" {mark}", note=self.note(measure)), Span(".")))
        if not mark:
            head = Para((Span(f"{text}."),))
        out = [head]
        for one in lines:
            judged = one.judged
            if judged is None or judged.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE):
                continue
            limit = self.limit(one)
            behind = f"; {_small(self.verdict(one))}"
            if limit != DASH:
                behind = f"; {self.say('limit', limit=_small(limit))}{behind}"
            title = Span(f"{one.title.of(self.lang)}: ")
            value = self.figure(one) if self.known(one) else line(self.say("not_given"))
            out.append(Para((title, *value, Span(f"{behind}.")), ITEM))
        return out

    def _indicators(self, lines: Sequence[Measure]) -> str:
        """Say how many indicators are met, and how many could not be judged."""
        verdicts = [one.judged.verdict for one in lines if one.judged is not None]
        asked = len(lines) - verdicts.count(Verdict.NOT_APPLICABLE)
        met, judged = verdicts.count(Verdict.MET), sum(v in _SURE for v in verdicts)
        if not asked:
            return ""
        if not judged:
            return self.say("indicators_none", n=asked)
        told = self.say("indicators_met", met=met, n=asked)
        left = self.say("indicators_open", open=asked - judged) if asked > judged else ""
        return ", ".join(part for part in (told, left) if part)

    def text(self, said: str, kind: str = BODY, *, italic: bool = False) -> Para:
        """Return a paragraph of plain text."""
        return Para(line(said, italic=italic), kind)


def _touches(finding: Finding, name: str) -> bool:
    return any(
        name == one or (one.endswith("*") and name.startswith(one[:-1])) for one in finding.affects
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
