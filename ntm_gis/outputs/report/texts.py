"""Free texts of the report, kept from period to period in `texts.toml` beside commune.toml."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field as Key

from ntm_gis.errors import NtmGisError
from ntm_gis.results import LANGUAGES, Finding, Words
from ntm_gis.rules.toml import Strict, parse, validate

FILE_NAME = "texts.toml"
_LONGEST = 20_000


class Said(Strict):
    """What an office says under one head: results, difficulties, proposals."""

    text: str = Key(default="", max_length=_LONGEST)
    difficulties: str = Key(default="", max_length=_LONGEST)
    proposals: str = Key(default="", max_length=_LONGEST)


class Document(Strict):
    """What stands around the report: its title line, to whom it goes, who signs."""

    subject: str = Key(default="", max_length=_LONGEST)
    opening: str = Key(default="", max_length=_LONGEST)
    signer: str = Key(default="", max_length=_LONGEST)
    recipients: tuple[str, ...] = ()


class Texts(Strict):
    """All of texts.toml: `[document]`, and `["II.2"]` for a section."""

    document: Document = Document()
    sections: dict[str, Said] = Key(default_factory=dict)

    def of(self, key: str) -> Said:
        """Return what is said under a head; nothing where nothing is."""
        return self.sections.get(key, _NOTHING)


_NOTHING = Said()
NONE = Texts()


def read(folder: Path) -> tuple[Texts, tuple[Finding, ...]]:
    """Return the free texts of a commune folder, and what is wrong with their file.

    A file that cannot be read is a finding; the report is made without its texts.

    Examples
    --------
    >>> read(Path("no such folder"))
    (Texts(document=Document(subject='', opening='', signer='', recipients=()), sections={}), ())
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return NONE, ()
    try:
        table, content = parse(path)
        document = table.pop("document", {})
        whole = {"document": document, "sections": table}
        return validate(whole, Texts, FILE_NAME, content), ()
    except NtmGisError as fault:
        why = Words(*(fault.say(lang) for lang in LANGUAGES))
        return NONE, (Finding.of("REPORT_TEXTS_UNREAD", file=FILE_NAME, what=why),)


def paragraphs(text: str) -> list[str]:
    r"""Return the paragraphs of a text as typed; blank lines part them, and line breaks too.

    Examples
    --------
    >>> paragraphs("Một.\n\n  Hai. ")
    ['Một.', 'Hai.']
    """
    return [part for line in text.splitlines() if (part := line.strip())]
