"""The content of the brief, from the same measures, findings and tasks as the report."""

from __future__ import annotations

from collections.abc import Iterator

from ntm_gis import numbers
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import wording
from ntm_gis.outputs.brief.changes import changes, road_works
from ntm_gis.outputs.brief.decisions import decisions, late_tasks
from ntm_gis.outputs.brief.model import FIGURES, Brief, Figure
from ntm_gis.outputs.progress.reading import works
from ntm_gis.outputs.report.build import BLANK, Paper
from ntm_gis.outputs.report.telling import Teller
from ntm_gis.results import Measure
from ntm_gis.rules.terms import say, term

_WANTED = (
    "score.met", "roads.hardened_share.village", "villages.with_cultural_house_share",
    "schools.facility_level_1_share", "funds.total", "roads.paved_share.commune",
    "irrigation.served_share", "commune.population", "commune.area_ha", "tea.area_ha",
)  # fmt: skip
_PICTURES = ("road_progress", "overview")


def build(
    answer: Answer,
    layers: Layers,
    lang: str = "vi",
    paper: Paper = BLANK,
    *,
    record_head: str | None = None,
) -> Brief:
    """Return the brief of an answer.

    Parameters
    ----------
    answer : Answer
    layers : Layers
    lang : str
        "vi" or "en".
    paper : Paper
        The last closed period, and what draws a map.
    record_head : str, optional
        Check code of the record; None where there is no record.
    """
    teller = Teller(answer, layers, lang, paper.previous)
    picture, caption = _picture(paper, lang)
    return Brief(
        lang,
        tuple(_words(teller, paper, record_head).items()),
        tuple(figures(teller))[:FIGURES],
        (changes(teller, paper), road_works(teller, paper), decisions(teller),
         late_tasks(teller)),
        picture, caption,
    )  # fmt: skip


def figures(teller: Teller) -> Iterator[Figure]:
    """Yield the figures that a meeting looks at first, those of which something is known."""
    names = list(_WANTED)
    found = works(teller.answer, teller.layers, teller.lang)
    if found:
        names.insert(1, f"progress.{found[0].id}.accepted_share")
    for name in names:
        measure = teller.by_id.get(name)
        if measure is not None and teller.known(measure):
            yield figure(teller, measure)


def figure(teller: Teller, measure: Measure) -> Figure:
    """Return a measure as a figure in large type."""
    speech = teller.speech
    title = measure.title.of(teller.lang)
    if measure.id in speech.provisional:
        title = f"{title} {speech.mark}"
    below = teller.previous(measure) or wording.bounds_words(measure, teller.lang, "")
    return Figure(title, speech.value(measure), speech.unit(measure), below)


def _picture(paper: Paper, lang: str) -> tuple[bytes | None, str]:
    for name in _PICTURES:
        try:
            png = paper.draw(name)
        # The brief stands without it; the printed map of the name tells of the fault.
        except Exception:  # noqa: BLE001 - whatever broke, said in the picture's place
            return None, say("report_doc.picture_missing", lang)
        if png is not None:
            return png, say(f"brief.picture_{name}", lang)
    return None, ""


def _words(teller: Teller, paper: Paper, record_head: str | None) -> dict[str, str]:
    who, lang = teller.layers.commune.commune, teller.lang
    on = numbers.format_date_vi(who.as_of)
    since = say("brief.as_of", lang, on=on)
    if paper.last is not None:
        since = say("brief.as_of_since", lang, on=on, period=paper.last.name,
                    day=paper.last.as_of)  # fmt: skip
    foot = [say("brief.foot", lang)]
    if record_head:
        foot.append(say("report_doc.check_code", lang, code=record_head))
    return {
        "committee": say("brief.committee", lang),
        "commune": say("commune_of", lang, name=who.name),
        "title": say("brief.title", lang), "since": since,
        "sample": term("sample").of(lang) if who.sample else "",
        "foot": " ".join(foot),
    }  # fmt: skip
