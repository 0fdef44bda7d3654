"""Which measures a finding touches: by the layers and fields that each analysis reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ntm_gis.analyses.figures import LIST
from ntm_gis.rules.schema import layer_names, schema

if TYPE_CHECKING:
    from ntm_gis.results import Finding, Measure

Reads = Mapping[str, Mapping[str, tuple[str, ...]]]
"""First part of a measure's id (or a pattern with `*`) -> layer -> fields that enter it, besides
key and geometry."""

_WHOLE_ROW = frozenset({None, "geometry", "place", "located_by"})

_PLACE = frozenset({"place", "located_by"})
_PLACE_ALONE = frozenset({"NOT_LOCATED", "OUTSIDE_BOUNDARY"})
"""Findings about where something is: the row counts, and lists don't ask where."""


def filled(
    findings: Iterable[Finding], measures: Sequence[Measure], reads: Reads
) -> tuple[Finding, ...]:
    """Return findings of layers with the measures they touch.

    A finding touches a measure whose analysis reads the field of the layer. A finding about
    key, geometry or the row as a whole touches every measure that reads the layer, one about its
    place those alone that are measured on the map. If the feature stands in the evidence of some
    of these, the finding touches those alone.
    """
    readers = _readers(measures, reads)
    entries = Entries(measures)
    return tuple(
        finding if finding.affects else finding.affecting(_of(finding, readers, entries))
        for finding in findings
    )


def spelt_out(findings: Iterable[Finding], measures: Sequence[Measure]) -> tuple[Finding, ...]:
    """Return findings of analyses with the ids that a beginning with `*` behind it stands for.

    Examples
    --------
    >>> spelt_out((), ())
    ()
    """
    return tuple(
        finding.affecting(_spelt(finding.affects, measures))
        if any("*" in name for name in finding.affects)
        else finding
        for finding in findings
    )


def _spelt(names: Sequence[str], measures: Sequence[Measure]) -> tuple[str, ...]:
    out: dict[str, None] = {}
    for name in names:
        matching = [m.id for m in measures if fnmatchcase(m.id, name)] if "*" in name else [name]
        out |= dict.fromkeys(matching)
    return tuple(out)


class Entries:
    """Which measures each feature enters, known or unknown."""

    def __init__(self, measures: Iterable[Measure]) -> None:
        self._by_feature: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for measure in measures:
            for part in measure.evidence.features:
                self._by_feature[part.layer, part.id][measure.id] = None

    def of(self, layer: str, *ids: str, but: str | None = None) -> tuple[str, ...]:
        """Return the ids of the measures that some features of a layer enter.

        Parameters
        ----------
        but : str, optional
            A pattern of ids to leave out.
        """
        found: dict[str, None] = {}
        for id_ in ids:
            found |= self._by_feature.get((layer, id_), {})
        return tuple(m for m in found if but is None or not fnmatchcase(m, but))


Readers = Mapping[str, Sequence[tuple["Measure", tuple[str, ...]]]]


def _readers(measures: Sequence[Measure], reads: Reads) -> Readers:
    """Return by layer the measures that read it, with the fields; the longest pattern holds."""
    out: dict[str, list[tuple[Measure, tuple[str, ...]]]] = defaultdict(list)
    by_length = sorted(reads, key=len, reverse=True)
    patterns = [(p if "*" in p else f"{p}*", reads[p]) for p in by_length]
    for measure in measures:
        read = next((r for p, r in patterns if fnmatchcase(measure.id, p)), {})
        for layer, fields in read.items():
            out[layer].append((measure, fields))
    return out


def _of(finding: Finding, readers: Readers, entries: Entries) -> tuple[str, ...]:
    if finding.layer is None or finding.layer not in layer_names():
        return ()
    whole = finding.field in _WHOLE_ROW or finding.field == schema(finding.layer).key
    of_place = finding.code in _PLACE_ALONE or finding.field in _PLACE
    touched = [
        measure.id
        for measure, fields in readers.get(finding.layer, ())
        if (whole or finding.field in fields) and not (of_place and measure.method == LIST)
    ]
    named = entries.of(finding.layer, finding.feature or "")
    narrowed = [measure for measure in touched if measure in named]
    return tuple(narrowed or touched)
