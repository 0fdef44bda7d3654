"""What `add` asks about one table of a file, and what it settles by itself.

A file's layer, columns, codes and system are recognised; what cannot be settled is asked in
plain words, and what is not answered is left open and said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ntm_gis import crs as systems
from ntm_gis.layers.recognise import Guess, guesses
from ntm_gis.results import Words, sentence
from ntm_gis.rules.commune import Commune, SourceEntry
from ntm_gis.rules.schema import code_list, layer_names, schema
from ntm_gis.sources import Table

Ask = Callable[[Words, Sequence[tuple[str, str]], str | None], str | None]

SURE, CLEAR = 0.55, 0.12
"""A guess this good, and this far before the next, is not asked about."""

NOT_A_LAYER = 0.25
_SURE_SYSTEM, _NEXT_SYSTEM = 0.9, 0.3
_OFFERED = 6
_COLUMNS_OFFERED = 12


@dataclass
class Said:
    """Lines for a person, and how many things they leave open."""

    lines: list[Words] = field(default_factory=list)
    open: int = 0

    def tell(self, code: str, **params: object) -> None:
        """Add a line in the words of `data/messages.toml`."""
        self.lines.append(sentence(code, params))

    def leave(self, code: str, **params: object) -> None:
        """Add a line about something left open."""
        self.open += 1
        self.tell(code, **params)


@dataclass(frozen=True)
class Wish:
    """What the caller of `add` said beforehand, and whom to ask about the rest.

    `layer` and `crs` hold for every file given; where `accept`, the best guess is taken wherever
    a person would be asked.
    """

    layer: str | None
    crs: str | None
    accept: bool
    ask: Ask

    def decide(
        self, question: Words, answers: Sequence[tuple[str, str]], proposal: str | None
    ) -> str | None:
        """Take the proposal where everything is accepted, else ask."""
        if self.accept:
            return proposal
        return self.ask(question, answers, proposal)


def settle(
    table: Table, commune: Commune, wish: Wish, out: Said, *, several: bool
) -> SourceEntry | None:
    """Settle what one table is and how it is read; None where it is no layer of ours.

    Parameters
    ----------
    several : bool
        It is one of several tables of its file.
    """
    guess = _layer(table, wish, several=several)
    if guess is None:
        out.leave("ADD_SKIPPED", source=_named(table))
        return None
    title = schema(guess.layer).title.words
    out.tell("ADD_TAKEN_AS", source=_named(table), title=title, count=table.rows)
    fields = _fields(table, guess, wish, out)
    settled = {
        "layer": guess.layer,
        "file": table.file,
        "table": table.table if several else None,
        "crs": _system(table, wish, out),
        "former_commune": _former(guess, fields, commune, wish),
        "fields": fields,
        "codes": _codes(table, guess, wish, out),
    }
    return SourceEntry.model_validate({k: v for k, v in settled.items() if v})


def _layer(table: Table, wish: Wish, *, several: bool) -> Guess | None:
    """Say which layer a table is, or ask."""
    stem = table.file.rsplit(".", 1)[0]
    # In a file of several, the name of the sheet says more than the name of the file.
    names = [n for n in ((table.table,) if several else (table.table, stem)) if n]
    places = bool(table.pairs) or any(said_place(c) for c in table.columns)
    found = guesses(names or [stem], table.values, table.geometry, places=places)
    if wish.layer is not None:
        return next((g for g in found if g.layer == wish.layer), Guess(wish.layer, 1.0, {}))
    if not found or (several and found[0].score < NOT_A_LAYER):
        return None
    best = found[0]
    second = found[1].score if len(found) > 1 else 0.0
    clear = best.score - second >= CLEAR or (best.named and not found[1].named)
    if best.score >= SURE and clear:
        return best
    offered = [(g.layer, _title(g.layer)) for g in found[:_OFFERED]]
    rest = [(n, _title(n)) for n in layer_names() if n not in {k for k, _ in offered}]
    question = sentence("ASK_LAYER", {"source": _named(table)})
    picked = wish.decide(question, [*offered, *rest], best.layer)
    if picked is None:
        return None
    return next((g for g in found if g.layer == picked), Guess(picked, 0.0, {}))


def _named(table: Table) -> str:
    """Name a table as a person finds it: the file, and the sheet or layer where there is one."""
    return f"{table.file} · {table.table}" if table.table else table.file


def said_place(heading: str) -> bool:
    """Whether a heading is that of positions written any way."""
    return schema("facilities").recognise([heading]).get("place") == heading


def _title(layer: str) -> str:
    title = schema(layer).title
    return f"{title.vi} / {title.en}"


def _fields(table: Table, guess: Guess, wish: Wish, out: Said) -> dict[str, str]:
    """Ask for starred fields that no column was recognised for; aliases need no entry."""
    found = schema(guess.layer)
    picked: dict[str, str] = {}
    free = list(guess.unknown)[:_COLUMNS_OFFERED]
    for name in guess.missing:
        title = found.field(name).title.words
        question = sentence("ASK_COLUMN", {"source": _named(table), "title": title})
        answer = wish.ask(question, [(c, c) for c in free], None) if free else None
        if answer is None:
            out.leave("ADD_COLUMN_OPEN", source=_named(table), title=title)
            continue
        picked[name] = answer
        free.remove(answer)
    return picked


def _codes(table: Table, guess: Guess, wish: Wish, out: Said) -> dict[str, dict[str, str]]:
    """Ask what unknown values of a code list mean."""
    found = schema(guess.layer)
    out_codes: dict[str, dict[str, str]] = {}
    for name, values in guess.codes.items():
        known = code_list(found.field(name).codes or "")
        for value in [v for v, code in values.items() if code is None]:
            params: Mapping[str, object] = {
                "value": value, "column": guess.fields[name], "file": table.file,
                "title": found.field(name).title.words,
            }  # fmt: skip
            answers = [(c.code, f"{c.title.vi} / {c.title.en}") for c in known.codes]
            answer = wish.ask(sentence("ASK_CODE", params), answers, None)
            if answer is None:
                out.leave("ADD_CODE_OPEN", **params)
            else:
                out_codes.setdefault(name, {})[value] = answer
    return out_codes


def _system(table: Table, wish: Wish, out: Said) -> str | None:
    """Settle the system of coordinates, where the file does not say it."""
    if wish.crs is not None:
        return f"EPSG:{systems.parse_crs(wish.crs).to_epsg()}"
    if table.crs is not None or not (table.pairs or table.geometry):
        return None
    usable = [h for h in table.candidates if not h.odd_scale]
    if not usable:
        out.leave("ADD_SYSTEM_OPEN", source=_named(table))
        return None
    answers = [(h.source, _fit(h)) for h in usable[:_OFFERED]]
    best, second = usable[0], usable[1].share if len(usable) > 1 else 0.0
    sure = best.share >= _SURE_SYSTEM and second <= _NEXT_SYSTEM
    question = sentence("ASK_SYSTEM", {"source": _named(table)})
    answer = best.source if sure else wish.decide(question, answers, None)
    if answer is None:
        out.leave("ADD_SYSTEM_OPEN", source=_named(table))
        return None
    share = 100 * next(h.share for h in usable if h.source == answer)
    label = Words(systems.meridian_label(answer), systems.meridian_label(answer, "en"))
    out.tell("ADD_SYSTEM", source=_named(table), label=label, share=share)
    return answer


def _fit(system: systems.Hypothesis) -> str:
    """Say how well a system of coordinates fits."""
    label = Words(system.label("vi"), system.label("en"))
    fit = sentence("SYSTEM_FITS", {"label": label, "share": 100 * system.share})
    return f"{fit.vi} / {fit.en}"


def _former(guess: Guess, fields: Mapping[str, str], commune: Commune, wish: Wish) -> str | None:
    """Ask which former commune a list comes from, where nothing in it says so."""
    found = schema(guess.layer)
    asked = "former_commune" in found.names and "former_commune" not in {*guess.fields, *fields}
    if not asked or len(commune.predecessors) < 2:
        return None
    answers = [(p.id, p.name) for p in commune.predecessors]
    return wish.decide(sentence("ASK_FORMER", {"title": found.title.words}), answers, None)
