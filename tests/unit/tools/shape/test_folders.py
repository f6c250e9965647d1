"""Planted: files that are not part of a folder's shape, tests that mirror nothing, names that say nothing."""

import pytest

from shape import folders


@pytest.fixture
def checkout(tmp_path):
    place(tmp_path, "src/zaffre/kinds/compute/__init__.py")
    place(tmp_path, "src/zaffre/kinds/compute/rules.py")
    place(tmp_path, "src/zaffre/jobs/command/__init__.py")
    place(tmp_path, "tests/unit/kinds/compute/test_rules.py")
    return tmp_path


def place(root, name):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")


def test_a_tidy_checkout_has_no_findings(checkout):
    rules = (folders.odd_names, folders.loose_modules, folders.unmirrored_tests, folders.banned_names)
    assert [rule(checkout) for rule in rules] == [[], [], [], []]


@pytest.mark.parametrize("name", ["kinds/compute/models.py", "jobs/command/models.py", "assets/data/store.py"])
def test_file_outside_the_shape(checkout, name):
    place(checkout, "src/zaffre/assets/data/__init__.py")
    place(checkout, f"src/zaffre/{name}")
    (finding,) = folders.odd_names(checkout)
    assert name in finding


def test_kind_without_declaration(checkout):
    place(checkout, "src/zaffre/kinds/batch/spec.py")
    assert folders.odd_names(checkout) == ["src/zaffre/kinds/batch: no __init__.py that declares HERE"]


def test_module_beside_the_folders(checkout):
    place(checkout, "src/zaffre/jobs/shared.py")
    (finding,) = folders.loose_modules(checkout)
    assert "jobs/shared.py" in finding


def test_second_test_file_of_one_source_file_is_a_mirror(checkout):
    place(checkout, "tests/unit/kinds/compute/test_rules_limits.py")
    assert folders.unmirrored_tests(checkout) == []


def test_test_of_nothing(checkout):
    place(checkout, "tests/unit/kinds/compute/test_regressions.py")
    (finding,) = folders.unmirrored_tests(checkout)
    assert finding.endswith("expected src/zaffre/kinds/compute/regressions.py")


@pytest.mark.parametrize("name", ["src/zaffre/store/utils.py", "src/zaffre/common/paths.py"])
def test_name_that_says_nothing(checkout, name):
    place(checkout, name)
    (finding,) = folders.banned_names(checkout)
    assert name in finding
