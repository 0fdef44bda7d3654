"""A source that is there already: the same things under another name, or as another layer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ntm_gis import sources
from ntm_gis.asking import Said, Wish, named
from ntm_gis.corrections import Place
from ntm_gis.numbers import is_blank
from ntm_gis.outputs.folders import SOURCES
from ntm_gis.questions import guess_as
from ntm_gis.results import Words, sentence
from ntm_gis.rules.commune import Commune, SourceEntry
from ntm_gis.rules.schema import schema
from ntm_gis.sources import Table

_LEAST = 0.5
"""From this share of ids on a file says again what another says."""
_REPLACE, _BOTH, _YES, _NO = "replace", "both", "yes", "no"


def instead_of(
    folder: Path, place: Place, table: Table, entry: SourceEntry, commune: Commune, wish: Wish,
    out: Said,
) -> Place | None:  # fmt: skip
    """Say whether a file takes the place of another that has its ids; None where it is left out.

    Lists of two former communes may bear the same ids, and a list completes what is drawn: only
    tables of one kind and one former commune are held against each other. Nobody's answer leaves
    the file out, for rows that say two things of one id count for neither.
    """
    for other in commune.of_layer(entry.layer):
        before = other[1]
        if before.file is None or before.former_commune != entry.former_commune:
            continue
        common, count = _shared(folder, before, table, entry, commune)
        if not count or common < max(2, _LEAST * count):
            continue
        alone = sum(e.file == before.file for e in commune.sources) == 1
        params = {
            "file": named(table),
            "common": common,
            "count": count,
            "other": Path(before.file).name,
            "title": schema(entry.layer).title.words,
        }
        answers = [(_REPLACE, "ANSWER_REPLACE")] if alone else []
        picked = wish.decide(
            sentence("ASK_KEYS_THERE", params),
            [(key, _both(sentence(code, {}))) for key, code in (*answers, (_BOTH, "ANSWER_BOTH"))],
            _REPLACE if alone else None,
        )
        if picked == _REPLACE:
            names = parts(folder, before.file)
            return Place(place.name, old=names, instead=before)
        if picked is None:
            out.leave("ADD_KEYS_THERE", **params)
            return None
    return place


def parts(folder: Path, file: str) -> tuple[str, ...]:
    """Return a source and what goes with it, as names within `sources/`; none lying elsewhere."""
    path = folder / file
    if not file.startswith(f"{SOURCES}/") or not path.exists():
        return ()
    beside = sorted(p.name for p in path.parent.iterdir())
    with_it = [n for n in beside if n != path.name and sources.main_of(n, beside) == path.name]
    inside = path.parent.relative_to(folder / SOURCES)
    return tuple((inside / name).as_posix() for name in (path.name, *with_it))


def may_change(table: Table, known: Sequence[SourceEntry], wish: Wish, out: Said) -> bool:
    """Ask whether a source becomes another layer than it is; nobody's answer is no."""
    before = next((e for e in known if e.layer != wish.layer), None)
    if wish.layer is None or before is None or any(e.layer == wish.layer for e in known):
        return True
    guess = guess_as(wish.layer, table)
    titles = [schema(wish.layer).field(name).title.words for name in guess.missing]
    columns = Words(*(", ".join(t.of(lang) for t in titles) for lang in ("vi", "en")))
    lacks = sentence("LAYER_CHANGE_LACKS", {"columns": columns}) if titles else Words("", "")
    params = {"source": named(table), "before": schema(before.layer).title.words,
              "title": schema(wish.layer).title.words, "lacks": lacks}  # fmt: skip
    answers = [(_NO, _both(sentence("ANSWER_NO", {}))), (_YES, _both(sentence("ANSWER_YES", {})))]
    question = sentence("ASK_LAYER_CHANGE", params)
    if wish.decide(question, answers, _YES) == _YES:
        out.tell("ADD_LAYER_CHANGED", **params)
        return True
    out.leave("ADD_LAYER_KEPT", **params)
    return False


def _both(words: Words) -> str:
    return f"{words.vi} / {words.en}"


def _shared(
    folder: Path, before: SourceEntry, table: Table, entry: SourceEntry, commune: Commune
) -> tuple[int, int]:
    """Return how many ids of a table another source has too, and how many it has."""
    mine = _ids(table, entry)
    path = folder / str(before.file)
    if not mine or not path.is_file():
        return 0, 0
    most = (0, len(mine))
    for old in sources.look(path, zone=commune.commune.crs):
        wanted = before.table is None or before.table == old.table
        if wanted and bool(old.geometry) == bool(table.geometry):
            most = max(most, (len(mine & _ids(old, before)), len(mine)))
    return most


def _ids(table: Table, entry: SourceEntry) -> set[str]:
    """Return the ids of a table; numbers alone say nothing, every list begins with 1."""
    layer = schema(entry.layer)
    column = {**layer.recognise(table.columns), **entry.fields}.get(layer.key or "")
    if column not in table.columns:
        return set()
    said = {str(v).strip() for v in table.values[column] if not is_blank(v)}
    return {v for v in said if not v.replace(".", "").isdigit()}
