"""The user's entry script: loaded, ``init()`` called once, ``run()`` for each mini-batch, ``shutdown()`` at the end."""

from __future__ import annotations

import importlib.util
import inspect
import logging
import os
import sys
from types import ModuleType
from typing import Any, Callable, Dict, Optional

from zaffre.agent.parallel import nocode
from zaffre.agent.parallel.nocode import BadScript
from zaffre.agent.parallel.settings import Settings

CONTEXT = "mini_batch_context"


class Context:
    """What ``run()`` may know of its mini-batch besides the data."""

    def __init__(self, index: int, keys: Optional[Dict[str, Any]]) -> None:
        self.minibatch_index = index
        self.partition_key_value = keys
        """Of a job with ``partition_keys``: the values that all of its rows share."""

    def __repr__(self) -> str:
        return "mini-batch %d%s" % (
            self.minibatch_index,
            " %s" % self.partition_key_value if self.partition_key_value else "",
        )


class Script:
    """The user's module, ready."""

    def __init__(self, settings: Settings, process: str) -> None:
        _introduce(settings, process)
        self._module: Any = nocode.Model(settings) if settings.model else _load(settings)
        self._run = self._function("run", settings.script)
        wanted = inspect.signature(self._run).parameters
        self._wants_context = CONTEXT in wanted
        if not wanted:
            raise BadScript(
                "run() in %s takes no argument; it must take the mini-batch: def run(mini_batch)" % settings.script
            )
        init: Optional[Callable[[], Any]] = getattr(self._module, "init", None)
        if init is not None:
            init()

    def run(self, data: Any, context: Context) -> Any:
        """What the script makes of one mini-batch."""
        return self._run(data, **{CONTEXT: context}) if self._wants_context else self._run(data)

    def shutdown(self) -> None:
        """Let it clear up, if it wants to."""
        shutdown: Optional[Callable[[], Any]] = getattr(self._module, "shutdown", None)
        if shutdown is not None:
            shutdown()

    def _function(self, name: str, script: str) -> Callable[..., Any]:
        found: Optional[Callable[..., Any]] = getattr(self._module, name, None)
        if not callable(found):
            raise BadScript(
                "%s has no function %s(); it must define run(mini_batch), and may define init()" % (script, name)
            )
        return found


def _load(settings: Settings) -> ModuleType:
    path = os.path.join(settings.code, settings.script)
    if not os.path.isfile(path):
        raise BadScript("there is no file %s in the code folder (task.entry_script)" % settings.script)
    for folder in (settings.code, os.path.dirname(path)):
        if folder in sys.path:
            sys.path.remove(folder)
        sys.path.insert(0, folder)
    sys.argv = [path, *settings.arguments]
    name = os.path.splitext(os.path.basename(path))[0]
    if name in sys.modules or not name.isidentifier():
        name = "entry_script"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadScript("%s is not a Python file (task.entry_script)" % settings.script)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _introduce(settings: Settings, process: str) -> None:
    """``azureml_user.parallel_run.EntryScript``, by which scripts ask for a logger and folders."""
    node = str((int(process[len("process") :]) - 1) % settings.processes // settings.per_node)
    folder = os.path.join(settings.logs, "user", "entry_script_log", node)
    os.makedirs(folder, exist_ok=True)
    logger = logging.getLogger("EntryScript")
    writing = logging.FileHandler(os.path.join(folder, process + ".log.txt"), delay=True)
    writing.setFormatter(logging.Formatter("%(asctime)s|%(levelname)s|%(message)s"))
    logger.addHandler(writing)

    class EntryScript:
        """Azure's, as far as scripts use it; the same whenever it is asked for."""

        _only: Optional[EntryScript] = None

        def __new__(cls) -> EntryScript:
            if cls._only is None:
                cls._only = super().__new__(cls)
                cls._only.logger = logger
                cls._only.log_dir = folder
                cls._only.agent_name = process
                cls._only.working_dir = settings.code
                cls._only.output_dir = settings.outputs[0][1] if settings.outputs else ""
            return cls._only

        logger: logging.Logger
        log_dir: str
        agent_name: str
        working_dir: str
        output_dir: str

    package, module = ModuleType("azureml_user"), ModuleType("azureml_user.parallel_run")
    module.EntryScript = EntryScript  # type: ignore[attr-defined]
    package.parallel_run = module  # type: ignore[attr-defined]
    sys.modules.setdefault("azureml_user", package)
    sys.modules.setdefault("azureml_user.parallel_run", module)
