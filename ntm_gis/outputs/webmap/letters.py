"""Rows of the legend that say what letters in symbols and codes on zones stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ntm_gis import crs
from ntm_gis.outputs.webmap import texts
from ntm_gis.results import shown
from ntm_gis.rules.schema import Code, code_list, schema
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ntm_gis.outputs.webmap.sheets import Sheet
    from ntm_gis.rules.maps import Style

# Letters that a code list itself gives: column of the frame -> list.
_OWN_LETTERS = {"letter": "school_level"}
_AREA = "area"
_HA = "ha"


def rows(index: int, sheet: Sheet, zone: str, lang: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each letter or code that the features of a layer bear, with what it means.

    Parameters
    ----------
    index : int
        Place of the layer on the page.
    sheet : Sheet
    zone : str
        Reference system of its geometry: zones are told with their hectares.
    lang : str
    """
    borne = sheet.given.get("letter")
    if borne is None or not sheet.style.listed:
        return
    titles = _titles(sheet.style, lang)
    of_zones = _has_codes(sheet.style)
    heading: str | None = say("zone_codes" if of_zones else "letters_mean", lang)
    for letter in sorted({text for text in borne if text}):
        members = [i for i, text in enumerate(borne) if text == letter]
        title = titles.get(letter) or ", ".join(titles[one] for one in letter if one in titles)
        if not title:
            continue
        row: dict[str, Any] = {
            "key": f"{sheet.name}/letter-{letter}", "layer": index, "by": "letter",
            "code": letter, "letter": letter, "switch": False, "measure": None,
            "heading": heading, "title": f"{letter}: {title}",
            "amount": _hectares(sheet, members, zone, lang) if of_zones else "",
        }  # fmt: skip
        if of_zones:
            row["colour"] = sheet.given["colour"][members[0]]
        else:
            row["symbol"] = _symbol(sheet, members)
        yield row
        heading = None


def _has_codes(style: Style) -> bool:
    return style.labels is not None and style.labels.kind == _AREA


def _titles(style: Style, lang: str) -> Mapping[str, str]:
    """Return what each letter or code means; letters that several codes share name them all."""
    if _has_codes(style) and style.labels is not None:
        return {code.code: code.title.words.of(lang) for code in _codes(style, style.labels.column)}
    if style.letter_by is None:
        return {}
    out: dict[str, list[str]] = {}
    for code in _codes(style, style.letter_by):
        letter = style.letters.get(code.code) if style.letters else code.flags.get("letter")
        if letter:
            out.setdefault(str(letter), []).append(code.title.words.of(lang))
    return {letter: ", ".join(found) for letter, found in out.items()}


def _codes(style: Style, column: str) -> tuple[Code, ...]:
    if column in _OWN_LETTERS:
        return tuple(code_list(_OWN_LETTERS[column]).codes)
    found = schema(style.schema_name)
    codes = found.field(column).codes if column in found.names else None
    return tuple(code_list(codes).codes) if codes else ()


def _symbol(sheet: Sheet, members: list[int]) -> str | None:
    """Return the symbol that the sample of a letter borrows from the first feature that has one."""
    symbols = (sheet.style.cases[sheet.given["case"][i]].symbol for i in members)
    return next((symbol for symbol in symbols if symbol), None)


def _hectares(sheet: Sheet, members: list[int], zone: str, lang: str) -> str:
    shapes = sheet.table.geometry[members]
    drawn = shapes[np.isfinite(shapely.bounds(shapes)).all(axis=1)]
    total = float(crs.ellipsoidal_ha(drawn, zone).sum())
    return texts.amount(total, _HA, lang, shown.digits(_HA, total))
