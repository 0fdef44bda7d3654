"""The command of the atlas: `atlas FOLDER`."""

from __future__ import annotations

from typing import Annotated

import typer

from ntm_gis.cli_streams import keep_failures
from ntm_gis.cli_talk import AsOf, Folder, Json, Lang, day, progress, speak, tell
from ntm_gis.errors import UsageError
from ntm_gis.text import suggestions, typed


def atlas(
    folder: Folder,
    bw: Annotated[
        bool, typer.Option("--bw", help="A4 đen trắng, để photo / A4, black and white")
    ] = False,
    sheets: Annotated[
        str | None,
        typer.Option("--sheets", help="Chỉ vài tờ / some sheets: chairman,roads,forms"),
    ] = None,
    json: Json = False,
    lang: Lang = "vi",
    as_of: AsOf = None,
) -> None:
    """Bind the chairman's sheet, all maps and the forms of villages in one PDF."""
    speak(lang)
    wanted = _wanted(sheets)
    from ntm_gis import pipeline
    from ntm_gis.outputs import atlas as binding

    with progress(json) as step:
        found = pipeline.review(folder, as_of=day(as_of), progress=step)
        path = binding.write(
            found.answer, found.layers, found.commune, folder / pipeline.OUT, lang,
            record_head=found.decisions.check_code, bw=bw, sheets=wanted, progress=step,
        )  # fmt: skip
    tell("ATLAS_WRITTEN", json, path=typed(path))
    keep_failures(found.answer.failures, lang)
    raise typer.Exit(pipeline.exit_status(found.findings))


def _wanted(sheets: str | None) -> frozenset[str] | None:
    """Read the names after `--sheets`; one that is none is wrong use, before any work."""
    if sheets is None:
        return None
    from ntm_gis.outputs import atlas as binding

    known = binding.names()
    asked = tuple(dict.fromkeys(name.strip().lower() for name in sheets.split(",") if name.strip()))
    wrong = [name for name in asked if name not in known]
    if wrong or not asked:
        # The name that is none, what is like it, then all that there are.
        like = [one for name in wrong for one in suggestions(name, known, 1)]
        told = [", ".join(f"'{typed(name)}'?" for name in wrong), ", ".join(like), ", ".join(known)]
        why = " → ".join(part for part in told if part)
        raise UsageError("USAGE_VALUE", command="ntm-gis atlas", name="--sheets", why=why)
    return frozenset(asked)
