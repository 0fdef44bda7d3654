"""Numbers, dates, chainages and places as written in Viet Nam, and how the product prints them.

Standard library only. Every reader returns a small frozen value with a `problem` where nothing
can be read without guessing: bad cells are findings, not exceptions.
"""

from __future__ import annotations

from ntm_gis.numbers.blanks import is_blank
from ntm_gis.numbers.chainage import ParsedChainage, format_chainage, parse_chainage
from ntm_gis.numbers.dates import (
    VIET_NAM_TIME,
    ParsedDate,
    format_date_vi,
    parse_date,
    today,
)
from ntm_gis.numbers.formatting import (
    format_en,
    format_range_vi,
    format_vi,
    round_half_up,
    round_outward,
    significant,
)
from ntm_gis.numbers.parsing import (
    Parsed,
    column_style,
    parse_number,
)
from ntm_gis.numbers.places import Place, parse_place
from ntm_gis.numbers.yesno import ParsedBool, parse_bool

__all__ = [
    "VIET_NAM_TIME",
    "Parsed",
    "ParsedBool",
    "ParsedChainage",
    "ParsedDate",
    "Place",
    "column_style",
    "format_chainage",
    "format_date_vi",
    "format_en",
    "format_range_vi",
    "format_vi",
    "is_blank",
    "parse_bool",
    "parse_chainage",
    "parse_date",
    "parse_number",
    "parse_place",
    "round_half_up",
    "round_outward",
    "significant",
    "today",
]
