"""From the feature a measure names down to its row: name, file, table, number of the row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from ntm_gis.layers.values import FILE, ROW, STATE, TABLE, USED, Layer, Layers
from ntm_gis.outputs import rows, wording
from ntm_gis.results import Contribution, Measure
from ntm_gis.results.words import is_made_key
from ntm_gis.rules import maps
from ntm_gis.rules.terms import say

OVERVIEW = "overview"


@dataclass(frozen=True, slots=True)
class Feature:
    """One row that a measure rests on, as a person finds it again."""

    layer: str
    id: str
    name: str | None = None
    file: str | None = None
    table: str | None = None
    row: int | None = None
    placed: bool = False
    """It has a place on the map."""
    made: bool = False
    """Its id was made here, of what the row says: no office knows it."""

    def label(self, lang: str) -> str:
        """Return what a person calls the feature: id and name, or the name alone.

        Examples
        --------
        >>> Feature("roads", "D70", "Hô Tra").label("vi"), Feature("roads", "D70").label("vi")
        ('D70 · Hô Tra', 'D70')
        """
        if not self.made:
            # Ids made of a name and its place hold the name already.
            more = self.name if self.name and self.name not in self.id else ""
            return f"{self.id} · {more}" if more else self.id
        if self.name:
            return self.name
        title = wording.layer_title(self.layer, lang)
        row = "" if self.row is None else say("file_row", lang, row=str(self.row))
        return f"{title}, {row}" if row else title


class Features:
    """Every keyed row of a commune by layer and id; where ids meet, the row that counts."""

    def __init__(self, layers: Layers) -> None:
        self._layers = layers
        self._by_layer: dict[str, Mapping[str, Feature]] = {}

    def find(self, layer: str, feature_id: str) -> Feature:
        """Return what is known of a feature; only its id where no row bears it."""
        if layer not in self._by_layer:
            self._by_layer[layer] = self._index(layer)
        return self._by_layer[layer].get(feature_id, Feature(layer, feature_id))

    def _index(self, name: str) -> Mapping[str, Feature]:
        layer = self._layers.by_name.get(name)
        if layer is None:
            return {}
        if layer.schema.key is None:
            return _by_row(layer)
        if layer.schema.key not in layer.frame:
            return {}
        frame = layer.frame
        names = frame["name"] if "name" in layer.schema.names else [None] * len(frame)
        found = zip(
            rows.plain(frame[layer.schema.key]), rows.plain(names), rows.plain(frame[FILE]),
            rows.plain(frame[TABLE]), rows.plain(frame[ROW]), frame.geometry.notna(),
            frame[STATE] == USED,
            strict=True,
        )  # fmt: skip
        out: dict[str, Feature] = {}
        counted: set[str] = set()
        for key, label, file, table, row, placed, used in found:
            if key is None or str(key) in counted:
                continue
            if used:
                counted.add(str(key))
            elif str(key) in out:
                continue
            out[str(key)] = Feature(
                name, str(key), _text(label), _text(file), _text(table), _row(row), bool(placed),
                is_made_key(str(key)),
            )  # fmt: skip
        return out


def _by_row(layer: Layer) -> Mapping[str, Feature]:
    """Return the used rows of a layer without a key: they are known by their place in a file."""
    where = layer.places
    return {
        key: Feature(layer.name, key, None, file, table, row, shape is not None, made=True)
        for key, file, table, row, shape in zip(
            where.ids, where.files, where.tables, where.rows, where.shapes, strict=True
        )
    }


def _text(value: rows.Value) -> str | None:
    return None if value is None else str(value)


def _row(value: rows.Value) -> int | None:
    return int(value) if isinstance(value, int | float) else None


def ordered(measure: Measure) -> list[Contribution]:
    """Return the contributions of a measure: unknown ones first, then the largest.

    Those are the ones to look at: what is unknown can still be found out.
    """
    return sorted(
        measure.evidence.features,
        key=lambda c: (not c.unknown, -abs(c.amount), c.layer, c.id),
    )


@lru_cache(maxsize=1)
def _maps_by_layer() -> Mapping[str, tuple[str, ...]]:
    """Layer or frame -> the maps that show it: where it stands first, the overview last."""
    styles = maps.styles().styles
    best: dict[str, dict[str, tuple[bool, int, int]]] = {}
    for order, name in enumerate(maps.names()):
        for place, group in enumerate(maps.definition(name).groups):
            rank = (name == OVERVIEW, place, order)
            for layer in group.layers:
                style = styles[layer.style]
                # What is only looked at has no ids on its map: no link would find it.
                for key in (style.schema_name, style.frame) if style.listed else ():
                    found = best.setdefault(key, {})
                    found[name] = min(found.get(name, rank), rank)
    return {key: tuple(sorted(found, key=found.__getitem__)) for key, found in best.items()}


def maps_of(layer: str | None) -> tuple[str, ...]:
    """Return the names of the maps that show a layer, the best first.

    Examples
    --------
    >>> maps_of("roads")[0], maps_of("funds")
    ('roads', ())
    """
    return () if layer is None else _maps_by_layer().get(layer, ())


def map_of(layer: str | None) -> str | None:
    """Return the name of the map that shows a layer best; None where no map does.

    Examples
    --------
    >>> map_of("roads"), map_of("no_such_layer")
    ('roads', None)
    """
    return next(iter(maps_of(layer)), None)


def feature_link(feature: Feature, maps_made: Collection[str]) -> str | None:
    """Return the address of a feature on the map that shows it best; None where none does.

    Examples
    --------
    >>> feature_link(Feature("roads", "D70", placed=True), {"roads"})
    'maps/roads.html#feature=D70&layer=roads'
    """
    shown_on = (name for name in maps_of(feature.layer) if name in maps_made)
    name = next(shown_on, None) if feature.placed else None
    state = urlencode({"feature": feature.id, "layer": feature.layer})
    return f"maps/{name}.html#{state}" if name else None


@lru_cache(maxsize=1)
def _maps_by_measure() -> tuple[tuple[str, str], ...]:
    """Beginnings or whole ids of measures, with the map whose legend shows them."""
    styles = maps.styles().styles
    out = []
    for name in sorted(maps.names(), key=lambda name: name == OVERVIEW):
        groups = maps.definition(name).groups
        ids = [figure for group in groups for figure in group.figures]
        for group in groups:
            for layer in group.layers:
                style = styles[layer.style]
                ids += [case.measure for case in style.cases if case.measure]
                ids += [wide.measure for wide in style.classes if wide.measure]
        out += [(measure, name) for measure in ids]
    return tuple(out)


def _fits(pattern: str, measure_id: str) -> bool:
    """Whether a pattern names an id: `*` stands for a segment; the last one for all that follow."""
    parts, own = pattern.split("."), measure_id.split(".")
    if parts[-1] == "*" and len(own) > len(parts):
        own = own[: len(parts)]
    return len(parts) == len(own) and all(p in ("*", o) for p, o in zip(parts, own, strict=True))


def map_of_measure(measure_id: str) -> str | None:
    """Return the name of the map whose legend shows a measure; None where none does.

    Examples
    --------
    >>> map_of_measure("roads.hardened_share.village"), map_of_measure("funds.total")
    ('roads', None)
    """
    for shown, name in _maps_by_measure():
        if shown == measure_id or ("*" in shown and _fits(shown, measure_id)):
            return name
    return None
