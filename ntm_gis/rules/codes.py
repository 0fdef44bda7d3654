"""Code lists: `layers/codes/NAME.csv`, one code a row with the ways offices write it."""

from __future__ import annotations

import csv
from functools import cache, cached_property, lru_cache

from pydantic import Field as Key

from ntm_gis import shipped, text
from ntm_gis.errors import RuleError
from ntm_gis.results import Words, village_word
from ntm_gis.rules.toml import Strict

RAISED = {ord("²"): "2", ord("³"): "3"}


class Title(Strict):
    """A title in two languages, as a file writes it."""

    vi: str
    en: str

    @property
    def words(self) -> Words:
        """The title as results carry it, villages called as the commune calls them."""
        return Words(village_word.said(self.vi), self.en)


class Code(Strict):
    """One row of a code list: the code, its names, how it is written in the field, its flags."""

    code: str
    title: Title
    aliases: tuple[str, ...] = ()
    flags: dict[str, str] = Key(default_factory=dict)

    def flag(self, name: str) -> bool:
        """Whether the list marks the code with a flag ("1")."""
        return self.flags.get(name) == "1"


class CodeList(Strict):
    """A list of codes, in the order in which legends show them."""

    name: str
    codes: tuple[Code, ...]

    def __getitem__(self, code: str) -> Code:
        for entry in self.codes:
            if entry.code == code:
                return entry
        raise KeyError(code)

    @property
    def keys(self) -> tuple[str, ...]:
        """The codes, in order."""
        return tuple(entry.code for entry in self.codes)

    def flagged(self, flag: str) -> frozenset[str]:
        """Codes that bear a flag.

        Examples
        --------
        >>> sorted(code_list("surface").flagged("paved"))
        ['asphalt', 'bitumen', 'concrete']
        """
        return frozenset(entry.code for entry in self.codes if entry.flag(flag))

    @property
    def spellings(self) -> dict[str, str]:
        """Folded spelling -> code, from codes, titles and aliases."""
        out: dict[str, str] = {}
        for entry in self.codes:
            for name in (entry.code, entry.title.vi, entry.title.en, *entry.aliases):
                out.setdefault(text.fold(name), entry.code)
        return out

    @cached_property
    def _by_key(self) -> dict[str, str]:
        return {
            key_of(name): entry.code
            for entry in self.codes
            for name in (entry.code, entry.title.vi, entry.title.en, *entry.aliases)
        }

    def find(self, written: str) -> str | None:
        """Return the code for a value as written, whatever its case, diacritics and signs.

        Examples
        --------
        >>> code_list("surface").find("Bê-tông xi măng"), code_list("surface").find("?")
        ('concrete', None)
        """
        return self._by_key.get(key_of(written))


@cache
def code_list(name: str) -> CodeList:
    """Return a code list: `layers/codes/NAME.csv` with code, vi, en, aliases and flag columns.

    Aliases are separated by "|". Columns beyond these four are flags, "1" where they hold.

    Raises
    ------
    RuleError
        The list is missing, lacks a column, or a code or spelling stands twice.
    """
    path = shipped.path("layers", "codes", f"{name}.csv")
    if not path.is_file():
        raise RuleError("FILE_MISSING", file=path.name, folder="layers/codes")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes, spellings = [], dict[str, str]()
    for row in rows:
        try:
            aliases = tuple(part.strip() for part in row["aliases"].split("|") if part.strip())
            title = Title(vi=row["vi"], en=row["en"])
            code = row["code"]
        except KeyError as cause:
            raise RuleError(
                "KEY_MISSING", file=path.name, key=str(cause), place="1", line=1
            ) from cause
        flags = {k: v for k, v in row.items() if k not in {"code", "vi", "en", "aliases"}}
        for spelling in {key_of(s) for s in (code, title.vi, title.en, *aliases)}:
            if spellings.setdefault(spelling, code) != code:
                raise RuleError("SPELLING_TWICE", file=path.name, spelling=spelling)
        codes.append(Code(code=code, title=title, aliases=aliases, flags=flags))
    if len({c.code for c in codes}) != len(codes):
        raise RuleError("SPELLING_TWICE", file=path.name, spelling="code")
    return CodeList(name=name, codes=tuple(codes))


@lru_cache(maxsize=16_384)  # a column has few spellings and many rows
def key_of(written: str) -> str:
    """Return the key by which spellings are compared: letters and digits, folded.

    Examples
    --------
    >>> key_of("Bê-tông xi măng"), key_of("m²"), key_of("%")
    ('betongximang', 'm2', '%')
    """
    folded = text.fold(written.translate(RAISED))
    # What has no letter or digit at all ("%") is its own key.
    return "".join(c for c in folded if c.isalnum()) or folded
