"""Tables of money: funds with their sums, works beside their payments, unit costs, targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ntm_gis import numbers
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import wording
from ntm_gis.outputs.numbering import numbered
from ntm_gis.outputs.priorities.model import as_day, table
from ntm_gis.outputs.priorities.said import DASH, code_title, number, share, span, words
from ntm_gis.results import Severity, shown
from ntm_gis.rules.terms import term

ABOUT = (
    "FUNDS_", "FUND_", "PAYMENT_", "MONEY_LEADS", "WORK_BUDGETS_DIFFER", "WORK_OVERPAID",
    "WORK_OVERFUNDED", "WORK_OF_SEVERAL_FUNDS", "WORK_FUNDED_TWICE", "UNIT_COST_", "CANDIDATE_",
    "PRIORITIES_", "TARGET_",
)  # fmt: skip
"""Beginnings of the codes of findings that this page repeats."""

_SMALL = 10.0


@dataclass(frozen=True, slots=True)
class Note:
    """One finding, with its number in the whole run."""

    number: int
    severity: str
    word: str
    message: str
    where: str
    repair: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: `numbers` are places of columns to be set to the right, `odd` rows to look at.

    `depths` indents the first column, where rows stand beneath one another.
    """

    id: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    note: str = ""
    odd: frozenset[int] = frozenset()
    depths: tuple[int, ...] = ()


def notes(answer: Answer, lang: str) -> tuple[Note, ...]:
    """Return the findings about money, works and targets: sums of funds first, then by number."""
    found = [
        (n, one)
        for n, one in numbered(answer.findings)
        if one.code.startswith(ABOUT)
        and (one.severity is not Severity.NOTE or not one.code.startswith("TARGET_"))
    ]
    found.sort(key=lambda pair: not pair[1].code.startswith("FUNDS_"))
    return tuple(
        Note(
            n, str(one.severity), term(f"severity.{one.severity}").of(lang), one.message.of(lang),
            wording.where(one, lang), "" if one.repair is None else one.repair.of(lang),
        )
        for n, one in found
    )  # fmt: skip


def sheets(answer: Answer, layers: Layers, lang: str) -> tuple[Sheet, ...]:
    """Return the tables that have rows."""
    del layers
    made = (_tree(answer, lang), _groups(answer, lang), _works(answer, lang),
            _by_fund(answer, lang), _costs(answer, lang), _targets(answer, lang))  # fmt: skip
    return tuple(sheet for sheet in made if sheet.rows)


def _heads(lang: str, *keys: str) -> tuple[str, ...]:
    return tuple(words(key, lang) for key in keys)


def _tree(answer: Answer, lang: str) -> Sheet:
    rows, odd, depths = [], set[int](), []
    for k, r in enumerate(table(answer, "funds_tree")):
        depths.append(int(r["depth"] or 0))
        if r["state"] in {"open", "circle"}:
            odd.add(k)
        kind = " · ".join(
            part
            for part in (
                code_title("fund_source", r["source"], lang) if r["source"] else "",
                r["programme"] or "",
                code_title("capital", r["capital"], lang) if r["capital"] else "",
            )
            if part
        )
        rows.append((
            f"{r['id']} · {r['name'] or DASH}", kind or DASH,
            number(r["declared_million"], lang, 3), number(r["parts_million"], lang, 3),
            words(f"sum_{r['state']}", lang,
                  difference=number(abs(r["difference_million"] or 0.0), lang, 3),
                  more=words("more_than" if (r["difference_million"] or 0) > 0 else "less_than",
                             lang)),
            number(r["paid_million"], lang, 3),
        ))  # fmt: skip
    heads = _heads(lang, "fund", "kind", "declared", "parts", "check", "paid")
    return Sheet("von", words("tree", lang), heads, tuple(rows), frozenset({2, 3, 5}),
                 words("tree_note", lang), frozenset(odd), tuple(depths))  # fmt: skip


def _groups(answer: Answer, lang: str) -> Sheet:
    lists = {"source": "fund_source", "capital": "capital"}
    rows = [
        (
            words(f"by_{r['by']}", lang),
            words("unsaid", lang)
            if r["code"] is None
            else code_title(lists[r["by"]], r["code"], lang) if r["by"] in lists else r["code"],
            number(r["funds"], lang), number(r["declared_million"], lang, 3),
        )
        for r in table(answer, "funds_groups")
    ]  # fmt: skip
    heads = _heads(lang, "grouped_by", "what", "funds_n", "declared")
    return Sheet("nhom-von", words("groups", lang), heads, tuple(rows), frozenset({2, 3}),
                 words("groups_note", lang))  # fmt: skip


