"""The maps of one answer: what they share is made once, each page is then put together."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ntm_gis import crs, numbers
from ntm_gis.crs.zones import FALSE_EASTING_M
from ntm_gis.outputs import page
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.speech import Speech
from ntm_gis.outputs.webmap import anchors, days, encode, points, relief, script, styling
from ntm_gis.outputs.webmap.context import Context
from ntm_gis.outputs.webmap.evidence import Behind, behind, evidence
from ntm_gis.outputs.webmap.legend import legend, swipe, used_measures
from ntm_gis.outputs.webmap.sheets import Sheet, sheet
from ntm_gis.results import Severity
from ntm_gis.rules import maps, terms
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from pathlib import Path

    from ntm_gis.layers.values import Answer
    from ntm_gis.rules.commune import Commune
    from ntm_gis.rules.maps import MapDefinition

CONTOURS = "contours"
OVERVIEW = "overview"
# Words of the page that other outputs use as well; its own stand under `map_page`.
_WORDS = (
    "as_of", "back", "choose_map", "close", "contributions", "contributions_more", "evidence",
    "file_row", "findings", "findings_about", "findings_none", "grammar", "grid_north",
    "how_to_read", "is_off", "legend", "light_up", "lit_features", "made_of", "no_place",
    "not_counted", "proposal", "unknown_ones",
    "affects", "sample", "search", "search_hint", "search_none", "unknown", "whole_commune",
    "without_place", "zoom_in", "zoom_out",
)  # fmt: skip


def available(answer: Answer) -> tuple[str, ...]:
    """Return the names of the maps that have something to show, in order.

    A map whose first group has no feature at all would be an empty sheet; the overview stands
    always.
    """
    styles = maps.styles().styles
    frames = {name for name, frame in answer.frames.items() if len(frame)}

    def tells(name: str) -> bool:
        first = maps.definition(name).groups[0]
        return any(styles[layer.style].frame in frames for layer in first.layers)

    return tuple(name for name in maps.names() if name == OVERVIEW or tells(name))


def render(
    answer: Answer, commune: Commune, map_definition: MapDefinition | str, lang: str = "vi"
) -> str:
    """Return the page of one map as HTML.

    Parameters
    ----------
    answer : Answer
        Frames in the commune's zone.
    commune : Commune
    map_definition : MapDefinition or str
        A map, or the name of one of `maps/*.toml`.
    lang : str
        "vi" or "en".

    Raises
    ------
    RuleError
        There is no such map.
    """
    return Atlas(answer, commune, lang).render(map_definition)


def write(
    answer: Answer,
    commune: Commune,
    folder: Path,
    lang: str = "vi",
    names: Iterable[str] | None = None,
) -> tuple[Path, ...]:
    """Write `NAME.html` of every map that has something to show, or of those named.

    Raises
    ------
    RuleError
        A name is no map.
    OutputError
        A file cannot be written.
    """
    atlas = Atlas(answer, commune, lang)
    asked = atlas.names if names is None else tuple(names)
    return tuple(
        atomic_write(folder / f"{name}.html", atlas.render(name).encode("utf-8")) for name in asked
    )


class Atlas:
    """All maps of an answer in one language.

    Parameters
    ----------
    answer : Answer
        Frames in the commune's zone, grids `heights` and `shade`.
    commune : Commune
    lang : str
        "vi" or "en".
    record_head : str, optional
        Check code of the record, under the legend; None where there is no record.
    printed : container of str
        Names of the maps whose printed sheet stands beside the page, as `NAME.pdf`.
    """

    def __init__(
        self,
        answer: Answer,
        commune: Commune,
        lang: str = "vi",
        *,
        record_head: str | None = None,
        printed: Container[str] = (),
    ) -> None:
        self.context = Context(answer, commune, lang)
        self.lang = lang
        self.record_head = record_head
        self.printed = printed
        self.names = available(answer)
        self._sheets: dict[str, Sheet | None] = {}
        self._named: dict[str, list[dict[str, Any]]] = {}

    def render(self, map_definition: MapDefinition | str) -> str:
        """Return the page of one map.

        Raises
        ------
        RuleError
            There is no such map.
        """
        given = map_definition
        definition = maps.definition(given) if isinstance(given, str) else given
        sheets = self._of(definition)
        found, more = points.points(definition, self._told, sheets)
        zone = self.context.commune.commune.crs
        groups = legend(definition, sheets, self._speech, _pins(found), zone)
        # The map of everything answers for every figure; the others for those they show.
        asked = None if definition.findings == "all" else used_measures(groups)
        data = {
            **self._everywhere,
            "styles": {s.name: styling.style(s.style, self.lang) for s in sheets},
            "layers": [s.written for s in sheets],
            "labels": [label for s in sheets for label in self._labels(s)],
            "legend": groups,
            "swipe": (sides := swipe(definition, groups, self.lang)),
            "measures": evidence(self._behind, sheets, asked, self.lang),
            "findings": found,
            "more_findings": more,
        }
        data |= days.of_page(sheets, self.context)
        timed = "days" in data
        unplaced = sum(s.given["kind"].count(0) for s in sheets if s.style.interactive)
        title = f"{definition.title.words.of(self.lang)} – {self._commune}"
        listed = sum(not f["aside"] for f in found)
        body = self._body(definition, (listed, unplaced), sides, timed=timed)
        scripts = script.scripts(timed=timed)
        return page.render(title, body, script.styles(timed=timed), scripts, data, self.lang)

    def _of(self, definition: MapDefinition) -> list[Sheet]:
        """Return the layers of a map, the background first."""
        names = (CONTOURS, *definition.style_names)
        for name in names:
            if name not in self._sheets:
                self._sheets[name] = sheet(name, self.context)
        return [found for name in names if (found := self._sheets[name]) is not None]

    def _labels(self, found: Sheet) -> list[dict[str, Any]]:
        if found.name not in self._named:
            self._named[found.name] = anchors.labels(found, self.context)
        return self._named[found.name]

    @cached_property
    def _speech(self) -> Speech:
        return Speech(self.context.answer, self.lang)

    @cached_property
    def _told(self) -> list[points.Told]:
        return points.told(self.context, self._speech.by_id)

    @cached_property
    def _behind(self) -> list[Behind]:
        return behind(self._speech)

    @property
    def _commune(self) -> str:
        return text_for_html(say("commune_of", self.lang, name=self.context.commune.commune.name))

    def _body(
        self,
        definition: MapDefinition,
        counted: tuple[int, int],
        sides: dict[str, Any] | None,
        *,
        timed: bool,
    ) -> Markup:
        identity = self.context.commune.commune
        template = page.environment(script.HERE / "templates").get_template("map.html")
        offered = dict.fromkeys((*self.names, definition.name))
        html = template.render(
            words=self._words,
            commune=self._commune,
            as_of=numbers.format_date_vi(identity.as_of),
            maps=[(name, maps.definition(name).title.words.of(self.lang)) for name in offered],
            current=definition.name,
            sample=identity.sample,
            n_findings=counted[0],
            n_unplaced=counted[1],
            swipe=sides,
            printed=definition.name in self.printed,
            timed=timed,
        )
        return Markup(html)  # noqa: S704 - made by a template that escapes

    @cached_property
    def _words(self) -> dict[str, str]:
        """The words of the page, those with values to come left open."""
        own = terms.sections()["map_page"]
        found = {**own, **{name: terms.term(name) for name in _WORDS}}
        words = {name: entry.of(self.lang) for name, entry in found.items()}
        words["map_of"] = say("map_of", self.lang, name=self.context.commune.commune.name)
        for severity in Severity:
            words[f"severity_{severity.value}"] = say(f"severity.{severity.value}", self.lang)
        return words

    @cached_property
    def _everywhere(self) -> dict[str, page.Written]:
        """Return what every page of the commune holds: words, grid, relief, ground."""
        zone = crs.zone(self.context.commune.commune.crs)
        x, y = self.context.origin
        west, south, east, north = self.context.extent
        grids = self.context.answer.grids
        shared = {
            "lang": self.lang,
            "words": self._words,
            "grid": {
                "x0": round(x), "y0": round(y), "meridian": zone.longitude, "k0": zone.k0,
                "east0": FALSE_EASTING_M, "label": zone.meridian_plain.replace("'", "’"),
            },
            "home": [round(west - x), round(south - y), round(east - x), round(north - y)],
            "shade": relief.shade(grids["shade"], self.context.heights, self.context.origin)
            if "shade" in grids
            else None,
            "ground": encode.rings(self.context.ground, self.context.origin, 3.0),
            **styling.shared(),
        }  # fmt: skip
        if self.record_head:
            code = text_for_html(self.record_head)
            shared["record"] = say("record_head", self.lang, code=code)
        return {key: page.written(value) for key, value in shared.items()}


def _pins(findings: Sequence[dict[str, Any]]) -> dict[Severity, int]:
    counted = Counter(f["severity"] for f in findings if f["at"] is not None and not f["aside"])
    return {severity: counted[severity.value] for severity in Severity}
