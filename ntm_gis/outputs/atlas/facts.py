"""What the chairman's sheet says, read from measures, frames, findings and tasks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shapely

from ntm_gis import crs, numbers
from ntm_gis.outputs import wording
from ntm_gis.outputs.brief.decisions import Tasks
from ntm_gis.outputs.numbering import Group, grouped
from ntm_gis.outputs.planreview.reading import Reading
from ntm_gis.outputs.report.telling import Teller
from ntm_gis.outputs.rows import Value, plain
from ntm_gis.results import Severity
from ntm_gis.rules.terms import say, sections, term

if TYPE_CHECKING:
    from ntm_gis.outputs.webmap.context import Context
    from ntm_gis.results import Measure

FIGURES, PROBLEMS = 7, 5
_WANTED = (
    "score.met", "commune.population", "villages.poor_share", "roads.hardened_share.village",
    "villages.with_cultural_house_share", "schools.facility_level_1_share", "funds.total",
    "tea.area_ha", "irrigation.served_share", "commune.area_ha", "commune.households",
    "villages.count", "roads.hardened_share.commune", "loudspeakers.villages_share",
)  # fmt: skip
_CRITERIA = ("score.met", "score.not_met", "score.undetermined", "score.not_applicable",
             "score.no_threshold")  # fmt: skip
_NONE = "atlas.no_value"
_SECTIONS = {
    "plans": "II.1", "plan_zones": "II.1", "plan_items": "II.1", "plan_documents": "II.1",
    "roads": "II.2", "schools": "II.2", "irrigation": "II.2", "cultural_houses": "II.2",
    "loudspeakers": "II.2", "funds": "III", "payments": "III",
}  # fmt: skip
"""Layer of a finding -> the section of the plan whose office answers for it."""

_WIDE = 50.0
"""Where a share may lie anywhere within so many per cent, the range is the figure."""

_LATE = ("late", "late_unknown")
_TASK = ("id", "task", "lead_office", "village_id", "work_id", "due_on", "days_left", "state")

Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure in large type: what it is, its value and unit, what is certain of it."""

    title: str
    value: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A numbered problem, who answers for it, and where it is on the ground (metres)."""

    number: int
    severity: str
    text: str
    owner: str
    at: tuple[float, float] | None


def rows(context: Context, frame: str, names: Sequence[str]) -> list[Row]:
    """Return columns of a frame as plain rows; a column that it lacks is None."""
    found = context.answer.frames.get(frame)
    if found is None or not len(found):
        return []
    columns = [plain(found[n]) if n in found else [None] * len(found) for n in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


# --- figures --------------------------------------------------------------------------------------


def figures(teller: Teller) -> list[Fact]:
    """Return the seven figures: the first that something is known of, then those without."""
    found = [(name, m) for name in _WANTED if (m := teller.by_id.get(name)) is not None]
    known = [pair for pair in found if teller.known(pair[1])]
    unknown = [pair for pair in found if not teller.known(pair[1])]
    return [_fact(teller, name, m) for name, m in [*known, *unknown][:FIGURES]]


def _fact(teller: Teller, name: str, measure: Measure) -> Fact:
    speech, lang = teller.speech, teller.lang
    title = measure.title.of(lang)
    if not teller.known(measure):
        return Fact(title, say(_NONE, lang), "", "")
    notes = []
    if measure.id in speech.provisional:
        notes.append(say("atlas.provisional", lang))
    value, known = speech.value(measure), speech.range(measure)
    if name == "score.met":
        notes.append(_of_criteria(teller))
        # Where nothing can be told, none met is no result.
        told = [teller.by_id.get(one) for one in _CRITERIA[:2]]
        value = value if any(m is not None and m.value for m in told) else say(_NONE, lang)
    elif known and _says_little(measure):
        value = known
        notes.append(term("nothing_known").of(lang))
    elif not measure.certain and known:
        notes.append(known)
    unit = speech.unit(measure)
    said = wording.says_unit(title, unit) if unit else True
    return Fact(title, value, "" if said else unit, "; ".join(notes))


def _of_criteria(teller: Teller) -> str:
    """Say of how many criteria: those not told apart are no failures."""
    parts = {one: teller.by_id.get(one) for one in _CRITERIA}
    counts = {k: int(m.value) for k, m in parts.items() if m is not None and m.value is not None}
    n, left = sum(counts.values()), counts.get("score.undetermined", 0)
    if left:
        return say("atlas.of_criteria_open", teller.lang, n=n, open=left)
    return say("atlas.of_criteria", teller.lang, n=n)


def _says_little(measure: Measure) -> bool:
    """Whether a share may be nearly anything: its value over the little that is known misleads."""
    low, high = measure.low, measure.high
    return measure.unit == "%" and low is not None and high is not None and high - low > _WIDE


# --- problems -------------------------------------------------------------------------------------


def problems(teller: Teller, context: Context) -> list[Problem]:
    """Return the gravest problems with their owners.

    What cannot be read comes first; then findings that hold a figure back and late tasks in
    turn, so that neither drives out the other; then what should be looked at.
    """
    groups = grouped([one for one in teller.items if one[1].severity is not Severity.NOTE])
    by = {s: [g for g in groups if g.items[0][1].severity is s] for s in Severity}
    late = [_of_task(teller, context, row) for row in _late(context)]
    # Plans are reviewed rule by rule: of what holds back, the widest first.
    held = sorted(by[Severity.BLOCK], key=lambda g: -len(g.items))
    blocks = [_of_group(teller, context, g) for g in held]
    found = [
        *(_of_group(teller, context, g) for g in by[Severity.STOP]),
        *_in_turn(blocks, late),
        *(_of_group(teller, context, g) for g in by[Severity.WARNING]),
    ]
    return [replace(one, number=n) for n, one in enumerate(found[:PROBLEMS], 1)]


def _in_turn(first: Sequence[Problem], second: Sequence[Problem]) -> Iterator[Problem]:
    for n in range(max(len(first), len(second))):
        yield from first[n : n + 1]
        yield from second[n : n + 1]


def _late(context: Context) -> list[Row]:
    """Return the late tasks, the latest first."""
    found = [row for row in rows(context, "task_list", _TASK) if row["state"] in _LATE]
    return sorted(found, key=lambda row: (_number(row["days_left"]), str(row["id"])))


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _of_task(teller: Teller, context: Context, row: Row) -> Problem:
    lang = teller.lang
    n = int(-_number(row["days_left"]))
    text = say("atlas.late_task", lang, n=n, task=str(row["task"] or row["id"]))
    due = row["due_on"]
    owner = _owner(lang, row["lead_office"], due if isinstance(due, dt.date) else None)
    return Problem(0, "late", text, owner, _village_at(context, row["village_id"]))


def _owner(lang: str, office: Value, due: dt.date | None) -> str:
    name = str(office) if office else say("atlas.no_owner", lang)
    if due is None and not office:
        return name
    day = say("atlas.no_due", lang) if due is None else numbers.format_date_vi(due)
    return say("atlas.owner", lang, office=name, due=day)


def _village_at(context: Context, key: Value) -> tuple[float, float] | None:
    frame = context.villages
    if frame is None or not isinstance(key, str):
        return None
    shapes = frame.geometry[(frame["id"] == key).to_numpy()]
    return _middle(shapes.iloc[0]) if len(shapes) else None


def _middle(shape: shapely.Geometry | None) -> tuple[float, float] | None:
    if shape is None or shape.is_empty:
        return None
    point = shapely.point_on_surface(shape)
    return float(point.x), float(point.y)


def _of_group(teller: Teller, context: Context, group: Group) -> Problem:
    lang = teller.lang
    first = group.items[0][1]
    text = first.message.of(lang)
    if len(group.items) > 1:
        text = _many(teller, group, text)
    indicator = next((m for m in first.affects if m.startswith("indicator.")), "")
    owner = Tasks(teller).owner(
        indicator=indicator.removeprefix("indicator."),
        work=_work(first.affects),
        section=_SECTIONS.get(first.layer or "", ""),
    )
    at = next((f.at for _, f in group.items if f.at is not None), None)
    place = None
    if at is not None:
        zone = context.commune.commune.crs
        x, y = crs.transformer("EPSG:4326", zone).transform(*at)
        place = (float(x), float(y))
    said = _owner(lang, owner.office, owner.due)
    return Problem(0, first.severity.value, text, said, place)


def _many(teller: Teller, group: Group, first: str) -> str:
    """Say what several findings have in common, and the first of them."""
    lang, n = teller.lang, len(group.items)
    kinds = sections()["finding_kind"]
    if group.code in kinds:
        return say("atlas.many", lang, head=kinds[group.code].of(lang), n=n, first=first)
    read = Reading(teller.answer, teller.layers, lang)
    rule = first.partition("-")[0]
    for of in read.by_rule:
        if of.rule.id == rule:
            title = of.rule.title.words.of(lang)
            return say("atlas.many", lang, head=title, n=n, first=first)
    return say("atlas.alike", lang, n=n, first=first)


def _work(affects: Sequence[str]) -> str:
    found = next((m for m in affects if m.startswith("progress.")), "")
    return found.split(".")[1] if found.count(".") > 1 else ""
