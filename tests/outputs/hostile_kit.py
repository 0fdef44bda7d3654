"""The sample commune with hostile texts in every place where a text from outside may stand.

The texts go into the checked layers and the commune itself; measures, frames and findings then
come from the analyses as they do for anybody.
"""

from __future__ import annotations

import dataclasses
import tempfile
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ntm_gis import analyses, pipeline
from ntm_gis.layers.values import FILE, OWN, PERSONAL, TABLE, Answer, Layer, Layers
from ntm_gis.outputs import folders
from ntm_gis.outputs.report.build import Paper
from ntm_gis.outputs.report.texts import Document, Said, Texts
from ntm_gis.results import Finding, Words

TEXTS = (
    "<script>window.RAN=1</script>",
    '<img src=x onerror="window.RAN=2">',
    "</script><script>window.RAN=3</script>",
    "</style><svg onload=window.RAN=4>",
    "javascript:window.RAN=5",
    "{{ 7*7 }}",
    "{% raw %}{{ cycler.__init__ }}",
    "${window.RAN=6}`+alert(1)+`",
    '=HYPERLINK("http://evil.example/a","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1;1)",
    "a\x00b\x07c\x1bd\x7fe",
    "\u202eđảo\u202c \u2066ngược\u2069",
    "]]><x/>",
    "%s %n %(a)s {0}",
    "#hash=1&measure=x",
    "Bản Rất Dài " * 17,
    "Dài" * 1667,
    "Hô Tra".translate({ord("ô"): "o\u0302"}) + "\u0323\u0309",
    "🏡 Nhà 中文",
    '#import "x.typ": *; #panic("x")',
    "$x^2$ \\alpha $\\frac{1}{2}$",
    "&lt;b&gt; &#65; &xxe;",
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "CON",
    "..\\..\\NUL.txt",
    "Một\nHai\r\nBa\tBốn",
    "'; DROP TABLE roads; --",
    '"\'><a href="https://evil.example/b">x</a>',
    "_x000D_ _x0041_",
)
"""Texts that mean something to one of the formats, or are hard to set."""

HOUSEHOLD, PARCEL = "Hộ Zqxkin Thị Bí Mật", "Thửa Qzx98765 tờ 4321"
CARD = "040199887766"
PLANTED = (b"Zqxkin", b"Qzx98765")
FOREVER_INSIDE = (*PLANTED, CARD.encode(), CARD[1:].encode())
"""What is planted in the personal fields, and how bytes of any writing tell of it; columns that
only seem to be about persons come into no output at all."""

# Codes that the program itself compares; anything else may be any text.
_KEPT = frozenset({"unit_code", "former_commune", "indicator", "measure", "land_use", "section"})


class Mapped:
    """The same text for the same value, so that ids still lead to each other."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def __call__(self, value: object) -> object:
        if not isinstance(value, str) or not value:
            return value
        if value not in self.known:
            turn, k = divmod(len(self.known), len(TEXTS))
            # Where there are more values than texts a number tells them apart.
            self.known[value] = f"{TEXTS[k]} {turn}" if turn else TEXTS[k]
        return self.known[value]


def _layer(layer: Layer, to: Mapped) -> Layer:
    frame = layer.frame.copy()
    for field in layer.schema.fields:
        if field.personal:
            planted = PARCEL if "parcel" in field.name else HOUSEHOLD
            frame[field.name] = frame[field.name].where(frame[field.name].isna(), planted)
        elif field.type in ("text", "code", "reference") and field.name not in _KEPT:
            if field.many or field.also:
                continue
            frame[field.name] = frame[field.name].astype(object).map(to, na_action="ignore")
    # A column that the schema does not know, whose heading is about persons.
    frame[f"{PERSONAL}Số CCCD"] = CARD
    further = [c for c in frame.columns if c not in layer.schema.names and c not in OWN]
    for name in further:
        if name != "geometry" and frame[name].dtype == object and not name.startswith("@"):
            frame[name] = frame[name].map(to, na_action="ignore")
    own = {"geometry", "located_by", "place"}
    heads = {c: str(to(f"head {c}")) for c in further if c not in own and not c.startswith("@")}
    frame = frame.rename(columns=heads)
    for name in (FILE, TABLE):
        frame[name] = frame[name].astype(object).map(to, na_action="ignore")
    accounts = tuple(_renamed(account, to) for account in layer.accounts)
    origins = tuple(_renamed(origin, to) for origin in layer.origins)
    return dataclasses.replace(layer, frame=frame, accounts=accounts, origins=origins)


def _renamed(of, to: Mapped):
    return dataclasses.replace(of, file=to(of.file), table=to(of.table))


def _finding(finding: Finding, k: int, to: Mapped) -> Finding:
    """Return a finding whose sentence ends with a text, and whose place and value are texts."""
    said = TEXTS[k % len(TEXTS)]
    return dataclasses.replace(
        finding, file=to(finding.file), table=to(finding.table), feature=to(finding.feature),
        value=said, message=Words(*(f"{m} {said}" for m in (finding.message.vi, said))),
    )  # fmt: skip


@cache
def hostile() -> tuple[Answer, Layers, Paper]:
    """Return answer, layers and paper of the hostile commune; made once, some seconds."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "x"
        folders.write_sample(folder)
        commune, layers = pipeline.check(folder)
    to = Mapped()
    who = commune.commune.model_copy(update={"name": TEXTS[0], "province": TEXTS[29]})
    former = tuple(
        p.model_copy(update={"name": TEXTS[k]}) for k, p in enumerate(commune.predecessors, 1)
    )
    commune = commune.model_copy(update={"commune": who, "predecessors": former})
    by_name = {name: _layer(layer, to) for name, layer in layers.by_name.items()}
    changed = dataclasses.replace(
        layers, commune=commune, by_name=MappingProxyType(by_name),
        accounts=tuple(_renamed(account, to) for account in layers.accounts),
        findings=tuple(_finding(f, k, to) for k, f in enumerate(layers.findings)),
    )  # fmt: skip
    answer = analyses.answer(changed)
    every = "\n\n".join(TEXTS)
    said = Said(text=every, difficulties=every, proposals=every)
    document = Document(subject=TEXTS[5], opening=TEXTS[21], signer=TEXTS[22], recipients=TEXTS)
    return answer, changed, Paper(Texts(document=document, sections={"II.9": said, "V": said}))
