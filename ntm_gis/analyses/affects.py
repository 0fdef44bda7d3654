"""Which measures a finding touches: by the layers and fields that each analysis reads."""

from __future__ import annotations

from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import TYPE_CHECKING

from ntm_gis.analyses.entries import Entries, Reads
from ntm_gis.analyses.touching import Touching

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ntm_gis.layers.values import Layers, Together
    from ntm_gis.results import Finding, Measure

__all__ = ["Entries", "Reads", "filled", "spelt_out"]


def filled(
    findings: Iterable[Finding],
    measures: Sequence[Measure],
    reads: Reads,
    layers: Layers | None = None,
    together: Together = MappingProxyType({}),
) -> tuple[Finding, ...]:
    """Return findings of layers with the measures they touch.

    Parameters
    ----------
    layers : Layers, optional
        Where the rows are that findings are about; left out, a finding about something that
        enters no measure touches all that read its layer.
    together : mapping, optional
        (layer, id) -> ids of features that are counted with others (`Answer.together`).

    Notes
    -----
    A finding touches a measure whose analysis reads the field of the layer. A finding about
    key, geometry or the row as a whole touches every measure that reads the layer, one about its
    place those alone that are measured on the map. Of these it touches those that the feature
    enters: by itself, by what it refers to (a loudspeaker by its village), or by what refers to
    it (a canal by its parcels). A row that is set aside may enter any.
    """
    touching = Touching(measures, reads, layers, together)
    return tuple(
        finding if finding.affects else finding.affecting(touching.of(finding))
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
