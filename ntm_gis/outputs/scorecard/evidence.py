"""Behind one indicator: the features that went in by state, the rows of figures, the small map."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ntm_gis.layers.values import FILE, ROW, TABLE, Layers
from ntm_gis.outputs import rows, wording
from ntm_gis.outputs.features import Feature, Features, feature_link, maps_of
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.scorecard.model import STATES, Drawn, Group, Row, Thing
from ntm_gis.outputs.scorecard.said import DASH, day, plain, words
from ntm_gis.outputs.scorecard.sketch import Sketcher
from ntm_gis.results import Contribution, Measure
from ntm_gis.rules.schema import code_list
from ntm_gis.rules.terms import term

FIGURES = "figures"
MOST_THINGS = 80
"""Features of one state that the page lists; all are in commune.gpkg."""

_UNITS = {"roads": "km", "farmland": "ha"}
"""Layers whose features put in amounts that say something, and their unit."""
_WHOLE = 1e-9


def state_of(part: Contribution) -> str:
    """Return how a feature stands: of what it weighs all, some or nothing counts.

    Examples
    --------
    >>> [state_of(Contribution("roads", "D1", a, u, 2.0)) for a, u in
    ...  ((2.0, False), (0.5, False), (0.0, False), (0.0, True))]
    ['met', 'part', 'not', 'unknown']
    """
    if part.unknown:
        return "unknown"
    if part.amount <= 0:
        return "not"
    whole = part.weight is None or part.amount >= part.weight * (1 - _WHOLE)
    return "met" if whole else "part"


class Evidence:
    """Finds what stands behind indicators.

    Parameters
    ----------
    layers : Layers
    maps_made : collection of str
        Maps that links may lead to.
    lang : str
    """

    def __init__(self, layers: Layers, maps_made: Collection[str], lang: str) -> None:
        self._lang = lang
        self._maps = maps_made
        self._features = Features(layers)
        self._figures = _figures(layers)
        self._villages = _village_names(layers)

    def groups(self, measure: Measure) -> tuple[Group, ...]:
        """Return the features of a measure by state, those to look at first."""
        by_state: dict[str, list[Contribution]] = {}
        for part in measure.evidence.features:
            if part.layer != FIGURES:
                by_state.setdefault(state_of(part), []).append(part)
        out = []
        for state in STATES:
            parts = sorted(by_state.get(state, ()), key=lambda p: (p.layer, p.id))
            if not parts:
                continue
            things = tuple(self._thing(part) for part in parts[:MOST_THINGS])
            title = words(f"state_{state}", self._lang, n=len(parts))
            out.append(Group(state, title, things, max(len(parts) - MOST_THINGS, 0)))
        return tuple(out)

    def _thing(self, part: Contribution) -> Thing:
        feature = self._features.find(part.layer, part.id)
        return Thing(
            text_for_html(feature.label(self._lang)), feature_link(feature, self._maps),
            self._amount(part), wording.place_words(feature.file, None, feature.row, self._lang),
        )  # fmt: skip

    def _amount(self, part: Contribution) -> str:
        unit = _UNITS.get(part.layer)
        if unit is None:
            return ""
        weight = part.amount if part.weight is None else part.weight
        whole = f"{plain(round(weight, 2), self._lang)}\u00a0{unit}"
        if state_of(part) != "part":
            return whole
        return words("amount_of", self._lang, part=plain(round(part.amount, 2), self._lang),
                     whole=whole)  # fmt: skip

    def fraction_unit(self, measure: Measure) -> str:
        """Return what numerator and denominator of a share count."""
        layers = {part.layer for part in measure.evidence.features}
        if len(layers) != 1:
            return ""
        layer = layers.pop()
        found = {"villages": "unit_villages", "schools": "unit_schools"}.get(layer)
        return words(found, self._lang) if found else _UNITS.get(layer, "")

    def drawn(self, measure: Measure, sketcher: Sketcher) -> Drawn | None:
        """Return the small map of a measure."""
        parts = [part for part in measure.evidence.features if part.layer != FIGURES]
        if not parts:
            return None
        seen = [self._seen(part) for part in parts]
        name = next((m for m in maps_of(parts[0].layer) if m in self._maps), None)
        href = f"maps/{name}.html#layer={parts[0].layer}" if name else None
        title = wording.after_colon(measure.title.of(self._lang))
        return sketcher.drawn(seen, words("map_label", self._lang, title=title), href)

    def _seen(self, part: Contribution) -> tuple[str, str, str, str, str | None]:
        feature: Feature = self._features.find(part.layer, part.id)
        state = state_of(part)
        title = f"{text_for_html(feature.label(self._lang))}: {words(f'is_{state}', self._lang)}"
        return part.layer, part.id, state, title, feature_link(feature, self._maps)

    # --- figures ----------------------------------------------------------------------------------

    def rows(self, measure: Measure, code: str) -> tuple[Row, ...]:
        """Return the rows of figures that a measure rests on."""
        wanted = {part.id for part in measure.evidence.features if part.layer == FIGURES}
        files = set(measure.evidence.inputs)
        of_code = self._figures.get(code, ())
        return self.told(r for r in of_code if r["id"] in wanted and r[FILE] in files)

    def of_code(self, code: str) -> list[Mapping[str, Any]]:
        """Return all used rows of an indicator of the commune itself, the latest first."""
        found = [r for r in self._figures.get(code, ()) if r["village_id"] is None]
        return sorted(found, key=lambda r: (str(r["as_of"] or ""), r["@at"]), reverse=True)

    def told(self, found: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
        """Return rows as they are shown."""
        return tuple(self._row(row) for row in found)

    def _row(self, row: Mapping[str, Any]) -> Row:
        lang = self._lang
        who = self._villages.get(row["village_id"] or "", row["village_id"] or "")
        sex = row["sex"] if row["sex"] in ("male", "female") else None
        if sex is not None:
            who = code_list("sex")[sex].title.words.of(lang)
        value = plain(row["value"], lang) if row["value"] is not None else ""
        if not value and row["passed"] is not None:
            value = term(f"verdict.{'met' if row['passed'] else 'not_met'}").of(lang)
        fraction = ""
        if row["numerator"] is not None and row["denominator"] is not None:
            fraction = f"{plain(row['numerator'], lang)} / {plain(row['denominator'], lang)}"
        by = {"self": "by_self", "appraised": "by_appraised"}.get(row["assessed_by"] or "")
        return Row(
            who or words("whole_commune", lang), value or DASH, fraction or DASH,
            day(row["as_of"]), text_for_html(row["document"] or "") or words("no_document", lang),
            words(by, lang) if by else DASH,
            wording.place_words(row[FILE], row[TABLE], row[ROW], lang),
        )  # fmt: skip


_COLUMNS = (
    "indicator", "village_id", "sex", "value", "numerator", "denominator", "passed", "as_of",
    "document", "assessed_by", FILE, TABLE, ROW,
)  # fmt: skip


def _figures(layers: Layers) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return used rows of figures by indicator; codes may bear the name of their set."""
    layer = layers.by_name.get(FIGURES)
    if layer is None:
        return {}
    columns = [rows.plain(layer.used[name]) for name in _COLUMNS]
    keys = layer.places.ids
    out: dict[str, list[Mapping[str, Any]]] = {}
    for at, (key, *values) in enumerate(zip(keys, *columns, strict=True)):
        row = dict(zip(_COLUMNS, values, strict=True)) | {"id": key, "@at": at}
        out.setdefault(str(row["indicator"] or "").rpartition(":")[2], []).append(row)
    return out


def _village_names(layers: Layers) -> Mapping[str, str]:
    layer = layers.by_name.get("villages")
    if layer is None:
        return {}
    pairs = zip(layer.places.ids, rows.plain(layer.used["name"]), strict=True)
    return {str(key): text_for_html(str(name)) for key, name in pairs if name is not None}
