"""Requirement lines: what is taken, what is refused, and how each reads."""

import pytest

from zaffre.builder.parts import pip_lines
from zaffre.builder.parts.recipe import translate
from zaffre.core.errors import Invalid
from zaffre.core.ports import EnvironmentDefinition


@pytest.mark.parametrize(
    ("line", "requirement"),
    [
        ("numpy", "numpy"),
        ("Scikit_Learn == 1.5.0  # pinned", "scikit-learn==1.5.0"),
        ("pandas>=1.2,<2", "pandas<2,>=1.2"),
        ("uvicorn[Standard]", "uvicorn[standard]"),
        ("numpy~=1.22.0; python_version < '3.11'", 'numpy~=1.22.0 ; python_version < "3.11"'),
        ("git+https://github.com/org/repo.git@v1#egg=thing", "thing @ git+https://github.com/org/repo.git@v1"),
        ("git+https://github.com/org/repo.git@v1", "repo @ git+https://github.com/org/repo.git@v1"),
        ("thing @ https://example.com/thing-1.0.tar.gz", "thing @ https://example.com/thing-1.0.tar.gz"),
        ("https://example.com/thing-1.0-py3-none-any.whl", "thing @ https://example.com/thing-1.0-py3-none-any.whl"),
        ("sklearn", "scikit-learn"),
        ("six==1.16.0 --hash=sha256:00", "six==1.16.0"),
    ],
)
def test_requirements(line, requirement):
    found = pip_lines.read([line], "pip")
    assert found.problems == []
    assert list(found.requirements) == [requirement]


def test_options_and_blank_lines():
    lines = [
        "",
        "# only a comment",
        "--index-url https://example.com/simple/",
        "--extra-index-url=https://example.org/x",
        "-f https://example.net/links",
        "--pre",
        "--trusted-host example.com",
    ]
    found = pip_lines.read(lines, "pip")
    assert found.problems == []
    assert found.requirements == {}
    assert found.index_url == "https://example.com/simple"
    assert found.extra_index_urls == ["https://example.org/x"]
    assert found.find_links == ["https://example.net/links"]
    assert found.pre
    assert found.notes == ["The option --trusted-host was left out."]


@pytest.mark.parametrize(
    "line",
    [
        "-r other.txt",
        "-rother.txt",
        "--requirement=other.txt",
        "-c limits.txt",
        "-e .",
        "--editable .",
        "--config-settings=x=y",
        "--global-option=build_ext",
        "--install-option=x",
        "-",
        "./local",
        "/etc/passwd",
        "local.whl",
        "../x.tar.gz",
        "file:///etc/passwd",
        "x @ file:///etc/passwd",
        "git+ssh://git@github.com/org/repo",
        "git+ext::sh -c id",
        "git+file:///srv/repo",
        "hg+https://example.com/x",
        "git+http://github.com/org/repo.git",
        "six\n--index-url https://evil.example",
        "six\r-e .",
        "numpy=1.2",
        "$(id)",
        "six; rm -rf /",
    ],
)
def test_refused(line):
    found = pip_lines.read([line], "pip")
    assert found.requirements == {}
    assert [problem.field for problem in found.problems] == ["pip[0]"]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "169.254.169.254",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "0x7f.1",
        "017700000001",
        "10.0.0.8",
        "192.168.1.1",
        "metadata.google.internal",
        "0.0.0.0",
    ],
)
@pytest.mark.parametrize(
    "line",
    [
        "--index-url http://{}/simple",
        "--find-links https://{}/x",
        "git+https://{}/org/repo",
        "x @ https://{}/x-1-py3-none-any.whl",
    ],
)
def test_addresses_of_this_machine_are_refused(host, line):
    found = pip_lines.read([line.format(host)], "pip")
    assert len(found.problems) + len(found.doubtful) == 1
    with pytest.raises(Invalid):
        translate(EnvironmentDefinition(pip=(line.format(host),)))


@pytest.mark.parametrize(
    ("allowed", "host", "wanted"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "0x0a010203", True),
        ("10.0.0.0/8", "192.168.1.2", False),
        ("index.internal", "Index.internal", True),
        ("index.internal", "other.internal", False),
    ],
)
def test_an_administrator_may_allow_a_host(allowed, host, wanted):
    assert pip_lines.permits(host.lower(), [allowed]) is wanted
    definition = EnvironmentDefinition(pip=("six", f"--index-url http://{host}/simple"))
    if wanted:
        assert translate(definition, allowed=[allowed]).index_url == f"http://{host}/simple"
    else:
        with pytest.raises(Invalid):
            translate(definition, allowed=[allowed])


def test_a_login_is_taken_out_of_an_index_and_never_told():
    recipe = translate(
        EnvironmentDefinition(pip=("six", "--extra-index-url https://me:s3cr%40t@index.example/simple/"))
    )
    assert recipe.extra_index_urls == ("https://index.example/simple",)
    assert [(one.url, one.user, one.password) for one in recipe.logins] == [
        ("https://index.example/simple", "me", "s3cr@t")
    ]
    assert "s3cr" not in repr(recipe) + repr(recipe.to_json())


@pytest.mark.parametrize(
    "line",
    [
        "x @ https://me:secret@h.example/x-1-py3-none-any.whl",
        "x @ https://secret@h.example/x-1-py3-none-any.whl",
        "git+https://me:secret@h.example/r",
        "git+https://secret@h.example/r",
    ],
)
def test_a_login_in_a_requirement_is_refused_without_showing_it(line):
    [problem] = pip_lines.read([line], "pip").problems
    assert "secret" not in str(problem)
    assert "login" in problem.message


@pytest.mark.parametrize("host", ["8.8.8.8", "example.com", "pkgs.dev.azure.com", "abc.def"])
def test_addresses_of_the_world_are_taken(host):
    assert pip_lines.refused_address(f"https://{host}/simple") == ""


def test_a_single_equals_sign_gets_a_hint():
    [problem] = pip_lines.read(["numpy=1.2"], "pip").problems
    assert problem.hint == "did you mean numpy==1.2?"


def test_not_a_string():
    [problem] = pip_lines.read([{"pip": []}], "pip").problems
    assert problem.field == "pip[0]"
