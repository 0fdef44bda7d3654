"""A layer read feature by feature, for files in which one bad feature fails the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ntm_gis.sources import limits
from ntm_gis.sources.readers.parsed import Cell, Parsed, Refusal, Told
from ntm_gis.sources.readers.values import texts

if TYPE_CHECKING:
    from pathlib import Path

_MOST_FAULTS = 1_000


def read(path: Path, name: str, driver: str) -> Parsed:
    """Read what can be read of a layer, and count what cannot.

    Returns
    -------
    Parsed
        `refused` counts the features that failed; each is told with its number.

    Raises
    ------
    Refusal
        Not even the layer can be opened, or most of it is unreadable.
    """
    import fiona
    import shapely.geometry

    table = Parsed(name, wkb=[])
    rows: list[dict[str, Cell]] = []
    wkbs: list[bytes | None] = []
    try:
        source = fiona.open(path, layer=name, enabled_drivers=[driver], encoding="ISO-8859-1")
    except Exception as cause:
        raise Refusal("SOURCE_UNREADABLE", why=type(cause).__name__) from cause
    with source:
        table.crs = source.crs_wkt or None
        names = list(source.schema["properties"])
        features = iter(source)
        number = 0
        while True:
            number += 1
            if number > limits.ROWS:
                raise Refusal("TOO_MANY_ROWS", limit=limits.ROWS)
            try:
                feature = next(features)
                wkb = None
                if feature.geometry is not None:
                    shape = shapely.geometry.shape(feature.geometry.__geo_interface__)
                    wkb = shapely.to_wkb(shape, output_dimension=2)
            except StopIteration:
                break
            except Exception as fault:
                table.refused += 1
                if table.refused > _MOST_FAULTS:
                    raise Refusal("SOURCE_UNREADABLE", why=type(fault).__name__) from fault
                table.told.append(Told("FEATURE_UNREADABLE", row=number))
                continue
            rows.append({key: _plain(feature.properties.get(key)) for key in names})
            wkbs.append(wkb)
            table.numbers.append(number)
    table.wkb = wkbs if any(wkb is not None for wkb in wkbs) else None
    table.columns = [texts(key, [row[key] for row in rows]) for key in names]
    return table


def _plain(value: Any) -> Cell:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
