"""Questions on the terminal: numbers, skipping by default, wrong answers answered in our words."""

from __future__ import annotations

import pytest

from ntm_gis.outputs import terminal
from ntm_gis.results import Words

ANSWERS = [("a", "Đường [bold].shp"), ("b", "Trường")]
QUESTION = Words("Lớp [red]nào?", "Which layer?")


def _asked(monkeypatch: pytest.MonkeyPatch, *typed: str, lang: str = "vi") -> str | None:
    waiting = list(typed)

    def read(*_: object, **__: object) -> str:
        if not waiting:
            raise EOFError
        return waiting.pop(0)

    monkeypatch.setattr("builtins.input", read)
    return terminal.ask(lang)(QUESTION, ANSWERS, None)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [(["1"], "a"), (["2"], "b"), (["0"], None), ([""], None), ([], None), ([" 2 "], "b")],
)
def test_a_number_is_an_answer_and_nothing_skips(monkeypatch, typed, answer):
    assert _asked(monkeypatch, *typed) == answer


@pytest.mark.parametrize(("lang", "words"), [("vi", "từ 0 đến 2"), ("en", "from 0 to 2")])
def test_a_wrong_answer_is_answered_in_our_words(monkeypatch, capsys, lang, words):
    assert _asked(monkeypatch, "9", "x", "2", lang=lang) == "b"
    shown = capsys.readouterr().out
    assert shown.count(words) == 2
    assert "Please" not in shown


def test_names_of_files_are_text_and_no_markup(monkeypatch, capsys):
    _asked(monkeypatch, "1")
    shown = capsys.readouterr().out
    assert "Đường [bold].shp" in shown
    assert "Lớp [red]nào?" in shown
