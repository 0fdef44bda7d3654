"""Styles of `maps/styles.toml` as the page's painter reads them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ntm_gis.rules import maps

if TYPE_CHECKING:
    from ntm_gis.rules.maps import Case, Stroke, Style, Symbol


@lru_cache(maxsize=1)
def shared() -> dict[str, Any]:
    """Return patterns, symbols and pins, the same on every page."""
    known = maps.styles()
    return {
        "patterns": {
            key: {
                "tile": list(pattern.tile),
                "ground": pattern.ground,
                "turn": pattern.turn,
                "parts": [part.model_dump() for part in pattern.parts],
            }
            for key, pattern in known.patterns.items()
        },
        "symbols": {key: _symbol(symbol) for key, symbol in known.symbols.items()},
        "pins": {key: _symbol(symbol) for key, symbol in known.pins.items()},
    }


def style(given: Style, lang: str) -> dict[str, Any]:
    """Return one style."""
    return {
        "schema": given.schema_name,
        "level": given.level,
        "title": given.title.words.of(lang),
        "one": given.one.words.of(lang),
        "primary": given.primary,
        "interactive": given.interactive,
        "beside_village": given.beside_village,
        "palette": given.colours is not None,
        "classes": [{"code": wide.code, "px": list(wide.px)} for wide in given.classes],
        "cases": [_case(case, lang) for case in given.cases],
        "marks": given.marks.model_dump(include={"symbol", "every_m"}) if given.marks else None,
        "labels": given.labels.model_dump(include={"kind"}) if given.labels else None,
    }


def _symbol(symbol: Symbol) -> dict[str, Any]:
    return {
        "parts": [part.model_dump() for part in symbol.parts],
        "letter": symbol.letter.model_dump() if symbol.letter else None,
        "seat": list(symbol.seat),
        "size": symbol.size,
    }


def _case(case: Case, lang: str) -> dict[str, Any]:
    return {
        "code": case.code,
        "title": case.title.words.of(lang) if case.title else "",
        "strokes": [_stroke(s) for s in case.strokes],
        "thin": [_stroke(s) for s in case.thin],
        "edge": [_stroke(s) for s in case.edge],
        "fill": case.fill,
        "pattern": case.pattern,
        "opacity": case.opacity,
        "symbol": case.symbol,
        "needs": case.needs,
    }


def _stroke(stroke: Stroke) -> dict[str, Any]:
    given = stroke.model_dump(exclude={"mm"})
    if stroke.of is None:
        given["px"] = stroke.screen_px()
    return given
