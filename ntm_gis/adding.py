"""`new` and `add`: a folder for a commune, and files taken into it.

Officials don't edit TOML: a file's layer, columns, codes and system are recognised; what can't
be settled is asked in plain words, and what is not answered is left open and said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ntm_gis import crs as systems
from ntm_gis import numbers, sources
from ntm_gis.errors import SourceError, UsageError
from ntm_gis.layers.recognise import Guess, guesses
from ntm_gis.outputs import folders, templates
from ntm_gis.results import Words, sentence
from ntm_gis.results import words as said
from ntm_gis.rules import commune as communes
from ntm_gis.rules.commune import Commune, Identity, SourceEntry
from ntm_gis.rules.schema import code_list, layer_names, schema
from ntm_gis.sources import Table

Ask = Callable[[Words, Sequence[tuple[str, str]], str | None], str | None]
Progress = Callable[[str], None]

SURE, CLEAR = 0.55, 0.12
"""A guess this good, and this far before the next, is not asked about."""

NOT_A_LAYER = 0.25
_SURE_SYSTEM, _NEXT_SYSTEM = 0.9, 0.3
_OFFERED = 6
_COLUMNS_OFFERED = 12


@dataclass(frozen=True)
class Made:
    """A new folder: its working system in words and how many templates it holds."""

    meridian: str
    templates: int


@dataclass
class Added:
    """What `add` did: entries written, lines for a person, and what is left open."""

    entries: list[SourceEntry] = field(default_factory=list)
    lines: list[Words] = field(default_factory=list)
    open: int = 0
    unreadable: int = 0

    @property
    def status(self) -> int:
        """Return the exit status: 3 a file could not be taken in, 1 something is open, 0."""
        return 3 if self.unreadable else 1 if self.open else 0

    def tell(self, code: str, **params: object) -> None:
        """Add a line in the words of `data/messages.toml`."""
        self.lines.append(sentence(code, params))

    def leave(self, code: str, **params: object) -> None:
        """Add a line about something left open."""
        self.open += 1
        self.tell(code, **params)

    def as_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "sources": [e.model_dump(mode="json", exclude_defaults=True) for e in self.entries],
            "lines": [line.as_json() for line in self.lines],
            "open": self.open,
            "unreadable": self.unreadable,
        }


def new(
    folder: Path,
    code: str,
    name: str,
    province: str,
    *,
    as_of: dt.date | None = None,
    boundary: Path | None = None,
) -> Made:
    """Make the folder of a commune: commune.toml, `sources/` and Excel templates.

    Parameters
    ----------
    as_of : date, optional
        Day of the figures; today where left out.
    boundary : Path, optional
        The commune's outline: it decides the zone of least distortion, and is taken in.

    Raises
    ------
    OutputError
        The folder holds a commune already.
    SourceError
        The boundary cannot be read.
    """
    lon, lat = _middle(boundary) if boundary else _of_province(province)
    zone = systems.advised_zone(province, lon, lat)
    # The one place where the clock counts: a default that is written down and can be changed.
    day = as_of or dt.datetime.now(tz=numbers.VIET_NAM_TIME).date()
    identity = Identity(code=code, name=name, province=province, crs=zone.code, as_of=day)
    folders.write_new(folder, identity)
    for layer in templates.FILLED_BY_HAND:
        folders.write_template(folder, templates.file_name(layer), templates.template(layer))
    if boundary:
        add(folder, [boundary], layer="boundary", accept=True, ask=_nobody)
    return Made(systems.meridian_label(zone.code), len(templates.FILLED_BY_HAND))


def _middle(boundary: Path) -> tuple[float, float]:
    """Return the middle of an outline in degrees.

    Raises
    ------
    SourceError
        It cannot be read, or its system is not known.
    """
    table = sources.look(boundary)[0]
    if table.sample.geometry.isna().all():
        why = table.findings[0].message if table.findings else sentence("NO_GEOMETRY", {})
        raise SourceError("BOUNDARY_UNREADABLE", file=boundary.name, why=why)
    west, south, east, north = table.sample.total_bounds
    return (west + east) / 2, (south + north) / 2


def _of_province(province: str) -> tuple[float, float]:
    """Return a place that lets the province's own meridian win, the older where it has two.

    Raises
    ------
    UsageError
        There is no such province.
    """
    rows = systems.meridians(province)
    if not rows:
        raise UsageError("PROVINCE_UNKNOWN", province=province)
    return rows[0].longitude, 16.0


def add(
    folder: Path,
    files: Sequence[Path],
    *,
    layer: str | None = None,
    crs: str | None = None,
    accept: bool = False,
    ask: Ask,
    progress: Progress = lambda _: None,
) -> Added:
    """Take files in: copy them into `sources/`, recognise them, write commune.toml.

    Parameters
    ----------
    layer, crs : str, optional
        What every file given is, where the caller knows.
    accept : bool
        Take the best guess wherever a person would be asked.
    ask : callable
        Asked with a question, answers (key, label) and the proposal; answers a key or None.

    Raises
    ------
    ConfigError, RuleError
        The folder is no commune's, or `layer` is no layer.
    """
    commune = communes.read(folder)
    if layer is not None:
        schema(layer)
    out = Added()
    ground = _ground(folder, commune)
    for file in files:
        progress(file.name)
        _add_file(folder, file, commune, ground, _Wish(layer, crs, accept, ask), out)
    if out.entries:
        folders.append_sources(folder, tuple(out.entries))
        out.tell("ADD_DONE", count=len(out.entries), folder=folder.name)
    return out


@dataclass(frozen=True)
class _Wish:
    """What the caller of `add` said beforehand, and whom to ask about the rest."""

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


def _nobody(_: Words, __: Sequence[tuple[str, str]], ___: str | None) -> str | None:
    return None


def _ground(folder: Path, commune: Commune) -> Any:
    """Return the boundary in the commune's zone where the folder has one."""
    if not commune.of_layer("boundary"):
        return None
    found = sources.read(folder, commune, only=frozenset({"boundary"}))
    shapes = [g for raw in found.raws for g in raw.frame.geometry if g is not None]
    return shapes[0] if shapes else None


