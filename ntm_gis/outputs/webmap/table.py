"""Rows of a frame as plain lists: a page looks at small columns many times over."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.webmap import texts
from ntm_gis.results.words import is_made_key

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import numpy.typing as npt


class Table:
    """Columns of a frame by name, blanks as None, geometry apart.

    Parameters
    ----------
    frame : GeoDataFrame, n rows

    Examples
    --------
    >>> import geopandas as gpd
    >>> table = Table(gpd.GeoDataFrame({"a": ["x", None]}, geometry=[None, None]))
    >>> table["a"], table.texts("a"), table.texts("b")
    (['x', None], ['x', ''], ['', ''])
    """

    def __init__(self, frame: gpd.GeoDataFrame) -> None:
        self._frame = frame
        self._plain = pd.DataFrame(frame)
        self._values: dict[str, list[Any]] = {}
        self._texts: dict[str, list[str]] = {}
        self._amounts: dict[tuple[str, str, str, int], list[str]] = {}

    def __len__(self) -> int:
        return len(self._frame)

    def __contains__(self, name: str) -> bool:
        return name in self._place

    def __getitem__(self, name: str) -> list[Any]:
        if name not in self._values:
            self._values[name] = _values(self._plain.iloc[:, self._place[name]])
        return self._values[name]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns but the geometry, in their order."""
        return tuple(self._place)

    @cached_property
    def _place(self) -> dict[str, int]:
        geometry = self._frame.geometry.name
        names = enumerate(self._plain.columns)
        return {str(name): i for i, name in names if name != geometry}

    @cached_property
    def geometry(self) -> npt.NDArray[np.object_]:
        """Geometry of the rows, None where there is none."""
        found: npt.NDArray[np.object_] = self._frame.geometry.to_numpy()
        return found

    def filled(self, name: str) -> bool:
        """Whether a column has any value."""
        return name in self and any(value is not None for value in self[name])

    def texts(self, name: str) -> list[str]:
        """Return a column as texts fit for a page; "" where nothing is written."""
        if name not in self._texts:
            values = self[name] if name in self else [None] * len(self)
            distinct = list(set(values) - {None})
            clean = _already_fit(values) if 2 * len(distinct) > len(values) else None
            if clean is not None:
                self._texts[name] = clean
                return clean
            gated = gated_all([str(value) for value in distinct])
            shown = dict(zip(distinct, gated, strict=True))
            self._texts[name] = [shown.get(value, "") for value in values]
        return self._texts[name]

    def amounts(self, name: str, unit: str, lang: str, digits: int) -> list[str]:
        """Return a column as amounts with their unit; "" where none is known."""
        asked = (name, unit, lang, digits)
        if asked not in self._amounts:
            self._amounts[asked] = texts.amounts(self[name], unit, lang, digits)
        return self._amounts[asked]

    @cached_property
    def made(self) -> list[bool]:
        """Whether the id of each row was made by the program: nobody may read it."""
        return [is_made_key(key) for key in self.texts("id")]


def _already_fit(values: list[Any]) -> list[str] | None:
    """Return texts that the gate would leave as they are, "" for None; None where it would not."""
    if not all(value is None or type(value) is str for value in values):
        return None
    texts_given = [value or "" for value in values]
    joined = "\n".join(texts_given)
    return texts_given if text_for_html(joined) == joined else None


def gated_all(given: list[str]) -> list[str]:
    r"""Return texts as `text_for_html` does each: in one go, where none has lines of its own.

    Examples
    --------
    >>> gated_all(["a\x00b", "c"]), gated_all(["a\nb"])
    (['ab', 'c'], ['a\nb'])
    """
    found = text_for_html("\n".join(given)).split("\n") if given else []
    # A line break in a text, or one that a text brought along, would shift all after it.
    if len(found) == len(given) and not any("\n" in text or "\r" in text for text in given):
        return found
    return [text_for_html(text) for text in given]


def _values(series: pd.Series) -> list[Any]:
    """Return values of a column, None where there is none."""
    values: list[Any] = series.tolist()
    for i in series.isna().to_numpy().nonzero()[0].tolist():
        values[i] = None
    return values
