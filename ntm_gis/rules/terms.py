"""The words that officials see on pages, sheets and maps: `data/terms.toml`.

Sections group the keys; every term can be asked for as `section.key`. Where a section is not
one whose keys are codes (`BY_CODE`), the key alone is enough.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.results import LANGUAGES, Words, village_word
from ntm_gis.results.words import fill
from ntm_gis.rules.toml import read_text

FILE_NAME = "terms.toml"

BY_CODE = frozenset(
    [
        *("severity_meaning", "verdict", "stage", "row_state", "method"),
        *("group", "because", "finding_kind", "kind"),
        *("cause", "cause_other", "fraction_unit", "count_unit"),
        *("stretch", "report_state", "track_state", "lane", "timeline", "pace"),
        *("work_length", "frame_column", "frame_title", "print_map"),
        *("planreview", "law_status", "plan_letter", "plan_decisions", "plan_database"),
        "unit_found",
        "threshold_sheet",
        "scorecard",
        "priorities",
        *("report_doc", "brief", "phone_card"),
        *("form", "reminder", "dossier", "village_form", "layer_guide", "atlas"),
    ]
)
"""Sections whose keys are codes of something: asked for as `section.key` only."""


def sections() -> Mapping[str, Mapping[str, Words]]:
    """Return all terms: section -> key -> words, villages called as the commune calls them.

    Raises
    ------
    RuleError
        The file is no TOML, or a term lacks a language.

    Examples
    --------
    >>> sections()["severity"]["stop"].vi
    'Phải sửa trước'
    """
    return _sections(village_word.current())


_HEADINGS = ("village_form.village_id",)
"""Headings by which a form is recognised when it comes back: as they ship, whatever the word."""


@lru_cache(maxsize=4)
def _sections(word: str) -> Mapping[str, Mapping[str, Words]]:
    del word  # in use already: a part of the key of the cache
    table = tomllib.loads(read_text(shipped.path("data", FILE_NAME), RuleError))
    out: dict[str, Mapping[str, Words]] = {}
    for section, entries in table.items():
        words = {}
        for key, entry in entries.items():
            missing = [lang for lang in LANGUAGES if not entry.get(lang)]
            if missing:
                term_name = f"{section}.{key}"
                raise RuleError("TERM_INCOMPLETE", term=term_name, missing=", ".join(missing))
            kept = f"{section}.{key}" in _HEADINGS
            words[key] = Words(entry["vi"] if kept else village_word.said(entry["vi"]), entry["en"])
        out[section] = MappingProxyType(words)
    return MappingProxyType(out)


@lru_cache(maxsize=4)
def _known(word: str) -> Mapping[str, Words]:
    """Every name a term can be asked for by, in the words of a commune."""
    del word
    out: dict[str, Words] = {}
    for section, words in sections().items():
        for key, entry in words.items():
            out[f"{section}.{key}"] = entry
            if section in BY_CODE:
                continue
            if key in out:
                raise RuleError("SPELLING_TWICE", file=FILE_NAME, spelling=key)
            out[key] = entry
    return MappingProxyType(out)


def term(name: str) -> Words:
    """Return the words of a term.

    Parameters
    ----------
    name : str
        `key`, or `section.key` for sections whose keys are codes.

    Raises
    ------
    RuleError
        There is no such term.

    Examples
    --------
    >>> term("findings").of("vi"), term("group.roads").of("en")
    ('Điểm cần kiểm tra', 'Roads')
    """
    words = _known(village_word.current()).get(name)
    if words is None:
        raise RuleError("TERM_UNKNOWN", term=name)
    return words


def say(key: str, lang: str, /, **params: object) -> str:
    """Return a term of a language with its values put in.

    Examples
    --------
    >>> say("findings_count", "vi", n=1204)
    '1.204 điểm'
    """
    return fill(term(key).of(lang), lang, params)
