"""What commands print: harmless to a screen, and no traceback whatever the stream does."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from ntm_gis import cli, cli_streams, outputs, shipped
from ntm_gis.errors import OutputError, RuleError
from ntm_gis.outputs import terminal
from ntm_gis.results import Words, words

EVIL = "Bản\x1b]0;x\x07 \x9b31mHô\u202e Tra\r"
POSIX = pytest.mark.skipif(os.name != "posix", reason="devices and pipes as POSIX has them")


def call(*arguments: str, **streams: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ntm_gis", *arguments]
    given_streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    return subprocess.run(command, encoding="utf-8", check=False, **given_streams)  # type: ignore[call-overload,no-any-return]  # streams by name


@given(st.text())
def test_nothing_that_a_screen_obeys_is_left(text: str) -> None:
    left = cli_streams.harmless(text)
    assert not any(
        (ord(c) < 32 and c not in "\n\t") or (127 <= ord(c) < 160 and c != "\x85") for c in left
    )
    assert not set(left) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert cli_streams.harmless(left) == left


def test_tables_of_words_pass_the_gate(capsys: pytest.CaptureFixture[str]) -> None:
    cli_streams.draw(Text(EVIL))
    told = capsys.readouterr().out
    assert not set(told) & set("\x1b\x07\x9b\u202e\r")
    assert "Hô Tra" in told


def test_questions_pass_the_gate_and_are_no_markup(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n"))
    words = Words(f"Bảng [/b] {EVIL} [red]?", "")
    assert terminal.ask("vi")(words, [("roads", f"Đường [/x] {EVIL}")], None) == "roads"
    told = capsys.readouterr().out
    assert "[/b]" in told
    assert "[/x]" in told
    assert not set(told) & set("\x1b\x07\x9b\u202e\r")


def test_errors_pass_the_gate(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["run", str(tmp_path / "x\x1b[2J")]) == 2
    assert "\x1b" not in capsys.readouterr().err


def test_json_says_the_same_and_is_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    cli_streams.write_json({"name": EVIL})
    told = capsys.readouterr().out
    assert json.loads(told) == {"name": EVIL}
    assert not set(told) & set("\x1b\x07\x9b\u202e\r")


@POSIX
@pytest.mark.parametrize("command", [["--help"], ["--version"], ["run", "--help"]])
def test_a_full_disk_is_said(command: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = call(*command, stdout=full)
    assert done.returncode == 2
    assert done.stderr.startswith("Đĩa không còn chỗ trống")
    assert "Traceback" not in done.stderr


@POSIX
def test_a_reader_that_stops_is_no_fault() -> None:
    read, written = os.pipe()
    os.close(read)
    done = call("--version", stdout=written)
    os.close(written)
    assert (done.returncode, done.stderr) == (0, "")


@POSIX
@pytest.mark.parametrize("closed", [1, 2])
def test_a_closed_stream_is_no_traceback(closed: int) -> None:
    done = call("check", "không có", preexec_fn=lambda: os.close(closed))
    assert done.returncode == 2
    assert "Traceback" not in (done.stderr or "")


def test_a_fault_of_ours_in_an_output_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        told = OutputError("OUTPUT_NOT_MADE", names="a", why="b")
        raise told from ExceptionGroup("outputs", [ZeroDivisionError("planted")])

    assert _run_with(broken, tmp_path, monkeypatch) == cli.CRASH
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    report = next(word for word in told.split() if "ntm-gis-su-co-" in word)
    assert "ZeroDivisionError" in Path(report).read_text(encoding="utf-8")


def test_a_fault_of_the_disk_is_none_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(*_: object, **__: object) -> None:
        cause = PermissionError(13, "Permission denied")
        raise OutputError("OUTPUT_FOLDER_NOT_ALLOWED", folder="out") from cause

    assert _run_with(denied, tmp_path, monkeypatch) == 2
    assert "ntm-gis-su-co" not in capsys.readouterr().err


def test_failures_of_analyses_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    cli_streams.keep_failures(("Traceback: one", "Traceback: two"), "vi")
    told = capsys.readouterr().err
    report = next(word for word in told.split() if "ntm-gis-su-co-" in word)
    assert "one" in Path(report).read_text(encoding="utf-8")
    cli_streams.keep_failures((), "vi")
    assert capsys.readouterr().err == ""


def test_what_is_sent_to_others_quotes_no_cell(capsys: pytest.CaptureFixture[str]) -> None:
    person = "Nguyễn Văn A 0912345678"

    def outer() -> None:
        try:
            float(person)
        except ValueError as inner:
            inner.add_note(person)
            raise ExceptionGroup(person, [KeyError(person)]) from inner

    with pytest.raises(ExceptionGroup) as caught:
        outer()
    cli_streams.keep_fault(caught.value, "vi")
    told = capsys.readouterr().err
    report = next(word for word in told.split() if "ntm-gis-su-co-" in word)
    kept = Path(report).read_text(encoding="utf-8")
    assert "0912345678" not in kept + told
    assert [kind in kept for kind in ("ValueError", "KeyError", "ExceptionGroup", "outer")] == [
        True
    ] * 4
    assert kept.index("ValueError") < kept.index("ExceptionGroup")


def test_without_room_for_the_report_the_fault_is_said_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cli_streams.tempfile, "mkstemp", full)
    cli_streams.keep_fault(ValueError("x"), "vi")
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert "–" not in told


def _run_with(write_all: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    (tmp_path / "commune.toml").write_text(
        '[commune]\ncode = "1"\nname = "Thử"\nprovince = "Lai Châu"\ncrs = "EPSG:9205"\n'
        "as_of = 2025-12-31\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(outputs, "write_all", write_all)
    return cli.main(["run", str(tmp_path)])


@pytest.mark.parametrize("content", [None, "X = [[", '[X]\nvi = "a"\n'])
@pytest.mark.parametrize("arguments", [["run", "x"], ["runn"]])
def test_an_installation_without_its_words_is_said(
    content: str | None,
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def path(*parts: str) -> Path:
        if content is None:
            raise RuleError("SHIPPED_MISSING", place="/".join(parts))
        return found

    found = tmp_path / "messages.toml"
    found.write_text(content or "", encoding="utf-8")
    monkeypatch.setattr(shipped, "path", path)
    words.messages.cache_clear()
    try:
        assert cli.main(arguments) in (2, cli.CRASH)
    finally:
        monkeypatch.undo()
        words.messages.cache_clear()
    assert "Hãy cài lại chương trình" in capsys.readouterr().err
