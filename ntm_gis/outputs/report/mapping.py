"""forms/NAME.toml: which cell of a form takes which figure; made once, kept, handed on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import Field as Key

from ntm_gis.outputs.gates import plain
from ntm_gis.rules.toml import Strict, load

FOLDER = "forms"
Take = Literal[
    "value", "report_value", "low", "high", "previous", "numerator", "denominator", "verdict"
]
TAKES: tuple[Take, ...] = (
    "value", "report_value", "low", "high", "previous", "numerator", "denominator", "verdict",
)  # fmt: skip
_HEAD = (
    "# Ô nào của biểu lấy số nào. Dùng lại được kỳ sau, gửi được cho xã khác dùng cùng biểu.\n"
    "# [[cell]] là ô đã chốt. [[proposal]] chỉ là đề xuất, chưa dùng: đúng thì đổi thành\n"
    "# [[cell]], sai thì xóa. take: value (giá trị), previous (kỳ trước), verdict (đánh giá),\n"
    "# low, high, report_value (phần chắc chắn), numerator (tử số), denominator (mẫu số).\n"
    "# [[total]]: ô at phải bằng tổng các ô of.\n"
)


class Tie(Strict):
    """A cell tied to a measure; `row` and `column` are the heads it stood under then."""

    sheet: str
    at: str = Key(pattern=r"^[A-Z]{1,3}[1-9][0-9]{0,6}$")
    measure: str
    take: Take = "value"
    row: str = ""
    column: str = ""
    factor: float = Key(default=1.0, allow_inf_nan=False)


class Proposal(Strict):
    """A tie that nobody confirmed: what the words of the heads suggest."""

    sheet: str
    at: str
    measure: str
    title: str = ""
    take: Take = "value"
    row: str = ""
    column: str = ""

    @property
    def tie(self) -> Tie:
        """The tie that it would be."""
        return Tie(
            sheet=self.sheet, at=self.at, measure=self.measure, take=self.take, row=self.row,
            column=self.column,
        )  # fmt: skip


class Total(Strict):
    """A cell that must be the sum of others of its sheet."""

    sheet: str
    at: str
    of: tuple[str, ...]


class Mapping(Strict):
    """The whole of a form's mapping."""

    form: str = ""
    cells: tuple[Tie, ...] = Key(default=(), alias="cell")
    proposals: tuple[Proposal, ...] = Key(default=(), alias="proposal")
    totals: tuple[Total, ...] = Key(default=(), alias="total")


def path_of(folder: Path, name: str) -> Path:
    """Return where the mapping of a form lies."""
    return folder / FOLDER / f"{name}.toml"


def read(path: Path) -> Mapping:
    """Return a mapping; one without cells where there is no file.

    Raises
    ------
    ConfigError
        The file cannot be read, or says something that cannot be followed.
    """
    return load(path, Mapping) if path.is_file() else Mapping()


def written(found: Mapping) -> bytes:
    r"""Return a mapping as TOML.

    Examples
    --------
    >>> made = Mapping(form="Biểu 11", cell=[Tie(sheet="A", at="D8", measure="funds.total")])
    >>> written(made).decode().splitlines()[-4:]
    ['[[cell]]', 'sheet = "A"', 'at = "D8"', 'measure = "funds.total"']
    """
    out = [_HEAD, f"form = {_quoted(found.form)}\n"]
    tables: tuple[tuple[str, tuple[Strict, ...]], ...] = (
        ("cell", found.cells), ("total", found.totals), ("proposal", found.proposals),
    )  # fmt: skip
    for name, entries in tables:
        for entry in entries:
            out.append(f"\n[[{name}]]\n")
            for key, value in entry.model_dump(exclude_defaults=True).items():
                out.append(f"{key} = {_quoted(value)}\n")
    return "".join(out).encode("utf-8")


def _quoted(value: object) -> str:
    if isinstance(value, str):
        # What JSON writes between quotes TOML reads the same, but for DEL, which is gone.
        return json.dumps(plain(value), ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_quoted(one) for one in value)}]"
    return repr(value)
