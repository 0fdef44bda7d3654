"""Keys of rules, and titles cut for legends."""

from __future__ import annotations

LAND_USE = "land_use"
"""In the key of a rule: it colours a land use."""

MARKS = "marks"
"""In the key of a rule: it sets symbols along lines."""

_LONGEST = 36


def rule_key(style: str, case: str, wide: str = "") -> str:
    """Return the key of a rule: themes find by it which rules a map shows.

    Examples
    --------
    >>> rule_key("roads", "earth", "lane"), parsed_key("{roads/earth/lane}")
    ('{roads/earth/lane}', ('roads', 'earth', 'lane'))
    """
    return "{" + "/".join(part for part in (style, case, wide) if part) + "}"


def parsed_key(key: str) -> tuple[str, ...]:
    """Return style, case and class of a rule."""
    return tuple(key.strip("{}").split("/"))


def shortened(title: str, most: int = _LONGEST) -> str:
    """Return a title cut at a word, for a legend that must stay narrow.

    Examples
    --------
    >>> shortened("Đất ở"), shortened("Đất nghĩa trang, nhà tang lễ, cơ sở hỏa táng", 30)
    ('Đất ở', 'Đất nghĩa trang, nhà tang lễ…')
    """
    if len(title) <= most:
        return title
    return title[:most].rsplit(" ", 1)[0].rstrip(" ,;") + "…"
