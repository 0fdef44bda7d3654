"""Measures, evidence and findings: small frozen values that say what they promise."""

from __future__ import annotations

import base64
import hashlib
import math
from dataclasses import dataclass, replace
from enum import StrEnum

from ntm_gis.errors import NotComputable
from ntm_gis.results import words
from ntm_gis.results.verdicts import Judged
from ntm_gis.results.words import Words

_SLACK = 1e-9
"""How far, relative to its size, a value may pass its bounds by rounding alone."""


class Severity(StrEnum):
    """How much a finding weighs, gravest first."""

    STOP = "stop"
    BLOCK = "block"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature puts into a measure.

    Parameters
    ----------
    layer, id : str
        The feature.
    amount : float
        Its share of the numerator; 0 where `unknown`.
    unknown : bool
        Its share is not known; it only widens the bounds.
    weight : float or None
        Its share of the denominator (or what it could be, where `unknown`).
    """

    layer: str
    id: str
    amount: float
    unknown: bool = False
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a number comes from: how it was made, of which features, of which files.

    `inputs` are file names as received; their digests stand in the list of inputs.
    """

    method: Words
    features: tuple[Contribution, ...] = ()
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A remark that goes with a measure."""

    code: str
    text: Words

    @classmethod
    def of(cls, code: str, **params: object) -> Note:
        """Make a note in the words of `data/messages.toml`."""
        return cls(code, words.sentence(code, params))


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that knows its unit, its bounds and its evidence.

    `low` and `high` hold over every completion of what is unknown (None: no end);
    `value` is over what is known (None: nothing is), `report_value` what is confirmed: `low`
    where more is better, `high` where less is. `judged` is the verdict of an indicator or a
    criterion; other measures have none.

    Raises
    ------
    NotComputable
        A number given is NaN or infinite, the bounds are the wrong way round, or the value lies
        outside them.

    Examples
    --------
    >>> Measure("tea.area_ha", Words("Diện tích chè", "Tea area"), "ha", 2.0, 2.0, 2.0,
    ...         Evidence(Words("đo trên bản đồ", "measured on the map"))).report_value
    2.0
    """

    id: str
    title: Words
    unit: str
    value: float | None
    low: float | None
    high: float | None
    evidence: Evidence
    subject: str | None = None
    numerator: float | None = None
    denominator: float | None = None
    method: str = "map"
    more_is_better: bool = True
    notes: tuple[Note, ...] = ()
    judged: Judged | None = None

    def __post_init__(self) -> None:
        for name in ("value", "low", "high", "numerator", "denominator"):
            number = getattr(self, name)
            if number is not None and not math.isfinite(number):
                raise NotComputable("NOT_FINITE", measure=self.id, part=name)
        if self.low is not None and self.high is not None and self.low > self.high:
            raise NotComputable("BOUNDS_CROSSED", measure=self.id)
        if self.value is not None:
            slack = _SLACK * max(1.0, abs(self.value))
            below = self.low is not None and self.value < self.low - slack
            if below or (self.high is not None and self.value > self.high + slack):
                raise NotComputable(
                    "VALUE_OUTSIDE_BOUNDS", measure=self.id, value=self.value, low=self.low,
                    high=self.high,
                )  # fmt: skip

    @property
    def report_value(self) -> float | None:
        """What is confirmed."""
        return self.low if self.more_is_better else self.high

    @property
    def certain(self) -> bool:
        """Nothing that enters the measure is unknown."""
        return self.value is not None and self.low == self.high


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about data that an official should know: what, where, and what to do.

    Parameters
    ----------
    code : str
        A heading of `data/messages.toml`.
    severity : Severity
    message, repair : Words
        The sentence and the proposal.
    file, table : str or None
        The file as received, and its sheet or layer.
    layer, feature : str or None
        The layer of the commune and the id of the feature in it.
    row : int or None
        The row as the user sees it: Excel row, line of a CSV, number of the feature from 1.
    field : str or None
        The field of the layer's schema.
    value : str or None
        The value as read; blank where it is personal.
    affects : tuple of str
        Ids of the measures that this touches; from an analysis also beginnings of ids with `*`
        behind them.
    at : (float, float) or None
        Longitude and latitude, WGS 84.
    """

    code: str
    severity: Severity
    message: Words
    repair: Words | None = None
    file: str | None = None
    table: str | None = None
    layer: str | None = None
    feature: str | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None
    affects: tuple[str, ...] = ()
    at: tuple[float, float] | None = None

    @classmethod
    def of(  # noqa: PLR0913 - called by name
        cls,
        code: str,
        *,
        file: str | None = None,
        table: str | None = None,
        layer: str | None = None,
        feature: str | None = None,
        row: int | None = None,
        field: str | None = None,
        value: object = None,
        at: tuple[float, float] | None = None,
        personal: bool = False,
        **params: object,
    ) -> Finding:
        """Make a finding in the words of `data/messages.toml`.

        The sentence may name any of the places given (`{file}`, `{row}`, `{value}` …) and the
        further `params`.

        Parameters
        ----------
        personal : bool
            What the cell says must not leave the office: `value` is left blank, and the sentence
            says "(personal data)" instead of it and of `params` made from it.
        """
        text = None if value is None else str(value)
        known: dict[str, object] = {
            "file": file, "table": table, "layer": layer, "feature": feature,
            "row": row, "field": field, "value": text, **params,
        }  # fmt: skip
        if personal:
            known |= words.withheld({"value": text, **params})
            text = None if text is None else ""
        if text is not None and words.is_made_key(text):
            text = ""
        if feature is not None and row is not None and words.is_made_key(feature):
            known["feature"] = words.sentence("WITHOUT_ID", {"row": row})
        message = words.sentence(code, known)
        severity = Severity(words.messages()[code].severity or "warning")
        return cls(
            code, severity, message, words.repair(code, known), file, table, layer, feature,
            row, field, text, (), at,
        )  # fmt: skip

    def affecting(self, measures: tuple[str, ...]) -> Finding:
        """Return the same finding with the measures it touches."""
        return replace(self, affects=measures)

    @property
    def key(self) -> str:
        """What a decision about the finding points at.

        Code, file, sheet, layer, feature and field make it, so that it is the same in whatever
        order rows and sources stand. Findings of one code about one field of one feature share
        it, as do those of rows that have no id: they are decided together.

        Examples
        --------
        >>> Finding.of("VALUE_MISSING", file="a.csv", layer="roads", feature="D1", row=7,
        ...            field="surface", title="x").key
        'VALUE_MISSING-hetenk4sda'
        """
        place = (self.file, self.table, self.layer, self.feature, self.field)
        said = "\x1f".join(part or "" for part in place).encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(said, digest_size=6).digest()
        return f"{self.code}-{base64.b32encode(digest).decode('ascii').rstrip('=').lower()}"

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: gravest first, then by place in the sources."""
        return (
            self.severity.rank, self.file or "", self.table or "", self.row or 0,
            self.field or "", self.code, self.feature or "", self.message.vi,
        )  # fmt: skip
