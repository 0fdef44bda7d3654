"""Rows of a frame as plain lists: a page looks at small columns many times over."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from ntm_gis.outputs.gates import text_for_html

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
        self._texts: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self._frame)

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> list[Any]:
        return self.columns[name]

    @cached_property
    def columns(self) -> dict[str, list[Any]]:
        """Values by the name of their column."""
        geometry = self._frame.geometry.name
        return {
            str(name): [None if _blank(value) else value for value in series.tolist()]
            for name, series in pd.DataFrame(self._frame).items()
            if name != geometry
        }

    @cached_property
    def geometry(self) -> npt.NDArray[np.object_]:
        """Geometry of the rows, None where there is none."""
        found: npt.NDArray[np.object_] = self._frame.geometry.to_numpy()
        return found

    def filled(self, name: str) -> bool:
        """Whether a column has any value."""
        return any(value is not None for value in self.columns.get(name, ()))

    def texts(self, name: str) -> list[str]:
        """Return a column as texts fit for a page; "" where nothing is written."""
        if name not in self._texts:
            values = self.columns.get(name, [None] * len(self))
            shown = {value: text_for_html(str(value)) for value in set(values) - {None}}
            self._texts[name] = [shown.get(value, "") for value in values]
        return self._texts[name]


def _blank(value: Any) -> bool:
    # What is not equal to itself is a number or a day that is none.
    return value is None or value is pd.NA or value is pd.NaT or bool(value != value)  # noqa: PLR0124