def _add_file(
    folder: Path, file: Path, commune: Commune, ground: Any, wish: _Wish, out: Added
) -> None:
    tables = sources.look(file, zone=commune.commune.crs, boundary=ground)
    if not tables[0].kind:
        out.unreadable += 1
        out.lines += [f.message for f in tables[0].findings]
        out.lines += [f.repair for f in tables[0].findings if f.repair is not None]
        return
    several = len([t for t in tables if t.rows]) > 1
    entries = []
    for table in tables:
        if not table.rows or table.hidden:
            continue
        entry = _entry(table, commune, wish, out, several=several)
        if entry is not None:
            entries.append(entry)
    if not entries:
        out.leave("ADD_NOTHING", file=file.name)
        return
    named = folders.take_in(folder, file, sources.belonging(file))
    already = {(e.file, e.table, e.layer) for e in commune.sources}
    for entry in entries:
        settled = entry.model_copy(update={"file": named})
        if (settled.file, settled.table, settled.layer) in already:
            out.tell("ADD_ALREADY", file=file.name, title=schema(entry.layer).title.words)
            continue
        out.entries.append(settled)


def _entry(
    table: Table, commune: Commune, wish: _Wish, out: Added, *, several: bool
) -> SourceEntry | None:
    """Settle one table; None where it is no layer of ours."""
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


def _layer(table: Table, wish: _Wish, *, several: bool) -> Guess | None:
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


def _fields(table: Table, guess: Guess, wish: _Wish, out: Added) -> dict[str, str]:
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


def _codes(table: Table, guess: Guess, wish: _Wish, out: Added) -> dict[str, dict[str, str]]:
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


def _system(table: Table, wish: _Wish, out: Added) -> str | None:
    """Settle the system of coordinates, where the file does not say it."""
    if wish.crs is not None:
        return f"EPSG:{systems.parse_crs(wish.crs).to_epsg()}"
    if table.crs is not None or not (table.pairs or table.geometry):
        return None
    usable = [h for h in table.candidates if not h.odd_scale]
    if not usable:
        out.leave("ADD_SYSTEM_OPEN", source=_named(table))
        return None
    answers = [(h.source, said.fill(_fit(), "vi", {"label": h.label(), "share": 100 * h.share}))
               for h in usable[:_OFFERED]]  # fmt: skip
    best, second = usable[0], usable[1].share if len(usable) > 1 else 0.0
    sure = best.share >= _SURE_SYSTEM and second <= _NEXT_SYSTEM
    question = sentence("ASK_SYSTEM", {"source": _named(table)})
    answer = best.source if sure else wish.decide(question, answers, None)
    if answer is None:
        out.leave("ADD_SYSTEM_OPEN", source=_named(table))
        return None
    share = 100 * next(h.share for h in usable if h.source == answer)
    label = systems.meridian_label(answer)
    out.tell("ADD_SYSTEM", source=_named(table), label=label, share=share)
    return answer


def _fit() -> str:
    return "{label}: {share:0} % số điểm nằm trong xã"


def _former(guess: Guess, fields: Mapping[str, str], commune: Commune, wish: _Wish) -> str | None:
    """Ask which former commune a list comes from, where nothing in it says so."""
    found = schema(guess.layer)
    asked = "former_commune" in found.names and "former_commune" not in {*guess.fields, *fields}
    if not asked or len(commune.predecessors) < 2:
        return None
    answers = [(p.id, p.name) for p in commune.predecessors]
    return wish.decide(sentence("ASK_FORMER", {"title": found.title.words}), answers, None)
