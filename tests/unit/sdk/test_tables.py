"""Tables of this machine, checked before they are sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from zaffre.sdk import tables


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "has none"),
        ("paths:\n  - file: a.csv\n  - file: b.csv\n", "MLTable:3:11: paths[1].file: nothing is at"),
        ("paths:\n  - folder: ./nothing\n", "MLTable:2:13: paths[0].folder: nothing is at"),
        ("paths:\n  - file: ../a.csv\n", "MLTable:2:11: paths[0].file: '../a.csv' leads out"),
        ("paths:\n  - fle: a.csv\n", 'MLTable:2:5: paths[0].fle: unknown field; did you mean "file"?'),
    ],
)
def test_mistakes(tmp_path: Path, text: str | None, told: str) -> None:
    (tmp_path / "a.csv").write_text("x\n")
    if text is not None:
        (tmp_path / "MLTable").write_text(text)
    assert any(told in str(problem) for problem in tables.problems(tmp_path))


def test_what_may_come_later_or_lies_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "MLTable").write_text("paths: [{pattern: '*.csv'}, {file: 'https://h/a.csv'}]\n")
    assert list(tables.problems(tmp_path)) == []


def test_a_document_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "MLTable").write_bytes(b"\xff\xfe\x00")
    (problem,) = tables.problems(tmp_path)
    assert "expected text in UTF-8" in problem.message
