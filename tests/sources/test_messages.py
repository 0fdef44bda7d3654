"""Every code that sources can tell has its words, and the words name only what is told."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from ntm_gis import sources
from ntm_gis.results import words

KNOWN = {"file", "table", "layer", "feature", "row", "field", "value"}
ROOT = Path(sources.__file__).parent


def _told():
    """Yield code, given names (None: not written in place) and where, for every call that tells."""
    for path in sorted(ROOT.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id not in ("Refusal", "Told", "sentence") or not node.args:
                continue
            for code in _codes(node.args[0]):
                yield code, _given(node), f"{path.name}:{node.lineno}"


def _codes(node):
    if isinstance(node, ast.Constant):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _codes(node.body) + _codes(node.orelse)
    return []


def _given(node):
    if node.func.id == "Refusal":
        return {k.arg for k in node.keywords}
    params = node.args[1] if node.func.id == "sentence" else None
    params = next((k.value for k in node.keywords if k.arg == "params"), params)
    if params is None:
        return set()
    if isinstance(params, ast.Dict) and None not in params.keys:
        return {key.value for key in params.keys}
    return None


CALLS = list(_told())


def test_there_are_many():
    assert len({code for code, _, _ in CALLS}) > 80


@pytest.mark.parametrize(("code", "given", "where"), CALLS, ids=[f"{c}-{w}" for c, _, w in CALLS])
def test_words_name_only_what_is_told(code, given, where):
    message = words.messages()[code]
    texts = [message.text.vi, message.text.en]
    if message.repair is not None:
        texts += [message.repair.vi, message.repair.en]
    for text in texts:
        named = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        if given is not None:
            assert named <= KNOWN | given, where


def test_words_for_officials_hold_no_english_and_no_word_for_error():
    for code in {code for code, _, _ in CALLS}:
        message = words.messages()[code]
        for text in [message.text.vi, message.repair.vi if message.repair else ""]:
            low = text.lower()
            assert not any(bad in low for bad in ("lỗi", "schema", "null", "hash", "error")), code
