"""What the formulas of a form give after filling, as far as that is plain adding up.

A form that is looked at without being worked out anew (a phone, a preview, Excel's protected view
of a file from a message) shows the results that lie beside its formulas. Those that our figures
do not touch stay as the sender left them; plain sums are written anew; the others stay blank
rather than wrong, until a program works them out on opening.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ntm_gis.filling_sums import open_parts, summed
from ntm_gis.outputs.files import zipped

if TYPE_CHECKING:
    from ntm_gis.filling_cells import Where
    from ntm_gis.outputs.report.forms import Form
    from ntm_gis.outputs.report.patching import Value

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MOST = 20_000
"""Formulas of which it is worked out what touches what; beyond, all results stay blank."""
_CHANGING = re.compile(r"\b(TODAY|NOW|RAND\w*|OFFSET|INDIRECT|CELL|INFO)\(", re.IGNORECASE)
_CHAIN = re.compile(r"=\+?\$?[A-Z]{1,3}\$?[0-9]{1,7}(\s*\+\s*\$?[A-Z]{1,3}\$?[0-9]{1,7})*")
_BOX = re.compile(
    r"(?:'((?:[^']|'')+)'!|([^'!:]+)!)?\$?([A-Z]{1,3})\$?([0-9]{1,7})"
    r"(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?"
)


@dataclass(frozen=True, slots=True)
class _Box:
    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    def holds(self, sheet: str, row: int, column: int) -> bool:
        return (
            sheet == self.sheet
            and self.top <= row <= self.bottom
            and self.left <= column <= self.right
        )


def recalculated(form: Form, filled: bytes, values: Mapping[Where, Value]) -> bytes:
    """Return a filled workbook with the results beside its formulas, where they are sure.

    Parameters
    ----------
    form : Form
        As it was received.
    filled : bytes
        The workbook with `values` and without results.
    values : mapping of (str, str) to float or str
    """
    if not form.formulas or len(form.formulas) > _MOST:
        return filled
    touched = _touched(form, values)
    before, parts = _parts(form.content), _parts(filled)
    places = _sheets(before)
    roots = {sheet: _parsed(before[name]) for sheet, name in places.items()}
    results = {
        (sheet, cell.get("r")): cell
        for sheet, root in roots.items()
        for cell in root.iter(f"{_MAIN}c")
        if cell.find(f"{_MAIN}f") is not None and (sheet, cell.get("r")) not in touched
    }
    sums = _sums(form, touched, values, results)
    for sheet, name in places.items():
        root = _parsed(parts[name])
        if not _restore(root, sheet, results, sums):
            continue
        # A sheet that reads as it did is the sender's own, byte for byte.
        same = _canonical(root) == _canonical(_parsed(before[name]))
        parts[name] = before[name] if same else _written(root)
    return zipped(parts, first="[Content_Types].xml")


def _touched(form: Form, values: Mapping[Where, Value]) -> set[Where]:
    """Return the formulas whose result our figures may change."""
    boxes = {where: _boxes(where[0], said) for where, said in form.formulas.items()}
    out = {where for where, found in boxes.items() if found is None}
    fresh: set[Where] = {*values, *out}
    while fresh:
        places = [(sheet, *_place(at)) for sheet, at in fresh]
        fresh = {
            where for where, found in boxes.items()
            if where not in out and found
            and any(box.holds(*place) for box in found for place in places)
        }  # fmt: skip
        out |= fresh
    return out


def _boxes(sheet: str, formula: str) -> list[_Box] | None:
    """Return what a formula looks at; None where that cannot be told from its words."""
    from openpyxl.formula import Tokenizer
    from openpyxl.utils import column_index_from_string

    if _CHANGING.search(formula):
        return None
    out: list[_Box] = []
    for token in Tokenizer(formula).items:
        if (token.type, token.subtype) != ("OPERAND", "RANGE"):
            continue
        if "[" in token.value:
            # Another workbook: nothing of ours stands there.
            continue
        match = _BOX.fullmatch(token.value)
        if match is None:
            return None
        quoted, plain, left, top, right, bottom = match.groups()
        home = quoted.replace("''", "'") if quoted else plain or sheet
        out.append(_Box(
            home, int(top), column_index_from_string(left), int(bottom or top),
            column_index_from_string(right or left),
        ))  # fmt: skip
    return out


def _sums(
    form: Form, touched: set[Where], values: Mapping[Where, Value], results: Mapping[Where, Any]
) -> dict[Where, float]:
    """Return the sums that can be worked out: of numbers alone, none of their cells blank."""
    known = dict(form.numbers) | {w: v for w, v in values.items() if isinstance(v, float)}
    for where, cell in results.items():
        found = cell.find(f"{_MAIN}v")
        if found is not None and found.text and cell.get("t") in (None, "n"):
            known[where] = float(found.text)
    out: dict[Where, float] = {}
    left = {where: _added(form.formulas[where]) for where in touched if where in form.formulas}
    left = {where: of for where, of in left.items() if of}
    while left:
        done = {}
        for (sheet, at), of in left.items():
            cells = [(sheet, one) for one in of]
            # "+" over a text is an error in Excel, a sum leaves texts out.
            chain = _CHAIN.fullmatch(form.formulas[sheet, at].strip())
            waits = any(one not in known and (chain or one in form.formulas) for one in cells)
            if not waits and not open_parts(form, (sheet, at), of, values):
                done[sheet, at] = sum(known.get(one, 0.0) for one in cells)
        if not done:
            break
        out, known = out | done, known | done
        left = {where: of for where, of in left.items() if where not in done}
    return out


def _added(formula: str) -> list[str]:
    """Return the cells that a formula adds up, as a sum or with signs.

    Examples
    --------
    >>> _added("=SUM(D9:D10)"), _added("=D9+$D$11"), _added("=D9*2")
    (['D9', 'D10'], ['D9', 'D11'], [])
    """
    if _CHAIN.fullmatch(formula.strip()):
        return re.findall(r"[A-Z]{1,3}[0-9]{1,7}", formula.replace("$", ""))
    return summed(formula)


# --- the sheets' own XML --------------------------------------------------------------------------


def _restore(
    root: Any, sheet: str, results: Mapping[Where, Any], sums: Mapping[Where, float]
) -> bool:
    """Put results beside the formulas of a sheet; say whether there were any."""
    found = False
    for cell in root.iter(f"{_MAIN}c"):
        where = (sheet, cell.get("r"))
        if cell.find(f"{_MAIN}f") is None or cell.find(f"{_MAIN}v") is not None:
            continue
        old = results.get(where)
        held = None if old is None else old.find(f"{_MAIN}v")
        said = repr(sums[where]) if where in sums else None if held is None else held.text
        if said is None:
            continue
        if where not in sums and old is not None and old.get("t"):
            cell.set("t", old.get("t"))
        value = cell.makeelement(f"{_MAIN}v", {})
        value.text = said
        cell.find(f"{_MAIN}f").addnext(value)
        found = True
    return found


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _sheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return sheet -> its part."""
    relations = _parsed(parts["xl/_rels/workbook.xml.rels"])
    targets = {one.get("Id"): one.get("Target") for one in relations}
    out = {}
    for sheet in _parsed(parts["xl/workbook.xml"]).iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(f"{_OFFICE}id"), "")
        name = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        if name in parts:
            out[sheet.get("name")] = name
    return out


def _place(at: str) -> tuple[int, int]:
    from openpyxl.utils.cell import coordinate_to_tuple

    row, column = coordinate_to_tuple(at)
    return row, column


def _parsed(part: bytes) -> Any:
    from lxml import etree

    # No entities, no network: the file comes from outside; `patching` refused any DTD before.
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))


def _canonical(root: Any) -> bytes:
    from lxml import etree

    made: bytes = etree.tostring(root, method="c14n")
    return made


def _written(root: Any) -> bytes:
    from lxml import etree

    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made
