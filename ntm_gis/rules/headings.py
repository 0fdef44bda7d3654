"""Headings of columns as people write them: compared by their words, read for their unit."""

from __future__ import annotations

import re

from ntm_gis import text
from ntm_gis.rules.codes import RAISED, code_list, key_of

_UNIT_IN_HEADING = re.compile(r"[(\[]([^()\[\]]*)[)\]]|[,;:]([^,;:()\[\]]*)$")
_BEFORE_UNIT = re.compile(r"^\s*(?:ĐVT|đơn vị(?: tính)?)\s*:?", re.IGNORECASE)

_PERSONAL = tuple(
    tuple(phrase.split())
    for phrase in (
        "cccd", "cmnd", "cmtnd", "cmt nd", "can cuoc", "chung minh", "dinh danh ca nhan",
        "ho chieu", "so ho khau", "dien thoai", "so dien th", "so dt", "sdt", "dtdd", "phone",
        "email", "chu ho", "ho ten", "ho va ten", "ten chu", "chu dat", "chu nha", "chu su dung",
        "nguoi su dung dat", "full name", "ngay sinh", "nam sinh", "ngay thang nam sinh",
        "date of birth", "dob", "so tai khoan", "bhyt",
    )
)  # fmt: skip
"""Words, folded, in headings of columns about a person: names, numbers of papers and telephones,
days of birth, accounts."""


def looks_personal(heading: str) -> bool:
    """Whether a column is, by its heading, about a person rather than a thing of the commune.

    Examples
    --------
    >>> looks_personal("Số CCCD"), looks_personal("HO_TEN"), looks_personal("Chủ hộ")
    (True, True, True)
    >>> looks_personal("Số hộ"), looks_personal("Chủ đầu tư"), looks_personal("Tên hồ")
    (False, False, False)
    """
    words = re.findall(r"[a-z0-9]+", text.fold(heading).replace("_", " "))
    return any(_stands_in(phrase, words) for phrase in _PERSONAL)


def _stands_in(phrase: tuple[str, ...], words: list[str]) -> bool:
    n = len(phrase)
    return "".join(phrase) in words or any(
        tuple(words[i : i + n]) == phrase for i in range(len(words) - n + 1)
    )


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
