"""What the scorecard shows, as plain values in words of one language."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.footing import foot
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.numbering import numbered
from ntm_gis.outputs.scorecard import beside, lists
from ntm_gis.outputs.scorecard.cards import WHOLE_SET, Cards
from ntm_gis.outputs.scorecard.model import Page
from ntm_gis.outputs.scorecard.said import day, words
from ntm_gis.outputs.scorecard.strip import strip
from ntm_gis.results import Finding, Measure
from ntm_gis.rules.criteria import criteria_set

_OF_SET = (WHOLE_SET, "CRITERIA_SET_NOT_IN_FORCE", "CRITERIA_REGION_MISSING",
           "CRITERIA_GROUP_MISSING")  # fmt: skip


def build(
    answer: Answer,
    layers: Layers,
    lang: str,
    *,
    maps_made: Collection[str] = (),
    record_head: str | None = None,
) -> Page:
    """Return what the page shows."""
    who = layers.commune.commune
    items = numbered(answer.findings)
    cards = Cards(answer, layers, items, maps_made, lang)
    criteria = cards.criteria()
    by_id = {m.id: m for m in answer.measures}
    met = by_id.get("score.met")
    name = text_for_html(who.name)
    return Page(
        lang=lang, name=name, title=words("title", lang, name=name),
        about=words("about", lang), as_of=day(who.as_of),
        set_title=text_for_html(criteria_set(str(who.criteria_set)).title.of(lang)),
        sample=who.sample, strip=strip(answer, layers, lang),
        remarks=_remarks(answer.findings, met, lang), criteria=criteria,
        todos=lists.todos(answer, lang),
        law_todo=lists.law_todo(criteria, lang), ground=cards.ground,
        worksheet=beside.worksheet(answer, maps_made, lang),
        former=beside.former(answer, layers, criteria, lang),
        sets=beside.sets(answer, who.criteria_set, lang),
        conflicts=lists.conflicts(answer.findings, criteria, cards.evidence, lang),
        targets=lists.targets(answer, lang), foot=foot(layers.commune, lang, record_head),
    )  # fmt: skip


def _remarks(findings: Sequence[Finding], met: Measure | None, lang: str) -> tuple[str, ...]:
    notes = () if met is None else tuple(note.text.of(lang) for note in met.notes)
    return (*notes, *(f.message.of(lang) for f in findings if f.code in _OF_SET))
