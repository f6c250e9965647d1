"""From a deployment's specification to its wish: everything it names found, pinned and checked."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zaffre.assets.environment.parts.resolve import Resolved, resolve
from zaffre.assets.environment.parts.wanted import Wanted, unbuildable
from zaffre.core import assets, document, places, refs
from zaffre.core.draft import Draft, Lookup
from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import mapping_of
from zaffre.core.ports import EnvironmentDefinition
from zaffre.core.resource import Key
from zaffre.core.status import Provisioning
from zaffre.kinds.online.parts import collection, environed, scale
from zaffre.kinds.online.parts.environed import Package
from zaffre.kinds.online.parts.scaling import Policy
from zaffre.kinds.online.parts.wish import QUEUE_WAIT, REQUEST_TIMEOUT, Content, Limits, Probing, Wish

MLFLOW = "mlflow_model"
NO_CODE = {MLFLOW: "mlflow", "triton_model": "triton"}
"""Types of models that answer without a script, and which host serves them."""
TRITON_PACKAGES = ("numpy", "onnxruntime")
"""Where a Triton model names no environment: what its ONNX backend needs."""


@dataclass(frozen=True, slots=True)
class _Model:
    path: str
    type: str
    name: str
    version: str


def wish_of(draft: Draft, lookup: Lookup) -> Wish:
    """The wish of a draft; raises ``Invalid`` with everything that is wrong at once."""
    spec = draft.spec
    wrong: list[Problem] = []
    model = _collect(wrong, lambda: _model(draft, lookup))
    code, script = _collect(wrong, lambda: _code(draft, lookup)) or ("", "")
    environment = _collect(wrong, lambda: _environment(draft, lookup, model, bool(script)))
    packed = _collect(wrong, lambda: _packaged(spec, environment, lookup))
    routes = _collect(wrong, lambda: environed.routes(draft, lookup))
    served = model is not None and model.type in NO_CODE
    server: dict[str, Any] | None = {}
    if packed is None and routes is not None:
        server = _collect(wrong, lambda: environed.server(draft, environment, lookup, served=served))
    if packed is None and server == {}:
        wrong += _needs(spec, model)
    collector: dict[str, Any] = _collect(wrong, lambda: collection.collected(draft, lookup)) or {}
    settings = spec.request_settings
    concurrent = _or(settings, "max_concurrent_requests_per_instance", 1)
    policy = _collect(wrong, lambda: scale.policy(spec, concurrent, _beside(draft))) or Policy()
    if wrong:
        raise Invalid(wrong)
    limits = Limits(
        concurrent,
        _or(settings, "request_timeout_ms", REQUEST_TIMEOUT * 1000) / 1000,
        _or(settings, "max_queue_wait_ms", QUEUE_WAIT * 1000) / 1000,
    )
    given: dict[str, Any] = spec.environment_variables or {}
    variables = {str(name): str(value) for name, value in given.items()}
    content = Content(
        kind=environed.CUSTOM if server else "score" if script else NO_CODE.get(model.type if model else "", "score"),
        environment=environment or {},
        model_path=model.path if model else "",
        model_name=model.name if model else "",
        model_version=model.version if model else "",
        code=code,
        script=script,
        variables=variables,
        request_timeout=limits.request_timeout,
        workers=1 if server else _workers(variables),
        score_path=routes.score if routes else "",
        health_paths=routes.health if routes else [],
        collector=collector,
        server=server or {},
    )
    if packed is not None:
        content = _unpacked(content, packed)
    wish = Wish(1, content, limits, _probing(spec.readiness_probe), _probing(spec.liveness_probe), 1, policy)
    return _counted(replace(wish, generation=_generation(draft, wish)), draft)


def _beside(draft: Draft) -> Mapping[str, Any]:
    """Azure Monitor's settings for this deployment, which are no part of its specification."""
    state = draft.existing.state if draft.existing is not None else dict[str, Any]()
    return mapping_of(mapping_of(state.get("autoscale")).get("properties"))


def _counted(wish: Wish, draft: Draft) -> Wish:
    """With its number of replicas: what the load had made of it, and at least one where it is still to be tried."""
    before = draft.existing.state.get("wish") if draft.existing is not None else None
    old = Wish.from_json(before) if before else None
    count = scale.count(draft.spec, wish.policy, old.count if old is not None and old.policy.moves else None)
    same = old is not None and old.generation == wish.generation
    return replace(wish, count=count if same else max(1, count))


