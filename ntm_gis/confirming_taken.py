"""What became of the thresholds of a file: a sheet filled in, or a pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ntm_gis.analyses.criteria_law import COMPARATOR, DOCUMENT, PAGE, VALUE
from ntm_gis.outputs.results_json import finding_entry
from ntm_gis.results import Finding, Severity, Words, sentence
from ntm_gis.rules.terms import term

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


@dataclass
class TakenBack:
    """What became of the rows of a file.

    Parameters
    ----------
    new, known, open : int
        Thresholds confirmed now; in the record already; rows left blank.
    left_out : int
        Rows that stay out, each with its finding.
    """

    file: str
    new: int = 0
    known: int = 0
    open: int = 0
    left_out: int = 0
    findings: list[Finding] = field(default_factory=list)
    check_code: str | None = None

    def leave(self, finding: Finding) -> None:
        """Keep a row out and say why."""
        self.left_out += 1
        self.findings.append(finding)

    def entered(self, done: Sequence[Entered]) -> None:
        """Count what was written into the record."""
        self.new += sum(one.state == "new" for one in done)
        self.known += sum(one.state == "known" for one in done)
        for one in done:
            if one.state == "withdrawn":
                self.leave(_withdrawn(self.file, one))

    @property
    def lines(self) -> tuple[Words, ...]:
        """What is told at the end."""
        return (sentence("LAW_TAKEN", {
            "file": self.file, "new": self.new, "known": self.known, "open": self.open,
            "left": self.left_out,
        }),)  # fmt: skip

    @property
    def status(self) -> int:
        """Return the exit status: 3 the file could not be read, 1 a row stays out, 0."""
        if any(f.severity is Severity.STOP for f in self.findings):
            return 3
        return 1 if self.left_out else 0

    def as_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "file": self.file, "new": self.new, "known": self.known, "open": self.open,
            "left_out": self.left_out, "check_code": self.check_code,
            "findings": [finding_entry(f) for f in self.findings],
        }  # fmt: skip


def _withdrawn(file: str, one: Entered) -> Finding:
    said = one.said
    return Finding.of(
        "LAW_ROW_WITHDRAWN", file=file, indicator=said["indicator"], limit=said["limit"],
        n=said["n"], undo=said["undo"],
    )  # fmt: skip
