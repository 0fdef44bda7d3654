"""The system of coordinates of a file: as it says, as it fits, or as a person answers."""

from __future__ import annotations

from ntm_gis import crs as systems
from ntm_gis.asking import Said, Wish, named
from ntm_gis.numbers import coordinates
from ntm_gis.results import Words, sentence
from ntm_gis.rules.commune import Commune, SourceEntry
from ntm_gis.sources import Table

_SURE, _NEXT = 0.9, 0.3
_OFFERED = 5
_WRONG_PLACE = frozenset({"CRS_NOWHERE", "CRS_OUTSIDE_VIETNAM", "CRS_IMPOSSIBLE", "CRS_REFUSED",
                          "CRS_DATUM_DOUBTFUL", "DRAWING_UNITS", "DRAWING_LOCAL"})  # fmt: skip
_UTM = ("EPSG:3405", "EPSG:3406", "EPSG:32648")


def epsg(said: str) -> str:
    """Return the code of a system that a person names.

    Raises
    ------
    CrsError
        There is no such system, or it may be several.

    Examples
    --------
    >>> epsg("VN-2000 103")
    'EPSG:9205'
    """
    return f"EPSG:{systems.parse_crs(said).to_epsg()}"


def system(
    table: Table, commune: Commune, before: SourceEntry | None, wish: Wish, out: Said
) -> str | None:
    """Settle the system of coordinates, where the file does not say it."""
    if wish.crs is not None:
        return epsg(wish.crs) if table.pairs or table.geometry else None
    if before is not None and before.crs is not None:
        return before.crs
    if table.crs is not None or table.geometry == "raster" or not (table.pairs or table.geometry):
        return None
    wrong = [f for f in table.findings if f.code in _WRONG_PLACE]
    usable = [h for h in table.candidates if not h.odd_scale]
    best = usable[0] if usable else None
    second = usable[1].share if len(usable) > 1 else 0.0
    sure = best is not None and best.share >= _SURE and second <= _NEXT
    if best is not None and sure:
        answer: str | None = best.source
    elif wrong:
        for finding in wrong:
            out.leave_words(finding.message, finding.repair)
        return None
    else:
        answers = [(h.source, _fit(h)) for h in usable[:_OFFERED]] or _possible(table, commune)
        question = sentence("ASK_SYSTEM", {"source": named(table)})
        answer = wish.decide(question, answers, None) if answers else None
    if answer is None:
        out.leave("ADD_SYSTEM_OPEN", source=named(table))
        return None
    label = Words(systems.meridian_label(answer), systems.meridian_label(answer, "en"))
    share = next((100 * h.share for h in usable if h.source == answer), None)
    code = "ADD_SYSTEM_SAID" if share is None else "ADD_SYSTEM"
    out.tell(code, source=named(table), label=label, share=share)
    return answer


def _possible(table: Table, commune: Commune) -> list[tuple[str, str]]:
    """Return the systems that the size of the coordinates allows, the commune's own first."""
    if table.extent is None:
        return []
    west, south, east, north = table.extent
    degrees = coordinates.within(west, coordinates.ANY_LONGITUDE) and coordinates.within(
        north, coordinates.ANY_LATITUDE
    )
    if degrees:
        codes = ["EPSG:4326", "EPSG:4756"]
    elif coordinates.within(east, coordinates.ANY_EASTING) and coordinates.within(
        south, coordinates.ANY_NORTHING
    ):
        province = {m.longitude for m in systems.meridians(commune.commune.province)}
        zones = [z.code for z in systems.zones() if z.longitude in province]
        codes = list(dict.fromkeys([commune.commune.crs, *zones, *_UTM]))[:_OFFERED]
    else:
        codes = []
    return [(c, f"{systems.meridian_label(c)} / {systems.meridian_label(c, 'en')}") for c in codes]


def _fit(system: systems.Hypothesis) -> str:
    """Say how well a system of coordinates fits."""
    label = Words(system.label("vi"), system.label("en"))
    fit = sentence("SYSTEM_FITS", {"label": label, "share": 100 * system.share})
    return f"{fit.vi} / {fit.en}"
