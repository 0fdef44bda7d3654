"""Small words of priorities and money: amounts, shares, ids that lead to their cards."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ntm_gis import numbers
from ntm_gis.outputs import wording
from ntm_gis.outputs.priorities.model import Ranked
from ntm_gis.results import shown
from ntm_gis.rules.schema import code_list
from ntm_gis.rules.terms import say

DASH = "–"


def words(key: str, lang: str, /, **params: object) -> str:
    """Return a term of this page, its values put in."""
    return say(f"priorities.{key}", lang, **params)


def number(value: float | None, lang: str, most: int = 0, least: int = 0) -> str:
    """Return a number with the digits that it needs; a dash where there is none.

    Examples
    --------
    >>> number(2556.0, "vi"), number(None, "vi"), number(12.5, "vi", 3), number(-300.0, "en")
    ('2.556', '–', '12,5', '−300')
    """
    if value is None:
        return DASH
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(value, "", shown.needed([value], least, max(least, most)))


def million(value: float | None, lang: str) -> str:
    """Return an amount of money with its unit.

    Examples
    --------
    >>> million(2745.0, "vi").replace("\u00a0", " "), million(None, "vi")
    ('2.745 triệu đồng', '–')
    """
    if value is None:
        return DASH
    return f"{number(value, lang, 3)}\u00a0{shown.unit_name('million đồng', lang)}"


def share(value: float | None, lang: str) -> str:
    """Return a share with one decimal and its sign."""
    return DASH if value is None else f"{number(value, lang, 1, 1)}\u00a0%"


def span(low: float | None, high: float | None, lang: str) -> str:
    """Return two bounds of a share as a range, one number where they are the same."""
    if low is None or high is None:
        return DASH
    if number(low, lang, 1, 1) == number(high, lang, 1, 1):
        return share(low, lang)
    return f"{number(low, lang, 1, 1)}–{number(high, lang, 1, 1)}\u00a0%"


def code_title(listed: str, code: str | None, lang: str) -> str:
    """Return what a code is called; the code itself where its list lacks it."""
    if code is None:
        return DASH
    known = code_list(listed)
    return known[code].title.words.of(lang) if code in known.keys else code


FIRST = ("roads", "schools")
"""Kinds of work that are named before the others."""


def kinds(chosen: Sequence[Ranked], on: Mapping[str, tuple[str, str]], lang: str) -> str:
    """Say which works are on roads, on schools and so on: how many, and their ids."""
    by_layer: dict[str, list[str]] = {}
    for one in chosen:
        by_layer.setdefault(on[one.id][0] if one.id in on else "", []).append(one.code or one.name)
    # What stands on nothing in the lists comes last, others in the order of their rank.
    order = sorted(by_layer, key=lambda name: (not name, name not in FIRST, *_place(name)))
    return "; ".join(
        words(
            "kind_count" if layer else "kind_other", lang, n=len(by_layer[layer]),
            what=_lower(wording.layer_title(layer, lang)) if layer else "",
            ids=", ".join(by_layer[layer]),
        )
        for layer in order
    )  # fmt: skip


def _place(layer: str) -> tuple[int, ...]:
    return (FIRST.index(layer),) if layer in FIRST else ()


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a sentence; with the place on the page that it leads to, if any."""

    text: str
    to: str = ""


def pieces(text: str, known: Collection[str]) -> tuple[Piece, ...]:
    """Return a text cut at the ids of works that it names, each leading to its card.

    Examples
    --------
    >>> [(p.text, p.to) for p in pieces("Không làm cùng DX03 (đã chọn).", ["DX0", "DX03"])]
    [('Không làm cùng ', ''), ('DX03', 'DX03'), (' (đã chọn).', '')]
    """
    if not known:
        return (Piece(text),) if text else ()
    found = _ids(tuple(sorted(known, key=lambda i: (-len(i), i)))).split(text)
    return tuple(Piece(part, part if k % 2 else "") for k, part in enumerate(found) if part)


@lru_cache(maxsize=8)
def _ids(known: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, known))})(?!\w)")


def proof(*, proven: bool, lang: str) -> str:
    """Say whether a choice is proven the best."""
    return words("proven" if proven else "not_proven", lang)
