"""What a shell may put next: groups, verbs and flags from the command table, names from the server if it answers at once."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from zaffre.cli import table
from zaffre.cli.flags import EVERYWHERE, FLAGS
from zaffre.cli.session import Session
from zaffre.cli.verbs import MACHINE, verb_of

FILES = "__files__"
"""Answered instead of words where a path is meant: the shell knows its files."""
_PATIENCE = 0.5
_MOST = 200
_ENDPOINT = "online-endpoint"
_NAMED = {"name": "", "endpoint_name": _ENDPOINT, "workspace": "workspace", "parent_job_name": "job"}
"""Flag → the group whose names it takes; empty for the command's own."""
_SCRIPTS = {
    "bash": """\
_zaffre() {
    local IFS=$'\\n'
    COMPREPLY=($(command zaffre __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
    if [ "${COMPREPLY[0]}" = __files__ ]; then
        COMPREPLY=()
        compopt -o default 2>/dev/null
    fi
}
complete -F _zaffre zaffre
""",
    "zsh": """\
#compdef zaffre
_zaffre() {
    local -a found
    found=("${(@f)$(command zaffre __complete "${(@)words[2,$CURRENT]}" 2>/dev/null)}")
    if [[ "${found[1]}" == __files__ ]]; then
        _files
    elif [[ -n "${found[1]}" ]]; then
        compadd -- "${found[@]}"
    fi
}
compdef _zaffre zaffre
""",
    "fish": """\
function __zaffre_complete
    set -l words (commandline -opc)
    set -l found (command zaffre __complete $words[2..-1] (commandline -ct) 2>/dev/null)
    if test "$found[1]" = __files__
        __fish_complete_path (commandline -ct)
    else
        printf '%s\\n' $found
    end
end
complete -c zaffre -f -a '(__zaffre_complete)'
""",
}


def script(session: Session) -> None:
    """What the shell is to read, e.g. ``eval "$(zaffre completion bash)"``."""
    sys.stdout.write(_SCRIPTS[session.options.shell])


def answer(words: Sequence[str]) -> int:
    """Write what may stand in place of the last of ``words``, a line each."""
    found = candidates(list(words) or [""], table.load()["groups"])
    sys.stdout.write("".join(f"{word}\n" for word in found))
    return 0


def candidates(words: list[str], groups: Mapping[str, Any]) -> list[str]:
    """What may stand in place of the last word, begun or empty."""
    words = words[1:] if words[:1] == ["ml"] and len(words) > 1 else words
    *before, begun = words
    if not before:
        return _begun([*groups, *MACHINE], begun)
    if before[0] in MACHINE:
        return _of_command("", MACHINE[before[0]][1], before[1:], begun, groups)
    if before[0] not in groups:
        return []
    group = groups[before[0]]
    if len(before) == 1:
        return _begun(group["verbs"], begun)
    definition = verb_of(before[0], before[1], group["versioned"])
    return _of_command(before[0], definition[1], before[2:], begun, groups) if definition else []


def _of_command(group: str, flags: Iterable[str], given: list[str], begun: str, groups: Mapping[str, Any]) -> list[str]:
    """The value of the flag before, a word of the command's own, or a flag that is not there yet."""
    known = {name.removeprefix("!"): FLAGS[name.removeprefix("!")] for name in (*flags, *EVERYWHERE)}
    spelt = {spelling: name for name, flag in reversed(known.items()) for spelling in flag[0]}
    last = spelt.get(given[-1]) if given else None
    if last is not None and FLAGS[last][2].get("action") != "store_true":
        return _values(group, last, begun, groups)
    bare = [flag for spelling, flag in spelt.items() if not spelling.startswith("-")]
    if bare and not begun.startswith("-") and not any(not word.startswith("-") for word in given):
        return _values(group, bare[0], begun, groups)
    unused = [flag for name, flag in known.items() if not set(flag[0]) & set(given) and name not in bare]
    return _begun([next(word for word in reversed(flag[0])) for flag in unused], begun)


def _values(group: str, flag: str, begun: str, groups: Mapping[str, Any]) -> list[str]:
    settings = FLAGS[flag][2]
    if settings.get("choices"):
        return _begun(settings["choices"], begun)
    if settings.get("metavar") == "PATH" or flag == "path":
        return [FILES]
    if flag == "schema_name":
        from zaffre.core import schemas  # noqa: PLC0415 - weight: every model, for these names alone

        return _begun(schemas.names(), begun)
    wanted = _NAMED.get(flag)
    named = groups.get(wanted or group) if wanted is not None else None
    return _begun(_names(named), begun) if named is not None and not named["parent"] else []


def _names(group: Mapping[str, Any]) -> list[str]:
    """Names that the server knows; none when it does not answer at once, and no server is started for them."""
    from zaffre.core.errors import ZaffreError  # noqa: PLC0415 - weight
    from zaffre.sdk import addresses  # noqa: PLC0415 - weight
    from zaffre.sdk.settings import Settings  # noqa: PLC0415 - weight
    from zaffre.sdk.transport import Address, Transport  # noqa: PLC0415 - weight

    settings = Settings.read()
    address = Address(settings.url, settings.token) if settings.url else addresses.read(settings.home)
    if address is None:
        return []
    place = "" if group["top"] else f"/workspaces/{quote(settings.workspace, safe='')}"
    try:
        with Transport(address).open(
            f"/api/v1{place}/{group['collection']}", query={"top": _MOST}, timeout=_PATIENCE
        ) as told:
            listed: list[dict[str, Any]] = json.loads(told.read())["value"]
    except (ZaffreError, OSError, ValueError, KeyError):
        return []
    return [str(each.get("name", "")) for each in listed]


def _begun(words: Iterable[str], begun: str) -> list[str]:
    return [word for word in dict.fromkeys(words) if word.startswith(begun)]
