"""What the page of road works shows, as plain values in words of one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ntm_gis import numbers
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.footing import foot
from ntm_gis.outputs.numbering import numbered
from ntm_gis.outputs.progress import chapter as chapters
from ntm_gis.outputs.progress import pictures
from ntm_gis.outputs.progress.chapter import Chapter
from ntm_gis.outputs.progress.lists import Listing, listings, stray_reports
from ntm_gis.outputs.progress.model import GPS, LENGTHS, STATES, TOLD, Work
from ntm_gis.outputs.progress.pictures import photo_line
from ntm_gis.outputs.progress.reading import strays, works
from ntm_gis.outputs.progress.said import (
    between,
    day,
    km,
    metres,
    report_state,
    state_words,
    told,
    track_words,
    walked,
)
from ntm_gis.outputs.progress.strip import Strip, strip
from ntm_gis.outputs.progress.timeline import Timeline, timeline
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import Finding
from ntm_gis.rules.terms import say, term

_ABOUT = frozenset({"road_works", "road_reports", "tracks", "photos"})


@dataclass(frozen=True, slots=True)
class Length:
    """One of the lengths that stand together."""

    key: str
    title: str
    value: str
    unit: str
    certainty: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class State:
    """A row of the legend: a state and the kilometres in it."""

    state: str
    title: str
    amount: str


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch: who reported, who checked, on which photo; `details` for the one pointed at."""

    anchor: str
    where: str
    length: str
    state: str
    title: str
    reports: str
    by: str
    checked: str
    photo: str
    aside: str


@dataclass(frozen=True)
class Shown:
    """One work of the page."""

    anchor: str
    id: str
    name: str
    about: tuple[str, ...]
    lengths: tuple[Length, ...]
    added: str
    strip: Strip | None
    states: tuple[State, ...]
    lines: tuple[Line, ...]
    listings: tuple[Listing, ...]
    timeline: Timeline | None
    findings: tuple[tuple[int, str, str], ...]
    """Number, severity and words."""
    data: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """Everything on the page."""

    name: str
    as_of: str
    sample: bool
    chapter: Chapter
    works: tuple[Shown, ...]
    strays: Listing | None
    """Reports that name no work of the list."""
    has_map: bool
    foot: tuple[str, ...]


def build(
    answer: Answer, layers: Layers, lang: str, *, has_map: bool, record_head: str | None
) -> Page:
    """Return what the page shows."""
    who = layers.commune.commune
    speech = Speech(answer, lang, layers)
    items = numbered(answer.findings)
    found = works(answer, layers, lang)
    stray = strays(answer, found, lang)
    return Page(
        name=say("commune_of", lang, name=who.name),
        as_of=numbers.format_date_vi(who.as_of),
        sample=who.sample,
        chapter=chapters.chapter(answer, layers, lang),
        works=tuple(_shown(n, work, speech, layers, items) for n, work in enumerate(found, 1)),
        strays=stray_reports(stray, lang) if stray else None,
        has_map=has_map,
        foot=foot(layers.commune, lang, record_head),
    )


def _shown(
    number: int, work: Work, speech: Speech, layers: Layers, items: Sequence[tuple[int, Finding]]
) -> Shown:
    lang, anchor = speech.lang, f"w{number}"
    drawn = strip(work, lang)
    lines = tuple(_lines(work, anchor, lang))
    return Shown(
        anchor=anchor,
        id=work.id,
        name=work.name,
        about=tuple(_about(work, lang)),
        lengths=tuple(_lengths(work, speech)),
        added=_added(work, speech),
        strip=drawn,
        states=tuple(_states(work, lang)),
        lines=lines,
        listings=tuple(listings(work, speech)),
        timeline=timeline(work, layers.commune.commune.as_of, lang),
        findings=tuple(_findings(work, items, lang)),
        data=_data(work, anchor, lang),
    )


