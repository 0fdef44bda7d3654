"""What the page of priorities and money shows, as plain values in words of one language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ntm_gis import numbers
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.features import Feature, Features, feature_link
from ntm_gis.outputs.footing import foot
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.priorities import chart, funds, model
from ntm_gis.outputs.priorities.chart import Chart
from ntm_gis.outputs.priorities.funds import Note, Sheet
from ntm_gis.outputs.priorities.model import Choice, Lack, Priorities, Ranked, Step
from ntm_gis.outputs.priorities.said import (
    DASH,
    Piece,
    kinds,
    million,
    number,
    pieces,
    proof,
    words,
)


@dataclass(frozen=True, slots=True)
class Card:
    """One proposed work as the page prints it."""

    id: str
    code: str
    rank: int
    name: str
    chosen: bool
    million: str
    fund: str
    households: str
    indicator: str
    criteria: str
    reasons: tuple[tuple[Piece, ...], ...]
    place: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Key:
    """One of the figures at the top."""

    value: str
    unit: str
    what: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page."""

    lang: str
    name: str
    as_of: str
    sample: bool
    reference: str
    verdict: str
    of_kinds: tuple[Piece, ...]
    proof: str
    proven: bool
    keys: tuple[Key, ...]
    chosen: tuple[Card, ...]
    left_out: tuple[Card, ...]
    chart: Chart | None
    steps: Sheet
    more: tuple[tuple[Piece, ...], ...]
    bounds: Sheet
    lacking: tuple[tuple[str, str, str, tuple[tuple[Piece, ...], ...]], ...]
    notes: tuple[Note, ...]
    sheets: tuple[Sheet, ...]
    foot: tuple[str, ...]


def build(
    answer: Answer,
    layers: Layers,
    lang: str,
    *,
    maps_made: Collection[str] = (),
    record_head: str | None = None,
) -> Page:
    """Return what the page shows."""
    found = model.read(answer, lang)
    who = layers.commune.commune
    known = [one.id for one in found.ranked]
    cards = _cards(answer, layers, found, maps_made, lang)
    chosen = found.choices.get("chosen")
    return Page(
        lang=lang, name=text_for_html(who.name), as_of=numbers.format_date_vi(who.as_of),
        sample=who.sample,
        reference=""
        if chosen is None or chosen.official
        else words("reference", lang),
        verdict=verdict(found, lang),
        of_kinds=pieces(kinds(found.chosen, model.places(layers), lang), known),
        proof="" if chosen is None else proof(proven=chosen.proven, lang=lang),
        proven=chosen is not None and chosen.proven,
        keys=_keys(found, lang),
        chosen=tuple(card for card in cards if card.chosen),
        left_out=tuple(card for card in cards if not card.chosen),
        chart=chart.chart(found, lang), steps=_steps(found, lang),
        more=tuple(pieces(line, known) for line in more(found, lang)),
        bounds=_bounds(found, lang),
        lacking=tuple(_lack(one, known, lang) for one in found.lacking_together),
        notes=funds.notes(answer, lang), sheets=funds.sheets(answer, layers, lang),
        foot=foot(layers.commune, lang, record_head),
    )  # fmt: skip


def verdict(found: Priorities, lang: str) -> str:
    """Return the answer in one sentence; what is missing where there is none."""
    now, chosen = found.choices.get("now"), found.choices.get("chosen")
    if now is None or chosen is None:
        return words("no_choice", lang)
    if not found.chosen:
        return _nothing(found, chosen, lang)
    key = "verdict_more" if chosen.criteria > now.criteria else "verdict_same"
    return words(
        key, lang, budget=million(chosen.budget, lang), before=now.criteria,
        criteria=chosen.criteria, households=chosen.households, works=len(found.chosen),
        million=million(chosen.million, lang),
    )  # fmt: skip


def _nothing(found: Priorities, chosen: Choice, lang: str) -> str:
    """Say that no work can be had, and what the cheapest takes."""
    least = min(found.ranked, key=lambda one: (one.million, one.id))
    return words(
        "nothing", lang, budget=million(chosen.budget, lang), work=least.named,
        million=million(least.million, lang),
    )  # fmt: skip


def more(found: Priorities, lang: str) -> tuple[str, ...]:
    """Say what so much more money would buy."""
    chosen, more_ = found.choices.get("chosen"), found.choices.get("more")
    if chosen is None or more_ is None:
        return ()
    extra = million(more_.budget - chosen.budget, lang)
    if not more_.added and not more_.dropped:
        return (words("more_nothing", lang, extra=extra),)
    lines = [
        words("more", lang, extra=extra, before=chosen.criteria, criteria=more_.criteria,
              now=chosen.households, households=more_.households,
              million=million(more_.million, lang)),
    ]  # fmt: skip
    if more_.added:
        lines.append(words("more_added", lang, works=found.called(more_.added)))
    if more_.dropped:
        key = "more_dropped" if more_.criteria > chosen.criteria else "more_dropped_same"
        lines.append(words(key, lang, works=found.called(more_.dropped)))
    if not more_.proven:
        lines.append(proof(proven=False, lang=lang))
    return tuple(lines)


