from __future__ import annotations

import io
import json
from typing import Any

import pytest

from zaffre.cli import output
from zaffre.cli.terminal import Terminal, size

MADE = {"creation_context": {"created_at": "2026-01-02T03:04:05.678Z"}}
JOBS = [{"name": "a", "status": "Completed", "tags": {"k": "v"}, **MADE}, {"name": "bb", "status": "Failed", **MADE}]


class Watched(io.StringIO):
    def isatty(self) -> bool:
        return True


def written(answer: Any, form: str | None, query: str | None = None, out: io.StringIO | None = None) -> str:
    out = out or io.StringIO()
    output.write(answer, form, query, Terminal(out, io.StringIO()))
    return out.getvalue()


def test_json_unless_a_person_watches_a_list() -> None:
    assert json.loads(written(JOBS, None)) == JOBS
    assert written(JOBS, None, out=Watched()).startswith("Name  Status ")
    assert json.loads(written(JOBS[0], None, out=Watched())) == JOBS[0]


def test_a_table_has_the_columns_people_look_for() -> None:
    assert written(JOBS, "table") == (
        "Name  Status     Created\n----  ---------  -------------------\n"
        "a     Completed  2026-01-02 03:04:05\nbb    Failed     2026-01-02 03:04:05\n"
    )


def test_a_table_fits_its_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = written([{"name": "n" * 60, "status": "s"}], "table", out=Watched()).splitlines()
    assert max(map(len, lines)) <= 40 and "…" in lines[2]


def test_a_table_that_nobody_watches_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert "n" * 60 in written([{"name": "n" * 60, "status": "s"}], "table")


def test_a_table_of_a_users_data_keeps_its_names() -> None:
    told = written(output.Records([{"malic_acid": 1.5, "creation_context": 2}]), "table")
    assert told.split()[:2] == ["malic_acid", "creation_context"]
    assert told.split()[-2:] == ["1.5", "2"]


def test_names_that_a_query_chose_stay() -> None:
    told = written(JOBS, "table", "[].{Name:name, ExpName:status}")
    assert told.splitlines()[0].split() == ["Name", "ExpName"]
    assert written([{"display_name": 1}], "table").split()[0] == "Display_name"


def test_tables_as_az_makes_them() -> None:
    told = output.table_as_az(
        {"environmentName": "Z", "id": "no", "user": {"a": 1}, "b": None, "a": True}, sorted_keys=True
    )
    assert told.splitlines() == ["A     EnvironmentName", "----  ---------------", "True  Z"]
    told = output.table_as_az([["x", 1], ["y", 2]], sorted_keys=False)
    assert told.split() == ["Column1", "Column2", "-------", "-------", "x", "1", "y", "2"]
    assert output.table_as_az(["a"], sorted_keys=True).splitlines() == ["Result", "------", "a"]
    assert output.table_as_az([], sorted_keys=True) == ""


def test_a_name_that_azure_spells_twice_is_shown_once() -> None:
    told = written([{"name": {"value": "nodes_of_a", "localized_value": "nodes of a"}}], "table")
    assert told.splitlines()[-1].strip() == "nodes of a"


@pytest.mark.parametrize(
    ("answer", "text"),
    [("x", "x\n"), (["a", "b"], "a\nb\n"), ([{"a": 1, "b": True, "c": {}, "d": [1, 2], "e": None}], "1\ttrue\t\t2\tNone\n"),
     (None, "")],
)  # fmt: skip
def test_tab_separated_as_az_writes_it(answer: Any, text: str) -> None:
    assert written(answer, "tsv") == text


def test_yaml_and_nothing() -> None:
    assert written({"a": ["é"]}, "yaml") == "a:\n- é\n"
    assert written({"a": 1}, "none") == ""


def test_colours_only_where_a_person_watches() -> None:
    assert "\x1b[" not in written({"a": 1}, "jsonc")
    assert "\x1b[34m" in written({"a": 1}, "jsonc", out=Watched())


def test_query_picks_and_a_wrong_one_is_told() -> None:
    assert written(JOBS, "tsv", "[?status=='Failed'].name") == "bb\n"
    with pytest.raises(output.BadQuery, match="not JMESPath"):
        written(JOBS, None, "[?")


def test_progress_is_one_line_where_nobody_watches() -> None:
    error = io.StringIO()
    terminal = Terminal(io.StringIO(), error)
    for done in (0, 5, 2048):
        terminal.progress("src", done, 2048)
    terminal.status("waiting")
    terminal.status("waiting")
    assert error.getvalue() == "src: 2.0 KiB\nwaiting\n"


def test_progress_draws_over_itself_where_someone_does() -> None:
    error = Watched()
    terminal = Terminal(io.StringIO(), error, now=iter(range(100)).__next__)
    terminal.progress("src", 512, 2048)
    terminal.note("done")
    assert "[######..................] 512 B of 2.0 KiB" in error.getvalue()
    assert error.getvalue().endswith("\r\x1b[2Kdone\n")


def test_quiet_keeps_errors() -> None:
    error = io.StringIO()
    terminal = Terminal(io.StringIO(), error, quiet=True)
    terminal.note("n")
    terminal.status("s")
    terminal.error("e")
    assert error.getvalue() == "e\n"


@pytest.mark.parametrize(("count", "text"), [(5, "5 B"), (2048, "2.0 KiB"), (3 * 1024**4, "3.0 TiB")])
def test_sizes(count: int, text: str) -> None:
    assert size(count) == text
