"""What the terminal shows of the scorecard: verdicts, limits with their status, what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from ntm_gis import numbers
from ntm_gis.outputs.results_json import finding_entry, measure_entry
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import Verdict, Words, sentence, shown
from ntm_gis.rules.terms import say, term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ntm_gis.layers.values import Answer, Layers
    from ntm_gis.results import Measure

FRAME, PAIRS = "scorecard", "compare_sets"
OFFICIAL = ("verified", "confirmed")
_SIGNS = {"at_least": "≥ ", "at_most": "≤ ", "equals": "= ", "level": "≥ "}
_NO_LIMIT = ("delegated", "unknown")
_FIELDS = (
    "id", "kind", "criterion", "code", "verdict", "value", "low", "high", "unit_of",
    "comparator", "limit_value", "citation", "law_status", "official",
)  # fmt: skip


def rows(answer: Answer, frame: str = FRAME, of: str | None = None) -> list[dict[str, Any]]:
    """Return the rows of a frame as plain values, None for what is missing.

    Parameters
    ----------
    frame : {"scorecard", "compare_sets"}
    of : str, optional
        Only rows of one criteria set.
    """
    table = answer.frames[frame].drop(columns="geometry")
    out = [
        {name: None if value != value else value for name, value in row.items()}  # noqa: PLR0124
        for row in table.astype(object).to_dict("records")
    ]
    return [row for row in out if of is None or row["criteria_set"] == of]


def scorecard(answer: Answer, layers: Layers, name: str, lang: str, folder: str) -> Group:
    """Return the scorecard of a set: counts, every criterion, what to do, what is official.

    Parameters
    ----------
    name : str
        The set.
    folder : str
        The commune's folder as it was typed, for the commands that are named.
    """
    found = rows(answer, of=name)
    speech = Speech(answer, lang, layers)
    who = layers.commune.commune
    head = Text(
        f"{say('commune_of', lang, name=who.name)} ({who.code}), {who.province} · "
        f"{term('as_of').of(lang)} {numbers.format_date_vi(who.as_of)}"
    )
    if who.sample:
        head.append(f" · {term('sample').of(lang)}")
    parts: list[Text | Table] = [head, _counts(answer, lang), *_notes(answer, name, lang)]
    parts.append(_table(found, speech))
    open_ones = [row[f"decides_{lang}"] for row in found if row[f"decides_{lang}"]]
    if open_ones:
        parts.append(Text(term("score_decides").of(lang), style="bold"))
        parts += [Text(f"- {said}") for said in open_ones]
    parts += [Text(said.of(lang)) for said in _beside(answer, name, folder)]
    parts += [Text(said.of(lang)) for said in official(found, folder)]
    return Group(*parts)


def as_json(answer: Answer, layers: Layers, name: str, label: str, folder: str) -> dict[str, Any]:
    """Return the same for `--json`."""
    found = rows(answer, of=name)
    counted = [m for m in answer.measures if m.id.startswith("score.")]
    codes = {row["code"] for row in found}
    return {
        "as_of": layers.commune.commune.as_of.isoformat(),
        "criteria_set": label,
        "score": [measure_entry(m) for m in counted],
        "scorecard": [_plain(row) for row in found],
        "compare_sets": [_pair(row) for row in rows(answer, PAIRS)],
        "official": [said.as_json() for said in official(found, folder)],
        "findings": [
            finding_entry(f)
            for f in answer.findings
            if f.code.startswith(("CRITERIA_", "LAW_", "FIGURE")) or f.feature in codes
        ],
    }


def official(found: Sequence[Mapping[str, Any]], folder: str) -> Iterator[Words]:
    """Yield in plain sentences which verdicts are official and which are for reference.

    Parameters
    ----------
    found : sequence of mapping
        Rows of the frame `scorecard` of one set.
    """
    criteria = [row for row in found if row["kind"] == "criterion"]
    judged = [row for row in criteria if row["verdict"] in (Verdict.MET, Verdict.NOT_MET)]
    sure = tuple(row["code"] for row in judged if row["official"] == "yes")
    rest = tuple(row["code"] for row in judged if row["official"] != "yes")
    waiting = sum(
        row["limit_value"] is not None and row["law_status"] not in OFFICIAL for row in found
    )  # fmt: skip
    if sure:
        yield sentence("SCORE_OFFICIAL", {"criteria": sure})
    else:
        yield sentence("SCORE_NOTHING_OFFICIAL", {})
    if rest:
        yield sentence("SCORE_REFERENCE", {"criteria": rest, "n": waiting, "folder": folder})
    yield sentence("SCORE_SELF", {})


def limit_words(row: Mapping[str, Any], lang: str) -> str:
    r"""Return a limit as it is compared: "≥ 80 %", "đạt"; a dash where there is none.

    Examples
    --------
    >>> limit_words({"comparator": "at_most", "limit_value": 13.0, "unit_of": "%"}, "vi")
    '≤ 13\xa0%'
    """
    way, limit = row["comparator"], row["limit_value"]
    if limit is None or way is None:
        return term(f"score_{way}").of(lang) if way in _NO_LIMIT else "–"
    if way == "passed":
        return term("verdict.met").of(lang).lower()
    show = numbers.format_en if lang == "en" else numbers.format_vi
    unit = shown.unit_name(row["unit_of"], lang)
    return f"{_SIGNS[way]}{show(limit)}" + (f"\u00a0{unit}" if unit else "")


def law_words(row: Mapping[str, Any], lang: str) -> str:
    """Return the status of a limit; of one confirmed its document and page too."""
    status = row["law_status"]
    if row["limit_value"] is None or status is None:
        return ""
    if status not in OFFICIAL:
        return term("score_reference").of(lang)
    return f"{term(f'law_status.{status}').of(lang)}: {row['citation']}"


def _counts(answer: Answer, lang: str) -> Text:
    by_id = {m.id: m for m in answer.measures}
    out = Text(style="bold")
    for verdict in Verdict:
        measure = by_id.get(f"score.{verdict.value}")
        if measure is not None and measure.value is not None:
            words = term(f"verdict.{verdict.value}").of(lang)
            out.append(f"{' · ' if out.plain else ''}{words}: {measure.value:.0f}")
            if verdict is Verdict.MET and not measure.certain:
                out.append(f" ({_range(measure, lang)})")
    return out


def _range(measure: Measure, lang: str) -> str:
    low, high = measure.low, measure.high
    return say("score_range", lang, low=f"{low or 0:.0f}", high=f"{high or 0:.0f}")


def _notes(answer: Answer, name: str, lang: str) -> Iterator[Text]:
    """Yield what is said of the set: how much of it is known, from when it holds."""
    by_id = {m.id: m for m in answer.measures}
    told = [*by_id["score.met"].notes] if "score.met" in by_id else []
    first = next((m for m in answer.measures if m.id.startswith(f"criterion.{name}.")), None)
    told += [note for note in first.notes if note.code == "CRITERIA_COMPARED"] if first else []
    for note in told:
        yield Text(note.text.of(lang))
    compared = any(note.code == "CRITERIA_COMPARED" for note in told)
    for finding in answer.findings:
        # From when a set compared holds has been said.
        if finding.code in _OF_SET and not (compared and finding.code == _NOT_IN_FORCE):
            yield Text(finding.message.of(lang))


_NOT_IN_FORCE = "CRITERIA_SET_NOT_IN_FORCE"
_OF_SET = (
    _NOT_IN_FORCE, "CRITERIA_REGION_MISSING", "CRITERIA_GROUP_MISSING",
    "CRITERIA_PATCH_UNKNOWN",
)  # fmt: skip


def _table(found: Sequence[Mapping[str, Any]], speech: Speech) -> Table:
    lang = speech.lang
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("code", "title", "verdict", "value", "limit", "law"):
        table.add_column(
            term(f"score_{name}").of(lang), justify="right" if name == "value" else "left",
            overflow="fold", no_wrap=name in ("code", "verdict"),
        )  # fmt: skip
    for row in found:
        whole = row["kind"] == "criterion"
        style = "bold" if whole else ""
        cells = (
            f"{'' if whole else '  '}{row['code']}", row[f"title_{lang}"],
            term(f"verdict.{row['verdict']}").of(lang), _value(row, speech),
            "" if whole else limit_words(row, lang), law_words(row, lang),
        )  # fmt: skip
        table.add_row(*(Text(cell, style=style) for cell in cells))
    return table


def _value(row: Mapping[str, Any], speech: Speech) -> str:
    measure = speech.by_id.get(row["id"])
    if row["unit_of"] == "verdict":  # its verdict says it
        return ""
    if measure is None:
        return shown.value(row["value"], row["unit_of"], speech.lang, with_unit=True)
    if row["kind"] == "criterion":
        of_ = measure.denominator
        whole = "" if of_ is None else f"/{of_:.0f}"
        return f"{measure.value or 0:.0f}{whole}"
    value, bounds = speech.with_unit(measure), speech.range(measure)
    return f"{value} ({bounds})" if bounds else value


def _beside(answer: Answer, name: str, folder: str) -> Iterator[Words]:
    """Yield one sentence for each set that stands beside: since when, how much compares."""
    pairs = [row for row in rows(answer, PAIRS) if row["old_set"] in (name, None)]
    for other in dict.fromkeys(row["new_set"] for row in pairs if row["new_set"] is not None):
        new = [row for row in pairs if row["new_set"] == other and row["kind"] == "indicator"]
        compared = sum(row["state"] == "compared" for row in new)
        since = next(row["new_from_on"] for row in pairs if row["new_set"] == other)
        yield sentence(
            "SCORE_BESIDE",
            {"set": other, "since": since.date(), "n": len(new), "compared": compared,
             "folder": folder},
        )  # fmt: skip


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    out = {name: row[name] for name in _FIELDS}
    out["official"] = row["official"] == "yes"
    for name in ("title", "why", "decides"):
        out[name] = _both(row, name)
    return out


def _pair(row: Mapping[str, Any]) -> dict[str, Any]:
    sides = {
        side: None if row[f"{side}_set"] is None else {
            "criteria_set": row[f"{side}_set"], "code": row[f"{side}_code"],
            "title": _both(row, f"{side}_title"), "verdict": row[f"{side}_verdict"],
            "value": row[f"{side}_value"], "limit": row[f"{side}_limit"],
        }
        for side in ("old", "new")
    }  # fmt: skip
    return {"kind": row["kind"], "state": row["state"], **sides, "says": _both(row, "says")}


def _both(row: Mapping[str, Any], name: str) -> dict[str, str] | None:
    vi = row[f"{name}_vi"]
    return None if vi is None else {"vi": vi, "en": row[f"{name}_en"]}
