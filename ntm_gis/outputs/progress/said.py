"""Words of road works: chainages, states, days, what became of a report."""

from __future__ import annotations

import datetime as dt

from ntm_gis import numbers
from ntm_gis.outputs.progress.model import CREDITED, STAGES, Report, TrackPart, Work
from ntm_gis.results import shown
from ntm_gis.rules.schema import code_list
from ntm_gis.rules.terms import term


def short(at_m: float) -> str:
    """Return a chainage as ticks bear it: whole kilometres without metres.

    Examples
    --------
    >>> short(3000), short(1250)
    ('Km3', 'Km1+250')
    """
    written = numbers.format_chainage(at_m)
    return written.removesuffix("+000")


def between(from_m: float, to_m: float) -> str:
    """Return a stretch as people write it.

    Examples
    --------
    >>> between(0, 1250)
    'Km0+000 – Km1+250'
    """
    return f"{numbers.format_chainage(from_m)} – {numbers.format_chainage(to_m)}"


def state_words(state: str, lang: str) -> str:
    """Return what a state is called.

    Examples
    --------
    >>> state_words("none", "vi"), state_words("accepted", "vi")
    ('Chưa làm', 'Đã nghiệm thu')
    """
    section = "stage" if state in STAGES else "stretch"
    return term(f"{section}.{state}").of(lang)


def stage_words(stage: str | None, lang: str) -> str:
    """Return the stage that a report names; a dash where it names none.

    Examples
    --------
    >>> stage_words("poured", "vi"), stage_words(None, "vi")
    ('Đã đổ bê tông', '–')
    """
    known = code_list("stage")
    if stage is None or stage not in known.keys:
        return stage or "–"
    return known[stage].title.words.of(lang)


def day(on: object, lang: str) -> str:
    """Return a day, or that it is not recorded."""
    if isinstance(on, dt.date):
        return numbers.format_date_vi(on)
    return term("no_day").of(lang)


def report_state(report: Report, lang: str) -> str:
    """Return what became of a report, in words."""
    return term(f"report_state.{report.state}").of(lang)


def metres(length_m: float, lang: str) -> str:
    """Return a length in metres, with centimetres where it has any.

    Examples
    --------
    >>> metres(300.0, "vi").replace("\u00a0", " "), metres(0.5, "vi").replace("\u00a0", " ")
    ('300 m', '0,50 m')
    """
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(length_m, "m", 0 if float(length_m).is_integer() else 2)


def km(length_km: float | None, lang: str) -> str:
    """Return a length in kilometres with the digits that it needs, two at least.

    Examples
    --------
    >>> km(1.2505, "vi").replace("\u00a0", " "), km(3.0, "vi").replace("\u00a0", " ")
    ('1,2505 km', '3,00 km')
    """
    if length_km is None:
        return "–"
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(length_km, "km", shown.needed([length_km], 2, 5))


def million(amount: float | None, lang: str) -> str:
    """Return a sum of money with the digits that it needs.

    Examples
    --------
    >>> million(12.5, "vi").replace("\u00a0", " "), million(5600, "vi").replace("\u00a0", " ")
    ('12,5 triệu đồng', '5.600 triệu đồng')
    """
    if amount is None:
        return "–"
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(amount, shown.unit_name("million đồng", lang), shown.needed([amount], 0, 3))


def walked(work: Work) -> list[TrackPart]:
    """Return the parts of tracks that are credited: who walks there can be named."""
    return [t for t in work.tracks if t.state == CREDITED and t.from_m is not None]


def track_words(part: TrackPart, lang: str) -> str:
    """Return a track with who walked it, and when."""
    who = part.by or term("nobody_named").of(lang)
    return f"{part.track} ({who}, {day(part.on, lang)})"


def told(report: Report, lang: str, photo: str = "") -> dict[str, str]:
    """Return one report as the one who points at its stretch is told of it: lines of text.

    `photo` is the line on the photos that it names (`pictures.photo_line`).
    """
    show = numbers.format_en if lang == "en" else numbers.format_vi
    wide = "" if report.width_m is None else f", {show(report.width_m, 'm', 1)}"
    where = (
        between(report.from_m, report.to_m)
        if report.from_m is not None and report.to_m is not None
        else ""
    )
    return {
        "head": f"{report.id} · {stage_words(report.stage, lang)}",
        "on": day(report.on, lang),
        "where": f"{where}{wide}",
        "by": f"{term('by_of').of(lang)}: {report.by or term('nobody_named').of(lang)}",
        "checked": f"{term('checked_of').of(lang)}: "
        f"{report.verified_by or term('nobody_verified').of(lang)}"
        + (f" ({report.minute_no})" if report.minute_no else ""),
        "photo": photo,
        "why": "" if report.state == "counted" else report_state(report, lang),
        "file": report.where(lang) or (term("in_record").of(lang) if report.recorded else ""),
    }
