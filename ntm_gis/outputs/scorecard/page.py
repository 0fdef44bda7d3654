"""scorecard.html: the scorecard, whole in one file; it reads and prints without a script."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

from markupsafe import Markup

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import page
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.priorities import page as priorities
from ntm_gis.outputs.scorecard import view
from ntm_gis.outputs.scorecard.strip import FRAME, strip
from ntm_gis.outputs.threshold_sheets import FILE_NAME as THRESHOLDS
from ntm_gis.rules import maps
from ntm_gis.rules.terms import say, term

FILE_NAME = "scorecard.html"

TEMPLATES = Path(__file__).resolve().parent / "templates"
STRIP_CSS = "strip.css"
_STYLES = ("scorecard.css", STRIP_CSS, "phone.css", "print.css")
_SCRIPT = "scorecard.js"


def available(answer: Answer, layers: Layers) -> bool:
    """Whether the commune names a set and its criteria were judged."""
    frame = answer.frames.get(FRAME)
    return layers.commune.commune.criteria_set is not None and frame is not None and len(frame) > 0


def write(
    answer: Answer, layers: Layers, out: Path, lang: str = "vi", record_head: str | None = None
) -> Path:
    """Write `scorecard.html` into the folder `out`, after the maps it leads to.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    made = {name for name in maps.names() if (out / "maps" / f"{name}.html").is_file()}
    limits = THRESHOLDS if (out / THRESHOLDS).is_file() else ""
    text = render(
        answer, layers, lang, maps_made=made, limits_file=limits, record_head=record_head,
        next_page=priorities.FILE_NAME if priorities.available(answer) else "",
    )  # fmt: skip
    return atomic_write(out / FILE_NAME, text.encode("utf-8"))


def render(
    answer: Answer,
    layers: Layers,
    lang: str = "vi",
    *,
    maps_made: Collection[str] = (),
    limits_file: str = "",
    record_head: str | None = None,
    next_page: str = "",
) -> str:
    """Return the scorecard.

    Parameters
    ----------
    answer : Answer
        Frame `scorecard`, measures `criterion.*` and `indicator.*`; what else is there
        (`criterion_17`, `environment_villages`, `compare_sets`, `target_progress`) is shown too.
    layers : Layers
        Rows behind the measures.
    lang : str
        "vi" or "en".
    maps_made : collection of str
        Maps that features may lead to.
    limits_file : str
        The sheet into which the office enters thresholds, where it lies beside the page.
    record_head : str, optional
        Check code of the record, in the foot; None where there is no record.
    next_page : str
        The page of what to do next, where it is made beside this one.
    """
    shown = view.build(answer, layers, lang, maps_made=maps_made, record_head=record_head)
    body = _filled("scorecard.html", lang, page=shown, limits_file=limits_file, next_page=next_page)
    return page.render(
        shown.title,
        body,
        [page.asset("head.css"), *map(asset, _STYLES)],
        [asset(_SCRIPT)],
        lang=lang,
    )


def card(answer: Answer, layers: Layers, lang: str) -> Markup:
    """Return the card of the start page: the verdict and the criteria in a row."""
    return _filled("card.html", lang, strip_shown=strip(answer, layers, lang, FILE_NAME))


def _filled(template: str, lang: str, /, **values: object) -> Markup:
    text = (
        page.environment(TEMPLATES)
        .get_template(template)
        .render(
            say=lambda key, /, **params: say(f"scorecard.{key}", lang, **params),
            term=lambda key: term(key).of(lang),
            **values,
        )
    )
    return Markup(text)  # noqa: S704 - made by a template that escapes


@cache
def asset(name: str) -> str:
    """Return a style sheet or script of this folder."""
    return (TEMPLATES / name).read_text(encoding="utf-8")
