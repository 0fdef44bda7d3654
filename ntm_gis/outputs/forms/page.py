"""The HTML pages of this folder: reminders and the contents of the dossier, without a script."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from markupsafe import Markup

from ntm_gis.outputs import page
from ntm_gis.rules.terms import say, term

TEMPLATES = Path(__file__).resolve().parent / "templates"


def whole(title: str, name: str, section: str, lang: str, /, **values: object) -> str:
    """Return a page: a template of this folder put into the frame of all pages.

    Parameters
    ----------
    name : str
        Of the template and its style sheet.
    section : str
        Of `terms.toml`, whose words the template says.
    """
    body = (
        page.environment(TEMPLATES)
        .get_template(f"{name}.html")
        .render(
            say=lambda key, /, **params: say(f"{section}.{key}", lang, **params),
            term=lambda key: term(key).of(lang),
            **values,
        )
    )
    styles = [page.asset("jump.css"), _asset("forms.css"), _asset(f"{name}.css")]
    return page.render(title, Markup(body), styles, [], None, lang)  # noqa: S704 - escaped


@cache
def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
