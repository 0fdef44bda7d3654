"""Values that leave an analysis: measures with evidence and bounds, findings, verdicts."""

from ntm_gis.results import shown
from ntm_gis.results.bounds import Share, Unit, share, total
from ntm_gis.results.values import Contribution, Evidence, Finding, Measure, Note, Severity
from ntm_gis.results.verdicts import Judged, Threshold, Verdict, judge, numbers_judged
from ntm_gis.results.words import LANGUAGES, Words, sentence, written

__all__ = [
    "LANGUAGES",
    "Contribution",
    "Evidence",
    "Finding",
    "Judged",
    "Measure",
    "Note",
    "Severity",
    "Share",
    "Threshold",
    "Unit",
    "Verdict",
    "Words",
    "judge",
    "numbers_judged",
    "sentence",
    "share",
    "shown",
    "total",
    "written",
]
