"""XML of styles and projects as text, every text in it through its gate."""

from __future__ import annotations

from xml.etree.ElementTree import Element, tostring

from ntm_gis.outputs.gates import plain


def written(root: Element) -> str:
    r"""Return an element as text that every XML reader takes.

    Titles, headings and values come from files of the office: what XML 1.0 forbids, written or
    escaped, would make the whole file unreadable.

    Examples
    --------
    >>> written(Element("layer", name="Bản\x1b\u202e <A>"))
    '<layer name="Bản &lt;A&gt;" />'
    """
    for element in root.iter():
        for key, value in element.items():
            element.set(key, plain(value))
        if element.text:
            element.text = plain(element.text)
    return tostring(root, encoding="unicode")
