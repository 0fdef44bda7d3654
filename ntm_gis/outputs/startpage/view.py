"""What the start page shows, as plain values in words of one language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ntm_gis import numbers
from ntm_gis.layers.values import Account, Answer, Layers
from ntm_gis.outputs import wording
from ntm_gis.outputs.features import Features
from ntm_gis.outputs.footing import foot
from ntm_gis.outputs.numbering import numbered
from ntm_gis.outputs.speech import Speech
from ntm_gis.outputs.startpage import figures, lists
from ntm_gis.outputs.startpage.lists import SeverityList
from ntm_gis.outputs.startpage.parts import FigureGroup, Headline
from ntm_gis.rules import maps
from ntm_gis.rules.commune import Commune
from ntm_gis.rules.terms import say, term

DOWNLOADS = (
    ("scorecard.html", "scorecard_page"),
    ("priorities.html", "priorities_page"),
    ("progress.html", "progress_page"),
    ("plan_review.html", "plan_review_page"),
    ("plan_decisions.xlsx", "plan_decisions_xlsx"),
    ("thresholds.xlsx", "thresholds_xlsx"),
    ("plan_letters.html", "plan_letters_page"),
    ("CSDL_QH/DOC_TRUOC.txt", "plan_database_folder"),
    ("forms.xlsx", "forms_xlsx"),
    ("reminders.html", "reminders_page"),
    ("dossier/muc_luc.html", "dossier_page"),
    ("village_forms/DOC_TRUOC.txt", "village_forms_folder"),
    ("report.docx", "report_docx"),
    ("report.pdf", "report_pdf"),
    ("brief.pdf", "brief_pdf"),
    ("cards/loi-dan.txt", "cards_folder"),
    ("tables.xlsx", "tables_xlsx"),
    ("commune.gpkg", "commune_gpkg"),
    ("commune.qgz", "commune_qgz"),
    ("results.json", "results_json"),
)


@dataclass(frozen=True)
class Link:
    """A map or file the page leads to."""

    href: str
    title: str
    what: str = ""
    size: str = ""


@dataclass(frozen=True)
class Links:
    """Maps and files that are there."""

    maps: tuple[Link, ...] = ()
    downloads: tuple[Link, ...] = ()

    @property
    def map_names(self) -> frozenset[str]:
        """Names of the maps that are there."""
        return frozenset(Path(link.href).stem for link in self.maps)


@dataclass(frozen=True)
class SourceRow:
    """One line of the table of sources."""

    file: str
    table: str
    layer: str
    counts: tuple[str, str, str, str]
    digest: str
    odd: bool


@dataclass(frozen=True)
class Page:
    """Everything on the start page."""

    name: str
    about: str
    as_of: str
    criteria_set: str | None
    sample: bool
    headlines: tuple[Headline, ...]
    groups: tuple[FigureGroup, ...]
    severities: tuple[SeverityList, ...]
    findings: int
    listed: frozenset[int]
    """Numbers of the findings that the page lists."""
    sources: tuple[SourceRow, ...]
    total: tuple[str, str, str, str]
    accounts: str
    """How many rows of how many files were used, in a sentence."""
    links: Links
    missing: tuple[str, ...]
    foot: tuple[str, ...]


def build(
    answer: Answer,
    layers: Layers,
    lang: str,
    made: Links,
    missing: Sequence[str] = (),
    record_head: str | None = None,
) -> Page:
    """Return what the page shows."""
    commune = layers.commune
    who = commune.commune
    items = numbered(answer.findings)
    speech = Speech(answer, lang, layers)
    tells = figures.Teller(answer, speech, Features(layers), items, made.map_names)
    severities = lists.severities(items, answer.measures, made.map_names, lang)
    accounts = sorted(layers.accounts, key=lambda a: (a.file, a.table or "", a.layer))
    return Page(
        name=say("commune_of", lang, name=who.name),
        about=_about(commune, lang),
        as_of=numbers.format_date_vi(who.as_of),
        criteria_set=_years(who.criteria_set),
        sample=who.sample,
        headlines=tells.headlines(),
        groups=tells.groups(),
        severities=severities,
        findings=len(items),
        listed=frozenset(
            item.number for s in severities for group in s.groups for item in group.items
        ),
        sources=tuple(_source(account, lang) for account in accounts),
        total=_counts(accounts, lang),
        accounts=_accounts(accounts, lang),
        links=made,
        missing=tuple(missing),
        foot=foot(commune, lang, record_head),
    )


def links(out: Path, lang: str) -> Links:
    """Return the maps and files that lie in the folder `out`."""
    found = [name for name in maps.names() if (out / "maps" / f"{name}.html").is_file()]
    return Links(
        tuple(
            Link(f"maps/{name}.html", maps.definition(name).title.words.of(lang)) for name in found
        ),
        tuple(
            Link(
                name,
                term(key).of(lang),
                term(f"{key}_what").of(lang),
                _size((out / name).stat().st_size, lang),
            )
            for name, key in DOWNLOADS
            if (out / name).is_file()
        ),
    )


def _size(size: int, lang: str) -> str:
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(size / 1e6, "MB", 1) if size >= 1e6 else show(max(size / 1e3, 1.0), "kB", 0)


def _about(commune: Commune, lang: str) -> str:
    parts = [say("province_of", lang, name=commune.commune.province)]
    # Only a former commune of the commune's own name needs to be told apart from it.
    former = [
        say("former_unit" if p.name == commune.commune.name else "unit_called", lang, name=p.name)
        for p in commune.predecessors
    ]
    if former:
        day = commune.commune.valid_from
        key = "merged_of" if day else "merged_of_undated"
        parts.append(say(key, lang, names=_joined(former, lang), date=day))
    return " · ".join(parts)


def _years(criteria_set: str | None) -> str | None:
    """Return a criteria set as people call it: by its years."""
    found = re.fullmatch(r"[a-z]+-(\d{4})-(\d{4})", criteria_set or "")
    return f"{found[1]}–{found[2]}" if found else criteria_set


def _joined(names: Sequence[str], lang: str) -> str:
    head, last = names[:-1], names[-1]
    return f"{', '.join(head)} {term('and').of(lang)} {last}" if head else last


def _source(account: Account, lang: str) -> SourceRow:
    return SourceRow(
        file=wording.short_file(account.file),
        table=account.table or "" if wording.shows_table(account.file, account.table) else "",
        layer=wording.layer_title(account.layer, lang),
        counts=_counts([account], lang),
        digest=wording.digest(account.sha256),
        odd=account.sha256 is None or account.set_aside + account.refused > 0,
    )


def _counts(accounts: Sequence[Account], lang: str) -> tuple[str, str, str, str]:
    show = numbers.format_en if lang == "en" else numbers.format_vi
    sums = (
        sum(a.rows_in for a in accounts),
        sum(a.used for a in accounts),
        sum(a.set_aside for a in accounts),
        sum(a.refused for a in accounts),
    )
    rows_in, used, aside, refused = (show(number, "", 0) for number in sums)
    return rows_in, used, aside, refused


def _accounts(accounts: Sequence[Account], lang: str) -> str:
    rows_in, used, aside, refused = _counts(accounts, lang)
    files = len({account.file for account in accounts})
    return say("accounts", lang, files=files, rows=rows_in, used=used, aside=aside, refused=refused)
