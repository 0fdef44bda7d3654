"""Numbers as they are printed: the Vietnamese way, the English way, and rounded honestly.

Between a value and its unit stands U+00A0, so that a line never breaks there; the minus is
U+2212. `parse_number` reads all of it back.
"""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

_NO_BREAK = "\u00a0"
_MINUS = "\u2212"
_EN_DASH = "\u2013"


def format_vi(value: float, unit: str = "", digits: int | None = None) -> str:
    """Return a number the Vietnamese way: full stops group thousands, a comma before decimals.

    Parameters
    ----------
    value : float
        Finite; what is unknown has no number and is put into words by the caller.
    unit : str
        Set after a space that does not break (U+00A0), `%` too.
    digits : int, optional
        Decimals to print, halves rounded away from zero. Left out: as many as the number has.

    Raises
    ------
    ValueError
        `value` is NaN or infinite.

    Examples
    --------
    >>> format_vi(1282.2, "ha").replace("\u00a0", " ")
    '1.282,2 ha'
    >>> format_vi(-0.04, digits=1), format_vi(2456012.345, digits=2), format_vi(7)
    ('0,0', '2.456.012,35', '7')
    """
    return _printed(value, unit, digits, group=".", mark=",")


def format_en(value: float, unit: str = "", digits: int | None = None) -> str:
    """Return a number the English way; as `format_vi` otherwise.

    Examples
    --------
    >>> format_en(1282.2, "ha").replace("\u00a0", " ")
    '1,282.2 ha'
    """
    return _printed(value, unit, digits, group=",", mark=".")


def format_range_vi(
    low: float | None, high: float | None, unit: str = "", digits: int | None = None
) -> str:
    """Return bounds as a range with an en dash without spaces; None is "no end".

    Raises
    ------
    ValueError
        Both ends are missing, or one is not finite.

    Examples
    --------
    >>> format_range_vi(58.9, 63.8), format_range_vi(58.94, 58.91, digits=1)
    ('58,9–63,8', '58,9')
    >>> format_range_vi(23.8, None, "%").replace("\u00a0", " ")
    'từ 23,8 %'
    """
    if low is None:
        if high is None:
            raise ValueError("a range needs at least one end")
        return f"đến {format_vi(high, unit, digits)}"
    if high is None:
        return f"từ {format_vi(low, unit, digits)}"
    start, stop = format_vi(low, "", digits), format_vi(high, unit, digits)
    if start == format_vi(high, "", digits):
        return stop
    return f"{start}{_EN_DASH}{stop}"


def round_half_up(value: float, digits: int = 0) -> float:
    """Round half away from zero on the number as it is written, not on its binary form.

    Examples
    --------
    >>> round_half_up(2.675, 2), round_half_up(-0.5), round(2.675, 2)
    (2.68, -1.0, 2.67)
    """
    return float(_rounded(value, digits))


def significant(value: float, digits: int = 9) -> float:
    """Round to a number of significant digits, halves away from zero.

    Examples
    --------
    >>> significant(1282.2123456789), significant(0.0), significant(123456, 2)
    (1282.21235, 0.0, 120000.0)
    """
    return float(_to_significant(value, digits, ROUND_HALF_UP))


def round_outward(
    low: float | None, high: float | None, significant: int = 9
) -> tuple[float | None, float | None]:
    """Round bounds so that what they held stays inside; None (no end) stays None.

    Examples
    --------
    >>> round_outward(1.00000000049, 2.00000000001)
    (1.0, 2.00000001)
    """
    return (
        None if low is None else float(_to_significant(low, significant, ROUND_FLOOR)),
        None if high is None else float(_to_significant(high, significant, ROUND_CEILING)),
    )


def _decimal(value: float) -> Decimal:
    if not math.isfinite(value):
        message = f"{value} is no number to print or round"
        raise ValueError(message)
    # repr is the shortest text that gives the same number: 2.675 stays 2.675. `+` makes plain
    # Python numbers of numpy's, whose repr bears a name.
    return Decimal(repr(float(value)))


def _rounded(value: float, digits: int) -> Decimal:
    number = _decimal(value)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -digits:
        return number
    # `+ 0` turns a negative zero into zero.
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0


def _to_significant(value: float, digits: int, rounding: str) -> Decimal:
    number = _decimal(value)
    if not number:
        return Decimal(0)
    return number.quantize(Decimal(1).scaleb(number.adjusted() - digits + 1), rounding)


def _printed(value: float, unit: str, digits: int | None, *, group: str, mark: str) -> str:
    number = _decimal(value) if digits is None else _rounded(value, digits)
    if digits is None and number == number.to_integral_value():
        digits = 0
    plain = f"{abs(number):.{digits}f}" if digits is not None else f"{abs(number):f}"
    whole, _, part = plain.partition(".")
    grouped = f"{int(whole):,}".replace(",", group)
    sign = _MINUS if number < 0 else ""
    text = f"{sign}{grouped}{mark}{part}" if part else f"{sign}{grouped}"
    return f"{text}{_NO_BREAK}{unit}" if unit else text
