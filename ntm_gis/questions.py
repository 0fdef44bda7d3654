"""What `add` asks about one table of a file, and what it settles by itself.

A file's layer, columns, codes and system are recognised; what cannot be settled is asked in
plain words, and what is not answered is left open and said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ntm_gis import text
from ntm_gis.asking import Ask, Said, Wish, named
from ntm_gis.asking_constants import Keys, asks_for, constant, is_drawing, nothing
from ntm_gis.asking_layers import layer_named
from ntm_gis.asking_systems import system
from ntm_gis.layers.recognise import Guess, guesses
from ntm_gis.results import Words, sentence
from ntm_gis.rules.commune import Commune, Constant, SourceEntry
from ntm_gis.rules.schema import code_list, layer_names, schema
from ntm_gis.sources import Table

__all__ = ["Ask", "Said", "Wish", "fits", "guess_as", "layer_named", "said_place", "settle"]

SURE, CLEAR = 0.55, 0.12
"""A guess this good, and this far before the next, is not asked about."""

LIKELY, MANY_COLUMNS, FAR_AHEAD = 0.3, 5, 1.7
"""Nor is one of a list whose name says nothing: so good, of so many columns, so far ahead."""

NOT_A_LAYER = 0.25
OTHER = "*"
"""The answer that none of the layers offered is the one."""
_OFFERED = 5
_DRAWN = ("plan_zones", "plans", "roads", "farmland", "buildings")
"""What drawings of consultants and surveyors mostly show."""
_COLUMNS_OFFERED = 12
_ZONES, _LAND_USE = "plan_zones", "land_use"
"""Zones are put together of the lines of a drawing, their use is read from the text inside."""


def settle(
    table: Table,
    commune: Commune,
    wish: Wish,
    out: Said,
    *,
    several: bool,
    known: Sequence[SourceEntry] = (),
    keys: Keys = nothing,
) -> SourceEntry | None:
    """Settle what one table is and how it is read; None where it is no layer of ours.

    Parameters
    ----------
    several : bool
        It is one of several tables of its file.
    known : sequence of SourceEntry
        What commune.toml says of this table already: that is not asked again.
    keys : callable
        The rows of another layer that a whole file may belong to.
    """
    guess = _layer(table, wish, known, several=several)
    if guess is None:
        out.leave("ADD_SKIPPED", source=named(table))
        return None
    title = schema(guess.layer).title.words
    out.tell("ADD_TAKEN_AS", source=named(table), title=title, count=table.rows)
    before = next((e for e in known if e.layer == guess.layer), None)
    _tell_columns(table, guess, before, out)
    fields, values = _fields(table, guess, before, wish, out, keys)
    settled = {
        "layer": guess.layer,
        "file": table.file,
        "table": table.table if several else None,
        "crs": system(table, commune, before, wish, out),
        "former_commune": _former(guess, fields, before, commune, wish),
        "fields": fields,
        "values": values,
        "codes": _codes(table, guess, before, wish, out),
    }
    return SourceEntry.model_validate({k: v for k, v in settled.items() if v})


def fits(table: Table, layer: str, *, several: bool) -> float:
    """Return how well a table fits a layer, 0 to 1."""
    return next((g.score for g in _guesses(table, several=several) if g.layer == layer), 0.0)


def _guesses(table: Table, *, several: bool) -> tuple[Guess, ...]:
    stem = table.file.rsplit(".", 1)[0]
    # In a file of several, the name of the sheet says more than the name of the file.
    names = [n for n in ((table.table,) if several else (table.table, stem)) if n]
    places = bool(table.pairs) or any(said_place(c) for c in table.columns)
    return guesses(names or [stem], table.values, table.geometry, places=places)


def _layer(
    table: Table, wish: Wish, known: Sequence[SourceEntry], *, several: bool
) -> Guess | None:
    """Say which layer a table is, or ask."""
    found = _guesses(table, several=several)
    if wish.layer is not None:
        return _guess_as(wish.layer, found, table)
    if known:
        return _guess_as(known[0].layer, found, table)
    unlike = not found or found[0].score < NOT_A_LAYER
    if is_drawing(table) and unlike:
        # Columns of a drawing say nothing of what is drawn; plans are what offices get so.
        found = tuple(_guess_as(name, (), table) for name in _DRAWN)
    if several and unlike and wish.table is None:
        return None
    if found and _is_clear(found, table):
        return found[0]
    offered = [(g.layer, _title(g.layer)) for g in found[:_OFFERED]]
    question = sentence("ASK_LAYER", {"source": named(table)})
    other = sentence("ANSWER_OTHER", {})
    answers = [*offered, (OTHER, f"{other.vi} / {other.en}")]
    picked = wish.decide(question, answers, found[0].layer if found else None)
    if picked == OTHER:
        rest = [(n, _title(n)) for n in layer_names() if n not in {k for k, _ in offered}]
        rest.sort(key=lambda answer: text.sort_key(answer[1]))
        picked = wish.decide(question, rest, None)
    return None if picked is None else _guess_as(picked, found, table)


def _is_clear(found: Sequence[Guess], table: Table) -> bool:
    """Whether the best guess is taken without asking: good and far ahead, or called so alone."""
    best = found[0]
    rest = found[1:]
    if table.geometry == "raster" or (best.named and not any(g.named for g in rest)):
        return True
    second = rest[0].score if rest else 0.0
    if best.score >= SURE:
        return best.score - second >= CLEAR
    # A list under a name of its own, whose columns are those of one layer and of no other.
    alone = best.score >= FAR_AHEAD * second and len(best.fields) >= MANY_COLUMNS
    return alone and best.score >= LIKELY and not best.missing


def guess_as(layer: str, table: Table) -> Guess:
    """Return what a table is as a layer, with the columns that it lacks."""
    return _guess_as(layer, _guesses(table, several=False), table)


def _guess_as(layer: str, found: Sequence[Guess], table: Table) -> Guess:
    """Return what a table is as a layer that a person named, whatever it looks like."""
    for guess in found:
        if guess.layer == layer:
            return guess
    fields = schema(layer).recognise(table.columns)
    rest = tuple(c for c in table.columns if c not in fields.values())
    known = schema(layer)
    lacks = tuple(
        f.name for f in known.fields
        if f.required and f.name not in fields
        and not (f.name == known.key and any(name in fields for name in known.key_from))
    )  # fmt: skip
    return Guess(layer, 0.0, fields, missing=lacks, unknown=rest)


def _tell_columns(table: Table, guess: Guess, before: SourceEntry | None, out: Said) -> None:
    """Say which columns were recognised, and which were not."""
    known = schema(guess.layer)
    named = {**guess.fields, **(before.fields if before is not None else {})}
    pairs = [(c, known.field(f).title, c == f) for f, c in named.items() if f in known.names]
    if pairs:
        columns = Words(*(
            "; ".join(
                # What a reader named after the field itself (a track's day) is nobody's heading.
                title.words.of(lang) if own else f"{column} = {title.words.of(lang)}"
                for column, title, own in pairs
            )
            for lang in ("vi", "en")
        ))  # fmt: skip
        out.tell("ADD_COLUMNS", count=len(pairs), columns=columns)
    places = {name for pair in table.pairs for name in (pair.north, pair.east)}
    rest = [c for c in guess.unknown if c not in named.values() and c not in places]
    if rest:
        shown = ", ".join(rest[:_COLUMNS_OFFERED]) + (" …" if len(rest) > _COLUMNS_OFFERED else "")
        out.tell("ADD_COLUMNS_UNKNOWN", count=len(rest), columns=shown)


def said_place(heading: str) -> bool:
    """Whether a heading is that of positions written any way."""
    return schema("facilities").recognise([heading]).get("place") == heading


def _title(layer: str) -> str:
    title = schema(layer).title
    return f"{title.vi} / {title.en}"


def _fields(
    table: Table, guess: Guess, before: SourceEntry | None, wish: Wish, out: Said, keys: Keys
) -> tuple[dict[str, str], dict[str, Constant]]:
    """Ask for starred fields that no column was recognised for; aliases need no entry.

    The columns picked, and what holds for the whole file.
    """
    found = schema(guess.layer)
    picked: dict[str, str] = dict(before.fields) if before is not None else {}
    values: dict[str, Constant] = dict(before.values) if before is not None else {}
    values |= {name: value for name, value in wish.values.items() if name in found.names}
    said = {*picked, *values}
    free = [c for c in guess.unknown if c not in picked.values()][:_COLUMNS_OFFERED]
    zones = guess.layer == _ZONES and is_drawing(table)
    if zones:
        out.tell("ADD_DRAWING_ASSEMBLED", source=named(table))
    for name in guess.missing:
        if name in said or (zones and name in (found.key, _LAND_USE)):
            continue
        title = found.field(name).title.words
        if asks_for(found.field(name), found) and (is_drawing(table) or not free):
            whole = constant(table, found.field(name), wish, keys)
            if whole is not None:
                values[name] = whole
                continue
        question = sentence("ASK_COLUMN", {"source": named(table), "title": title})
        answer = wish.ask(question, [(c, c) for c in free], None) if free else None
        if answer is None:
            out.leave("ADD_COLUMN_OPEN", source=named(table), title=title)
            continue
        picked[name] = answer
        free.remove(answer)
    return picked, values


def _codes(
    table: Table, guess: Guess, before: SourceEntry | None, wish: Wish, out: Said
) -> dict[str, dict[str, str]]:
    """Ask what unknown values of a code list mean."""
    found = schema(guess.layer)
    said = before.codes if before is not None else {}
    out_codes: dict[str, dict[str, str]] = {name: dict(codes) for name, codes in said.items()}
    for name, values in guess.codes.items():
        known = code_list(found.field(name).codes or "")
        told = {text.fold(value) for value in said.get(name, ())}
        for value in [v for v, c in values.items() if c is None and text.fold(v) not in told]:
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


def _former(
    guess: Guess,
    fields: Mapping[str, str],
    before: SourceEntry | None,
    commune: Commune,
    wish: Wish,
) -> str | None:
    """Ask which former commune a list comes from, where nothing in it says so."""
    if before is not None:
        return before.former_commune
    found = schema(guess.layer)
    asked = "former_commune" in found.names and "former_commune" not in {*guess.fields, *fields}
    if not asked or len(commune.predecessors) < 2:
        return None
    answers = [(p.id, p.name) for p in commune.predecessors]
    return wish.decide(sentence("ASK_FORMER", {"title": found.title.words}), answers, None)
