"""Which layer a person means by a name, a title, or a few words."""

from __future__ import annotations

import re

from ntm_gis import text
from ntm_gis.errors import RuleError
from ntm_gis.rules.schema import layer_names, schema

_WORD = re.compile(r"\w+")


def layer_named(name: str) -> str:
    """Return the layer that a person means: by its name, its title or a word it is known by.

    Raises
    ------
    RuleError
        There is none, or several; with the title that comes close, or all there are.

    Examples
    --------
    >>> layer_named("roads"), layer_named("Đường giao thông"), layer_named("thon ban")
    ('roads', 'roads', 'villages')
    >>> layer_named("danh sách thôn bản năm 2025")
    'villages'
    """
    wanted = text.fold(text.clean(name))
    titles = {layer: schema(layer).title for layer in layer_names()}
    for known in (
        {layer: (layer, title.vi, title.en) for layer, title in titles.items()},
        {layer: schema(layer).aliases for layer in titles},
    ):
        found = [layer for layer, words in known.items() if wanted in map(text.fold, words)]
        if len(found) == 1:
            return found[0]
    # "Danh sách thôn bản": every word of one title, or of a word it is known by, stands in it.
    said = set(_WORD.findall(wanted))
    named = {layer: (title.vi, *schema(layer).aliases) for layer, title in titles.items()}
    within = [
        layer
        for layer, words in named.items()
        if any(len(w := set(_WORD.findall(text.fold(one)))) > 1 and w <= said for one in words)
    ]
    if len(within) == 1:
        return within[0]
    shown = {layer: f"{title.vi} ({layer})" for layer, title in titles.items()}
    close = text.suggestions(name, [*titles, *(t.vi for t in titles.values())], 1)
    if close:
        meant = next(k for k, title in titles.items() if close[0] in (k, title.vi))
        raise RuleError("LAYER_UNKNOWN_MEANT", layer=name, meant=shown[meant])
    every = sorted((title.vi for title in titles.values()), key=text.sort_key)
    raise RuleError("LAYER_UNKNOWN", layer=name, known="; ".join(every))
