"""Whether a finding about a row touches a measure: by fields, evidence and references."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ntm_gis.analyses.columns import ids, texts
from ntm_gis.analyses.entries import Entries, Reads
from ntm_gis.analyses.figures import LIST
from ntm_gis.layers.values import FILE, ROW
from ntm_gis.rules.schema import code_list, layer_names, schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ntm_gis.layers.values import Layers, Together
    from ntm_gis.results import Finding, Measure

GEOMETRY = "geometry"

_WHOLE_ROW = frozenset({None, GEOMETRY, "place", "located_by"})

_PLACE = frozenset({"place", "located_by"})
_PLACE_ALONE = frozenset({
    "NOT_LOCATED", "OUTSIDE_BOUNDARY", "GEOMETRY_EMPTY", "GEOMETRY_TYPE", "GEOMETRY_NOT_FINITE",
    "GEOMETRY_IMPOSSIBLE", "GEOMETRY_ZERO", "GEOMETRY_GAP", "GEOMETRY_TWICE",
})  # fmt: skip
"""Findings about where something is: the row counts, and lists don't ask where."""

_OTHER_VALUE = "ROW_JOINED_DIFFERS"

_STAND_IN = "declared_"
"""Beginning of the fields that stand in for a geometry; those of what is drawn enter nothing
that is measured on it."""


@dataclass(frozen=True)
class _Reader:
    """A measure, the fields it reads by layer, and the layers whose features its family lists."""

    measure: Measure
    fields: Mapping[str, tuple[str, ...]]
    lists: frozenset[str]

    def asks_where(self, layer: str) -> bool:
        """Whether it matters to the measure where features of a layer are."""
        told = any(GEOMETRY in fields for fields in self.fields.values())
        return GEOMETRY in self.fields[layer] if told else self.measure.method != LIST


