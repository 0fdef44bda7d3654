"""Where a number comes from: from the figure down to features, rows and files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from ntm_gis import numbers
from ntm_gis import text as texts
from ntm_gis.errors import UsageError
from ntm_gis.layers.values import Account, Answer, Layers
from ntm_gis.outputs import wording
from ntm_gis.outputs.features import Feature, Features, ordered
from ntm_gis.outputs.gates import plain
from ntm_gis.outputs.numbering import Group as Alike
from ntm_gis.outputs.numbering import grouped, head, numbered, rows_of
from ntm_gis.outputs.results_json import finding_entry, input_entries, measure_entry, rounded
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import LANGUAGES, Contribution, Finding, Measure, Severity, shown
from ntm_gis.rules.terms import say, term

MOST_FINDINGS = 6
"""Lines of findings that the terminal shows, the gravest first; the rest is counted."""

MOST_MEANT = 5
"""Measures that are named where none, or several, are called as asked."""

MOST_PARTS = 20
"""Features of each table that the terminal shows, the largest first; JSON holds them all."""


@dataclass(frozen=True)
class Explanation:
    """A measure with all that stands behind it.

    Parameters
    ----------
    measure : Measure
    parts : tuple of (Contribution, Feature)
        What each feature puts in and the row it is; unknown ones first, then the largest.
    inputs : tuple of Account
        How the rows of the files behind it were used.
    findings : tuple of (int, Finding)
        What was found that touches it, with the numbers of all lists.
    """

    measure: Measure
    parts: tuple[tuple[Contribution, Feature], ...]
    inputs: tuple[Account, ...]
    findings: tuple[tuple[int, Finding], ...]
    speeches: Mapping[str, Speech]
    """Words of the answer that the measure is of, by language."""

    @property
    def unknown(self) -> list[tuple[Contribution, Feature]]:
        """Features whose part is not known."""
        return [part for part in self.parts if part[0].unknown]

    @property
    def counted(self) -> list[tuple[Contribution, Feature]]:
        """Features that put something in."""
        return [part for part in self.parts if not part[0].unknown and part[0].amount != 0]

    @property
    def not_counted(self) -> list[tuple[Contribution, Feature]]:
        """Features that are known and put nothing in."""
        return [part for part in self.parts if not part[0].unknown and part[0].amount == 0]


def measure_of(answer: Answer, asked: str) -> Measure:
    """Return a measure by its id, or by its title or a part of it, with or without diacritics.

    Raises
    ------
    UsageError
        There is no such measure, or several; the sentence names those that may be meant.
    """
    by_id = {measure.id: measure for measure in answer.measures}
    if asked in by_id:
        return by_id[asked]
    told = {m.id: [texts.fold(t) for t in (m.title.vi, m.title.en, m.id)] for m in answer.measures}
    wanted = texts.fold(asked)
    pieces = wanted.split()
    whole = [id_ for id_ in by_id if wanted in told[id_]]
    row = [id_ for id_ in by_id if wanted and any(wanted in title for title in told[id_])]
    part = [
        id_ for id_ in by_id
        if pieces and any(all(piece in title for piece in pieces) for title in told[id_])
    ]  # fmt: skip
    for found in (whole, row, part):
        if len(found) == 1:
            return by_id[found[0]]
    close = row or part or texts.suggestions(asked, sorted(by_id), MOST_MEANT)
    if not close:
        raise UsageError("MEASURE_UNKNOWN", measure=asked)
    meant = tuple(f"{by_id[id_].title.vi} ({id_})" for id_ in close[:MOST_MEANT])
    raise UsageError("MEASURE_UNKNOWN_MEANT", measure=asked, meant="; ".join(meant))


def explain(answer: Answer, layers: Layers, asked: str) -> Explanation:
    """Return what stands behind a measure, asked for as in `measure_of`.

    Raises
    ------
    UsageError
        There is no such measure; the sentence names those that come close.
    """
    measure = measure_of(answer, asked)
    features = Features(layers)
    return Explanation(
        measure,
        tuple((part, features.find(part.layer, part.id)) for part in ordered(measure)),
        _inputs(measure, layers),
        tuple((n, f) for n, f in numbered(answer.findings) if measure.id in f.affects),
        {lang: Speech(answer, lang, layers) for lang in LANGUAGES},
    )


def _inputs(measure: Measure, layers: Layers) -> tuple[Account, ...]:
    """Return how the rows behind a measure were used: of a file those of its layers.

    A workbook has a sheet for each of many layers; files of which none of the layers is told in
    the evidence are named whole.
    """
    told = {part.layer for part in measure.evidence.features}
    accounts = sorted(layers.accounts, key=lambda a: (a.file, a.table or "", a.layer))
    of_files = [a for a in accounts if a.file in set(measure.evidence.inputs)]
    own = {a.file for a in of_files if a.layer in told}
    return tuple(a for a in of_files if a.layer in told or a.file not in own)


def as_json(told: Explanation) -> dict[str, Any]:
    """Return an explanation as plain values: the measure with every one of its features."""
    return {
        "measure": measure_entry(told.measure),
        "features": [
            {
                "layer": part.layer,
                "id": part.id,
                "name": feature.name,
                "amount": rounded(part.amount),
                "unknown": part.unknown,
                "weight": rounded(part.weight),
                "file": feature.file,
                "table": feature.table,
                "row": feature.row,
            }
            for part, feature in told.parts
        ],
        "inputs": input_entries(told.inputs),
        "findings": [{"number": n, **finding_entry(f)} for n, f in told.findings],
    }


def text(told: Explanation, lang: str) -> Group:
    """Return an explanation for the terminal."""
    measure = told.measure
    lines: list[Text | Table] = [
        Text(f"{told.speeches[lang].marked(measure)} · {measure.id}", style="bold"),
        *_figures(measure, told.speeches[lang]),
    ]
    for title, parts in (
        ("unknown_ones", told.unknown),
        ("counted", told.counted),
        ("not_counted", told.not_counted),
    ):
        if parts:
            lines.append(Text(f"\n{term(title).of(lang)} ({len(parts)})", style="bold"))
            lines.append(_parts(measure, parts[:MOST_PARTS], lang))
        if len(parts) > MOST_PARTS:
            lines.append(Text(say("contributions_more", lang, n=len(parts) - MOST_PARTS)))
    if not told.parts:
        lines.append(Text(term("none_listed").of(lang)))
    if told.inputs:
        lines.append(Text(f"\n{term('documents').of(lang)}", style="bold"))
        lines += [_input(account, lang) for account in told.inputs]
    if told.findings:
        lines.append(Text(f"\n{term('findings').of(lang)} ({len(told.findings)})", style="bold"))
        lines += _findings(told.findings, lang)
    return Group(*lines)


def _figures(measure: Measure, speech: Speech) -> list[Text]:
    lang = speech.lang
    value, unit = speech.value(measure), speech.unit(measure)
    rows = [(term("value").of(lang), f"{value} {unit}" if unit else value)]
    certainty = speech.certainty(measure)
    if certainty:
        rows.append((term("range").of(lang), certainty))
    edge = shown.report_edge(measure)
    if edge is not None and not measure.certain and not speech.absent(measure):
        show = numbers.format_en if lang == "en" else numbers.format_vi
        confirmed = show(edge, unit, shown.places(measure))
        rows.append((term("report_value").of(lang), confirmed))
    rows.append((term("made_of").of(lang), speech.fraction(measure)))
    rows.append((term("how").of(lang), speech.method(measure)))
    rows += [(term("notes_of").of(lang), note) for note in speech.notes(measure)]
    return [Text(plain(f"{name}: {words}")) for name, words in rows if words]


def _parts(measure: Measure, parts: Sequence[tuple[Contribution, Feature]], lang: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for key in ("feature", "amount", "file"):
        table.add_column(term(key).of(lang), justify="right" if key == "amount" else "left")
    for part, feature in parts:
        name = feature.label(lang)
        amount = part.weight if part.unknown else part.amount
        words = wording.amount_words(measure, amount, lang) if amount is not None else ""
        if part.unknown:
            words = f"{term('unknown').of(lang)} {words}".rstrip()
        table.add_row(
            Text(plain(f"{name} ({wording.layer_title(part.layer, lang).lower()})")),
            Text(words),
            Text(plain(wording.place_words(feature.file, feature.table, feature.row, lang))),
        )
    return table


def _input(account: Account, lang: str) -> Text:
    name = wording.short_file(account.file)
    if account.table and wording.shows_table(account.file, account.table):
        name = f"{name} · {account.table}"
    counts = say(
        "used_of_rows", lang, used=account.used, rows=account.rows_in, aside=account.set_aside
    )
    mark = wording.digest(account.sha256) or term("not_read").of(lang)
    return Text(plain(f"{name}: {counts} · {term('fingerprint').of(lang)} {mark}"))


def _findings(findings: Sequence[tuple[int, Finding]], lang: str) -> list[Text]:
    """Return the gravest findings, those of one kind as one, then how many there are besides."""
    lines: list[Text] = []
    left: list[Finding] = []
    for group in grouped(findings):
        if len(lines) >= MOST_FINDINGS:
            left += [finding for _, finding in group.items]
        elif group.folded:
            lines.append(_alike(group, lang))
        else:
            room = MOST_FINDINGS - len(lines)
            lines += [_finding(number, finding, lang) for number, finding in group.items[:room]]
            left += [finding for _, finding in group.items[room:]]
    if left:
        count = Counter(finding.severity for finding in left)
        kinds = ", ".join(f"{term(str(s)).of(lang)}: {count[s]}" for s in Severity if count[s])
        lines.append(Text(say("explain_more", lang, n=len(left), kinds=kinds)))
    return lines


def _alike(group: Alike, lang: str) -> Text:
    first, last = group.items[0][0], group.items[-1][0]
    severity = term(str(group.items[0][1].severity)).of(lang)
    count = say("findings_count", lang, n=len(group.items))
    told = Text(plain(f"{f'{first}–{last}':>6}  [{severity}] {head(group, lang)} ({count})"))
    places = rows_of(group, lang)
    if places:
        told.append(plain(f" ({'; '.join(places)})"), style="dim")
    return told


def _finding(number: int, finding: Finding, lang: str) -> Text:
    told = Text(plain(f"{number:>4}  [{term(str(finding.severity)).of(lang)}] "))
    told.append(plain(finding.message.of(lang)))
    where = wording.where(finding, lang)
    if where:
        told.append(plain(f" ({where})"), style="dim")
    return told
