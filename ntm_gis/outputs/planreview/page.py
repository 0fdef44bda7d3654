"""plan_review.html: the record of the plan review, whole in one file, without a script."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import page
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.planreview import view
from ntm_gis.outputs.planreview.model import FRAME
from ntm_gis.outputs.planreview.worded import reviewed
from ntm_gis.rules.terms import say, term

FILE_NAME = "plan_review.html"
MAP = "plan_findings"
BESIDE = ("plan_decisions.xlsx", "plan_letters.html", "tables.xlsx", "commune.gpkg")
"""Files that the record names where they lie beside it."""

TEMPLATES = Path(__file__).resolve().parent / "templates"
_STYLES = ("record.css", "phone.css", "print.css")


def available(answer: Answer, layers: Layers) -> bool:
    """Whether plans were reviewed: there is a plan, a zone or an item, or something was found."""
    return FRAME in answer.frames and reviewed(layers)


def write(
    answer: Answer, layers: Layers, out: Path, lang: str = "vi", record_head: str | None = None
) -> Path:
    """Write `plan_review.html` into the folder `out`.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    has_map = (out / "maps" / f"{MAP}.html").is_file()
    files = [name for name in BESIDE if (out / name).is_file()]
    text = render(
        answer, layers, lang, has_map=has_map, files=tuple(files), record_head=record_head
    )
    return atomic_write(out / FILE_NAME, text.encode("utf-8"))


def render(
    answer: Answer,
    layers: Layers,
    lang: str = "vi",
    *,
    has_map: bool = False,
    files: tuple[str, ...] = (),
    record_head: str | None = None,
) -> str:
    """Return the record of the plan review.

    Parameters
    ----------
    answer : Answer
        Frame `plan_findings`, findings `PLAN_*`, measures `plan.*` and `merger.*`.
    layers : Layers
    lang : str
        "vi" or "en".
    has_map : bool
        Whether each line may lead to its pin on the map; else it leads to itself.
    files : tuple of str
        Files that lie beside it.
    record_head : str, optional
        Check code of the record, in the foot; None where there is no record.
    """
    shown = view.build(answer, layers, lang, has_map=has_map, files=files, record_head=record_head)
    return whole(shown.title, "record.html", lang, page=shown)


def whole(title: str, file: str, lang: str, /, **values: object) -> str:
    """Return a page of this folder: a template put into the frame of all pages."""
    body = template(file).render(
        say=lambda key, /, **params: say(f"planreview.{key}", lang, **params),
        term=lambda key: term(key).of(lang),
        **values,
    )
    styles = [page.asset("jump.css"), *map(asset, _STYLES)]
    return page.render(title, Markup(body), styles, [], None, lang)  # noqa: S704 - escaped


def template(name: str) -> jinja2.Template:
    """Return a template of this folder."""
    return page.environment(TEMPLATES).get_template(name)


@cache
def asset(name: str) -> str:
    """Return a style sheet of this folder."""
    return (TEMPLATES / name).read_text(encoding="utf-8")
