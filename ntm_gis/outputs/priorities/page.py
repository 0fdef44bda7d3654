"""priorities.html: what to do next and whether the money adds up, whole in one file, no script."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

from markupsafe import Markup

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import gates, page
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.priorities import view
from ntm_gis.rules import maps
from ntm_gis.rules.terms import say, term

FILE_NAME = "priorities.html"
SCORECARD = "scorecard.html"
TEMPLATES = Path(__file__).resolve().parent / "templates"
_STYLES = ("priorities.css", "phone.css", "print.css")
_FRAMES = ("priorities", "funds_tree", "money_works", "target_progress")


def available(answer: Answer) -> bool:
    """Whether a work is proposed, or there is money, a work or a target to tell of."""
    frames = (answer.frames.get(name) for name in _FRAMES)
    return any(frame is not None and len(frame) > 0 for frame in frames)


def write(
    answer: Answer, layers: Layers, out: Path, lang: str = "vi", record_head: str | None = None
) -> Path:
    """Write `priorities.html` into the folder `out`, after the pages that it leads to.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    made = {name for name in maps.names() if (out / "maps" / f"{name}.html").is_file()}
    has_score = (out / SCORECARD).is_file()
    text = render(
        answer, layers, lang, maps_made=made, has_score=has_score, record_head=record_head
    )
    return atomic_write(out / FILE_NAME, text.encode("utf-8"))


def render(
    answer: Answer,
    layers: Layers,
    lang: str = "vi",
    *,
    maps_made: Collection[str] = (),
    has_score: bool = False,
    record_head: str | None = None,
) -> str:
    """Return the page of priorities and money.

    Parameters
    ----------
    answer : Answer
        Frames of `priorities` and `money`, and the findings about them.
    layers : Layers
        For what proposed works stand on.
    lang : str
        "vi" or "en".
    maps_made : collection of str
        Maps that works may lead to.
    has_score : bool
        Whether it may lead to the scorecard.
    record_head : str, optional
        Check code of the record, in the foot; None where there is no record.
    """
    shown = view.build(answer, layers, lang, maps_made=maps_made, record_head=record_head)
    name = gates.text_for_html(layers.commune.commune.name)
    body = (
        page.environment(TEMPLATES)
        .get_template("priorities.html")
        .render(
            page=shown,
            scorecard=SCORECARD if has_score else "",
            say=lambda key, /, **params: say(f"priorities.{key}", lang, **params),
            term=lambda key: term(key).of(lang),
        )
    )
    return page.render(
        say("priorities.title", lang, name=name),
        Markup(body),  # noqa: S704 - made by a template that escapes
        [page.asset("jump.css"), *map(_asset, _STYLES)],
        [],
        None,
        lang,
    )


@cache
def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