def traffic_problems(traffic: Mapping[str, int], known: set[str], field: str) -> list[Problem]:
    """Shares are of deployments that exist, and make 0 or 100 together."""
    wrong = [_unknown(name, known, f"{field}.{name}") for name, share in traffic.items() if share and name not in known]
    total = sum(traffic.values())
    if total not in (0, 100):
        told = f"expected shares that make 0 or 100 percent together, found {total}"
        wrong.append(Problem(told, field=field, hint="give the rest to another deployment"))
    return wrong


def mirror_problems(spec: Any, known: set[str]) -> list[Problem]:
    """A copy goes to a deployment that exists and is not the one that gets all the traffic."""
    wrong: list[Problem] = []
    live: dict[str, int] = spec.traffic or {}
    mirror: dict[str, int] = spec.mirror_traffic or {}
    for name, share in mirror.items():
        if share and name not in known:
            wrong.append(_unknown(name, known, f"mirror_traffic.{name}"))
        elif share and live.get(name, 0):
            told = f"{name!r} gets live traffic; mirror to a deployment without"
            wrong.append(Problem(told, field=f"mirror_traffic.{name}"))
    return wrong


def _model(draft: Draft, lookup: Lookup) -> _Model | None:
    model = draft.spec.model
    if model is None:
        return None
    if not isinstance(model, str):
        path = places.check(draft.key.workspace, model.path or "", model.type, lookup, "model.path")
        return _Model(_local(path, model.path or ""), model.type, model.name or draft.key.name, model.version or "1")
    found = refs.asset(model)
    stored = assets.find(draft.key.workspace, "model", found, lookup, "model")
    type_ = str(stored.spec.get("type") or "custom_model")
    uri = assets.place_of(stored, draft.key.workspace)
    path = places.check(draft.key.workspace, uri, type_, lookup, "model")
    return _Model(_local(path, uri), type_, stored.key.name, stored.key.version)


def _local(path: str | None, uri: str) -> str:
    if path is None:
        told = f"the model lies at {uri}, which is not on this installation's datastores"
        raise Invalid([Problem(told, field="model", hint="register a copy: zaffre model create --path <local folder>")])
    return path


def _code(draft: Draft, lookup: Lookup) -> tuple[str, str]:
    """The pinned code and the script in it."""
    configuration = draft.spec.code_configuration
    if configuration is None:
        return "", ""
    if not configuration.code or not configuration.scoring_script:
        missing = "code" if not configuration.code else "scoring_script"
        raise Invalid([Problem("required beside the other, but missing", field=f"code_configuration.{missing}")])
    found = refs.parse(configuration.code)
    if not isinstance(found, refs.Asset):
        told = f"{configuration.code!r} has not been uploaded; the zaffre client does that before it submits"
        raise Invalid([Problem(told, field="code_configuration.code")])
    stored = lookup.asset(Key(draft.key.workspace, "code", found.name, "", found.version), found.label)
    if stored is None:
        told = f"there is no code {found.short!r} in workspace {draft.key.workspace}"
        raise Invalid([Problem(told, field="code_configuration.code")])
    script = configuration.scoring_script.replace("\\", "/").removeprefix("./")
    files: list[str] = [str(entry[0]) for entry in stored.state.get("files", [])]
    if files and script not in files:
        scripts = [name for name in files if name.endswith(".py")]
        near = [*difflib.get_close_matches(str(script), scripts, 1), *scripts][:1]
        hint = f'did you mean "{near[0]}"?' if near else "the folder has no Python file"
        told = f"the code has no file {script!r}"
        raise Invalid([Problem(told, field="code_configuration.scoring_script", hint=hint)])
    return f"azureml:{stored.key.name}:{stored.key.version}", script


def _environment(draft: Draft, lookup: Lookup, model: _Model | None, scripted: bool) -> dict[str, Any] | None:
    """The environment as written; without one, what the MLflow model says it needs."""
    spec = draft.spec
    if spec.environment is not None:
        resolved = resolve(draft.key.workspace, spec.environment, lookup)
    elif model is not None and model.type in NO_CODE and not scripted:
        made = _of_model(model, lookup) if model.type == MLFLOW else EnvironmentDefinition(pip=TRITON_PACKAGES)
        resolved = Resolved(f"model {model.name}:{model.version}", made, {})
    else:
        return None
    try:
        fingerprint = lookup.fingerprint(resolved.definition)
    except Invalid as error:
        raise unbuildable(error) from error
    return Wanted(fingerprint, resolved.reference, resolved.definition).to_json()


