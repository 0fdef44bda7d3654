"""Side by side: criterion 17 by village, the former communes, the set that comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ntm_gis import text
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.features import Feature, feature_link
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.scorecard.model import Beside, Cell, Criterion, Table, Worksheet
from ntm_gis.outputs.scorecard.said import DASH, day, number, of_judged, plain, verdict, words
from ntm_gis.outputs.scorecard.tabled import records
from ntm_gis.outputs.speech import Speech
from ntm_gis.results import Measure, shown
from ntm_gis.rules.criteria import criteria_set
from ntm_gis.rules.schema import code_list

MAP = SITES = "environment"
_SITES = ("pesticide_bins", "waste_points", "livestock_farms", "cemeteries")
_METRES = ("tea_to_bin_m", "house_to_livestock_m", "house_to_cemetery_m")


# --- criterion 17 ---------------------------------------------------------------------------------


def worksheet(answer: Answer, maps_made: Collection[str], lang: str) -> Worksheet | None:
    """Return the worksheet of criterion 17; None where the set has no such indicators."""
    found = records(answer, "criterion_17")
    own = [row for row in found if row["village_id"] is None]
    if not own:
        return None
    titles = _titles(answer, lang)
    by_village: dict[str, list[Mapping[str, Any]]] = {}
    for row in found:
        if row["village_id"] is not None:
            by_village.setdefault(str(row["village_id"]), []).append(row)
    came = Counter(r["indicator"] for r in found if r["village_id"] and r["state"] != "missing")
    codes = tuple((str(r["indicator"]), titles.get(r["indicator"], r["title"])) for r in own)
    villages = tuple(
        (
            text_for_html(rows[0]["village"] or key),
            tuple(_came(row, lang) for row in rows),
            f"{sum(r['state'] != 'missing' for r in rows)}/{len(rows)}",
        )
        for key, rows in by_village.items()
    )
    heads = ("indicator", "commune_figure", "supplier", "received", "document", "as_of_day",
             "from_villages")  # fmt: skip
    table = Table(
        tuple(words(k, lang) for k in heads),
        tuple(_office(row, titles, (came[row["indicator"]], len(villages)), lang) for row in own),
        frozenset({1, 6}),
    )
    return Worksheet(
        table, codes, villages, _sites(answer, lang), _near(answer, maps_made, lang),
        _tea(answer, lang), MAP in maps_made,
    )  # fmt: skip


def _titles(answer: Answer, lang: str) -> Mapping[str, str]:
    found = records(answer, "scorecard")
    return {str(r["code"]): text_for_html(r[f"title_{lang}"]) for r in reversed(found)}


def _office(
    row: Mapping[str, Any], titles: Mapping[str, str], came: tuple[int, int], lang: str
) -> tuple[Cell, ...]:
    code = str(row["indicator"])
    office = text_for_html(row["supplier"] or "") or words("no_office", lang)
    return (
        Cell(f"{code} {titles.get(code, row['title'])}"), Cell(_figure(row, lang)), Cell(office),
        _state(row, lang), Cell(text_for_html(row["document"] or "") or DASH),
        Cell(day(row["as_of_on"])), Cell(f"{came[0]}/{came[1]}"),
    )  # fmt: skip


def _state(row: Mapping[str, Any], lang: str) -> Cell:
    return Cell(words(f"came_{row['state']}", lang), state=str(row["state"]))


def _came(row: Mapping[str, Any], lang: str) -> Cell:
    """Return a cell of the grid: a mark, and what it says in words."""
    state = str(row["state"])
    said = f"{row['indicator']}: {words(f'came_{state}', lang)}"
    parts = [said, *([_figure(row, lang)] if row["state"] != "missing" else ()), row["document"]]
    return Cell("", state=state, said=text_for_html(", ".join(p for p in parts if p)))


def _figure(row: Mapping[str, Any], lang: str) -> str:
    if row["value"] is not None:
        return f"{plain(row['value'], lang)}\u00a0{shown.unit_name(row['unit_of'], lang)}".strip()
    if row["numerator"] is not None and row["denominator"] is not None:
        return f"{plain(row['numerator'], lang)}/{plain(row['denominator'], lang)}"
    return DASH if row["state"] == "missing" else words("by_document", lang)


def _sites(answer: Answer, lang: str) -> Table:
    keys = ("village", *_SITES, *_METRES)
    rows = []
    for row in records(answer, "environment_villages"):
        cells = [Cell(text_for_html(row["village"] or row["id"]))]
        cells += [Cell(number(row[name], 0, lang)) for name in _SITES]
        cells += [Cell(_metres(row[name], lang)) for name in _METRES]
        rows.append(tuple(cells))
    # Rows of dashes say nothing that one sentence does not.
    if all(cell.text == DASH for row in rows for cell in row[1:]):
        rows = []
    right = frozenset(range(1, len(keys)))
    return Table(tuple(words(k, lang) for k in keys), tuple(rows), right, words("sites_note", lang))


def _near(answer: Answer, maps_made: Collection[str], lang: str) -> Table | None:
    """Return livestock and cemeteries with the nearest house, the nearest first."""
    found = records(answer, "environment_near")
    if not found:
        return None
    kinds = {c.code: c.title.words.of(lang) for c in code_list("environment_kind").codes}
    keys = ("site", "nearest_house", "metres", "looked_at", "houses_within", "site_state", "law_of")
    far = float("inf")
    found.sort(key=lambda r: (far if r["house_m"] is None else r["house_m"], r["id"]))
    rows = [
        (
            Cell(
                text_for_html(f"{kinds.get(r['kind'], r['kind'])} {r['id']}"),
                href=feature_link(_site(r), maps_made),
            ),
            Cell(text_for_html(r["house_id"] or DASH)), Cell(_metres(r["house_m"], lang)),
            Cell(_both(r["limit_m"], r["most_m"], lang)),
            Cell(number(r["houses_within"], 0, lang)), Cell(words(f"site_{r['state']}", lang)),
            Cell(text_for_html(r["law_en" if lang == "en" else "law"])),
        )
        for r in found
    ]  # fmt: skip
    return Table(tuple(words(k, lang) for k in keys), tuple(rows), frozenset({2, 3, 4}))


def _site(row: Mapping[str, Any]) -> Feature:
    """Return a site as maps know it; without a place nothing was measured from it."""
    return Feature(SITES, str(row["id"]), placed=row["house_m"] is not None)


def _both(least: float, most: float, lang: str) -> str:
    one, other = _metres(least, lang), _metres(most, lang)
    return one if one == other else f"{one}–{other}"


def _tea(answer: Answer, lang: str) -> str:
    """Say how much tea has a bin near it, by the distance that the frame states."""
    plots, sums = records(answer, "tea_bins"), records(answer, "tea_bins_ha")
    if not plots or not sums:
        return ""
    said = {str(row["state"]): number(row["area_ha"], 1, lang) for row in sums}
    law = plots[0]["law_en" if lang == "en" else "law"]
    told = words("tea_note", lang, metres=number(plots[0]["limit_m"], 0, lang), law=law, **said)
    undrawn = int(sum(row["undrawn"] for row in sums))
    return f"{told} {words('tea_undrawn', lang, n=undrawn)}" if undrawn else told


def _metres(value: float | None, lang: str) -> str:
    return DASH if value is None else number(value, 0, lang)


# --- before and after the merger ------------------------------------------------------------------


def former(
    answer: Answer, layers: Layers, criteria: Sequence[Criterion], lang: str
) -> Table | None:
    """Return former communes, their plain sum and the commune as it is, by indicator."""
    speech = Speech(answer, lang, layers)
    by_id = {m.id: m for m in answer.measures}
    sides = {p.id: p.name for p in layers.commune.predecessors}
    rows = []
    for line in (i for c in criteria for i in c.indicators):
        then = [by_id.get(f"indicator.former.{text.segment(key)}.{line.code}") for key in sides]
        if not any(then):
            continue
        together = by_id.get(f"indicator.plain_sum.{line.code}")
        now = by_id.get(f"indicator.{line.code}")
        cells = (_judged(m, speech, lang) for m in (*then, together, now))
        rows.append((Cell(f"{line.code} {line.title}"), Cell(line.limit.text), *cells))
    if not rows:
        return None
    named = [text_for_html(name) for name in sides.values()]
    heads = (words("indicator", lang), words("limit", lang), *named,
             words("plain_sum", lang), words("assessed_now", lang))  # fmt: skip
    return Table(heads, tuple(rows), note=_stops(layers, lang))


def _judged(measure: Measure | None, speech: Speech, lang: str) -> Cell:
    if measure is None:
        return Cell(words("not_stated", lang))
    return Cell(speech.with_unit(measure), of_judged(measure.judged, lang))


def _stops(layers: Layers, lang: str) -> str:
    """Say where a trend ends: at the merger for sums, and where another set begins."""
    who = layers.commune.commune
    said = [words("trend_merger", lang, on=who.valid_from)] if who.valid_from else []
    for name in who.compare_sets:
        head = criteria_set(name).head
        if not _newer(name, who.criteria_set):
            continue
        said.append(words("trend_set", lang, set=head.title.words.of(lang), on=head.effective_from))
    return " ".join(said)


# --- the set that comes next ----------------------------------------------------------------------


def _newer(name: str, own: str | None) -> bool:
    """Whether a set comes into force after the one in use."""
    if own is None:
        return False
    return criteria_set(name).head.effective_from > criteria_set(own).head.effective_from


def sets(answer: Answer, own: str | None, lang: str) -> tuple[Beside, ...]:
    """Return each set compared beside the one in use (`own`)."""
    by_set: dict[str, list[Mapping[str, Any]]] = {}
    pairs = records(answer, "compare_sets")
    current = ""
    for row in pairs:
        # Lines of the old set that nothing answers follow those of the new set.
        current = row["new_set"] or current
        by_set.setdefault(str(current), []).append(row)
    return tuple(
        _beside(name, rows, words("set_new" if _newer(name, own) else "set_other", lang), lang)
        for name, rows in by_set.items()
    )


def _beside(name: str, rows: Sequence[Mapping[str, Any]], called: str, lang: str) -> Beside:
    found = criteria_set(name)
    known, every = found.known(found.head.effective_from)
    lines = [r for r in rows if r["kind"] == "indicator"]
    new = [r for r in lines if r["new_code"] is not None]
    left = len([r for r in lines if r["new_code"] is None])
    title = found.title.of(lang)
    about = words("set_known", lang, since=found.head.effective_from, known=known, all=every)
    heads = tuple(words(k, lang) for k in ("new_line", "new_verdict", "old_line", "old_verdict"))
    return Beside(
        title, called, about, _criteria(rows, "old", lang), _criteria(rows, "new", lang),
        Table(heads, tuple(_line(r, lang) for r in new)),
        words("left_of_old", lang, n=left) if left else "",
    )  # fmt: skip


def _criteria(rows: Sequence[Mapping[str, Any]], side: str, lang: str) -> Table:
    heads = (words("criterion", lang), words("verdict", lang))
    found = [r for r in rows if r["kind"] == "criterion" and r[f"{side}_code"] is not None]
    return Table(heads, tuple((_name(r, side, lang), _verdict(r, side, lang)) for r in found))


def _name(row: Mapping[str, Any], side: str, lang: str) -> Cell:
    return Cell(f"{row[f'{side}_code']}. {text_for_html(row[f'{side}_title_{lang}'])}")


def _verdict(row: Mapping[str, Any], side: str, lang: str) -> Cell:
    return Cell("", verdict(str(row[f"{side}_verdict"]), lang))


def _line(row: Mapping[str, Any], lang: str) -> tuple[Cell, ...]:
    if row["old_code"] is None:
        return (_name(row, "new", lang), _verdict(row, "new", lang),
                Cell(words("not_comparable", lang)), Cell(DASH))  # fmt: skip
    return (_name(row, "new", lang), _verdict(row, "new", lang),
            _name(row, "old", lang), _verdict(row, "old", lang))  # fmt: skip
