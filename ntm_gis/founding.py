"""`new`: the folder of a commune, with commune.toml, `sources/` and Excel templates."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ntm_gis import adding, adding_boundary, numbers, sources, text
from ntm_gis import crs as systems
from ntm_gis.asking import Ask
from ntm_gis.errors import SourceError, UsageError
from ntm_gis.layers.whose import Called
from ntm_gis.outputs import folders, layer_guide, templates
from ntm_gis.results import Words, sentence
from ntm_gis.rules import criteria
from ntm_gis.rules.commune import Identity, Predecessor
from ntm_gis.rules.schema import code_list
from ntm_gis.rules.unit_search import own_name
from ntm_gis.rules.units import Row, units

_CODE = re.compile(r"[0-9]{5}")
_YES, _NO = "yes", "no"
_BY_GROUP = ("vn-2026-2030",)
"""Sets with thresholds for groups of communes."""
_SAME = ("exact", "tone")
"""How alike two names are that are one, the place of the tone apart."""


@dataclass(frozen=True)
class Made:
    """A new folder: its working system in words, how many templates it holds, what it says.

    Parameters
    ----------
    formers : Words or None
        The former communes that commune.toml names, and the act; None where none is known.
    on : date
        The day of the figures.
    unsaid : tuple of Words
        What thresholds hang on and nobody said.
    """

    meridian: str
    templates: int
    formers: Words | None = None
    on: dt.date | None = None
    unsaid: tuple[Words, ...] = ()


def nobody(_: Words, __: object, ___: str | None) -> str | None:
    """Answer nothing: there is nobody to ask."""
    return None


def new(
    folder: Path,
    code: str,
    name: str,
    province: str,
    *,
    as_of: dt.date | None = None,
    boundary: Path | None = None,
    region: str | None = None,
    special_difficulty: bool | None = None,
    ask: Ask = nobody,
) -> Made:
    """Make the folder of a commune: commune.toml, `sources/` and Excel templates.

    The criteria set is the national one in force on the day of the figures. What thresholds hang
    on and nobody said (region, special difficulty) is asked, and stays unknown where nobody
    answers: nothing is taken for granted. The former communes are those of
    the shipped tables of mergers, where code and name are those of a commune there.

    Parameters
    ----------
    code : str
        The commune's code of five digits.
    province : str
        With or without diacritics.
    as_of : date, optional
        Day of the figures; today where left out.
    boundary : Path, optional
        The commune's outline: it decides the zone of least distortion, and is taken in.
    region : str, optional
        A socio-economic region, by its code or its name.
    special_difficulty : bool, optional
        Whether the commune is on the list of those in special difficulty.
    ask : callable
        Asked about the two where they are not given.

    Raises
    ------
    UsageError
        The code has not five digits, the name is empty, there is no such province or region.
    OutputError
        The folder holds a commune already, or nothing can be written there.
    SourceError
        The boundary cannot be read, or can be no commune's.
    """
    if not _CODE.fullmatch(code.strip()):
        raise UsageError("CODE_NOT_FIVE_DIGITS", value=code)
    if not text.clean(name):
        raise UsageError("NAME_EMPTY")
    known = _province(province)
    told_region = None if region is None else _region(region)
    called = Called(code.strip(), text.clean(name))
    zone = systems.advised_zone(known, *(_middle(boundary, called) if boundary else _of(known)))
    folders.require_new(folder)
    # The one place where the clock counts: a default that is written down and can be changed.
    day = as_of or numbers.today()
    made_of = _made_of(called, day)
    identity = Identity(
        code=code.strip(), name=text.clean(name), province=known, crs=zone.code, as_of=day,
        valid_from=made_of[0].valid_from if made_of else None,
        criteria_set=criteria.national_on(day),
        region=told_region or _asked_region(ask),
        special_difficulty=(
            _asked_difficulty(ask) if special_difficulty is None else special_difficulty
        ),
    )  # fmt: skip
    wanted = _require_commune(boundary, identity, ask) if boundary else False
    folders.write_new(folder, identity, _formers(made_of))
    for layer in templates.FILLED_BY_HAND:
        folders.write_template(folder, templates.file_name(layer), templates.template(layer))
    folders.write_template(folder, layer_guide.FILE_NAME, layer_guide.guide().encode("utf-8"))
    folders.write_report_files(folder)
    if boundary:
        answer = _yes if wanted else nobody  # asked above, before anything was made
        adding.add(folder, [boundary], layer="boundary", accept=True, ask=answer)
    return Made(
        systems.meridian_label(zone.code), len(templates.FILLED_BY_HAND),
        sentence("FORMERS_KNOWN", {
            "name": made_of[0].new_name, "formers": tuple(row.old_name for row in made_of),
            "act": made_of[0].act, "on": made_of[0].valid_from,
        }) if made_of else None,
        day, tuple(sentence(f"UNSAID_{key.upper()}", {}) for key in _unsaid(identity)),
    )  # fmt: skip


def _unsaid(identity: Identity) -> list[str]:
    """Return what of an identity is open; the group counts in sets whose limits hang on it."""
    keys = ["region", "special_difficulty"]
    if identity.criteria_set in _BY_GROUP:
        keys.append("commune_group")
    return [key for key in keys if getattr(identity, key) is None]


def _made_of(who: Called, day: dt.date) -> tuple[Row, ...]:
    """Return the rows of the newest merger that made a commune, up to a day.

    A name that is another than that of the code is no commune of the tables.
    """
    rows = [row for row in units().rows_into(who.code) if row.valid_from <= day]
    newest = [row for row in rows if row.valid_from == rows[-1].valid_from]
    if len(newest) < 2 or text.same_name(own_name(who.name), newest[0].new_name) not in _SAME:
        return ()
    return tuple(newest)


def _formers(made_of: tuple[Row, ...]) -> tuple[Predecessor, ...]:
    """Return former communes as commune.toml names them: F1, F2 … in order of their codes."""
    eve = dt.timedelta(days=1)
    return tuple(
        Predecessor(
            id=f"F{n}", code=row.old_code, valid_to=row.valid_from - eve,
            name=f"{row.old_name} (cũ)" if row.old_name == row.new_name else row.old_name,
        )
        for n, row in enumerate(made_of, 1)
    )  # fmt: skip


def _province(name: str) -> str:
    """Return a province's name as it is spelled.

    Raises
    ------
    UsageError
        There is no such province; with the one that comes close.
    """
    rows = systems.meridians(name)
    if rows:
        return rows[-1].province
    close = text.suggestions(name, systems.province_names(), 3)
    if close:
        raise UsageError("PROVINCE_MEANT", province=name, meant=" / ".join(close))
    raise UsageError("PROVINCE_UNKNOWN", province=name)


def _of(province: str) -> tuple[float, float]:
    """Return a place that lets the province's own meridian win, the older where it has two."""
    return systems.meridians(province)[0].longitude, 16.0


