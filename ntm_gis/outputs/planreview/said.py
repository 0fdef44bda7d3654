"""Small words of the plan review: numbers, days, places, decisions, law."""

from __future__ import annotations

import datetime as dt

from ntm_gis import numbers
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.planreview.model import Pin
from ntm_gis.rules.planning_cards import Law, Rule
from ntm_gis.rules.schema import code_list
from ntm_gis.rules.terms import say, term

DASH = "–"
_SMALL_HA = 0.01


def words(key: str, lang: str, /, **params: object) -> str:
    """Return a term of the plan review, its values put in."""
    return say(f"planreview.{key}", lang, **params)


def number(value: float | None, digits: int, lang: str) -> str:
    """Return a number; a dash where there is none."""
    if value is None:
        return DASH
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(value, "", digits)


def hectares(value: float | None, lang: str) -> str:
    """Return hectares with two decimals, four where it is very small.

    Examples
    --------
    >>> hectares(18.3, "vi"), hectares(0.00049, "vi"), hectares(None, "vi")
    ('18,30', '0,0005', '–')
    """
    digits = 4 if value is not None and 0 < value < _SMALL_HA else 2
    return number(value, digits, lang)


def day(value: dt.date | None) -> str:
    """Return a day; a dash where there is none."""
    return DASH if value is None else numbers.format_date_vi(value)


def coordinates(pin: Pin, lang: str) -> tuple[str, str] | None:
    """Return X (north) and Y (east) of a pin, to the metre; None where it has no place."""
    if pin.x is None or pin.y is None:
        return None
    return number(pin.y, 0, lang), number(pin.x, 0, lang)


def choice(code: str | None, lang: str) -> str:
    """Return what was decided, in words."""
    if code is None:
        return term("decision_open").of(lang)
    known = {"keep", "amend", "drop", "waive"}
    return term(f"decision_{code}").of(lang) if code in known else text_for_html(code)


def decided(pin: Pin, lang: str) -> str:
    """Return the decision about a pin: what, by whom, when, why, by which document."""
    parts = [choice(pin.choice, lang), pin.by, day(pin.on) if pin.on else None, pin.document]
    told = ", ".join(part for part in parts if part)
    if pin.until is not None:
        told = f"{told} ({words('until', lang).lower()} {day(pin.until)})"
    return f"{told}: {pin.why}" if pin.why else told


def law(of: Law, lang: str) -> str:
    """Return a legal text with its article, where it was seen and how sure it is."""
    where = f", {of.article}" if of.article else ""
    return f"{of.text}{where} ({term(f'law_status.{of.status}').of(lang)}; {of.seen_in})"


def laws(rule: Rule, lang: str) -> str:
    """Return all legal texts of a rule."""
    return "; ".join(law(one, lang) for one in rule.law) or words("no_law", lang)


def tolerance(rule: Rule, lang: str) -> str:
    """Return the tolerances of a rule.

    Examples
    --------
    >>> from ntm_gis.rules.planning import planning_rules
    >>> tolerance(planning_rules().rule("QH19"), "vi")
    '20 m'
    """
    units = {"width_m": "m", "length_m": "m", "area_m2": "m²", "percent": "%"}
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return ", ".join(
        show(amount, units[key]).replace("\u00a0", " ") for key, amount in rule.tolerance.items()
    )


def code_title(listed: str, code: str | None, lang: str) -> str:
    """Return what a code is called; the code itself where its list lacks it."""
    if code is None:
        return DASH
    names = {one.code: one.title.words.of(lang) for one in code_list(listed).codes}
    return names.get(code, text_for_html(code))
