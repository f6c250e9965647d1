"""Ranks that Open MPI's (or MPICH's) ``mpirun`` starts, as on Azure: only then do MPI programs see each other.

Every rank goes through a few constant lines of shell that tell the agent of it: its output goes to a pipe of its own, its exit
code to a file, and its variables are those that the same rank has on Azure, where "local" means one node and not this machine.
"""

from __future__ import annotations

from zaffre.core import programs
from zaffre.core.site import Site
from zaffre.core.tasks import Rank, Role
from zaffre.jobs.command.parts import ranks

PROGRAM = "mpirun"
ENVIRON = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "PRTE_ALLOW_RUN_AS_ROOT": "1",
    "PRTE_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "OMPI_MCA_hwloc_base_binding_policy": "none",
    "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
    "OMPI_MCA_plm_rsh_agent": "",
    "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
    "PRTE_MCA_hwloc_default_binding_policy": "none",
    "PRTE_MCA_plm_ssh_agent": "",
}
"""For versions 4 and 5: "nodes" share the cores of this machine, and nothing is reached through ssh."""
_RANK = """\
rank=${OMPI_COMM_WORLD_RANK:-${PMIX_RANK:-${PMI_RANK:-0}}} per=$1 gang=$2
shift 2
exec >"$gang/$rank.out" 2>&1
export RANK=$rank LOCAL_RANK=$((rank % per)) NODE_RANK=$((rank / per))
export OMPI_COMM_WORLD_RANK=$rank OMPI_COMM_WORLD_LOCAL_RANK=$((rank % per)) OMPI_COMM_WORLD_LOCAL_SIZE=$per
"$@"
code=$?
echo $code >"$gang/$rank.end.part" && mv "$gang/$rank.end.part" "$gang/$rank.end"
exit $code
"""


def program(site: Site) -> str:
    """``mpirun``, or nothing where there is none; in a container it is looked for when it is started."""
    return PROGRAM if site.interpreter.enter else site.programs.get(PROGRAM, "")


def launched(mpirun: str, environs: list[dict[str, str]], site: Site, argv: tuple[str, ...]) -> tuple[Rank, ...]:
    """The ranks as the agent is told of them, and mpirun, which starts them."""
    logs = programs.logs(site)
    told = [Rank(str(logs / name), role=Role.TOLD) for name in ranks.logs(len(environs))]
    per_node = environs[0]["LOCAL_WORLD_SIZE"]
    shell = (programs.SHELL[0], "-c", _RANK, "rank", per_node, str(site.directory / "gang"))
    line = (*site.interpreter.enter, mpirun, "-np", str(len(environs)), *shell, *argv)
    shared = {name: environs[0][name] for name in _SHARED}
    return (*told, Rank(str(logs / "mpi_log.txt"), shared, line, name=PROGRAM))


_SHARED = (
    "MASTER_ADDR",
    "MASTER_PORT",
    "WORLD_SIZE",
    "LOCAL_WORLD_SIZE",
    "AZUREML_NODE_COUNT",
    "AZ_BATCH_MASTER_NODE",
    "AZ_BATCHAI_MPI_MASTER_NODE",
)
