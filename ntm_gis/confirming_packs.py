"""Packs of confirmed thresholds: written for the next commune, taken over from another."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field as Key
from pydantic import StringConstraints

from ntm_gis.analyses.criteria.analysis import where_of
from ntm_gis.analyses.criteria.confirm import packed, unpacked
from ntm_gis.analyses.criteria.law import COMPARATOR, SINCE
from ntm_gis.analyses.criteria.limits import same
from ntm_gis.confirming import Book, enter, open_book, person, require_past
from ntm_gis.confirming_taken import entered, limit_words
from ntm_gis.errors import UsageError
from ntm_gis.outputs.files import atomic_write
from ntm_gis.results import Finding, Words
from ntm_gis.rules.schema import code_list
from ntm_gis.rules.terms import say
from ntm_gis.rules.toml import Strict, load
from ntm_gis.taken_back import TakenBack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ntm_gis.layers.decisions import Decision
    from ntm_gis.rules.criteria import CriteriaSet

SUFFIX = ".toml"
_MOST_BYTES = 1_000_000
_FIELDS = ("indicator", "value", COMPARATOR, "document", "page", SINCE, "by", "on")

Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Row(Strict):
    """One confirmed threshold."""

    indicator: Text
    value: Text
    comparator: Text
    document: Text
    page: Text
    since: dt.date
    by: Text
    on: dt.date


class Pack(Strict):
    """The file: which set in which version, for which region or group, and its thresholds."""

    format: Literal[1]
    set: Text
    set_digest: Text
    region: Text | None = None
    group: Annotated[int, Key(ge=1, le=3)] | None = None
    commune: Text
    made_as_of: dt.date
    check: Text
    thresholds: tuple[Row, ...] = Key(alias="threshold")

    @property
    def rows(self) -> tuple[Mapping[str, str], ...]:
        """Its thresholds as plain texts."""
        return tuple(
            {
                **{name: str(getattr(row, name)) for name in _FIELDS},
                "set": self.set,
                "on": row.on.isoformat(),
                SINCE: row.since.isoformat(),
            }
            for row in self.thresholds
        )


def pack(folder: Path, out: Path, *, today: dt.date, name: str | None = None) -> tuple[Path, int]:
    """Write the confirmed thresholds of a commune as a pack.

    Parameters
    ----------
    out : Path
        The file, or a folder to write it into under a name of its own.
    today : date
        Decisions up to this day are packed.

    Returns
    -------
    Path, int
        The file, and how many thresholds it holds.

    Raises
    ------
    UsageError
        Nothing is confirmed, or there is such a file already.
    OutputError
        It cannot be written.
    """
    book = open_book(folder, latest=today)
    found = book.set(name)
    in_force = [one.decision for one in book.limits(found) if one.decision is not None]
    rows = packed(in_force)
    if not rows:
        raise UsageError("LAW_NOTHING_TO_PACK", set=found.title)
    if out.suffix != SUFFIX:
        out /= f"nguong-{found.id}-{book.commune.commune.code}{SUFFIX}"
    if out.exists():
        raise UsageError("LAW_PACK_EXISTS", file=out.name)
    return atomic_write(out, written(book, found, rows).encode("utf-8")), len(rows)


def written(book: Book, found: CriteriaSet, rows: Sequence[Mapping[str, str]]) -> str:
    """Return the text of a pack."""
    who = book.commune.commune
    here = found.place(where_of(book.commune))
    head = [
        f"# {say('law_pack_head', 'vi')}", f"# {say('law_pack_head', 'en')}", "format = 1",
        f"set = {_text(found.id)}", f"set_digest = {_text(found.digest)}",
    ]  # fmt: skip
    if found.head.keyed_by == "region" and here.region is not None:
        head.append(f"region = {_text(here.region)}")
    if found.head.keyed_by == "group" and here.group is not None:
        head.append(f"group = {here.group}")
    name = f"{who.name} ({who.code}), {who.province}"
    head += [
        f"commune = {_text(name)}", f"made_as_of = {who.as_of.isoformat()}",
        f"check = {_text(check_of(rows))}",
    ]  # fmt: skip
    body = [
        "\n".join(
            ["[[threshold]]", *(
                f"{n} = {row[n] if n in (SINCE, 'on') else _text(row[n])}" for n in _FIELDS
            )]
        )
        for row in rows
    ]  # fmt: skip
    return "\n\n".join(["\n".join(head), *body]) + "\n"


def check_of(rows: Sequence[Mapping[str, str]]) -> str:
    """Return the check code of the thresholds of a pack: another one, where any was changed."""
    said = json.dumps([[row[n] for n in _FIELDS] for row in rows], ensure_ascii=True)
    return hashlib.sha256(said.encode("ascii")).hexdigest()[:16]


def _text(value: str) -> str:
    """Return a text as TOML has it."""
    safe = value.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(safe, ensure_ascii=False).replace("\x7f", "\\u007f")


def add(
    folder: Path, file: Path, *, today: dt.date, day: dt.date | None = None,
    by: str | None = None, accept: bool = False,
) -> TakenBack:  # fmt: skip
    """Take the thresholds of a pack over, as this office's own.

    Parameters
    ----------
    day : date, optional
        When they were read against the text; today where left out.
    by : str, optional
        Who read them.
    accept : bool
        Take a pack that was made with another version of the set.

    Raises
    ------
    UsageError
        The pack is no pack, was changed, or is of another set, version, region or group.
    """
    on = day or today
    require_past(on, today)
    book = open_book(folder, latest=today)
    found, read = _read(book, file, accept=accept)
    made = unpacked(found, read.rows, by=person(by), on=on, where=where_of(book.commune))
    out = TakenBack(file.name, "LAW_TAKEN")
    fresh: list[tuple[Words, Decision]] = []
    for one in made:
        now = _now(book, one)
        if now is None:
            fresh.append((found.indicators[one.subject.rpartition(":")[2]].title.words, one))
        elif same(now, one):
            out.known += 1
        else:
            out.leave(Finding.of(
                "LAW_PACK_DIFFERS", file=file.name, indicator=one.subject.rpartition(":")[2],
                given=limit_words(dict(one.details)), said=limit_words(dict(now.details)),
            ))  # fmt: skip
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    entered(out, enter(book, fresh, by=by, kept=file, digest=digest))
    out.check_code = open_book(folder, latest=today).check_code
    return out


def _now(book: Book, made: Decision) -> Decision | None:
    """Return what the record confirms of the same threshold."""
    since = dict(made.details).get(SINCE)
    mine = [d for d in book.decided if d.subject == made.subject]
    return next((d for d in reversed(mine) if dict(d.details).get(SINCE) == since), None)


def _read(book: Book, file: Path, *, accept: bool) -> tuple[CriteriaSet, Pack]:
    if file.is_file() and file.stat().st_size > _MOST_BYTES:
        raise UsageError("LAW_PACK_CHANGED", file=file.name)
    read = load(file, Pack, UsageError)
    own = {one.id: one for one in book.sets}
    if read.set not in own:
        raise UsageError("LAW_PACK_OTHER_SET", file=file.name, given=read.set, own=tuple(own))
    found = own[read.set]
    if read.check != check_of(read.rows):
        raise UsageError("LAW_PACK_CHANGED", file=file.name)
    here = found.place(where_of(book.commune))
    given, mine = (read.region, read.group), (here.region, here.group)
    pairs = [(a, b) for a, b in zip(given, mine, strict=True) if a is not None and a != b]
    if pairs:
        raise UsageError(
            "LAW_PACK_OTHER_PLACE", file=file.name, given=_place(pairs[0][0]),
            own=_place(pairs[0][1]),
        )  # fmt: skip
    if read.set_digest != found.digest and not accept:
        raise UsageError("LAW_PACK_OTHER_VERSION", file=file.name, set=found.title)
    return found, read


def _place(value: str | int | None) -> Words:
    """Return a region or a group in words."""
    if isinstance(value, str) and value in code_list("region").keys:
        return code_list("region")[value].title.words
    if value is None:
        return Words("vùng, nhóm xã chưa ghi", "a region or group not given")
    return Words(f"nhóm {value}", f"group {value}")