def _region(name: str) -> str:
    """Return the code of a region that a person names.

    Raises
    ------
    UsageError
        There is no such region.
    """
    regions = code_list("region")
    found = regions.find(name)
    if found is None:
        shown = "; ".join(f"{code.title.vi} ({code.code})" for code in regions.codes)
        raise UsageError("REGION_NOT_KNOWN", value=name, known=shown)
    return found


def _asked_region(ask: Ask) -> str | None:
    answers = [(c.code, f"{c.title.vi} / {c.title.en}") for c in code_list("region").codes]
    return ask(sentence("ASK_REGION", {}), answers, None)


def _asked_difficulty(ask: Ask) -> bool | None:
    answers = []
    for key, code in ((_YES, "ANSWER_YES"), (_NO, "ANSWER_NO")):
        words = sentence(code, {})
        answers.append((key, f"{words.vi} / {words.en}"))
    found = ask(sentence("ASK_DIFFICULTY", {}), answers, None)
    return None if found is None else found == _YES


def _middle(boundary: Path, who: Called) -> tuple[float, float]:
    """Return the middle of an outline in degrees; of many communes that of the one called so.

    Raises
    ------
    SourceError
        It cannot be read, or its system is not known.
    """
    table = sources.look(boundary)[0]
    if table.sample.geometry.isna().all():
        why = table.findings[0].message if table.findings else sentence("NO_GEOMETRY", {})
        raise SourceError("BOUNDARY_UNREADABLE", file=boundary.name, why=why)
    own = table.sample[adding_boundary.own_rows(table, who)]
    west, south, east, north = own.total_bounds
    return (west + east) / 2, (south + north) / 2


def _require_commune(boundary: Path, who: Identity, ask: Ask) -> bool:
    """Refuse an outline that can be no commune's, by place or by size, or is of another.

    Returns
    -------
    bool
        It says it is of another commune, and a person wants it all the same.

    Raises
    ------
    SourceError
        It cannot.
    """
    table = sources.look(boundary, zone=who.crs)[0]
    shapes = np.array(table.sample.geometry, dtype=object)[adding_boundary.own_rows(table, who)]
    told = sources.misplaced(shapes, who.crs)
    if told is not None:
        raise SourceError("BOUNDARY_UNREADABLE", file=boundary.name, why=told.params["why"])
    said = adding_boundary.of_other(table, who)
    if said and not adding_boundary.wanted(boundary.name, said, who, ask):
        params = {"said": said, "name": who.name, "unit": who.code}
        why = sentence("BOUNDARY_SAYS_OTHER", params)
        raise SourceError("BOUNDARY_UNREADABLE", file=boundary.name, why=why)
    return bool(said)


def _yes(_: Words, __: object, ___: str | None) -> str | None:
    """Answer yes to what was asked already."""
    return _YES
