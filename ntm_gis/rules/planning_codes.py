"""Which land uses may stand together on one piece of ground, and what an old code became."""

from __future__ import annotations

import csv
from functools import lru_cache

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.rules.codes import code_list

FILE_NAME = "compatible.csv"

_COLUMNS = ["first", "second", "relation", "status", "source"]


@lru_cache(maxsize=1)
def compatible() -> frozenset[frozenset[str]]:
    """Return the pairs of codes that are no contradiction: `data/plan_rules/compatible.csv`.

    The table is shipped empty: no text that names such pairs was read. A province or an office
    that has one adds its rows, each with its source and status.

    Raises
    ------
    RuleError
        The table lacks a column, or names a code that the list of land uses does not have.
    """
    path = shipped.path("data", "plan_rules") / FILE_NAME
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = set(code_list("land_use").keys)
    out = set()
    for number, row in enumerate(rows, 2):
        if sorted(row) != sorted(_COLUMNS):
            raise RuleError("CSV_COLUMNS", file=FILE_NAME, wanted=tuple(_COLUMNS))
        pair = {today(row["first"]), today(row["second"])}
        if not pair <= known:
            missing = ", ".join(sorted(pair - known))
            raise RuleError("LAND_USE_UNKNOWN", file=FILE_NAME, line=number, value=missing)
        out.add(frozenset(pair))
    return frozenset(out)


def are_compatible(first: str, second: str) -> bool:
    """Whether two land uses may stand together.

    Examples
    --------
    >>> are_compatible("LUC", "LUC"), are_compatible("LUC", "ONT")
    (True, False)
    """
    return first == second or frozenset((first, second)) in compatible()


@lru_cache(maxsize=1)
def _successors() -> dict[str, str]:
    return {
        entry.code: entry.flags["successor"]
        for entry in code_list("land_use").codes
        if entry.flags.get("successor")
    }


def today(code: str) -> str:
    """Return the code that an old one became; the code itself where it stands.

    Examples
    --------
    >>> today("BHK"), today("LUC")
    ('HNK', 'LUC')
    """
    seen = {code}
    while (after := _successors().get(code)) is not None and after not in seen:
        seen.add(after)
        code = after
    return code
