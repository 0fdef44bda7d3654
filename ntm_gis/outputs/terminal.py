"""What commands show on the terminal: tables of figures and findings, and questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rich.console import Group
from rich.prompt import Prompt
from rich.table import Table
from rich.text import Text

from ntm_gis import numbers
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import wording
from ntm_gis.outputs.numbering import numbered
from ntm_gis.results import Finding, Measure, Severity, Words, shown
from ntm_gis.rules.commune import Commune
from ntm_gis.rules.terms import term

Ask = Callable[[Words, Sequence[tuple[str, str]], str | None], str | None]

HEADLINE = (
    "commune.area_ha", "commune.population", "commune.households",
    "roads.length_km.commune", "roads.paved_share.commune",
    "roads.length_km.village", "roads.hardened_share.village",
    "villages.with_cultural_house_share", "schools.facility_level_1_share",
    "irrigation.served_share", "loudspeakers.villages_share",
    "tea.area_ha", "tea.harvest_ha", "funds.total",
)  # fmt: skip
"""Measures of the summary, in its order."""

MOST_FINDINGS = 40

_PROVISIONAL = (Severity.STOP, Severity.BLOCK)


def summary(
    answer: Answer, layers: Layers, commune: Commune, written: Iterable[Path], lang: str
) -> Group:
    """Return what `run` shows at its end: figures, findings by severity, what was written."""
    who = commune.commune
    head = Text(
        f"{term('commune').of(lang)} {who.name} ({who.code}), {who.province} · "
        f"{term('as_of').of(lang)} {numbers.format_date_vi(who.as_of)}"
    )
    if who.sample:
        head.append(f" · {term('sample').of(lang)}")
    by_id = {measure.id: measure for measure in answer.measures}
    headline = [by_id[name] for name in HEADLINE if name in by_id]
    pages = [path for path in written if path.name == "index.html"] or list(written)[:1]
    blocked = {name for f in answer.findings if f.severity in _PROVISIONAL for name in f.affects}
    return Group(
        head, _figures(headline, blocked, lang), _severities(answer.findings, lang),
        _accounts(layers, lang), *(Text(str(path)) for path in pages),
    )  # fmt: skip


def checked(layers: Layers, commune: Commune, lang: str) -> Group:
    """Return what `check` shows: findings in order, then how the rows were used."""
    del commune
    rows = numbered(layers.findings)
    parts: list[Table | Text] = [_severities(layers.findings, lang)]
    for number, finding in rows[:MOST_FINDINGS]:
        parts.append(_finding(number, finding, lang))
    if len(rows) > MOST_FINDINGS:
        left = len(rows) - MOST_FINDINGS
        parts.append(Text(term("more_findings").of(lang).replace("{count}", str(left))))
    return Group(*parts, _accounts(layers, lang))


def lines(sentences: Iterable[Words], lang: str) -> Group:
    """Return sentences one below the other."""
    return Group(*(Text(sentence.of(lang)) for sentence in sentences))


def _figures(measures: Sequence[Measure], blocked: set[str], lang: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(term("measure").of(lang))
    table.add_column(term("value").of(lang), justify="right")
    table.add_column(term("range").of(lang), justify="right")
    table.add_column(term("unit").of(lang))
    for measure in measures:
        open_ = wording.nothing_known(measure)
        table.add_row(
            _title(measure, blocked, lang),
            term("nothing_known").of(lang)
            if open_
            else shown.value(measure.value, measure.unit, lang),
            "" if open_ else shown.bounds(measure, lang),
            "" if open_ else shown.unit_name(measure.unit, lang),
        )
    return table


def _title(measure: Measure, blocked: set[str], lang: str) -> str:
    """Return the title of a measure, marked where a finding keeps it from being official."""
    mark = f" ({term('provisional').of(lang)})" if measure.id in blocked else ""
    return f"{measure.title.of(lang)}{mark}"


def _severities(findings: Sequence[Finding], lang: str) -> Text:
    count = Counter(finding.severity for finding in findings)
    words = [f"{term(str(s)).of(lang)}: {count[s]}" for s in Severity]
    return Text(f"{term('findings').of(lang)}  " + " · ".join(words), style="bold")


def _finding(number: int, finding: Finding, lang: str) -> Text:
    where = " · ".join(
        part
        for part in (
            finding.file,
            finding.table,
            f"{term('row').of(lang)} {finding.row}" if finding.row is not None else None,
        )
        if part
    )
    text = Text(f"{number:>4}  [{term(str(finding.severity)).of(lang)}] ")
    text.append(finding.message.of(lang))
    if where:
        text.append(f"\n      {where}", style="dim")
    if finding.repair is not None:
        text.append(f"\n      → {finding.repair.of(lang)}")
    return text


def _accounts(layers: Layers, lang: str) -> Text:
    rows = sum(account.rows_in for account in layers.accounts)
    used = sum(account.used for account in layers.accounts)
    files = len({account.file for account in layers.accounts})
    line = term("accounts").of(lang)
    for name, value in (
        ("files", files), ("rows", rows), ("used", used),
        ("aside", sum(a.set_aside for a in layers.accounts)),
        ("refused", sum(a.refused for a in layers.accounts)),
    ):  # fmt: skip
        line = line.replace(f"{{{name}}}", numbers.format_vi(float(value), "", 0))
    return Text(line, style="dim")


def ask(lang: str) -> Ask:
    """Return the one that asks a person: a question, numbered answers, a proposal."""

    def question(
        words: Words, answers: Sequence[tuple[str, str]], proposal: str | None
    ) -> str | None:
        asked = [words.of(lang)]
        asked += [f"  {i}. {label}" for i, (_, label) in enumerate(answers, 1)]
        asked.append(f"  0. {term('leave_open').of(lang)}")
        keys = [key for key, _ in answers]
        default = str(keys.index(proposal) + 1) if proposal in keys else "0"
        picked = Prompt.ask(
            "\n".join(asked), choices=[str(i) for i in range(len(keys) + 1)],
            default=default, show_choices=False,
        )  # fmt: skip
        return keys[int(picked) - 1] if picked != "0" else None

    return question


def no_answer(_: Words, __: Sequence[tuple[str, str]], ___: str | None) -> str | None:
    """Answer nothing: there is nobody to ask."""
    return None
