"""Sheets of tables.xlsx on the plan review: findings, land use before and after, dossiers."""

from __future__ import annotations

from collections.abc import Sequence

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.planreview.model import Named, Pin
from ntm_gis.outputs.planreview.reading import Reading
from ntm_gis.outputs.planreview.said import choice, code_title, decided, laws, words
from ntm_gis.outputs.sheets import Cell, Column, Sheet
from ntm_gis.rules.terms import term

_WIDE = 46
_HA = 4


def review_sheets(answer: Answer, layers: Layers, lang: str) -> list[Sheet]:
    """Return the sheets on the plan review that have rows, in order.

    Parameters
    ----------
    answer : Answer
        Frame `plan_findings` and those of the annexes.
    layers : Layers
    lang : str
        "vi" or "en".
    """
    read = Reading(answer, layers, lang)
    made = [_findings(read), _areas(read), _dossiers(read)]
    return [sheet for sheet in made if sheet.rows]


def _findings(read: Reading) -> Sheet:
    lang, pins = read.lang, read.pins
    rules = {rule.id: rule for rule in read.rules.rules}

    def text(key: str, cells: Sequence[Cell], wide: int = 0) -> Column:
        return Column(words(key, lang), cells, wide=wide)

    def of_rule(pin: Pin) -> tuple[Cell, Cell, Cell]:
        rule = rules.get(pin.rule)
        if rule is None:
            return None, None, None
        status = term(f"law_status.{rule.status or 'none'}").of(lang)
        return rule.title.words.of(lang), laws(rule, lang), status

    told = [of_rule(pin) for pin in pins]
    columns = [
        text("pin", [pin.id for pin in pins]),
        text("rule", [title for title, _, _ in told], 30),
        text("says", [pin.says for pin in pins], _WIDE),
        text("severity", [term(f"severity.{pin.severity}").of(lang) for pin in pins]),
        text("state", [words(f"state_{pin.state}", lang) for pin in pins]),
        Column(words("x", lang), [_metre(pin.y) for pin in pins], "number", 0),
        Column(words("y", lang), [_metre(pin.x) for pin in pins], "number", 0),
        Column(words("ground_ha", lang), [_ha(pin.ground_ha) for pin in pins], "number", _HA),
        Column(words("grid_ha", lang), [_ha(pin.grid_ha) for pin in pins], "number", _HA),
        text("proposal", [pin.proposal or None for pin in pins], _WIDE),
        text("law", [law for _, law, _ in told], _WIDE),
        text("status", [status for _, _, status in told]),
        text("decision", [choice(pin.choice, lang) if pin.is_open else decided(pin, lang)
                          for pin in pins], 30),
    ]  # fmt: skip
    pale = frozenset(k for k, p in enumerate(pins) if p.state in ("waived", "advisory"))
    return _sheet("findings", columns, lang, frozen=1, pale=pale, printed=10)


def _metre(value: float | None) -> float | None:
    return None if value is None else round(value)


def _ha(value: float | None) -> float | None:
    return None if value is None else round(value, _HA)


def _areas(read: Reading) -> Sheet:
    """Return one row two codes: existing and planned of a plan, or of two plans."""
    lang = read.lang
    of: list[tuple[Named, str | None, str | None, int]] = []
    bold = []
    for named in (*read.areas, *read.conflicts):
        found = named.matrix
        if found is None:
            continue
        before = len(of)
        of += [
            (named, found.rows[i], found.columns[j], found.cells[i][j])
            for i in range(len(found.rows))
            for j in range(len(found.columns))
            if found.cells[i][j]
        ]
        if len(of) > before:
            bold.append(len(of))
            of.append((named, words("total", lang), None, found.total))

    def code(value: str | None, named: Named, key: str) -> Cell:
        if value is None:
            return words("not_said" if named.second else key, lang)
        return value

    sums = frozenset(bold)
    columns = [
        Column(words("plan", lang), [
            n.first if n.second is None else f"{n.first} / {n.second}" for n, _, _, _ in of
        ]),
        Column(words("old_code", lang), [code(a, n, "not_said_old") for n, a, _, _ in of]),
        Column(words("new_code", lang), [
            None if k in sums else code(b, n, "not_said_new") for k, (n, _, b, _) in enumerate(of)
        ]),
        Column(words("land_use", lang), [
            None if k in sums else code_title("land_use", b or a, lang)
            for k, (_, a, b, _) in enumerate(of)
        ], wide=_WIDE),
        Column(words("m2", lang), [m2 for _, _, _, m2 in of], "number", 0),
    ]  # fmt: skip
    return _sheet("areas", columns, lang, bold=sums)


def _dossiers(read: Reading) -> Sheet:
    lang = read.lang
    kinds = {plan.id: plan.kind for plan in read.plans}
    of = [(dossier.plan, part) for dossier in read.dossiers for part in dossier.documents]
    columns = [
        Column(words("plan", lang), [plan for plan, _ in of]),
        Column(words("kind", lang), [
            code_title("plan_kind", kinds.get(plan), lang) for plan, _ in of
        ]),
        Column(words("documents", lang), [part.title for _, part in of], wide=_WIDE),
        Column(words("state", lang), [words(f"doc_{part.state}", lang) for _, part in of]),
    ]  # fmt: skip
    return _sheet("dossier", columns, lang)


def _sheet(key: str, columns: Sequence[Column], lang: str, **more: object) -> Sheet:
    title = words(f"sheet_{key}", lang)
    about = words(f"about_{key}", lang)
    return Sheet(title, title, "", columns, about=about, **more)  # type: ignore[arg-type]  # options of a sheet
