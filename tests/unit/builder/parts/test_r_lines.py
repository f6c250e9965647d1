"""R code and renv.lock."""

import pytest

from zaffre.builder.parts import r_lines


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("install.packages('a')", ["a"]),
        ("install.packages(c('a', \"b.c\"), repos = 'https://r', dependencies = TRUE)", ["a", "b.c"]),
        ("utils::install.packages(pkgs = c('a'), lib = '/x')", ["a"]),
        ("if (!require('a')) install.packages('a')", ["a"]),
        ("remotes::install_version('a', '1.2-3')", ["a==1.2-3"]),
        (
            "install.packages('https://h.example/src/contrib/Archive/a/a_1.2-11.tar.gz', repos=NULL, type='source');",
            ["a==1.2-11"],
        ),
        ("install.packages('renv'); library(x)", []),
    ],
)
def test_packages(code, wanted):
    found = r_lines.read(code)
    assert found.packages == wanted


def test_repositories_and_restore():
    assert r_lines.read("install.packages('a', repos = c(CRAN = 'https://r'))").repositories == ["https://r"]
    assert r_lines.read("renv::restore(prompt = FALSE)").restores


@pytest.mark.parametrize(
    ("code", "wanted"), [("library(a); print(1)", True), ("source('https://x')", False), ("system('x')", False)]
)
def test_what_is_understood(code, wanted):
    assert r_lines.read(code).understood is wanted


def test_addresses_of_other_kinds_are_not_taken():
    assert r_lines.read("install.packages('/x/a.tar.gz', repos = NULL)").addresses == ["/x/a.tar.gz"]


def test_lock():
    text = '{"R": {"Repositories": [{"Name": "CRAN", "URL": "https://r"}]}, "Packages": {"a": {"Version": "1"}, "renv": {}}}'
    assert r_lines.lock(text) == {"a": "1"}
    assert r_lines.lock_repositories(text) == ["https://r"]
    for wrong in ("{", "[]", "{}"):
        with pytest.raises(ValueError):
            r_lines.lock(wrong)
