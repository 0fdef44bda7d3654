"""What stands in place of the answer of an analysis that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import always
from ntm_gis.analyses.question import name_of
from ntm_gis.errors import trace
from ntm_gis.layers.values import Answer
from ntm_gis.results import Finding, Note, Words, sentence
from ntm_gis.results.words import messages

if TYPE_CHECKING:
    from ntm_gis.analyses.question import Analysis


def failed(analysis: Analysis, fault: Exception, before: Answer) -> Answer:
    """Return the measures that are always there as not known, and the finding that says why.

    Parameters
    ----------
    before : Answer
        What the other analyses gave; no measure is given twice.
    """
    given = {measure.id for measure in before.measures}
    notes = (Note.of("ANALYSIS_NOT_DONE"),)
    names = [name for name in always(analysis.READS) if name.id not in given]
    finding = Finding.of("ANALYSIS_FAILED", what=title(analysis), fault=type(fault).__name__)
    return Answer(
        tuple(figures.unknown(name, notes) for name in names),
        (finding.affecting(tuple(name.id for name in names)),),
        failures=(trace(fault),),
    )


def title(analysis: Analysis) -> Words:
    """Return what an analysis is about, in words."""
    name = name_of(analysis)
    code = f"ANALYSIS_{name.upper()}"
    return sentence(code, {}) if code in messages() else Words(name, name)
