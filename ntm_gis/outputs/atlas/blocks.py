"""Lists of the chairman's sheet: problems, road works, money, villages that lack something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis import numbers
from ntm_gis.outputs.atlas import having
from ntm_gis.outputs.atlas.facts import rows
from ntm_gis.outputs.atlas.pen import BAND, RULE, Pen
from ntm_gis.outputs.printmap.standard import BLACK, GREY, INK, PAPER
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.outputs.atlas.facts import Problem
    from ntm_gis.outputs.progress.model import Work
    from ntm_gis.outputs.report.telling import Teller
    from ntm_gis.outputs.rows import Value
    from ntm_gis.outputs.webmap.context import Context
    from ntm_gis.results import Measure

Place = tuple[float, float, float]
"""Left, top and width of a block, mm of a full-size sheet."""

_PT, _SMALL = 10.0, 9.0
_WORKS = 3
_ACCEPTED, _POURED = "#0b5c55", "#7fb3ad"
_PAID = "#7a5a12"
_COLOURS = {"stop": "#b3002d", "block": "#c25b00", "late": "#b3002d", "warning": "#1a5a96"}
_ROW, _LEAST_TABLE = 5.5, 26.0
_WIDE_CELL, _NARROW_CELL = 25.0, 12.25


def problems(pen: Pen, lang: str, found: Sequence[Problem], place: Place, most: int) -> float:
    """Draw the numbered problems, each in at most so many lines; return where they end."""
    x, y, w = place
    key = "problems" if len(found) == 5 else "problems_n"
    y = pen.heading(x, y, say(f"atlas.{key}", lang), w)
    if not found:
        return pen.paragraph(x, y + 4, say("atlas.no_problems", lang), _PT, w)
    for one in found:
        pen.disc(x + 3.2, y + 4.4, 2.9, str(one.number), _COLOURS.get(one.severity, INK))
        at = y + 3.9
        at = pen.paragraph(x + 8.6, at, one.text, _PT, w - 8.6, most=most, style="Medium")
        pen.text(x + 8.6, at + 0.1, one.owner, _SMALL, "Italic", "#3a3a36", room=w - 8.6)
        y = at + 2.1
    return y


# --- road works -----------------------------------------------------------------------------------


def progress(pen: Pen, teller: Teller, works: Sequence[Work], place: Place) -> float:
    """Draw a bar a road work: accepted, poured, planned; return where they end."""
    x, y, w = place
    lang = teller.lang
    y = pen.heading(x, y, say("atlas.works", lang), w)
    if not works:
        return pen.paragraph(x, y + 4, say("atlas.no_works", lang), _PT, w, most=2)
    for work in works[:_WORKS]:
        y = _bar(pen, teller, work, (x, y, w))
    if len(works) > _WORKS:
        more = say("atlas.more_works", lang, n=len(works) - _WORKS)
        pen.text(x, y + 3.4, more, _SMALL, "Italic", GREY)
        y += 5
    return y


def _bar(pen: Pen, teller: Teller, work: Work, place: Place) -> float:
    x, y, w = place
    lang = teller.lang
    due = ""
    if work.due_on is not None:
        due = say("atlas.work_due", lang, due=numbers.format_date_vi(work.due_on))
    wide = pen.width(due, _SMALL, "Italic") if due else 0.0
    pen.text(x, y + 4.0, work.name, _PT, "Medium", room=w - wide - 4)
    pen.text(x + w, y + 4.0, due, _SMALL, "Italic", "#3a3a36", ha="right")
    planned, poured, accepted = (
        work.measures.get(k) for k in ("planned_km", "poured_km", "accepted_km")
    )
    top, high = y + 5.8, 5.2
    whole = _value(planned)
    if whole:
        part = min(_value(poured) / whole, 1.0) * w
        done = min(_value(accepted) / whole, 1.0) * w
        pen.rect(x, top, w, high, PAPER, INK, 0.3)
        if pen.page.bw:
            pen.hatch(x, top, part, high, BLACK)
        else:
            pen.rect(x, top, part, high, _POURED)
        pen.rect(x, top, done, high, _ACCEPTED if not pen.page.bw else BLACK)
        pen.rect(x, top, w, high, "none", INK, 0.3, z=34)
        for end in {part, done} - {0.0}:
            pen.line(x + end, top, x + end, top + high, 0.3, INK)
    _key(pen, teller, (planned, poured, accepted), (x, top + high + 4.3, w))
    return top + high + 6.4


def _value(measure: Measure | None) -> float:
    return 0.0 if measure is None or measure.value is None else measure.value


def _key(
    pen: Pen, teller: Teller, found: Sequence[Measure | None], place: Place
) -> None:  # fmt: skip
    """Say the three lengths with samples of the bar; they are those of the measures."""
    x, y, w = place
    planned, poured, accepted = found
    looks = (("accepted", accepted), ("poured", poured), ("planned", planned))
    for look, measure in looks:
        said = say("atlas.no_value", teller.lang)
        if measure is not None and teller.known(measure):
            said = f"{teller.speech.value(measure)}\u00a0km"
        if look == "accepted":
            pen.rect(x, y - 2.6, 4, 2.8, BLACK if pen.page.bw else _ACCEPTED)
        elif look == "poured" and pen.page.bw:
            pen.hatch(x, y - 2.6, 4, 2.8, BLACK)
            pen.rect(x, y - 2.6, 4, 2.8, "none", INK, 0.2)
        else:
            pen.rect(x, y - 2.6, 4, 2.8, _POURED if look == "poured" else PAPER, INK, 0.2)
        told = say(f"atlas.bar_{look}", teller.lang, km=said)
        x += 5.4 + pen.text(x + 5.2, y, told, _SMALL, room=w / 3 - 6) + 5.5


# --- money ----------------------------------------------------------------------------------------


def money(pen: Pen, teller: Teller, context: Context, place: Place, most: int) -> float:
    """Draw planned and paid money of so many works; return where they end."""
    x, y, w = place
    lang = teller.lang
    y = pen.heading(x, y, say("atlas.money", lang), w)
    names = ("id", "name", "planned_million", "paid_million", "paid_share")
    found = rows(context, "money_works", names)
    if not found:
        return pen.paragraph(x, y + 4, say("atlas.no_money", lang), _PT, w, most=2)
    bar = 30.0
    ends = (x + w - bar - 23, x + w - bar - 3.5)
    for end, key in zip(ends, ("planned", "paid"), strict=True):
        pen.text(end, y + 3.2, say(f"atlas.{key}", lang), _SMALL, "Medium", GREY, ha="right")
    pen.text(x + w - bar, y + 3.2, say("atlas.share", lang), _SMALL, "Medium", GREY)
    y += 4.6
    for row in found[:most]:
        base = y + 4.0
        room = ends[0] - x - 17
        pen.text(x, base, str(row["name"] or row["id"]), _PT, room=room)
        for end, key in zip(ends, ("planned_million", "paid_million"), strict=True):
            pen.text(end, base, _million(row[key], lang), _PT, "SemiBold", ha="right")
        _share(pen, row["paid_share"], (x + w - bar, y + 0.9, bar), lang)
        y += _ROW
    if len(found) > most:
        more = say("atlas.more_works", lang, n=len(found) - most)
        pen.text(x, y + 3.4, more, _SMALL, "Italic", GREY)
        y += 5
    return y


def _million(value: Value, lang: str) -> str:
    if not isinstance(value, int | float):
        return "–"
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(value, "", 0 if float(value).is_integer() else 1)


def _share(pen: Pen, share: Value, place: Place, lang: str) -> None:
    """Draw the share paid; nothing where it is not known."""
    x, y, w = place
    if not isinstance(share, int | float):
        pen.text(x, y + 3.1, "–", _SMALL, colour=GREY)
        return
    long = w - 15.0
    pen.rect(x, y, long, 3.4, PAPER, RULE, 0.2)
    pen.rect(x, y, long * min(share / 100, 1.0), 3.4, BLACK if pen.page.bw else _PAID)
    show = numbers.format_en if lang == "en" else numbers.format_vi
    pen.text(x + w, y + 3.1, show(share, "%", 0), _SMALL, ha="right")


# --- villages -------------------------------------------------------------------------------------


def lacking(pen: Pen, lang: str, context: Context, place: Place, bottom: float) -> None:
    """Draw the villages that lack something, in columns, down to `bottom`."""
    x, y, w = place
    every = having.villages(context)
    short = having.lacking(every)
    head = say("atlas.lacking", lang)
    if short:
        head = f"{head}: {say('atlas.lacking_count', lang, n=len(short), all=len(every))}"
    y = pen.heading(x, y, head, w)
    if not short:
        for said in _none_lacks(lang, every):
            y = pen.paragraph(x, y + 4, said, _PT, w, most=4) - 2.5
        return
    if bottom - y < _LEAST_TABLE:
        names = ", ".join(one.name for one in short)
        lines = max(int((bottom - y) / pen.lead(_PT)), 1)
        pen.paragraph(x, y + 3.6, names, _PT, w, most=lines)
        return
    columns = 1 if len(short) <= int((bottom - y - 12) / 4.8) else 2
    _table(pen, lang, short, (x, y, w), bottom, columns)


def _none_lacks(lang: str, every: Sequence[having.Having]) -> list[str]:
    """Say that no village is known to lack anything, and what is not known."""
    if not every:
        return [say("atlas.no_villages", lang)]
    parts = [
        say("atlas.lacks_unknown_of", lang, what=say(f"atlas.has_{k}", lang).lower(), n=n)
        for k, n in having.unknown(every).items()
    ]
    known = any(having.YES in one.states for one in every)
    said = [say("atlas.nothing_lacks" if known else "atlas.lacks_not_known", lang)]
    return [*said, say("atlas.lacks_unknown", lang, what=", ".join(parts))] if parts else said


def _table(
    pen: Pen,
    lang: str,
    short: Sequence[having.Having],
    place: Place,
    bottom: float,
    columns: int,
) -> None:
    x, y, w = place
    gap, row = 5.0, 4.8
    wide = (w - gap * (columns - 1)) / columns
    cell = _WIDE_CELL if columns == 1 else _NARROW_CELL
    names = wide - cell * len(having.KINDS)
    lines = max(
        len(pen.lines(say(f"atlas.has_{k}", lang), 8.6, cell - 1.8, 2)) for k in having.KINDS
    )
    tall = lines * pen.lead(8.6) + 1.0
    per = max(int((bottom - y - tall - 5.0) / row), 1)
    for c in range(columns):
        left = x + c * (wide + gap)
        for k, kind in enumerate(having.KINDS):
            middle = left + names + cell * (k + 0.5)
            for i, line in enumerate(pen.lines(say(f"atlas.has_{kind}", lang), 8.6, cell - 1.8, 2)):
                pen.text(middle, y + 2.8 + i * pen.lead(8.6), line, 8.6, "Medium", GREY,
                         ha="center")  # fmt: skip
        top = y + tall
        for one in short[c * per : (c + 1) * per]:
            pen.line(left, top, left + wide, top, 0.12, "#c9c5b8")
            pen.text(left, top + 3.6, one.name, _PT, room=names - 1)
            for k, state in enumerate(one.states):
                pen.state(left + names + cell * (k + 0.5), top + row / 2, 1.25, state)
            top += row
    _states_key(pen, lang, len(short) - per * columns, (x, bottom - 0.6, w))


def _states_key(pen: Pen, lang: str, more: int, place: Place) -> None:
    x, y, w = place
    pt = 8.6
    for state, key in (("no", "missing"), ("unknown", "unknown"), ("yes", "there")):
        pen.state(x + 1.5, y - pt * BAND * 0.36, 1.2, state)
        x += 4.2 + pen.text(x + 3.8, y, say(f"atlas.key_{key}", lang), pt, colour=GREY) + 4.5
    if more > 0:
        said = say("atlas.more_villages", lang, n=more)
        pen.text(place[0] + w, y, said, pt, "Italic", GREY, ha="right",
                 room=place[0] + w - x)  # fmt: skip
    else:
        pen.text(place[0] + w, y, say("atlas.lacking_note", lang), pt, "Italic", GREY,
                 ha="right", room=place[0] + w - x)  # fmt: skip
