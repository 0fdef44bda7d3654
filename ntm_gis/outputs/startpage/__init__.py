"""index.html: the start page, drawn whole when it is made; it reads and prints without a script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from markupsafe import Markup

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import gates, page
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.scorecard import page as scorecard
from ntm_gis.outputs.startpage import view
from ntm_gis.rules.terms import say, term

FILE_NAME = "index.html"

_HERE = Path(__file__).resolve().parent
_STYLES = ("start.css", "phone.css", "print.css")
_SCRIPT = "start.js"


def write(
    answer: Answer,
    layers: Layers,
    out: Path,
    lang: str = "vi",
    *,
    missing: Sequence[str] = (),
    record_head: str | None = None,
) -> Path:
    """Write `index.html` into the folder `out`, after all it leads to.

    Parameters
    ----------
    missing : sequence of str
        Sentences about outputs that could not be made.
    record_head : str, optional
        Check code of the record.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    made = view.links(out, lang)
    text = render(answer, layers, lang, made=made, missing=missing, record_head=record_head)
    return atomic_write(out / FILE_NAME, text.encode("utf-8"))


def render(
    answer: Answer,
    layers: Layers,
    lang: str = "vi",
    *,
    made: view.Links | None = None,
    missing: Sequence[str] = (),
    record_head: str | None = None,
) -> str:
    """Return the start page.

    Parameters
    ----------
    answer : Answer
        Measures and all findings.
    layers : Layers
        Rows behind the measures, how they were used, and whose they are.
    lang : str
        "vi" or "en".
    made : Links, optional
        Maps and files that the page leads to; none where left out.
    missing : sequence of str
        Sentences about outputs that could not be made.
    record_head : str, optional
        Check code of the record, in the foot; None where there is no record.
    """
    made = made or view.Links()
    shown = view.build(answer, layers, lang, made, missing, record_head)
    scored = any(link.href == scorecard.FILE_NAME for link in made.downloads)
    body = (
        page.environment(_HERE)
        .get_template("start.html")
        .render(
            page=shown,
            score=scorecard.card(answer, layers, lang) if scored else "",
            term=lambda name: term(name).of(lang),
            pieces=pieces,
            say=lambda key, /, **params: say(key, lang, **params),
        )
    )
    return page.render(
        say("page_title", lang, name=gates.text_for_html(layers.commune.commune.name)),
        Markup(body),  # noqa: S704 - made by a template that escapes
        [page.asset("head.css"), *map(_asset, _STYLES), scorecard.asset(scorecard.STRIP_CSS)],
        [_asset(_SCRIPT)],
        lang=lang,
    )


def pieces(name: str) -> list[str]:
    """Return a file name in the pieces between which it may be broken: never in its ending.

    Examples
    --------
    >>> pieces("gpx/duong_ho_tra.gpx")
    ['gpx/', 'duong_', 'ho_', 'tra.gpx']
    """
    return re.split(r"(?<=[_/ -])", name)


@cache
def _asset(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
