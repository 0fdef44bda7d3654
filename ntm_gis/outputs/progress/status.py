"""Progress of road works in the terminal: a row a work, and the check code of the record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table
from rich.text import Text

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import gates
from ntm_gis.outputs.progress.model import LENGTHS, Work
from ntm_gis.outputs.progress.reading import works
from ntm_gis.outputs.progress.said import between, day, metres
from ntm_gis.outputs.results_json import rounded, rounded_bounds
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import Measure
from ntm_gis.rules.terms import say, term

_WIDE_FROM = 112
"""Columns of a terminal that hold a row a work; narrower ones get a block a work."""


@dataclass(frozen=True)
class ProgressStatus:
    """What `progress status` shows, fitted to the width of the terminal by rich."""

    opening: str
    works: tuple[Work, ...]
    speech: Speech
    foot: str

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield the parts from top to bottom."""
        yield Text(self.opening)
        if self.works and options.max_width >= _WIDE_FROM:
            yield _table(self.works, self.speech)
        else:
            for work in self.works:
                yield Text()
                yield from _block(work, self.speech)
        if self.foot:
            yield Text()
            yield Text(self.foot, style="bold")


def progress_status(
    answer: Answer, layers: Layers, lang: str = "vi", *, record_head: str | None = None
) -> ProgressStatus:
    """Return what `progress status` shows.

    Parameters
    ----------
    answer : Answer
    layers : Layers
    lang : str
        "vi" or "en".
    record_head : str, optional
        Check code of the record; None where there is no record.
    """
    who = layers.commune.commune
    found = works(answer, layers, lang)
    name = gates.plain(who.name)
    opening = (
        say("chapter_opening", lang, on=who.as_of, name=name, n=len(found))
        if found
        else say("chapter_none", lang, on=who.as_of, name=name)
    )
    foot = say("record_head", lang, code=record_head) if record_head else ""
    return ProgressStatus(opening, found, Speech(answer, lang, layers), foot)


def _block(work: Work, speech: Speech) -> Iterator[RenderableType]:
    """Yield one work for a narrow terminal: a line a length."""
    lang = speech.lang
    span = f" · {between(*work.span)}" if work.span else ""
    yield Text(gates.plain(f"{work.id} · {work.name}{span}"), style="bold")
    table = Table(box=None, pad_edge=True, show_header=False)
    table.add_column()
    table.add_column(justify="right", no_wrap=True)
    table.add_column(style="dim")
    for name in (*LENGTHS, "accepted_share"):
        measure = work.measures.get(name)
        if measure is not None:
            key = "share_of" if name == "accepted_share" else f"work_length.{name}"
            mark = speech.mark if measure.id in speech.provisional else ""
            beside = " ".join(part for part in (speech.range(measure), mark) if part)
            table.add_row(term(key).of(lang), speech.with_unit(measure), beside)
    if work.disputed_m:
        table.add_row(term("disputed_of").of(lang), metres(work.disputed_m, lang), "")
    last = _last(work, lang).replace("\n", " · ")
    table.add_row(term("last_report_of").of(lang), Text(last), "")
    yield table


def _table(found: tuple[Work, ...], speech: Speech) -> Table:
    lang = speech.lang
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 1, 0))
    table.add_column(term("work_of").of(lang), overflow="fold", min_width=14)
    for name in LENGTHS:
        key = "poured_of" if name == "poured_km" else f"work_length.{name}"
        table.add_column(f"{term(key).of(lang)} (km)", justify="right", min_width=6)
    table.add_column(term("share_of").of(lang), justify="right")
    table.add_column(term("disputed_of").of(lang), justify="right")
    table.add_column(term("last_report_of").of(lang), min_width=10, overflow="fold")
    for work in found:
        table.add_row(
            Text(gates.plain(f"{work.id} · {work.name}")),
            *(_cell(work.measures.get(name), speech) for name in LENGTHS),
            _cell(work.measures.get("accepted_share"), speech, unit=True),
            Text(metres(work.disputed_m, lang) if work.disputed_m else "–"),
            Text(_last(work, lang)),
        )
    return table


def _cell(measure: Measure | None, speech: Speech, *, unit: bool = False) -> Text:
    if measure is None:
        return Text("–")
    text = Text(speech.with_unit(measure) if unit else speech.value(measure))
    known = speech.range(measure)
    if known:
        text.append(f"\n({known})", style="dim")
    if measure.id in speech.provisional:
        text.append(f"\n{speech.mark}", style="dim")
    return text


def _last(work: Work, lang: str) -> str:
    last = work.last_report
    if last is None:
        return "–"
    return gates.plain(f"{day(last.on, lang)}\n{last.id}")


def progress_rows(answer: Answer, layers: Layers) -> list[dict[str, Any]]:
    """Return the same as plain values for programs: a mapping a work, numbers as in results.json.

    Returns
    -------
    list of dict
        `work_id`, `name`, each length and `accepted_share` as value, low and high, `disputed_m`,
        `last_report` with `id` and `on`, or null.
    """
    out = []
    for work in works(answer, layers, "vi"):
        last = work.last_report
        out.append({
            "work_id": gates.text_for_json(work.id),
            "name": gates.text_for_json(work.name),
            **{
                name: _plain(measure)
                for name in (*LENGTHS, "accepted_share")
                if (measure := work.measures.get(name)) is not None
            },
            "disputed_m": work.disputed_m,
            "last_report": None
            if last is None or last.on is None
            else {"id": gates.text_for_json(last.key), "on": last.on.isoformat()},
        })  # fmt: skip
    return out


def _plain(measure: Measure) -> dict[str, float | None]:
    low, high = rounded_bounds(measure)
    return {"value": rounded(measure.value), "low": low, "high": high}
