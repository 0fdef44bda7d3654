"""Several sources of one figure, settled: which document counts, entered into the record."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ntm_gis import pipeline, record, text
from ntm_gis.analyses.columns import texts
from ntm_gis.analyses.criteria.law import DOCUMENT
from ntm_gis.analyses.criteria.rows import LAYER, rows_of
from ntm_gis.booking import login
from ntm_gis.errors import UsageError
from ntm_gis.layers.decisions import Decision

SUBJECT, USE = "figure:", "use"


def settle(
    folder: Path, what: str, *, document: str | None, why: str, by: str | None, day: dt.date
) -> Decision:
    """Enter which document counts for a figure that sources give differently.

    Parameters
    ----------
    what : str
        "figure:15.4".
    document : str
        As the rows of `figures` name it; letter case and marks make no difference.

    Raises
    ------
    UsageError
        There is no such figure, or none of its rows names that document; no reason is given.
    """
    if not why.strip():
        raise UsageError("REASON_MISSING")
    commune, layers = pipeline.check(folder)
    layer = layers[LAYER]
    code = what.strip().removeprefix(SUBJECT).rpartition(":")[2]
    rows = [row for row in rows_of(layer, commune.commune.criteria_set or "") if row.code == code]
    if not rows:
        known = tuple(dict.fromkeys(c for c in texts(layer.used, "indicator") if c))[:12]
        raise UsageError("FIGURE_UNKNOWN", value=code, known=known)
    documents = tuple(dict.fromkeys(row.document for row in rows if row.document))
    wanted = text.fold((document or "").strip())
    fits = [one for one in documents if text.fold(one) == wanted]
    if not fits:
        raise UsageError("FIGURE_DOCUMENT", value=document or "–", indicator=code, known=documents)
    made = Decision(
        "", f"{SUBJECT}{code}", USE, day, (by or "").strip() or login(), why.strip(), fits[0],
        ((DOCUMENT, fits[0]),),
    )  # fmt: skip
    with record.writing(folder / record.FILE_NAME, commune.commune.code) as ledger:
        ledger.append([record.decision(made)], by=by)
    return made
