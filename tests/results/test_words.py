"""Sentences: every code complete in both languages, values written by the language."""

from __future__ import annotations

import datetime as dt
import string

import pytest

from ntm_gis.errors import RuleError
from ntm_gis.results import Severity, Words, written
from ntm_gis.results.words import fill, messages, repair, sentence


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("code", sorted(messages()))
def test_a_message_names_the_same_values_in_both_languages(code: str) -> None:
    message = messages()[code]
    assert fields(message.text.vi) == fields(message.text.en)
    assert bool(message.text.vi.strip()) == bool(message.text.en.strip())
    if message.repair:
        assert fields(message.repair.vi) == fields(message.repair.en)
    assert message.severity in {None, *Severity}


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (1282.2, "1.282,2", "1,282.2"),
        (7, "7", "7"),
        (True, "có", "yes"),
        (None, "–", "–"),
        (dt.date(2025, 12, 31), "31/12/2025", "31/12/2025"),
        (Words("đường", "road"), "đường", "road"),
        ((1.5, "V1"), "1,5, V1", "1.5, V1"),
    ],
)
def test_values_are_written_by_the_language(value: object, vi: str, en: str) -> None:
    assert (written(value, "vi"), written(value, "en")) == (vi, en)


def test_a_sentence_never_reaches_into_a_value() -> None:
    with pytest.raises(KeyError):
        fill("{value.__class__}", "vi", {"value": 1})


def test_text_of_data_is_not_a_template() -> None:
    assert fill("{name}", "vi", {"name": "{0.__class__} {x}"}) == "{0.__class__} {x}"


def test_what_is_missing_is_said_by_name() -> None:
    with pytest.raises(RuleError):
        sentence("NO_SUCH_CODE", {})
    with pytest.raises(RuleError):
        repair("NO_SUCH_CODE", {})
    with pytest.raises(RuleError):
        sentence("ROAD_LENGTH_DIFFERS", {})
