"""Why a TOML file or a value in it cannot be used, in words of both languages.

The libraries say it in English alone; what officials meet of it is said by `data/messages.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from ntm_gis.errors import NtmGisError
from ntm_gis.results import Words, sentence

_BROKEN = (
    ("Invalid statement", "STATEMENT"),
    ("Expected '='", "STATEMENT"),
    ("Invalid initial character", "STATEMENT"),
    ("Expected newline", "AFTER"),
    ("Found invalid character", "SIGN"),
    ("Illegal character", "SIGN"),
    ("Cannot ", "TWICE"),
    ("Duplicate", "TWICE"),
    ("Unclosed", "OPEN"),
    ("Unterminated", "OPEN"),
    ("Expected", "OPEN"),
    ("Unescaped", "BACKSLASH"),
    ("Invalid hex", "BACKSLASH"),
    ("Escaped", "BACKSLASH"),
    ("Invalid date", "DATE"),
    ("Exceeds the limit", "NUMBER"),
)
"""How the sentence of the TOML reader begins, and the entry `TOML_WHY_…` that says it."""

_WRONG = {
    "string": "TEXT", "int": "WHOLE", "float": "NUMBER", "finite": "NUMBER", "bool": "YES_NO",
    "date": "DATE", "datetime": "DATE", "tuple": "LIST", "list": "LIST", "dict": "TABLE",
    "model": "TABLE", "literal": "CHOICE", "enum": "CHOICE", "greater": "MORE", "less": "LESS",
}  # fmt: skip
"""What the type of a fault begins with, and the entry `VALUE_WHY_…` that says it."""

_FORMS = {"string_too_short": "EMPTY"}


def why_broken(cause: Exception) -> Words:
    """Say why a file is no TOML.

    Examples
    --------
    >>> why_broken(ValueError("Cannot overwrite a value (at line 8, column 11)")).vi
    'mục này đã được ghi ở trên'
    """
    if isinstance(cause, RecursionError):
        return sentence("TOML_WHY_DEEP", {})
    kind = next((kind for begin, kind in _BROKEN if str(cause).startswith(begin)), "VALUE")
    return sentence(f"TOML_WHY_{kind}", {})


def why_wrong(fault: Mapping[str, Any]) -> Words:
    """Say why a value cannot be used.

    Parameters
    ----------
    fault : mapping
        One of pydantic's `errors()`.

    Examples
    --------
    >>> why_wrong({"type": "greater_than", "ctx": {"gt": 0.0}}).vi
    'phải lớn hơn 0'
    >>> why_wrong({"type": "string_type"}).vi
    'phải là chữ, đặt trong dấu ngoặc kép'
    """
    kind = str(fault["type"])
    given = fault.get("ctx") or {}
    own = given.get("error")
    if isinstance(own, NtmGisError):
        return Words(own.say("vi"), own.say("en"))
    if kind.startswith("VALUE_WHY_"):
        return sentence(kind, given)
    code = _FORMS.get(kind) or _WRONG.get(kind.partition("_")[0])
    if code is None:
        # Faults of shipped rule files, met by whoever maintains them.
        said = str(fault.get("msg", kind)).removeprefix("Value error, ")
        return Words(said, said)
    numbers = {end: given.get(end) for end in ("gt", "ge", "lt", "le")}
    more = numbers["gt"] if numbers["gt"] is not None else numbers["ge"]
    less = numbers["lt"] if numbers["lt"] is not None else numbers["le"]
    params = {"more": more, "less": less, "known": given.get("expected")}
    equal = "_EQUAL" if kind.endswith("_equal") else ""
    return sentence(f"VALUE_WHY_{code}{equal}", params)


def refused(code: str, **params: object) -> PydanticCustomError:
    """Return the fault of a value that a rule of ours refuses, said by `VALUE_WHY_code`."""
    return PydanticCustomError(f"VALUE_WHY_{code}", "refused", params)
