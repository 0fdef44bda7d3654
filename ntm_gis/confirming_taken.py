"""What became of the thresholds of a file: a sheet filled in, or a pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.analyses.criteria.law import COMPARATOR, DOCUMENT, PAGE, VALUE
from ntm_gis.results import Finding, Words
from ntm_gis.rules.terms import term
from ntm_gis.taken_back import TakenBack

if TYPE_CHECKING:
    from ntm_gis.layers.decisions import Decision

_SIGNS = {"at_least": "≥ ", "at_most": "≤ ", "equals": "= ", "level": "≥ "}


@dataclass(frozen=True)
class Entered:
    """What became of a confirmation.

    Parameters
    ----------
    n : str
        Number of its entry.
    state : {"new", "known", "withdrawn"}
    undo : str
        Of one withdrawn, the number of the undo that withdrew it.
    """

    title: Words
    decision: Decision
    n: str
    state: str
    undo: str = ""

    @property
    def said(self) -> dict[str, object]:
        """What the sentences about it are filled with."""
        details = dict(self.decision.details)
        return {
            "n": self.n, "undo": self.undo, "title": self.title, "limit": limit_words(details),
            "indicator": self.decision.subject.rpartition(":")[2],
            "document": details[DOCUMENT], "page": details[PAGE],
            "by": self.decision.decided_by, "on": self.decision.decided_on,
        }  # fmt: skip


def limit_words(details: dict[str, str]) -> Words:
    """Return a confirmed limit in words: "≥ 65".

    Examples
    --------
    >>> limit_words({"value": "65", "comparator": "at_least"}).vi
    '≥ 65'
    """
    way, value = details.get(COMPARATOR, ""), details.get(VALUE, "")
    if way == "passed":
        met = term("verdict.met")
        return Words(met.vi.lower(), met.en.lower())
    said = f"{_SIGNS.get(way, '')}{value}"
    return Words(said, said)


def entered(out: TakenBack, done: Sequence[Entered]) -> None:
    """Count what was written into the record; tell of what was withdrawn before."""
    out.new += sum(one.state == "new" for one in done)
    out.known += sum(one.state == "known" for one in done)
    for one in done:
        if one.state == "withdrawn":
            out.leave(_withdrawn(out.file, one))


def _withdrawn(file: str, one: Entered) -> Finding:
    said = one.said
    return Finding.of(
        "LAW_ROW_WITHDRAWN", file=file, indicator=said["indicator"], limit=said["limit"],
        n=said["n"], undo=said["undo"],
    )  # fmt: skip
