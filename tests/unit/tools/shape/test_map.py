"""Planted: a map that lacks a package, has one too many, or tells another import than there is."""

from shape import map as shape_map

PAGE = """# Architecture
<!-- map -->
| package | what for | imports |
|---|---|---|
| `core/` | words | nothing |
| `store/` | SQL | core |
<!-- /map -->
| `later/` | not in the map | core |
"""
TRUE = {"core": frozenset[str](), "store": frozenset({"core"})}


def test_page_is_read():
    assert shape_map.stated(PAGE) == TRUE


def test_equal_pictures_differ_in_nothing():
    assert shape_map.differences(TRUE, TRUE) == []


def test_each_difference_is_named():
    is_so = {"core": frozenset({"store"}), "store": frozenset[str](), "api": frozenset[str]()}
    assert shape_map.differences(TRUE | {"gone": frozenset[str]()}, is_so) == [
        "gone/: on the map, but there is no such package",
        "api/: not on the map",
        "core/: imports store, the map does not say so",
        "store/: imports no core, the map says it does",
    ]


def test_rewriting_changes_the_last_column_only():
    page = shape_map.rewritten(PAGE, {"core": frozenset({"store"}), "store": frozenset[str]()})
    assert "| `core/` | words | store |" in page
    assert "| `store/` | SQL | nothing |" in page
    assert page.endswith("| `later/` | not in the map | core |\n")


def test_real_graph_has_the_packages_of_the_checkout():
    real = shape_map.real()
    assert real["core"] == frozenset()
    assert "core" in real["store"]
