"""One way of writing, and codes that people can read out."""

from __future__ import annotations

import hashlib
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_kit import patient

from ntm_gis.errors import RecordError
from ntm_gis.record.canonical import canonical, check_code, head, parse, read_code

names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    texts | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
bodies = st.dictionaries(names, values, max_size=5)


def shuffled(value):
    if isinstance(value, dict):
        return {k: shuffled(v) for k, v in reversed(value.items())}
    if isinstance(value, list):
        return tuple(shuffled(v) for v in value)
    return unicodedata.normalize("NFD", value) if isinstance(value, str) else value


def composed(value):
    if isinstance(value, dict):
        return {k: composed(v) for k, v in value.items()}
    if isinstance(value, list):
        return [composed(v) for v in value]
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


@patient
@given(bodies)
def test_what_says_the_same_is_written_the_same(body):
    assert canonical(shuffled(body)) == canonical(body)
    assert json.loads(canonical(body)) == composed(body)
    assert parse(canonical(body)) == composed(body)


@patient
@given(bodies, bodies)
def test_what_says_something_else_is_written_otherwise(one, other):
    def typed(value):
        if isinstance(value, dict):
            return {k: typed(v) for k, v in value.items()}
        if isinstance(value, list):
            return [typed(v) for v in value]
        return type(value).__name__, value

    same = typed(composed(one)) == typed(composed(other))
    assert (canonical(one) == canonical(other)) == same


@patient
@given(bodies.filter(bool))
def test_other_ways_of_writing_it_are_refused(body):
    written = canonical(body)
    for other in (
        json.dumps(json.loads(written), ensure_ascii=False, sort_keys=True),
        written.replace('":', '": ', 1),
        written + " ",
        "\ufeff" + written,
    ):
        if other != written:
            with pytest.raises(ValueError, match=r"."):
                parse(other)


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), float("inf"), None, 2**53, "\ud800", b"x", {1: 2}, {"Tên": 1}, {"a b": 1}],
    ids=repr,
)
def test_values_without_a_unique_form_are_refused(value):
    with pytest.raises(RecordError) as caught:
        canonical({"a": value})
    assert caught.value.code == "RECORD_VALUE_UNFIT"
    assert "không dùng được" in caught.value.say("vi")


@pytest.mark.parametrize(
    "written",
    ['{"a":1,"a":1}', '{"a":NaN}', '{"a":1.0}', '{"a":null}', '{"b":1,"a":1}', "[1]", "1", "", "{",
     '{"a":"\\u0041"}', '{"a":"o\u0302"}', '{"a":"\udcff"}', "[" * 5000, '{"a":1e400}'],
)  # fmt: skip
def test_texts_in_another_form_are_refused(written):
    with pytest.raises(ValueError, match=r"."):
        parse(written)


def test_nesting_ends_somewhere():
    deep: object = "x"
    for _ in range(40):
        deep = [deep]
    with pytest.raises(RecordError):
        canonical({"a": deep})


@patient
@given(st.binary(min_size=32, max_size=32))
def test_the_code_is_the_first_forty_bits(digest):
    code = check_code(digest.hex())
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = 0
    for letter in code.replace("-", ""):
        number = number * 32 + alphabet.index(letter)
    assert number == int.from_bytes(digest[:5], "big")
    assert read_code(code) == code
    assert read_code(f" {code.lower().replace('-', ' ')} ") == code
    assert read_code(code.replace("0", "O").replace("1", "l")) == code


@patient
@given(st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), max_size=5, unique=True))
def test_the_head_does_not_depend_on_the_order_of_machines(tips):
    assert head("03601", tips) == head("03601", reversed(tips))
    assert head("03601", tips) != head("03602", tips)
    by_hand = "\n".join(["ntm-gis head", "03601", *sorted(tips)])
    assert head("03601", tips) == hashlib.sha256(by_hand.encode()).hexdigest()
