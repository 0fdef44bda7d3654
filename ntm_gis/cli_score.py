"""The command `score FOLDER`: which criteria are met, by which limits, and what would decide."""

from __future__ import annotations

from typing import Annotated

import typer

from ntm_gis.cli_streams import keep_failures
from ntm_gis.cli_talk import AsOf, Folder, Json, Lang, day, progress, show, speak, tell
from ntm_gis.text import typed

Set = Annotated[
    str | None,
    typer.Option("--set", help="Chấm theo bộ khác, ví dụ vn-2026-2030 / under another set"),
]


def score(
    folder: Folder, set_: Set = None, json: Json = False, lang: Lang = "vi", as_of: AsOf = None
) -> None:
    """Show the scorecard; nothing is written."""
    from ntm_gis import pipeline, scoring
    from ntm_gis.outputs import score_status

    speak(lang)
    if set_ is not None:
        scoring.require_set(set_)
    with progress(json) as step:
        found = pipeline.review(folder, as_of=day(as_of), progress=step)
        card = scoring.card(found, set_)
    if card is None:
        tell("CRITERIA_SET_NOT_NAMED", json)
        raise typer.Exit(pipeline.exit_status(found.findings))
    parts = (card.answer, found.layers, card.set.id)
    document = score_status.as_json(*parts, card.set.label, typed(folder)) if json else None
    shown = score_status.scorecard(*parts, lang, typed(folder))
    show(shown, document)
    keep_failures(found.answer.failures, lang)
    raise typer.Exit(pipeline.exit_status(found.findings))
