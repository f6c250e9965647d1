"""The ways into a running job that its document asks for: which program each needs, and where it listens.

A program is started beside the command where the environment (or the machine) has it, on a socket or port of its own. A
``custom`` service is a port at which the command itself listens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from zaffre.core import programs
from zaffre.core.site import Needs, Site
from zaffre.core.tasks import Rank, Role

CUSTOM, SSH = "custom", "ssh"
PREFIX = "/api/v1/workspaces/{ws}/jobs/{name}/services/{service}"
"""Where a service is reached, behind the gate."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One type of service."""

    programs: tuple[str, ...]
    """The first of these that is there is started."""
    package: str
    """What to install where none is there."""
    line: Callable[[Asked], tuple[str, ...]]
    by_socket: bool = False
    """It listens at a socket file, which no other user can open; else at a port of this machine."""
    under_prefix: bool = True
    """It is told the path under which it is reached; else it sees paths without it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One service of one attempt, about to be started."""

    spec: Any
    program: str
    at: str
    prefix: str
    work: str
    scratch: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What is started beside the command."""

    ranks: tuple[Rank, ...] = ()
    environ: dict[str, str] = field(default_factory=dict[str, str])
    scratch: bool = False


def needs(services: Mapping[str, Any] | None) -> Needs:
    """Ports and programs that the services of a job are made with."""
    sorts = [SORTS[one.type] for one in (services or {}).values() if one.type in SORTS]
    ports = sum(not sort.by_socket for sort in sorts)
    return Needs(ports, tuple(program for sort in sorts for program in sort.programs))


def beside(services: Mapping[str, Any] | None, site: Site, first: int) -> Beside:
    """The processes of the services whose programs are there; ports from number ``first`` on are theirs."""
    ports = iter(site.ports[first:])
    found: list[Rank] = []
    for name, spec in (services or {}).items():
        sort = SORTS.get(spec.type or "")
        if sort is None:
            continue
        at = f"{programs.scratch(site)}/{len(found)}.sock" if sort.by_socket else str(next(ports))
        program = _program(sort, site)
        if program:
            prefix = prefix_of(site.environ.get("AZUREML_ARM_WORKSPACE_NAME", ""), site.run, name)
            asked = Asked(spec, program, at, prefix, str(site.work), programs.scratch(site))
            rank = programs.helper(site, f"service {name}", sort.line(asked))
            found.append(replace(rank, role=Role.SERVICE, name=name, at=at))
    return Beside(tuple(found), scratch=bool(found))


def prefix_of(workspace: str, run: str, name: str) -> str:
    """The path at which a service is reached, without the slash at its end."""
    return PREFIX.format(ws=quote(workspace, safe=""), name=quote(run, safe=""), service=quote(name, safe=""))


def missing(type_: str) -> str:
    """What to do where the program of a service is not there."""
    sort = SORTS[type_]
    return f"{' or '.join(sort.programs)} is not in the job's environment; {sort.package}"


def _program(sort: Sort, site: Site) -> str:
    if site.interpreter.enter:
        return sort.programs[0]
    return next((site.programs[name] for name in sort.programs if name in site.programs), "")


def _jupyter(asked: Asked) -> tuple[str, ...]:
    return (
        *(asked.program, "--no-browser", "--allow-root"),
        *(f"--ServerApp.sock={asked.at}", "--ServerApp.sock_mode=0600", f"--ServerApp.base_url={asked.prefix}/"),
        *("--IdentityProvider.token=", "--ServerApp.password=", "--ServerApp.allow_remote_access=True"),
        f"--ServerApp.root_dir={asked.work}",
    )


def _tensorboard(asked: Asked) -> tuple[str, ...]:
    logs = asked.spec.log_dir or "outputs"
    where = ("--host", "127.0.0.1", "--port", asked.at, "--path_prefix", asked.prefix)
    return (asked.program, "--logdir", logs, *where)


def _editor(asked: Asked) -> tuple[str, ...]:
    quiet = ("--disable-telemetry", "--disable-update-check", "--user-data-dir", f"{asked.scratch}/code")
    return (asked.program, "--auth", "none", "--socket", asked.at, "--socket-mode", "600", *quiet, asked.work)


_SSHD = """\
folder=$1/ssh program=$2 port=$3 keys=$4
[ "$(id -u)" != 0 ] || mkdir -p -m 755 /run/sshd
mkdir -p "$folder" && chmod 700 "$folder" && printf '%s\\n' "$keys" >"$folder/keys" &&
  ssh-keygen -q -t ed25519 -N '' -f "$folder/host" &&
  exec "$program" -D -e -p "$port" -h "$folder/host" -o ListenAddress=127.0.0.1 -o "AuthorizedKeysFile=$folder/keys" \\
    -o PasswordAuthentication=no -o KbdInteractiveAuthentication=no -o PidFile=none -o StrictModes=no -o PermitRootLogin=yes
"""


def _sshd(asked: Asked) -> tuple[str, ...]:
    """With keys alone, on the loopback address; its own key is new with every attempt."""
    keys = asked.spec.ssh_public_keys or ""
    return ("/bin/sh", "-c", _SSHD, "sshd", asked.scratch, asked.program, asked.at, keys)


SORTS = {
    "jupyter_lab": Sort(("jupyter-lab",), 'add "jupyterlab" to its packages', _jupyter, by_socket=True),
    "tensor_board": Sort(("tensorboard",), 'add "tensorboard" to its packages', _tensorboard),
    "vs_code": Sort(
        ("code-server",), "install code-server on this machine", _editor, by_socket=True, under_prefix=False
    ),
    SSH: Sort(("sshd",), "install openssh-server on this machine", _sshd, under_prefix=False),
}
"""The types of service that are programs of their own, by the word in ``type:``."""
