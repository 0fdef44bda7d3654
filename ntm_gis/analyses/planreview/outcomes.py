"""What a rule found, and how it becomes a finding: numbered, waived or not, advisory or not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from ntm_gis.analyses.places import at_row, lonlat
from ntm_gis.analyses.planreview.decided import until
from ntm_gis.layers.decisions import RULE
from ntm_gis.results import Finding, Severity, Words, sentence
from ntm_gis.results.words import messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import shapely

    from ntm_gis.analyses.planreview.case import Case
    from ntm_gis.analyses.planreview.decided import Decided
    from ntm_gis.layers.decisions import Decision
    from ntm_gis.rules.planning_cards import Rule

Verdict = Literal["fail", "warn", "no_data"]


@dataclass(frozen=True)
class Outcome:
    """One breach of a rule, or one thing it could not judge.

    Parameters
    ----------
    subject : str
        What it is about, the same from one review to the next: "P1/Z3+P2/Z8".
    plans : tuple of str
    layer, row : str, int, optional
        The row that it is at: layer and position in its used rows.
    geometry : geometry, optional
        Where, in the commune's zone.
    grid_m2, ground_m2 : float, optional
        Area on the plane of the zone, and on the ellipsoid.
    measured, required : float, optional
        In `unit`.
    code : str, optional
        Heading of its sentence, where the rule has several; the test's where left out.
    file, line : str, int, optional
        Where it was written, of a row that is not used.
    uses : (str, str), optional
        Land uses that contradict each other.
    params : mapping
        What the sentence names besides.
    """

    rule: Rule
    verdict: Verdict
    subject: str
    plans: tuple[str, ...] = ()
    layer: str | None = None
    row: int | None = None
    geometry: shapely.Geometry | None = None
    grid_m2: float | None = None
    ground_m2: float | None = None
    measured: float | None = None
    required: float | None = None
    unit: str = ""
    code: str | None = None
    uses: tuple[str | None, str | None] = (None, None)
    file: str | None = None
    line: int | None = None
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Heading of its sentence in `data/messages.toml`."""
        return f"PLAN_{(self.code or self.rule.test).upper()}"


@dataclass(frozen=True)
class Pinned:
    """An outcome with its number, and the decision about it.

    Parameters
    ----------
    pin : str
        "QH07-3": the rule, and which of its findings; the same in every output.
    waived, lapsed : Decision, optional
        The waiver in force, or the one whose time is over.
    decided : Decision, optional
        Keep, amend or drop.
    """

    outcome: Outcome
    pin: str
    waived: Decision | None = None
    decided: Decision | None = None
    lapsed: Decision | None = None

    @property
    def severity(self) -> Severity:
        """How grave it is: advisory rules and waived findings are notes."""
        rule = self.outcome.rule
        if rule.is_advisory or self.waived is not None:
            return Severity.NOTE
        if self.outcome.verdict == "no_data":
            # How much it weighs that something is not known stands with its words.
            return Severity(messages()[self.outcome.message].severity or Severity.NOTE)
        return Severity(rule.severity)

    @property
    def status(self) -> str:
        """The state by which maps draw it."""
        if self.waived is not None:
            return "waived"
        return "advisory" if self.outcome.rule.is_advisory else self.outcome.verdict


NAMED = 8
"""So many names a sentence gives; of more it says how many."""


def some(names: Iterable[str]) -> tuple[object, ...]:
    """Return names for a sentence: the first, and how many more there are.

    Examples
    --------
    >>> some(["Z1", "Z2"])
    ('Z1', 'Z2')
    """
    every = tuple(dict.fromkeys(names))
    if len(every) <= NAMED + 1:
        return every
    return (*every[:NAMED], sentence("PLAN_AND_MORE", {"n": len(every) - NAMED}))


def pinned(outcomes: Iterable[Outcome], said: Decided) -> tuple[Pinned, ...]:
    """Return outcomes numbered within their rule, by subject, each with what was decided of it.

    Notes
    -----
    A waiver of a rule that nobody may waive has no effect.
    """
    by_rule: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_rule[outcome.rule.id].append(outcome)
    out = []
    for rule, found in sorted(by_rule.items()):
        for number, outcome in enumerate(sorted(found, key=_place), 1):
            key = f"{rule}:{outcome.subject}"
            waived, lapsed = (
                of.get(f"{RULE}{key}") or of.get(f"{RULE}{rule}")
                if outcome.rule.waived_by is not None
                else None
                for of in (said.waived, said.lapsed)
            )
            made = said.of_finding(key, outcome.layer)
            out.append(
                Pinned(outcome, f"{rule}-{number}", waived, made, None if waived else lapsed)
            )
    return tuple(out)


def _place(outcome: Outcome) -> tuple[str, float, float]:
    if outcome.geometry is None or outcome.geometry.is_empty:
        return outcome.subject, 0.0, 0.0
    west, south, _, _ = outcome.geometry.bounds
    return outcome.subject, round(west, 1), round(south, 1)


def finding(found: Pinned, case: Case) -> Finding:
    """Return an outcome as a finding, with its number, its place and the rule it breaks."""
    outcome, rule = found.outcome, found.outcome.rule
    params: dict[str, Any] = {
        "pin": found.pin, "rule": rule.id, "rule_title": rule.title.words,
        "says": rule.says.words, "note": _note(found), **outcome.params,
    }  # fmt: skip
    if outcome.layer is not None and outcome.row is not None:
        layer = case.layers[outcome.layer]
        made = at_row(outcome.message, layer, outcome.row, place=outcome.geometry, **params)
    else:
        made = Finding.of(
            outcome.message, layer="plans", feature=outcome.subject.partition("@")[2] or None,
            file=outcome.file, row=outcome.line,
            at=lonlat(outcome.geometry, case.layers["plans"].used.crs), **params,
        )  # fmt: skip
    return replace(made, severity=found.severity)


def _note(found: Pinned) -> Words:
    """Say what weighs on the outcome: that it was waived, or that the law was not read."""
    if found.waived is not None:
        said = {"by": found.waived.decided_by, "why": found.waived.why}
        last = until(found.waived)
        if last is None:
            return sentence("PLAN_WAIVED", said)
        return sentence("PLAN_WAIVED_UNTIL", {**said, "until": last})
    if found.lapsed is not None:
        over = {"by": found.lapsed.decided_by, "until": until(found.lapsed)}
        return sentence("PLAN_WAIVER_LAPSED", over)
    if found.outcome.rule.is_advisory:
        return sentence("PLAN_ADVISORY", {})
    return Words("", "")
