"""Chainage as road people write it: Km1+250 is 1,250 m from the start."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal

from ntm_gis.numbers.blanks import is_blank


@dataclass(frozen=True, slots=True)
class ParsedChainage:
    """What a cell says as a chainage, in whole centimetres.

    `cm` is None whenever there is a `problem`: "blank", "text" (no chainage), "metres" (1,000
    metres or more after the plus sign). `short`: fewer than three digits stand after the plus
    sign, so that "Km2+8" may have been meant as Km2+800.
    """

    cm: int | None
    problem: Literal["blank", "text", "metres"] | None
    short: bool = False

    @property
    def metres(self) -> float | None:
        """The chainage in metres."""
        return None if self.cm is None else self.cm / 100


def parse_chainage(value: object) -> ParsedChainage:
    """Read a chainage written as kilometres plus metres, or as kilometres with decimals.

    Plain numbers are no chainage: whether they are metres or kilometres is for their column
    to say.

    Examples
    --------
    >>> parse_chainage("Km1+250").cm, parse_chainage("km 1 + 250,5").cm
    (125000, 125050)
    >>> parse_chainage("Km1+1250").problem, parse_chainage("1250").problem
    ('metres', 'text')
    >>> parse_chainage("K2+500").cm, parse_chainage("Km2 + 100m.").cm, parse_chainage("Km2,4").cm
    (250000, 210000, 240000)
    >>> parse_chainage("Km2+8")
    ParsedChainage(cm=200800, problem=None, short=True)
    >>> parse_chainage("-Km0+050").cm
    -5000
    """
    if is_blank(value):
        return ParsedChainage(None, "blank")
    if not isinstance(value, str):
        return ParsedChainage(None, "text")
    text = " ".join(unicodedata.normalize("NFC", value).split()).rstrip(" .,;:")
    unsigned = text.lstrip("-−")
    found = chainage_pattern().fullmatch(unsigned.lstrip())
    if found is None or len(text) - len(unsigned) > 1:
        return ParsedChainage(None, "text")
    parsed = from_match(found)
    if unsigned == text or parsed.cm is None:
        return parsed
    return replace(parsed, cm=-parsed.cm)  # before the named start, where a line is too long


def format_chainage(metres: float) -> str:
    """Return metres as a chainage, to the centimetre, without idle decimals.

    Raises
    ------
    ValueError
        `metres` is not finite.

    Examples
    --------
    >>> format_chainage(1250), format_chainage(1250.5), format_chainage(999.999)
    ('Km1+250', 'Km1+250,5', 'Km1+000')
    >>> format_chainage(-50)
    '−Km0+050'
    """
    if not abs(metres) < float("inf"):
        message = f"{metres} m is no chainage"
        raise ValueError(message)
    exact = Decimal(repr(float(metres)))
    cm = int((exact * 100).to_integral_value(ROUND_HALF_UP))
    whole, part = divmod(abs(cm), 100)
    decimals = f",{part:02d}".rstrip("0") if part else ""
    return f"{'−' if cm < 0 else ''}Km{whole // 1000}+{whole % 1000:03d}{decimals}"


@lru_cache(maxsize=1)
def chainage_pattern() -> re.Pattern[str]:
    """Return the pattern of one chainage: "Km1+250,5", "K1+250", "1+250 m", "Km3", "Km1,25"."""
    return re.compile(
        r"(?<![0-9.,])(?:(?:km\.? ?|(?<!\w)k ?(?=[0-9]{1,4} ?\+ ?[0-9]))(?P<km>[0-9]{1,4})"
        r"(?:[.,](?P<decimals>[0-9]{1,5})(?! ?\+))?"
        r"|(?P<bare>[0-9]{1,4})(?= ?\+ ?[0-9]{3}))"
        r"(?: ?\+ ?(?P<m>[0-9]{1,6})(?:[.,](?P<part>[0-9]+))?(?P<unit> ?m(?:ét)?(?!\w))?)?"
        r"(?![0-9]|[.,][0-9])",
        re.IGNORECASE,
    )


def from_match(found: re.Match[str]) -> ParsedChainage:
    """Return what a match of `chainage_pattern` stands for."""
    metres = Decimal(f"{found['m'] or 0}.{found['part'] or 0}")
    if metres >= 1000:
        return ParsedChainage(None, "metres")
    km = Decimal(f"{found['km'] or found['bare']}.{found['decimals'] or 0}")
    cm = int(((1000 * km + metres) * 100).to_integral_value(ROUND_HALF_UP))
    digits = found["m"] or ""
    return ParsedChainage(cm, None, short=0 < len(digits) < 3 and metres > 0 and not found["unit"])
