"""Lists of the dossier: strict, and official only where every line was read in the law."""

from __future__ import annotations

import pytest

from ntm_gis.errors import RuleError
from ntm_gis.rules.criteria import sets
from ntm_gis.rules.recognition import Dossier, dossiers
from ntm_gis.rules.toml import load

GOOD = """
id = "d"
title = { vi = "Hồ sơ", en = "Dossier" }
law = { document = "18/2022/QĐ-TTg", status = "verified" }
sets = ["vn-2021-2025"]
[[document]]
id = "a"
title = { vi = "Tờ trình", en = "Request" }
supplier = { vi = "Văn phòng", en = "Office" }
status = "verified"
"""

TWICE = """[[document]]
id = "a"
title = { vi = "a", en = "a" }
supplier = { vi = "a", en = "a" }
status = "cited"
"""


def read(tmp_path, text):
    path = tmp_path / "d.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, Dossier, RuleError)


def test_official_only_where_every_line_was_read(tmp_path):
    assert read(tmp_path, GOOD).official
    weaker = GOOD.replace('status = "verified"\n', 'status = "unverified"\n')
    assert not read(tmp_path, weaker).official
    law = GOOD.replace('QĐ-TTg", status = "verified"', 'QĐ-TTg", status = "cited"')
    assert not read(tmp_path, law).official


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("supplier =", "suplier ="),
        ('status = "verified"\n', ""),
        ('status = "verified"\n', 'status = "confirmed"\n'),
        ('status = "verified"\n', 'status = "verified"\ndrafts = ["../a.docx"]\n'),
        ('status = "verified"\n', 'status = "verified"\npartly = { vi = "a", en = "a" }\n'),
        ("[[document]]", f"{TWICE}[[document]]"),
    ],
    ids=["key misspelt", "no status", "confirmed in a file", "a path upwards",
         "partly of nothing", "a document twice"],
)  # fmt: skip
def test_what_is_not_well_formed_is_refused(tmp_path, old, new):
    with pytest.raises(RuleError):
        read(tmp_path, GOOD.replace(old, new, 1))


def test_the_lists_are_for_sets_that_are_there():
    for found in dossiers():
        assert set(found.sets) <= set(sets())
        assert found.law.status == "unverified"
