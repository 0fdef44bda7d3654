"""How much the door lets through. A commune's own files stay far below every limit.

Limits are there so that a damaged or hostile file costs a sentence and never the machine.
"""

from __future__ import annotations

_PACKED = frozenset({"xlsx", "kmz"})

MIB = 1 << 20

BYTES = {"table": 64 * MIB, "map": 512 * MIB, "raster": 2048 * MIB, "photo": 64 * MIB}
"""Largest file of each family."""

PHOTO_HEAD = 1 * MIB
"""A photo's position stands in its first part; no more of it is copied for reading."""

XML_BYTES = 96 * MIB
PACKED_MEMBERS = 2_000
PACKED_BYTES = 256 * MIB
PACKED_RATIO = 250
"""Members, unpacked size and ratio of a packed file (KMZ, XLSX)."""

ROWS = 200_000
CELLS = 4_000_000
COLUMNS = 1_000
VERTICES = 20_000_000
TABLES = 200
DEPTH = 32
"""Nesting of JSON and of geometry collections."""

PIXELS = 40_000_000
"""Cells of a raster read at once; a larger one is thinned out while it is read."""

PHOTOS = 5_000
FILES = 2_000
"""Files that one pattern or folder may name."""

START_SECONDS = 180.0
"""The longest that the reading process may take to start and to load what it needs: a slow disk
and a virus scanner take their time, whatever the file."""

SECONDS = 60.0
SECONDS_PER_MIB = 3.0
SECONDS_PER_PACKED_MIB = 30.0
SECONDS_MOST = 900.0
"""The longest that one file may take to read: a little, and more for each MiB of it. A packed one
holds ten times what it weighs. An old laptop gets ten times what a good one needs."""

QUERY_SECONDS = 8.0
"""The longest that all statements on one GeoPackage may take together."""

MEMORY = 2_560 * MIB
"""Address space of the reading process, where the system can limit it."""

ANSWER_BYTES = 1_536 * MIB
"""The longest answer that is taken from the reading process."""


def seconds(kind: str, size: int, base: float = SECONDS) -> float:
    """Return the longest that a file may take to read, once its libraries are loaded.

    Parameters
    ----------
    kind : str
        What kind of file it is ("xlsx", "shp" …).
    size : int
        Bytes of it and of what belongs to it.
    base : float
        What a file of no size gets.

    Examples
    --------
    >>> seconds("csv", 0), seconds("csv", 20 * MIB), seconds("xlsx", 20 * MIB)
    (60.0, 120.0, 660.0)
    """
    rate = SECONDS_PER_PACKED_MIB if kind in _PACKED else SECONDS_PER_MIB
    return min(base + rate * size / MIB, max(base, SECONDS_MOST))
