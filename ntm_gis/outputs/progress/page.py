"""progress.html: the page of road works, whole in one file; it reads without a script."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import gates, page
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.progress import view
from ntm_gis.rules.terms import say, term

FILE_NAME = "progress.html"
MAP = "road_progress"

TEMPLATES = Path(__file__).resolve().parent / "templates"
_STYLES = ("progress.css", "phone.css", "print.css")
_WORDS = ("no_report", "nearest_photo", "no_photo", "seen_here", "walked_by", "not_walked")


def available(answer: Answer) -> bool:
    """Whether there is a road work to tell of."""
    return any(
        measure.id.startswith("progress.") and measure.id.endswith(".planned_km")
        for measure in answer.measures
    )


def write(
    answer: Answer,
    layers: Layers,
    out: Path,
    lang: str = "vi",
    record_head: str | None = None,
) -> Path:
    """Write `progress.html` into the folder `out`.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    has_map = (out / "maps" / f"{MAP}.html").is_file()
    text = render(answer, layers, lang, has_map=has_map, record_head=record_head)
    return atomic_write(out / FILE_NAME, text.encode("utf-8"))


def render(
    answer: Answer,
    layers: Layers,
    lang: str = "vi",
    *,
    has_map: bool = False,
    record_head: str | None = None,
) -> str:
    """Return the page of road works.

    Parameters
    ----------
    answer : Answer
        Measures, findings and frames of road works.
    layers : Layers
    lang : str
        "vi" or "en".
    has_map : bool
        Whether it may lead to the map of progress.
    record_head : str, optional
        Check code of the record, in the foot; None where there is no record.
    """
    shown = view.build(answer, layers, lang, has_map=has_map, record_head=record_head)
    body = template("progress.html").render(
        page=shown,
        term=lambda name: term(name).of(lang),
        say=lambda key, /, **params: say(key, lang, **params),
    )
    data = _gated(
        {
            "words": {name: term(name).of(lang) for name in _WORDS},
            "works": [{**work.data, "id": work.id} for work in shown.works],
        }
    )
    return page.render(
        say("progress_title", lang, name=gates.text_for_html(layers.commune.commune.name)),
        Markup(marks() + body),  # noqa: S704 - made by a template that escapes
        [page.asset("head.css"), *map(asset, _STYLES)],
        [asset("progress.js")],
        data,
        lang,
    )


def marks() -> str:
    """Return the patterns and symbols of strip charts."""
    return asset("marks.svg")


def _gated(value: object) -> object:
    """Return data whose texts passed the gate."""
    if isinstance(value, str):
        return gates.text_for_html(value)
    if isinstance(value, dict):
        return {key: _gated(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_gated(part) for part in value]
    return value


def template(name: str) -> jinja2.Template:
    """Return a template of this folder."""
    return page.environment(TEMPLATES).get_template(name)


@cache
def asset(name: str) -> str:
    """Return a style sheet, script or drawing of this folder."""
    return (TEMPLATES / name).read_text(encoding="utf-8")