def _findings(
    work: Work, items: Sequence[tuple[int, Finding]], lang: str
) -> Iterator[tuple[int, str, str]]:
    """Yield the findings about a work: number, severity, words."""
    own = {work.id, *(r.key for r in work.reports), *(t.track for t in work.tracks)}
    own |= {photo.name for photo in work.photos}
    for number, finding in items:
        if finding.layer in _ABOUT and finding.feature in own:
            yield number, str(finding.severity), finding.message.of(lang)


def _about(work: Work, lang: str) -> Iterator[str]:
    yield f"{term('work_id_of').of(lang)} {work.id}"
    if work.road_id is not None:
        road = say("work_road", lang, road=work.road, id=work.road_id) if work.road else None
        yield road or work.road_id
    if work.span is not None:
        yield between(*work.span)
    if work.start_on is not None and work.due_on is not None:
        yield say("work_from_to", lang, start=work.start_on, due=work.due_on)
    if work.min_width_m is not None:
        show = numbers.format_en if lang == "en" else numbers.format_vi
        yield say("work_width", lang, width=show(work.min_width_m, "m", 1))


def _lengths(work: Work, speech: Speech) -> Iterator[Length]:
    for key in LENGTHS:
        measure = work.measures.get(key)
        if measure is not None:
            yield Length(
                key,
                term(f"work_length.{key}").of(speech.lang),
                speech.value(measure),
                speech.unit(measure),
                speech.certainty(measure),
                measure.id in speech.provisional,
            )
    share = work.measures.get("accepted_share")
    if share is not None:
        yield Length(
            "accepted_share", term("share_of").of(speech.lang), speech.value(share),
            speech.unit(share), speech.certainty(share), share.id in speech.provisional,
        )  # fmt: skip


def _added(work: Work, speech: Speech) -> str:
    measure = work.measures.get("reported_km")
    return "" if measure is None else " ".join(speech.notes(measure))


def _states(work: Work, lang: str) -> Iterator[State]:
    for state in STATES:
        length = sum(part.length_m for part in work.now if part.state == state)
        if length or state in STATES[:-1]:
            yield State(state, state_words(state, lang), km(round(length / 1000, 5), lang))


# --- stretches ------------------------------------------------------------------------------------


def _lines(work: Work, anchor: str, lang: str) -> Iterator[Line]:
    for number, part in enumerate(work.now, 1):
        yield Line(
            anchor=f"{anchor}-{number}",
            where=between(part.from_m, part.to_m),
            length=metres(part.length_m, lang),
            state=part.state,
            title=state_words(part.state, lang),
            reports=", ".join(f"{r.id} ({day(r.on, lang)})" for r in part.reports),
            by=part.by or "",
            checked=part.verified_by or "",
            photo=pictures.both(work, part.photo, part.from_m, part.to_m, lang),
            aside="; ".join(f"{r.id}: {report_state(r, lang)}" for r in part.aside),
        )


def _data(work: Work, anchor: str, lang: str) -> dict[str, Any]:
    """Return what the script shows for the place pointed at: texts, in the order told."""
    placed = [p for p in work.photos if p.at_m is not None and p.state in (GPS, TOLD)]
    return {
        "anchor": anchor,
        "name": work.name,
        "span": list(work.span) if work.span else None,
        "stretches": [
            {
                "from": part.from_m,
                "to": part.to_m,
                "where": between(part.from_m, part.to_m),
                "state": state_words(part.state, lang),
                "reports": [
                    told(r, lang, photo_line(work, r, lang)) for r in (*part.reports, *part.aside)
                ],
            }
            for part in work.now
        ],
        "tracks": [[t.from_m, t.to_m, track_words(t, lang)] for t in walked(work)],
        "photos": [
            [p.at_m, say("photo_here", lang, name=p.name, where=pictures.at(p.at_m),
                         on=day(p.on, lang), how=p.how), p.offset_m or 0.0, p.state == GPS]
            for p in sorted(placed, key=lambda p: p.at_m or 0.0)
        ],
    }  # fmt: skip
