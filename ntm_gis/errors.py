"""The family of errors: about how the program is used, never about what is in the data.

What is wrong with data is a finding (`ntm_gis.results.Finding`): it stands in the results and
the run goes on. An error says that something asked for cannot be done at all.

Each error has a code and parameters; the sentence in Vietnamese and English comes from
`data/messages.toml`. This module imports nothing of the package: whoever knows the words
hands them over with `speak_with`.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable

_speak: Callable[[str, dict[str, object], str], str] | None = None


def speak_with(words: Callable[[str, dict[str, object], str], str]) -> None:
    """Set the function that puts a code and its parameters into words of a language."""
    global _speak  # noqa: PLW0603 - one voice for the whole program, set once at import
    _speak = words


class NtmGisError(Exception):
    """Base of all errors of the package.

    Parameters
    ----------
    code : str
        A heading of `data/messages.toml`.
    **params
        What the sentence names: file, place, value, next step.

    Examples
    --------
    >>> UsageError("FOLDER_WITHOUT_COMMUNE", folder="demo").code
    'FOLDER_WITHOUT_COMMUNE'
    """

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def say(self, lang: str = "vi") -> str:
        """Return the sentence in a language, "vi" or "en"."""
        if _speak is None:
            return f"{self.code}: {self.params}" if self.params else self.code
        return _speak(self.code, self.params, lang)

    def __str__(self) -> str:
        return self.say()

    def __reduce__(self) -> tuple[object, ...]:
        """Keep code and parameters when an error crosses to another process."""
        return _rebuild, (type(self), self.code, self.params)


def _rebuild(kind: type[NtmGisError], code: str, params: dict[str, object]) -> NtmGisError:
    return kind(code, **params)


def trace(fault: BaseException) -> str:
    """Return where something unforeseen happened, without what the data say.

    Messages of libraries quote cells ("could not convert string to float: 'Nguyễn Văn A'"), and
    such a text is sent to those who mend the program: kinds of errors, codes of ours, and lines
    of code stand in it, in the order in which one led to the other.

    Examples
    --------
    >>> cell = "Nguyễn Văn A"
    >>> try:
    ...     float(cell)
    ... except ValueError as fault:
    ...     told = trace(fault)
    >>> told.endswith("ValueError"), cell in told
    (True, False)
    """
    parts: list[str] = []
    seen: set[int] = set()
    waiting: list[BaseException | None] = [fault]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        kind = type(one)
        code = f": {one.code}" if isinstance(one, NtmGisError) else ""
        named = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
        parts.append("".join(traceback.format_tb(one.__traceback__)) + named + code)
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
        waiting += [one.__cause__, None if one.__suppress_context__ else one.__context__]
    return "\n".join(reversed(parts))


class CrsError(NtmGisError, ValueError):
    """Coordinates are in an unknown, missing or unsuitable reference system."""

    @classmethod
    def not_metric(cls, layer: str, found: str) -> CrsError:
        """Say that lengths were asked of a layer in degrees."""
        return cls("CRS_NOT_METRIC", layer=layer, found=found)


class SourceError(NtmGisError, OSError):
    """A file cannot be taken in."""


class ConfigError(NtmGisError, ValueError):
    """commune.toml says something that cannot be followed."""


class RuleError(NtmGisError, ValueError):
    """A shipped or received rule file (schema, code list, map, criteria) is not well formed."""


class UsageError(NtmGisError, ValueError):
    """A command or function was called with something it does not take."""


class OutputError(NtmGisError, OSError):
    """A result cannot be written where it was asked for."""


class RecordError(NtmGisError, RuntimeError):
    """The record of a commune cannot be read, written, joined or brought back."""


class NotComputable(NtmGisError, ArithmeticError):  # noqa: N818
    """An official sum met a value that is not a finite number."""
