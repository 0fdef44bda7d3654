"""Workbooks whose rows and cells bear no addresses, as some programs export them.

The format lets a row or cell without `r` follow the one before; here each gets its address, so
that a cell can be found by it.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from ntm_gis.outputs.files import zipped

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_WITHOUT = re.compile(rb"<(?:\w+:)?(?:row|c)(?=[\s/>])(?![^>]*\sr=)")


def numbered(content: bytes) -> bytes:
    """Return a workbook whose cells all bear their address; the same bytes where they do.

    What is no workbook comes back as it is: it is refused where it is read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name for name in archive.namelist() if _SHEET.fullmatch(name)]
            without = [name for name in names if _WITHOUT.search(archive.read(name))]
            if not without:
                return content
            parts = {name: archive.read(name) for name in archive.namelist()}
    # The library meets damaged archives with any of these; reading says so.
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, RuntimeError):
        return content
    for name in without:
        parts[name] = _numbered(parts[name])
    return zipped(parts, first="[Content_Types].xml")


def _numbered(part: bytes) -> bytes:
    from lxml import etree
    from openpyxl.utils import get_column_letter
    from openpyxl.utils.cell import coordinate_to_tuple

    # No entities, no network: the file comes from outside.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root: Any = etree.fromstring(part, parser)
    except etree.XMLSyntaxError:
        return part
    number = 0
    for row in root.iter(f"{_MAIN}row"):
        number = int(row.get("r") or number + 1)
        row.set("r", str(number))
        column = 0
        for cell in row.iter(f"{_MAIN}c"):
            column = coordinate_to_tuple(cell.get("r"))[1] if cell.get("r") else column + 1
            cell.set("r", f"{get_column_letter(column)}{number}")
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made
