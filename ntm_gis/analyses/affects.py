"""Which measures a finding touches: by the layers and fields that each analysis reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ntm_gis.rules.schema import layer_names, schema

if TYPE_CHECKING:
    from ntm_gis.results import Finding, Measure

Reads = Mapping[str, Mapping[str, tuple[str, ...]]]
"""First part of a measure's id (or a pattern with `*`) -> layer -> fields that enter it, besides
key and geometry."""

_WHOLE_ROW = frozenset({None, "geometry", "place", "located_by"})


def filled(
    findings: Iterable[Finding], measures: Sequence[Measure], reads: Reads
) -> tuple[Finding, ...]:
    """Return the findings with the measures they touch, where the analysis did not say so.

    A finding touches a measure whose analysis reads the field of the layer. A finding about
    key, geometry or the row as a whole touches every measure that reads the layer. If the
    feature stands in the evidence of some of these, the finding touches those alone.
    """
    readers = _readers(measures, reads)
    mentions = _mentions(measures)
    return tuple(
        finding if finding.affects else finding.affecting(_of(finding, readers, mentions))
        for finding in findings
    )


Readers = Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]
Mentions = Mapping[tuple[str, str], frozenset[str]]


def _readers(measures: Sequence[Measure], reads: Reads) -> Readers:
    """Return by layer the measures that read it, with the fields; the longest pattern holds."""
    out: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    by_length = sorted(reads, key=len, reverse=True)
    patterns = [(p if "*" in p else f"{p}*", reads[p]) for p in by_length]
    for measure in measures:
        read = next((r for p, r in patterns if fnmatchcase(measure.id, p)), {})
        for layer, fields in read.items():
            out[layer].append((measure.id, fields))
    return out


def _mentions(measures: Sequence[Measure]) -> Mentions:
    out: dict[tuple[str, str], set[str]] = defaultdict(set)
    for measure in measures:
        for part in measure.evidence.features:
            out[part.layer, part.id].add(measure.id)
    return {key: frozenset(ids) for key, ids in out.items()}


def _of(finding: Finding, readers: Readers, mentions: Mentions) -> tuple[str, ...]:
    if finding.layer is None or finding.layer not in layer_names():
        return ()
    whole = finding.field in _WHOLE_ROW or finding.field == schema(finding.layer).key
    touched = [
        measure
        for measure, fields in readers.get(finding.layer, ())
        if whole or finding.field in fields
    ]
    named = mentions.get((finding.layer, finding.feature or ""), frozenset())
    narrowed = [measure for measure in touched if measure in named]
    return tuple(narrowed or touched)
