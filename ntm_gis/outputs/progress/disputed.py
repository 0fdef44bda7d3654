"""Two A4 pages for a stretch: what is known of it, and a blank record of inspection.

Each page is a box of the paper's size: lists are as long as the box holds, and say how many of
their rows they leave to the page of progress.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from ntm_gis import crs, numbers
from ntm_gis.errors import OutputError
from ntm_gis.layers.decisions import NOTHING, Decisions, Dispute
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import gates, page
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.progress.facts import Facts, dispute
from ntm_gis.outputs.progress.lists import span_of
from ntm_gis.outputs.progress.model import Work
from ntm_gis.outputs.progress.page import asset, marks, template
from ntm_gis.outputs.progress.plan import Ends, Plan, ends, plan
from ntm_gis.outputs.progress.reading import works
from ntm_gis.outputs.progress.room import fitting, strip_px
from ntm_gis.outputs.progress.said import between, metres
from ntm_gis.outputs.progress.strip import Strip, strip
from ntm_gis.rules.commune import Commune
from ntm_gis.rules.terms import say, term

_CM = 100
_MOST = {"disputes": 2, "tracks": 3, "photos": 2, "payments": 3}
_STEPS_M = (5, 10, 20, 25, 50, 100, 200, 500, 1000)
_ROWS = 7
_DEGREES = 6


@dataclass(frozen=True, slots=True)
class End:
    """One end of a stretch."""

    title: str
    chainage: str
    x: str
    y: str
    phone: str


@dataclass(frozen=True)
class Sheet:
    """Everything on the two pages."""

    commune: str
    authority: str
    province: str
    work: Work
    where: str
    length: str
    as_of: str
    sample: bool
    head: str
    reports: Sequence[tuple[str, ...]]
    lines: Mapping[str, Sequence[str]]
    more: Mapping[str, str]
    ends: tuple[End, ...]
    system: str
    strip: Strip | None
    lit: tuple[float, float]
    plan: Plan | None
    stations: tuple[str, ...]


def disputed_sheet(
    answer: Answer,
    layers: Layers,
    commune: Commune,
    work_id: str,
    from_cm: int,
    to_cm: int,
    folder: Path,
    lang: str = "vi",
    *,
    decisions: Decisions = NOTHING,
) -> tuple[Path, ...]:
    """Write the two A4 pages of a stretch of a road work, ready to be printed.

    Parameters
    ----------
    answer : Answer
    layers : Layers
    commune : Commune
    work_id : str
    from_cm, to_cm : int
        Official chainages in centimetres, within the work.
    folder : Path
        Where the file goes; made where it is missing.
    lang : str
        "vi" or "en".
    decisions : Decisions
        Who contests what, and the check code of the record.

    Returns
    -------
    tuple of Path
        The one HTML file; its name comes from the chainages and a digest of the work's id.

    Raises
    ------
    OutputError
        There is no such work, the stretch is not within it, or the file cannot be written.
    """
    text = render(answer, layers, commune, (work_id, from_cm, to_cm), lang, decisions=decisions)
    digest = hashlib.sha256(work_id.encode("utf-8", "replace")).hexdigest()[:6]
    name = f"kiem-tra-hien-truong-{digest}-{from_cm // _CM}-{to_cm // _CM}.html"
    return (atomic_write(folder / name, text.encode("utf-8")),)


def render(
    answer: Answer,
    layers: Layers,
    commune: Commune,
    stretch: tuple[str, int, int],
    lang: str = "vi",
    *,
    decisions: Decisions = NOTHING,
) -> str:
    """Return the two pages as HTML; `stretch` is work, from and to in centimetres."""
    sheet = _sheet(answer, layers, commune, stretch, lang, decisions)
    body = template("disputed.html").render(
        s=sheet,
        term=lambda name: term(name).of(lang),
        say=lambda key, /, **params: say(key, lang, **params),
    )
    title = f"{term('sheet_title').of(lang)}: {gates.text_for_html(sheet.where)}"
    return page.render(
        title,
        Markup(marks() + body),  # noqa: S704 - made by a template that escapes
        [asset("disputed.css")],
        [],
        lang=lang,
    )


def _sheet(
    answer: Answer,
    layers: Layers,
    commune: Commune,
    stretch: tuple[str, int, int],
    lang: str,
    decisions: Decisions,
) -> Sheet:
    work = _work(answer, layers, stretch, lang)
    from_m, to_m = stretch[1] / _CM, stretch[2] / _CM
    who = commune.commune
    found = ends(answer, work.id, from_m, to_m)
    facts = Facts(work, (from_m, to_m), who.as_of, lang)
    window = _window(work, from_m, to_m)
    reports = list(facts.reports())
    disputes = [d for d in decisions.disputes if d.work_id == work.id and _meets(d, stretch)]
    lines = {
        "disputes": [dispute(d, lang) for d in disputes],
        "tracks": list(facts.tracks()),
        "photos": list(facts.photos()),
        "payments": list(facts.payments()),
    }
    more = {name: len(rows) - _MOST[name] for name, rows in lines.items()}
    more = {name: n for name, n in more.items() if n > 0}
    shown_lines = {name: rows[: _MOST[name]] for name, rows in lines.items()}
    told = fitting(reports, shown_lines, more)
    if told < len(reports):
        more["reports"] = len(reports) - told
    return Sheet(
        commune=say("commune_of", lang, name=who.name),
        authority=say("authority", lang, name=who.name.upper()),
        province=say("province_of", lang, name=who.province),
        work=work,
        where=between(from_m, to_m),
        length=metres(round(to_m - from_m, 2), lang),
        as_of=numbers.format_date_vi(who.as_of),
        sample=who.sample,
        head=say("record_head", lang, code=decisions.check_code) if decisions.check_code else "",
        reports=reports[:told],
        lines=shown_lines,
        more={name: say("sheet_more", lang, n=n) for name, n in more.items()},
        ends=() if found is None else tuple(_ends(found, (from_m, to_m), who.crs, lang)),
        system=say("sheet_system", lang, system=crs.meridian_label(who.crs, lang)),
        strip=strip(work, lang, window, strip_px(reports[:told], shown_lines, more)),
        lit=_lit(window, from_m, to_m),
        plan=None if found is None else plan(answer, work.id, found),
        stations=tuple(_stations(from_m, to_m)),
    )


def _work(answer: Answer, layers: Layers, stretch: tuple[str, int, int], lang: str) -> Work:
    work_id, from_cm, to_cm = stretch
    known = works(answer, layers, lang)
    work = next((one for one in known if one.id == work_id), None)
    if work is None:
        names = ", ".join(one.id for one in known) or "–"
        raise OutputError("SHEET_NO_WORK", work=work_id, known=names)
    span = work.span
    inside = span is None or (span[0] * _CM <= from_cm + 1 and to_cm <= span[1] * _CM + 1)
    if not 0 <= from_cm < to_cm or not inside:
        where = span_of(max(from_cm, 0) / _CM, max(to_cm, 0) / _CM)
        raise OutputError(
            "SHEET_BEYOND_WORK", where=where, work=work_id, span=between(*span) if span else "–"
        )
    return work


def _meets(dispute: Dispute, stretch: tuple[str, int, int]) -> bool:
    return dispute.from_cm < stretch[2] and dispute.to_cm > stretch[1]


def _window(work: Work, from_m: float, to_m: float) -> tuple[float, float]:
    """Return what the strip shows: the stretch with as much again on each side, in the work."""
    more = max(to_m - from_m, 100.0)
    low, high = work.span or (from_m, to_m)
    return max(low, from_m - more), min(high, to_m + more)


def _lit(window: tuple[float, float], from_m: float, to_m: float) -> tuple[float, float]:
    """Return where the stretch begins on the strip and how wide it is, in per cent."""
    whole = window[1] - window[0]
    return (
        round(1.5 + 97 * (from_m - window[0]) / whole, 3),
        round(97 * (to_m - from_m) / whole, 3),
    )


def _ends(found: Ends, at: tuple[float, float], zone: str, lang: str) -> Iterator[End]:
    show = numbers.format_en if lang == "en" else numbers.format_vi
    to_phone = crs.transformer(zone, "EPSG:4326")
    for key, (x, y), at_m in zip(
        ("sheet_first", "sheet_last"), (found.first, found.last), at, strict=True
    ):
        longitude, latitude = to_phone.transform(x, y)
        # With a full stop in every language: so phones take it.
        phone = f"{latitude:.{_DEGREES}f}, {longitude:.{_DEGREES}f}"
        yield End(term(key).of(lang), numbers.format_chainage(at_m), show(y, "", 2),
                  show(x, "", 2), phone)  # fmt: skip


def _stations(from_m: float, to_m: float) -> Sequence[str]:
    """Return the chainages to be measured: both ends and round ones between them."""
    step = next((s for s in _STEPS_M if (to_m - from_m) / s <= _ROWS - 1), _STEPS_M[-1])
    between_them = [k * step for k in range(int(from_m // step) + 1, int(-(-to_m // step)))]
    points = [from_m, *map(float, between_them[: _ROWS - 2]), to_m]
    return [numbers.format_chainage(at) for at in points]
