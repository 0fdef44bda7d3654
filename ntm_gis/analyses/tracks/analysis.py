"""Tracks walked along road works: matched onto the roads, credited by chainage, never summed.

What a track covers of a work counts; gaps in it, pieces too far off the road and the road beside
do not, and the map says so.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ntm_gis.analyses.tracks.findings import findings
from ntm_gis.analyses.tracks.frames import tracks_frame
from ntm_gis.analyses.tracks.matched import LAYER, survey, tracked
from ntm_gis.layers.values import Answer
from ntm_gis.results import spans

if TYPE_CHECKING:
    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question
    from ntm_gis.layers.decisions import Decisions, Span, Survey
    from ntm_gis.layers.values import Layers
    from ntm_gis.results.spans import Spans

READS: Reads = {}


def answer(question: Question) -> Answer:
    """Return the frame `tracks` and what is to be checked about tracks."""
    layers = question.layers
    found = tracked(layers)
    frames = {LAYER: tracks_frame(layers, found, question.decisions)}
    return Answer(findings=tuple(findings(layers, found)), frames=frames)


def surveys(layers: Layers) -> tuple[Survey, ...]:
    """Return what the tracks of the sources credit of the commune's road works.

    Returns
    -------
    tuple of Survey
        One for each track and work that belong together, also where nothing is credited.
        Official chainage (along the stakes) in whole centimetres, inside the work's span;
        `entry` is "".

    Notes
    -----
    A track that names a work belongs to it alone; one that names none, to every work of which
    it covers 100 m. `recorded_on` is the day in Viet Nam.
    """
    zone = layers.commune.commune.crs
    return tuple(survey(found, layers[LAYER], zone) for found in tracked(layers).found)


def surveyed(layers: Layers, decisions: Decisions) -> dict[str, Spans]:
    """Return by work what is surveyed: the tracks of the record and of the sources, each once.

    Works without a credited stretch are absent. Days are not looked at.
    """
    by_work: dict[str, list[Span]] = defaultdict(list)
    for one in (*decisions.surveys, *surveys(layers)):
        by_work[one.work_id] += one.credited
    return {work: spans.union(found) for work, found in sorted(by_work.items()) if found}
