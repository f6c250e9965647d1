"""RUN scripts taken apart into simple commands."""

import pytest

from zaffre.builder.parts import shell


def words(script):
    return [command.words for command in shell.commands(script)]


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("a b && c || d; e", [("a", "b"), ("c",), ("d",), ("e",)]),
        ("X=1 Y=2 pip install six", [("pip", "install", "six")]),
        ("pip install 'a>=1,<2' \"b[c]\"", [("pip", "install", "a>=1,<2", "b[c]")]),
        ("if [ -f r ]; then pip install -r r; fi", [("[", "-f", "r", "]"), ("pip", "install", "-r", "r")]),
        ("for x in a b; do echo $x; done", [("echo", "$x")]),
        ("(cd /a && pip install b)", [("cd", "/a"), ("pip", "install", "b")]),
        ("a >/dev/null 2>&1", [("a",)]),
        ("a # a comment\nb", [("a",), ("b",)]),
        ('["pip", "install", "six"]', [("pip", "install", "six")]),
        ("", []),
    ],
)
def test_commands(script, wanted):
    assert words(script) == wanted


def test_what_reads_a_pipe_is_known():
    [first, second] = shell.commands("curl x | bash")
    assert (first.piped, second.piped) == (False, True)
    assert [command.piped for command in shell.commands("a || b")] == [False, False]


def test_an_unquoted_requirement_is_a_redirection():
    [command] = shell.commands("pip install numpy>=1.2")
    assert command == shell.Command(("pip", "install", "numpy"), "=1.2")


@pytest.mark.parametrize("script", ["echo 'open", '["not json'])
def test_unreadable(script):
    with pytest.raises(shell.Unreadable):
        shell.commands(script)
