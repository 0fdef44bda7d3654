"""PDF files read back by pypdf: their text, and whether their fonts are embedded and readable."""

from __future__ import annotations

import io

import pypdf


def text(content: bytes) -> str:
    """Return the text of all pages."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def fonts(content: bytes) -> dict[str, bool]:
    """Return each font, and whether its outlines and its letters (ToUnicode) are in the file."""
    out: dict[str, bool] = {}
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        for held in page["/Resources"].get_object().get("/Font", {}).values():
            font = held.get_object()
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            described = inner["/FontDescriptor"].get_object()
            embedded = any(f"/FontFile{n}" in described for n in ("", "2", "3"))
            out[str(font["/BaseFont"])] = embedded and "/ToUnicode" in font
    return out
