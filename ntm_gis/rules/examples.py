"""The example row of each Excel template: `data/templates/examples.toml`."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.rules.schema import Field, code_list, schema
from ntm_gis.rules.toml import Strict, load

Example = str | int | float | dt.date

_YES_NO = ("Có", "Không")


class _Examples(Strict):
    layer: dict[str, dict[str, Example]]


@lru_cache(maxsize=1)
def _examples() -> _Examples:
    return load(shipped.path("data", "templates") / "examples.toml", _Examples, RuleError)


def example(layer: str, field: Field) -> Example | None:
    """Return what the example row of a layer says in a column; None where it is left blank.

    Codes are given as people write them, in Vietnamese.

    Raises
    ------
    RuleError
        A code of the file is not in the list of its field.

    Examples
    --------
    >>> example("roads", schema("roads").field("surface"))
    'Bê tông xi măng'
    >>> example("roads", schema("roads").field("passable_all_year"))
    'Có'
    >>> example("roads", schema("roads").field("measured_length_m")) is None
    True
    """
    given = _examples().layer.get(layer, {}).get(field.name)
    if field.type == "choice" and field.codes:
        codes = code_list(field.codes)
        code = codes.codes[0].code if given is None else str(given)
        if code not in codes.keys:
            raise RuleError("EXAMPLE_UNKNOWN", layer=layer, value=code)
        return codes[code].title.vi
    if field.type == "boolean":
        return _YES_NO[given == "no"]
    return given


def layers() -> tuple[str, ...]:
    """Return the layers that have an example row.

    Raises
    ------
    RuleError
        The file names a layer or a field that there is not.
    """
    for layer, row in _examples().layer.items():
        schema(layer)
        unknown = [name for name in row if name not in schema(layer).names]
        if unknown:
            raise RuleError("EXAMPLE_UNKNOWN", layer=layer, value=unknown[0])
    return tuple(_examples().layer)
