"""Road works: how much was designed, reported, poured, accepted and surveyed, by chainage.

Reports are intervals in whole centimetres along a road; lengths are those of unions, so that
ground reported twice counts once, whatever the order and however often a report came in.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ntm_gis.analyses import figures
from ntm_gis.analyses.chainage import centreline_changes
from ntm_gis.analyses.chainage import lengths as chainage_lengths
from ntm_gis.analyses.chainage.stakes import road_lines
from ntm_gis.analyses.progress import classes as progress_classes
from ntm_gis.analyses.progress import findings as progress_findings
from ntm_gis.analyses.progress import forecast
from ntm_gis.analyses.progress import frames as progress_frames
from ntm_gis.analyses.progress import history as progress_history
from ntm_gis.analyses.progress import measures as progress_measures
from ntm_gis.analyses.progress import money as progress_money
from ntm_gis.analyses.progress import work_findings as progress_work_findings
from ntm_gis.analyses.progress.claims import LAYER as REPORTS
from ntm_gis.analyses.progress.claims import claims_of, once
from ntm_gis.analyses.progress.findings import Teller
from ntm_gis.analyses.progress.lines import Lines
from ntm_gis.analyses.progress.measures import (
    TRACKS,
    Found,
    lengths_of_road,
    surveyed,
    touched,
)
from ntm_gis.analyses.progress.overlaps import overlaps
from ntm_gis.analyses.progress.tally import Reports, reports, tallies
from ntm_gis.analyses.progress.works import LAYER as WORKS
from ntm_gis.analyses.progress.works import Work, works_of
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.results import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question
    from ntm_gis.layers.decisions import Survey
    from ntm_gis.results import Finding, Measure

_REPORT_FIELDS = (
    "work_id", "from_m", "to_m", "stage", "reported_on", "verified_by", "width_m",
)  # fmt: skip

READS: Reads = {
    "progress.": {
        "road_works": ("planned_length_m", "from_m", "to_m", "min_width_m"),
        "road_reports": _REPORT_FIELDS,
    },
    "progress.*.planned_km": {"road_works": ("planned_length_m",)},
    "progress.*.surveyed_km": {
        "road_works": ("road_id", "from_m", "to_m"),
        "tracks": ("work_id", "geometry"),
        "roads": ("geometry",),
        "stakes": ("road_id", "chainage_m", "geometry"),
    },
    "progress.*.road_map_km": {"road_works": ("road_id",), "roads": ("geometry",)},
    "progress.*.road_slope_km": {"road_works": ("road_id",), "roads": ("geometry",)},
    "progress.*.road_tape_km": {"road_works": ("road_id",), "roads": ("measured_length_m",)},
    "progress.*.paid_million": {"payments": ("work_id", "million_vnd", "paid_on")},
    "progress.*.paid_million_per_km": {
        "payments": ("work_id", "million_vnd", "paid_on"),
        "road_works": ("from_m", "to_m", "min_width_m"),
        "road_reports": _REPORT_FIELDS,
    },
    "progress.by_class.*": {
        "road_works": ("road_id", "planned_length_m", "from_m", "to_m", "min_width_m"),
        "road_reports": _REPORT_FIELDS,
        "roads": ("road_class",),
    },
    "progress.by_class.*_share": {
        "road_works": ("road_id", "planned_length_m", "from_m", "to_m", "min_width_m"),
        "road_reports": _REPORT_FIELDS,
        "roads": ("road_class", "declared_length_m", "geometry"),
    },
}


def answer(question: Question, surveys: Sequence[Survey] | None = None) -> Answer:
    """Return the measures `progress.*`, what is to be checked, and the frames of road works.

    Parameters
    ----------
    question : Question
        Its measures are those of the roads, for shares of their lengths.
    surveys : sequence of Survey, optional
        What tracks of sources credit; left out: they are matched here.

    Returns
    -------
    Answer
        Frames `road_progress`, `road_reports`, `road_overlaps`, `road_history` and
        `road_carry_over`.
    """
    layers, decisions, measures = question.layers, question.decisions, question.measures
    zone, as_of = layers.commune.commune.crs, layers.commune.commune.as_of
    roads, about_stakes = road_lines(layers["roads"], layers["stakes"])
    known, changes = centreline_changes.versions(layers, decisions, roads)
    # On a road turned round since, chainages still run from the start they were taken from.
    meant = {**roads, **{c.version.road_id: c.new for c in changes if c.turned}}
    lines = Lines(meant, known)
    works = works_of(layers)
    claims = once(decisions.claims, claims_of(layers[REPORTS]))
    found = reports(works, claims, decisions.disputes)
    sums = {work.id: tallies(found, work, as_of) for work in works}
    over_time = progress_history.history(found, as_of)
    lengths = chainage_lengths.lengths(layers, roads, {w.road_id for w in works if w.road_id})
    of_sources = _of_sources(layers) if surveys is None else surveys
    walked = (*decisions.surveys, *of_sources)
    tell = Teller(found, lines, layers["roads"].frame.crs)
    again = [o for work in works for o in overlaps(work, found.of(work), as_of)]
    recorded = decisions.head is not None or bool(claims)
    reported = not decisions.unread and (recorded or not figures.missing(layers, REPORTS))
    counted = sums if reported else None
    why = figures.layer_note(layers, REPORTS)
    if decisions.unread:
        why = Note.of("RECORD_UNREAD")
    of_works = [
        Found(
            work, None if counted is None else counted[work.id], surveyed(work, walked, as_of),
            why, decisions.unread, lengths.get(work.road_id or ""),
        )
        for work in works
    ]  # fmt: skip
    return Answer(
        (
            *_of_works(layers, of_works, over_time),
            *progress_money.of_works(layers, works, counted),
            *progress_classes.of_classes(layers, works, counted, measures, why),
        ),
        (
            *about_stakes,
            *_touching(
                centreline_changes.findings(layers, decisions, changes, roads), found, touched
            ),
            *_touching(chainage_lengths.findings(layers, lengths), found, lengths_of_road),
            *progress_work_findings.about_works(layers, tell),
            *progress_work_findings.about_disputes(layers, tell),
            *progress_findings.about_reports(layers, tell, again),
        ),
        {
            "road_progress": progress_frames.road_progress(found, lines, as_of, zone),
            "road_reports": progress_frames.road_reports(found, sums, lines, as_of, zone),
            "road_overlaps": progress_frames.road_overlaps(again, lines, zone),
            "road_history": progress_history.road_history(found, over_time, zone),
            "road_carry_over": centreline_changes.road_carry_over(
                changes, decisions.claims, zone
            ),
        },
    )  # fmt: skip


def _touching(
    about: Iterable[Finding], found: Reports, ids: Callable[[str], tuple[str, ...]]
) -> Iterator[Finding]:
    """Yield findings about roads and stakes with what they touch: measures of the works there."""
    by_road: dict[str | None, list[Work]] = defaultdict(list)
    for work in found.works:
        by_road[work.road_id].append(work)
    for finding in about:
        works = by_road[finding.feature]
        yield finding.affecting(tuple(name for work in works for name in ids(work.id)))


def _of_works(
    layers: Layers,
    found: Iterable[Found],
    over_time: Mapping[progress_history.Key, progress_history.Bounds],
) -> Iterator[Measure]:
    as_of = layers.commune.commune.as_of
    files, inputs = figures.files((layers[REPORTS], layers[WORKS])), layers[WORKS].files
    for mine in found:
        yield from progress_measures.of_work(layers, mine)
        if mine.tallies is None:
            yield figures.unknown(forecast.named_for(mine.work), (mine.why,), inputs)
        else:
            yield forecast.measure(mine.work, over_time, as_of, files)


def _of_sources(layers: Layers) -> Sequence[Survey]:
    """Return what tracks of sources credit; without any, what matches them is not loaded."""
    if figures.missing(layers, TRACKS):
        return ()
    from ntm_gis.analyses.tracks import analysis as tracks

    return tracks.surveys(layers)