def _of_model(model: _Model, lookup: Lookup) -> EnvironmentDefinition:
    """MLflow writes the software a model needs beside it."""
    text = lookup.text(f"{model.path}/conda.yaml")
    if text is not None:
        conda = document.load(text, file="conda.yaml").data
        if conda:
            return EnvironmentDefinition(conda=conda, registered=f"model {model.name}")
    text = lookup.text(f"{model.path}/requirements.txt")
    if text is not None:
        lines = (line.strip() for line in text.splitlines())
        return EnvironmentDefinition(pip=tuple(line for line in lines if line and not line.startswith("#")))
    told = "the MLflow model has neither conda.yaml nor requirements.txt, so nothing says what software it needs"
    raise Invalid(
        [Problem(told, field="environment", hint="name an environment that has mlflow and the model's libraries")]
    )


def _packaged(spec: Any, environment: dict[str, Any] | None, lookup: Lookup) -> Package | None:
    """The model that the environment itself brings, where the deployment names neither model nor code."""
    if environment is None or spec.model is not None or spec.code_configuration is not None:
        return None
    return environed.package(environment["definition"]["context"], lookup)


def _unpacked(content: Content, packed: Package) -> Content:
    return replace(
        content,
        kind=packed.kind,
        model_path=packed.model,
        model_name=packed.name,
        model_version=packed.version,
        code_path=packed.code,
        script=packed.script,
        variables={**packed.variables, **content.variables},
    )


def _needs(spec: Any, model: _Model | None) -> list[Problem]:
    """MLflow and Triton models answer by themselves; anything else needs a script and an environment to run it in."""
    if model is not None and model.type in NO_CODE and spec.code_configuration is None:
        return []
    what = "a deployment without a model" if model is None else f"a model of type {model.type}"
    if model is not None and model.type in NO_CODE:
        what += " with a scoring script"
    wrong: list[Problem] = []
    if spec.code_configuration is None:
        hint = f"only models of type {' and '.join(NO_CODE)} can be served without a script"
        wrong.append(Problem(f"required for {what}, but missing", field="code_configuration", hint=hint))
    if spec.environment is None:
        wrong.append(Problem(f"required for {what}, but missing", field="environment"))
    return wrong


def _generation(draft: Draft, wish: Wish) -> int:
    """The same number while the replicas need not change; a new one also for another try after a failure."""
    before = draft.existing.state if draft.existing is not None else {}
    if not before.get("wish"):
        return 1
    old = Wish.from_json(before["wish"])
    failed = before.get("provisioning_state") == Provisioning.FAILED.value
    return old.generation + 1 if failed or _made_of(old) != _made_of(wish) else old.generation


def _made_of(wish: Wish) -> Content:
    """What replicas are made of. An environment is its fingerprint: what it is called, or on which lines of which file
    its packages stood, makes no other replica.
    """
    return replace(wish.content, environment={"fingerprint": wish.content.environment.get("fingerprint")})


def _probing(probe: Any) -> Probing:
    if probe is None:
        return Probing()
    usual = Probing()
    return Probing(
        float(_or(probe, "initial_delay", usual.initial_delay)),
        float(_or(probe, "period", usual.period)),
        float(_or(probe, "timeout", usual.timeout)),
        int(_or(probe, "failure_threshold", usual.failure_threshold)),
    )


def _workers(variables: Mapping[str, str]) -> int:
    """Azure's own setting for processes per instance."""
    text = variables.get("WORKER_COUNT", "1")
    if not text.isdigit() or not 1 <= int(text) <= 64:
        told = f"expected 1 to 64 processes, found {text!r}"
        raise Invalid([Problem(told, field="environment_variables.WORKER_COUNT")])
    return int(text)


def _or(settings: Any, name: str, usual: Any) -> Any:
    value = getattr(settings, name, None) if settings is not None else None
    return usual if value is None else value


def _unknown(name: str, known: set[str], field: str) -> Problem:
    near = difflib.get_close_matches(name, known, 1)
    there = f"the endpoint has {', '.join(sorted(known))}" if known else "the endpoint has no deployment yet"
    return Problem(
        f"there is no deployment {name!r}; {there}", field=field, hint=f'did you mean "{near[0]}"?' if near else ""
    )


def _collect(wrong: list[Problem], check: Callable[[], Any]) -> Any:
    try:
        return check()
    except Invalid as error:
        wrong.extend(error.problems)
        return None
