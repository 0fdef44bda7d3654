"""What would decide an indicator that is undetermined: what to survey, which figure to bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ntm_gis.analyses.criteria.measures import Card, plan_words
from ntm_gis.results import LANGUAGES, Finding, Verdict, Words, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.analyses.criteria.survey import Plan
    from ntm_gis.rules.criteria_model import Indicator

_SEXES = {"male": Words("nam", "men"), "female": Words("nữ", "women")}


def what_decides(card: Card, line: Indicator, plans: Sequence[Plan]) -> Finding | None:
    """Return what would decide an indicator; None where its verdict is certain.

    Parameters
    ----------
    plans : sequence of Plan
        The smallest sets to survey, as `criteria_measures.plans_of` gives them.
    """
    if card.score.indicators[line.code].verdict != Verdict.UNDETERMINED:
        return None
    code, params = _way(card, line, plans)
    return Finding.of(
        code, feature=line.code, indicator=line.code, title=line.title.words, **params
    ).affecting(card.affected(line.code))


def _way(card: Card, line: Indicator, plans: Sequence[Plan]) -> tuple[str, dict[str, Any]]:
    known = card.known[line.code]
    if plans:
        ways = tuple(plan_words(card, plan) for plan in plans[1:])
        joined = Words(*("; ".join(way.of(lang) for way in ways) for lang in LANGUAGES))
        others = sentence("CRITERIA_OTHER_WAYS", {"ways": joined}) if ways else Words("", "")
        code = "CRITERIA_SURVEY" if plans[0].sure else "CRITERIA_SURVEY_ALL"
        return code, {"what": plan_words(card, plans[0]), "others": others}
    if line.parts:
        open_ones = tuple(
            card.found.indicators[c].title.words
            for c in line.parts
            if card.score.indicators[c].verdict == Verdict.UNDETERMINED
        )
        return "CRITERIA_PARTS_OPEN", {"parts": open_ones}
    if known.figure is not None and known.figure.conflict:
        return "CRITERIA_SETTLE", {"documents": known.figure.documents}
    lacking = () if known.figure is None or not known.figure.rows else known.figure.open
    if lacking:
        return "CRITERIA_FIGURE_SEX", {"sexes": tuple(_SEXES[sex] for sex in lacking)}
    if known.figure is not None and known.figure.amount.assessed is not None:
        return "CRITERIA_FIGURE_NUMBER", {"documents": known.figure.documents or ("–",)}
    return "CRITERIA_FIGURE_MISSING", {}
