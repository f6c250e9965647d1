"""``az``, as far as it goes with Zaffre: ``az ml`` is our own command line, and around it what scripts and tools ask first.

Who is logged in, for which subscription, and a token (``AzureCliCredential`` gets its own here). Everything else of az's
ends with code 2: a wrong answer would be worse than none.
"""

from __future__ import annotations

import argparse
import configparser
import os
import re
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from zaffre import __version__
from zaffre.cli import az_monitor, main, output
from zaffre.cli.flags import OUTPUTS
from zaffre.cli.terminal import Terminal
from zaffre.core.errors import Invalid, ZaffreError
from zaffre.core.refs import CLOUD
from zaffre.sdk import connect
from zaffre.sdk.azure import Azure
from zaffre.sdk.local_server import LocalServer
from zaffre.sdk.settings import GROUP, SUBSCRIPTION, WORKSPACE, Settings

SPEAKS = "2.76.0"
"""The version of az whose answers these are: tools compare it with the oldest one that they take."""
LOCATION = "local"
_DIRECTORY = "00000000-0000-0000-0000-000000000000"
_BUILT_IN = "ml"
_DEFAULTS = {"workspace": WORKSPACE, "group": GROUP, "location": LOCATION}
"""What ``az configure`` may set, and what holds until then."""
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_RESOURCES = {
    "arm": "",
    "storage": "https://storage.azure.com",
    "oss-rdbms": "https://ossrdbms-aad.database.windows.net",
}
_COLUMNS = {
    "account list": {
        "Name": "name", "CloudName": "environmentName", "SubscriptionId": "id", "TenantId": "tenantId",
        "State": "state", "IsDefault": "isDefault",
    },
}  # fmt: skip
"""Verbs whose tables az makes by hand."""
Options = Any


