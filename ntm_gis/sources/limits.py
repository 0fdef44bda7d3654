"""How much the door lets through. A commune's own files stay far below every limit.

Limits are there so that a damaged or hostile file costs a sentence and never the machine.
"""

from __future__ import annotations

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

SECONDS = 30.0
"""The longest that one file may take to read."""

QUERY_SECONDS = 8.0
"""The longest that all statements on one GeoPackage may take together."""

MEMORY = 2_560 * MIB
"""Address space of the reading process, where the system can limit it."""

ANSWER_BYTES = 1_536 * MIB
"""The longest answer that is taken from the reading process."""
