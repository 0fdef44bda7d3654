"""The report of a commune: one content, written as Word and as PDF.

`folder` reads what the commune's folder itself gives (free texts, a template, closed periods),
`prepared` tries that template on the content, `write` and `write_pdf` write the two files.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path

from ntm_gis.errors import NtmGisError, OutputError
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.report import kept, pdf, tags, template, texts, word
from ntm_gis.outputs.report.build import BLANK, Paper, build
from ntm_gis.outputs.report.model import Report
from ntm_gis.outputs.report.telling import Teller
from ntm_gis.results import LANGUAGES, Finding, Words

__all__ = ["BLANK", "DOCX", "PDF", "TEMPLATES", "Paper", "Writing", "folder", "prepared"]

DOCX, PDF = word.FILE_NAME, pdf.FILE_NAME
TEMPLATES = "templates"


def folder(home: Path) -> tuple[Paper, tuple[Finding, ...]]:
    """Return what a commune folder gives for its report, and what is wrong with it.

    Parameters
    ----------
    home : Path
        The folder with commune.toml. Read are `texts.toml`, `templates/report.docx`, and whether
        somebody edited the report of the last run.
    """
    said, findings = texts.read(home)
    path = home / TEMPLATES / template.FILE_NAME
    content = None
    try:
        if path.is_file():
            if path.stat().st_size > template.LARGEST:
                raise OutputError("TEMPLATE_TOO_BIG", largest_mb=template.LARGEST / 1e6)
            content = path.read_bytes()
    except NtmGisError as fault:
        findings = (*findings, _unusable(fault))
    except OSError:
        closed = OutputError("FILE_CLOSED", file=path.name, folder=TEMPLATES)
        findings = (*findings, _unusable(closed))
    edited = kept.edited(home / kept.OUT / DOCX)
    if edited is not None:
        findings = (*findings, Finding.of("REPORT_KEPT", file=DOCX, kept=edited.name))
    # A copy of our own needs no trial.
    own = content is None or template.is_ours(content)
    return Paper(said, None if own else content), findings


def prepared(
    paper: Paper, answer: Answer, layers: Layers, lang: str = "vi"
) -> tuple[Paper, tuple[Finding, ...]]:
    """Try the office's template on the content; without it where it cannot be used."""
    if paper.template is None:
        return paper, ()
    writing = Writing(answer, layers, lang, paper)
    try:
        writing.docx()
    except NtmGisError as fault:
        return replace(paper, template=None), (_unusable(fault),)
    findings = [Finding.of("REPORT_TEMPLATE_OWN", file=template.FILE_NAME)]
    held = tuple(section.key for section in writing.content.sections if section.blocks)
    missing = tags.lacking(paper.template, held)
    if missing:
        example = f"{{{{p muc.{missing[0].replace('.', '_')}.noi_dung }}}}"
        findings.append(
            Finding.of("REPORT_TEMPLATE_LACKS", file=template.FILE_NAME,
                       sections=", ".join(missing), tag=example)
        )  # fmt: skip
    return paper, tuple(findings)


def _unusable(fault: NtmGisError) -> Finding:
    why = Words(*(fault.say(lang) for lang in LANGUAGES))
    return Finding.of("REPORT_TEMPLATE_UNUSABLE", file=template.FILE_NAME, what=why)


class Writing:
    """The two files of one answer; the content is made once.

    Parameters
    ----------
    answer : Answer
    layers : Layers
    lang : str
        "vi" or "en".
    paper : Paper
    record_head : str, optional
        Check code of the record; None where there is no record.
    """

    def __init__(
        self,
        answer: Answer,
        layers: Layers,
        lang: str = "vi",
        paper: Paper = BLANK,
        record_head: str | None = None,
    ) -> None:
        self._given = answer, layers, lang
        self._paper, self._head = paper, record_head

    @cached_property
    def content(self) -> Report:
        """Everything in the report."""
        return build(*self._given, self._paper, record_head=self._head)

    def docx(self) -> bytes:
        """Return report.docx.

        Raises
        ------
        OutputError
            The office's template cannot be used.
        """
        answer, layers, lang = self._given
        figures = word.Figures(Teller(answer, layers, lang, self._paper.previous))
        return word.document(self.content, figures, self._paper.template)

    def write(self, out: Path) -> Path:
        """Write `report.docx` into the folder `out`; one that was edited there is kept beside."""
        kept.put_aside(out / DOCX)
        return atomic_write(out / DOCX, self.docx())

    def write_pdf(self, out: Path) -> Path:
        """Write `report.pdf` into the folder `out`."""
        return atomic_write(out / PDF, pdf.document(self.content))