class Touching:
    """Which measures the findings of some layers touch."""

    def __init__(
        self,
        measures: Sequence[Measure],
        reads: Reads,
        layers: Layers | None,
        together: Together,
    ) -> None:
        self._entries = Entries(measures)
        self._readers = _readers(measures, reads)
        self._layers = layers
        self._together = together
        self._rows: dict[str, dict[str, int]] = {}
        self._columns: dict[tuple[str, str], list[str | None]] = {}

    def of(self, finding: Finding) -> tuple[str, ...]:
        """Return the ids of the measures that a finding touches."""
        layer, feature, field = finding.layer, finding.feature, finding.field
        if layer is None or layer not in layer_names():
            return ()
        whole = field in _WHOLE_ROW or field == schema(layer).key
        of_place = finding.code in _PLACE_ALONE or field in _PLACE
        reading = [
            reader
            for reader in self._readers.get(layer, ())
            if (whole or field in reader.fields[layer])
            and not (of_place and not reader.asks_where(layer))
        ]
        row = self._row(finding)
        if row is not None and str(field).startswith(_STAND_IN) and self._drawn(layer, row):
            reading = [reader for reader in reading if not reader.asks_where(layer)]
        every = tuple(reader.measure.id for reader in reading)
        if feature is None:
            return every
        others = self._together.get((layer, feature), ())
        entered = frozenset(self._entries.of(layer, feature, *others))
        if finding.code == _OTHER_VALUE:
            # Whichever of two codes is right, the figures of both may be other ones.
            said = _code(layer, str(field), finding.value)
            entered |= {m for m in every if said in m.split(".")}
        if self._layers is None or row is None:
            return tuple(m for m in every if m in entered) or every
        found = tuple(
            reader.measure.id
            for reader in reading
            if self._enters(reader, layer, feature, row, field, entered)
        )
        known = whole is False and self._cell(layer, row, str(field)) is not None
        return found or (every if known else ())

    def _enters(
        self,
        reader: _Reader,
        layer: str,
        feature: str,
        row: int,
        field: str | None,
        entered: frozenset[str],
    ) -> bool:
        """Whether a used row enters a measure, by itself or by a reference."""
        if reader.measure.id in entered:
            return True
        links = [
            *self._leads_to(reader, layer, row),
            *self._led_to(reader, layer, feature, field),
        ]
        return any(links) if links else layer not in reader.lists

    def _leads_to(self, reader: _Reader, layer: str, row: int) -> Iterator[bool]:
        """Yield for each reference of the row whether what it leads to enters the measure."""
        for name in reader.fields[layer]:
            if name == GEOMETRY or name not in schema(layer).names:
                continue
            for target in schema(layer).field(name).targets:
                if target in reader.lists and target != layer:
                    led = self._cell(layer, row, name)
                    yield led is None or reader.measure.id in self._entries.of(target, led)

    def _led_to(
        self, reader: _Reader, layer: str, feature: str, field: str | None
    ) -> Iterator[bool]:
        """Yield whether rows that refer to the feature enter the measure."""
        names = schema(layer).names
        if field in names and schema(layer).field(str(field)).type == "reference":
            return
        for other in sorted(reader.lists - {layer}):
            for name in reader.fields.get(other, ()):
                if name != GEOMETRY and layer in schema(other).field(name).targets:
                    there = zip(self._ids(other), self._column(other, name), strict=True)
                    yield any(
                        led == feature and reader.measure.id in self._entries.of(other, id_)
                        for id_, led in there
                    )

    # --- Rows ------------------------------------------------------------------------------------

    def _row(self, finding: Finding) -> int | None:
        """Return the position of the used row that a finding is about."""
        if self._layers is None or finding.layer is None:
            return None
        layer = self._layers[finding.layer]
        position = self._ids(finding.layer).get(str(finding.feature))
        if position is None:
            return None
        # A row set aside may bear the id of one that is used.
        own = layer.used.iloc[position]
        same = finding.row in (None, own[ROW]) and finding.file in (None, own[FILE])
        return position if same else None

    def _ids(self, layer: str) -> dict[str, int]:
        if layer not in self._rows:
            every = ids(self._layers[layer]) if self._layers is not None else []
            self._rows[layer] = {id_: k for k, id_ in enumerate(every)}
        return self._rows[layer]

    def _column(self, layer: str, name: str) -> list[str | None]:
        if (layer, name) not in self._columns:
            frame = self._layers[layer].used if self._layers is not None else None
            self._columns[layer, name] = [] if frame is None else texts(frame, name)
        return self._columns[layer, name]

    def _cell(self, layer: str, row: int, name: str) -> str | None:
        return self._column(layer, name)[row]

    def _drawn(self, layer: str, row: int) -> bool:
        return self._layers is not None and self._layers[layer].places.shapes[row] is not None


def _code(layer: str, name: str, value: str | None) -> str | None:
    """Return the code that a value as written stands for."""
    codes = schema(layer).field(name).codes if name in schema(layer).names else None
    return None if codes is None else code_list(codes).find(value or "")


def _readers(measures: Sequence[Measure], reads: Reads) -> Mapping[str, Sequence[_Reader]]:
    """Return by layer the measures that read it; the longest pattern holds."""
    by_length = sorted(reads, key=len, reverse=True)
    patterns = [(name, name if "*" in name else f"{name}*") for name in by_length]
    family = {
        m.id: next((name for name, pattern in patterns if fnmatchcase(m.id, pattern)), None)
        for m in measures
    }
    lists: dict[str | None, set[str]] = defaultdict(set)
    for measure in measures:
        lists[family[measure.id]] |= {part.layer for part in measure.evidence.features}
    out: dict[str, list[_Reader]] = defaultdict(list)
    for measure in measures:
        name = family[measure.id]
        if name is not None:
            reader = _Reader(measure, reads[name], frozenset(lists[name]))
            for layer in reads[name]:
                out[layer].append(reader)
    return out
