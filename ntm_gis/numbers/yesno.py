"""Yes or no as it is written in tables."""

from __future__ import annotations

import numbers
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ntm_gis.numbers.blanks import is_blank
from ntm_gis.numbers.parsing import NO_VALUE, normal


@dataclass(frozen=True, slots=True)
class ParsedBool:
    """What a cell says as yes or no; `problem` is "blank", "text" or None."""

    value: bool | None
    problem: Literal["blank", "text"] | None


def parse_bool(value: object) -> ParsedBool:
    """Read yes or no: có/không, x, đạt/chưa đạt, yes/no, true/false, 1/0; blank is None.

    Examples
    --------
    >>> parse_bool("Có").value, parse_bool("chưa đạt").value, parse_bool("x").value
    (True, False, True)
    >>> parse_bool(""), parse_bool("có thể").problem
    (ParsedBool(value=None, problem='blank'), 'text')
    """
    if is_blank(value):
        return ParsedBool(None, "blank")
    if isinstance(value, str):
        word = " ".join(normal(value).casefold().split()).rstrip(".")
        if word in NO_VALUE:
            return ParsedBool(None, "blank")
        answer = _yes_no().get(word)
    elif isinstance(value, (bool, numbers.Real)) and value in (0, 1):
        answer = bool(value)
    else:
        answer = _yes_no().get(str(value).casefold())  # numpy's own kind of bool
    return ParsedBool(answer, "text" if answer is None else None)


@lru_cache(maxsize=1)
def _yes_no() -> dict[str, bool]:
    yes = "có|co|x|đạt|dat|đã|rồi|yes|y|true|đúng|1|1.0|✓|✔|√|v"
    no = "không|khong|chưa|chua|chưa đạt|chua dat|không đạt|khong dat|chưa có|no|n|false|sai|0|0.0"
    return dict.fromkeys(yes.split("|"), True) | dict.fromkeys(no.split("|"), False)