def _works(answer: Answer, lang: str) -> Sheet:
    rows, odd = [], set[int]()
    for k, r in enumerate(table(answer, "money_works")):
        if r["state"] == "money_leads":
            odd.add(k)
        lead = r["behind_points"] if r["state"] == "work_leads" else r["ahead_points"]
        flag = words(f"pace_{r['state']}", lang, points=number(lead, lang, 1, 1))
        rows.append((
            f"{r['id']} · {r['name'] or DASH}", number(r["planned_million"], lang, 3),
            number(r["allocated_million"], lang, 3), number(r["paid_million"], lang, 3),
            share(r["paid_share"], lang), span(r["done_low"], r["done_high"], lang), flag,
            r["funds"] or DASH,
        ))  # fmt: skip
    heads = _heads(lang, "work", "planned", "allocated", "paid", "paid_share", "done", "pace",
                   "funds")  # fmt: skip
    return Sheet("cong-trinh", words("works_sheet", lang), heads, tuple(rows),
                 frozenset({1, 2, 3, 4, 5}), words("works_note", lang), frozenset(odd))  # fmt: skip


def _by_fund(answer: Answer, lang: str) -> Sheet:
    rows = tuple(
        (
            f"{r['fund_id'] or DASH} · {r['fund'] or DASH}",
            f"{r['work_id']} · {r['work'] or DASH}", number(r["planned_million"], lang, 3),
            number(r["allocated_million"], lang, 3), number(r["paid_million"], lang, 3),
            number(r["payments"], lang),
        )
        for r in table(answer, "money_by_fund")
    )  # fmt: skip
    heads = _heads(lang, "fund", "work", "planned", "allocated", "paid", "payments")
    return Sheet("von-cong-trinh", words("by_fund", lang), heads, rows, frozenset({2, 3, 4, 5}))


def _costs(answer: Answer, lang: str) -> Sheet:
    rows, odd = [], set[int]()
    for k, r in enumerate(table(answer, "unit_costs")):
        if r["state"] in {"above", "below"}:
            odd.add(k)
        ends = [_per_unit(r[end], lang) for end in ("others_low", "others_high")]
        range_ = DASH if DASH in ends else "–".join(ends)
        rows.append((
            f"{r['id']} · {r['name'] or DASH}", _size(r["size"], r["unit"], lang),
            number(r["cost_million"], lang, 3), _per_unit(r["million_per_unit"], lang), range_,
            number(r["others"], lang), words(f"cost_{r['state']}", lang),
        ))  # fmt: skip
    heads = _heads(lang, "work", "size", "cost", "per_unit", "others", "others_n", "compared")
    return Sheet("suat-dau-tu", words("costs", lang), heads, tuple(rows),
                 frozenset({1, 2, 3, 4, 5}), words("costs_note", lang), frozenset(odd))  # fmt: skip


def _size(size: float, unit: str, lang: str) -> str:
    digits = (2, 2) if unit in {"km", "ha"} else (2, 0)
    return f"{number(size, lang, *digits)}\u00a0{unit}"


def _per_unit(value: float | None, lang: str) -> str:
    """Return an amount for each unit: more digits where it is small."""
    digits = 1 if value is None or value >= _SMALL else 2
    return number(value, lang, digits, digits)


_SIGNS = {"at_least": "≥", "at_most": "≤"}


def _targets(answer: Answer, lang: str) -> Sheet:
    found = table(answer, "target_progress")
    odd = {k for k, r in enumerate(found) if r["state"] in {"late", "due", "missed"}}
    heads = _heads(lang, "target", "now", "aim", "achieved", "due_on", "time_left", "result")
    return Sheet("muc-tieu", words("targets", lang), heads, tuple(_target_rows(found, lang)),
                 frozenset({1, 2, 3, 5}), words("targets_note", lang), frozenset(odd))  # fmt: skip


def _target_rows(found: list[dict[str, object]], lang: str) -> Iterator[tuple[str, ...]]:
    for r in found:
        unit = shown.unit_name(str(r["unit"]), lang) if r["unit"] else ""
        sign = _SIGNS.get(str(r["direction"])) or words("way_unknown", lang)
        day, left = as_day(r["due_on"]), r["days_left"]
        value, aim = r["value"], r["target"]
        yield (
            f"{r['id']} · {r['name'] or DASH}",
            f"{_amount(value, lang)} {unit}".strip() if value is not None else DASH,
            f"{sign} {_amount(aim, lang)}" if aim is not None else DASH,
            span(_float(r["share_low"]), _float(r["share_high"]), lang),
            DASH if day is None else numbers.format_date_vi(day),
            _days(_float(left), lang),
            words(f"target_{r['state']}", lang),
        )


def _days(left: float | None, lang: str) -> str:
    if left is None:
        return DASH
    return words("days" if left >= 0 else "days_past", lang, n=int(abs(left)))


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _amount(value: object, lang: str) -> str:
    return number(_float(value), lang, 2)
