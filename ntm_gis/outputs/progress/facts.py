"""What is known of a stretch of a road work, in lines that two A4 pages hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ntm_gis import numbers
from ntm_gis.layers.decisions import Dispute
from ntm_gis.outputs import gates
from ntm_gis.outputs.progress.lists import in_order, span_of
from ntm_gis.outputs.progress.model import GPS, TOLD, Work
from ntm_gis.outputs.progress.said import between, day, million, report_state, stage_words
from ntm_gis.rules.terms import say, term

_CM = 100
_LETTERS, _FEW_LETTERS, _NAME_LETTERS = 105, 36, 40


def short(text: str, most: int = _LETTERS) -> str:
    """Return a text that cannot burst the page."""
    text = " ".join(gates.plain(text).split())
    return text if len(text) <= most else text[: most - 1] + "…"


class Facts:
    """What is known of a stretch, as lines that cannot burst a page."""

    def __init__(self, work: Work, span: tuple[float, float], as_of: dt.date, lang: str) -> None:
        self.work, self.as_of, self.lang = work, as_of, lang
        self.from_m, self.to_m = span

    def reports(self) -> Iterator[tuple[str, ...]]:
        """Yield the reports that lie on it, in order of their days."""
        show = numbers.format_en if self.lang == "en" else numbers.format_vi
        for r in in_order(self.work.reports):
            if r.meets(self.from_m, self.to_m):
                checked = r.verified_by or term("nobody_verified").of(self.lang)
                minute = f" ({r.minute_no})" if r.minute_no else ""
                yield (
                    short(r.id, 16), day(r.on, self.lang), span_of(r.from_m, r.to_m),
                    stage_words(r.stage, self.lang),
                    "–" if r.width_m is None else show(r.width_m, "", 1),
                    "–" if r.thickness_cm is None else show(r.thickness_cm, "", 0),
                    short(r.by or term("nobody_named").of(self.lang), _FEW_LETTERS),
                    short(f"{checked}{minute}", _FEW_LETTERS),
                    short(report_state(r, self.lang), 52),
                )  # fmt: skip

    def tracks(self) -> Iterator[str]:
        """Yield what tracks credit of it, and what they don't."""
        for part in self.work.tracks:
            if part.from_m is None or part.to_m is None:
                continue
            if part.from_m < self.to_m and part.to_m > self.from_m:
                track = short(part.track, 20)
                yield short(f"{track}, {span_of(part.from_m, part.to_m)}: {part.why}")

    def photos(self) -> Iterator[str]:
        """Yield the photos on it."""
        for p in self.work.photos:
            if p.at_m is None or p.state not in (GPS, TOLD):
                continue
            if self.from_m <= p.at_m <= self.to_m:
                where = numbers.format_chainage(p.at_m)
                name, on = short(p.name, _NAME_LETTERS), day(p.on, self.lang)
                words = say("photo_here", self.lang, name=name, where=where, on=on, how=p.how)
                yield short(words)

    def payments(self) -> Iterator[str]:
        """Yield the payments of the whole work up to the day of the figures."""
        for p in self.work.payments:
            if p.on is not None and p.on > self.as_of:
                continue
            amount = million(p.million, self.lang)
            yield short(say("sheet_payment", self.lang, on=day(p.on, self.lang), amount=amount,
                             document=short(p.document or "–", 40)))  # fmt: skip


def dispute(d: Dispute, lang: str) -> str:
    """Return who contests a stretch, since when and why, and what was settled."""
    who, where = short(d.raised_by, _NAME_LETTERS), between(d.from_cm / _CM, d.to_cm / _CM)
    on = day(d.raised_on, lang)
    text = say("sheet_dispute", lang, who=who, on=on, where=where, why=short(d.why))
    if d.outcome is None:
        return text
    outcome = term("counts_words" if d.outcome == "counts" else "not_counts_words").of(lang)
    settled = say("sheet_settled", lang, on=day(d.settled_on, lang), outcome=outcome)
    return f"{text}. {settled}"
