"""Headings of columns as people write them: compared by their words, read for their unit."""

from __future__ import annotations

import re

from ntm_gis import text
from ntm_gis.rules.codes import RAISED, code_list, key_of

_UNIT_IN_HEADING = re.compile(r"[(\[]([^()\[\]]*)[)\]]|[,;:]([^,;:()\[\]]*)$")
_BEFORE_UNIT = re.compile(r"^\s*(?:ĐVT|đơn vị(?: tính)?)\s*:?", re.IGNORECASE)


def heading_key(heading: str) -> str:
    """Return the key by which headings of columns are compared.

    Diacritics, case, spaces, signs and a unit in brackets or after a comma don't count; other
    words in brackets do.

    Examples
    --------
    >>> heading_key("Bề rộng (m)"), heading_key("BE_RONG"), heading_key("Diện tích (sàn)")
    ('berong', 'berong', 'dientichsan')
    """
    return key_of(_UNIT_IN_HEADING.sub(lambda m: " " if _unit(m) else m[0], heading))


def heading_unit(heading: str) -> str | None:
    """Return the unit that a heading names, as a code of the list `unit`.

    Examples
    --------
    >>> heading_unit("Chiều dài (km)"), heading_unit("Diện tích, m²"), heading_unit("Tên (cũ)")
    ('km', 'm2', None)
    """
    found = (_unit(match) for match in _UNIT_IN_HEADING.finditer(heading))
    return next((unit for unit in found if unit), None)


def _unit(match: re.Match[str]) -> str | None:
    units = code_list("unit")
    written = _BEFORE_UNIT.sub("", text.clean(match[1] or match[2] or "")).strip()
    found = units.find(written)
    if found is None:
        return None
    # "cống" is no "công": with diacritics a word must be the unit's own. After a comma stand
    # words of a list as well ("hộ, khẩu"), so only symbols count there.
    own = {_plain(s) for s in (found, units[found].title.vi, *units[found].aliases)}
    if not written.isascii() and _plain(written) not in own:
        return None
    return found if match[1] or units[found].flag("symbol") else None


def _plain(written: str) -> str:
    return written.translate(RAISED).casefold()
