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
from ntm_gis.outputs.gates import plain
from ntm_gis.outputs.numbering import Group as Alike
from ntm_gis.outputs.numbering import grouped, head, numbered, rows_of
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import Finding, Measure, Severity, Words, sentence
from ntm_gis.rules.commune import Commune
from ntm_gis.rules.terms import say, term

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
MOST_APART = 10
ONE_BY_ONE = frozenset({
    "COLUMN_MISSING", "VALUE_NOT_NUMBER", "VALUE_NOT_WHOLE", "VALUE_OUT_OF_RANGE",
    "UNIT_CONVERTED", "FUNDS_SUM", "ROAD_LENGTH_DIFFERS", "FIGURE_CONFLICT",
})  # fmt: skip
"""Codes whose findings, up to so many, are told one by one: each names a column or a figure."""

MOST_PATHS = 6
"""Files named at the end, where there is no start page among them."""


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
    speech = Speech(answer, lang, layers)
    headline = [speech.by_id[name] for name in HEADLINE if name in speech.by_id]
    made = list(written)
    pages = [path for path in made if path.name == "index.html"] or made[:MOST_PATHS]
    paths = [Text(str(path), no_wrap=True, overflow="ignore") for path in pages]
    return Group(
        head, _figures(headline, speech), _severities(answer.findings, lang),
        _accounts(layers, lang), *paths,
    )  # fmt: skip


def checked(layers: Layers, commune: Commune, lang: str) -> Group:
    """Return what `check` shows: findings in order, then how the rows were used."""
    del commune
    groups = grouped(numbered(layers.findings))
    parts: list[Table | Text] = [_severities(layers.findings, lang)]
    told = left = 0
    for group in groups:
        if told >= MOST_FINDINGS:
            left += len(group.items)
        elif group.folded and not (group.code in ONE_BY_ONE and len(group.items) <= MOST_APART):
            parts.append(_alike(group, lang))
            told += 1
        else:
            parts += [finding_text(number, finding, lang) for number, finding in group.items]
            told += len(group.items)
    if left:
        parts.append(Text(say("more_findings", lang, count=left)))
    return Group(*parts, _accounts(layers, lang))


def lines(sentences: Iterable[Words], lang: str) -> Group:
    """Return sentences one below the other."""
    return Group(*(Text(sentence.of(lang)) for sentence in sentences))


def _figures(measures: Sequence[Measure], speech: Speech) -> Table:
    lang = speech.lang
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(term("measure").of(lang))
    table.add_column(term("value").of(lang), justify="right")
    table.add_column(term("range").of(lang), justify="right")
    table.add_column(term("unit").of(lang))
    for measure in measures:
        table.add_row(
            speech.marked(measure), speech.value(measure), speech.range(measure),
            speech.unit(measure),
        )  # fmt: skip
    return table


def _severities(findings: Sequence[Finding], lang: str) -> Text:
    count = Counter(finding.severity for finding in findings)
    words = [f"{term(str(s)).of(lang)}: {count[s]}" for s in Severity]
    return Text(f"{term('findings').of(lang)}  " + " · ".join(words), style="bold")


def finding_text(number: int, finding: Finding, lang: str) -> Text:
    """Return a finding as the terminal shows it: number, severity, sentence, place, repair."""
    where = wording.where(finding, lang)
    text = Text(f"{number:>4}  [{term(str(finding.severity)).of(lang)}] ")
    text.append(finding.message.of(lang))
    if where:
        text.append(f"\n      {where}", style="dim")
    if finding.repair is not None:
        text.append(f"\n      → {finding.repair.of(lang)}")
    return text


def _alike(group: Alike, lang: str) -> Text:
    """Return findings of one code as one: what they say together, and where each is."""
    first, last = group.items[0][0], group.items[-1][0]
    severity = group.items[0][1].severity
    text = Text(f"{f'{first}–{last}':>6}  [{term(str(severity)).of(lang)}] ")
    text.append(f"{head(group, lang)} ({say('findings_count', lang, n=len(group.items))})")
    for where in rows_of(group, lang):
        text.append(f"\n      {where}", style="dim")
    repairs = dict.fromkeys(f.repair.of(lang) for _, f in group.items if f.repair is not None)
    if len(repairs) == 1:
        text.append(f"\n      → {next(iter(repairs))}")
    return text


def _accounts(layers: Layers, lang: str) -> Text:
    accounts = layers.accounts
    line = say(
        "accounts", lang, files=len({account.file for account in accounts}),
        rows=sum(a.rows_in for a in accounts), used=sum(a.used for a in accounts),
        aside=sum(a.set_aside for a in accounts), refused=sum(a.refused for a in accounts),
    )  # fmt: skip
    return Text(line, style="dim")


def ask(lang: str) -> Ask:
    """Return the one that asks a person: a question, numbered answers, a proposal."""

    def question(
        words: Words, answers: Sequence[tuple[str, str]], proposal: str | None
    ) -> str | None:
        asked = [words.of(lang)]
        asked += [f"  {i}. {in_one(label, lang)}" for i, (_, label) in enumerate(answers, 1)]
        asked.append(f"  0. {term('leave_open').of(lang)}")
        keys = [key for key, _ in answers]
        default = str(keys.index(proposal) + 1) if proposal in keys else "0"
        # Text, no markup: a file may be called "[bold].shp".
        asking = Prompt(
            Text(plain("\n".join(asked))), choices=[str(i) for i in range(len(keys) + 1)],
            show_choices=False,
        )  # fmt: skip
        asking.illegal_choice_message = sentence("ANSWER_WRONG", {"most": len(keys)}).of(lang)
        try:
            picked = asking(default=default)
        except EOFError:  # nobody is there to answer any more
            return None
        return keys[int(picked) - 1] if picked != "0" else None

    return question


def in_one(label: str, lang: str) -> str:
    """Return an answer given as "Vietnamese / English" in the language of the person asked.

    Examples
    --------
    >>> in_one("Xã cũ / Former communes", "vi"), in_one("Lát gạch, đá", "en")
    ('Xã cũ', 'Lát gạch, đá')
    """
    parts = label.split(" / ")
    return parts[lang == "en"] if len(parts) == 2 else label


def no_answer(_: Words, __: Sequence[tuple[str, str]], ___: str | None) -> str | None:
    """Answer nothing: there is nobody to ask."""
    return None
