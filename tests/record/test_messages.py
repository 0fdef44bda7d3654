"""Every code that the record tells has its words, and the words name only what is told."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from ntm_gis.record import bodies
from ntm_gis.results import words

SOURCES = sorted(Path(bodies.__file__).parent.glob("*.py"))
PACKAGE = sorted(Path(bodies.__file__).parent.parent.rglob("*.py"))
PACKAGE = sorted(Path(bodies.__file__).parent.parent.rglob("*.py"))
MADE = {f"RECORD_BREAK_{what}" for what in ("CONTENT", "MISSING", "ORDER", "FORM")}
MADE |= {f"RECORD_KIND_{kind.upper()}" for kind in bodies._CONTENT}
# What a run shows as a finding where it is raised as an error.
BOTH = {"RECORD_NOT_ONE", "RECORD_DAMAGED", "RECORD_NEWER", "RECORD_OTHER_COMMUNE", "RECORD_FAILED"}


def calls():
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(r'(RecordError|Finding\.of)\(\s*"(RECORD_[A-Z_]+)"', text):
            yield found[1], found[2]


CALLS = sorted(set(calls()))


def test_there_are_many():
    assert len(CALLS) > 25


@pytest.mark.parametrize(("how", "code"), CALLS)
def test_findings_weigh_and_errors_do_not_unless_a_run_shows_them(how, code):
    message = words.messages()[code]
    if how == "Finding.of" or code in BOTH:
        assert message.severity in ("stop", "block", "warning", "note")
    elif ("Finding.of", code) not in CALLS:
        assert message.severity is None


def test_parts_have_words_and_no_code_is_idle():
    text = "".join(path.read_text(encoding="utf-8") for path in PACKAGE)
    told = set(re.findall(r"RECORD_[A-Z_]+[A-Z]", text)) | MADE
    known = {code for code in words.messages() if code.startswith("RECORD_")}
    assert known >= MADE
    assert known - told == set()


@pytest.mark.parametrize("code", sorted(c for c in words.messages() if c.startswith("RECORD_")))
def test_sentences_are_plain(code):
    message = words.messages()[code]
    names = [
        {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for text in (message.text.vi, message.text.en)
    ]
    assert names[0] == names[1]
    low = message.text.vi.lower()
    assert not any(bad in low for bad in ("lỗi", "schema", "null", "hash", "sha-", "error", "json"))
    if not code.startswith(("RECORD_KIND_", "RECORD_BREAK_")) or code == "RECORD_KIND_UNKNOWN":
        assert message.text.vi.endswith(".")
        assert message.text.en.endswith(".")
