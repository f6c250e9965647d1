"""Planted: a name without a line, a line without a name, a link that leads nowhere."""

from shape import documented


def test_name_without_a_line(tmp_path):
    page = tmp_path / "events.md"
    page.write_text("| `Created` | … |\n")
    assert documented.undocumented(["Created", "Deleted"], page) == ["events.md: `Deleted` is not documented"]


def test_page_that_is_missing_documents_nothing(tmp_path):
    assert documented.undocumented(["Created"], tmp_path / "none.md") == ["none.md: `Created` is not documented"]


def test_line_without_a_name(tmp_path):
    page = tmp_path / "events.md"
    page.write_text("| `Created` | … |\n| `Renamed` | … |\nIn prose, `Other` is no row.\n")
    assert documented.outdated(["Created"], page) == ["events.md: `Renamed` does not exist"]


def test_dead_link(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("[a](docs/a.md) [b](docs/b.md#x) [c](https://example.com/c)")
    (tmp_path / "docs/a.md").write_text("[up](../README.md)")
    assert documented.dead_links(tmp_path) == ["README.md: link to docs/b.md leads nowhere"]
