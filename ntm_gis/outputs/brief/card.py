"""What a card for a phone says: large numbers, bars, tiles; and the text that goes with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ntm_gis import numbers
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import wording
from ntm_gis.outputs.gates import plain
from ntm_gis.outputs.progress.reading import works
from ntm_gis.outputs.report.tables import records
from ntm_gis.outputs.report.telling import Teller
from ntm_gis.outputs.scorecard.strip import strip
from ntm_gis.results import Measure
from ntm_gis.rules.criteria import sets
from ntm_gis.rules.terms import say, term

ROAD_PROGRESS, SCORECARD, OVERVIEW, MONEY = "road_progress", "scorecard", "overview", "money"
NAMES = (ROAD_PROGRESS, SCORECARD, OVERVIEW, MONEY)
VERDICTS = ("met", "not_met", "undetermined", "not_applicable", "no_threshold")
_BARS = 3
_FILES = 2


@dataclass(frozen=True, slots=True)
class Big:
    """A number in large type, and what it is."""

    value: str
    unit: str
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: `done` and `half` of `whole`; all in one unit."""

    label: str
    said: str
    done: float
    half: float
    whole: float


@dataclass(frozen=True, slots=True)
class Card:
    """A card; `tiles` are codes with their verdicts, `picture` is a map that is drawn on it."""

    name: str
    title: str
    bigs: tuple[Big, ...]
    bars: tuple[Bar, ...] = ()
    tiles: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    picture: str | None = None
    source: str = ""


def cards(answer: Answer, layers: Layers, lang: str) -> tuple[Card, ...]:
    """Return the cards of which something is known, in the order of `NAMES`."""
    teller = Teller(answer, layers, lang, {})
    made = (_roads(teller), _score(teller), _overview(teller), _money(teller))
    return tuple(card for card in made if card is not None)


def caption(card: Card, layers: Layers, lang: str) -> str:
    """Return the text to send with a card: what it says, as of when, from where."""
    who = layers.commune.commune
    said = "; ".join(f"{big.label}: {_with_unit(big)}" for big in card.bigs)
    told = [f"{card.title} – {say('commune_of', lang, name=who.name)}, {who.province}."]
    told += [f"{said}."] if said else []
    told += [f"{bar.label}: {bar.said}." for bar in card.bars]
    told += [f"{'; '.join(counted(card, lang).values())}."] if card.tiles else []
    told += [f"{line.rstrip('.')}." for line in card.lines]
    told.append(say("phone_card.as_of", lang, on=who.as_of) + ".")
    told += [f"{card.source}."] if card.source else []
    if who.sample:
        told.append(term("sample_long").of(lang))
    return "\n".join(" ".join(plain(line).split()) for line in told)


def counted(card: Card, lang: str) -> dict[str, str]:
    """Return of each verdict of the tiles what it is called and how many have it, by its code."""
    found = Counter(verdict for _, verdict in card.tiles)
    return {code: f"{term(f'verdict.{code}').of(lang)}: {found[code]}"
            for code in VERDICTS if found[code]}  # fmt: skip


def _with_unit(big: Big) -> str:
    return f"{big.value}\u00a0{big.unit}" if big.unit else big.value


def _big(teller: Teller, measure: Measure | None, label: str = "") -> Big | None:
    if measure is None or not teller.known(measure):
        return None
    said = label or measure.title.of(teller.lang)
    if measure.id in teller.speech.provisional:
        said = f"{said} {teller.speech.mark}"
    return Big(teller.speech.value(measure), teller.speech.unit(measure), said)


def _source(teller: Teller, measures: Sequence[Measure | None]) -> str:
    """Return the files that figures rest on: the first ones, and how many more."""
    every = [name for m in measures if m is not None for name in m.evidence.inputs]
    files = list(dict.fromkeys(wording.short_file(name) for name in every))
    if not files:
        return say("phone_card.source_own", teller.lang)
    listed = ", ".join(files[:_FILES])
    more = len(files) - _FILES
    key = "source_more" if more > 0 else "source"
    return say(f"phone_card.{key}", teller.lang, files=listed, n=more)


def _some(found: Sequence[Big | None]) -> tuple[Big, ...]:
    return tuple(big for big in found if big is not None)


def _word(teller: Teller, key: str) -> str:
    return say(f"phone_card.{key}", teller.lang)


