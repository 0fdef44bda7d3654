"""out/cards/: a picture a card, and the texts to send with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.brief.card import NAMES, caption, cards
from ntm_gis.outputs.files import atomic_write
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.outputs.brief.card import Card
    from ntm_gis.outputs.printmap import Printer

FOLDER, TEXTS = "cards", "loi-dan.txt"
Job = tuple[str, Callable[[], Path]]


def jobs(
    answer: Answer, layers: Layers, out: Path, lang: str, printer: Callable[[], Printer]
) -> Iterator[Job]:
    """Yield each card with what draws it, then the texts; nothing where nothing is known."""
    try:
        made = cards(answer, layers, lang)
    except Exception as fault:  # noqa: BLE001 - told as of any other output; the rest is made
        cause = fault

        def broken() -> Path:
            raise cause

        yield f"{FOLDER}/{TEXTS}", broken
        return
    for card in made:

        def draw(card: Card = card) -> Path:
            from ntm_gis.outputs.brief.drawing import drawn

            content = drawn(card, layers.commune, lang, printer())
            return atomic_write(out / FOLDER / f"{card.name}.png", content)

        yield f"{FOLDER}/{card.name}.png", draw
    if made:
        yield f"{FOLDER}/{TEXTS}", lambda: _texts(made, layers, out, lang)


def _texts(made: tuple[Card, ...], layers: Layers, out: Path, lang: str) -> Path:
    head = say("phone_card.texts_head", lang)
    told = [f"[{card.name}.png]\n{caption(card, layers, lang)}" for card in made]
    content = "\n\n".join([head, *told]) + "\n"
    return atomic_write(out / FOLDER / TEXTS, content.encode("utf-8"))


def files(out: Path) -> tuple[Path, ...]:
    """Return every file that the cards may have."""
    return (*(out / FOLDER / f"{name}.png" for name in NAMES), out / FOLDER / TEXTS)