def _keys(found: Priorities, lang: str) -> tuple[Key, ...]:
    now, chosen = found.choices.get("now"), found.choices.get("chosen")
    if now is None or chosen is None:
        return ()
    return (
        Key(words("from_to", lang, before=now.criteria, after=chosen.criteria),
            words("criteria", lang), words("key_met", lang)),
        Key(number(chosen.households, lang), words("household_unit", lang),
            words("key_households", lang)),
        Key(number(chosen.million, lang, 3), words("million_unit", lang),
            words("key_cost", lang, budget=number(chosen.budget, lang, 3))),
    )  # fmt: skip


def _cards(
    answer: Answer, layers: Layers, found: Priorities, maps_made: Collection[str], lang: str
) -> list[Card]:
    features, on, named = Features(layers), model.places(layers), model.fund_names(answer)
    return [
        _card(
            one, on, features, named, [o.id for o in found.ranked if o is not one], maps_made, lang
        )
        for one in found.ranked
    ]


def _card(
    one: Ranked,
    on: dict[str, tuple[str, str]],
    features: Features,
    named: dict[str, str],
    others: list[str],
    maps_made: Collection[str],
    lang: str,
) -> Card:
    layer, key = on.get(one.id, ("", ""))
    feature = features.find(layer, key) if layer and key else None
    return Card(
        id=one.id, code=one.code, rank=one.rank, name=one.name, chosen=one.chosen,
        million=million(one.million, lang),
        fund=_fund(one.fund, named, lang),
        households=words("unknown_households", lang)
        if one.households is None
        else words("households", lang, n=one.households),
        indicator=one.indicator or DASH,
        criteria=words("needed_for", lang, criteria=", ".join(one.criteria))
        if one.criteria
        else "",
        reasons=tuple(pieces(line, others) for line in one.reasons), place=_place(feature, lang),
        href=None if feature is None else feature_link(feature, maps_made),
    )  # fmt: skip


def _fund(fund: str | None, named: dict[str, str], lang: str) -> str:
    """Return a fund as a card names it; one that the list of funds lacks is said to be so."""
    if fund is None or not named:
        return fund or DASH
    return f"{fund} · {named.get(fund) or words('fund_unlisted', lang)}"


def _place(feature: Feature | None, lang: str) -> str:
    return words("no_place", lang) if feature is None else feature.label(lang)


def _steps(found: Priorities, lang: str) -> Sheet:
    rows = [_step(found, one, "with_funds", lang) for one in found.frontier]
    same = {(one.criteria, one.million) for one in found.frontier}
    rows += [
        _step(found, one, "without_funds", lang)
        for one in found.free
        if (one.criteria, one.million) not in same
    ]
    heads = tuple(
        words(key, lang) for key in ("met", "least_budget", "rule", "with_works", "proof")
    )
    return Sheet("buoc", words("steps", lang), heads, tuple(rows), frozenset({1}))


def _step(found: Priorities, one: Step, rule: str, lang: str) -> tuple[str, ...]:
    return (
        words("met_n", lang, n=one.criteria), number(one.million, lang, 3), words(rule, lang),
        found.called(one.works) or words("no_work", lang),
        words("is_proven" if one.proven else "is_not_proven", lang),
    )  # fmt: skip


def _bounds(found: Priorities, lang: str) -> Sheet:
    rows = tuple(
        (
            words("budget_row", lang) if one.kind == "budget" else f"{one.code} · {one.name}",
            number(one.left, lang, 3), number(one.spent, lang, 3),
            number(one.left - one.spent, lang, 3), found.called(one.works) or DASH,
        )
        for one in found.bounds
    )  # fmt: skip
    heads = tuple(words(key, lang) for key in ("fund", "left", "taken", "rest", "with_works"))
    return Sheet("nguon", words("fund_rules", lang), heads, rows, frozenset({1, 2, 3}),
                 words("fund_rules_note", lang))  # fmt: skip


def _lack(
    one: Lack, known: list[str], lang: str
) -> tuple[str, str, str, tuple[tuple[Piece, ...], ...]]:
    least = (
        words("no_works_do", lang)
        if one.least is None
        else words("least", lang, million=million(one.least, lang))
    )
    return one.criterion, one.title, least, tuple(pieces(line, known) for line in one.reasons)
