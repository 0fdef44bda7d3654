"""Free texts of the report, kept from period to period in `texts.toml` beside commune.toml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field as Key

from ntm_gis.errors import NtmGisError
from ntm_gis.outputs.report.outline import outline
from ntm_gis.results import LANGUAGES, Finding, Words
from ntm_gis.rules.toml import Strict, parse, validate

FILE_NAME = "texts.toml"
_LONGEST = 20_000


class Said(Strict):
    """What an office says under one head: results, difficulties, proposals, and who leads."""

    text: str = Key(default="", max_length=_LONGEST)
    difficulties: str = Key(default="", max_length=_LONGEST)
    proposals: str = Key(default="", max_length=_LONGEST)
    lead: str = Key(default="", max_length=_LONGEST)


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
        sections, findings = _sections(table)
        whole = {"document": document, "sections": sections}
        return validate(whole, Texts, FILE_NAME, content), findings
    except NtmGisError as fault:
        why = Words(*(fault.say(lang) for lang in LANGUAGES))
        return NONE, (Finding.of("REPORT_TEXTS_UNREAD", file=FILE_NAME, what=why),)


def _sections(table: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return the sections by the keys of the outline; what is none of them is a finding.

    Written as people write them: without quotes (`[II.2]`), in small letters, a list of lines.
    """
    known = {chapter.key for chapter in outline().sections}
    out: dict[str, Any] = {}
    findings: list[Finding] = []
    for name, said in _flat(table):
        key = name.strip().upper().replace("_", ".")
        if key not in known:
            findings.append(Finding.of("REPORT_TEXTS_SECTION", file=FILE_NAME, section=name))
            continue
        if not isinstance(said, Mapping):
            out[key] = said
            continue
        findings += [
            Finding.of("REPORT_TEXTS_FIELD", file=FILE_NAME, section=name, field=field)
            for field in said
            if field not in Said.model_fields
        ]
        out[key] = {k: _joined(v) for k, v in said.items() if k in Said.model_fields}
    return out, tuple(findings)


def _flat(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, said in table.items():
        if not isinstance(said, Mapping):
            yield name, said
            continue
        inner = {key: value for key, value in said.items() if isinstance(value, Mapping)}
        own = {key: value for key, value in said.items() if key not in inner}
        if own or not inner:
            yield name, own
        yield from ((f"{name}.{key}", value) for key, value in inner.items())


def _joined(said: Any) -> Any:
    lines = isinstance(said, list) and all(isinstance(one, str) for one in said)
    return "\n".join(said) if lines else said


def paragraphs(text: str) -> list[str]:
    r"""Return the paragraphs of a text as typed; blank lines part them, and line breaks too.

    Examples
    --------
    >>> paragraphs("Một.\n\n  Hai. ")
    ['Một.', 'Hai.']
    """
    return [part for line in text.splitlines() if (part := line.strip())]
