"""ARCHITECTURE.md tells the truth: its map is the import graph, and its places exist."""

import re
from pathlib import Path

from shape import map as shape_map

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_map_is_the_import_graph():
    assert shape_map.differences(shape_map.stated(PAGE), shape_map.real()) == []


def test_every_place_of_the_where_is_table_exists():
    table = PAGE.partition("<!-- places -->")[2].partition("<!-- /places -->")[0]
    places = re.findall(r"^\| [^|]+ \| `([^`]+)`", table, re.MULTILINE)
    assert len(places) >= 40
    assert [place for place in places if not list(ROOT.glob(place))] == []
