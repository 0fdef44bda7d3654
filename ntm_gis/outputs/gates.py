r"""Gates: what a text from outside must pass before it stands in a file of ours.

A name in a list may hold anything: a formula, a control character, signs that turn the
direction of writing. Each format has its gate; HTML has Jinja's escaping and `text_for_html`
for what escaping leaves. What is taken out was never visible.
"""

from __future__ import annotations

import html
import re

# Excel refuses longer cells; the file would have to be repaired on opening.
XLSX_LIMIT = 32_767

# Not allowed in XML 1.0, whether written or escaped.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
# Embeddings, overrides, isolates and marks: they show a text otherwise than it is.
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What spreadsheets take for the beginning of a formula.
_FORMULA = re.compile(r"^[\s\ufeff\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\t\r\n]")
_ADDRESS = re.compile(r"\b(?:https?|ftp|wss?):[/\\]*", re.IGNORECASE)
# Braces of templates, backticks and dollars of script strings, escapes, per cent of tags.
_FOLIUM_RUNS = frozenset("{}`$\\%")
_PLAIN_NUMBER = re.compile(r"^[+\-]?\d[\d.,]*( ?%)?$")


def plain(text: str) -> str:
    r"""Return a text without what no format of ours can hold or show.

    Control characters (but tab and line break), halves of a character and signs of direction
    go; "\r\n" becomes "\n".

    Examples
    --------
    >>> plain("Hô\x00 Tra\u202e")
    'Hô Tra'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _BIDI.sub("", _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text)))


def text_for_xlsx(text: str, ending: str = "…") -> str:
    r"""Return a text that a cell of type string can hold.

    The caller writes it with the type string: a text that begins with "=" stays a text.

    Parameters
    ----------
    text : str
    ending : str
        What a text cut at 32,767 characters ends with.

    Examples
    --------
    >>> text_for_xlsx("=1+1\x07")
    '=1+1'
    >>> len(text_for_xlsx("ế" * 40_000))
    32767
    """
    # XlsxWriter would take _x000D_ in a text for an escaped character; so would Excel.
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", plain(text))
    return text if len(text) <= XLSX_LIMIT else text[: XLSX_LIMIT - len(ending)] + ending


def text_for_csv(text: str) -> str:
    """Return a text that a spreadsheet opening a CSV file does not run as a formula.

    An apostrophe goes before `= + - @`, a tab or a line break at the beginning; numbers with
    a sign stay as they are.

    Examples
    --------
    >>> text_for_csv("=HYPERLINK(1)"), text_for_csv("-2,5"), text_for_csv("Hô Tra")
    ("'=HYPERLINK(1)", '-2,5', 'Hô Tra')
    """
    text = plain(text)
    return "'" + text if _FORMULA.match(text) and not _PLAIN_NUMBER.match(text) else text


def text_for_html(text: str) -> str:
    """Return a text that may go to a template that escapes, or to a page's data block.

    Addresses in it ("https://www.…", a link to a map in a list) are shown without their
    beginning, as browsers do: no page of ours holds anything that leads to a network.

    Examples
    --------
    >>> text_for_html("Vị trí: https://www.example.vn/?q=22,103")
    'Vị trí: www.example.vn/?q=22,103'
    """
    return _ADDRESS.sub("", plain(text))


def text_for_folium(text: str) -> str:
    """Return a text that folium shows as it was typed.

    folium compiles texts as templates of its own, then the browser runs what is left of them as
    script and markup: everything that means something to any of the three goes as a number.

    Examples
    --------
    >>> text_for_folium("{{ 7 * 7 }}"), text_for_folium("Hô Tra <b>")
    ('&#123;&#123; 7 * 7 &#125;&#125;', 'Hô Tra &lt;b&gt;')
    """
    escaped = html.escape(text_for_html(text).replace("\n", " "))
    return "".join(f"&#{ord(c)};" if c in _FOLIUM_RUNS else c for c in escaped)


def text_for_json(text: str) -> str:
    r"""Return a text that UTF-8 can hold; JSON itself escapes the rest.

    Examples
    --------
    >>> text_for_json("Hô\ud800")
    'Hô\ufffd'
    """
    return _SURROGATES.sub("\ufffd", text)


def text_for_sqlite(text: str) -> str:
    """Return a text for a field of a GeoPackage: tools that read C strings stop at NUL."""
    return plain(text)


def id_for_json(name: str) -> str:
    """Return a measure's id with anything but its signs written as `%XX` of UTF-8.

    Ids come encoded from the analyses; here nothing else can leave.

    Examples
    --------
    >>> id_for_json("fund.NV01"), id_for_json("fund.vốn 1")
    ('fund.NV01', 'fund.v%E1%BB%91n%201')
    """
    return "".join(
        char
        if char.isascii() and (char.isalnum() or char in "_-.%")
        else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))
        for char in name
    )
