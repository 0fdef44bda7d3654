"""Which figure a cell of a form may want, by the words of its heads. Proposed, never taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from ntm_gis import text
from ntm_gis.outputs.report.forms import EMPTY, Place
from ntm_gis.outputs.report.mapping import Proposal, Take
from ntm_gis.results import Measure

_LEAST = 86.0
"""Below that the words of a row and of a measure are not taken for the same thing."""
_AHEAD = 4.0
"""How much better than the next a measure must fit to be proposed alone."""
_TURNED = 3.0
"""What a fit loses where the same words stand in another order ("đường … được cứng hóa")."""
_SAME = (
    (re.compile(r"[^a-z0-9%/ ]+"), " "),
    (re.compile(r"\b(thon\s+ban|ban\s+thon|thon)\b"), "ban"),
    (re.compile(r"\b(tong so|tong cong so)\b"), "so"),
    (re.compile(r"\b(so )?(nhan khau|khau)\b|\bso dan\b"), "dan so"),
    (re.compile(r"\btong (?=dien tich|chieu dai)"), ""),
    (re.compile(r"\b(duoc|cac|toan xa|cua xa|tren dia ban|hien co)\b"), ""),
)
"""Ways of writing that mean the same in heads, folded."""
_NUMBERING = re.compile(r"^[\s\-–+*•]*(?:[0-9IVX]+(?:\.[0-9]+)*[.)]?\s+)?(?:[a-zđ][.)]\s+)?")
_BRACKETS = re.compile(r"\([^)]*\)")
_VERDICT = ("danh gia", "tu danh gia", "ket luan")
_BEFORE = ("nam truoc", "ky truoc", "31/12 nam truoc")
_PLANNED = re.compile(r"ke hoach( nam)?|kh nam.*|von giao|du toan|so von|ke hoach von( nam)?")
_PAID = re.compile(r".*(giai ngan|da chi|thanh toan).*")
_WANTED = re.compile(r".*(ke hoach|\bkh\b|muc tieu).*")
"""Columns of what is to come: no figure of ours stands there."""


@dataclass(frozen=True, slots=True)
class _Known:
    measure: Measure
    own: str
    whole: str
    code: str


def proposals(
    places: Iterable[Place], measures: Mapping[str, Measure], taken: frozenset[tuple[str, str]]
) -> Iterator[Proposal]:
    """Yield for empty cells that nobody tied the measure that their heads name.

    Parameters
    ----------
    places : iterable of Place
    measures : mapping of str to Measure
    taken : frozenset of (str, str)
        Cells that are tied.
    """
    known = [_known(measure) for measure in measures.values() if "." in measure.id]
    for place in places:
        if place.state != EMPTY or (place.sheet, place.at) in taken:
            continue
        found = _best(place, known)
        if found is not None:
            yield Proposal(
                sheet=place.sheet, at=place.at, measure=found.id, title=found.title.vi,
                take=_take(place.column), row=place.row, column=place.column,
            )  # fmt: skip


def _known(measure: Measure) -> _Known:
    title = measure.title.vi
    own = title.partition(": ")[2] or title
    code = ""
    for start in ("indicator.", "criterion."):
        # Of the set in use alone: those of compared sets bear its name before their code.
        if measure.id.startswith(start) and measure.id.removeprefix(start)[:1].isdigit():
            code = measure.id.removeprefix(start)
    return _Known(measure, _bare(own), _bare(title), code)


def _best(place: Place, known: list[_Known]) -> Measure | None:
    row, column = _bare(place.row), text.fold(place.column)
    scored = sorted(
        ((_score(one, row, column, place.code), one) for one in known),
        key=lambda pair: (-pair[0], pair[1].measure.id),
    )
    if not scored or scored[0][0] < _LEAST:
        return None
    # Two that fit alike are no proposal: a person must say.
    if len(scored) > 1 and scored[0][0] - scored[1][0] < _AHEAD:
        return None
    return scored[0][1].measure


def _score(one: _Known, row: str, column: str, code: str) -> float:
    """Return how well a measure fits the heads of a cell, 0–110."""
    score = max(
        max(fuzz.ratio(row, said), fuzz.token_sort_ratio(row, said) - _TURNED)
        for said in (one.own, one.whole)
    )
    # The number of an indicator beside its name is a second witness, never the only one.
    if one.code and code.strip(" .") == one.code:
        score += 10.0 if score > _LEAST / 2 else 0.0
    elif one.code and code.strip(" .").replace(".", "").isdigit() and "." in code:
        score -= 20.0
    if one.measure.id.startswith(("fund.", "money.")):
        is_paid = one.measure.id.endswith((".paid", ".paid_million"))
        last = column.rpartition(" / ")[2]
        fits = (_PAID if is_paid else _PLANNED).fullmatch(last)
        score += 6.0 if fits else -30.0
    elif _WANTED.fullmatch(column):
        return 0.0
    if one.measure.id.startswith(("target.", "merger.")):
        score -= 8.0
    return score


def _take(column: str) -> Take:
    said = text.fold(column)
    last = said.rpartition(" / ")[2]
    if last.startswith(_VERDICT):
        return "verdict"
    return "previous" if any(sign in said for sign in _BEFORE) else "value"


@lru_cache(maxsize=16_384)
def _bare(said: str) -> str:
    """Return a head without its numbering and what stands in brackets, in one way of writing.

    Examples
    --------
    >>> _bare("1. Tổng số hộ (hộ)"), _bare("Số thôn, bản"), _bare("Tổng số nhân khẩu")
    ('so ho', 'so ban', 'dan so')
    """
    out = text.fold(_NUMBERING.sub("", _BRACKETS.sub(" ", said)))
    for pattern, same in _SAME:
        out = pattern.sub(same, out)
    return " ".join(out.split())
