"""Commands of documents: `report FOLDER`, `fill FOLDER FILE`, `close FOLDER PERIOD`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ntm_gis.cli_streams import keep_failures, write, write_json
from ntm_gis.cli_talk import AsOf, Folder, Json, Lang, day, progress, speak, tell
from ntm_gis.text import typed

if TYPE_CHECKING:
    from ntm_gis.filling import Confirm
    from ntm_gis.outputs.report.mapping import Proposal
    from ntm_gis.results import Measure

_MOST = 20
"""Remarks about a form that the terminal lists; all are in the text file beside it."""

_OF_THE_REPORT = frozenset({
    "REPORT_TEXTS_UNREAD", "REPORT_TEXTS_SECTION", "REPORT_TEXTS_FIELD",
    "REPORT_TEMPLATE_UNUSABLE", "REPORT_TEMPLATE_OWN", "REPORT_TEMPLATE_LACKS",
    "REPORT_KEPT", "PERIOD_UNREADABLE",
})  # fmt: skip
"""Findings about the report's own files."""

_ANSWERS = (("yes", "ANSWER_YES"), ("no", "ANSWER_NO"))


def report(folder: Folder, json: Json = False, lang: Lang = "vi", as_of: AsOf = None) -> None:
    """Write the report as Word and as PDF."""
    from ntm_gis import pipeline
    from ntm_gis.outputs.report import DOCX, PDF

    speak(lang)
    with progress(json) as step:
        found, written = pipeline.run(
            folder, as_of=day(as_of), lang=lang, only=frozenset({DOCX, PDF}), progress=step
        )
    # What stands in the way of the document itself is told at once; the rest is in its annex.
    for one in () if json else (f for f in found.findings if f.code in _OF_THE_REPORT):
        write(" ".join(said.of(lang) for said in (one.message, one.repair) if said is not None))
    open_ones = sum(one.severity in ("stop", "block") for one in found.findings)
    code = "REPORT_WRITTEN_OPEN" if open_ones else "REPORT_WRITTEN"
    tell(code, json, files=tuple(path.name for path in written), n=open_ones,
         folder=typed(folder / pipeline.OUT))  # fmt: skip
    keep_failures(found.answer.failures, lang)
    raise typer.Exit(pipeline.exit_status(found.findings))


def close(
    folder: Folder,
    period: Annotated[
        str, typer.Argument(metavar="KỲ", help="Kỳ báo cáo, ví dụ 2025-Q3 / the period")
    ],
    number: Annotated[
        str | None, typer.Option("--number", help="Số văn bản đã ký / number of the document")
    ] = None,
    signed: Annotated[
        Path | None,
        typer.Option("--signed", help="Bản quét đã ký / a scan, signed", readable=False),
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Người thực hiện / who")] = None,
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Freeze a period, or file its signed number and scan."""
    from ntm_gis import closing, numbers

    speak(lang)
    with progress(json) as step:
        done = closing.close(
            folder, period, number=number, signed=signed, by=by, today=numbers.today(),
            as_of=day(as_of), lang=lang, progress=step,
        )  # fmt: skip
    if done.files:
        code = "PERIOD_CLOSED_OPEN_ONES" if done.provisional else "PERIOD_CLOSED_NOW"
        tell(code, json, period=period, files=done.files, n=done.provisional,
             place=typed(done.place))  # fmt: skip
    else:
        tell("PERIOD_FILED", json, period=period)


def fill(
    folder: Folder,
    file: Annotated[
        Path, typer.Argument(metavar="TỆP.xlsx", help="Biểu nhận được / the form", readable=False)
    ],
    accept: Annotated[
        bool, typer.Option("--accept", help="Nhận mọi đề xuất gắn ô / take every proposal")
    ] = False,
    tie: Annotated[
        list[str] | None,
        typer.Option("--tie", help='Gắn một ô, ví dụ "Biểu 11/D8=funds.total"'),
    ] = None,
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Fill in a form received, keeping its format."""
    from ntm_gis import filling

    speak(lang)
    silent = json or accept or sys.stdin is None or not sys.stdin.isatty()
    with progress(json or not silent) as step:
        done = filling.fill(
            folder, file, accept=accept, ties=tie or (),
            confirm=filling.nobody if silent else _confirm(lang), as_of=day(as_of), lang=lang,
            progress=step,
        )  # fmt: skip
    if json:
        write_json({
            "file": None if done.path is None else done.path.name, "filled": done.filled,
            "proposed": done.proposed,
            "remarks": [{"code": one.code, "message": one.words.as_json()} for one in done.told],
        })  # fmt: skip
        return
    ties = typed(done.ties)
    for one in done.told[:_MOST]:
        write(one.words.of(lang))
    if len(done.told) > _MOST:
        tell("FILL_MORE", json, n=len(done.told) - _MOST)
    if done.path is None:
        tell("FILL_NOTHING", json, ties=ties)
    else:
        tell("FILL_DONE", json, filled=done.filled, path=typed(done.path), ties=ties)
    if done.proposed:
        tell("FILL_PROPOSED", json, n=done.proposed, ties=ties)


def _confirm(lang: str) -> Confirm:
    """Return the one that asks a person about each proposal."""
    from ntm_gis.outputs import terminal
    from ntm_gis.results import sentence

    asking = terminal.ask(lang)
    answers = [(key, sentence(code, {}).of(lang)) for key, code in _ANSWERS]

    def confirm(one: Proposal, measure: Measure) -> bool:
        heads = f"{one.row} · {one.column}"
        params = {"sheet": one.sheet, "at": one.at, "heads": heads, "title": measure.title}
        return asking(sentence("ASK_FORM_TIE", params), answers, None) == "yes"

    return confirm
