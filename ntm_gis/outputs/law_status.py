"""What the terminal shows of thresholds: every one with its status and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rich.console import Group
from rich.table import Table
from rich.text import Text

from ntm_gis import numbers
from ntm_gis.outputs.score_status import OFFICIAL, limit_words
from ntm_gis.rules.terms import say, term

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from ntm_gis.results import Words
    from ntm_gis.rules.criteria_model import Indicator, Row


class Limit(Protocol):
    """One threshold as a person reads it."""

    @property
    def line(self) -> Indicator:
        """Whose it is."""

    @property
    def since(self) -> dt.date:
        """From which day."""

    @property
    def used(self) -> Row | None:
        """What verdicts are made by."""


def thresholds(limits: Sequence[Limit], title: Words, lang: str) -> Group:
    """Return every threshold of a set with its status, one below the other."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("code", "what", "since", "limit", "state", "source"):
        table.add_column(term(f"law_{name}").of(lang), overflow="fold", no_wrap=name == "code")
    sure = none = 0
    for one in limits:
        used = one.used
        has = used is not None and used.limit is not None
        status = used.status if used is not None and has else None
        sure += status in OFFICIAL
        none += not has
        row = {
            "comparator": used.way if used is not None else None,
            "limit_value": used.limit if used is not None else None, "unit_of": one.line.unit,
        }  # fmt: skip
        cells = (
            one.line.code, one.line.title.words.of(lang), numbers.format_date_vi(one.since),
            limit_words(row, lang) if has else term("law_unknown").of(lang), _state(status, lang),
            used.citation.text if used is not None else "",
        )  # fmt: skip
        table.add_row(*(Text(cell) for cell in cells))
    n = len(limits)
    told = say("law_count", lang, set=title, n=n, sure=sure, rest=n - sure - none, none=none)
    return Group(table, Text(told))


def _state(status: str | None, lang: str) -> str:
    if status is None:
        return ""
    return term(f"law_status.{status}" if status in OFFICIAL else "score_reference").of(lang)
