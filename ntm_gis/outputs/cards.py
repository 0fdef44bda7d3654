"""Figures, findings and criteria as small HTML tables, for notebooks; every text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from ntm_gis import numbers
from ntm_gis.outputs import page
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.numbering import numbered
from ntm_gis.outputs.speech import Speech
from ntm_gis.outputs.wording import short_file, shows_table
from ntm_gis.results import Finding, Measure
from ntm_gis.rules.terms import say, term

if TYPE_CHECKING:
    from ntm_gis.layers.values import Answer, Layers
    from ntm_gis.rules.commune import Commune

MOST = 200
"""Rows of a table; the rest is counted below it."""
CRITERION = "criterion."


@dataclass(frozen=True, slots=True)
class _Head:
    title: str
    columns: tuple[str, ...]
    right: tuple[int, ...] = ()
    unbroken: tuple[int, ...] = ()


def figures(
    answer: Answer, layers: Layers, commune: Commune, lang: str, beginning: str = ""
) -> str:
    """Return measures as a table: title, value, what is certain, unit, method.

    Parameters
    ----------
    beginning : str
        Only measures whose id begins so ("roads."); all where left out.
    """
    speech = Speech(answer, lang, layers)
    rows = [
        (
            speech.marked(measure), speech.value(measure), speech.range(measure),
            speech.unit(measure), measure.id,
        )
        for measure in answer.measures
        if measure.id.startswith(beginning) and not speech.pending(measure)
    ]  # fmt: skip
    columns = tuple(
        term(f"card_{name}").of(lang) for name in ("figure", "value", "certain", "unit", "id")
    )
    return _table(_Head(_title(commune, lang), columns, (1, 2)), rows, lang)


def findings(answer: Answer, commune: Commune, lang: str) -> str:
    """Return the findings as a table: number, severity, sentence, place in the files, proposal."""
    rows = [
        (
            str(number), say(f"severity.{found.severity.value}", lang), found.message.of(lang),
            _place(found, lang), found.repair.of(lang) if found.repair else "",
        )
        for number, found in numbered(answer.findings)
    ]  # fmt: skip
    columns = (
        "№",
        *(term(f"card_{n}").of(lang) for n in ("severity", "what", "place", "proposal")),
    )
    return _table(_Head(_title(commune, lang), columns, (0,), (1,)), rows, lang)


def scorecard(answer: Answer, commune: Commune, lang: str) -> str:
    """Return the criteria as a table: number, criterion, verdict, whether it may be official."""
    found = [m for m in answer.measures if m.id.startswith(CRITERION) and _of_set(m)]
    advisory = term("card_advisory").of(lang)
    rows = [
        (
            measure.id.removeprefix(CRITERION), measure.title.of(lang),
            say(f"verdict.{measure.judged.verdict.value}", lang) if measure.judged else "",
            "" if measure.judged and measure.judged.official else advisory,
        )
        for measure in found
    ]  # fmt: skip
    columns = ("№", *(term(f"card_{n}").of(lang) for n in ("criterion", "verdict", "standing")))
    return _table(_Head(_title(commune, lang), columns), rows, lang)


def frame(html: str, title: str, height_px: int = 560) -> str:
    """Return a whole page as a frame within a notebook: its content policy goes with it."""
    return (
        f'<iframe title="{escape(title)}" srcdoc="{escape(html)}" '
        f'style="width:100%;height:{height_px}px;border:1px solid #7f8b94"></iframe>'
    )


def _of_set(measure: Measure) -> bool:
    """Whether a criterion is one of the commune's own set: others bear the name of theirs."""
    return "." not in measure.id.removeprefix(CRITERION)


def _title(commune: Commune, lang: str) -> str:
    who = commune.commune
    name = say("commune_of", lang, name=who.name)
    day = numbers.format_date_vi(who.as_of)
    return f"{name} · {term('as_of').of(lang)} {day}"


def _place(found: Finding, lang: str) -> str:
    """Write file, sheet and row of a finding."""
    row = None if found.row is None else say("file_row", lang, row=str(found.row))
    file = short_file(found.file) if found.file else None
    table = found.table if shows_table(found.file, found.table) else None
    return ", ".join(part for part in (file, table, row) if part)


def _table(head: _Head, rows: Sequence[tuple[str, ...]], lang: str) -> str:
    shown = [tuple(text_for_html(cell) for cell in row) for row in rows[:MOST]]
    left = len(rows) - len(shown)
    note = say("card_more", lang, n=left) if left else ""
    template = page.environment(page.ASSETS).get_template("cards.html")
    return template.render(head=head, rows=shown, note=note)
