"""Figures put into a workbook without touching anything else in it.

Libraries that read a workbook and write it anew lose what they do not know: charts, pictures,
buttons. Here the sheets' own XML is changed, cell by cell, and every other byte of the package
stays.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from ntm_gis.errors import OutputError
from ntm_gis.outputs.files import zipped
from ntm_gis.outputs.gates import text_for_xlsx

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BOOK = "xl/workbook.xml"
_STRICT = b"purl.oclc.org/ooxml"
_BEFORE_CALC = ("sheets", "functionGroups", "externalReferences", "definedNames")
_AT = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

Value = float | str


def patched(content: bytes, values: Mapping[tuple[str, str], Value]) -> bytes:
    """Return a workbook with values at some cells; formats, formulas and all else stay.

    What formulas gave before is taken out, so that programs work them out anew on opening.

    Parameters
    ----------
    content : bytes
        The workbook.
    values : mapping of (str, str) to float or str
        (sheet, address) -> what is to stand there. Texts are texts, never formulas.

    Raises
    ------
    OutputError
        A cell holds a formula, or a sheet is not there.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    workbook = _real(parts, _BOOK)
    if _STRICT in parts.get(workbook, b""):
        raise OutputError("FORM_STRICT")
    places = _sheets(parts)
    by_sheet: dict[str, dict[str, Value]] = {}
    for (sheet, at), value in values.items():
        by_sheet.setdefault(sheet, {})[at] = value
    for sheet, cells in sorted(by_sheet.items()):
        if sheet not in places:
            raise OutputError("FORM_SHEET_MISSING", sheet=sheet)
        root = _parsed(parts[places[sheet]])
        _fill(root, cells, sheet)
        parts[places[sheet]] = _written(root)
    for name in places.values():
        root = _parsed(parts[name])
        if _forget(root):
            parts[name] = _written(root)
    book = _parsed(parts[workbook])
    _work_out_on_opening(book)
    parts[workbook] = _written(book)
    return zipped(parts, first="[Content_Types].xml")


def _sheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return sheet -> its part."""
    relations = _parsed(parts[_real(parts, "xl/_rels/workbook.xml.rels")])
    targets = {one.get("Id"): one.get("Target") for one in relations}
    out = {}
    for sheet in _parsed(parts[_real(parts, _BOOK)]).iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(f"{_OFFICE}id"), "")
        name = _real(parts, posixpath.normpath(posixpath.join("/xl", target)).lstrip("/"))
        if name in parts:
            out[sheet.get("name")] = name
    return out


def _real(parts: Mapping[str, bytes], name: str) -> str:
    """Return a part's name as the package writes it: case tells none apart."""
    return next((one for one in parts if one.casefold() == name.casefold()), name)


def _fill(root: Any, cells: Mapping[str, Value], sheet: str) -> None:
    data = root.find(f"{_MAIN}sheetData")
    rows = {int(row.get("r")): row for row in data}
    for at, value in sorted(cells.items(), key=lambda one: _order(one[0])):
        number, _ = _order(at)
        row = rows.get(number)
        if row is None:
            row = root.makeelement(f"{_MAIN}row", {"r": str(number)})
            after = [k for k, one in enumerate(data) if int(one.get("r")) < number]
            data.insert(len(after), row)
            rows[number] = row
        row.attrib.pop("spans", None)
        cell = next((one for one in row if one.get("r") == at), None)
        if cell is None:
            cell = root.makeelement(f"{_MAIN}c", {"r": at})
            before = [one for one in row if _order(one.get("r")) < _order(at)]
            row.insert(len(before), cell)
        if cell.find(f"{_MAIN}f") is not None:
            raise OutputError("FORM_CELL_FORMULA", sheet=sheet, at=at)
        _set(cell, value)


def _set(cell: Any, value: Value) -> None:
    """Put a value into a cell; its style stays."""
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    cell.attrib.pop("cm", None)
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        held = cell.makeelement(f"{_MAIN}is", {})
        said = cell.makeelement(f"{_MAIN}t", {})
        said.text = text_for_xlsx(value)
        said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        held.append(said)
        cell.append(held)
    else:
        number = cell.makeelement(f"{_MAIN}v", {})
        number.text = repr(float(value))
        cell.append(number)


def _forget(root: Any) -> bool:
    """Take out what formulas gave before; say whether there were any."""
    found = False
    for formula in list(root.iter(f"{_MAIN}f")):
        cell = formula.getparent()
        for value in cell.findall(f"{_MAIN}v"):
            cell.remove(value)
            found = True
        if cell.get("t") in ("str", "e", "b"):
            del cell.attrib["t"]
    return found


def _work_out_on_opening(book: Any) -> None:
    calc = book.find(f"{_MAIN}calcPr")
    if calc is None:
        calc = book.makeelement(f"{_MAIN}calcPr", {})
        known = [
            k for k, one in enumerate(book) if one.tag in {f"{_MAIN}{n}" for n in _BEFORE_CALC}
        ]
        book.insert(max(known, default=-1) + 1, calc)
    calc.set("fullCalcOnLoad", "1")


def _order(at: str) -> tuple[int, int]:
    """Return row and column of an address, for sorting.

    Examples
    --------
    >>> _order("B12") < _order("AA12") < _order("A13")
    True
    """
    match = _AT.fullmatch(at)
    if match is None:
        raise OutputError("FORM_ADDRESS", at=at)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _parsed(part: bytes) -> Any:
    from lxml import etree

    # No entities, no network: the file comes from outside.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(part, parser)
    if root.getroottree().docinfo.doctype:
        raise OutputError("FORM_DAMAGED")
    return root


def _written(root: Any) -> bytes:
    from lxml import etree

    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made
