"""What the review record shows, as plain values in words of one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ntm_gis import crs
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.footing import foot
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.planreview import annexes, sketch
from ntm_gis.outputs.planreview.annexes import Table
from ntm_gis.outputs.planreview.model import OfRule, Pin
from ntm_gis.outputs.planreview.reading import Reading
from ntm_gis.outputs.planreview.said import (
    DASH,
    code_title,
    coordinates,
    day,
    decided,
    hectares,
    laws,
    number,
    tolerance,
    words,
)
from ntm_gis.outputs.planreview.sketch import Pair
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import Words
from ntm_gis.rules.terms import term

_DIGEST = 12
MAIN = (
    "plan.covered_share", "plan.gap_ha", "plan.outside_ha", "plan.overlap_ha",
    "plan.conflict_ha", "plan.hazard_ha",
)  # fmt: skip
"""The figures of land-use plans; those of other kinds of plan are in the annex."""


@dataclass(frozen=True, slots=True)
class Line:
    """One finding as the record prints it."""

    id: str
    state: str
    severity: str
    says: str
    proposal: str
    x: str
    y: str
    ground_ha: str
    grid_ha: str
    decision: str
    is_open: bool
    located: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its findings; `proposal` where all of them have the same."""

    id: str
    title: str
    says: str
    law: str
    advisory: bool
    facts: str
    proposal: str
    lines: tuple[Line, ...]
    has_ha: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the record."""

    lang: str
    name: str
    title: str
    as_of: str
    about: str
    sample: bool
    plans: Table
    rules_used: str
    differences: Table
    counts: str
    clean: str
    measures: Table
    rules: tuple[Rule, ...]
    pair: Pair | None
    scale: str
    left: str
    annexes: tuple[Table, ...]
    has_map: bool
    files: str
    foot: tuple[str, ...]


def build(
    answer: Answer,
    layers: Layers,
    lang: str,
    *,
    has_map: bool,
    files: Sequence[str] = (),
    record_head: str | None = None,
) -> Page:
    """Return what the record shows."""
    read, speech = Reading(answer, layers, lang), Speech(answer, lang, layers)
    who = layers.commune.commune
    pair = sketch.pair(layers, read.pins, title=words("zone_word", lang))
    all_annexes = annexes.annexes(read, speech)
    zone = crs.zone(who.crs)
    return Page(
        lang=lang, name=text_for_html(who.name),
        title=text_for_html(words("title", lang, name=who.name)),
        as_of=day(who.as_of), about=words("about", lang, on=who.as_of), sample=who.sample,
        plans=_plans(read), rules_used=_used(read), differences=_differences(read),
        counts=_counts(read), clean=_clean(read),
        measures=annexes.measures(answer, speech, MAIN, ""),
        rules=tuple(_rule(of, lang) for of in read.by_rule),
        pair=pair,
        scale="" if pair is None else words(
            "map_scale", lang, scale=number(pair.per_mm, 0, lang),
            meridian=zone.meridian_plain.replace("'", "’"),
        ),
        left=_left(pair, lang),
        annexes=all_annexes, has_map=has_map,
        files=words("other_files", lang, files=", ".join(files)) if files else "",
        foot=foot(layers.commune, lang, record_head),
    )  # fmt: skip


def _left(pair: Pair | None, lang: str) -> str:
    """Say what is not on the two maps."""
    if pair is None:
        return ""
    parts = [
        words(key, lang, n=n)
        for key, n in (("map_left", pair.unpinned), ("map_undrawn", pair.undrawn))
        if n
    ]
    return " ".join(parts)


def _plans(read: Reading) -> Table:
    lang = read.lang
    names = {p.id: p.name for p in read.layers.commune.predecessors}
    heads = ("plan", "kind", "former", "decision_no", "approved_on", "valid_to", "scale",
             "code_list", "area", "people_of")  # fmt: skip
    rows = tuple(
        (
            plan.id, code_title("plan_kind", plan.kind, lang),
            text_for_html(names.get(plan.former or "", plan.former or DASH)),
            plan.decision_no or words("not_said", lang), _or_blank(day(plan.approved_on), lang),
            _or_blank(day(plan.valid_to), lang), plan.scale or DASH,
            code_title("code_list", plan.code_list, lang),
            number(plan.area_ha, 2, lang), number(plan.population, 0, lang),
        )
        for plan in read.plans
    )  # fmt: skip
    note = "" if rows else words("no_plans", lang)
    return Table("", tuple(words(key, lang) for key in heads), rows, frozenset({8, 9}), note)


def _or_blank(said: str, lang: str) -> str:
    return words("not_said", lang) if said == DASH else said


def _used(read: Reading) -> str:
    rules = read.rules
    return words("rules_used", read.lang, title=rules.title, version=rules.version,
                 n=len(rules.rules), digest=rules.digest[:_DIGEST])  # fmt: skip


def _differences(read: Reading) -> Table:
    lang = read.lang
    heads = tuple(words(key, lang) for key in ("rule", "key", "before", "after", "why"))
    rows = tuple(
        (d.rule, d.key, _value(d.before, lang), _value(d.after, lang), d.why.of(lang))
        for d in read.rules.differences
    )
    if read.rules.id == "national":
        return Table("", heads, ())
    note = words("rules_differ" if rows else "rules_same", lang)
    return Table("", heads, rows, note=note)


def _value(value: object, lang: str) -> str:
    """Return a value of a card as it is printed."""
    if value is None:
        return DASH
    if isinstance(value, Words):
        return value.of(lang)
    if isinstance(value, bool):
        return term("yes" if value else "no").of(lang)
    if isinstance(value, int | float):
        return number(float(value), 0 if float(value).is_integer() else 2, lang)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_value(part, lang)}" for key, part in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(_value(part, lang) for part in value)
    return term(f"severity.{value}").of(lang) if value in _WEIGHTS else str(value)


_WEIGHTS = frozenset({"block", "warning", "note"})


def _counts(read: Reading) -> str:
    pins, lang = read.pins, read.lang
    if not pins:
        return words("nothing", lang)
    weight = Counter(pin.severity for pin in pins)
    waived = sum(pin.state == "waived" for pin in pins)
    is_open = sum(pin.is_open for pin in pins)
    return words(
        "counts", lang, n=len(pins), block=weight["block"] + weight["stop"],
        warning=weight["warning"], note=weight["note"],
        decided=len(pins) - waived - is_open, waived=waived, open=is_open,
    )  # fmt: skip


def _clean(read: Reading) -> str:
    found = {of.rule.id for of in read.by_rule}
    clean = [rule.id for rule in read.rules.rules if rule.id not in found]
    return words("clean", read.lang, rules=", ".join(clean)) if clean and read.plans else ""


def _rule(of: OfRule, lang: str) -> Rule:
    rule = of.rule
    proposals = {pin.proposal for pin in of.pins}
    shared = proposals.pop() if len(proposals) == 1 else ""
    waived_by = rule.waived_by.words.of(lang) if rule.waived_by else words("nobody", lang)
    facts = [f"{words('waived_by', lang)}: {waived_by}"]
    if rule.tolerance:
        facts.insert(0, f"{words('tolerance', lang)}: {tolerance(rule, lang)}")
    return Rule(
        rule.id, rule.title.words.of(lang), rule.says.words.of(lang), laws(rule, lang),
        rule.is_advisory, " · ".join(facts), shared,
        tuple(_line(pin, lang, shared=bool(shared)) for pin in of.pins),
        any(pin.ground_ha is not None for pin in of.pins),
    )  # fmt: skip


def _line(pin: Pin, lang: str, *, shared: bool) -> Line:
    at = coordinates(pin, lang)
    return Line(
        id=pin.id, state=pin.state, severity=pin.severity, says=pin.says,
        proposal="" if shared else pin.proposal,
        x=DASH if at is None else at[0], y="" if at is None else at[1],
        ground_ha=hectares(pin.ground_ha, lang), grid_ha=hectares(pin.grid_ha, lang),
        decision=words("to_decide", lang) if pin.is_open else decided(pin, lang),
        is_open=pin.is_open, located=at is not None,
    )  # fmt: skip