def _roads(teller: Teller) -> Card | None:
    found = works(teller.answer, teller.layers, teller.lang)
    if not found:
        return None
    of = "progress.by_class.all"
    measures = [teller.by_id.get(f"{of}.{k}_km") for k in ("accepted", "poured", "planned")]
    if len(found) == 1 or not all(measures):
        names = ("accepted_km", "poured_km", "planned_km")
        measures = [found[0].measures.get(name) for name in names]
    labels = ("accepted", "poured", "planned")
    bigs = [
        _big(teller, m, _word(teller, k)) for m, k in zip(measures, labels, strict=True)
    ]  # fmt: skip
    bars = tuple(
        Bar(
            work.name,
            say("phone_card.of_length", teller.lang, done=_number(teller, accepted),
                half=_number(teller, poured), whole=_number(teller, planned)),
            accepted.value, poured.value, planned.value,
        )
        for work in found
        if (accepted := work.measures.get("accepted_km")) is not None
        and (poured := work.measures.get("poured_km")) is not None
        and (planned := work.measures.get("planned_km")) is not None
        and accepted.value is not None and poured.value is not None and planned.value
    )  # fmt: skip
    lines = tuple(_due(teller, found[:1])) if len(found) == 1 else ()
    more = (*lines, *_left(teller, len(bars)))
    return Card(
        ROAD_PROGRESS, _word(teller, "title_road_progress"), _some(bigs), bars[:_BARS],
        lines=more, source=_source(teller, measures),
    )  # fmt: skip


def _number(teller: Teller, measure: Measure) -> str:
    return teller.speech.with_unit(measure)


def _due(teller: Teller, found: Sequence[object]) -> Iterator[str]:
    for work in found:
        due = getattr(work, "due_on", None)
        if due is not None:
            yield say("phone_card.due", teller.lang, on=due)


def _left(teller: Teller, n: int) -> Iterator[str]:
    if n > _BARS:
        yield say("brief.and_more", teller.lang, n=n - _BARS)


def _score(teller: Teller) -> Card | None:
    name = teller.layers.commune.commune.criteria_set
    if name is None or name not in sets() or "scorecard" not in teller.answer.frames:
        return None
    shown = strip(teller.answer, teller.layers, teller.lang)
    if not shown.tiles:
        return None
    n = len(shown.tiles)
    label = say("phone_card.met", teller.lang, n=n)
    if not shown.official:
        label = f"{label} ({teller.say('for_reference')})"
    met = teller.by_id.get("score.met")
    bigs = _some([_big(teller, met, label)])
    lines = (shown.perhaps,) if shown.perhaps else ()
    tiles = tuple((tile.code, tile.verdict.code) for tile in shown.tiles)
    return Card(
        SCORECARD, _word(teller, "title_scorecard"), bigs, tiles=tiles,
        lines=tuple(line[:1].upper() + line[1:] for line in lines if line),
        source=_word(teller, "source_score"),
    )  # fmt: skip


def _overview(teller: Teller) -> Card | None:
    if "boundary" not in teller.answer.frames and "villages" not in teller.answer.frames:
        return None
    names = ("commune.area_ha", "commune.population", "villages.count")
    measures = [teller.by_id.get(name) for name in names]
    bigs = [_big(teller, measure) for measure in measures]
    return Card(
        OVERVIEW, _word(teller, "title_overview"), _some(bigs), picture="overview",
        source=_source(teller, measures),
    )  # fmt: skip


def _money(teller: Teller) -> Card | None:
    total = teller.by_id.get("funds.total")
    if not teller.known(total):
        return None
    rows = records(teller.answer.frames.get("money_works"), ("id", "name"))
    bars = []
    for row in rows:
        planned = teller.by_id.get(f"money.{row['id']}.planned_million")
        paid = teller.by_id.get(f"money.{row['id']}.paid_million")
        if planned is None or paid is None or not planned.value or paid.value is None:
            continue
        said = say("phone_card.of_money", teller.lang, done=_number(teller, paid),
                   whole=_number(teller, planned))  # fmt: skip
        name = str(row["name"] or row["id"])
        bars.append(Bar(name, said, paid.value, paid.value, planned.value))
    bars.sort(key=lambda bar: (-bar.whole, bar.label))
    lines = tuple(_left(teller, len(bars)))
    return Card(
        MONEY, _word(teller, "title_money"), _some([_big(teller, total)]), tuple(bars[:_BARS]),
        lines=lines, source=_source(teller, [total]),
    )  # fmt: skip


def day(layers: Layers) -> str:
    """Return the day of the figures as people write it."""
    return numbers.format_date_vi(layers.commune.commune.as_of)
