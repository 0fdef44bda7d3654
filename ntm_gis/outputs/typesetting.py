"""Pages set by typst: its own fonts, no clock, and no fault of it that ends a whole run."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from ntm_gis.errors import OutputError


def pdf(page: Path, data: Any) -> bytes:
    """Return a page of ours filled with plain values, as a PDF.

    Parameters
    ----------
    page : Path
        The typst file; it reads `sys.inputs.data`.
    data : plain values
        Texts, numbers, lists and mappings: never markup.

    Raises
    ------
    OutputError
        The library gave up.
    """
    import typst

    fault: BaseException | None = None
    # Tags for screen readers are the youngest part of the library: a table that they cannot
    # follow is set without them.
    for tagged in (True, False):
        try:
            return typst.compile(
                page.read_bytes(),
                format="pdf",
                font_paths=_fonts(),
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                timestamp=0,
                pdf_tags=tagged,
            )
        # What panics in the library is no Exception, and would end the run with all its outputs.
        except BaseException as cause:
            if type(cause).__name__ not in ("PanicException", "TypstError"):
                raise
            fault = cause
    raise OutputError("PDF_NOT_SET", file=page.stem, why=type(fault).__name__) from fault


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """Return the fonts that come with typst, which have every letter of Vietnamese.

    The machine's own are left alone: the same content gives the same bytes everywhere.
    """
    import typst

    return typst.Fonts(include_system_fonts=False)