def run() -> NoReturn:
    """The program."""
    try:
        sys.exit(az(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(main.INTERRUPTED)
    except ZaffreError as error:
        sys.stderr.write(f"ERROR: {error.message}\n")
    except output.BadQuery as error:
        sys.stderr.write(f"ERROR: {error}\n")
        sys.exit(main.USAGE)
    except OSError as error:
        sys.stderr.write(f"ERROR: {error}\n")
    sys.exit(main.FAILED)


def az(words: list[str]) -> int:
    """Do what ``words`` say; returns the exit code."""
    if words[:1] == ["ml"]:
        return main.main([*words, *_defaults_for(words)])
    if words[:2] == ["monitor", "autoscale"]:
        return az_monitor.main(words[2:])
    if words and words[0] in ("-v", "--version"):
        sys.stdout.write(
            f"azure-cli {SPEAKS:>20}\n\nExtensions:\n{_BUILT_IN} {__version__:>27}\n\nThis is Zaffre's az.\n"
        )
        return main.OK
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write("".join(f"az {verb}\n" for verb in ("ml --help", "monitor autoscale", *_VERBS)))
        return main.OK
    verb = [word for word in words if not word.startswith("-")][:2]
    known = next((name for name in (" ".join(verb), " ".join(verb[:1])) if name in _VERBS), None)
    if known is None:
        told = " ".join(verb) or "az"
        sys.stderr.write(f"ERROR: Zaffre's az has no {told!r}; it has az ml and {', '.join(_VERBS)}.\n")
        return main.USAGE
    flags, do = _VERBS[known]
    options = _parser(known, flags).parse_args(_rest(words, known.split()))
    answer = do(options)
    if answer is not None:
        _write(answer, known, options)
    return main.OK


def _write(answer: Any, verb: str, options: Options) -> None:
    """As az has it: JSON unless asked otherwise, whoever watches; and its tables."""
    terminal = Terminal()
    if options.output != "table":
        output.write(answer, options.output or "json", options.query, terminal)
        return
    if options.query:
        answer = output.picked(answer, options.query)
    elif verb in _COLUMNS:
        answer = [{title: row[name] for title, name in _COLUMNS[verb].items()} for row in answer]
    ordered = not (options.query or verb in _COLUMNS)
    text = output.table_as_az(answer, sorted_keys=ordered)
    if text:
        terminal.write(text + "\n")


def _rest(words: list[str], verb: list[str]) -> list[str]:
    """What is left of the words when those of the verb are taken out, each once."""
    left = list(words)
    for word in verb:
        left.remove(word)
    return left


def _parser(verb: str, flags: tuple[tuple[str, ...], ...]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"az {verb}", allow_abbrev=False)
    parser.add_argument("-o", "--output", choices=OUTPUTS)
    parser.add_argument("--query")
    for switch in ("--only-show-errors", "--debug", "--verbose"):
        parser.add_argument(switch, action="store_true")
    for spellings in flags:
        name = spellings[-1].lstrip("-").replace("-", "_")
        if not spellings[-1].startswith("-"):
            parser.add_argument(name, nargs="*" if verb == "config set" else "?")
        elif spellings[-1] in _SWITCHES:
            parser.add_argument(*spellings, dest=name, action="store_true")
        else:
            parser.add_argument(*spellings, dest=name, nargs="+" if spellings[-1] in _SEVERAL else None)
    if not any("--subscription" in spellings for spellings in flags):
        parser.add_argument("--subscription")
    return parser


def _login(options: Options) -> Any:
    """There is nobody to ask: whoever may read the home is the owner."""
    del options
    _ready()
    return [_account()]


def _nothing(options: Options) -> None:
    del options


def _show_account(options: Options) -> Any:
    return _account(options.subscription)


def _list_accounts(options: Options) -> Any:
    del options
    return [_account()]


def _set_account(options: Options) -> None:
    """Any will do: a subscription is part of an id here, and scripts name their own."""
    if not options.subscription:
        raise Invalid("account set: expected a subscription (-s), found none.")
    _keep({**_kept(), "subscription": options.subscription})


def _token(options: Options) -> Any:
    """What ``AzureCliCredential`` reads."""
    home = _ready()
    scopes: list[str] = options.scope or []
    asked: str = options.resource or (scopes[0].removesuffix("/.default") if scopes else "")
    if options.resource_type:
        if options.resource_type not in _RESOURCES:
            raise Invalid(f"--resource-type: expected one of {', '.join(_RESOURCES)}, found {options.resource_type!r}")
        asked = _RESOURCES[options.resource_type]
    line = connect.line(Settings.read())
    told = line.call("GET", "/msi/token", query={"resource": asked or Azure(home).address})
    until = int(told["expires_on"])
    return {
        "accessToken": told["access_token"],
        "expiresOn": datetime.fromtimestamp(until).strftime("%Y-%m-%d %H:%M:%S.%f"),  # noqa: DTZ006 - local time, as az
        "expires_on": until,
        "subscription": _account(options.subscription)["id"],
        "tenant": _DIRECTORY,
        "tokenType": "Bearer",
    }


def _configure(options: Options) -> Any:
    """``--defaults workspace=… group=…``, kept for ``az ml``; an empty value takes one away."""
    pairs: list[str] = options.defaults or []
    if not pairs:
        return _listed()
    _keep(_changed(pairs))
    return None


def _get_config(options: Options) -> Any:
    """Everything, a section, or one value of it."""
    listed, (section, _, name) = _listed(), (options.key or "").partition(".")
    if not section:
        return {"defaults": listed}
    found = [entry for entry in listed if section == "defaults" and name in ("", entry["name"])]
    if not found:
        raise Invalid(f"Configuration {options.key!r} is not set.")
    return found[0] if name else found


def _set_config(options: Options) -> None:
    pairs: list[str] = options.key or []
    _keep(_changed([pair.removeprefix("defaults.") for pair in pairs]))


def _changed(pairs: list[str]) -> dict[str, str]:
    """What is kept, with these in it; an empty value takes one away."""
    kept = _kept()
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name not in _DEFAULTS:
            raise Invalid(f"expected {', '.join(f'{known}=NAME' for known in _DEFAULTS)}, found {pair!r}")
        kept = {**kept, name: value} if value else {key: old for key, old in kept.items() if key != name}
    return kept


def _listed() -> list[dict[str, str]]:
    kept = _kept()
    return [
        {"name": name, "source": str(_file()) if name in kept else "Zaffre", "value": kept.get(name, value)}
        for name, value in _DEFAULTS.items()
    ]


def _show_group(options: Options) -> Any:
    """A group is part of a name here: there is any that one asks for."""
    name = options.name or options.resource_group or _kept().get("group") or GROUP
    return {
        "id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{name}",
        "location": LOCATION,
        "managedBy": None,
        "name": name,
        "properties": {"provisioningState": "Succeeded"},
        "tags": None,
        "type": "Microsoft.Resources/resourceGroups",
    }


def _group_is_there(options: Options) -> Any:
    return bool(_show_group(options))


def _extensions(options: Options) -> Any:
    del options
    return [_extension()]


def _one_extension(options: Options) -> Any:
    _is_built_in(options)
    return _extension()


def _change_extension(options: Options) -> None:
    _is_built_in(options)
    sys.stderr.write(f"The extension {_BUILT_IN} is part of Zaffre's az.\n")


def _version(options: Options) -> Any:
    del options
    return {
        "azure-cli": SPEAKS,
        "azure-cli-core": SPEAKS,
        "extensions": {_BUILT_IN: __version__},
        "zaffre": __version__,
    }


def _cloud(options: Options) -> Any:
    del options
    here = Azure(_ready()).address
    return {
        "endpoints": {"activeDirectory": here, "management": here, "resourceManager": here},
        "isActive": True,
        "name": CLOUD,
        "profile": "latest",
        "suffixes": {"storageEndpoint": "core.windows.net"},
    }


def _account(said: str | None = None) -> dict[str, Any]:
    named = said or _kept().get("subscription") or SUBSCRIPTION
    is_id = bool(_GUID.fullmatch(named))
    return {
        "environmentName": CLOUD,
        "homeTenantId": _DIRECTORY,
        "id": named.lower() if is_id else SUBSCRIPTION,
        "isDefault": True,
        "managedByTenants": [],
        "name": CLOUD if is_id else named,
        "state": "Enabled",
        "tenantId": _DIRECTORY,
        "user": {"name": "owner@localhost", "type": "user"},
    }


def _extension() -> dict[str, Any]:
    where = str(Path(__file__).parent)
    return {"extensionType": "built-in", "name": _BUILT_IN, "path": where, "preview": False, "version": __version__}


def _is_built_in(options: Options) -> None:
    if options.name not in (None, _BUILT_IN):
        told = (
            f"The extension {options.name} is not installed, and cannot be: Zaffre's az has {_BUILT_IN} and no other."
        )
        raise Invalid(told)


def _ready() -> Path:
    """The home, with a server that runs."""
    local = LocalServer(Settings.read().home)
    local.ensure()
    return local.home


def _defaults_for(words: list[str]) -> list[str]:
    """The workspace of ``az configure``, where the words name none."""
    named = any(word in ("-w", "--workspace-name") or word.startswith("--workspace-name=") for word in words)
    workspace = _kept().get("workspace")
    # An environment that names one was made for this call.
    said = named or os.environ.get("ZAFFRE_WORKSPACE") or not workspace or workspace == WORKSPACE  # noqa: TID251 - a process main
    return [] if said or len(words) < 3 else ["--workspace-name", str(workspace)]


def _file() -> Path:
    return Settings.read().home / "azure" / "config"


def _kept() -> dict[str, str]:
    found = configparser.ConfigParser(interpolation=None)
    try:
        found.read(_file(), encoding="utf-8")
    except configparser.Error:
        return {}
    return dict(found["defaults"]) if found.has_section("defaults") else {}


def _keep(values: dict[str, str]) -> None:
    written = configparser.ConfigParser(interpolation=None)
    written["defaults"] = values
    _file().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _file().open("w", encoding="utf-8") as file:
        written.write(file)


_SWITCHES = frozenset({
    "--identity", "--service-principal", "--use-device-code", "--allow-no-subscriptions", "--all", "--refresh", "--yes",
    "--list-defaults", "--upgrade", "--allow-preview", "--no-wait", "--force",
})  # fmt: skip
_SEVERAL = frozenset({"--scope", "--defaults", "--tags"})
_NAMED_GROUP = (("-n", "--name"), ("-g", "--resource-group"), ("-l", "--location"), ("--tags",))
_AN_EXTENSION = (
    ("-n", "--name"), ("-y", "--yes"), ("-s", "--source"), ("--version",), ("--upgrade",), ("--allow-preview",),
)  # fmt: skip
_VERBS: dict[str, tuple[tuple[tuple[str, ...], ...], Callable[[Options], Any]]] = {
    "login": (
        (
            ("-u", "--username"), ("-p", "--password"), ("-t", "--tenant"), ("-i", "--identity"),
            ("--service-principal",), ("--use-device-code",), ("--allow-no-subscriptions",), ("--scope",),
            ("--client-id",), ("--federated-token",), ("--certificate",),
        ),
        _login,
    ),
    "logout": ((("-u", "--username"),), _nothing),
    "account show": ((("-n", "-s", "--name", "--subscription"),), _show_account),
    "account list": ((("--all",), ("--refresh",)), _list_accounts),
    "account set": ((("-n", "-s", "--name", "--subscription"),), _set_account),
    "account get-access-token": (
        (("--resource",), ("--resource-type",), ("--scope",), ("-t", "--tenant"), ("-n", "-s", "--name", "--subscription")),
        _token,
    ),
    "config get": ((("key",),), _get_config),
    "config set": ((("key",),), _set_config),
    "configure": ((("-d", "--defaults"), ("-l", "--list-defaults")), _configure),
    "group show": (_NAMED_GROUP, _show_group),
    "group create": (_NAMED_GROUP, _show_group),
    "group exists": (_NAMED_GROUP, _group_is_there),
    "extension add": (_AN_EXTENSION, _change_extension),
    "extension update": (_AN_EXTENSION, _change_extension),
    "extension remove": (_AN_EXTENSION, _change_extension),
    "extension list": ((), _extensions),
    "extension show": (_AN_EXTENSION, _one_extension),
    "cloud show": ((("-n", "--name"),), _cloud),
    "version": ((), _version),
}  # fmt: skip
"""Verb → its flags, as az spells them, and what it does."""

if __name__ == "__main__":
    run()
