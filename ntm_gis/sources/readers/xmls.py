"""XML without a document type: checked before any parser sees it."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ntm_gis.sources import limits
from ntm_gis.sources.readers.parsed import Refusal

_DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)


def parse(content: bytes) -> Element:
    """Return the root element of an XML document.

    Raises
    ------
    Refusal
        `XML_DTD` where it declares a document type, whatever for; `XML_BROKEN` where it is
        not well formed; `SOURCE_TOO_BIG`.

    Examples
    --------
    >>> parse(b"<a><b/></a>").tag
    'a'
    """
    require_plain(content)
    try:
        root: Any = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as cause:
        raise Refusal("XML_DTD") from cause
    except ParseError as cause:
        raise Refusal("XML_BROKEN", line=cause.position[0]) from cause
    except (ValueError, LookupError) as cause:  # an encoding that nobody knows
        raise Refusal("XML_BROKEN", line=1) from cause
    found: Element = root
    return found


def require_plain(content: bytes) -> None:
    """Refuse XML that declares a document type, or is too long, before any parser sees it."""
    if len(content) > limits.XML_BYTES:
        raise Refusal("SOURCE_TOO_BIG")
    # Other encodings than ASCII's relatives put zero bytes between the letters.
    if _DECLARED.search(content) or _DECLARED.search(content[:65536].replace(b"\0", b"")):
        raise Refusal("XML_DTD")


def local(element: Element) -> str:
    """Return the name of an element without its namespace.

    Examples
    --------
    >>> local(parse(b'<gpx xmlns="http://www.topografix.com/GPX/1/1"/>'))
    'gpx'
    """
    tag = element.tag
    # Comments and instructions have a function in place of a name.
    return str(tag).rsplit("}", 1)[-1].rsplit(":", 1)[-1]


def text_of(element: Element | None) -> str | None:
    """Return the trimmed text of an element, None where there is none."""
    if element is None or element.text is None:
        return None
    return element.text.strip() or None


def child(element: Element, name: str) -> Element | None:
    """Return the first child of a local name, whatever its namespace."""
    return next((part for part in element if local(part) == name), None)
