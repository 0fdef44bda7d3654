"""Findings about reports and works: which row, why it does not count, what to do."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ntm_gis.analyses.chainage.axis import CM, stretch, written
from ntm_gis.analyses.places import lonlat
from ntm_gis.analyses.progress.claims import LAYER, width_m
from ntm_gis.analyses.progress.days import doubtful, proposal
from ntm_gis.analyses.progress.measures import touched
from ntm_gis.analyses.progress.overlaps import accepted_early, accepted_unpoured
from ntm_gis.analyses.progress.works import LAYER as WORKS
from ntm_gis.analyses.progress.works import unread_cells
from ntm_gis.results import Finding, sentence, spans
from ntm_gis.rules.schema import code_list, schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import shapely
    from pyproj import CRS

    from ntm_gis.analyses.progress.judged import Judged
    from ntm_gis.analyses.progress.lines import Lines
    from ntm_gis.analyses.progress.overlaps import Overlap
    from ntm_gis.analyses.progress.tally import Reports
    from ntm_gis.layers.decisions import Claim
    from ntm_gis.layers.values import Layers
    from ntm_gis.results import Words


@dataclass(frozen=True)
class Teller:
    """Puts what is found into words, with the row of a claim and its place on the ground."""

    found: Reports
    lines: Lines
    zone: CRS | None

    def say(
        self,
        code: str,
        j: Judged,
        *,
        field: str | None = None,
        value: object = None,
        place: shapely.Geometry | None = None,
        **params: object,
    ) -> Finding:
        """Return a finding about a claim, with the measures it touches."""
        where = j.claim.place
        ground = place if place is not None else self.lines.of_claim(j)
        told = Finding.of(
            code,
            file=None if where is None else where.file,
            table=None if where is None else where.table,
            layer=LAYER,
            feature=j.claim.report_id,
            row=None if where is None else where.row,
            field=field,
            value=value,
            at=lonlat(ground, self.zone),
            personal=False,
            title=schema(LAYER).field(field).title.words if field else None,
            **params,
        )
        return told if j.work is None else told.affecting(touched(j.work.id))


def about_reports(layers: Layers, tell: Teller, again: Sequence[Overlap]) -> Iterator[Finding]:
    """Yield what is wrong with single reports, and with several together.

    Parameters
    ----------
    again : sequence of Overlap
        Ground claimed again, of all works.
    """
    as_of = layers.commune.commune.as_of
    told = {f.feature for f in layers[LAYER].findings if f.code.startswith("REFERENCE_")}
    unread = unread_cells(layers[LAYER])
    if tell.found.judged and not tell.found.works:
        yield Finding.of("REPORTS_WITHOUT_WORKS", layer=WORKS, n=len(tell.found.judged))
        return
    for j in tell.found.judged:
        if j.work is None:
            if j.claim.work_id is not None and j.claim.report_id not in told:
                yield tell.say("REPORT_WORK_UNKNOWN", j, field="work_id", value=j.claim.work_id)
            continue
        yield from _set_aside(tell, j)
        if not j.set_aside:
            yield from _dates(tell, j, as_of)
            yield from _widths(tell, j, read=(j.claim.report_id, "width_m") not in unread)
            if j.claim.stage == "accepted" and j.claim.verified_by is None:
                yield tell.say(
                    "ACCEPTANCE_UNVERIFIED", j, field="verified_by", by=j.claim.reported_by
                )
    yield from _swapped(tell, as_of)
    yield from _contradicting(tell)
    for work in tell.found.works:
        yield from _early(tell, tell.found.of(work), as_of)
        for j, ground in accepted_unpoured(tell.found.of(work), as_of):
            yield tell.say(
                "ACCEPTED_NOT_POURED", j, field="stage", metres=spans.length(ground) / CM,
                where=", ".join(stretch(*span) for span in ground),
            )  # fmt: skip
    yield from _repeated(tell, again)


def _set_aside(tell: Teller, j: Judged) -> Iterator[Finding]:
    since, until, work = j.claim.from_cm, j.claim.to_cm, j.work
    if work is None:
        return
    if j.state == "reversed" and since is not None and until is not None:
        code = "REPORT_REVERSED" if since > until else "REPORT_EMPTY"
        yield tell.say(
            code, j, field="from_m", value=written(since),
            since=written(since), until=written(until), turned=stretch(until, since),
        )  # fmt: skip
    if j.state == "beyond":
        ends = [cm for cm in (since, until) if cm is not None]
        line = tell.lines.roads.get(work.road_id or "")
        past = line is not None and max(ends) > line.span[1]
        field = "to_m" if until is not None and work.is_beyond((None, until)) else "from_m"
        value = until if field == "to_m" else since
        yield tell.say(
            "REPORT_BEYOND_ROAD" if past else "REPORT_BEYOND_WORK", j,
            field=field, value=None if value is None else written(value),
            said=" – ".join(written(cm) for cm in ends), road=work.road_id, name=work.name,
            end=written(line.span[1]) if past and line is not None else None,
            start=None if work.start_cm is None else written(work.start_cm),
            last=None if work.end_cm is None else written(work.end_cm),
        )  # fmt: skip


def _dates(tell: Teller, j: Judged, as_of: dt.date) -> Iterator[Finding]:
    on = j.claim.reported_on
    if on is None:
        return
    start = None if j.work is None else j.work.start_on
    said = {"on": on, "hint": proposal(on, start, as_of)}
    if on > as_of:
        yield tell.say("REPORT_LATER", j, field="reported_on", value=_day(on), as_of=as_of, **said)
    if start is not None and on < start:
        yield tell.say(
            "REPORT_BEFORE_START", j, field="reported_on", value=_day(on), start=start, **said
        )


def _swapped(tell: Teller, as_of: dt.date) -> Iterator[Finding]:
    for found in doubtful((j for j in tell.found.judged if not j.set_aside), as_of):
        on = found.report.claim.reported_on
        yield tell.say(
            "REPORT_DAY_SWAPPED", found.report, field="reported_on",
            value=None if on is None else _day(on), on=on, meant=found.meant,
        )  # fmt: skip


def _widths(tell: Teller, j: Judged, *, read: bool) -> Iterator[Finding]:
    least = None if j.work is None or j.work.min_width_cm is None else j.work.min_width_cm / CM
    if j.state == "narrow":
        width = width_m(j.claim)
        yield tell.say(
            "REPORT_NARROW", j, field="width_m", value=None if width is None else f"{width:.15g}",
            width=width, least=least, metres=_metres(j),
        )  # fmt: skip
    if j.state == "width_unknown" and least is not None and read:
        yield tell.say("REPORT_WIDTH_UNKNOWN", j, field="width_m", least=least, metres=_metres(j))


def _metres(j: Judged) -> float | None:
    return None if j.span is None else (j.span[1] - j.span[0]) / CM


def _contradicting(tell: Teller) -> Iterator[Finding]:
    """Yield reports of one id that say different things: in the record and in a source."""
    by_id: dict[str, list[Judged]] = defaultdict(list)
    for j in tell.found.judged:
        by_id[j.claim.report_id].append(j)
    for alike in by_id.values():
        works = dict.fromkeys(j.work.id for j in alike if j.work is not None)
        for j in alike[1:]:
            yield tell.say(
                "REPORT_TWO_CONTENTS", j, differ=_differing(alike[0].claim, j.claim), n=len(alike),
                one=_version(alike[0].claim), other=_version(j.claim),
            ).affecting(tuple(name for work in works for name in touched(work)))  # fmt: skip


def _version(claim: Claim) -> Words:
    """Return one content of a report: what it says, and where it stands."""
    where: list[Words | str] = []
    if claim.place is not None:
        sheet = {"file": PurePosixPath(claim.place.file).name, "row": claim.place.row}
        where.append(sentence("REPORT_AT_ROW" if claim.place.row else "REPORT_AT_FILE", sheet))
    if claim.entry:
        where.append(sentence("REPORT_AT_ENTRY", {"entry": claim.entry[:_ENTRY_LETTERS]}))
    ends = ("?" if cm is None else written(cm) for cm in (claim.from_cm, claim.to_cm))
    return sentence(
        "REPORT_VERSION",
        {
            "span": " – ".join(ends), "stage": _stage(claim.stage), "on": claim.reported_on,
            "by": claim.reported_by, "where": tuple(where),
        },
    )  # fmt: skip


_ENTRY_LETTERS = 8
_FIELDS = (
    "report_id", "work_id", "from_m", "to_m", "stage", "reported_on", "reported_by",
    "verified_by", "minute_no", "width_m", "thickness_cm", "photo",
)  # fmt: skip


def _differing(one: Claim, other: Claim) -> tuple[Words, ...]:
    titles = (schema(LAYER).field(name).title.words for name in _FIELDS)
    pairs = zip(titles, one.content, other.content, strict=True)
    return tuple(title for title, a, b in pairs if a != b)


def _early(tell: Teller, claims: Sequence[Judged], as_of: dt.date) -> Iterator[Finding]:
    for early in accepted_early(claims, as_of):
        taken, poured = early.accepted.claim, early.poured.claim
        yield tell.say(
            "ACCEPTED_BEFORE_POURED", early.accepted, field="reported_on",
            value=None if taken.reported_on is None else _day(taken.reported_on),
            on=taken.reported_on, other=poured.report_id, poured_on=poured.reported_on,
            where=", ".join(stretch(*span) for span in early.ground),
        )  # fmt: skip


def _repeated(tell: Teller, found: Sequence[Overlap]) -> Iterator[Finding]:
    """Yield one finding for each report that claims ground again, with all who had it before."""
    by_second: dict[int, list[Overlap]] = defaultdict(list)
    for over in found:
        by_second[id(over.second)].append(over)
    for mine in by_second.values():
        second = mine[0].second
        ground = spans.union(over.span for over in mine)
        place = tell.lines.cut(mine[0].work.road_id, ground[0])
        yield tell.say(
            "REPORTS_OVERLAP", second, field="from_m", place=place,
            said=_said(second), metres=spans.length(ground) / CM,
            where=", ".join(stretch(*span) for span in ground),
            before=tuple(dict.fromkeys(_said(over.first) for over in mine)),
        )  # fmt: skip


def _said(j: Judged) -> Words:
    claim = j.claim
    return sentence(
        "REPORT_SAID",
        {
            "id": _known_as(claim),
            "stage": _stage(claim.stage),
            "on": claim.reported_on,
            "by": claim.reported_by,
        },
    )


def _known_as(claim: Claim) -> Words | str:
    """Return the id of a report; its row where the id was made of all that it says."""
    made = claim.report_id.count(_MADE_OF) >= _MADE_PARTS
    row = None if claim.place is None else claim.place.row
    return sentence("WITHOUT_ID", {"row": row}) if made and row is not None else claim.report_id


_MADE_OF, _MADE_PARTS = " · ", 3


def _stage(code: str | None) -> Words | None:
    return next((c.title.words for c in code_list("stage").codes if c.code == code), None)


def _day(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"
