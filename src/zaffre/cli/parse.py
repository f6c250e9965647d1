"""From words to a command: argparse is built for the one command that was named, help comes from the table."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable
from typing import Any, NoReturn

from zaffre.cli.flags import EVERYWHERE, FLAGS
from zaffre.cli.verbs import MACHINE, Verb, verb_of

_INDENT = 26


class Usage(Exception):
    """The command line itself is wrong; the process ends with code 2."""


class Command:
    """A command that was understood."""

    def __init__(self, group: str, verb: str, target: str, options: argparse.Namespace) -> None:
        self.group = group
        """A kind's group, or empty for a command of the machine's own (``up``)."""
        self.verb = verb
        self.target = target
        """``module:function`` below ``zaffre.cli``."""
        self.options = options


def parse(words: list[str], table: dict[str, Any]) -> Command | str:
    """The command that ``words`` ask for, or the text that answers ``--help``."""
    words = words[1:] if words[:1] == ["ml"] else words
    groups: dict[str, Any] = table["groups"]
    if not words or words[0] in ("-h", "--help", "help"):
        return _overview(groups)
    if words[0] in ("-V", "--version"):
        words = ["version", *words[1:]]
    first, rest = words[0], words[1:]
    if first in MACHINE:
        return _command("", first, MACHINE[first], rest)
    if first not in groups:
        raise Usage(f"zaffre: {first!r} is no command{_near(first, [*groups, *MACHINE])}. zaffre --help lists them.")
    if not rest or rest[0] in ("-h", "--help"):
        return _group_help(first, groups[first])
    verbs: list[str] = groups[first]["verbs"]
    if rest[0] not in verbs:
        raise Usage(
            f"zaffre {first}: {rest[0]!r} is no command of it{_near(rest[0], verbs)}. zaffre {first} --help lists them."
        )
    definition = verb_of(first, rest[0], groups[first]["versioned"])
    assert definition, f"{first} {rest[0]} is in the table but not in cli.verbs"
    return _command(first, rest[0], definition, rest[1:])


def _command(group: str, verb: str, definition: Verb, words: list[str]) -> Command | str:
    sentence, flags, target = definition
    label = " ".join(part for part in (group, verb) if part)
    parser = _Parser(prog=f"zaffre {label}", description=sentence.format(thing=_thing(group)), add_help=False)
    parser.add_argument("-h", "--help", action="store_true", help="Show this.")
    for flag in flags:
        _add(parser, flag)
    everywhere = parser.add_argument_group("everywhere")
    for flag in EVERYWHERE:
        if flag not in flags:
            _add(everywhere, flag, taken=_spellings(flags))
    if "-h" in words or "--help" in words:
        return parser.format_help()
    return Command(group, verb, target, parser.parse_args(words))


def _add(parser: Any, flag: str, taken: frozenset[str] = frozenset()) -> None:
    spellings, text, settings = FLAGS[flag.removeprefix("!")]
    settings = dict(settings)
    if isinstance(settings.get("default"), list):
        settings["default"] = []
    if not spellings[0].startswith("-"):  # a word of the command's own
        parser.add_argument(flag.removeprefix("!"), metavar=spellings[0], help=text, **settings)
        return
    names = [name for name in spellings if name not in taken]
    parser.add_argument(*names, dest=flag.removeprefix("!"), help=text, required=flag.startswith("!"), **settings)


def _spellings(flags: Iterable[str]) -> frozenset[str]:
    return frozenset(name for flag in flags for name in FLAGS[flag.removeprefix("!")][0])


class _Parser(argparse.ArgumentParser):
    """Argparse whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        raise Usage(f"{self.prog}: {message}. {self.prog} --help shows its flags.")


def _overview(groups: dict[str, Any]) -> str:
    lines = [
        "usage: zaffre <group> <command> [flags]     zaffre <command> [flags]",
        "",
        "Zaffre: an open Azure Machine Learning that runs anywhere. Groups, commands and flags are those of az ml;",
        "'zaffre ml …' is the same. Any command starts the local server when none runs.",
        "",
        "Groups:",
        *(_line(name, group["summary"]) for name, group in groups.items()),
        "",
        "Commands:",
        *(_line(name, definition[0]) for name, definition in MACHINE.items()),
        "",
        "zaffre <group> --help shows a group's commands, zaffre <group> <command> --help its flags.",
        "Settings: ZAFFRE_HOME, ZAFFRE_URL and ZAFFRE_TOKEN (a server elsewhere), ZAFFRE_WORKSPACE, ZAFFRE_DEBUG=1.",
    ]
    return "\n".join(lines) + "\n"


def _group_help(name: str, group: dict[str, Any]) -> str:
    lines = [f"usage: zaffre {name} <command> [flags]", "", group["summary"], "", "Commands:"]
    for verb in group["verbs"]:
        definition = verb_of(name, verb, group["versioned"])
        if definition:
            lines.append(_line(verb, definition[0].format(thing=_thing(name))))
    return "\n".join([*lines, "", f"zaffre {name} <command> --help shows its flags."]) + "\n"


def _line(name: str, text: str) -> str:
    return f"  {name:<{_INDENT - 4}}  {text}"


def _thing(group: str) -> str:
    words = group.replace("-", " ")
    return words if group == "data" else f"{'an' if words[:1] in 'aeiou' else 'a'} {words}" if words else "it"


def _near(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
