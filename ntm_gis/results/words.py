"""Sentences in two languages, from `data/messages.toml` and values.

Values are written by the rules of each language: 1282.2 is "1.282,2" in Vietnamese and
"1,282.2" in English; a date is 31/12/2025 in both.
"""

from __future__ import annotations

import datetime as dt
import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ntm_gis import errors, numbers, shipped
from ntm_gis.errors import RuleError
from ntm_gis.results import village_word

LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence or title, in Vietnamese and English."""

    vi: str
    en: str

    def of(self, lang: str) -> str:
        """Return the sentence in a language.

        Examples
        --------
        >>> Words("đường", "roads").of("en")
        'roads'
        """
        return self.en if lang == "en" else self.vi

    def as_json(self) -> dict[str, str]:
        """Return the pair as results.json holds it."""
        return {"vi": self.vi, "en": self.en}


@dataclass(frozen=True, slots=True)
class Message:
    """What `data/messages.toml` says under one code."""

    code: str
    text: Words
    severity: str | None = None
    repair: Words | None = None


def written(value: object, lang: str, digits: int | None = None) -> str:
    """Write one value as a sentence of a language shows it.

    Examples
    --------
    >>> written(1282.2, "vi"), written(1282.2, "en"), written(None, "vi")
    ('1.282,2', '1,282.2', '–')
    >>> written(("V1", "V3"), "en")
    'V1, V3'
    """
    if isinstance(value, Words):
        return value.of(lang)
    if value is None:
        return "–"
    if isinstance(value, bool):
        return {"vi": ("không", "có"), "en": ("no", "yes")}[lang][value]
    if isinstance(value, int | float):
        show = numbers.format_en if lang == "en" else numbers.format_vi
        return show(value, "", digits)
    if isinstance(value, dt.date):
        return numbers.format_date_vi(value)
    if isinstance(value, list | tuple):
        return ", ".join(written(item, lang, digits) for item in value)
    if isinstance(value, str) and is_made_key(value):
        return sentence("WITHOUT_ANY_ID", {}).of(lang)
    return str(value)


def is_made_key(value: str) -> bool:
    """Whether a key is one that the program made of a row of which no name is known.

    Such a key tells rows apart for programs; it says nothing to people, and no sentence shows it.

    Examples
    --------
    >>> is_made_key("_hetenk4sda"), is_made_key("_hetenk4sda (2)"), is_made_key("D05")
    (True, True, False)
    """
    return _MADE_KEY.fullmatch(value) is not None


_MADE_KEY = re.compile(r"_[a-z2-7]{10}( \(\d+\))?")


@lru_cache(maxsize=1)
def messages() -> dict[str, Message]:
    """Return every message of `data/messages.toml`, by code.

    Raises
    ------
    RuleError
        The file is not there or damaged, or an entry lacks a language.
    """
    path = shipped.path("data", "messages.toml")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise RuleError("SHIPPED_MISSING", place=path.name) from cause
    out = {}
    for code, entry in table.items():
        try:
            repair = entry.get("repair")
            out[code] = Message(
                code,
                Words(entry["vi"], entry["en"]),
                entry.get("severity"),
                Words(repair["vi"], repair["en"]) if repair else None,
            )
        except KeyError as cause:
            raise RuleError("MESSAGE_INCOMPLETE", heading=code, missing=str(cause)) from cause
    return out


def fill(template: str, lang: str, params: Mapping[str, object]) -> str:
    """Put values into a sentence.

    Examples
    --------
    >>> fill("dài {length_km:2} km", "vi", {"length_km": 7})
    'dài 7,00 km'
    """
    out = []
    for literal, name, digits in _parts(template):
        out.append(village_word.said(literal) if lang == "vi" else literal)
        if name is not None:
            out.append(written(params[name], lang, digits))
    return "".join(out)


@lru_cache(maxsize=4096)
def _parts(template: str) -> tuple[tuple[str, str | None, int | None], ...]:
    """Return what stands before each value, its name, and its digits after the comma.

    Only plain names are known: a message never reaches into the values it names. Reading a
    template costs more than filling it, and a large review fills one a hundred thousand times.
    """
    read = string.Formatter().parse(template)
    return tuple((text, name, int(digits) if digits else None) for text, name, digits, _ in read)


def sentence(code: str, params: Mapping[str, object]) -> Words:
    """Return the sentence of a code with its values, in both languages.

    Raises
    ------
    RuleError
        `data/messages.toml` has no such code, or the sentence names a value not given.
    """
    message = messages().get(code)
    if message is None:
        raise RuleError("MESSAGE_UNKNOWN", heading=code)
    return _filled(message.text, code, params)


def repair(code: str, params: Mapping[str, object]) -> Words | None:
    """Return the proposal that goes with a code, or None where it has none."""
    message = messages().get(code)
    if message is None:
        raise RuleError("MESSAGE_UNKNOWN", heading=code)
    return _filled(message.repair, code, params) if message.repair else None


_HARMLESS = frozenset(
    ("title", "layer_title", "cell", "letter", "letters", "position", "n", "count", "places")
)
"""Parameters that say where something is, not what it says."""


def withheld(params: Mapping[str, object]) -> dict[str, object]:
    """Return values of a sentence about a personal cell: "(personal data)" for what it says.

    Hints, which are sentences put behind another, are left out.

    Examples
    --------
    >>> hidden = withheld({"value": "Lò Văn A", "position": 3, "hint": Words(" …", " …")})
    >>> hidden["value"].vi, hidden["position"], hidden["hint"].vi
    ('(dữ liệu cá nhân)', 3, '')
    """
    instead = sentence("PERSONAL_DATA", {})
    return {
        name: value if name in _HARMLESS else Words("", "") if _is_hint(value) else instead
        for name, value in params.items()
    }


def _is_hint(value: object) -> bool:
    return isinstance(value, Words) and (not value.vi or value.vi.startswith(" "))


def step(name: str, lang: str) -> str:
    """Return what is said while a step is at work; a name without words is shown as it is.

    Examples
    --------
    >>> step("analyses", "vi")
    'Đang tính số liệu …'
    """
    message = messages().get(f"STEP_{name.upper()}")
    return message.text.of(lang) if message else name


def _filled(words: Words, code: str, params: Mapping[str, object]) -> Words:
    try:
        return Words(*(fill(words.of(lang), lang, params) for lang in LANGUAGES))
    except KeyError as cause:
        raise RuleError("MESSAGE_INCOMPLETE", heading=code, missing=str(cause)) from cause


_BARE = Words(
    "Chương trình thiếu tệp đi kèm, hoặc tệp bị hỏng ({code}). Hãy cài lại chương trình.",
    "Files of the program are missing or damaged ({code}). Install the program again.",
)
"""What is said where the words themselves cannot be read."""


def _speak(code: str, params: dict[str, object], lang: str) -> str:
    try:
        return sentence(code, params).of(lang)
    except RuleError:
        return fill(_BARE.of(lang), lang, {"code": code})


errors.speak_with(_speak)
